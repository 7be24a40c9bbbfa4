from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.gem_crm.tests import test_gem_crm_habit


@tagged('post_install', '-at_install')
class TestGemCrmProfilePayment(test_gem_crm_habit.ProductsCommon):

    def bill(self, partner, day, due, amount, paid_on=None, paid=None):
        """Post an invoice due on a day, and pay it, or a part of it, on another."""
        move = self.invoice(
            partner, amount, invoice_date=day, date=day, post=False,
            invoice_payment_term_id=False, invoice_date_due=due)
        move.action_post()
        if paid_on:
            self.env['account.payment.register'].with_context(
                active_model='account.move', active_ids=move.ids,
            ).create({'payment_date': paid_on, 'amount': paid or amount})._create_payments()
        return move

    def test_days_late_are_weighted(self):
        # 100 on time (early, even), 300 ten days late, of which 200 again 20 days later
        self.bill(self.horizon, '2026-01-01', '2026-01-31', 100, '2026-01-05')
        self.bill(self.horizon, '2026-02-01', '2026-03-01', 100, '2026-03-11')
        part = self.bill(self.horizon, '2026-03-01', '2026-04-01', 200, '2026-04-01', 100)
        self.env['account.payment.register'].with_context(
            active_model='account.move', active_ids=part.ids,
        ).create({'payment_date': '2026-04-21', 'amount': 100})._create_payments()
        self.refresh()
        self.assertRecordValues(self.profile(self.horizon), [{
            'payment_count': 4,
            'payment_days_late': 7.5,  # (10 × 100 + 20 × 100) / 400
            'payment_on_time': 50,
            'overdue': 0,
            'credit_class': 'normal',
        }])

    def test_credit_note_is_no_payment(self):
        invoice = self.bill(self.horizon, '2026-01-01', '2026-01-31', 100)
        credit = self.invoice(self.horizon, 100, 'out_refund')
        (invoice + credit).line_ids.filtered(
            lambda line: line.display_type == 'payment_term').reconcile()
        self.refresh()
        self.assertRecordValues(self.profile(self.horizon), [{
            'payment_count': 0, 'overdue': 0, 'overdue_days': 0}])

    def test_credit_classes(self):
        for month in ('01', '02', '03'):
            self.bill(self.horizon, f'2026-{month}-01', f'2026-{month}-28', 100,
                      f'2026-{month}-20')
        self.bill(self.juniper, '2026-03-01', '2026-04-01', 80)
        self.bill(self.juniper, '2026-03-01', '2026-06-30', 20)
        self.bill(self.kayak, '2026-06-15', '2026-07-01', 50)
        self.refresh()
        classes = [self.profile(customer).credit_class for customer in self.customers]
        self.assertEqual(classes, ['strong', 'weak', 'normal', False])
        juniper = self.profile(self.juniper)
        self.assertRecordValues(juniper, [{'overdue': 100, 'overdue_days': 91}])
        self.assertIn("overdue, the oldest for 91 days", juniper.credit_reasons)
        self.assertIn("before the next delivery", juniper.credit_advice)
        self.assertIn("100 % came on time", self.profile(self.horizon).credit_reasons)

    def test_payment_reaches_the_figure(self):
        move = self.bill(self.juniper, '2026-03-01', '2026-04-01', 80)
        self.run_cron()
        self.assertEqual(self.profile(self.juniper).overdue, 80)
        self.env['account.payment.register'].with_context(
            active_model='account.move', active_ids=move.ids,
        ).create({'payment_date': '2026-06-30', 'amount': 30})._create_payments()
        self.run_cron()
        self.assertRecordValues(self.profile(self.juniper), [{
            'overdue': 50, 'payment_days_late': 90, 'payment_on_time': 0}])

    def test_trend(self):
        self.bill(self.horizon, '2025-08-01', '2025-09-01', 100, '2025-09-03')
        self.bill(self.horizon, '2026-03-01', '2026-04-01', 100, '2026-04-11')
        self.refresh()
        self.assertEqual(self.profile(self.horizon).payment_trend, 8)

    def test_what_is_disputed_and_promised(self):
        """Of two promises one was kept in part: less than half, and the credit is weak."""
        first = self.bill(self.horizon, '2026-05-01', '2026-05-31', 100)
        second = self.bill(self.horizon, '2026-06-01', '2026-07-31', 200)
        self.env['gem.crm.dispute'].create({
            'move_id': second.id, 'amount': 30,
            'reason_id': self.env['gem.crm.dispute.reason'].create({'name': "Price"}).id,
        })
        promises = self.env['gem.crm.promise'].create([
            {'move_id': first.id, 'amount': 40, 'date': '2099-01-01'},
            {'move_id': second.id, 'amount': 25, 'date': '2099-01-01'},
        ])
        self.run_cron()
        self.assertRecordValues(self.profile(self.horizon), [{
            'disputed': 30, 'promised': 65, 'promise_count': 0, 'credit_class': 'normal'}])
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE gem_crm_promise SET state = 'broken' WHERE id IN %s", [tuple(promises.ids)])
        self.refresh()
        profile = self.profile(self.horizon)
        self.assertRecordValues(profile, [{
            'promised': 0, 'promise_count': 2, 'promise_kept': 0, 'credit_class': 'weak'}])
        self.assertIn("Of 2 promises to pay, 0 % were kept", profile.credit_reasons)
        self.assertIn("disputed", profile.credit_reasons)


@tagged('post_install', '-at_install')
class TestGemCrmProfileProfit(test_gem_crm_habit.ProductsCommon):

    def test_margin_with_the_cost_as_it_was(self):
        self.sell(self.horizon, '2026-05-01', (self.lantern, 10), (self.postage, 1))
        self.lantern.standard_price = 9
        self.sell(self.horizon, '2026-06-01', (self.lantern, 10))
        self.refresh()
        self.assertRecordValues(self.profile(self.horizon), [{
            'revenue_12m': 205, 'cost_12m': 150, 'margin_12m': 55, 'margin_rate': 26.8,
            'margin_is_estimated': False, 'profitability': 'profitable',
        }])

    def test_credit_note_takes_back_what_it_cost(self):
        invoice = self.sell(self.horizon, '2026-05-01', (self.lantern, 10))
        self.lantern.standard_price = 9
        credit = invoice._reverse_moves([{'invoice_date': '2026-06-01', 'date': '2026-06-01'}])
        credit.invoice_line_ids.quantity = 4
        credit.action_post()
        self.refresh()
        self.assertRecordValues(self.profile(self.horizon), [{
            'revenue_12m': 60, 'cost_12m': 36, 'margin_12m': 24}])

    def test_invoices_of_before_are_estimated(self):
        invoice = self.sell(self.horizon, '2026-05-01', (self.lantern, 10))
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move_line SET gem_unit_cost = NULL WHERE move_id = %s", [invoice.id])
        self.lantern.standard_price = 11
        self.refresh()
        self.assertRecordValues(self.profile(self.horizon), [{
            'cost_12m': 110, 'margin_12m': -10, 'margin_is_estimated': True,
            'profitability': 'unprofitable',
        }])

    def test_estimated_margin_follows_the_cost_by_night(self):
        """A cost changes with each delivery, for all who ever bought: that waits for the night."""
        before = self.sell(self.horizon, '2026-05-01', (self.lantern, 10))
        self.sell(self.horizon, '2026-06-01', (self.candle, 10))
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move_line SET gem_unit_cost = NULL WHERE move_id = %s", [before.id])
        self.refresh()
        self.marks()
        (self.lantern | self.candle).standard_price = 2
        self.assertFalse(self.marks())
        self.assertEqual(self.profile(self.horizon).margin_12m, 140 - 60 - 10)
        self.Profile._cron_refresh_everybody()
        self.run_cron()
        self.assertRecordValues(self.profile(self.horizon), [{
            'cost_12m': 20 + 10, 'margin_12m': 110, 'margin_is_estimated': True}])

    def test_archived_product_has_its_cost(self):
        self.sell(self.horizon, '2026-05-01', (self.lantern, 10))
        self.lantern.active = False
        self.refresh()
        self.assertRecordValues(self.profile(self.horizon), [{
            'revenue_12m': 100, 'cost_12m': 60, 'margin_12m': 40}])

    def test_margin_in_the_currency_of_the_company_as_booked(self):
        euro = self.setup_other_currency('EUR', rates=[('2026-01-01', 2.0), ('2026-06-15', 4.0)])
        self.sell(self.horizon, '2026-05-01', (self.lantern, 10), currency_id=euro.id)
        invoice = self.env['account.move'].search(
            [('partner_id', '=', self.horizon.id)], order='id desc', limit=1)
        net = invoice.amount_untaxed_signed
        self.assertEqual(net, invoice.amount_untaxed / 2)
        credit = invoice._reverse_moves([{'invoice_date': '2026-06-20', 'date': '2026-06-20'}])
        credit.invoice_line_ids.quantity = 5
        credit.action_post()
        back = -credit.amount_untaxed_signed
        self.assertEqual(back, credit.amount_untaxed / 4)
        self.refresh()
        self.assertRecordValues(self.profile(self.horizon), [{
            'revenue': net - back, 'cost_12m': 30, 'margin_12m': net - back - 30}])

    def test_posting_again_keeps_the_cost_unless_the_product_changed(self):
        invoice = self.sell(self.horizon, '2026-05-01', (self.lantern, 10))
        self.lantern.standard_price = 9
        invoice.button_draft()
        invoice.invoice_line_ids.quantity = 20
        invoice.action_post()
        self.assertEqual(invoice.invoice_line_ids.gem_unit_cost, 6)
        invoice.button_draft()
        invoice.invoice_line_ids.product_id = self.candle
        invoice.action_post()
        self.assertEqual(invoice.invoice_line_ids.gem_unit_cost, 1)

    def test_cost_in_the_unit_of_the_line(self):
        move = self.sell(self.horizon, '2026-05-01', (self.lantern, 1), post=False)
        move.invoice_line_ids.product_uom_id = self.env.ref('uom.product_uom_dozen')
        move.action_post()
        self.assertEqual(move.invoice_line_ids.gem_unit_cost, 72)

    def test_complaints_cost_margin(self):
        self.sell(self.horizon, '2026-05-01', (self.lantern, 10))
        complaint = self.env['gem.crm.complaint'].create(
            {'partner_id': self.horizon.id, 'name': "Broken", 'company_id': self.company.id})
        self.run_cron()
        cost = self.env['gem.crm.complaint.cost'].create({
            'complaint_id': complaint.id, 'kind': 'other', 'amount': 45, 'date': '2026-06-01'})
        self.run_cron()
        self.assertRecordValues(self.profile(self.horizon), [{
            'complaint_cost_12m': 45, 'margin_12m': -5, 'profitability': 'unprofitable'}])
        cost.unlink()
        self.run_cron()
        self.assertEqual(self.profile(self.horizon).margin_12m, 40)

    def test_no_cost_no_verdict(self):
        self.buy(self.horizon, ('2026-05-01', 10))
        self.refresh()
        self.assertRecordValues(self.profile(self.horizon), [{
            'profitability': False, 'margin_rate': 0, 'margin_12m': 10}])

    def test_posting_costs_two_statements(self):
        moves = self.env['account.move']
        for _number in range(5):
            moves += self.sell(self.horizon, '2026-05-01', (self.lantern, 1), post=False)
        moves.action_post()
        Line = self.env['account.move.line']
        self.env.flush_all()
        with self.assertQueryCount(1):
            Line._gem_freeze_costs(moves)


@tagged('post_install', '-at_install')
class TestGemCrmProfileExplain(test_gem_crm_habit.ProductsCommon):

    def behind(self, figure):
        action = self.horizon.gem_action_explain(figure)
        return self.env[action['res_model']].search(action['domain'])

    def test_every_figure_opens_its_invoices(self):
        old, last_year, credit, recent = self.buy(
            self.horizon, ('2023-06-01', 50), ('2025-05-01', 100), ('2026-02-01', -20),
            ('2026-06-01', 70))
        recent.line_ids.filtered(
            lambda line: line.display_type == 'payment_term').date_maturity = '2026-06-15'
        self.refresh()
        self.assertEqual(self.behind('revenue'), old + last_year + credit + recent)
        self.assertEqual(self.behind('revenue_12m'), credit + recent)
        self.assertEqual(self.behind('revenue_previous_12m'), last_year)
        self.assertEqual(self.behind('revenue_24m'), last_year + credit + recent)
        self.assertEqual(self.behind('purchase_count'), old + last_year + recent)
        for figure in ('revenue', 'revenue_12m', 'revenue_previous_12m', 'revenue_24m'):
            self.assertEqual(
                sum(self.behind(figure).mapped('amount_untaxed_signed')),
                self.profile(self.horizon)[figure], figure)
        self.assertIn(recent, self.behind('overdue'))
        self.assertNotIn(credit, self.behind('overdue'))
        for name, field in self.Profile._fields.items():
            if field.store and not field.name.startswith(('partner', 'company', 'id')):
                self.behind(name)

    def test_habit_opens_its_invoices(self):
        first = self.sell(self.horizon, '2026-05-02', (self.lantern, 2))
        self.sell(self.horizon, '2026-05-12', (self.candle, 2))
        action = self.horizon.gem_action_explain_habit(self.lantern.id)
        self.assertEqual(self.env['account.move'].search(action['domain']), first)
        self.assertIn("Red lantern", action['name'])

    def test_recompute_at_once(self):
        self.buy(self.horizon, ('2026-06-01', 70))
        horizon = self.horizon.with_user(self.amelie).with_company(self.company)
        horizon.gem_action_recompute()
        self.assertEqual(horizon.gem_revenue, 70)
        with self.assertRaises(AccessError):
            self.juniper.with_user(self.amelie).gem_action_recompute()
        with self.assertRaises(AccessError):
            self.horizon.with_user(self.felix).gem_action_recompute()

    def test_one_new_invoice_costs_the_same_however_many_customers(self):
        self.sell(self.horizon, '2026-05-02', (self.lantern, 2), (self.candle, 1))
        self.refresh()
        self.env.flush_all()
        self.env['gem.crm.profile.mark']._mark(self.horizon.ids, self.company.id)
        self.env.cr.flush()
        with self.assertQueryCount(50):
            self.Profile._refresh(self.horizon.ids, self.company)

    def test_two_companies_keep_their_figures_apart(self):
        self.sell(self.horizon, '2026-06-01', (self.lantern, 2))
        product = self.lantern.with_company(self.otter)
        product.standard_price = 3
        journal = self.env['account.journal'].search(
            [('company_id', '=', self.otter.id), ('type', '=', 'sale')], limit=1)
        for day in ('2026-06-02', '2026-06-12'):
            self.env['account.move'].with_company(self.otter).create({
                'move_type': 'out_invoice', 'partner_id': self.horizon.id, 'invoice_date': day,
                'date': day, 'journal_id': journal.id,
                'invoice_line_ids': [Command.create({
                    'product_id': product.id, 'price_unit': 8, 'quantity': 1,
                    'tax_ids': [Command.clear()]})],
            }).action_post()
        self.refresh(self.company, self.otter)
        self.assertRecordValues(self.profile(self.horizon), [{
            'purchase_count': 1, 'revenue': 20, 'margin_12m': 8}])
        self.assertRecordValues(self.profile(self.horizon, self.otter), [{
            'purchase_count': 2, 'revenue': 16, 'margin_12m': 10}])
        self.assertFalse(self.habits(self.horizon))
        self.assertEqual(self.habits(self.horizon, company=self.otter).times, 2)
