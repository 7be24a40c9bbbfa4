from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.gem_crm.tests.test_gem_crm_dispute import InvoicingCommon


@tagged('post_install', '-at_install')
class TestReceivable(InvoicingCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.startClassPatcher(freeze_time('2026-05-15'))

    def owed(self, **domain):
        """Return what Horizon Books owes, as the accountant sees it."""
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env['gem.crm.receivable'].with_user(self.emile).search([
            ('partner_id', '=', self.horizon.id),
            *((name, '=', value) for name, value in domain.items()),
        ])

    def test_ageing_shows_disputed_beside_undisputed(self):
        due = {
            'd0': '2026-05-15', 'd30': '2026-05-14', 'd60': '2026-04-14', 'd90': '2026-03-15',
            'd120': '2026-02-13', 'more': '2026-01-14',
        }
        for number, day in enumerate(due.values(), 1):
            invoice = self.invoice(
                number * 100, invoice_date='2026-01-01', invoice_date_due=day,
                invoice_payment_term_id=False)
            if number % 2:
                self.dispute(invoice, 60)
        self.assertRecordValues(self.owed(), [
            {'age': 'more', 'days_late': 121, 'amount': 600, 'disputed': 0, 'undisputed': 600},
            {'age': 'd120', 'days_late': 91, 'amount': 500, 'disputed': 60, 'undisputed': 440},
            {'age': 'd90', 'days_late': 61, 'amount': 400, 'disputed': 0, 'undisputed': 400},
            {'age': 'd60', 'days_late': 31, 'amount': 300, 'disputed': 60, 'undisputed': 240},
            {'age': 'd30', 'days_late': 1, 'amount': 200, 'disputed': 0, 'undisputed': 200},
            {'age': 'd0', 'days_late': 0, 'amount': 100, 'disputed': 60, 'undisputed': 40},
        ])
        groups = self.env['gem.crm.receivable'].with_user(self.emile).formatted_read_group(
            [('partner_id', '=', self.horizon.id)], [],
            ['disputed:sum', 'undisputed:sum', 'amount:sum'])
        self.assertEqual(
            [groups[0][name] for name in ('disputed:sum', 'undisputed:sum', 'amount:sum')],
            [180, 1920, 2100])

    def test_what_counts(self):
        """Instalments, foreign currency, credit notes, payments on account, drafts, companies."""
        eur = self.setup_other_currency('EUR', rates=[('2026-01-01', 2.0)])
        terms = self.env['account.payment.term'].create({'name': "Two times", 'line_ids': [
            Command.create({'value': 'percent', 'value_amount': 40, 'nb_days': 30}),
            Command.create({'value': 'percent', 'value_amount': 60, 'nb_days': 60}),
        ]})
        invoice = self.invoice(currency_id=eur.id, invoice_payment_term_id=terms.id)
        self.dispute(invoice, 500)
        self.Promise.create({'move_id': invoice.id, 'amount': 300, 'date': '2026-06-01'})
        self.assertRecordValues(self.owed(), [
            {'amount': 200, 'amount_currency': 400, 'disputed': 200, 'undisputed': 0,
             'promised': 150},
            {'amount': 300, 'amount_currency': 600, 'disputed': 50, 'undisputed': 250,
             'promised': 0},
        ])
        # A payment goes to the first instalment; what is disputed stays disputed.
        self.pay(invoice, 400, '2026-05-10')
        self.assertRecordValues(self.owed(), [
            {'amount': 300, 'disputed': 250, 'undisputed': 50, 'promised': 0}])
        credit_note = self.env['account.move'].create({
            'move_type': 'out_refund', 'partner_id': self.horizon.id,
            'invoice_date': '2026-05-01',
            'invoice_line_ids': [Command.create({
                'name': "Books", 'price_unit': 70, 'tax_ids': [Command.clear()]})],
        })
        self.assertEqual(len(self.owed()), 1, "drafts are not owed")
        credit_note.action_post()
        row = self.owed(move_id=credit_note.id)
        self.assertRecordValues(row, [{'amount': -70, 'disputed': 0, 'undisputed': -70}])
        with self.assertRefused(UserError, "is in the customer's favour"):
            row.action_promise()
        self.assertFalse(self.env['gem.crm.receivable'].with_user(self.bruno).search(
            [('partner_id', '=', self.horizon.id)]))
        elsewhere = self.env['res.company'].create({'name': "Otter Prints"})
        self.emile.company_ids |= elsewhere
        self.assertFalse(
            self.env['gem.crm.receivable'].with_context(
                allowed_company_ids=elsewhere.ids,
            ).with_user(self.emile).search([('partner_id', '=', self.horizon.id)]))

    def test_a_contact_owes_for_the_company(self):
        self.invoice(partner=self.ines)
        self.assertEqual(self.owed().mapped('amount'), [1000])

    def test_the_band_says_since_when_invoices_are_overdue(self):
        """What is in the customer's favour was never due, however old it is."""
        self.env['account.move'].create({
            'move_type': 'out_refund', 'partner_id': self.horizon.id,
            'invoice_date': '2026-01-05',
            'invoice_line_ids': [Command.create({
                'name': "Books", 'price_unit': 70, 'tax_ids': [Command.clear()]})],
        }).action_post()
        self.invoice(invoice_date_due='2026-03-31', invoice_payment_term_id=False)
        self.invoice(500, invoice_date_due='2026-04-30', invoice_payment_term_id=False)
        self.env.flush_all()
        [fact] = self.horizon.with_user(self.amelie).with_company(
            self.env.company)._gem_fact_receivables()
        self.assertEqual(
            (fact['value'], fact['detail']),
            ("$\xa01,430.00", "$\xa01,500.00 overdue since 03/31/2026"))

    def test_the_band_says_what_is_owed_disputed_and_promised(self):
        horizon = self.horizon.with_user(self.amelie).with_company(self.env.company)

        def facts():
            self.env.flush_all()
            self.env.invalidate_all()
            return {fact['name']: fact for fact in horizon.gem_get_follow_up_band()}
        self.assertNotIn('receivables', facts())
        invoice = self.invoice(invoice_date_due='2026-03-31', invoice_payment_term_id=False)
        self.invoice(500, invoice_date_due='2026-06-30', invoice_payment_term_id=False)
        self.dispute(invoice, 300)
        promise = self.Promise.create({
            'move_id': invoice.id, 'amount': 700, 'date': '2026-05-20',
            'date_made': '2026-05-10'})
        seen = facts()
        self.assertEqual(
            (seen['receivables']['value'], seen['receivables']['detail']),
            ("$\xa01,500.00", "$\xa01,000.00 overdue since 03/31/2026, $\xa0300.00 disputed"))
        self.assertEqual(
            (seen['promises']['value'], seen['promises']['detail']),
            ("$\xa0700.00", "by 05/20/2026"))
        action = horizon.gem_action_view_receivables()
        self.assertEqual(
            self.env['gem.crm.receivable'].with_user(self.amelie).search_count(action['domain']), 2)
        with freeze_time('2026-05-30'):
            promise._have_decided()
            seen = facts()
            self.assertEqual(
                (seen['promises']['value'], seen['promises']['tone']), ("Broken", 'danger'))
            self.assertEqual(
                horizon.gem_action_view_promises()['domain'],
                [('partner_id', '=', self.horizon.id)])
