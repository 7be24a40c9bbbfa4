from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.gem_crm.tests.test_gem_crm_segment import SegmentCommon
from odoo.addons.gem_crm.wizard import gem_crm_note_batch


@tagged('post_install', '-at_install')
class TestNotesForSegment(SegmentCommon):

    def batch(self, user, **vals):
        action = self.large.with_user(user).action_make_notes()
        Batch = self.env['gem.crm.note.batch'].with_user(user).with_context(**action['context'])
        return Batch.create({'name': "Present the spring books", **vals})

    def notes(self):
        return self.env['gem.crm.note'].search([('name', '=', "Present the spring books")])

    def test_note_for_whoever_is_in_charge(self):
        batch = self.batch(self.chloe, date_due='2027-01-15')
        self.assertEqual((batch.customer_count, batch.note_count), (2, 2))
        action = batch.action_make()
        notes = self.notes()
        self.assertEqual(
            {(n.partner_id, n.user_id, str(n.date_due)) for n in notes},
            {(self.horizon, self.amelie, '2027-01-15'), (self.lynx, self.bruno, '2027-01-15')})
        self.assertEqual(self.env['gem.crm.note'].search(action['domain']), notes)

    def test_once_is_enough(self):
        self.batch(self.chloe).action_make()
        again = self.batch(self.chloe)
        self.assertEqual(again.note_count, 0)
        with self.assertRefused(UserError, "nobody to make a note for"):
            again.action_make()
        self.assertEqual(self.batch(self.chloe, skip_same=False).note_count, 2)

    def test_user_of_own_customers(self):
        batch = self.batch(self.amelie)
        # Lynx' revenue is not Amelie's to read
        self.assertEqual((batch.customer_count, batch.note_count), (1, 1))
        everybody = self.env['gem.crm.note.batch'].with_user(self.amelie).create({
            'partner_domain': repr([('id', 'in', self.customers.ids)]), 'name': "Call",
        })
        self.assertEqual(everybody.summary, "2 notes will be made, for 4 customers. "
                                            "2 of them are followed by somebody else.")
        everybody.action_make()
        notes = self.env['gem.crm.note'].search([('name', '=', "Call")])
        self.assertEqual(notes.partner_id, self.horizon | self.kayak)
        self.assertEqual(notes.user_id, self.amelie, "nobody is in charge of Kayak: who asked is")

    def test_always_the_same_person(self):
        with self.assertRefused(UserError, "Choose the person"):
            self.batch(self.chloe, assignee='fixed').action_make()
        self.batch(self.chloe, assignee='fixed', user_id=self.diane.id).action_make()
        self.assertEqual(self.notes().user_id, self.diane)

    def test_needs_something_to_do(self):
        with self.assertRefused(UserError, "Choose an action"):
            self.batch(self.chloe, name=False).action_make()

    def test_too_many(self):
        self.patch(gem_crm_note_batch, 'MOST_NOTES', 1)
        with self.assertRefused(UserError, "That would be 2 notes"):
            self.batch(self.chloe).action_make()
