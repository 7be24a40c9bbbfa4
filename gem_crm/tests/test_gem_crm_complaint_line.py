from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.gem_crm.tests.test_gem_crm_dispute import InvoicingCommon


class ClaimCommon(InvoicingCommon):
    """Adds to the cast a complaint of Horizon Books, handled by Amelie."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time('2026-03-20'))
        cls.complaint = cls.env['gem.crm.complaint'].with_user(cls.amelie).create({
            'name': "Wet parcels", 'partner_id': cls.horizon.id,
        })
        cls.Line = cls.env['gem.crm.complaint.line'].with_user(cls.emile)
        cls.tax_20, cls.tax_5 = cls.env['account.tax'].create([
            {'name': "20 %", 'amount': 20, 'amount_type': 'percent', 'type_tax_use': 'sale'},
            {'name': "5 %", 'amount': 5, 'amount_type': 'percent', 'type_tax_use': 'sale'},
        ])
        cls.tax_included = cls.env['account.tax'].create({
            'name': "15 % included", 'amount': 15, 'amount_type': 'percent',
            'type_tax_use': 'sale', 'price_include_override': 'tax_included',
        })

    @classmethod
    def invoice_of(cls, *lines, **vals):
        """Return a posted invoice of (quantity, price, taxes) or vals of lines."""
        return cls.invoice(**vals, invoice_line_ids=[
            Command.create(line if isinstance(line, dict) else {
                'product_id': cls.product_a.id, 'name': f"Item at {line[1]}",
                'quantity': line[0], 'price_unit': line[1],
                'tax_ids': [Command.set([tax.id for tax in line[2]])],
            }) for line in lines
        ])

    @classmethod
    def claim(cls, line, quantity, accepted=None, **vals):
        return cls.Line.create({
            'complaint_id': cls.complaint.id, 'move_line_id': line.id, 'quantity': quantity,
            **({} if accepted is None else {'accepted_quantity': accepted}), **vals,
        })


@tagged('post_install', '-at_install')
class TestComplaintLine(ClaimCommon):

    def test_a_claim_knows_its_invoice_line(self):
        invoice = self.invoice_of((10, 7.5, [self.tax_20]))
        line = self.claim(invoice.invoice_line_ids, 4, reason_id=self.damaged.id)
        self.assertRecordValues(line, [{
            'partner_id': self.horizon.id, 'company_id': self.env.company.id,
            'move_id': invoice.id, 'product_id': self.product_a.id, 'amount': 30,
            'invoiced_quantity': 10, 'state': 'claimed', 'accepted_by_id': False,
        }])
        line.action_accept()
        self.assertRecordValues(line, [{
            'state': 'accepted', 'accepted_quantity': 4, 'accepted_amount': 30,
            'accepted_by_id': self.emile.id, 'expected': 30,
        }])
        self.assertTrue(line.accepted_on)
        line.action_refuse()
        self.assertRecordValues(line, [{
            'state': 'refused', 'accepted_quantity': 0, 'accepted_amount': 0, 'expected': 0}])

    def test_no_more_than_invoiced(self):
        origin = self.invoice_of((10, 10, [])).invoice_line_ids
        with self.assertRefused(ValidationError, "10.0 was invoiced at $\xa010.00. No more can"):
            self.claim(origin, 11)
        with self.assertRefused(ValidationError, "No more can be claimed"):
            self.claim(origin, 2, amount=21)
        line = self.claim(origin, 6, 6)
        with self.assertRefused(ValidationError, "No more can be accepted"):
            line.accepted_amount = 61
        with self.assertRefused(ValidationError, "10.0 was invoiced, for $\xa0100.00; $\xa00.00"):
            self.claim(origin, 5, 5)
        other = self.claim(origin, 5)
        with self.assertRefused(ValidationError, "$\xa0110.00 would be accepted"):
            other.action_accept()
        other.accepted_quantity = 4
        with mute_logger('odoo.sql_db'), self.assertRefused(IntegrityError, "positive"):
            self.claim(origin, -1)

    def test_a_part_of_the_price_leaves_the_goods(self):
        origin = self.invoice_of((10, 10, [])).invoice_line_ids
        # A fifth of the price of all ten, then two come back.
        self.claim(origin, 10, 10, accepted_amount=20)
        self.claim(origin, 2, 2)
        with self.assertRefused(ValidationError, "Accept no more than what is left"):
            self.claim(origin, 7, 7)

    def test_credit_notes_made_by_hand_count(self):
        invoice = self.invoice_of((10, 10, []), (10, 10, []))
        refund = self.env['account.move'].create({
            'move_type': 'out_refund', 'partner_id': self.horizon.id,
            'reversed_entry_id': invoice.id, 'invoice_date': '2026-03-10',
            'invoice_line_ids': [Command.create({
                'product_id': self.product_a.id, 'quantity': 15, 'price_unit': 10,
                'tax_ids': [Command.clear()]})],
        })
        first, second = invoice.invoice_line_ids
        line = self.claim(first, 10)
        refund.action_post()
        with self.assertRefused(ValidationError, "$\xa0150.00 of it is credited already"):
            line.accepted_quantity = 10
        line.accepted_quantity = 5
        with self.assertRefused(ValidationError, "Accept no more than what is left"):
            self.claim(second, 1, 1)

    def test_only_lines_of_the_customers_posted_invoices(self):
        theirs = self.invoice_of((1, 10, []), partner=self.juniper)
        with self.assertRefused(
            ValidationError, f"{theirs.name} is an invoice of Juniper Cafe, not of Horizon Books",
        ):
            self.claim(theirs.invoice_line_ids, 1)
        receivable = self.invoice().line_ids.filtered('date_maturity')
        with self.assertRefused(ValidationError, "Only lines of posted customer invoices"):
            self.claim(receivable, 1)
        dispute = self.dispute(self.invoice())
        with self.assertRefused(ValidationError, "only lines of it can be claimed there"):
            self.Line.create({
                'dispute_id': dispute.id, 'quantity': 1,
                'move_line_id': self.invoice().invoice_line_ids.id})

    def test_a_handler_claims_without_reading_the_ledger(self):
        invoice = self.invoice_of((3, 10, []), (2, 20, []))
        self.invoice_of((1, 10, []), partner=self.juniper)
        self.env.flush_all()
        complaint = self.complaint.with_user(self.amelie)
        action = complaint.action_add_lines()
        rows = self.env['gem.crm.invoice.line'].with_user(self.amelie).with_context(
            **action['context']).search(action['domain'])
        self.assertEqual(sorted(rows.mapped('quantity')), [2, 3])
        rows.action_claim()
        rows.action_claim()
        self.assertEqual(sorted(complaint.line_ids.mapped('quantity')), [2, 3], "each once")
        self.assertEqual(complaint.line_ids[0].with_user(self.amelie).move_id.id, invoice.id)
        complaint.action_accept_lines()
        self.assertEqual(complaint.line_ids.accepted_by_id, self.amelie)
        with self.assertRefused(AccessError, "Credit notes are made by people who may write"):
            complaint.action_credit()
        self.assertTrue(complaint.with_user(self.emile).read(['name']), "about an invoice")
        with self.assertRaises(AccessError):
            complaint.with_user(self.emile).write({'name': "Dry parcels"})

    def test_a_complaint_is_opened_from_the_invoice(self):
        invoice = self.invoice_of((3, 10, []), (2, 20, []))
        action = invoice.gem_action_complain()
        form = Form(self.env['gem.crm.complaint'].with_context(**action['context']))
        form.name = "All of it arrived wet"
        complaint = form.save()
        self.assertEqual(complaint.partner_id, self.horizon)
        self.assertEqual(complaint.line_ids.mapped('amount'), [40, 30])
        self.assertEqual(invoice.gem_complaint_ids, complaint)
        self.assertEqual(
            self.env['gem.crm.complaint'].search(invoice.gem_action_view_complaints()['domain']),
            complaint)

    def test_another_company_does_not_see_it(self):
        line = self.claim(self.invoice().invoice_line_ids, 1)
        elsewhere = self.env['res.company'].create({'name': "Otter Prints"})
        self.emile.company_ids |= elsewhere
        self.assertFalse(self.Line.with_context(
            allowed_company_ids=elsewhere.ids).search([('id', '=', line.id)]))


@tagged('post_install', '-at_install')
class TestCreditNote(ClaimCommon):

    def credit(self, lines):
        """Draft the credit note as the accountant does, and return it."""
        action = lines.action_credit()
        return self.env['account.move'].browse(action['res_id'])

    def test_one_click_makes_a_draft_of_what_is_accepted(self):
        analytic = self.env['account.analytic.account'].create({
            'name': "Books", 'plan_id': self.env['account.analytic.plan'].create(
                {'name': "Departments"}).id,
        })
        invoice = self.invoice_of(
            {'product_id': self.product_a.id, 'name': "Atlas", 'quantity': 10, 'price_unit': 30,
             'discount': 10, 'tax_ids': [Command.set((self.tax_20 | self.tax_5).ids)],
             'analytic_distribution': {str(analytic.id): 100}},
            (5, 8, [self.tax_20]), (1, 99, []),
        )
        atlas, other, _untouched = invoice.invoice_line_ids
        before = invoice.read(['amount_total', 'state', 'write_date', 'name'])
        first = self.claim(atlas, 4, 3, reason_id=self.damaged.id)
        second = self.claim(other, 5, 5, accepted_amount=10)
        credit_note = self.credit(first | second)
        self.assertRecordValues(credit_note, [{
            'state': 'draft', 'move_type': 'out_refund', 'reversed_entry_id': invoice.id,
            'partner_id': self.horizon.id, 'journal_id': invoice.journal_id.id,
            # 3 × 27 + 10, and 81 × 25 % + 10 × 20 %
            'amount_untaxed': 91, 'amount_tax': 22.25, 'amount_total': 113.25,
        }])
        self.assertRecordValues(credit_note.invoice_line_ids, [
            {'product_id': self.product_a.id, 'name': "Atlas", 'quantity': 3, 'price_unit': 30,
             'discount': 10, 'tax_ids': (self.tax_20 | self.tax_5).ids,
             'account_id': atlas.account_id.id,
             'analytic_distribution': {str(analytic.id): 100}},
            {'product_id': self.product_a.id, 'name': "Item at 8", 'quantity': 5, 'price_unit': 2,
             'discount': 0, 'tax_ids': self.tax_20.ids, 'account_id': other.account_id.id,
             'analytic_distribution': False},
        ])
        self.assertRecordValues(first | second, [
            {'state': 'drafted', 'credit_move_id': credit_note.id},
            {'state': 'drafted', 'credit_move_id': credit_note.id}])
        self.assertEqual(self.complaint.credit_note_count, 1)
        self.assertEqual(invoice.read(['amount_total', 'state', 'write_date', 'name']), before)

        credit_note.action_post()
        self.assertEqual(invoice.amount_residual, invoice.amount_total - 113.25)
        self.assertEqual(credit_note.payment_state, 'paid', "reconciled by itself")
        self.assertEqual((first | second).mapped('state'), ['credited', 'credited'])
        with self.assertRefused(UserError, "Nothing is accepted that is not credited yet"):
            (first | second).action_credit()
        with self.assertRefused(UserError, "is on the credit note already"):
            first.accepted_quantity = 4
        with self.assertRefused(UserError, "stays as its reason"):
            first.unlink()

    def test_a_draft_that_is_deleted_is_expected_again(self):
        line = self.claim(self.invoice().invoice_line_ids, 1, 1)
        credit_note = self.credit(line)
        credit_note.unlink()
        self.assertEqual((line.state, line.expected), ('accepted', 1000))
        self.assertTrue(self.credit(line))

    def test_tax_included_and_rounding_follow_the_invoice(self):
        for method in ('round_per_line', 'round_globally'):
            self.env.company.tax_calculation_rounding_method = method
            invoice = self.invoice_of(
                (3, 9.99, [self.tax_included]), (7, 3.33, [self.tax_included]))
            lines = self.Line.browse()
            for origin in invoice.invoice_line_ids:
                lines |= self.claim(origin, origin.quantity, origin.quantity)
            credit_note = self.credit(lines)
            self.assertRecordValues(credit_note, [{
                'amount_untaxed': invoice.amount_untaxed, 'amount_tax': invoice.amount_tax,
                'amount_total': invoice.amount_total}])
            credit_note.action_post()
            self.assertEqual(invoice.payment_state, 'reversed')
        part = self.credit(self.claim(self.invoice_of(
            (3, 9.99, [self.tax_included])).invoice_line_ids, 1, 1))
        self.assertRecordValues(part, [{'amount_total': 9.99, 'amount_untaxed': 8.69}])

    def test_foreign_currency_and_payment_terms(self):
        eur = self.setup_other_currency('EUR', rates=[('2026-01-01', 2.0)])
        terms = self.env['account.payment.term'].create({'name': "Two times", 'line_ids': [
            Command.create({'value': 'percent', 'value_amount': 50, 'nb_days': 30}),
            Command.create({'value': 'percent', 'value_amount': 50, 'nb_days': 60}),
        ]})
        invoice = self.invoice_of(
            (10, 10, [self.tax_20]), currency_id=eur.id, invoice_payment_term_id=terms.id)
        line = self.claim(invoice.invoice_line_ids, 6, 6)
        self.assertEqual(line.expected, 30)
        credit_note = self.credit(line)
        self.assertRecordValues(credit_note, [{
            'currency_id': eur.id, 'amount_total': 72, 'invoice_payment_term_id': False}])
        credit_note.action_post()
        self.assertEqual(invoice.amount_residual, 48)
        self.assertEqual(
            invoice.line_ids.filtered('date_maturity').sorted('date_maturity').mapped(
                'amount_residual_currency'), [0, 48])

    def test_one_credit_note_per_invoice(self):
        first, second = self.invoice_of((2, 10, [])), self.invoice_of((3, 10, []))
        self.claim(first.invoice_line_ids, 1, 1)
        self.claim(second.invoice_line_ids, 2, 2)
        action = self.complaint.with_user(self.emile).action_credit()
        credit_notes = self.env['account.move'].search(action['domain'])
        self.assertEqual(credit_notes.reversed_entry_id, first | second)
        self.assertEqual(sorted(credit_notes.mapped('amount_total')), [10, 20])

    def test_posting_looks_again(self):
        """What was credited by hand before the claim is accepted counts when it is posted."""
        invoice = self.invoice_of((10, 10, []))
        self.reverse(invoice, 5).action_post()
        credit_note = self.credit(self.claim(invoice.invoice_line_ids, 5, 5))
        credit_note.invoice_line_ids.quantity = 6
        with self.assertRefused(ValidationError, "$\xa050.00 of it is credited already"):
            credit_note.action_post()
        credit_note.invoice_line_ids.quantity = 5
        credit_note.action_post()
        self.assertEqual(invoice.amount_residual, 0)

    def reverse(self, invoice, quantity=None):
        """Return Odoo's own draft reversal of an invoice, of some of its first line."""
        action = self.env['account.move.reversal'].with_context(
            active_model='account.move', active_ids=invoice.ids,
        ).create({'journal_id': invoice.journal_id.id, 'date': '2026-03-20'}).refund_moves()
        refund = self.env['account.move'].browse(action['res_id'])
        if quantity is not None:
            refund.invoice_line_ids[0].quantity = quantity
        return refund

    def test_a_reversal_by_hand_leaves_what_is_accepted(self):
        """As much as neither was accepted nor credited may be credited by hand, and no more."""
        invoice = self.invoice_of((10, 10, []))
        waiting = self.claim(invoice.invoice_line_ids, 6, 6)
        refund = self.reverse(invoice, 5)
        with self.assertRefused(
            ValidationError,
            "10.0 was invoiced, for $\xa0100.00. 6.0, for $\xa060.00, is accepted for the "
            "customer's claims, and credit notes made by hand come to 5.0, for $\xa050.00. Credit "
            "no more by hand than what is left",
        ):
            refund.action_post()
        refund.invoice_line_ids.quantity = 4
        refund.action_post()
        self.assertEqual((invoice.amount_residual, waiting.state), (60, 'accepted'))
        credit_note = self.credit(waiting)
        credit_note.action_post()
        self.assertEqual((invoice.amount_residual, waiting.state), (0, 'credited'))
        with self.assertRefused(ValidationError, "come to 14.0, for $\xa0140.00"):
            self.reverse(invoice).action_post()
        # What is accepted no more is free to be credited by hand.
        other = self.invoice_of((10, 10, []))
        given_up = self.claim(other.invoice_line_ids, 6, 6)
        with self.assertRefused(ValidationError, "accept less in claims"):
            self.reverse(other).action_post()
        given_up.action_refuse()
        self.reverse(other).action_post()
        self.assertEqual(other.payment_state, 'reversed')

    def test_a_reversal_by_hand_after_the_claim_was_credited(self):
        invoice = self.invoice_of((10, 10, []), (5, 20, []))
        first, second = invoice.invoice_line_ids
        self.credit(self.claim(first, 6, 6)).action_post()
        refund = self.reverse(invoice, 5)
        # The other line is of the same product: by hand, the two count together.
        with self.assertRefused(ValidationError, "come to 10.0, for $\xa0150.00"):
            refund.action_post()
        refund.invoice_line_ids[0].quantity = 4
        refund.action_post()
        self.assertEqual(invoice.amount_residual, 0)
        with self.assertRefused(ValidationError, "Accept no more than what is left"):
            self.claim(second, 1, 1)

    def test_a_reversal_at_once_is_looked_at_too(self):
        """Reverse and create invoice: Odoo posts the credit note by itself."""
        invoice = self.invoice_of((10, 10, []))
        self.claim(invoice.invoice_line_ids, 1, 1)
        wizard = self.env['account.move.reversal'].with_context(
            active_model='account.move', active_ids=invoice.ids,
        ).create({'journal_id': invoice.journal_id.id, 'date': '2026-03-20'})
        with self.assertRefused(ValidationError, "come to 10.0, for $\xa0100.00"):
            wizard.modify_moves()
        free = self.invoice_of((10, 10, []))
        self.claim(free.invoice_line_ids, 1)
        self.env['account.move.reversal'].with_context(
            active_model='account.move', active_ids=free.ids,
        ).create({'journal_id': free.journal_id.id, 'date': '2026-03-20'}).modify_moves()
        self.assertEqual(free.payment_state, 'reversed', "claimed is not accepted")

    def test_an_invoice_made_smaller_covers_what_is_accepted(self):
        """An invoice that was a draft again is posted only with what was accepted of it."""
        invoice = self.invoice_of((10, 10, []))
        origin = invoice.invoice_line_ids
        line = self.claim(origin, 6, 6)
        invoice.button_draft()
        origin.quantity = 5
        with self.assertRefused(
            ValidationError,
            "5.0 would be invoiced, for $\xa050.00, but 6.0, for $\xa060.00, is accepted for the "
            "customer's claims. Leave as much on the invoice, or accept less in claims",
        ):
            invoice.action_post()
        origin.write({'quantity': 10, 'price_unit': 8})
        with self.assertRefused(
            ValidationError, "6.0 at $\xa08.00 come to $\xa048.00, but $\xa060.00 is accepted",
        ):
            invoice.action_post()
        origin.write({'quantity': 6, 'price_unit': 10})
        invoice.action_post()
        self.credit(line).action_post()
        self.assertEqual(invoice.amount_residual, 0)
        invoice.button_draft()
        origin.quantity = 5
        with self.assertRefused(ValidationError, "6.0, for $\xa060.00, is accepted"):
            invoice.action_post()
        line.sudo().credit_move_id.button_draft()
        line.sudo().credit_move_id.unlink()
        line.write({'quantity': 5, 'accepted_quantity': 5})
        invoice.action_post()

    def test_posting_without_claims_asks_once(self):
        """Nothing is looked up for each of the invoices, nor locked for those not credited."""
        drafts = self.env['account.move'].concat(*(
            self.invoice_of((1, 10, [])) for _number in range(3)))
        drafts.button_draft()
        guards = self.env['gem.crm.credit.guard'].search_count([])
        Line = type(self.env['gem.crm.complaint.line'])
        with patch.object(Line, 'search', autospec=True, side_effect=Line.search) as search:
            drafts.action_post()
        asked = [call for call in search.call_args_list if 'credit_move_id' in str(call)]
        self.assertEqual(len(asked), 1)
        self.assertEqual(self.env['gem.crm.credit.guard'].search_count([]), guards)

    def test_what_the_credit_note_says_counts(self):
        """An accountant may give back more than was accepted, but not twice."""
        origin = self.invoice_of((10, 10, [])).invoice_line_ids
        line = self.claim(origin, 3, 3)
        credit_note = self.credit(line)
        credit_note.invoice_line_ids.quantity = 11
        with self.assertRefused(ValidationError, "Accept no more than what is left"):
            credit_note.action_post()
        credit_note.invoice_line_ids.quantity = 9
        credit_note.action_post()
        with self.assertRefused(ValidationError, "$\xa0110.00 would be accepted"):
            self.claim(origin, 2, 2)
        self.claim(origin, 1, 1)

    def test_what_the_credit_note_says_counts_in_price_too(self):
        origin = self.invoice_of((10, 10, [])).invoice_line_ids
        credit_note = self.credit(self.claim(origin, 10, 10, accepted_amount=20))
        credit_note.invoice_line_ids.price_unit = 7
        credit_note.action_post()
        with self.assertRefused(ValidationError, "$\xa0110.00 would be accepted"):
            self.claim(origin, 4, 4)
        self.claim(origin, 3, 3)

    def test_the_dispute_ends_when_all_is_decided_and_credited(self):
        invoice = self.invoice_of((10, 10, []), (5, 10, []))
        form = Form(self.Dispute.with_context(default_move_id=invoice.id))
        form.reason_id = self.damaged
        with form.line_ids.edit(0) as line:
            line.accepted_quantity = 4
        dispute = form.save()
        self.assertRecordValues(dispute.line_ids, [{
            'quantity': 4, 'accepted_quantity': 4, 'accepted_amount': 40, 'state': 'accepted',
            'reason_id': self.damaged.id, 'accepted_by_id': self.emile.id}])
        undecided = self.Line.create({
            'dispute_id': dispute.id, 'quantity': 1,
            'move_line_id': invoice.invoice_line_ids[1].id})
        self.credit(dispute.line_ids).action_post()
        self.assertEqual(dispute.state, 'open', "one claim is not decided")
        undecided.accepted_quantity = 1
        self.credit(dispute.line_ids).action_post()
        self.assertRecordValues(dispute, [{'state': 'ended', 'ended_how': 'credit'}])
        self.assertFalse(invoice.no_followup)
        self.assertEqual(invoice.amount_residual, 100)

    def test_the_dispute_ends_when_the_last_claim_is_refused(self):
        dispute = self.dispute(self.invoice_of((10, 10, []), (5, 10, [])))
        dispute.action_claim_all()
        first, second = dispute.line_ids.sorted('id')
        first.action_accept()
        self.credit(first).action_post()
        self.assertTrue(dispute.move_id.no_followup)
        second.action_refuse()
        self.assertRecordValues(dispute, [{
            'state': 'ended', 'ended_how': 'credit', 'ended_by_id': self.emile.id}])
        self.assertFalse(dispute.move_id.no_followup)

        nothing = self.dispute(self.invoice_of((10, 10, [])))
        nothing.action_claim_all()
        nothing.line_ids.action_refuse()
        self.assertEqual(nothing.state, 'open', "nothing is credited: the customer may insist")

    def test_the_dispute_ends_when_the_last_undecided_claim_is_deleted(self):
        dispute = self.dispute(self.invoice_of((10, 10, []), (5, 10, []), (1, 10, [])))
        dispute.action_claim_all()
        first, second, third = dispute.line_ids.sorted('id')
        first.action_accept()
        self.credit(first).action_post()
        second.unlink()
        self.assertEqual(dispute.state, 'open', "one claim is not decided")
        third.unlink()
        self.assertRecordValues(dispute, [{
            'state': 'ended', 'ended_how': 'credit', 'ended_by_id': self.emile.id}])
        self.assertFalse(dispute.move_id.no_followup)

        nothing = self.dispute(self.invoice_of((10, 10, [])))
        nothing.action_claim_all()
        nothing.line_ids.unlink()
        self.assertEqual(nothing.state, 'open', "nothing is credited")

    def test_what_was_credited_is_not_deleted_with_its_complaint(self):
        """Nor with its dispute: the database would delete the claims without asking."""
        line = self.claim(self.invoice().invoice_line_ids, 1, 1)
        self.credit(line).action_post()
        complaint = self.complaint.sudo()
        complaint.stage_id = self.env['gem.crm.complaint.stage']._first('cancelled')
        with self.assertRefused(UserError, "is the reason of RINV"):
            complaint.unlink()
        dispute = self.dispute(self.invoice())
        dispute.action_claim_all()
        dispute.line_ids.action_accept()
        credit_note = self.credit(dispute.line_ids)
        with self.assertRefused(UserError, "stays as its reason"):
            dispute.sudo().unlink()
        credit_note.unlink()
        dispute.sudo().unlink()

    def test_a_claimed_line_stays_on_the_invoice(self):
        invoice = self.invoice_of((10, 10, []), (5, 10, []))
        claimed, other = invoice.invoice_line_ids
        line = self.claim(claimed, 1)
        invoice.button_draft()
        with self.assertRefused(UserError, f"of {invoice.name} is claimed by Horizon Books"):
            invoice.invoice_line_ids = [Command.delete(claimed.id)]
        invoice.invoice_line_ids = [Command.delete(other.id)]
        line.unlink()
        invoice.unlink()

    def test_lines_are_claimed_when_the_dispute_is_there_already(self):
        dispute = self.dispute(self.invoice_of((10, 10, []), (5, 10, [])))
        self.assertFalse(dispute.line_ids)
        dispute.action_claim_all()
        dispute.action_claim_all()
        self.assertRecordValues(dispute.line_ids.sorted('id'), [
            {'quantity': 10, 'accepted_quantity': 0, 'state': 'claimed'},
            {'quantity': 5, 'accepted_quantity': 0, 'state': 'claimed'}])

    def test_lock_dates_are_odoos(self):
        invoice = self.invoice_of((10, 10, []))
        self.env.company.hard_lock_date = '2026-03-10'
        credit_note = self.credit(self.claim(invoice.invoice_line_ids, 1, 1))
        credit_note.action_post()
        self.assertEqual(invoice.amount_residual, 90, "the invoice is in a locked month")
        self.env.company.hard_lock_date = '2026-03-31'
        with self.assertRefused(UserError, "You cannot add/modify entries prior to"):
            self.credit(self.claim(invoice.invoice_line_ids, 1, 1)).action_post()

    def test_without_a_sales_journal(self):
        line = self.claim(self.invoice().invoice_line_ids, 1, 1)
        self.env['account.journal'].search([
            ('type', '=', 'sale'), ('company_id', '=', self.env.company.id)]).active = False
        with self.assertRefused(UserError, "has no sales journal for the credit note"):
            line.action_credit()


@tagged('post_install', '-at_install')
class TestDisputeTour(ClaimCommon, HttpCase):

    def test_from_the_invoice_to_its_credit_note_in_french(self):
        """An accountant settles a dispute in four clicks beyond typing."""
        self.env['res.lang']._activate_lang('fr_FR')
        self.emile.lang = 'fr_FR'
        invoice = self.invoice_of((10, 10, []), (5, 20, []))
        self.start_tour(
            f'/odoo/action-account.action_move_out_invoice/{invoice.id}', 'gem_crm_dispute',
            login='emile')
        dispute = self.env['gem.crm.dispute'].search([('move_id', '=', invoice.id)])
        self.assertRecordValues(dispute, [{
            'state': 'ended', 'ended_how': 'credit', 'reason_id': self.damaged.id,
            'amount': 200}])
        credit_note = dispute.line_ids.credit_move_id
        self.assertRecordValues(credit_note, [{
            'state': 'posted', 'amount_total': 40, 'reversed_entry_id': invoice.id}])
        self.assertEqual(invoice.amount_residual, 160)
        self.assertFalse(invoice.no_followup)


@tagged('post_install', '-at_install')
class TestAccountantsPage(ClaimCommon):

    def test_accountant_opens_a_complaint_about_an_invoice(self):
        """What is none of an accountant's business is left out, rather than in the way."""
        complaint = self.complaint
        self.claim(self.invoice_of((10, 10, [])).invoice_line_ids, 3)
        self.env['gem.crm.comparison'].create({
            'complaint_id': complaint.id,
            'competitor_id': self.env['gem.crm.competitor'].create({'name': "Paper Inc."}).id,
            'criterion_id': self.env['gem.crm.comparison.criterion'].create({'name': "Ink"}).id,
        })
        with Form(complaint.with_user(self.emile)) as page:
            self.assertEqual(len(page.line_ids), 1)
