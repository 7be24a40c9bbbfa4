from datetime import date, timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_cron import IrCron
from odoo.addons.gem_crm.tests import test_gem_crm_profile_purchase

TODAY = test_gem_crm_profile_purchase.TODAY


@tagged('post_install', '-at_install')
class TestGemCrmProfileRanks(test_gem_crm_profile_purchase.FiguresCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.env['res.partner'].create([
            {'name': f"Customer {number}", 'is_company': True} for number in range(10)])

    def scores(self, column):
        return [self.profile(customer)[column] for customer in self.customers]

    def test_rfm(self):
        """Ten customers; number n bought n + 1 weeks ago, for 100 × n; seven of them once."""
        for number, customer in enumerate(self.customers):
            last = TODAY - timedelta(weeks=number + 1)
            before = [(last - timedelta(days=day + 1), 0.01) for day in range(max(0, number - 6))]
            self.buy(customer, (last, 100 * number + 1), *before)
        self.refresh()
        self.assertEqual(self.scores('rfm_recency'), [5, 5, 4, 4, 3, 3, 2, 2, 1, 1])
        # Ties share the lowest rank: 1 exists, 2 and 3 do not.
        self.assertEqual(self.scores('rfm_frequency'), [1, 1, 1, 1, 1, 1, 1, 4, 5, 5])
        self.assertEqual(self.scores('rfm_monetary'), [1, 1, 2, 2, 3, 3, 4, 4, 5, 5])
        self.assertEqual(self.scores('rfm')[8], '155')
        self.assertEqual(self.profile(self.customers[8]).rfm_segment_id,
                         self.env.ref('gem_crm.gem_crm_rfm_segment_keep'))
        self.assertEqual(self.profile(self.customers[0]).rfm_segment_id,
                         self.env.ref('gem_crm.gem_crm_rfm_segment_new'))

    def test_a_customer_between_two_nights(self):
        """Is compared with what was learned by night, and nobody else is touched."""
        for number, customer in enumerate(self.customers):
            self.buy(customer, (TODAY - timedelta(weeks=number + 1), 100 * number + 100))
        self.refresh()
        before = self.scores('rfm')
        last = self.customers[9]
        self.buy(last, (TODAY, 100000))
        self.run_cron()
        self.assertEqual(self.scores('rfm')[:9], before[:9])
        self.assertRecordValues(self.profile(last), [{
            'rfm': '515', 'abc': 'a', 'rfm_segment_previous_id': self.env.ref(
                'gem_crm.gem_crm_rfm_segment_lost').id, 'rfm_segment_since': TODAY,
        }])
        self.refresh()
        self.assertEqual(self.scores('rfm')[9], '555', "twice is more often than all others")

    def test_potential_customers_have_no_rank(self):
        self.buy(self.customers[0], (TODAY, 10))
        self.refresh()
        self.assertEqual(self.scores('rfm'), ['111', *[False] * 9])
        self.assertEqual(self.scores('abc'), ['a', *[False] * 9])

    def test_segments_are_named_by_the_first_that_holds_the_scores(self):
        for number, customer in enumerate(self.customers):
            self.buy(customer, (TODAY - timedelta(weeks=number + 1), 100))
        self.refresh()
        self.marks()
        fresh = self.env['gem.crm.rfm.segment'].create(
            {'name': "Fresh", 'sequence': 1, 'recency_from': 4})
        self.assertEqual(self.marks(), {(0, None)}, "all are compared again")
        self.refresh()
        self.assertEqual(
            [self.profile(c).rfm_segment_id == fresh for c in self.customers],
            [True] * 4 + [False] * 6)
        fresh.unlink()
        self.refresh()
        self.assertEqual(self.profile(self.customers[0]).rfm_segment_id.name, "New customers")
        with self.assertRaises(IntegrityError), mute_logger('odoo.sql_db'):
            fresh.create({'name': "Backwards", 'recency_from': 4, 'recency_to': 3})

    def test_abc(self):
        """1,000 in all: who crosses 80 or 95 % belongs to the better class."""
        for customer, amount in zip(
            self.customers, (500, 290, 30, 100, 30, 20, 20, 10), strict=False,
        ):
            self.buy(customer, (TODAY - timedelta(days=10), amount))
        self.buy(self.customers[8], (TODAY - timedelta(days=10), -50))
        self.buy(self.customers[9], (TODAY - timedelta(days=366), 5000))
        self.refresh()
        # 500, 790, 890; 920, 950; 970, 990, 1000: alike ones by id
        self.assertEqual(self.scores('abc'), ['a', 'a', 'b', 'a', 'b', 'c', 'c', 'c', False, False])
        self.company.gem_abc_a = 50
        self.company.gem_abc_b = 51
        self.run_cron()
        self.assertEqual(self.scores('abc')[:4], ['a', 'b', 'c', 'c'])
        self.assertRecordValues(self.profile(self.customers[3]), [
            {'abc': 'c', 'abc_previous': 'a', 'abc_since': TODAY}])
        self.company.gem_abc_months = 13
        self.run_cron()
        self.assertEqual(self.scores('abc')[9], 'a', "now last year counts too")

    def test_killed_while_comparing(self):
        """The scale stays what it was, and the next run compares all of them."""
        for number, customer in enumerate(self.customers):
            self.buy(customer, (TODAY - timedelta(weeks=number + 1), 100 * number + 100))
        self.marks()
        self.env['gem.crm.profile.mark']._mark_everybody(self.company.id)
        self.env.cr.flush()
        with patch.object(
            self.registry['gem.crm.profile.history'], '_write_month', side_effect=InterruptedError,
        ), patch.object(IrCron, '_commit_progress', lambda *args, **kwargs: float('inf')), \
                self.assertRaises(InterruptedError), self.env.cr.savepoint():
            self.Profile._cron_refresh_marked()
        self.assertFalse(self.env['gem.crm.profile.scale'].search(
            [('company_id', '=', self.company.id)]))
        self.assertEqual(self.marks(), {(None, self.company.id)})
        self.env['gem.crm.profile.mark']._mark_everybody(self.company.id)
        self.run_cron()
        self.assertEqual(self.scores('rfm_recency'), [5, 5, 4, 4, 3, 3, 2, 2, 1, 1])

    def test_thresholds_are_checked(self):
        with self.assertRefused(ValidationError, "B more than A"):
            self.company.gem_abc_b = 80
        with self.assertRefused(ValidationError, "rising numbers of intervals"):
            self.company.gem_risk_intervals = 1
        with self.assertRefused(ValidationError, "at least one day or month"):
            self.company.gem_lapsed_days = 0

    def test_lists_of_customers_sort_by_figures(self):
        for number, customer in enumerate(self.customers[:3]):
            self.buy(customer, (TODAY - timedelta(weeks=number + 1), 100 * number + 100))
        self.refresh()
        partners = self.env['res.partner'].with_user(self.diane).with_company(self.company)
        domain = [('id', 'in', self.customers[:3].ids)]
        self.assertEqual(
            partners.search(domain, order='gem_date_last desc').ids, self.customers[:3].ids)
        self.assertEqual(
            partners.search(domain, order='gem_rfm desc').ids,
            self.customers[:3].sorted('gem_rfm', reverse=True).ids)
        self.assertEqual(
            partners.search([*domain, ('gem_rfm_segment_id.name', 'ilike', "new")]),
            partners.search([*domain, ('gem_rfm', '=like', '51%')]))
        self.assertEqual(
            partners._read_group(domain, ['gem_abc'], ['__count']), [('a', 2), ('b', 1)])
        self.assertEqual(self.customers[0].with_user(self.diane).gem_date_last,
                         date(2026, 6, 24))
