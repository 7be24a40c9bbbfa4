from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.gem_crm.tests.test_gem_crm_complaint_line import ClaimCommon


@tagged('post_install', '-at_install')
class TestMergeOfComplaintsAboutInvoices(ClaimCommon):
    """The same parcels, complained about to Amelie and to Emile, who worked on both."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.again = cls.env['gem.crm.complaint'].with_user(cls.amelie).create({
            'name': "Wet parcels, again", 'partner_id': cls.horizon.id})

    def claim_in(self, complaint, line, quantity, accepted=None):
        return self.claim(line, quantity, accepted, complaint_id=complaint.id)

    def rows(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env['gem.crm.complaint.report'].with_user(self.chloe).search(
            [('complaint_id', 'in', (self.complaint | self.again).ids)])

    def test_lines_credit_notes_disputes_and_costs_go_to_the_survivor(self):
        invoice = self.invoice_of(*[(10, 10, [])] * 4)
        claimed, accepted, drafted, credited = (
            self.claim_in(self.again, line, 2) for line in invoice.invoice_line_ids)
        own = self.claim_in(self.complaint, invoice.invoice_line_ids[0], 1, 1)
        (accepted | drafted | credited).action_accept()
        drafted.action_credit()
        credited.action_credit()
        credited.credit_move_id.action_post()
        dispute = self.dispute(invoice, 90, complaint_id=self.again.id)
        ended = self.dispute(invoice, 10, complaint_id=self.again.id)
        ended.action_end()
        for complaint, cost in ((self.complaint, 3), (self.again, 4)):
            complaint.with_user(self.amelie).cost_ids = [
                Command.create({'kind': 'freight', 'amount': cost})]
        self.assertEqual(sorted(self.rows().mapped('cost')), [3, 24])

        # Amelie may not write disputes: they follow all the same.
        self.again.with_user(self.amelie)._merge_into(self.complaint)
        survivor = self.complaint.with_user(self.amelie)
        lines = claimed | accepted | drafted | credited
        self.assertEqual(survivor.line_ids.sudo(), (lines | own).sudo())
        self.assertEqual(
            lines.mapped('state'), ['claimed', 'accepted', 'drafted', 'credited'])
        self.assertEqual(sum(survivor.line_ids.mapped('expected')), 50)
        self.assertRecordValues(dispute | ended, [
            {'complaint_id': survivor.id, 'state': 'open', 'ended_how': False},
            {'complaint_id': survivor.id, 'state': 'ended', 'ended_how': 'hand'}])
        self.assertTrue(invoice.no_followup, "the merged one was cancelled, its dispute was not")
        self.assertEqual(
            (survivor.credit_note_count, survivor.credited, survivor.cost), (2, 20, 27))
        self.assertRecordValues(self.again.sudo(), [{
            'line_ids': [], 'dispute_ids': [], 'cost_ids': [], 'credited': 0, 'cost': 0,
            'credit_note_count': 0, 'active': False, 'state': 'cancelled'}])
        for move in invoice | drafted.credit_move_id | credited.credit_move_id:
            self.assertEqual(move.gem_complaint_ids, self.complaint)
        self.assertRecordValues(self.rows(), [{
            'complaint_id': survivor.id, 'cost_credit': 20, 'cost_freight': 7, 'cost': 27}])

        # What follows, follows in the survivor; nothing hangs on what is deleted.
        self.again.with_user(self.diane).unlink()
        drafted.credit_move_id.action_post()
        self.assertEqual(self.rows().cost, 47)
        survivor.stage_id = self.env['gem.crm.complaint.stage']._first('cancelled')
        self.assertRecordValues(dispute, [{'state': 'ended', 'ended_how': 'complaint'}])
        self.assertFalse(invoice.no_followup)

    def test_what_both_claimed_is_not_accepted_twice(self):
        origin = self.invoice_of((10, 10, [])).invoice_line_ids
        here = self.claim_in(self.complaint, origin, 6, 6)
        there = self.claim_in(self.again, origin, 6)
        self.again._merge_into(self.complaint)
        self.assertEqual(self.complaint.line_ids.sudo(), (here | there).sudo())
        with self.assertRefused(ValidationError, "$\xa0120.00 would be accepted"):
            self.complaint.action_accept_lines()
        there.accepted_quantity = 4
        self.assertEqual(sum(self.complaint.line_ids.mapped('expected')), 100)

    def test_what_is_refused_leaves_all_as_it_was(self):
        line = self.claim_in(self.again, self.invoice().invoice_line_ids, 1, 1)
        otter = self._create_company(name="Otter Prints")
        of_otter = self.env['gem.crm.complaint'].create({
            'name': "Wet parcels", 'partner_id': self.horizon.id, 'company_id': otter.id})
        of_juniper = self.env['gem.crm.complaint'].create({
            'name': "Wet parcels", 'partner_id': self.juniper.id})
        again = self.again.sudo()
        with self.assertRefused(UserError, "not of one company"):
            again._merge_into(of_otter)
        with self.assertRefused(UserError, "not of one customer"):
            again._merge_into(of_juniper)
        with self.assertRaises(AccessError):
            self.again.with_user(self.emile)._merge_into(self.complaint)
        with self.assertRaises(AccessError):
            self.again.with_user(self.bruno)._merge_into(self.complaint)
        self.assertEqual((line.complaint_id.id, self.again.active), (self.again.id, True))
