import doctest
from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.gem_crm.core import likeness
from odoo.addons.gem_crm.tests import test_gem_crm_profile_purchase

TODAY = test_gem_crm_profile_purchase.TODAY


class ProductsCommon(test_gem_crm_profile_purchase.FiguresCommon):
    """Adds to the cast: a lantern at 10 (cost 6), candles at 4 (cost 1), postage."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.garden = cls.env['product.category'].create({'name': "Garden"})
        cls.indoors = cls.env['product.category'].create({'name': "Indoors"})
        cls.lantern, cls.candle, cls.postage = cls.env['product.product'].create([
            {'name': "Red lantern", 'list_price': 10, 'standard_price': 6, 'type': 'consu',
             'categ_id': cls.garden.id, 'taxes_id': [Command.clear()]},
            {'name': "Wax candle", 'list_price': 4, 'standard_price': 1, 'type': 'consu',
             'categ_id': cls.indoors.id, 'taxes_id': [Command.clear()]},
            {'name': "Postage", 'list_price': 5, 'type': 'service',
             'taxes_id': [Command.clear()]},
        ])

    @classmethod
    def sell(cls, partner, day, *lines, move_type='out_invoice', post=True, **vals):
        """Post an invoice of (product, quantity) lines."""
        move = cls.env['account.move'].create({
            'move_type': move_type, 'partner_id': partner.id, 'invoice_date': day, 'date': day,
            'invoice_line_ids': [
                Command.create({'product_id': product.id, 'quantity': quantity})
                for product, quantity in lines
            ],
            **vals,
        })
        if post:
            move.action_post()
        return move

    def habits(self, customer, kind='product', company=None):
        return self.env['gem.crm.habit'].search([
            ('partner_id', '=', customer.id), ('kind', '=', kind),
            ('company_id', '=', (company or self.company).id)], order='product_id, categ_id')


@tagged('post_install', '-at_install')
class TestGemCrmHabit(ProductsCommon):

    def test_habits(self):
        # Every 30 days, 30 days ago: due. Candles every 10 days, 90 days ago: dropped.
        self.sell(self.horizon, '2026-04-02', (self.lantern, 4), (self.postage, 1))
        self.sell(self.ines, '2026-05-02', (self.lantern, 2), (self.lantern, 4), (self.postage, 1))
        self.sell(self.horizon, '2026-06-01', (self.lantern, 8))
        self.sell(self.horizon, '2026-03-23', (self.candle, 1))
        self.sell(self.horizon, '2026-04-02', (self.candle, 1))
        self.sell(self.juniper, '2026-04-02', (self.candle, 1))
        self.refresh()
        self.assertRecordValues(self.habits(self.horizon), [
            {
                'product_id': self.lantern.id, 'times': 3, 'quantity': 6, 'interval_days': 30,
                'date_last': date(2026, 6, 1), 'date_next': date(2026, 7, 1), 'state': 'due',
                'months': [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0],
            },
            {
                'product_id': self.candle.id, 'times': 2, 'quantity': 1, 'interval_days': 10,
                'date_last': date(2026, 4, 2), 'date_next': False, 'state': 'dropped',
                'months': [0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0],
            },
        ])
        self.assertRecordValues(self.habits(self.horizon, 'category'), [
            {'categ_id': self.garden.id, 'times': 3, 'quantity': 6, 'product_id': False},
            {'categ_id': self.indoors.id, 'times': 2, 'quantity': 1, 'product_id': False},
        ])
        self.assertFalse(self.habits(self.juniper), "once is no habit")
        lantern, candle = self.habits(self.horizon)
        self.assertGreater(lantern.score, candle.score)
        self.assertRecordValues(self.profile(self.horizon), [
            {'product_count': 2, 'loyalty_kept': 50}])

    def test_habit_ends_with_its_invoices(self):
        self.sell(self.horizon, '2026-05-02', (self.lantern, 4))
        last = self.sell(self.horizon, '2026-06-01', (self.lantern, 4))
        self.refresh()
        place = self.habits(self.horizon)
        self.assertEqual(place.times, 2)
        last.button_cancel()
        self.run_cron()
        self.assertFalse(self.habits(self.horizon))
        self.assertEqual(self.profile(self.horizon).product_count, 1)

    def test_what_is_sent_back_is_no_habit(self):
        self.sell(self.horizon, '2026-05-02', (self.lantern, 4))
        self.sell(self.horizon, '2026-06-01', (self.lantern, 4), move_type='out_refund')
        self.refresh()
        self.assertFalse(self.habits(self.horizon))

    def test_quantity_in_the_unit_of_the_product(self):
        dozen = self.env.ref('uom.product_uom_dozen')
        for day in ('2026-05-02', '2026-06-01'):
            move = self.sell(self.horizon, day, (self.lantern, 2), post=False)
            move.invoice_line_ids.product_uom_id = dozen
            move.invoice_line_ids.quantity = 2
            move.action_post()
        self.refresh()
        self.assertEqual(self.habits(self.horizon).quantity, 24)

    def test_archived_product_keeps_its_habit(self):
        for day in ('2026-05-02', '2026-06-01'):
            self.sell(self.horizon, day, (self.lantern, 2))
        self.lantern.active = False
        self.refresh()
        self.assertEqual(self.habits(self.horizon).product_id, self.lantern)
        self.assertFalse(self.horizon._gem_recommendations(), "but it is not proposed")

    def test_merged_customers_share_their_habits(self):
        self.sell(self.kayak, '2026-05-02', (self.lantern, 2))
        self.sell(self.juniper, '2026-06-01', (self.lantern, 4))
        self.sell(self.kayak, '2026-05-02', (self.candle, 2))
        self.sell(self.kayak, '2026-06-01', (self.candle, 2))
        self.sell(self.juniper, '2026-05-02', (self.candle, 2))
        self.sell(self.juniper, '2026-06-01', (self.candle, 2))
        self.refresh()
        self.env['base.partner.merge.automatic.wizard']._merge(
            (self.juniper | self.kayak).ids, self.juniper)
        self.customers -= self.kayak
        self.run_cron()
        self.assertRecordValues(self.habits(self.juniper), [
            {'product_id': self.lantern.id, 'times': 2, 'quantity': 3},
            {'product_id': self.candle.id, 'times': 2, 'quantity': 4},
        ])

    def test_only_what_changed_is_written(self):
        for customer in (self.horizon, self.juniper):
            for day in ('2026-05-02', '2026-06-01'):
                self.sell(customer, day, (self.lantern, 2))
        self.refresh()

        def places():
            self.env.cr.execute(
                "SELECT partner_id, ctid FROM gem_crm_habit WHERE kind = 'product'"
                " AND partner_id IN %s", [tuple(self.customers.ids)])
            return dict(self.env.cr.fetchall())

        before = places()
        self.assertEqual(len(before), 2)
        self.sell(self.juniper, '2026-06-20', (self.lantern, 2))
        self.refresh()
        moved = {customer for customer, place in places().items() if place != before[customer]}
        self.assertEqual(moved, {self.juniper.id})


@tagged('post_install', '-at_install')
class TestGemCrmRecommendations(ProductsCommon):

    def test_core(self):
        self.assertEqual(doctest.testmod(likeness).failed, 0)

    def test_recommendations(self):
        oil, snow = self.env['product.product'].create([
            {'name': "Lamp oil", 'categ_id': self.garden.id, 'type': 'consu'},
            {'name': "Snow globe", 'categ_id': self.indoors.id, 'type': 'consu'},
        ])
        for day in ('2026-05-02', '2026-06-01'):
            self.sell(self.horizon, day, (self.lantern, 2))
        # each July, and now it is
        for day in ('2024-07-05', '2025-07-05'):
            self.sell(self.horizon, day, (snow, 2))
        for customer in (self.juniper, self.kayak):
            self.sell(customer, '2026-06-01', (self.lantern, 1), (oil, 1))
            self.sell(customer, '2026-06-02', (self.candle, 1))
        self.refresh()
        rows = self.horizon.with_user(self.amelie)._gem_recommendations()
        self.assertEqual([(row['product_id'], row['kind']) for row in rows], [
            (self.lantern.id, 'due'), (snow.id, 'season'), (oil.id, 'complement'),
            (self.candle.id, 'alike'),
        ])
        self.assertEqual(
            rows[0]['reason'], "Takes it every 30 days; the last time was 30 days ago.")
        self.assertIn("2 times out of 2", rows[1]['reason'])
        self.assertIn("together with Red lantern", rows[2]['reason'])
        self.assertIn("Customers who buy Red lantern", rows[3]['reason'])
        with self.assertRaises(AccessError):
            self.horizon.with_user(self.bruno)._gem_recommendations()

    def test_finder(self):
        """A new lantern: who bought lanterns of late, then who asked for one, then who buys."""
        self.sell(self.horizon, '2026-06-01', (self.lantern, 2), (self.candle, 1))
        self.sell(self.juniper, '2026-06-20', (self.candle, 2))
        self.sell(self.lynx, '2025-07-20', (self.lantern, 2))
        self.env['gem.crm.need'].create([
            {'partner_id': self.kayak.id, 'name': "A lantern"},
            {'partner_id': self.juniper.id, 'name': "Invoices for the town hall"},
        ])
        self.refresh()
        new = self.env['product.product'].create({
            'name': "The blue lantern for gardens", 'list_price': 12, 'categ_id': self.garden.id})
        rows = self.Profile._find_customers(new)
        found = [row for row in rows if row['partner_id'] in self.customers.ids]
        self.assertEqual(
            [row['partner_id'] for row in found],
            [customer.id for customer in (self.kayak, self.horizon, self.juniper, self.lynx)])
        reasons = {row['partner_id']: row['reasons'][0] for row in found}
        self.assertIn("Has bought", reasons[self.horizon.id])
        self.assertIn("Red lantern", reasons[self.horizon.id])
        self.assertEqual(reasons[self.kayak.id], "Declared need: A lantern.")
        self.assertIn("nothing like it", reasons[self.juniper.id])
        seen = {row['partner_id'] for row in self.Profile.with_user(
            self.amelie)._find_customers(new.with_user(self.amelie))}
        self.assertNotIn(self.juniper.id, seen, "who is not Amelie's")


@tagged('post_install', '-at_install')
class TestGemCrmProfileHistory(ProductsCommon):

    def test_months_before_the_add_on_came(self):
        for day in ('2025-12-01', '2025-12-11', '2025-12-21', '2026-04-15'):
            self.buy(self.horizon, (day, 10))
        self.buy(self.juniper, ('2026-05-01', 30), ('2026-05-15', -5))
        self.refresh()
        History = self.env['gem.crm.profile.history']
        rows = History.search([('partner_id', '=', self.horizon.id)], order='month')
        self.assertEqual(
            [(row.month.month, row.attrition, row.revenue) for row in rows], [
                (12, 'active', 30), (1, 'risk', 0), (2, 'lost', 0), (3, 'lost', 0),
                (4, 'active', 10), (5, 'active', 0), (6, 'active', 0), (7, 'active', 0),
            ])
        [may, june, july] = History.search([('partner_id', '=', self.juniper.id)], order='month')
        self.assertRecordValues(may + june + july, [
            {'lifecycle': 'new', 'revenue': 25, 'month': date(2026, 5, 1)},
            {'lifecycle': 'new', 'revenue': 0, 'month': date(2026, 6, 1)},
            {'lifecycle': 'new', 'revenue': 0, 'month': date(2026, 7, 1)},
        ])
        self.assertFalse((may + june).filtered('rfm'), "nobody took their ranks down")
        self.assertTrue(july.rfm)
        rates = {
            rate['month'].month: rate
            for rate in History._rates([('id', 'in', self.customers.ids)], months=8)
        }
        self.assertEqual(rates[2]['lost'], 1)
        self.assertEqual(rates[2]['attrition'], 100.0)
        self.assertEqual(rates[4]['won_back'], 1)
        self.assertEqual((rates[5]['customers'], rates[5]['new'], rates[5]['retention']),
                         (1, 1, 100.0))

    def test_month_by_month(self):
        self.buy(self.horizon, ('2026-06-20', 10))
        self.refresh()
        with patch.object(self.registry['gem.crm.profile'], '_today',
                          lambda self: date(2026, 8, 1)):
            self.refresh()
        months = self.env['gem.crm.profile.history'].search(
            [('partner_id', '=', self.horizon.id)], order='month')
        self.assertEqual([row.month.month for row in months], [6, 7, 8])
        self.assertEqual(months[-1].rfm, '111')
