from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.gem_crm.tests.common_variable import NOTE, VariableCommon


@tagged('post_install', '-at_install')
class TestVariableColumns(VariableCommon):

    def test_technical_names_are_readable_and_unique(self):
        self.assertEqual(self.names, [
            'x_gem_regle_d_or', 'x_gem_budget', 'x_gem_next_fair', 'x_gem_score', 'x_gem_warmth'])
        same, odd = self.Variable.create([{'name': "Règle d’or"}, {'name': "!?"}])
        self.assertEqual(same.field_name, 'x_gem_regle_d_or_2')
        self.assertEqual(odd.field_name, 'x_gem_variable')

    def test_name_of_the_column_stays_when_the_variable_is_renamed(self):
        self.currency.name = "Spending"
        self.assertEqual(self.currency.field_name, 'x_gem_budget')
        described = self.Note.fields_get(['x_gem_budget'])['x_gem_budget']
        self.assertEqual(described['string'], "Spending")
        self.assertEqual(self.high.x_gem_budget, 100)

    def test_columns_and_indexes(self):
        self.env.cr.execute("""
            SELECT column_name, udt_name FROM information_schema.columns
             WHERE table_name = 'gem_crm_note' AND column_name = ANY(%s)
        """, [self.names])
        self.assertEqual(dict(self.env.cr.fetchall()), {
            'x_gem_regle_d_or': 'varchar', 'x_gem_budget': 'numeric', 'x_gem_next_fair': 'date',
            'x_gem_score': 'numeric', 'x_gem_warmth': 'int4'})
        self.env.cr.execute(
            "SELECT indexname FROM pg_indexes WHERE tablename = 'gem_crm_note'")
        indexes = {name for [name] in self.env.cr.fetchall()}
        self.assertLessEqual({f'gem_crm_note_{name}_idx' for name in self.names}, indexes)

    def test_same_name_is_refused(self):
        for name in ("Budget", "budget", "Assigned To"):
            with (
                self.subTest(name=name),
                self.assertRefused(ValidationError, "already have a field"),
            ):
                self.Variable.create({'name': name})
        with self.assertRefused(ValidationError, "already have a field"):
            self.number.name = "Budget"

    def test_type_with_values_is_refused(self):
        with self.assertRefused(UserError, "“Budget” has values, so its type cannot change"):
            self.currency.type = 'text'
        self.notes.x_gem_budget = 0
        self.currency.type = 'dropdown'
        self.assertEqual(self.Note._fields['x_gem_budget'].comodel_name, 'gem.crm.variable.option')
        self.assertFalse(self.notes.x_gem_budget)

    def test_deleting_with_values_is_refused(self):
        with self.assertRefused(UserError, "“Budget” has values, which would be lost. Archive it"):
            self.currency.unlink()
        self.assertEqual(self.high.x_gem_budget, 100)

    def test_deleting_leaves_nothing(self):
        self.env['ir.filters'].create({
            'name': "Big", 'model_id': NOTE, 'domain': "[('x_gem_warmth', '!=', False)]"})
        self.env['ir.exports'].create({
            'name': "All", 'resource': NOTE,
            'export_fields': [Command.create({'name': 'x_gem_warmth/name'})]})
        field = self.dropdown.field_id
        options = self.dropdown.option_ids
        self.dropdown.with_user(self.diane).action_delete_with_values()
        for gone in (self.dropdown, options, field):
            self.assertFalse(gone.exists())
        self.assertNotIn('x_gem_warmth', self.Note._fields)
        self.env.cr.execute("""
            SELECT 1 FROM information_schema.columns
             WHERE table_name = 'gem_crm_note' AND column_name = 'x_gem_warmth'
        """)
        self.assertFalse(self.env.cr.fetchall())
        self.assertFalse(self.env['ir.filters'].search([('domain', 'like', 'x_gem_warmth')]))
        self.assertFalse(self.env['ir.exports.line'].search([('name', 'like', 'x_gem_warmth')]))
        self.assertTrue(self.high.with_user(self.amelie).name)

    def test_name_of_a_deleted_variable_can_be_given_again(self):
        unused = self.Variable.create({'name': "Passing fancy"})
        unused.unlink()
        again = self.Variable.create({'name': "Passing fancy", 'type': 'number'})
        self.assertEqual(again.field_name, 'x_gem_passing_fancy')

    def test_copy(self):
        copy = self.dropdown.copy()
        self.assertEqual(copy.name, "Warmth (copy)")
        self.assertNotEqual(copy.field_name, self.dropdown.field_name)
        self.assertEqual(copy.option_ids.mapped('name'), ["Cold", "Warm", "Hot"])
        self.assertFalse(copy.option_ids & self.dropdown.option_ids)

    def test_archiving_hides_and_keeps(self):
        self.currency.active = False
        arch = self.Note.get_view(view_type='list')['arch']
        self.assertNotIn('x_gem_budget', arch)
        self.assertEqual(self.high.x_gem_budget, 100)
        label = self.Note.with_context(lang='en_US').fields_get(['x_gem_budget'])['x_gem_budget']
        self.assertEqual(label['string'], "Budget (archived)")
        self.currency.active = True
        self.assertIn('x_gem_budget', self.Note.get_view(view_type='list')['arch'])

    def test_shipped_variables_may_be_deleted(self):
        """They are data that an upgrade leaves alone: renamed stays renamed, gone stays gone."""
        rows = self.env['ir.model.data'].search([
            ('module', '=', 'gem_crm'), ('model', 'in', (self.Variable._name, self.Option._name))])
        self.assertEqual(len(rows.filtered(lambda row: row.model == self.Variable._name)), 3)
        self.assertEqual(set(rows.mapped('noupdate')), {True})
