from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.gem_crm.tests.common_variable import VariableCommon


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
