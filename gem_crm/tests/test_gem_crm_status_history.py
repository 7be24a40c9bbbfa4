from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.gem_crm.tests.test_gem_crm_note import NoteCommon


@tagged('post_install', '-at_install')
class TestStatusHistory(NoteCommon):

    def _steps(self, customer):
        return [
            (step.from_status_id, step.to_status_id, step.note_id, step.refusal_reason_id)
            for step in customer.gem_status_history_ids.sorted('id')
        ]

    def test_the_latest_sales_status_is_the_customer_s(self):
        none, no_reason = self.env['gem.crm.status'], self.env['gem.crm.refusal.reason']
        first = self._note()
        self.assertEqual(self.horizon.gem_sales_status_id, self.prospect)
        first.status_id = self.on_hold
        self.assertEqual(self.horizon.gem_sales_status_id, self.on_hold)
        second = self._note(partner_id=self.ines.id)
        self.assertEqual(second.status_id, self.on_hold, "a new note leaves them where they stand")
        second.write({'status_id': self.lost.id, 'refusal_reason_id': self.price.id})
        self._note(kind='internal', status_id=self.no_answer.id)
        self.assertEqual(self.horizon.gem_sales_status_id, self.lost)
        self.assertEqual(self._steps(self.horizon), [
            (none, self.prospect, first, no_reason),
            (self.prospect, self.on_hold, first, no_reason),
            (self.on_hold, self.lost, second, self.price),
        ])
        self.assertEqual(self.horizon.gem_status_history_ids.user_id, self.amelie)
        third = self._note()
        self.assertEqual(third.status_id, self.prospect, "who left is a prospect again")
        third.unlink()
        self.assertEqual(self.horizon.gem_sales_status_id, self.prospect, "what was, was")

    def test_band_says_the_status(self):
        note = self._note()
        note.write({'status_id': self.lost.id, 'refusal_reason_id': self.price.id})
        [fact] = [
            fact for fact in self.horizon.with_user(self.amelie).gem_get_follow_up_band()
            if fact['name'] == 'sales_status'
        ]
        self.assertEqual(fact['value'], "Refused")
        self.assertEqual(fact['badge'], {
            'text_color': self.lost.text_color, 'background_color': self.lost.background_color,
        })
        self.assertIn("Too expensive", fact['detail'])

    def test_customers_are_found_by_status(self):
        self._note()
        self._note(partner_id=self.kayak.id, status_id=self.on_hold.id)
        Partner = self.env['res.partner'].with_user(self.amelie)
        self.assertEqual(
            Partner.search([('gem_sales_status_id', '=', self.on_hold.id)]), self.kayak)
        with self.assertRaises(AccessError):
            Partner.with_user(self.felix).search([('gem_sales_status_id', '!=', False)])

    def test_history_follows_a_customer_who_joins_a_company(self):
        self._note(partner_id=self.kayak.id, status_id=self.on_hold.id)
        self.kayak.write({'is_company': False, 'parent_id': self.horizon.id})
        self.assertEqual(self.horizon.gem_sales_status_id, self.on_hold)

    def test_merged_customer_has_the_last_status_of_both(self):
        self._note()
        self._note(partner_id=self.kayak.id, status_id=self.on_hold.id)
        self.env['base.partner.merge.automatic.wizard'].create({
            'partner_ids': [Command.set((self.horizon | self.kayak).ids)],
            'dst_partner_id': self.horizon.id,
        }).action_merge()
        self.env.invalidate_all()
        self.assertEqual(self.horizon.gem_sales_status_id, self.on_hold)

    def test_written_for_the_batch(self):
        def queries(count):
            customers = self.env['res.partner'].create(
                [{'name': f"Customer {i}", 'is_company': True} for i in range(count)])
            self.env.flush_all()
            before = self.cr.sql_log_count
            notes = self.Note.create(
                [{'partner_id': customer.id, 'name': "Call"} for customer in customers])
            self.env.flush_all()
            created = self.cr.sql_log_count
            notes.status_id = self.on_hold
            self.env.flush_all()
            self.assertEqual(customers.gem_sales_status_id, self.on_hold)
            return created - before, self.cr.sql_log_count - created

        queries(2)  # caches of the registry
        few, many = queries(10), queries(200)
        self.assertLess(many[0] - few[0], 0.1 * 190, f"creating: {few[0]} and {many[0]}")
        self.assertLess(many[1] - few[1], 0.1 * 190, f"changing: {few[1]} and {many[1]}")
