from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import SUPERUSER_ID, Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.gem_crm.tests.common import FollowUpCommon


class InvoicingCommon(FollowUpCommon, AccountTestInvoicingCommon):
    """Adds to the cast a company of its own with accounts, and invoices of Horizon Books.

    Everybody of the cast works for that company.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.company_data['company']
        for user in (cls.amelie, cls.bruno, cls.chloe, cls.diane, cls.emile, cls.felix):
            user.write({'company_ids': [Command.set(company.ids)], 'company_id': company.id})
        # What these tests prepare is done by the system, in the company of the test.
        cls.env = cls.env(user=SUPERUSER_ID, context=dict(
            cls.env.context, tracking_disable=True, lang='en_US', allowed_company_ids=company.ids))
        for name in ('horizon', 'ines', 'juniper', 'kayak'):
            setattr(cls, name, getattr(cls, name).with_env(cls.env))
        cls.price, cls.damaged = cls.env['gem.crm.dispute.reason'].create([
            {'name': "Price not as promised"}, {'name': "Arrived wet"},
        ])
        cls.usd = cls.env.company.currency_id
        cls.Dispute = cls.env['gem.crm.dispute'].with_user(cls.emile)
        cls.Promise = cls.env['gem.crm.promise'].with_user(cls.emile)

    @classmethod
    def invoice(cls, amount=1000.0, partner=None, **vals):
        """Return a posted invoice without taxes."""
        invoice = cls.env['account.move'].create({
            'move_type': 'out_invoice',
            'partner_id': (partner or cls.horizon).id,
            'invoice_date': '2026-03-01',
            'invoice_line_ids': [Command.create({
                'name': "Books", 'price_unit': amount, 'tax_ids': [Command.clear()],
            })],
        } | vals)
        invoice.action_post()
        return invoice

    @classmethod
    def dispute(cls, invoice, amount=None, **vals):
        vals = {'move_id': invoice.id, 'reason_id': cls.price.id} | vals
        return cls.Dispute.create(vals | ({'amount': amount} if amount else {}))

    @classmethod
    def pay(cls, invoice, amount, on, line=None):
        """Receive an amount on the bank account, and reconcile it with the invoice."""
        receivable = line or invoice.line_ids.filtered(
            lambda line: line.account_type == 'asset_receivable' and not line.reconciled)
        received = cls.env['account.bank.statement.line'].create({
            'journal_id': cls.company_data['default_journal_bank'].id,
            'date': on,
            'amount': amount,
            'payment_ref': invoice.name,
            'partner_id': invoice.partner_id.id,
            'counterpart_account_id': receivable.account_id.id,
            **({'foreign_currency_id': invoice.currency_id.id, 'amount_currency': amount}
               if invoice.currency_id != invoice.company_currency_id else {}),
        })
        (receivable | received.line_ids.filtered(
            lambda line: line.account_id == receivable.account_id)).reconcile()

    def run_cron(self, name):
        """Run a scheduled action as the server does; what it commits is undone."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(f'gem_crm.{name}').method_direct_trigger()
        self.env.invalidate_all()

    @classmethod
    def give_back(cls, invoice, amount, on):
        """Post a credit note on the invoice."""
        credit_note = cls.env['account.move'].create({
            'move_type': 'out_refund',
            'partner_id': invoice.partner_id.id,
            'reversed_entry_id': invoice.id,
            'invoice_date': on,
            'invoice_line_ids': [Command.create({
                'name': "Books", 'price_unit': amount, 'tax_ids': [Command.clear()],
            })],
        })
        credit_note.action_post()
        return credit_note


@tagged('post_install', '-at_install')
class TestDispute(InvoicingCommon):

    def test_an_accountant_disputes_the_whole_and_ends_it(self):
        invoice = self.invoice()
        form = Form(self.Dispute.with_context(default_move_id=invoice.id))
        self.assertEqual(form.amount, 1000)
        self.assertEqual(form.partner_id, self.horizon)
        form.reason_id = self.price
        dispute = form.save()
        self.assertRecordValues(dispute, [{
            'state': 'open', 'partner_id': self.horizon.id, 'user_id': self.emile.id,
            'company_id': self.env.company.id, 'currency_id': self.usd.id, 'amount_company': 1000,
        }])
        self.assertTrue(invoice.no_followup)
        self.assertEqual(invoice.gem_disputed, 1000)
        self.assertEqual(invoice.gem_dispute_sentence, "Price not as promised")
        self.assertEqual(invoice.payment_state, 'not_paid', "never blocked")

        dispute.action_end()
        self.assertRecordValues(dispute, [{
            'state': 'ended', 'ended_how': 'hand', 'ended_by_id': self.emile.id,
        }])
        self.assertTrue(dispute.date_ended)
        self.assertFalse(invoice.no_followup)
        self.assertFalse(invoice.gem_disputed)
        dispute.action_reopen()
        self.assertRecordValues(dispute, [{'state': 'open', 'ended_how': False}])
        self.assertTrue(invoice.no_followup)

    def test_several_disputes_fit_in_what_is_left_to_pay(self):
        invoice = self.invoice()
        self.pay(invoice, 200, '2026-03-05')
        first = self.dispute(invoice, 300)
        self.assertEqual(self.dispute(invoice).amount, 500, "the rest is proposed")
        with self.assertRefused(
            ValidationError,
            f"$\xa0800.00 is left to pay on {invoice.name}, and $\xa0800.00 of it is disputed "
            "already: no more than $\xa00.00 can be disputed",
        ):
            self.dispute(invoice, 1)
        first.action_end()
        self.dispute(invoice, 300)
        with self.assertRefused(ValidationError, "is disputed already"):
            first.action_reopen()
        other = self.invoice(100)
        with self.assertRefused(ValidationError, "no more than that can be disputed"):
            self.dispute(other, 101)
        self.pay(other, 100, '2026-03-05')
        with self.assertRefused(ValidationError, f"Nothing is left to pay on {other.name}"):
            self.dispute(other, 1)
        with mute_logger('odoo.sql_db'), self.assertRefused(IntegrityError, "positive_amount"):
            self.dispute(self.invoice(), -5)
        with mute_logger('odoo.sql_db'), self.assertRefused(IntegrityError, "until_after_since"):
            self.dispute(self.invoice(), date_since='2026-03-10', date_until='2026-03-09')

    def test_what_the_invoice_says_is_never_typed(self):
        dispute = self.dispute(self.invoice(), 300, amount_company=1)
        self.assertEqual(dispute.amount_company, 300)
        for user in (self.emile, self.diane):
            for name, value in (('amount_company', 1), ('partner_id', self.juniper.id)):
                with self.assertRefused(AccessError, "are those of the invoice"):
                    dispute.with_user(user).write({name: value})

    def test_only_posted_customer_invoices(self):
        draft = self.env['account.move'].create({
            'move_type': 'out_invoice', 'partner_id': self.horizon.id,
            'invoice_line_ids': [Command.create({'name': "Books", 'price_unit': 100})],
        })
        with self.assertRefused(UserError, "is no posted customer invoice"):
            self.dispute(draft, 10)
        with self.assertRefused(UserError, "is no posted customer invoice"):
            self.dispute(self.give_back(self.invoice(), 100, '2026-03-02'), 10)
        dispute = self.dispute(self.invoice())
        with self.assertRefused(UserError, "The invoice cannot be changed"):
            dispute.move_id = self.invoice()

    def test_reminders_are_given_back_to_what_they_were(self):
        invoice = self.invoice()
        first, second = self.dispute(invoice, 100), self.dispute(invoice, 200)
        first.action_end()
        self.assertTrue(invoice.no_followup, "another one is open")
        second.action_end()
        self.assertFalse(invoice.no_followup)

        # Out of reminders before, and so afterwards.
        invoice.no_followup = True
        first, second = self.dispute(invoice, 100), self.dispute(invoice, 200)
        (first | second).action_end()
        self.assertTrue(invoice.no_followup)

        # Somebody chooses otherwise while it is disputed: that stays.
        invoice.no_followup = False
        dispute = self.dispute(invoice, 100)
        invoice.no_followup = False
        self.assertFalse(invoice.no_followup)
        another = self.dispute(invoice, 100)
        self.assertTrue(invoice.no_followup)
        receivable = invoice.line_ids.filtered(
            lambda line: line.account_type == 'asset_receivable')
        receivable.no_followup = False
        receivable.no_followup = True
        (dispute | another).action_end()
        self.assertTrue(invoice.no_followup)

        other = self.invoice()
        self.dispute(other, 10).sudo().unlink()
        self.assertFalse(other.no_followup)

    def test_nothing_else_of_a_posted_invoice_is_written(self):
        invoice = self.invoice()
        def content():
            self.env.flush_all()
            self.env.cr.execute(
                "SELECT to_jsonb(m) - 'write_date' - 'write_uid' FROM account_move m WHERE id = %s",
                [invoice.id])
            move = self.env.cr.fetchall()
            self.env.cr.execute(
                "SELECT to_jsonb(l) - 'write_date' - 'write_uid' - 'no_followup' "
                "FROM account_move_line l WHERE move_id = %s ORDER BY id", [invoice.id])
            return move + self.env.cr.fetchall()
        before = content()
        dispute = self.dispute(invoice)
        self.assertEqual(content(), before)
        dispute.action_end()
        self.assertEqual(content(), before)

    def test_a_locked_period_is_no_obstacle(self):
        invoice = self.invoice()
        self.env.company.hard_lock_date = '2026-03-31'
        dispute = self.dispute(invoice)
        self.assertTrue(invoice.no_followup)
        dispute.action_end()
        self.assertFalse(invoice.no_followup)

    def test_the_scheduled_action_ends_those_whose_day_passed_or_that_are_paid(self):
        invoice, paid, later = self.invoice(), self.invoice(), self.invoice()
        with freeze_time('2026-03-10'):
            passed = self.dispute(invoice, 10, date_since='2026-03-01', date_until='2026-03-09')
            today = self.dispute(invoice, 10, date_since='2026-03-01', date_until='2026-03-10')
            forever = self.dispute(later, 10, date_since='2026-03-01')
            settled = self.dispute(paid, 10, date_since='2026-03-01')
            self.pay(paid, 1000, '2026-03-09')
            self.run_cron('gem_crm_dispute_cron_end')
            self.assertRecordValues(passed | today | forever | settled, [
                {'state': 'ended', 'ended_how': 'date',
                 'ended_by_id': self.env.ref('base.user_root').id},
                {'state': 'open', 'ended_how': False, 'ended_by_id': False},
                {'state': 'open', 'ended_how': False, 'ended_by_id': False},
                {'state': 'ended', 'ended_how': 'paid',
                 'ended_by_id': self.env.ref('base.user_root').id},
            ])
        self.assertTrue(invoice.no_followup)
        self.assertFalse(paid.no_followup)

    def test_a_cancelled_invoice_is_disputed_no_more(self):
        invoice = self.invoice()
        dispute = self.dispute(invoice)
        invoice.button_draft()
        self.assertEqual(dispute.state, 'open', "a draft is posted again")
        invoice.invoice_line_ids.price_unit = 1100
        invoice.action_post()
        self.assertTrue(invoice.no_followup)
        invoice.button_draft()
        with self.assertRefused(UserError, "Cancel the invoice instead of deleting it"):
            invoice.unlink()
        invoice.button_cancel()
        self.assertEqual((dispute.state, dispute.ended_how), ('ended', 'cancel'))

    def test_it_ends_and_comes_back_with_its_complaint(self):
        complaint = self.env['gem.crm.complaint'].with_user(self.amelie).create({
            'name': "Wet parcels", 'partner_id': self.horizon.id,
        })
        invoice = self.invoice()
        dispute = self.dispute(invoice, complaint_id=complaint.id)
        by_hand = self.dispute(self.invoice(), complaint_id=complaint.id)
        by_hand.action_end()
        stage = self.env['gem.crm.complaint.stage']
        complaint.stage_id = stage._first('cancelled')
        self.assertRecordValues(dispute, [{
            'state': 'ended', 'ended_how': 'complaint', 'ended_by_id': self.amelie.id}])
        self.assertFalse(invoice.no_followup)
        self.pay(invoice, 700, '2026-03-05')
        complaint.stage_id = stage._first('investigating')
        self.assertRecordValues(dispute | by_hand, [
            {'state': 'open', 'amount': 300}, {'state': 'ended', 'amount': 1000}])
        self.assertTrue(invoice.no_followup)
        other = self.env['gem.crm.complaint'].create(
            {'name': "Noise", 'partner_id': self.juniper.id})
        with self.assertRefused(ValidationError, "is no complaint of Horizon Books"):
            dispute.complaint_id = other

    def test_invoices_are_found_by_their_dispute(self):
        invoice, quiet = self.invoice(), self.invoice()
        self.dispute(invoice, 100, date_until='2099-12-31')
        mine = [('id', 'in', (invoice | quiet).ids)]
        Move = self.env['account.move'].with_user(self.emile)
        self.assertEqual(Move.search([*mine, ('gem_disputed', '!=', False)]), invoice)
        self.assertEqual(Move.search([*mine, ('gem_disputed', '>', 0)]), invoice)
        self.assertEqual(Move.search([*mine, ('gem_disputed', '=', False)]), quiet)
        self.assertEqual(
            invoice.gem_dispute_sentence, "Price not as promised (until 12/31/2099)")
        self.pay(invoice, 950, '2026-03-05')
        self.assertEqual(invoice.gem_disputed, 50, "no more than what is left to pay")
        with self.assertQueryCount(8):
            self.env.invalidate_all()
            (invoice | quiet).mapped('gem_disputed')

    def test_salespeople_read_and_do_not_write(self):
        invoice = self.invoice()
        dispute = self.dispute(invoice)
        theirs = dispute.with_user(self.amelie)
        self.assertEqual(theirs.amount, 1000)
        self.assertIn(invoice.name, theirs.display_name)
        self.assertEqual(
            theirs.web_read({'move_id': {'fields': {'display_name': {}}}})[0]['move_id']['id'],
            invoice.id)
        with self.assertRaises(AccessError):
            theirs.action_end()
        self.assertFalse(dispute.with_user(self.bruno).search([('id', '=', dispute.id)]))

    def test_another_company_does_not_see_it(self):
        dispute = self.dispute(self.invoice())
        elsewhere = self.env['res.company'].create({'name': "Otter Prints"})
        self.emile.sudo().company_ids |= elsewhere
        Dispute = self.Dispute.with_context(allowed_company_ids=elsewhere.ids)
        self.assertFalse(Dispute.search([('id', '=', dispute.id)]))

    def test_amounts_in_the_company_currency(self):
        eur = self.setup_other_currency('EUR', rates=[('2026-01-01', 2.0)])
        dispute = self.dispute(self.invoice(currency_id=eur.id), 300)
        self.assertEqual((dispute.currency_id, dispute.amount_company), (eur, 150))

    def test_a_merge_carries_disputes_and_promises(self):
        dispute = self.dispute(self.invoice())
        promise = self.Promise.create({
            'move_id': self.invoice().id, 'date': date(2099, 1, 1), 'amount': 10})
        wizard = self.env['base.partner.merge.automatic.wizard'].create({
            'partner_ids': [Command.set((self.horizon | self.kayak).ids)],
            'dst_partner_id': self.kayak.id,
        })
        self.horizon.child_ids.parent_id = False
        wizard.action_merge()
        self.assertEqual(dispute.partner_id, self.kayak)
        self.assertEqual(promise.partner_id, self.kayak)
