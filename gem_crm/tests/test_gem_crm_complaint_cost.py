from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.gem_crm.tests.test_gem_crm_complaint_line import ClaimCommon


@tagged('post_install', '-at_install')
class TestComplaintCost(ClaimCommon):
    """Each cost opens what it comes from: the note of the work, or the bill."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['gem.crm.complaint.policy'].create(
            {'company_id': cls.env.company.id, 'hour_rate': 40})

    def note(self, partner, user=None, **vals):
        return self.env['gem.crm.note'].with_user(user or self.amelie).create(
            {'partner_id': partner.id, 'name': "Sorted the parcels again"} | vals)

    def test_hours_open_the_note_of_the_work(self):
        note = self.note(self.horizon)
        with Form(self.complaint.with_user(self.amelie)) as page, page.cost_ids.new() as line:
            line.kind = 'hours'
            line.hours = 1.5
            line.note_id = note
        cost = self.complaint.cost_ids
        self.assertRecordValues(cost, [{'amount': 60, 'note_id': note.id, 'name': False}])
        action = cost.action_open_note()
        self.assertEqual((action['res_model'], action['res_id']), ('gem.crm.note', note.id))
        self.assertTrue(self.env['gem.crm.note'].with_user(self.amelie).browse(
            action['res_id']).name)
        with self.assertRaises(AccessError):
            cost.with_user(self.emile).read(['note_id'])
        note.unlink()
        self.assertRecordValues(cost, [{'amount': 60, 'hours': 1.5, 'note_id': False}])
        with self.assertRefused(UserError, "names no note as its source"):
            cost.action_open_note()

    def test_the_note_is_one_of_the_customer_that_one_may_read(self):
        sentence = "This note is none of Horizon Books, or you may not read it."
        own = self.note(self.horizon)
        theirs = self.note(self.juniper, user=self.bruno, name="Called about the racks")
        Cost = self.env['gem.crm.complaint.cost']
        vals = {'complaint_id': self.complaint.id, 'kind': 'freight', 'amount': 5}
        for user in (self.amelie, self.chloe, self.diane):
            with self.assertRefused(ValidationError, sentence):
                Cost.with_user(user).create(vals | {'note_id': theirs.id})
        cost = Cost.with_user(self.amelie).create(vals | {'note_id': own.id})
        with self.assertRefused(ValidationError, sentence):
            cost.note_id = theirs
        # Bruno handles a complaint of Amelie's customer: its costs he writes, her notes he
        # reads not.
        handled = self.env['gem.crm.complaint'].create({
            'name': "Torn", 'partner_id': self.horizon.id, 'user_id': self.bruno.id})
        vals = vals | {'complaint_id': handled.id}
        with self.assertRefused(ValidationError, sentence):
            Cost.with_user(self.bruno).create(vals | {'note_id': own.id})
        ours = Cost.with_user(self.amelie).create(vals | {'note_id': own.id})
        ours.with_user(self.bruno).amount = 7
        self.assertEqual(ours.amount, 7)
        # Of a complaint that nobody is known to have written, its own notes are what there is.
        unsorted = self.env['gem.crm.complaint'].create({'name': "Where is it?"})
        linked = self.note(self.kayak, user=self.chloe, complaint_id=unsorted.id)
        self.assertTrue(Cost.with_user(self.chloe).create(
            vals | {'complaint_id': unsorted.id, 'note_id': linked.id}))
        with self.assertRefused(ValidationError, "This note is none of this complaint"):
            Cost.with_user(self.chloe).create(
                vals | {'complaint_id': unsorted.id, 'note_id': own.id})

    def test_merging_takes_the_sources_along(self):
        """Also where who merges may not read them."""
        twice, kept = self.env['gem.crm.complaint'].create([
            {'name': name, 'partner_id': self.horizon.id, 'user_id': self.bruno.id}
            for name in ("Torn", "Torn again")])
        note = self.note(self.horizon)
        twice.cost_ids = [Command.create({'kind': 'hours', 'hours': 1, 'note_id': note.id})]
        twice.with_user(self.bruno)._merge_into(kept)
        self.assertEqual(kept.cost_ids.note_id, note)

    def test_a_bill_that_is_a_source_is_not_deleted(self):
        bill = self.invoice(move_type='in_invoice', partner=self.kayak)
        cost = self.env['gem.crm.complaint.cost'].create({
            'complaint_id': self.complaint.id, 'kind': 'freight', 'amount': 5,
            'move_id': bill.id})
        bill.button_draft()
        with self.assertRefused(
            UserError,
            f"is the source of a cost of “{self.complaint.display_name}”. Ask Amelie Roy to name "
            "another source there, or cancel the bill instead of deleting it.",
        ):
            bill.with_user(self.emile).unlink()
        self.complaint.user_id = False
        with self.assertRefused(UserError, "Name another source there, or cancel the bill"):
            bill.with_user(self.emile).unlink()
        cost.move_id = False
        bill.with_user(self.emile).unlink()
        self.assertEqual(cost.amount, 5)
