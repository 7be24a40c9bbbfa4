from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from odoo.addons.gem_crm.tests import test_gem_crm_habit


class DocumentsCommon(test_gem_crm_habit.ProductsCommon):
    """Invoices are due on their day, unless a test says otherwise."""

    @classmethod
    def sell(cls, partner, day, *lines, **vals):
        return super().sell(partner, day, *lines, **{'invoice_date_due': day, **vals})

    @classmethod
    def sell_in_otter(cls, partner, day, *lines, **vals):
        journal = cls.env['account.journal'].search(
            [('company_id', '=', cls.otter.id), ('type', '=', 'sale')], limit=1)
        move = cls.env['account.move'].with_company(cls.otter).create({
            'move_type': 'out_invoice', 'partner_id': partner.id, 'invoice_date': day,
            'date': day, 'invoice_date_due': day, 'journal_id': journal.id,
            'invoice_line_ids': [
                Command.create({
                    'product_id': product.id, 'quantity': quantity, 'price_unit': 8,
                    'tax_ids': [Command.clear()]})
                for product, quantity in lines
            ],
            **vals,
        })
        move.action_post()
        return move

    @classmethod
    def pay(cls, move, day, amount=None, **vals):
        wizard = cls.env['account.payment.register'].with_context(
            active_model='account.move', active_ids=move.ids,
        ).create({'payment_date': day, **vals})
        if amount:
            wizard.amount = amount
        return wizard._create_payments()

    def merge(self, source, kept):
        self.env['base.partner.merge.automatic.wizard']._merge((source | kept).ids, kept)
        self.customers -= source
        self.run_cron()


@tagged('post_install', '-at_install')
class TestEveryDocument(DocumentsCommon):
    """What Horizon was sent in a spring, and what is none of a customer's figures.

    Ten lanterns on three days: to Ines, in euro, and plainly. A candle for nothing. Five
    lanterns taken back without an invoice. A bill of Horizon's own, a draft that was deleted, an
    invoice that was cancelled, one of a day to come, and one of Otter Prints.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        euro = cls.setup_other_currency('EUR', rates=[('2026-01-01', 2.0)])
        cls.sell(cls.ines, '2026-04-02', (cls.lantern, 10))
        cls.sell(cls.horizon, '2026-05-02', (cls.lantern, 10), currency_id=euro.id)
        cls.sell(cls.horizon, '2026-06-01', (cls.lantern, 10))
        free = cls.sell(cls.horizon, '2026-06-05', (cls.candle, 1), post=False)
        free.invoice_line_ids.price_unit = 0
        free.action_post()
        cls.sell(cls.horizon, '2026-06-10', (cls.lantern, 5), move_type='out_refund')
        cls.sell(cls.horizon, '2026-06-15', (cls.lantern, 300), move_type='in_invoice')
        cls.sell(cls.horizon, '2026-06-20', (cls.lantern, 300), post=False).unlink()
        cls.sell(cls.horizon, '2026-06-21', (cls.lantern, 300)).button_cancel()
        cls.sell(cls.horizon, '2026-07-02', (cls.lantern, 300))
        cls.sell_in_otter(cls.horizon, '2026-06-25', (cls.candle, 1))

    def setUp(self):
        super().setUp()
        self.refresh(self.company, self.otter)

    def check(self, customer, **figures):
        self.assertRecordValues(self.profile(customer), [figures])

    def test_purchases(self):
        self.check(
            self.horizon, purchase_count=3, date_first=date(2026, 4, 2),
            date_last=date(2026, 6, 1), revenue=250, revenue_12m=250, revenue_previous_12m=0,
            revenue_24m=250, revenue_trend=0, basket=83.33, product_count=2, lifecycle='existing')
        self.assertRecordValues(self.profile(self.horizon, self.otter), [{
            'purchase_count': 1, 'revenue': 8, 'basket': 8, 'lifecycle': 'new'}])

    def test_rhythm(self):
        fading = 0.5 ** (90 / 91) + 0.5 ** (60 / 91) + 0.5 ** (30 / 91)
        self.check(
            self.horizon, interval_days=30, interval_spread=0, rhythm_ratio=1, is_overdue=False,
            fading=round(fading, 3), activity=round(fading, 3), date_next=date(2026, 7, 1),
            attrition='active')
        self.assertRecordValues(self.profile(self.horizon, self.otter), [{
            'interval_days': 0, 'fading': round(0.5 ** (6 / 91), 3), 'date_next': False}])

    def test_margin(self):
        # 30 lanterns less 5 at 6, and what the candle for nothing cost
        self.check(
            self.horizon, cost_12m=151, margin_12m=99, margin_rate=39.6,
            margin_is_estimated=False, profitability='profitable')

    def test_loyalty_and_ranks(self):
        self.check(
            self.horizon, loyalty='loyal', loyalty_months=3, loyalty_gaps=0, loyalty_kept=100,
            purchase_count_24m=3, abc='a', abc_revenue=250, rfm='111')

    def test_habits(self):
        [habit] = self.habits(self.horizon)
        self.assertRecordValues(habit, [{
            'product_id': self.lantern.id, 'times': 3, 'quantity': 10, 'interval_days': 30,
            'date_last': date(2026, 6, 1), 'date_next': date(2026, 7, 1), 'state': 'due',
            'months': [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0],
        }])
        self.assertEqual(self.habits(self.horizon, 'category').categ_id, self.garden)
        self.assertFalse(self.habits(self.horizon, company=self.otter))

    def test_history(self):
        History = self.env['gem.crm.profile.history']

        def months(company):
            return [(row.month.month, row.revenue) for row in History.search([
                ('partner_id', '=', self.horizon.id), ('company_id', '=', company.id),
            ], order='month')]

        self.assertEqual(months(self.company), [(4, 100), (5, 100), (6, 50), (7, 0)])
        self.assertEqual(months(self.otter), [(6, 8), (7, 0)])

    def test_payment(self):
        """Nothing was paid: what each document was due for, and no credit against it."""
        self.check(
            self.horizon, payment_count=0, payment_days_late=0, payment_on_time=0,
            overdue=300, overdue_days=90, credit_class='weak')
        self.assertRecordValues(self.profile(self.horizon, self.otter), [
            {'overdue': 8, 'overdue_days': 6, 'credit_class': 'normal'}])

    def test_merged_with_a_customer_of_the_same_kind(self):
        """Kayak took two lanterns on the 2nd of May as well, and a candle in June."""
        self.sell(self.kayak, '2026-05-02', (self.lantern, 2))
        self.sell(self.kayak, '2026-06-11', (self.candle, 1))
        # as if the add-on came now
        self.env['gem.crm.profile.history'].sudo().search([]).unlink()
        self.refresh(self.company, self.otter)
        self.merge(self.kayak, self.horizon)
        self.check(
            self.horizon, purchase_count=4, revenue=274, cost_12m=164, margin_12m=110,
            interval_days=23.3, date_last=date(2026, 6, 11), overdue=324, product_count=2)
        lantern, candle = self.habits(self.horizon)
        self.assertRecordValues(lantern + candle, [
            {'times': 3, 'quantity': 10.67, 'interval_days': 30},
            {'times': 2, 'quantity': 1, 'interval_days': 6},
        ])
        rows = self.env['gem.crm.profile.history'].search([
            ('partner_id', '=', self.horizon.id), ('company_id', '=', self.company.id),
        ], order='month')
        self.assertEqual([row.revenue for row in rows], [100, 120, 54, 0])


@tagged('post_install', '-at_install')
class TestEveryPayment(DocumentsCommon):

    def bill(self, partner, amount, **vals):
        return self.invoice(partner, amount, **{
            'invoice_date': '2026-03-01', 'date': '2026-03-01', 'invoice_date_due': '2026-04-01',
            'invoice_payment_term_id': False, **vals})

    def test_payment_of_a_foreign_invoice_is_one(self):
        """A rate that fell or rose since is no second payment."""
        euro = self.setup_other_currency('EUR', rates=[('2026-01-01', 2.0), ('2026-04-01', 4.0)])
        fallen = self.bill(self.horizon, 400, currency_id=euro.id)
        self.pay(fallen, '2026-04-11')
        self.bill(self.horizon, 100, currency_id=euro.id)
        pound = self.setup_other_currency('GBP', rates=[('2026-01-01', 4.0), ('2026-04-01', 2.0)])
        risen = self.bill(self.juniper, 400, currency_id=pound.id)
        self.pay(risen, '2026-04-21')
        self.refresh()
        self.assertEqual((fallen | risen).mapped('payment_state'), ['paid', 'paid'])
        self.assertRecordValues(self.profile(self.horizon) + self.profile(self.juniper), [
            {'payment_count': 1, 'payment_days_late': 10, 'payment_on_time': 0, 'overdue': 50},
            {'payment_count': 1, 'payment_days_late': 20, 'payment_on_time': 0, 'overdue': 0},
        ])

    def test_contact_pays_for_the_company(self):
        self.pay(self.bill(self.ines, 100), '2026-04-11')
        self.refresh()
        self.assertRecordValues(self.profile(self.horizon), [
            {'payment_count': 1, 'payment_days_late': 10}])

    def test_supplier_who_is_paid_late(self):
        """What we owe, and pay late, tells nothing of how the customer pays."""
        ours = self.bill(self.horizon, 100, move_type='in_invoice')
        self.pay(ours, '2026-06-01')
        self.bill(self.horizon, 70, move_type='in_invoice')
        self.refresh()
        self.assertRecordValues(self.profile(self.horizon), [
            {'payment_count': 0, 'overdue': 0, 'credit_class': False}])

    def test_money_given_back(self):
        """For a credit note without invoice: neither paid nor owed."""
        self.pay(self.bill(self.horizon, 100, move_type='out_refund'), '2026-06-01')
        self.bill(self.juniper, 100, move_type='out_refund')
        self.bill(self.kayak, 0)
        self.refresh()
        self.assertRecordValues(
            self.profile(self.horizon) + self.profile(self.juniper) + self.profile(self.kayak),
            [{'payment_count': 0, 'payment_days_late': 0, 'overdue': 0, 'overdue_days': 0}] * 3)

    def test_payment_that_was_undone(self):
        move = self.bill(self.horizon, 100)
        self.pay(move, '2026-03-20')
        self.run_cron()
        self.assertRecordValues(self.profile(self.horizon), [
            {'payment_count': 1, 'payment_on_time': 100, 'overdue': 0}])
        move.line_ids.remove_move_reconcile()
        self.run_cron()
        self.assertRecordValues(self.profile(self.horizon), [
            {'payment_count': 0, 'payment_on_time': 0, 'overdue': 100, 'overdue_days': 91}])

    def test_merged_customers_pay_as_one(self):
        self.pay(self.bill(self.kayak, 100), '2026-04-11')
        self.pay(self.bill(self.juniper, 300), '2026-03-20')
        self.bill(self.kayak, 30)
        self.refresh()
        self.merge(self.kayak, self.juniper)
        self.assertRecordValues(self.profile(self.juniper), [{
            'payment_count': 2, 'payment_days_late': 2.5, 'payment_on_time': 75, 'overdue': 30}])

    def test_draft_that_was_deleted(self):
        self.bill(self.horizon, 100, post=False).unlink()
        self.refresh()
        self.assertRecordValues(self.profile(self.horizon), [{'overdue': 0, 'credit_class': False}])


@tagged('post_install', '-at_install')
class TestEveryProposal(DocumentsCommon):
    """Whom to propose what, with every kind of document and of product."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.oil = cls.env['product.product'].create({
            'name': "Lamp oil", 'categ_id': cls.garden.id, 'type': 'consu', 'list_price': 3,
            'taxes_id': [Command.clear()]})
        for customer in (cls.juniper, cls.kayak):
            cls.sell(customer, '2026-06-01', (cls.lantern, 1), (cls.oil, 1))

    def proposed(self, customer):
        return [(row['product_id'], row['kind']) for row in customer._gem_recommendations()]

    def test_what_goes_with_the_last_invoice(self):
        """Lanterns that were sent back are not what goes with his candles."""
        self.sell(self.horizon, '2026-06-10', (self.candle, 1))
        self.sell(self.horizon, '2026-06-20', (self.lantern, 1), move_type='out_refund')
        self.sell(self.horizon, '2026-06-21', (self.lantern, 1), move_type='in_invoice')
        self.sell(self.horizon, '2026-06-22', (self.lantern, 1), post=False)
        self.sell(self.horizon, '2026-06-23', (self.lantern, 1)).button_cancel()
        self.sell_in_otter(self.horizon, '2026-06-24', (self.lantern, 1))
        self.refresh()
        self.assertEqual(self.proposed(self.horizon), [])
        self.sell(self.ines, '2026-06-25', (self.lantern, 1))
        self.assertEqual(self.proposed(self.horizon), [(self.oil.id, 'complement')])
        self.oil.active = False
        self.assertEqual(self.proposed(self.horizon), [], "it is no longer sold")

    def test_what_merged_customers_bought(self):
        self.sell(self.lynx, '2026-06-01', (self.lantern, 1))
        self.sell(self.horizon, '2026-06-01', (self.oil, 1))
        self.refresh()
        self.assertEqual(self.proposed(self.lynx), [(self.oil.id, 'complement')])
        self.horizon.child_ids.parent_id = False
        self.merge(self.horizon, self.lynx)
        self.assertEqual(self.proposed(self.lynx), [], "he has both")

    def find(self, *products, user=None):
        products = self.env['product.product'].browse(product.id for product in products)
        Profile = self.Profile.with_user(user or self.chloe)
        return {
            row['partner_id']: row
            for row in Profile._find_customers(products.with_user(user or self.chloe))
            if row['partner_id'] in self.customers.ids
        }

    def test_who_wants_it(self):
        """Only what was really sold to them, by this company, counts."""
        self.sell(self.horizon, '2026-06-21', (self.lantern, 1), move_type='in_invoice')
        self.sell(self.horizon, '2026-06-22', (self.lantern, 1), post=False)
        self.sell(self.horizon, '2026-06-23', (self.lantern, 1)).button_cancel()
        self.sell(self.horizon, '2026-06-24', (self.lantern, 1), move_type='out_refund')
        self.sell_in_otter(self.horizon, '2026-06-25', (self.lantern, 1))
        self.sell(self.lynx, '2026-06-01', (self.candle, 1))
        self.refresh(self.company, self.otter)
        found = self.find(self.lantern)
        self.assertEqual(list(found), (self.juniper | self.kayak | self.lynx).ids)
        self.assertEqual(found[self.juniper.id]['reasons'], ["Has bought it: Red lantern."])
        self.assertEqual(
            found[self.lynx.id]['reasons'], ["Buys much of late, though nothing like it yet."])
        self.sell(self.ines, '2026-06-26', (self.lantern, 1))
        self.run_cron()
        self.assertEqual(
            self.find(self.lantern)[self.horizon.id]['reasons'], ["Has bought it: Red lantern."])

    def test_several_products_new_ones_too(self):
        """Each customer by whichever of them he would want most."""
        self.sell(self.horizon, '2026-06-10', (self.candle, 2))
        self.refresh()
        new_candle, new_lantern = self.env['product.product'].create([
            {'name': "Wax candle, scented", 'list_price': 5, 'categ_id': self.indoors.id},
            {'name': "Green lantern", 'list_price': 11, 'categ_id': self.garden.id},
        ])
        alone = self.find(new_candle)
        self.assertEqual(next(iter(alone)), self.horizon.id)
        both = self.find(new_candle, new_lantern)
        self.assertIn("Wax candle", both[self.horizon.id]['reasons'][0])
        self.assertIn("Red lantern", both[self.juniper.id]['reasons'][0])
        self.assertGreater(both[self.juniper.id]['score'], alone[self.juniper.id]['score'])
        self.assertEqual(both[self.horizon.id]['reasons'], alone[self.horizon.id]['reasons'])
        self.lantern.active = False
        self.assertIn(
            "Red lantern", self.find(new_lantern)[self.juniper.id]['reasons'][0],
            "who bought what is no longer sold may want what follows it")
        self.assertEqual(self.find(), {})

    def test_who_is_archived_is_not_found(self):
        self.refresh()
        self.juniper.active = False
        self.assertEqual(list(self.find(self.lantern)), self.kayak.ids)

    def test_merged_customers_are_found_once(self):
        self.refresh()
        self.merge(self.kayak, self.juniper)
        found = self.find(self.lantern)
        self.assertEqual(list(found), self.juniper.ids)
        self.assertEqual(found[self.juniper.id]['reasons'], ["Has bought it: Red lantern."])


@tagged('post_install', '-at_install')
class TestEveryMonth(DocumentsCommon):

    def months(self, customer):
        return [(row.month.month, row.revenue, row.lifecycle) for row in self.env[
            'gem.crm.profile.history'].search([
                ('partner_id', '=', customer.id), ('company_id', '=', self.company.id),
            ], order='month')]

    def night(self, day):
        with patch.object(self.registry['gem.crm.profile'], '_today', lambda self: day):
            self.refresh()

    def test_last_day_of_a_month_counts(self):
        """The last night of July has not seen what is invoiced by day."""
        self.buy(self.horizon, ('2026-07-10', 10))
        self.night(date(2026, 7, 31))
        self.buy(self.horizon, ('2026-07-31', 100))
        self.buy(self.juniper, ('2026-07-31', 40))
        self.buy(self.kayak, ('2026-08-01', 7))
        self.night(date(2026, 8, 1))
        self.assertEqual(self.months(self.horizon), [(7, 110, 'new'), (8, 0, 'new')])
        self.assertEqual(self.months(self.juniper), [(7, 40, 'new'), (8, 0, 'new')])
        self.assertEqual(self.months(self.kayak), [(8, 7, 'new')])
        rates = self.env['gem.crm.profile.history'].with_company(self.company)
        with patch.object(self.registry['gem.crm.profile'], '_today',
                          lambda self: date(2026, 8, 1)):
            july, august = rates._rates([('id', 'in', self.customers.ids)], months=2)
        self.assertEqual((july['new'], august['new']), (2, 1))

    def test_nights_that_were_missed(self):
        """No month is left out, or all would be new in the one after."""
        self.buy(self.horizon, ('2026-06-10', 10))
        self.night(date(2026, 6, 20))
        self.buy(self.horizon, ('2026-07-31', 100))
        self.buy(self.juniper, ('2026-08-31', 40))
        self.night(date(2026, 9, 2))
        self.assertEqual(
            [row[:2] for row in self.months(self.horizon)], [(6, 10), (7, 100), (8, 0), (9, 0)])
        self.assertEqual([row[:2] for row in self.months(self.juniper)], [(8, 40), (9, 0)])

    def test_closed_months_stay_as_they_were(self):
        self.buy(self.horizon, ('2026-07-10', 10))
        self.night(date(2026, 7, 31))
        self.night(date(2026, 8, 1))
        self.buy(self.horizon, ('2026-07-30', 5))
        self.night(date(2026, 8, 2))
        self.assertEqual(self.months(self.horizon), [(7, 10, 'new'), (8, 0, 'new')])
