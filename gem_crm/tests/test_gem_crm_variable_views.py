from lxml import etree

from odoo.tests import Form, tagged

from odoo.addons.gem_crm.tests.common_variable import VariableCommon


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
