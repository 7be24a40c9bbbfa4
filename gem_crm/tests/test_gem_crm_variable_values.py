from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged, users
from odoo.tools import mute_logger

from odoo.addons.gem_crm.tests.common_variable import NOTE, VariableCommon


@tagged('post_install', '-at_install')
class TestVariableValues(VariableCommon):

    def test_defaults_of_each_type(self):
        self.text.default_text = "Be kind"
        self.currency.default_number = 7
        self.number.default_number = 2.5
        self.date.write({'default_is_date': True, 'default_days': 30})
        self.dropdown.default_option_id = self.warm
        note = self.Note.create(self.note_vals("new"))
        self.assertEqual(
            [note[name] for name in self.names],
            ["Be kind", 7, fields.Date.context_today(note) + timedelta(days=30), 2.5, self.warm])
        self.assertFalse(self.Note.create(self.note_vals("none", x_gem_warmth=False)).x_gem_warmth)

    def test_default_option_of_another_variable_is_refused(self):
        other = self.Variable.create({'name': "Colour", 'type': 'dropdown'})
        with self.assertRefused(ValidationError, "“Warm” is no option of “Colour”"):
            other.default_option_id = self.warm

    def test_required_for_new_notes_made_by_people(self):
        self.currency.required = True
        Note = self.Note.with_user(self.amelie)
        with self.assertRefused(ValidationError, "“Budget” on the note about Horizon Books"):
            Note.create(self.note_vals("new"))
        note = Note.create(self.note_vals("new", x_gem_budget=1))
        with self.assertRefused(ValidationError, "Fill in “Budget”"):
            note.x_gem_budget = 0
        note.name = "changed"
        self.assertTrue(self.Note.sudo().create(self.note_vals("by a machine")))

    def test_required_leaves_what_was_there_alone(self):
        self.env.cr.execute(
            "UPDATE gem_crm_note SET create_date = create_date - interval '1 day' WHERE id IN %s",
            [self.notes._ids])
        self.notes.invalidate_recordset(['create_date'])
        self.currency.required = True
        high = self.high.with_user(self.amelie)
        high.write({'name': "changed", 'x_gem_budget': 0})
        self.assertEqual(high.x_gem_budget, 0)

    def test_required_for_the_kind_and_the_actions_chosen_only(self):
        call, ship = self.env['gem.crm.action'].create([
            {'name': "Ring", 'kind': 'sales'}, {'name': "Pack", 'kind': 'internal'}])
        self.currency.write({'required': True, 'kind': 'sales', 'action_ids': call.ids})
        Note = self.Note.with_user(self.amelie)
        packing = Note.create(self.note_vals("pack", kind='internal', action_id=ship.id))
        with self.assertRefused(ValidationError, "Fill in “Budget”"):
            Note.create(self.note_vals("ring", kind='sales', action_id=call.id))
        with self.assertRefused(ValidationError, "Fill in “Budget”"):
            packing.write({'kind': 'sales', 'action_id': call.id})
        packing.write({'kind': 'sales', 'action_id': call.id, 'x_gem_budget': 1})

    def test_default_for_the_kind_and_the_actions_chosen_only(self):
        call = self.env['gem.crm.action'].create({'name': "Ring", 'kind': 'sales'})
        self.currency.write({'default_number': 7, 'kind': 'sales'})
        self.number.write({'default_number': 3, 'action_ids': call.ids})
        ring, sell, pack = self.Note.create([
            self.note_vals("ring", action_id=call.id), self.note_vals("sell"),
            self.note_vals("pack", kind='internal')])
        self.assertEqual([(note.x_gem_budget, note.x_gem_score) for note in (ring, sell, pack)],
                         [(7, 3), (7, 0), (0, 0)])
        form = Form(self.Note.with_user(self.amelie))
        form.kind = 'sales'
        form.action_id = call
        self.assertEqual((form.x_gem_budget, form.x_gem_score), (7, 3))
        form.kind = 'internal'
        form.partner_id = self.horizon
        form.name = "pack"
        note = form.save()
        self.assertEqual((note.x_gem_budget, note.x_gem_score), (0, 0))

    def test_option_in_use_is_not_deleted(self):
        with self.assertRefused(UserError, "“Hot” is chosen on notes"):
            self.hot.unlink()
        self.high.x_gem_warmth = self.warm
        self.hot.unlink()
        self.assertFalse(self.hot.exists())

    @users('amelie')
    def test_option_added_while_typing(self):
        Option = self.Option.with_user(self.env.user).with_context(
            default_variable_id=self.dropdown.id)
        with self.assertRefused(AccessError, "Only administrators of CRM follow-up may add"):
            Option.name_create("Boiling")
        self.dropdown.sudo().users_add_options = True
        option = Option.browse(Option.name_create(" Boiling ")[0])
        self.assertEqual((option.name, option.variable_id), ("Boiling", self.dropdown))
        self.assertEqual(self.dropdown.option_ids[-1], option)
        self.assertEqual(Option.name_create("boiling")[0], option.id)
        with self.assertRaises(AccessError):
            option.name = "Scalding"
        with self.assertRaises(AccessError):
            option.unlink()

    def test_two_options_of_one_name_are_refused(self):
        with self.assertRaises(UniqueViolation), mute_logger('odoo.sql_db'):
            self.Option.create({'variable_id': self.dropdown.id, 'name': "Hot"})

    def test_only_administrators_change_variables(self):
        variable = self.currency.with_user(self.chloe)
        self.assertEqual(variable.name, "Budget")
        with self.assertRaises(AccessError):
            variable.name = "Mine"
        with self.assertRaises(AccessError):
            variable.action_delete_with_values()
        with self.assertRaises(AccessError):
            self.Variable.with_user(self.chloe).create({'name': "Mine"})
        mine = self.Variable.with_user(self.diane).create({'name': "Mine", 'type': 'dropdown'})
        mine.type = 'number'
        mine.unlink()

    def test_export_and_import_by_name(self):
        labels = [self.Note.fields_get([name])[name]['string'] for name in self.names]
        self.assertEqual(labels, ["Règle d'or", "Budget", "Next fair", "Score", "Warmth"])
        rows = self.high.export_data(['name', *self.names])['datas']
        self.assertEqual(
            rows, [["high", "c", 100.0, fields.Date.to_date('2026-03-01'), 9.0, "Hot"]])
        lines = [
            ','.join(["Summary", "Customer", *labels]),
            'Imported,Horizon Books,gold,"1250.5",2026-04-05,3.5,Warm',
        ]
        wizard = self.env['base_import.import'].with_user(self.chloe).create({
            'res_model': NOTE, 'file': '\n'.join(lines).encode(), 'file_type': 'text/csv',
            'file_name': 'notes.csv',
        })
        options = {'has_headers': True, 'separator': ',', 'quoting': '"', 'date_format': '%Y-%m-%d'}
        preview = wizard.parse_preview(options)
        matched = [preview['matches'].get(column) for column in range(len(labels) + 2)]
        self.assertEqual(matched, [['name'], ['partner_id'], *([name] for name in self.names)])
        result = wizard.execute_import([match[0] for match in matched], [], options)
        note = self.Note.browse(result['ids'])
        self.assertEqual(
            [note[name] for name in self.names],
            ["gold", 1250.5, fields.Date.to_date('2026-04-05'), 3.5, self.warm])

    def test_creating_costs_no_more_queries_with_twenty_variables(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.Note.with_user(self.chloe).create([
                self.note_vals(f"bulk {number}", **values) for number in range(100)])
            self.env.flush_all()
            return self.cr.sql_log_count - before

        values = {'x_gem_budget': 3, 'x_gem_warmth': self.warm.id}
        queries()
        few = queries()
        more = self.Variable.create([
            {'name': f"More {kind} {number}", 'type': kind,
             'default_number': 4, 'default_text': "x"}
            for number in range(5) for kind in ('text', 'currency', 'date', 'number')
        ])
        dates = more.filtered(lambda variable: variable.type == 'date')
        values |= dict.fromkeys(dates.mapped('field_name'), fields.Date.today())
        queries()
        self.assertLessEqual(queries(), few + 2)
