from datetime import timedelta

from lxml import etree
from psycopg2.errors import UniqueViolation

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged, users
from odoo.tools import mute_logger

from .common import FollowUpCommon

NOTE = 'gem.crm.note'


class VariableCommon(FollowUpCommon):
    """One variable of each type, and notes that have values of them.

    The dropdown's options are Cold, Warm and Hot in this order, made in another one.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ('en_US', 'fr_FR'):
            cls.env['res.lang']._activate_lang(code)
        cls.Note = cls.env[NOTE]
        cls.Variable = cls.env['gem.crm.variable']
        cls.Option = cls.env['gem.crm.variable.option']
        cls.text, cls.currency, cls.date, cls.number, cls.dropdown = cls.Variable.create([
            {'name': "Règle d'or", 'type': 'text'},
            {'name': "Budget", 'type': 'currency'},
            {'name': "Next fair", 'type': 'date'},
            {'name': "Score", 'type': 'number', 'decimals': 1, 'aggregator': 'avg'},
            {'name': "Warmth", 'type': 'dropdown'},
        ])
        cls.hot, cls.warm, cls.cold = cls.Option.create([
            {'variable_id': cls.dropdown.id, 'name': name, 'sequence': sequence}
            for name, sequence in (("Hot", 3), ("Warm", 2), ("Cold", 1))
        ])
        cls.low, cls.empty, cls.high, cls.middle = cls.Note.create([
            cls.note_vals("low", x_gem_regle_d_or="a", x_gem_budget=-5, x_gem_score=1.5,
                          x_gem_next_fair='2026-01-31', x_gem_warmth=cls.cold.id),
            cls.note_vals("empty"),
            cls.note_vals("high", x_gem_regle_d_or="c", x_gem_budget=100, x_gem_score=9,
                          x_gem_next_fair='2026-03-01', x_gem_warmth=cls.hot.id),
            cls.note_vals("middle", x_gem_regle_d_or="b", x_gem_budget=20.5, x_gem_score=3,
                          x_gem_next_fair='2026-01-15', x_gem_warmth=cls.warm.id),
        ])
        cls.notes = cls.low | cls.empty | cls.high | cls.middle
        variables = cls.text | cls.currency | cls.date | cls.number | cls.dropdown
        cls.names = variables.mapped('field_name')

    def setUp(self):
        # Added before the savepoint of super, so that it runs after that is rolled back.
        self.addCleanup(self._read_columns_again)
        super().setUp()

    def _read_columns_again(self):
        if self.registry.registry_invalidated:
            self.registry._setup_models__(self.cr, [NOTE])

    @classmethod
    def note_vals(cls, name, **vals):
        return {
            'partner_id': cls.horizon.id, 'name': name, 'user_id': cls.amelie.id,
            'company_id': cls.env.company.id, **vals,
        }


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

    def test_lost_index_comes_back_with_an_upgrade(self):
        self.env.cr.execute("DROP INDEX gem_crm_note_x_gem_budget_idx")
        self.Note.init()
        self.env.cr.execute("SELECT to_regclass('gem_crm_note_x_gem_budget_idx')")
        self.assertTrue(self.env.cr.fetchone()[0])

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


@tagged('post_install', '-at_install')
class TestVariableViews(VariableCommon):

    def _arch(self, view_type, user=None):
        Note = self.Note.with_user(user or self.amelie)
        return etree.fromstring(Note.get_view(view_type=view_type)['arch'])

    def test_every_variable_is_on_every_page(self):
        for view_type in ('form', 'list', 'search'):
            shown = {node.get('name') for node in self._arch(view_type).iter('field')}
            self.assertLessEqual(set(self.names), shown, view_type)

    def test_columns_are_summed_or_averaged(self):
        arch = self._arch('list')
        [budget] = arch.xpath("//field[@name='x_gem_budget']")
        [score] = arch.xpath("//field[@name='x_gem_score']")
        self.assertEqual((budget.get('sum'), score.get('avg')), ("Sum", "Average"))
        described = self.Note.fields_get(self.names, ['aggregator', 'digits', 'currency_field'])
        self.assertEqual(described['x_gem_budget']['aggregator'], 'sum')
        self.assertEqual(described['x_gem_budget']['currency_field'], 'currency_id')
        self.assertEqual(described['x_gem_score']['aggregator'], 'avg')
        self.assertEqual(described['x_gem_score']['digits'], (16, 1))
        self.number.write({'decimals': 3, 'aggregator': 'sum'})
        described = self.Note.fields_get(['x_gem_score'], ['aggregator', 'digits'])['x_gem_score']
        self.assertEqual((described['aggregator'], described['digits']), ('sum', (16, 3)))

    def test_dates_group_by_month(self):
        [by] = self._arch('search').xpath("//filter[@name='by_x_gem_next_fair']")
        self.assertEqual(by.get('context'), "{'group_by': 'x_gem_next_fair:month'}")

    def test_only_who_may_adds_options(self):
        def create_options(user):
            [node] = self._arch('form', user).xpath("//field[@name='x_gem_warmth']")
            return node.get('options')

        self.assertIn('no_create', create_options(self.amelie))
        self.assertNotIn("'no_create':", create_options(self.diane))
        self.dropdown.users_add_options = True
        self.assertNotIn("'no_create':", create_options(self.amelie))

    def test_labels_in_the_language_of_the_user(self):
        self.currency.update_field_translations('name', {'fr_FR': "Budget annuel"})
        self.currency.help = "What they want to spend"
        self.currency.with_context(lang='fr_FR').help = "Ce qu'ils veulent dépenser"
        french = self.Note.with_context(lang='fr_FR').fields_get(['x_gem_budget'])['x_gem_budget']
        self.assertEqual(french['string'], "Budget annuel")
        self.assertEqual(french['help'], "Ce qu'ils veulent dépenser")
        english = self.Note.with_context(lang='en_US').fields_get(['x_gem_budget'])['x_gem_budget']
        self.assertEqual(english['string'], "Budget")
        self.assertEqual(english['help'], "What they want to spend")

    def test_shown_for_the_kind_and_the_actions_chosen_only(self):
        call = self.env['gem.crm.action'].create({'name': "Ring", 'kind': 'sales'})
        self.currency.write({'required': True, 'kind': 'sales', 'action_ids': call.ids})
        [node] = self._arch('form').xpath("//field[@name='x_gem_budget']")
        self.assertEqual(node.get('invisible'), f"kind != 'sales' or action_id not in [{call.id}]")
        self.assertEqual(node.get('required'), "not id")
        quick = self.env.ref('gem_crm.gem_crm_note_view_form_quick')
        arch = etree.fromstring(self.Note.get_view(quick.id, 'form')['arch'])
        shown = {node.get('name') for node in arch.iter('field')} & set(self.names)
        self.assertEqual(shown, {'x_gem_budget'}, "the quick form shows what must be filled in")

    def test_form(self):
        with Form(self.Note.with_user(self.amelie)) as form:
            form.partner_id = self.horizon
            form.name = "Call"
            form.x_gem_budget = 12.345
            form.x_gem_warmth = self.warm
        note = form.save()
        self.assertEqual((note.x_gem_budget, note.x_gem_warmth), (12.35, self.warm))

    def test_options_of_other_variables_are_not_offered(self):
        other = self.Option.create({
            'variable_id': self.Variable.create({'name': "Colour", 'type': 'dropdown'}).id,
            'name': "Warmish"})
        domain = self.Note.fields_get(['x_gem_warmth'])['x_gem_warmth']['domain']
        self.assertNotIn(other, self.Option.search(domain))
        self.assertIn(self.warm, self.Option.search(domain))


@tagged('post_install', '-at_install')
class TestVariableLists(VariableCommon):
    """Sorting, filtering, grouping and summing, as the web client asks for them."""

    def _page(self, order, domain=(), **kwargs):
        kwargs = {'limit': 80} | kwargs
        records = self.Note.with_user(self.amelie).web_search_read(
            [('id', 'in', self.notes.ids), *domain], {'name': {}}, order=order, **kwargs)['records']
        return [record['name'] for record in records]

    def test_sorted_both_ways_with_the_empty_ones_last(self):
        for name in self.names:
            ascending = ["low", "middle", "high", "empty"]
            if name == 'x_gem_next_fair':
                ascending = ["middle", "low", "high", "empty"]
            descending = [*reversed(ascending[:-1]), "empty"]
            with self.subTest(name=name):
                self.assertEqual(self._page(f'{name} ASC'), ascending)
                self.assertEqual(self._page(f'{name} DESC'), descending)
                self.assertEqual(self._page(f'{name} ASC', limit=None), ascending)
                self.assertEqual(self._page(f'{name} DESC', limit=None), descending)
                self.assertEqual(self._page(name), ascending)

    def test_pages_join_without_gap_or_repetition(self):
        more = self.Note.create([
            self.note_vals(f"n{number}", x_gem_budget=number % 4, x_gem_regle_d_or="same",
                           x_gem_warmth=(self.cold, self.warm, self.Option)[number % 3].id)
            for number in range(20)
        ])
        domain = [('id', 'in', (self.notes | more).ids)]
        for name in self.names:
            for way in ('ASC', 'DESC'):
                with self.subTest(name=name, way=way):
                    order = f'{name} {way}'
                    whole = self.Note.search(domain, order=f'{order}, id {way}')
                    pages = self.Note.browse()
                    for offset in range(0, len(whole), 3):
                        pages += self.Note.search(domain, offset=offset, limit=3, order=order)
                    self.assertEqual(pages, whole)
                    self.assertFalse(self.Note.search(domain, offset=99, limit=3, order=order))

    def test_sorted_by_a_second_field(self):
        self.notes.x_gem_warmth = self.hot
        self.assertEqual(
            self._page('x_gem_warmth ASC, x_gem_budget DESC'), ["high", "middle", "low", "empty"])
        self.assertEqual(
            self._page('x_gem_warmth ASC, name ASC'), ["empty", "high", "low", "middle"])

    def test_reordering_options_reorders_lists_and_groups(self):
        self.assertEqual(self._page('x_gem_warmth ASC'), ["low", "middle", "high", "empty"])
        self.hot.sequence = 0
        self.assertEqual(self._page('x_gem_warmth ASC'), ["high", "low", "middle", "empty"])
        groups = self.Note.formatted_read_group(
            [('id', 'in', self.notes.ids)], ['x_gem_warmth'], ['__count'])
        self.assertEqual(
            [group['x_gem_warmth'] and group['x_gem_warmth'][1] for group in groups],
            ["Hot", "Cold", "Warm", False])

    def test_archived_options_keep_their_place(self):
        self.warm.active = False
        self.assertEqual(self._page('x_gem_warmth ASC'), ["low", "middle", "high", "empty"])

    def test_own_customers_only(self):
        note = self.Note.create(self.note_vals(
            "theirs", partner_id=self.juniper.id, user_id=self.bruno.id, x_gem_budget=1))
        Note = self.Note.with_user(self.amelie)
        self.assertNotIn(note, Note.search([], order='x_gem_budget', limit=80))
        self.assertIn(note, Note.with_user(self.bruno).search([], order='x_gem_budget', limit=80))

    def test_malicious_order_is_refused(self):
        for order in ("x_gem_budget; DROP TABLE x", "x_gem_budget ASC, (1)", "x_gem_budget (1)"):
            with self.subTest(order=order), self.assertRaises(UserError):
                self.Note.search([], order=order, limit=1)
        with self.assertRaises(ValueError):
            self.Note.search([], order="x_gem_nothing ASC", limit=1)

    def test_filtered_with_the_operators_of_the_type(self):
        for domain, names in (
            ([('x_gem_regle_d_or', 'ilike', 'B')], ["middle"]),
            ([('x_gem_regle_d_or', '=', False)], ["empty"]),
            ([('x_gem_budget', '>', 20)], ["high", "middle"]),
            ([('x_gem_budget', '<', 0)], ["low"]),
            ([('x_gem_score', 'in', (1.5, 9))], ["low", "high"]),
            ([('x_gem_next_fair', '<', '2026-02-01')], ["low", "middle"]),
            ([('x_gem_next_fair.month_number', '=', 3)], ["high"]),
            ([('x_gem_warmth', '=', self.hot.id)], ["high"]),
            ([('x_gem_warmth', 'ilike', 'wa')], ["middle"]),
            ([('x_gem_warmth', '!=', False)], ["low", "high", "middle"]),
        ):
            with self.subTest(domain=domain):
                self.assertCountEqual(self._page(False, domain), names)

    def test_grouped_summed_and_averaged(self):
        Note = self.Note.with_user(self.amelie)
        domain = [('id', 'in', self.notes.ids)]
        groups = Note.formatted_read_group(
            domain, ['x_gem_next_fair:month'], ['__count', 'x_gem_budget:sum', 'x_gem_score:avg'])
        self.assertEqual(
            [(g['__count'], g['x_gem_budget:sum'], g['x_gem_score:avg']) for g in groups],
            [(2, 15.5, 2.25), (1, 100, 9), (1, 0, False)])
        self.middle.x_gem_score = 0
        [whole] = Note.formatted_read_group(domain, [], ['x_gem_budget:sum', 'x_gem_score:avg'])
        self.assertEqual(whole['x_gem_budget:sum'], 115.5)
        self.assertEqual(whole['x_gem_score:avg'], 5.25)
        for name in ('x_gem_regle_d_or', 'x_gem_score', 'x_gem_budget', 'x_gem_warmth'):
            groups = Note.formatted_read_group(domain, [name], ['__count'])
            self.assertEqual(sum(group['__count'] for group in groups), 4, name)

    def test_pivot_and_graph(self):
        Note = self.Note.with_user(self.amelie)
        sets = Note.formatted_read_grouping_sets(
            [('id', 'in', self.notes.ids)],
            [[], ['x_gem_warmth'], ['x_gem_warmth', 'x_gem_next_fair:month']],
            ['x_gem_budget:sum_currency', 'x_gem_score:avg', '__count'])
        self.assertEqual([len(groups) for groups in sets], [1, 4, 4])
        self.assertEqual(sets[0][0]['x_gem_budget:sum_currency'], 115.5)

    def test_currency_is_the_one_of_the_company_of_the_note(self):
        yen = self.env.ref('base.JPY')
        yen.active = True
        tokyo = self.env['res.company'].create({'name': "Tokyo", 'currency_id': yen.id})
        note = self.Note.create(self.note_vals("far", company_id=tokyo.id, x_gem_budget=12.3))
        self.assertEqual((note.currency_id, note.x_gem_budget), (yen, 12))
        Note = self.Note.with_user(self.amelie)
        self.assertNotIn(note, Note.search([], order='x_gem_budget', limit=80))


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
