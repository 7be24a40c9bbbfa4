from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.gem_crm.tests.test_gem_crm_dispute import InvoicingCommon


@tagged('post_install', '-at_install')
class TestPromise(InvoicingCommon):

    def promise(self, invoice, amount, by, made='2026-03-02', **vals):
        with freeze_time(made):
            return self.Promise.create({
                'move_id': invoice.id, 'amount': amount, 'date': by, 'date_made': made} | vals)

    def what_came_of(self, promises, on):
        """Return (state, paid) of each promise, as they are seen on a day."""
        with freeze_time(on):
            promises._have_decided()
            self.env.flush_all()
            return [(promise.state, promise.paid) for promise in promises]

    def test_kept_partly_kept_broken(self):
        kept = self.promise(self.invoice(), 400, '2026-03-10')
        partly = self.promise(self.invoice(), 400, '2026-03-10')
        broken = self.promise(self.invoice(), 400, '2026-03-10')
        early = self.promise(self.invoice(), 400, '2026-03-10')
        promises = kept | partly | broken | early
        self.assertEqual(self.what_came_of(promises, '2026-03-03'), [('pending', 0)] * 4)
        self.pay(early.move_id, 1000, '2026-03-04')
        self.pay(kept.move_id, 400, '2026-03-10')
        self.pay(partly.move_id, 150, '2026-03-09')
        self.pay(broken.move_id, 400, '2026-03-11')
        self.assertEqual(self.what_came_of(promises, '2026-03-10'), [
            ('kept', 400), ('pending', 150), ('pending', 0), ('kept', 400)])
        self.assertEqual(self.what_came_of(promises, '2026-03-11'), [
            ('kept', 400), ('partly', 150), ('broken', 0), ('kept', 400)])

    @freeze_time('2026-03-20')
    def test_the_books_decide_even_when_they_come_late(self):
        promise = self.promise(self.invoice(), 400, '2026-03-10')
        self.assertEqual(self.what_came_of(promise, '2026-03-20'), [('broken', 0)])
        self.pay(promise.move_id, 400, '2026-03-10')
        self.env.flush_all()
        self.assertEqual((promise.state, promise.paid), ('kept', 400))
        promise.move_id.line_ids.remove_move_reconcile()
        self.env.flush_all()
        self.assertEqual((promise.state, promise.paid), ('broken', 0))

    @freeze_time('2026-03-20')
    def test_what_was_paid_before_keeps_no_promise(self):
        invoice = self.invoice()
        self.pay(invoice, 300, '2026-03-01')
        promise = self.promise(invoice, 700, '2026-03-10')
        self.assertRecordValues(promise, [{
            'owed_before': 700, 'paid_before': 300, 'state': 'broken', 'paid': 0}])
        self.pay(invoice, 100, '2026-03-10')
        self.assertEqual(self.what_came_of(promise, '2026-03-20'), [('partly', 100)])

    @freeze_time('2026-03-20')
    def test_a_credit_note_is_no_payment_and_lessens_what_was_promised(self):
        promise = self.promise(self.invoice(), 1000, '2026-03-10')
        self.give_back(promise.move_id, 250, '2026-03-05')
        self.assertEqual(self.what_came_of(promise, '2026-03-20'), [('broken', 0)])
        self.pay(promise.move_id, 750, '2026-03-10')
        self.assertEqual(self.what_came_of(promise, '2026-03-20'), [('kept', 750)])
        nothing = self.promise(self.invoice(), 1000, '2026-03-10')
        self.give_back(nothing.move_id, 1000, '2026-03-05')
        self.assertEqual(self.what_came_of(nothing, '2026-03-20'), [('void', 0)])
        cancelled = self.promise(self.invoice(), 1000, '2026-03-10')
        cancelled.move_id.button_draft()
        cancelled.move_id.button_cancel()
        self.env.flush_all()
        self.assertEqual(cancelled.state, 'void')

    @freeze_time('2026-04-20')
    def test_one_payment_keeps_one_promise(self):
        invoice = self.invoice()
        first = self.promise(invoice, 300, '2026-03-10')
        second = self.promise(invoice, 300, '2026-03-20')
        self.pay(invoice, 300, '2026-03-09')
        self.assertEqual(self.what_came_of(first | second, '2026-04-20'), [
            ('kept', 300), ('broken', 0)])
        # Promised again once it was broken: the next payment is for the new promise.
        again = self.promise(invoice, 300, '2026-03-30', made='2026-03-21')
        self.pay(invoice, 350, '2026-03-29')
        self.assertEqual(self.what_came_of(first | second | again, '2026-04-20'), [
            ('kept', 300), ('broken', 0), ('kept', 300)])

    @freeze_time('2026-04-20')
    def test_promise_of_an_instalment(self):
        terms = self.env['account.payment.term'].create({'name': "Two times", 'line_ids': [
            Command.create({'value': 'percent', 'value_amount': 50, 'nb_days': 30}),
            Command.create({'value': 'percent', 'value_amount': 50, 'nb_days': 60}),
        ]})
        invoice = self.invoice(invoice_payment_term_id=terms.id)
        first, second = invoice.line_ids.filtered('date_maturity').sorted('date_maturity')
        promise = self.promise(invoice, 500, '2026-04-10', line_id=second.id)
        self.assertRecordValues(promise, [{
            'owed_before': 500, 'date_maturity': second.date_maturity}])
        self.pay(invoice, 500, '2026-04-01', line=first)
        self.assertEqual(self.what_came_of(promise, '2026-04-20'), [('broken', 0)])
        self.pay(invoice, 500, '2026-04-02', line=second)
        self.assertEqual(self.what_came_of(promise, '2026-04-20'), [('kept', 500)])
        with self.assertRefused(ValidationError, "The chosen instalment is not one of INV"):
            self.promise(self.invoice(), 10, '2026-04-10', line_id=second.id)

    @freeze_time('2026-03-20')
    def test_in_the_currency_of_the_invoice(self):
        eur = self.setup_other_currency('EUR', rates=[('2026-01-01', 2.0), ('2026-03-05', 4.0)])
        promise = self.promise(self.invoice(currency_id=eur.id), 400, '2026-03-10')
        self.pay(promise.move_id, 400, '2026-03-10')
        self.assertEqual(self.what_came_of(promise, '2026-03-20'), [('kept', 400)])
        self.assertEqual((promise.currency_id, promise.amount_company), (eur, 200))

    def test_the_form_proposes_what_will_be_paid(self):
        invoice = self.invoice()
        self.dispute(invoice, 300)
        form = Form(self.Promise.with_context(default_move_id=invoice.id))
        self.assertEqual(form.amount, 700, "what is disputed is not promised")
        form.date = '2099-01-01'
        form.contact_id = self.ines
        self.assertRecordValues(form.save(), [{
            'amount': 700, 'contact_id': self.ines.id, 'user_id': self.emile.id,
            'partner_id': self.horizon.id, 'state': 'pending'}])
        self.assertIn("$\xa0700.00 by 01/01/2099", invoice.gem_promise_sentence)
        action = invoice.with_user(self.emile).gem_action_promise()
        self.assertEqual(action['context']['default_move_id'], invoice.id)

    def test_what_is_refused(self):
        invoice = self.invoice()
        with self.assertRefused(ValidationError, "a promise cannot be of more"):
            self.promise(invoice, 1001, '2026-03-10')
        with self.assertRefused(ValidationError, "is no contact of Horizon Books"):
            self.promise(invoice, 10, '2026-03-10', contact_id=self.juniper.id)
        with mute_logger('odoo.sql_db'), self.assertRefused(IntegrityError, "date_after_made"):
            self.promise(invoice, 10, '2026-03-01')
        with freeze_time('2026-03-20'):
            promise = self.promise(invoice, 10, '2026-03-10')
            self.assertEqual(self.what_came_of(promise, '2026-03-20'), [('broken', 0)])
            with self.assertRefused(UserError, "Record a new promise instead"):
                promise.date = '2026-03-30'
            promise.write({'description': "Forgot it", 'amount': 10})
        invoice.button_draft()
        with self.assertRefused(UserError, "Cancel the invoice instead of deleting it"):
            invoice.unlink()

    def test_what_came_of_it_is_never_typed(self):
        """Neither by an accountant nor by an administrator, whatever the web client shows."""
        typed = {
            'state': 'kept', 'paid': 10, 'owed_before': 1, 'paid_before': 1, 'credited_before': 1,
            'is_told': True, 'broken_note_id': False,
        }
        with freeze_time('2026-03-20'):
            promise = self.promise(self.invoice(), 10, '2026-03-10', **typed)
            told_by_default = self.Promise.with_context(
                default_is_told=True, default_state='kept', default_paid=10,
            ).create({
                'move_id': self.invoice().id, 'amount': 10, 'date': '2026-03-10',
                'date_made': '2026-03-02'})
            self.assertRecordValues(promise | told_by_default, [{
                'state': 'broken', 'paid': 0, 'owed_before': 1000, 'paid_before': 0,
                'credited_before': 0, 'is_told': False}] * 2)
            for user in (self.emile, self.diane):
                for name, value in typed.items():
                    with self.assertRefused(AccessError, "record the payment instead"):
                        promise.with_user(user).write({name: value})
            self.pay(promise.move_id, 10, '2026-03-10')
            self.env.flush_all()
            self.assertEqual((promise.state, promise.paid), ('kept', 10))

    def test_what_the_invoice_says_is_never_typed(self):
        """Nor is whose promise it is, by those who may write it: whatever the web client shows."""
        invoice = self.invoice()
        eur = self.setup_other_currency('EUR', rates=[('2026-01-01', 2.0)])
        elsewhere = self.env['res.company'].create({'name': "Otter Prints"})
        typed = {
            'amount_company': 1, 'partner_id': self.juniper.id, 'company_id': elsewhere.id,
            'currency_id': eur.id,
        }
        for user in (self.amelie, self.chloe, self.emile, self.diane):
            Promise = self.Promise.with_user(user)
            promise = Promise.create(
                {'move_id': invoice.id, 'amount': 10, 'date': '2099-01-01'} | typed)
            by_default = Promise.with_context(
                **{f'default_{name}': value for name, value in typed.items()},
            ).create({'move_id': invoice.id, 'amount': 10, 'date': '2099-01-01'})
            self.assertRecordValues((promise | by_default).sudo(), [{
                'amount_company': 10, 'partner_id': self.horizon.id, 'user_id': user.id,
                'company_id': self.env.company.id, 'currency_id': self.usd.id}] * 2)
            for name, value in typed.items():
                with self.assertRefused(AccessError, "are those of the invoice"):
                    promise.write({name: value})
            # What is as it is may be said again.
            promise.write({'partner_id': self.horizon.id, 'amount': 20})
            self.assertEqual(promise.sudo().amount_company, 20)
        with self.assertRaises(AccessError):
            promise.with_user(self.bruno).write({'amount_company': 1})

    def test_who_recorded_it_is_not_typed(self):
        """It says who may correct a promise: only an administrator hands it over."""
        vals = {'move_id': self.invoice().id, 'amount': 10, 'date': '2099-01-01'}
        sentence = "Only an administrator of CRM follow-up says that somebody else recorded it"
        for user in (self.amelie, self.chloe, self.emile):
            Promise = self.Promise.with_user(user)
            with self.assertRefused(AccessError, sentence):
                Promise.create(vals | {'user_id': self.bruno.id})
            with self.assertRefused(AccessError, sentence):
                Promise.with_context(default_user_id=self.bruno.id).create(vals)
            promise = Promise.create(vals | {'user_id': user.id})
            with self.assertRefused(AccessError, sentence):
                promise.user_id = self.bruno
        promise.with_user(self.diane).user_id = self.amelie
        promise.with_user(self.amelie).amount = 9
        self.assertEqual(promise.sudo().amount, 9)
        told = self.Promise.with_user(self.diane).create(vals | {'user_id': self.emile.id})
        self.assertEqual(told.sudo().user_id, self.emile)

    def test_a_salesperson_records_what_was_said(self):
        """Without reading the ledger, from what the customer owes."""
        invoice = self.invoice()
        note = self.env['gem.crm.note'].with_user(self.amelie).create(
            {'partner_id': self.horizon.id, 'name': "Call about the invoices"})
        self.env.flush_all()
        owed = self.env['gem.crm.receivable'].with_user(self.amelie).search(
            [('partner_id', '=', self.horizon.id), ('move_id', '=', invoice.id)])
        action = owed.action_promise()
        form = Form(self.env['gem.crm.promise'].with_user(self.amelie).with_context(
            **action['context']))
        self.assertEqual(form.amount, 1000)
        form.date = '2099-01-01'
        form.note_id = note
        promise = form.save()
        self.assertEqual(promise.user_id, self.amelie)
        promise.amount = 900
        self.assertEqual(promise.sudo().amount, 900)
        theirs = self.promise(invoice, 100, '2099-03-10').with_user(self.amelie)
        self.assertEqual(theirs.amount, 100)
        with self.assertRaises(AccessError):
            theirs.amount = 90
        with self.assertRaises(AccessError):
            self.env['gem.crm.promise'].with_user(self.bruno).create(
                {'move_id': invoice.id, 'amount': 1, 'date': '2099-01-01'})

    def test_a_broken_promise_becomes_a_note_once(self):
        broken = self.promise(self.invoice(), 400, '2026-03-10')
        partly = self.promise(self.invoice(), 400, '2026-03-10')
        kept = self.promise(self.invoice(), 400, '2026-03-10')
        self.pay(partly.move_id, 150, '2026-03-09')
        self.pay(kept.move_id, 400, '2026-03-09')
        promises = broken | partly | kept
        with freeze_time('2026-03-12'):
            self.run_cron('gem_crm_promise_cron_decide')
            self.env.flush_all()
            self.assertEqual(promises.mapped('state'), ['broken', 'partly', 'kept'])
            self.assertFalse(promises.broken_note_id, "the bank statement may be on its way")
        with freeze_time('2026-03-13'):
            self.run_cron('gem_crm_promise_cron_decide')
            self.assertRecordValues(promises.broken_note_id, [
                {
                    'partner_id': self.horizon.id, 'user_id': self.amelie.id,
                    'move_id': promise.move_id.id, 'kind': 'internal',
                    'date_due': fields.Date.to_date('2026-03-13'),
                } for promise in broken | partly
            ])
            self.assertIn("Broken promise: $\xa0400.00 of INV", broken.broken_note_id.name)
            self.assertIn("$\xa0150.00 of the $\xa0400.00 of INV", partly.broken_note_id.name)
            broken.sudo().broken_note_id.unlink()
            self.run_cron('gem_crm_promise_cron_decide')
            self.assertFalse(broken.broken_note_id, "once is enough")

    @freeze_time('2026-03-20')
    def test_how_many_are_kept_in_the_figures_of_the_customer(self):
        """As the payments say, and again when one comes late; what is void counts for nothing."""
        kept, partly, broken, void = (
            self.promise(self.invoice(), 400, '2026-03-10') for _number in range(4))
        self.pay(kept.move_id, 400, '2026-03-10')
        self.pay(partly.move_id, 150, '2026-03-09')
        self.give_back(void.move_id, 1000, '2026-03-05')
        promises = kept | partly | broken | void
        self.assertEqual(
            [state for state, _paid in self.what_came_of(promises, '2026-03-20')],
            ['kept', 'partly', 'broken', 'void'])

        def figures():
            # Marks are written when the transaction is about to end.
            self.env.cr.flush()
            self.run_cron('gem_crm_profile_cron_marked')
            return self.env['gem.crm.profile'].search([
                ('partner_id', '=', self.horizon.id), ('company_id', '=', self.env.company.id)])
        self.assertRecordValues(figures(), [{'promise_count': 3, 'promise_kept': 33}])
        self.pay(broken.move_id, 400, '2026-03-08')
        self.env.flush_all()
        self.assertRecordValues(figures(), [{'promise_count': 3, 'promise_kept': 67}])

    def test_reconciling_asks_for_promises_once(self):
        invoice = self.invoice()
        self.promise(invoice, 100, date(2099, 1, 1))
        moves = invoice | self.invoice()
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(12):
            self.env['gem.crm.promise']._decide_for(moves)
            self.env.flush_all()
