from datetime import date

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.gem_crm.tests.test_gem_crm_complaint_line import ClaimCommon


@tagged('post_install', '-at_install')
class TestMergeOfCustomers(ClaimCommon):
    """Horizon Books was there twice: all that it complained about goes to the one that is kept."""

    def setUp(self):
        super().setUp()
        invoice = self.invoice_of((10, 10, []), (5, 20, []))
        first, second = invoice.invoice_line_ids
        self.accepted = self.claim(first, 6, 6)
        self.drafted = self.claim(second, 2, 2)
        self.drafted.action_credit()
        self.complaint.sudo().cost_ids = [Command.create({'kind': 'freight', 'amount': 7})]
        self.dispute_ = self.dispute(invoice, 50, complaint_id=self.complaint.id)
        self.disputed_line = self.Line.create({
            'dispute_id': self.dispute_.id, 'move_line_id': first.id, 'quantity': 1})
        self.pending = self.Promise.create({
            'move_id': invoice.id, 'date': date(2026, 4, 1), 'amount': 30})
        self.broken = self.Promise.create({
            'move_id': invoice.id, 'date': date(2026, 3, 5), 'date_made': date(2026, 3, 2),
            'amount': 30})
        self.broken.sudo()._tell_account_manager()
        self.heard = self.env['gem.crm.comparison'].create({
            'complaint_id': self.complaint.id, 'partner_id': self.horizon.id,
            'competitor_id': self.env['gem.crm.competitor'].create({'name': "Paper Inc."}).id,
            'criterion_id': self.env['gem.crm.comparison.criterion'].create({'name': "Ink"}).id,
        })
        self.invoice_ = invoice
        self.records = [
            self.complaint, self.accepted, self.drafted, self.dispute_, self.disputed_line,
            self.pending, self.broken, self.broken.broken_note_id, self.heard]

    def merge(self, kept):
        self.horizon.child_ids.parent_id = False
        self.env['base.partner.merge.automatic.wizard'].create({
            'partner_ids': [Command.set((self.horizon | kept).ids)], 'dst_partner_id': kept.id,
        }).action_merge()
        self.env.invalidate_all()

    def check_all_is_of(self, customer):
        for record in self.records:
            self.assertEqual(record.sudo().partner_id, customer, record._name)

    def test_all_goes_to_the_customer_that_is_kept(self):
        kept_own = self.env['gem.crm.complaint'].create(
            {'name': "Noise", 'partner_id': self.kayak.id})
        self.merge(self.kayak)
        self.assertFalse(self.horizon.exists())
        self.check_all_is_of(self.kayak)
        # Who they were when they complained stays written.
        self.assertEqual(self.complaint.account_manager_id, self.amelie)
        self.assertEqual(self.broken.state, 'broken')
        self.env['gem.crm.profile']._refresh(self.kayak.ids, self.env.company)
        self.env.flush_all()
        emile = self.emile
        [owed] = self.env['gem.crm.receivable'].with_user(emile).search(
            [('partner_id', '=', self.kayak.id)])
        self.assertRecordValues(owed, [
            {'amount': 200, 'disputed': 50, 'undisputed': 150, 'promised': 30}])
        [risk] = self.env['gem.crm.revenue.risk'].with_user(emile).search(
            [('partner_id', '=', self.kayak.id)])
        self.assertRecordValues(risk, [
            {'complaint_count': 2, 'promise_count': 1, 'revenue_12m': 200}])
        rows = self.env['gem.crm.complaint.report'].with_user(self.chloe).search(
            [('partner_id', '=', self.kayak.id)], order='id')
        self.assertRecordValues(rows, [
            {'complaint_id': self.complaint.id, 'cost': 7},
            {'complaint_id': kept_own.id, 'cost': 0}])

    def test_work_goes_on_where_it_was(self):
        self.merge(self.kayak)
        first = self.invoice_.invoice_line_ids[0]
        # Seven of ten are claimed, six accepted: four are left to accept.
        with self.assertRefused(ValidationError, "Accept no more than what is left"):
            self.claim(first, 5, 5)
        self.claim(first, 4, 4)
        self.accepted.action_credit()
        (self.accepted | self.drafted).credit_move_id.action_post()
        self.assertEqual(
            (self.accepted | self.drafted).mapped('state'), ['credited', 'credited'])
        self.assertEqual(self.invoice_.amount_residual, 100)
        self.pay(self.invoice_, 40, '2026-03-20')
        self.assertEqual((self.pending.state, self.pending.paid), ('kept', 30))
        self.dispute_.action_end()
        self.assertFalse(self.invoice_.no_followup)
        action = self.complaint.action_add_lines()
        self.assertEqual(
            self.env['gem.crm.invoice.line'].search(action['domain']).mapped('move_id'),
            self.invoice_)

    def test_kept_as_a_contact_of_a_company(self):
        """What was of a customer is then of the contact's company, as if written for it."""
        liam = self.env['res.partner'].create({'name': "Liam Roy", 'parent_id': self.kayak.id})
        self.merge(liam)
        self.check_all_is_of(self.kayak)

    def test_a_customer_becomes_the_contact_of_another(self):
        """Without a merge: the disputes follow, and the complaints that they are part of."""
        self.horizon.child_ids.parent_id = False
        self.horizon.write({'parent_id': self.kayak.id, 'is_company': False})
        self.check_all_is_of(self.kayak)
        self.assertEqual(self.complaint.account_manager_id, self.amelie)
        self.claim(self.invoice_.invoice_line_ids[0], 1)
