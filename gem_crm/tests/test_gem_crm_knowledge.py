from datetime import timedelta
from itertools import product

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged, users

from odoo.addons.gem_crm.tests.test_gem_crm_profile import ProfileCommon

TODAY = '2026-11-20'


@freeze_time(TODAY)
class KnowledgeCommon(ProfileCommon):
    """Adds to the cast: what they bought.

    Horizon every 30 days, 100 each, and comes as usual; Lynx every 20 days, 1,000 each, and
    has been silent for 60; Juniper once, for 50; Kayak nothing.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.to_date(TODAY)
        for days in (190, 160, 130, 100, 70, 40, 10):
            cls.buy(cls.horizon, days, 100)
        for days in (160, 140, 120, 100, 80, 60):
            cls.buy(cls.lynx, days, 1000)
        cls.buy(cls.juniper, 25, 50)
        cls.compute()

    @classmethod
    def buy(cls, partner, days_ago, amount, **vals):
        return cls.invoice(
            partner, amount, invoice_date=cls.today - timedelta(days=days_ago), **vals)

    @classmethod
    def compute(cls):
        """Compute everybody, ranks first, as the night does."""
        cls.env['gem.crm.profile.scale']._learn(cls.company)
        cls.Profile._refresh(cls.customers.ids, cls.company)
        cls.Profile._rank(cls.company)
        cls.Profile._refresh(cls.customers.ids, cls.company)

    def facts(self, customer, user):
        self.env.invalidate_all()
        return {
            fact['name']: fact
            for fact in customer.with_user(user).gem_get_follow_up_band()
        }


@freeze_time(TODAY)
@tagged('post_install', '-at_install')
class TestKnowledgeInLists(KnowledgeCommon):

    def found(self, domain, user=None, **kwargs):
        Partner = self.env['res.partner'].with_user(user or self.chloe)
        return Partner.search([('id', 'in', self.customers.ids), *domain], **kwargs)

    def test_who_is_late(self):
        late = self.found([('gem_is_overdue', '=', True)])
        self.assertEqual(late, self.lynx)
        self.assertEqual(self.found([('gem_is_overdue', '=', False)]), self.customers - late)

    def test_sorted_and_grouped_by_any_figure(self):
        Partner = self.env['res.partner'].with_user(self.chloe)
        for name in Partner._gem_profile_figures():
            with self.subTest(figure=name):
                for direction in ('', ' desc'):
                    found = self.found([], order=f'{name}{direction}, id')
                    self.assertEqual(len(found), 4)
                Partner.formatted_read_group(
                    [('id', 'in', self.customers.ids)],
                    [f'{name}:month' if 'date' in name or 'since' in name else name],
                    ['__count'])

    def test_sorted_by_silence(self):
        found = self.found([('gem_date_last', '!=', False)], order='gem_rhythm_ratio desc, id')
        self.assertEqual(found[0], self.lynx)

    def test_pages_in_the_order_of_a_figure(self):
        """Pages put together are the whole list, sorted: no customer twice, none missing."""
        # segments in another order than that of their ids
        for number, segment in enumerate(self.horizon.gem_rfm_segment_id.search([])[::-1]):
            segment.sequence = number
        names = [*self.env['res.partner']._gem_profile_figures()]
        for user, name, way in product((self.chloe, self.bruno), names, ('', ' desc')):
            # alone, as the list opens, and after a second click on a heading
            for rest in ('', ', id', ', gem_abc desc, complete_name desc'):
                order = f'{name}{way}{rest}'
                with self.subTest(user=user.name, order=order):
                    whole = self.found([], user, order=order if rest else f'{order}, id{way}')
                    pages = [
                        self.found([], user, order=order, limit=1, offset=offset)
                        for offset in range(5)
                    ]
                    self.assertEqual([page.id for page in pages], [*whole.ids, False])

    def test_pages_of_customers_who_are_alike(self):
        """Of more customers alike than are looked at for a page, those of the order come first."""
        alike = self.env['res.partner'].create([
            {'name': f"Alike {number}", 'is_company': True} for number in range(9, 0, -1)])
        for customer in alike:
            self.buy(customer, 20, 500)
        self.customers += alike
        self.compute()
        for order, expected in (
            ('gem_revenue_12m desc, complete_name', alike.sorted('name')),
            ('gem_revenue_12m desc, complete_name desc', alike.sorted('name', reverse=True)),
            ('gem_revenue_12m desc', alike.sorted('id', reverse=True)),
        ):
            with self.subTest(order=order):
                found = self.found([('name', 'like', "Alike")], order=order, limit=2, offset=1)
                self.assertEqual(found.ids, expected.ids[1:3])

    def test_filter_finds_only_whom_the_figure_is_known_of(self):
        """Neither who bought nothing, nor whose figures are somebody else's."""
        for figure in ('gem_overdue', 'gem_revenue_12m', 'gem_payment_on_time', 'gem_chance'):
            with self.subTest(figure=figure):
                self.assertFalse(
                    self.found([(figure, '>', 0)], self.amelie) & (self.lynx | self.kayak))
        self.assertIn(self.horizon, self.found([('gem_revenue_12m', '>', 0)], self.amelie))

    def test_own_figures_only(self):
        self.assertFalse(self.found([('gem_is_overdue', '=', True)], self.amelie))
        self.assertFalse(self.lynx.with_user(self.amelie).gem_date_last)

    def test_customers_of_a_profile_open(self):
        profile = self.horizon.with_user(self.amelie).gem_profile_id
        self.assertEqual(profile.action_open_customer()['res_id'], self.horizon.id)


@freeze_time(TODAY)
@tagged('post_install', '-at_install')
class TestKnowledgeInBand(KnowledgeCommon):

    def test_comes_as_usual(self):
        facts = self.facts(self.horizon, self.amelie)
        self.assertEqual(facts['attrition']['value'], "Active")
        self.assertEqual(facts['attrition']['tone'], 'success')
        self.assertIn("usually every 30 days, last one on 11/10/2026",
                      facts['next_purchase']['detail'])
        self.assertIn('standing', facts)

    def test_late(self):
        facts = self.facts(self.lynx, self.bruno)
        self.assertEqual((facts['next_purchase']['value'], facts['next_purchase']['tone']),
                         ("Late", 'danger'))
        self.assertIn("silent for 3.0 of their usual intervals", facts['attrition']['detail'])

    def test_one_purchase_has_no_rhythm(self):
        facts = self.facts(self.juniper, self.bruno)
        self.assertEqual(facts['next_purchase']['value'], "Unknown after one purchase")

    def test_nothing_bought(self):
        facts = self.facts(self.kayak, self.amelie)
        self.assertFalse({'standing', 'next_purchase', 'attrition'} & set(facts))

    def test_contact_shows_the_company(self):
        self.assertEqual(self.facts(self.ines, self.amelie)['attrition']['value'], "Active")


@freeze_time(TODAY)
@tagged('post_install', '-at_install')
class TestKnowledgePages(KnowledgeCommon):

    def test_rfm_grid(self):
        page = self.Profile.with_user(self.chloe).get_rfm_grid()
        self.assertEqual(len(page['cells']), 25)
        self.assertEqual((page['count'], page['revenue']), (3, 6750))
        self.assertEqual(sum(named['count'] for named in page['named']), 3)
        # every cell opens those it counts
        Partner = self.env['res.partner'].with_user(self.chloe)
        for cell in page['cells']:
            self.assertEqual(Partner.search_count([
                *page['customers'], ('gem_rfm_recency', '=', cell['recency']),
                ('gem_rfm_frequency', '=', cell['frequency']),
            ]), cell['count'])

    def test_mine_and_segment(self):
        Profile = self.Profile.with_user(self.chloe)
        self.assertEqual(Profile.get_rfm_grid('mine')['count'], 0)
        segment = self.env['gem.crm.segment'].create({
            'name': "Large baskets", 'domain': "[('gem_basket', '>', 500)]",
        })
        page = Profile.get_rfm_grid('all', segment.id)
        self.assertEqual((page['count'], page['revenue']), (1, 6000))
        self.assertIn({'id': segment.id, 'name': "Large baskets"}, page['segments'])
        page = self.Profile.with_user(self.bruno).get_rfm_grid('mine')
        self.assertEqual((page['count'], page['revenue']), (2, 6050))

    def test_abc_curve(self):
        page = self.Profile.with_user(self.chloe).get_abc_curve()
        self.assertEqual(
            [(row['abc'], row['count'], row['revenue']) for row in page['classes']],
            [('a', 1, 6000), ('b', 1, 700), ('c', 1, 50)])
        self.assertEqual(page['points'], [
            [0, 0], [33.33, 88.89], [66.67, 99.26], [100, 100]])

    def test_moved_to_a_lower_class(self):
        for _week in range(3):
            self.buy(self.horizon, 2, 9000)
        self.compute()
        page = self.Profile.with_user(self.chloe).get_abc_curve()
        self.assertEqual(page['moved'], {'up': 1, 'down': 1})

    @users('amelie')
    def test_own_customers_only(self):
        page = self.env['gem.crm.profile'].get_abc_curve()
        self.assertEqual(sum(row['count'] for row in page['classes']), 1)

    @users('emile', 'felix')
    def test_crm_users_only(self):
        for method in ('get_rfm_grid', 'get_abc_curve'):
            with self.assertRaises(AccessError):
                getattr(self.env['gem.crm.profile'], method)()

    def test_requests_do_not_grow(self):
        Profile = self.Profile.with_user(self.chloe)
        for method in (Profile.get_rfm_grid, Profile.get_abc_curve):
            method()
            self.env.invalidate_all()
            self.env.flush_all()
            with self.assertQueryCount(12):
                method()

    def test_attrition(self):
        page = self.Profile.with_user(self.chloe).get_attrition()
        self.assertEqual(
            {row['attrition']: row['count'] for row in page['states']},
            {'active': 2, 'slowing': 1, 'risk': 0, 'lost': 0})
        for row in page['months']:
            self.assertEqual(set(row), {
                'month', 'customers', 'lost', 'won_back', 'new', 'attrition', 'retention'})


@freeze_time(TODAY)
@tagged('post_install', '-at_install')
class TestHabitsSeen(KnowledgeCommon):
    """Adds: Horizon takes 20 diaries every 30 days; a new product that nobody knows yet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        books = cls.env['product.category'].create({'name': "Stationery"})
        cls.diary = cls.env['product.product'].create({'name': "Diary", 'categ_id': books.id})
        cls.new_diary = cls.env['product.product'].create({
            'name': "Diary of next year", 'categ_id': books.id,
        })
        for days in (100, 70, 40):
            cls.buy(cls.horizon, days, 0, invoice_line_ids=[Command.create({
                'product_id': cls.diary.id, 'quantity': 20, 'price_unit': 5,
                'tax_ids': [Command.clear()],
            })])
        cls.compute()

    def test_habit_in_words(self):
        data = self.horizon.with_user(self.amelie).gem_get_habits()
        [habit] = data['habits']
        self.assertEqual(
            (habit['name'], habit['times'], habit['quantity'], habit['rhythm'], habit['state']),
            ("Diary", 3, "20 Units", "every 30 days", "Expected"))
        self.assertEqual(sum(habit['months']), 3)
        self.assertEqual(len(habit['months']), 12)
        self.assertFalse(data['missing'])
        self.assertFalse(data['can_explain'], "Amelie reads no invoices")
        self.assertEqual(
            [(row['kind'], row['product']) for row in data['recommendations']][0],
            ('due', "Diary"))

    def test_empty_states_say_what_is_missing(self):
        def missing(customer):
            return customer.with_user(self.chloe).gem_get_habits()['missing']
        self.assertIn("No invoice was posted", missing(self.kayak))
        self.assertIn("One purchase, on 10/26/2026", missing(self.juniper))
        self.assertIn("6 purchases, but no product", missing(self.lynx))

    def test_line_of_an_invoice(self):
        line = self.lynx.with_user(self.bruno).gem_get_line()
        self.assertIn({'text': "Slowing", 'tone': 'warning'}, line)
        self.assertFalse(self.lynx.with_user(self.amelie).gem_get_line(), "not her customer")
        with self.assertRaises(AccessError):
            self.lynx.with_user(self.felix).gem_get_line()

    def test_seasons(self):
        page = self.Profile.with_user(self.chloe).get_seasons()
        [row] = [row for row in page['rows'] if row['id'] == self.diary.id]
        self.assertEqual(
            [count for count in row['months'] if count], [1, 1, 1])
        by_category = self.Profile.with_user(self.chloe).get_seasons(kind='category')
        self.assertIn("Stationery", [row['name'] for row in by_category['rows']])

    def test_finder_to_notes(self):
        Profile = self.Profile.with_user(self.chloe)
        found = Profile.get_interested_customers(self.new_diary.ids)
        first = found['rows'][0]
        self.assertEqual((first['partner_id'], first['in_charge']),
                         (self.horizon.id, "Amelie Roy"))
        self.assertTrue(first['reasons'])
        action = Profile.action_notes_from_finder(self.new_diary.ids, self.horizon.ids)
        batch = self.env['gem.crm.note.batch'].with_user(self.chloe).with_context(
            **action['context']).create({})
        batch.action_make()
        note = self.horizon.gem_note_ids
        self.assertEqual((note.name, note.user_id), ("Present Diary of next year", self.amelie))
        self.assertIn(first['reasons'][0], str(note.description))

    def test_finder_to_segment(self):
        Profile = self.Profile.with_user(self.chloe)
        for name in ("Interested in Diary", "Interested in Diary (2)"):
            action = Profile.action_segment_from_finder(self.diary.ids, self.horizon.ids)
            segment = self.env['gem.crm.segment'].browse(action['res_id'])
            self.assertEqual((segment.name, segment.customer_count), (name, 1))

    def test_finder_finds_own_customers(self):
        found = self.Profile.with_user(self.bruno).get_interested_customers(self.new_diary.ids)
        self.assertNotIn(self.horizon.id, [row['partner_id'] for row in found['rows']])
        self.assertFalse(found['can_make_segment'])
