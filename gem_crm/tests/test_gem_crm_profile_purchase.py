from datetime import date, timedelta
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.gem_crm.tests import test_gem_crm_profile

TODAY = date(2026, 7, 1)


class FiguresCommon(test_gem_crm_profile.ProfileCommon):
    """The figures are told from the 1st of July 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(patch.object(
            cls.registry['gem.crm.profile'], '_today', lambda self: TODAY))

    @classmethod
    def buy(cls, partner, *purchases):
        """Post an invoice, or a credit note if negative, for each (day, amount)."""
        moves = cls.env['account.move']
        for day, amount in purchases:
            moves += cls.invoice(
                partner, abs(amount), 'out_refund' if amount < 0 else 'out_invoice', post=False,
                invoice_date=day, date=day)
        moves.action_post()
        return moves

    def refresh(self, *companies):
        for company in companies or [self.company]:
            self.Profile._refresh(self.customers.ids, company)
            self.Profile._rank(company)
        self.env.flush_all()

    def profile(self, customer, company=None):
        return self.Profile.search([
            ('partner_id', '=', customer.id), ('company_id', '=', (company or self.company).id)])


@tagged('post_install', '-at_install')
class TestGemCrmProfilePurchase(FiguresCommon):

    def test_purchases(self):
        self.buy(
            self.horizon, ('2024-05-01', 1000), ('2024-08-01', 400), ('2025-07-01', 200),
            ('2025-07-02', 90), ('2026-01-15', 100), ('2026-01-15', 50), ('2026-06-30', -40),
        )
        self.buy(self.ines, ('2026-06-01', 10))
        self.refresh()
        self.assertRecordValues(self.profile(self.horizon), [{
            'date_first': date(2024, 5, 1),
            'date_last': date(2026, 6, 1),
            'purchase_count': 6,  # two invoices of one day are one purchase
            'revenue': 1810,
            'revenue_12m': 210,  # from the 2nd of July on
            'revenue_previous_12m': 600,
            'revenue_24m': 810,
            'revenue_trend': -65,
            'basket': 162,
            'lifecycle': 'existing',
        }])

    def test_credit_note_is_no_purchase(self):
        """Nor is an invoice of nothing or less, nor a credit note without invoice."""
        self.buy(self.horizon, ('2026-01-15', 100), ('2026-03-15', -130))
        self.buy(self.juniper, ('2026-01-15', 0))
        self.buy(self.kayak, ('2026-01-15', -70))
        rebate = self.buy(self.lynx, ('2026-01-15', 80))
        rebate.button_draft()
        rebate.invoice_line_ids.quantity = -1
        rebate.move_type = 'out_invoice'
        self.refresh()
        self.assertRecordValues(
            self.profile(self.horizon) + self.profile(self.juniper) + self.profile(self.kayak), [
                {'purchase_count': 1, 'revenue': -30, 'date_last': date(2026, 1, 15)},
                {'purchase_count': 0, 'revenue': 0, 'date_last': False},
                {'purchase_count': 0, 'revenue': -70, 'date_last': False},
            ])
        self.assertEqual(self.profile(self.juniper).lifecycle, 'potential')
        self.assertRecordValues(self.profile(self.lynx), [{'purchase_count': 0, 'revenue': 0}])

    def test_lifecycle(self):
        self.buy(self.horizon, ('2026-05-01', 10))
        self.buy(self.juniper, ('2025-06-30', 10))
        # once in ten months: a silence of 13 months is not unusual
        self.buy(self.kayak, ('2023-11-01', 10), ('2024-08-01', 10), ('2025-06-01', 10))
        self.refresh()
        lifecycles = [self.profile(customer).lifecycle for customer in self.customers]
        self.assertEqual(lifecycles, ['new', 'lapsed', 'existing', 'potential'])
        self.company.gem_new_days = 30
        self.company.gem_lapsed_days = 700
        self.run_cron()
        lifecycles = [self.profile(customer).lifecycle for customer in self.customers]
        self.assertEqual(lifecycles, ['existing', 'existing', 'existing', 'potential'])

    def test_invoice_of_a_day_to_come(self):
        self.buy(self.horizon, ('2026-06-01', 10), ('2026-07-02', 1000))
        self.refresh()
        self.assertRecordValues(self.profile(self.horizon), [{'revenue': 10, 'purchase_count': 1}])

    def test_deleted_draft(self):
        self.buy(self.horizon, ('2026-06-01', 10))
        draft = self.invoice(self.horizon, 1000, post=False, invoice_date='2026-06-02')
        self.refresh()
        self.marks()
        draft.unlink()
        self.assertNotIn((self.horizon.id, self.company.id), self.marks())
        self.refresh()
        self.assertRecordValues(self.profile(self.horizon), [{'revenue': 10, 'purchase_count': 1}])

    def test_customer_who_is_a_supplier_too(self):
        self.buy(self.horizon, ('2026-06-01', 10))
        self.invoice(self.horizon, 999, 'in_invoice')
        self.refresh()
        self.assertRecordValues(self.profile(self.horizon), [{'revenue': 10, 'purchase_count': 1}])


@tagged('post_install', '-at_install')
class TestGemCrmProfileRhythm(FiguresCommon):

    def test_rhythm(self):
        # Gaps of 28 and 42 days; the last purchase was 14 days ago.
        self.buy(self.horizon, ('2026-04-08', 10), ('2026-05-06', 10), ('2026-06-17', 10))
        # Late: every 10 days, and nothing for 21.
        self.buy(self.juniper, ('2026-05-31', 10), ('2026-06-10', 10))
        self.buy(self.kayak, ('2026-06-01', 10))
        self.refresh()
        self.assertRecordValues(
            self.profile(self.horizon) + self.profile(self.juniper) + self.profile(self.kayak), [
                {
                    'interval_days': 35, 'interval_spread': 9.9, 'rhythm_ratio': 0.4,
                    'date_next_from': date(2026, 7, 12), 'date_next': date(2026, 7, 22),
                    'date_next_until': date(2026, 8, 1), 'is_overdue': False,
                },
                {
                    'interval_days': 10, 'interval_spread': 0, 'rhythm_ratio': 2.1,
                    'date_next_from': date(2026, 7, 1), 'date_next': date(2026, 7, 6),
                    'date_next_until': date(2026, 7, 11), 'is_overdue': True,
                },
                {
                    'interval_days': 0, 'interval_spread': 0, 'rhythm_ratio': 0,
                    'date_next_from': False, 'date_next': False,
                    'date_next_until': False, 'is_overdue': False,
                },
            ])

    def test_activity(self):
        """With a pencil: each purchase halves in 13 weeks; the silence is held against it.

        The median customer's interval is 35 days, the only one known.
        """
        self.buy(self.horizon, ('2026-04-01', 10), ('2026-05-06', 10), ('2026-06-10', 10))
        self.buy(self.juniper, ('2025-07-02', 10))
        self.refresh()
        horizon = 0.5 ** 1 + 0.5 ** (56 / 91) + 0.5 ** (21 / 91)
        # usual gap (0 + 2 × 35) / 2 = 35 days; 364 days of silence are 10.4 of them
        juniper = 0.5 ** 4 * 2 / 10.4
        self.assertEqual(self.profile(self.horizon).activity, round(horizon, 3))
        self.assertAlmostEqual(self.profile(self.juniper).activity, juniper, 3)
        self.assertEqual(self.profile(self.horizon).fading, round(horizon, 3))

    def test_attrition(self):
        """Every ten days, until 15, 25, 35 and 65 days ago."""
        for customer, days in zip(self.customers, (
            ('05-27', '06-06', '06-16'), ('05-17', '05-27', '06-06'),
            ('05-07', '05-17', '05-27'), ('04-07', '04-17', '04-27'),
        ), strict=True):
            self.buy(customer, *((f'2026-{day}', 10) for day in days))
        self.refresh()
        attritions = [self.profile(customer).attrition for customer in self.customers]
        self.assertEqual(attritions, ['active', 'slowing', 'risk', 'lost'])
        self.assertFalse(self.profile(self.lynx).date_next, "nothing is expected of who is lost")
        self.buy(self.lynx, ('2026-07-01', 10))
        self.refresh()
        self.assertRecordValues(self.profile(self.lynx), [{
            'attrition': 'active', 'attrition_previous': 'lost', 'attrition_since': TODAY,
        }])
        self.company.gem_risk_intervals = 4
        self.run_cron()
        self.assertEqual(self.profile(self.kayak).attrition, 'slowing')

    def test_chance_is_learned_from_90_days_ago(self):
        """Of twenty customers, the ten who were active then bought again, but two."""
        customers = self.env['res.partner'].create([
            {'name': f"Customer {number}", 'is_company': True} for number in range(20)])
        self.customers = customers
        for number, customer in enumerate(customers):
            days = ['2026-03-02'] if number < 10 else ['2025-04-02']
            days += ['2026-06-12'] if 2 <= number < 10 else []
            self.buy(customer, *((day, 10) for day in days))
        self.refresh()
        self.assertRecordValues(self.env['gem.crm.profile.scale'].search([
            ('company_id', '=', self.company.id), ('figure', '=', 'chance')]), [
            {'result': 0, 'sample': 10}, {'result': 80, 'sample': 10},
        ])
        self.assertEqual(self.profile(customers[5]).chance, 80)
        self.assertEqual(self.profile(customers[0]).chance, 0, "silent since March")
        self.assertEqual(self.profile(customers[15]).chance, 0)

    def test_chance_does_not_fall_as_activity_rises(self):
        """Of forty customers, who bought last week bought again less often than those before."""
        self.customers = self.env['res.partner'].create([
            {'name': f"Customer {number}", 'is_company': True} for number in range(40)])
        # tens by rising activity: when they bought last, and how many bought within 90 days
        for ten, (days, buyers) in enumerate(((300, 1), (200, 6), (100, 4), (10, 8))):
            for number, customer in enumerate(self.customers[10 * ten:10 * ten + 10]):
                self.buy(customer, (TODAY - timedelta(days=90 + days), 10))
                if number < buyers:
                    self.buy(customer, (TODAY - timedelta(days=30), 10))
        self.refresh()
        scale = self.env['gem.crm.profile.scale'].search([
            ('company_id', '=', self.company.id), ('figure', '=', 'chance')])
        self.assertEqual(scale.mapped('result'), [10, 50, 50, 80])
        self.assertEqual(scale.mapped('sample'), [10] * 4)

    def test_no_chance_is_told_among_few(self):
        """With fewer than twenty customers, the lost would have the same chance as the best."""
        self.customers = self.env['res.partner'].create([
            {'name': f"Customer {number}", 'is_company': True} for number in range(19)])
        for customer in self.customers:
            self.buy(customer, ('2026-03-02', 10), ('2026-06-12', 10))
        self.refresh()
        self.assertFalse(self.env['gem.crm.profile.scale'].search([
            ('company_id', '=', self.company.id), ('figure', '=', 'chance')]))
        self.assertFalse(self.profile(self.customers[0]).chance)
