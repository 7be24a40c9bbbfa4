from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.gem_crm.tests.test_gem_crm_dispute import InvoicingCommon


@freeze_time('2026-06-01')
@tagged('post_install', '-at_install')
class TestCreditControl(InvoicingCommon):
    """Adds to the cast Carol, who reminds customers, and has no right of CRM follow-up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.company_data['company']
        cls.carol = new_test_user(
            cls.env, 'carol', name="Carol Dubois",
            groups='account.group_account_invoice,'
                   'account_credit_control.group_account_credit_control_manager',
            company_id=company.id, company_ids=[Command.set(company.ids)])
        cls.policy = cls.env.ref('account_credit_control.credit_control_3_time')
        cls.policy.account_ids = cls.company_data['default_account_receivable']
        company.write({'credit_policy_id': cls.policy.id, 'credit_control_tolerance': 0.1})

    @classmethod
    def invoice(cls, *args, **vals):
        """Return a posted invoice that was due in March."""
        return super().invoice(*args, **{'invoice_date_due': '2026-03-01', **vals})

    def run_on(self, day):
        """Run credit control as Carol; return the run."""
        run = self.env['credit.control.run'].with_user(self.carol).create({
            'date': day, 'policy_ids': [Command.set(self.policy.ids)],
        })
        self.env.flush_all()  # as between two requests: it reads by SQL
        run.generate_credit_lines()
        return run

    def asked(self, run, invoice):
        """Return the amounts that a run asks for, of an invoice."""
        return run.line_ids.filtered(lambda line: line.invoice_id == invoice).mapped('balance_due')

    def test_nothing_is_asked_for_while_all_is_disputed(self):
        disputed, other = self.invoice(1000), self.invoice(300)
        self.dispute(disputed)
        run = self.run_on('2026-06-01')
        self.assertEqual(self.asked(run, disputed), [])
        self.assertEqual(self.asked(run, other), [300])
        self.assertIn(disputed.name, run.report)
        self.assertNotIn(other.name, run.report)

    def test_all_is_asked_for_once_the_dispute_has_ended(self):
        invoice = self.invoice(1000)
        dispute = self.dispute(invoice)
        self.assertFalse(self.run_on('2026-06-01').line_ids)
        dispute.action_end()
        line = self.run_on('2026-06-02').line_ids
        self.assertRecordValues(line, [{
            'invoice_id': invoice.id, 'balance_due': 1000, 'amount_due': 1000, 'level': 1,
        }])

    def test_what_is_not_disputed_is_asked_for(self):
        invoice = self.invoice(1000)
        self.dispute(invoice, 400)
        self.dispute(invoice, 250, reason_id=self.damaged.id)
        run = self.run_on('2026-06-01')
        self.assertRecordValues(run.line_ids, [{'balance_due': 350, 'amount_due': 1000}])
        self.assertIn(invoice.name, run.report)

    def test_payment_counts_before_the_dispute(self):
        invoice = self.invoice(1000)
        self.dispute(invoice, 400)
        self.pay(invoice, 500, '2026-03-20')
        self.assertEqual(self.asked(self.run_on('2026-06-01'), invoice), [100])

    def test_less_than_the_tolerance_is_not_asked_for(self):
        self.env.company.credit_control_tolerance = 50
        invoice, another = self.invoice(1000), self.invoice(1000)
        self.dispute(invoice, 960)
        self.dispute(another, 950)
        run = self.run_on('2026-06-01')
        self.assertEqual(self.asked(run, invoice), [])
        self.assertEqual(self.asked(run, another), [50])

    def test_foreign_currency(self):
        other = self.setup_other_currency('EUR', rates=[('2016-01-01', 2.0)])
        invoice = self.invoice(1000, currency_id=other.id)
        self.dispute(invoice, 300)
        self.assertRecordValues(self.run_on('2026-06-01').line_ids, [{
            'balance_due': 700, 'currency_id': other.id,
        }])

    def test_tolerance_counts_in_the_currency_of_the_company(self):
        other = self.setup_other_currency('EUR', rates=[('2016-01-01', 2.0)])
        self.env.company.credit_control_tolerance = 50
        invoice = self.invoice(1000, currency_id=other.id)
        self.dispute(invoice, 901)  # 99 are 49.50 of the company
        self.assertFalse(self.run_on('2026-06-01').line_ids)

    def test_instalment_due_first_is_disputed_first(self):
        halves = self.env['account.payment.term'].create({
            'name': "Two halves",
            'line_ids': [
                Command.create({'value': 'percent', 'value_amount': 50, 'nb_days': 10}),
                Command.create({'value': 'percent', 'value_amount': 50, 'nb_days': 30}),
            ],
        })
        invoice = self.invoice(1000, invoice_payment_term_id=halves.id, invoice_date_due=False)
        self.dispute(invoice, 600)
        self.assertRecordValues(self.run_on('2026-06-01').line_ids, [{
            'balance_due': 400, 'date_due': date(2026, 3, 31),
        }])

    def test_dispute_withdraws_the_reminders_that_have_not_left(self):
        invoice, _other = self.invoice(1000), self.invoice(300)
        lines = self.run_on('2026-06-01').line_ids
        of_invoice = lines.filtered(lambda line: line.invoice_id == invoice)
        of_other = lines - of_invoice
        lines.write({'state': 'to_be_sent'})
        self.dispute(invoice, 200)
        self.assertEqual((of_invoice.state, of_other.state), ('ignored', 'to_be_sent'))
        self.assertIn("disputes", of_invoice.message_ids[0].body)
        self.assertEqual(self.asked(self.run_on('2026-06-02'), invoice), [800])

    def test_raised_amount_withdraws_them_too(self):
        invoice = self.invoice(1000)
        dispute = self.dispute(invoice, 200)
        line = self.run_on('2026-06-01').line_ids
        self.assertEqual(line.balance_due, 800)
        dispute.amount = 100
        self.assertEqual(line.state, 'draft')
        dispute.amount = 500
        self.assertEqual(line.state, 'ignored')

    def test_waiting_mail_is_cancelled(self):
        self.horizon.email = "info@horizon.example.com"
        invoice, other = self.invoice(1000), self.invoice(300)
        run = self.run_on('2026-06-01')
        lines = run.line_ids
        run.set_to_ready_lines()
        run.run_channel_action()
        self.assertEqual(lines.mapped('state'), ['queued', 'queued'])
        mail = self.env['mail.mail'].search([
            ('model', '=', 'credit.control.communication'),
            ('res_id', 'in', lines.communication_id.ids),
        ])
        self.assertEqual(mail.mapped('state'), ['outgoing'])
        self.dispute(invoice)
        self.assertEqual(mail.state, 'cancel')
        by_invoice = lines.grouped('invoice_id')
        self.assertEqual(by_invoice[invoice].state, 'ignored')
        self.assertEqual(by_invoice[other].state, 'to_be_sent')
        self.assertFalse(by_invoice[other].communication_id)

    def test_sent_reminder_stays(self):
        invoice = self.invoice(1000)
        line = self.run_on('2026-06-01').line_ids
        line.write({'state': 'sent'})
        dispute = self.dispute(invoice)
        self.assertEqual(line.state, 'sent')
        self.assertFalse(self.run_on('2026-07-01').line_ids)
        dispute.action_end()
        # It goes on where it stopped.
        self.assertEqual(self.run_on('2026-07-02').line_ids.level, 2)

    def test_nobody_brings_a_withdrawn_reminder_back(self):
        invoice, other = self.invoice(1000), self.invoice(300)
        lines = self.run_on('2026-06-01').line_ids
        dispute = self.dispute(invoice)
        marker = self.env['credit.control.marker'].with_user(self.carol).create({
            'name': 'to_be_sent', 'line_ids': [Command.set(lines.ids)],
        })
        with self.assertRefused(UserError, invoice.name), self.cr.savepoint():
            marker.mark_lines()
        dispute.action_end()
        marker.mark_lines()
        self.assertEqual(lines.mapped('state'), ['to_be_sent', 'to_be_sent'])
        self.assertIn(other, lines.invoice_id)

    def test_change_of_policy_says_why_it_does_nothing(self):
        invoice = self.invoice(1000)
        dispute = self.dispute(invoice)
        changer = self.env['credit.control.policy.changer'].with_user(self.carol).with_context(
            active_ids=invoice.ids,
        ).create({
            'new_policy_id': self.policy.id, 'new_policy_level_id': self.policy.level_ids[0].id,
        })
        with self.assertRefused(UserError, invoice.name), self.cr.savepoint():
            changer.set_new_policy()
        dispute.amount = 400
        changer.set_new_policy()
        self.assertEqual(invoice.credit_control_line_ids.balance_due, 600)

    def test_no_reminders_at_all_may_be_chosen(self):
        invoice = self.invoice(1000)
        self.dispute(invoice)
        none = self.env.ref('account_credit_control.credit_control_no_follow')
        self.env['credit.control.policy.changer'].with_user(self.carol).with_context(
            active_ids=invoice.ids,
        ).create({
            'new_policy_id': none.id, 'new_policy_level_id': none.level_ids[0].id,
        }).set_new_policy()
        self.assertEqual(invoice.credit_policy_id, none)

    def test_who_reminds_reads_no_disputes(self):
        dispute = self.dispute(self.invoice(1000))
        with self.assertRaises(AccessError):
            dispute.with_user(self.carol).read(['amount'])

    def test_disputes_are_read_once_for_all_invoices(self):
        invoices = self.env['account.move']
        for amount in range(100, 106):
            invoices += self.invoice(amount)
        for invoice in invoices[:3]:
            self.dispute(invoice, 10)
        receivable = invoices.line_ids.filtered(
            lambda line: line.account_type == 'asset_receivable')
        receivable[:2]._gem_undisputed()
        self.env.invalidate_all()
        # The disputes; the moves, their lines twice, the accounts and the currencies.
        with self.assertQueryCount(6):
            undisputed = receivable._gem_undisputed()
        self.assertEqual(sorted(undisputed.values()), [90, 91, 92])
