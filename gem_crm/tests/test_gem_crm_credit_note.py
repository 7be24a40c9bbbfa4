from ast import literal_eval

from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.gem_crm.tests.test_gem_crm_complaint_line import ClaimCommon

ROUNDING = ('round_per_line', 'round_globally')


class CreditCommon(ClaimCommon):

    def credit(self, lines):
        """Draft the credit note as the accountant does, and return it."""
        return self.env['account.move'].browse(lines.action_credit()['res_id'])

    def accept(self, *claims):
        """Return the claims of (invoice line, quantity) or (line, quantity, amount), accepted."""
        lines = self.Line.browse()
        for line, quantity, *amount in claims:
            lines |= self.claim(
                line, quantity, quantity, **({'accepted_amount': amount[0]} if amount else {}))
        return lines


@tagged('post_install', '-at_install')
class TestCreditNoteAtAnotherRate(CreditCommon):
    """Euros, two to a dollar when the invoice was written and four when it is credited."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.eur = cls.setup_other_currency(
            'EUR', rates=[('2026-01-01', 2.0), ('2026-03-15', 4.0)])

    def test_the_claim_is_worth_what_was_booked_and_the_books_settle_the_difference(self):
        invoice = self.invoice_of((10, 10, [self.tax_20]), currency_id=self.eur.id)
        self.assertEqual((invoice.amount_total, invoice.amount_total_signed), (120, 60))
        dispute = self.dispute(invoice, 90)
        self.assertEqual(dispute.amount_company, 45, "at the rate of the invoice")
        lines = self.accept((invoice.invoice_line_ids, 6))
        self.assertEqual((lines.accepted_amount, lines.expected), (60, 30), "as it was booked")

        credit_note = self.credit(lines)
        self.assertEqual((credit_note.currency_id, credit_note.amount_total), (self.eur, 72))
        self.assertEqual(
            (credit_note.amount_untaxed_signed, credit_note.amount_total_signed), (-15, -18),
            "at the rate of the day")
        self.assertEqual(lines.expected, 30, "a draft is expected still")
        credit_note.action_post()
        self.assertEqual((lines.state, lines.expected), ('credited', 0))
        self.assertEqual(credit_note.payment_state, 'paid')
        self.assertEqual(invoice.amount_residual, 48)
        receivable = invoice.line_ids.filtered('date_maturity')
        self.assertEqual(
            (receivable.amount_residual, receivable.amount_residual_currency), (24, 48))
        # 72 euros were 36 dollars and are 18: the exchange lost the rest, and no claim pays it.
        exchange = receivable.matched_credit_ids.exchange_move_id
        self.assertEqual(sum(exchange.line_ids.mapped('debit')), 18)
        self.assertEqual((self.complaint.credited, self.complaint.cost), (15, 15), "as booked")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertRecordValues(
            self.env['gem.crm.complaint.report'].with_user(self.chloe).search(
                [('complaint_id', '=', self.complaint.id)]),
            [{'cost_credit': 15, 'cost': 15}])
        # No more is disputed than is left to pay: 48 euros of then.
        self.assertEqual((dispute.amount_company, invoice.gem_disputed), (45, 48))
        self.assertRecordValues(
            self.env['gem.crm.receivable'].with_user(self.emile).search(
                [('move_id', '=', invoice.id)]),
            [{'amount': 24, 'amount_currency': 48, 'disputed': 24, 'undisputed': 0}])

    def test_expected_in_euros_and_dollars_sums_in_dollars(self):
        self.accept(
            (self.invoice_of((10, 10, [self.tax_20]), currency_id=self.eur.id).invoice_line_ids, 4),
            (self.invoice_of(
                (10, 10, []), currency_id=self.eur.id, invoice_date='2026-03-16',
            ).invoice_line_ids, 4),
            (self.invoice_of((3, 9.99, [self.tax_included])).invoice_line_ids, 1))
        # 40 euros at two and at four to a dollar; 9.99 with its taxes is 8.69 without.
        self.assertEqual(
            sorted(self.complaint.line_ids.mapped('expected')), [8.69, 10, 20])
        [(total,)] = self.env['gem.crm.complaint.line'].with_user(self.emile)._read_group(
            [('complaint_id', '=', self.complaint.id)], [], ['expected:sum'])
        self.assertEqual(round(total, 2), 38.69)


@tagged('post_install', '-at_install')
class TestCreditNoteRounding(CreditCommon):
    """A credit note computes its taxes as the invoice does, by either method of the company."""

    def each_method(self):
        for method in ROUNDING:
            self.env.company.tax_calculation_rounding_method = method
            yield method

    def as_invoiced(self, *lines):
        """Return the amounts of an invoice of these lines: without taxes, taxes, in all."""
        invoice = self.invoice_of(*lines)
        return [{name: invoice[name] for name in (
            'amount_untaxed', 'amount_tax', 'amount_total')}]

    def test_a_part_of_a_price_that_includes_its_tax(self):
        """Ten of 29.97 are given back for three pieces: ten, to the cent."""
        for _method in self.each_method():
            origin = self.invoice_of((3, 9.99, [self.tax_included])).invoice_line_ids
            lines = self.accept((origin, 3, 10))
            self.assertEqual(lines.expected, 8.70, "10 / 1.15")
            credit_note = self.credit(lines)
            self.assertRecordValues(credit_note, [{
                'amount_untaxed': 8.70, 'amount_tax': 1.30, 'amount_total': 10}])
            self.assertRecordValues(credit_note.invoice_line_ids, [{
                'quantity': 3, 'tax_ids': self.tax_included.ids, 'price_total': 10}])

    def test_a_part_of_a_price_that_does_not_divide(self):
        for _method in self.each_method():
            origin = self.invoice_of((7, 3, [self.tax_20])).invoice_line_ids
            credit_note = self.credit(self.accept((origin, 7, 10)))
            self.assertRecordValues(credit_note, [{
                'amount_untaxed': 10, 'amount_tax': 2, 'amount_total': 12}])

    def test_several_taxes_and_discounts_of_several_lines(self):
        taxes = self.tax_20 | self.tax_5

        def sold(*quantities):
            prices = [(3.33, 7.5, taxes), (1.11, 0, taxes), (0.37, 33.3, self.tax_20),
                      (9.99, 12.5, self.tax_included)]
            return [
                {'product_id': self.product_a.id, 'name': f"At {price}", 'quantity': quantity,
                 'price_unit': price, 'discount': discount,
                 'tax_ids': [Command.set(of_line.ids)]}
                for quantity, (price, discount, of_line) in zip(quantities, prices, strict=True)]

        for _method in self.each_method():
            whole, part = self.invoice_of(*sold(7, 3, 11, 5)), self.invoice_of(*sold(7, 3, 11, 5))
            # All of it: what the invoice says, and nothing is left.
            credit_note = self.credit(self.accept(*(
                (line, line.quantity) for line in whole.invoice_line_ids)))
            self.assertRecordValues(credit_note, self.as_invoiced(*sold(7, 3, 11, 5)))
            credit_note.action_post()
            self.assertEqual((whole.payment_state, whole.amount_residual), ('reversed', 0))
            # A part of it: what an invoice of this part would have said.
            credit_note = self.credit(self.accept(*zip(
                part.invoice_line_ids, (2, 1, 4, 3), strict=True)))
            self.assertRecordValues(credit_note, self.as_invoiced(*sold(2, 1, 4, 3)))
            before = part.amount_residual
            credit_note.action_post()
            self.assertEqual(
                round(part.amount_residual, 2), round(before - credit_note.amount_total, 2))

    def test_the_two_methods_differ_and_each_is_kept(self):
        """Three lines with a cent and four tenths of tax: rounded each, or together."""
        totals = {}
        for method in self.each_method():
            invoice = self.invoice_of(*[(1, 0.07, [self.tax_20])] * 3)
            credit_note = self.credit(self.accept(*(
                (line, 1) for line in invoice.invoice_line_ids)))
            self.assertEqual(credit_note.amount_total, invoice.amount_total)
            totals[method] = credit_note.amount_tax
        self.assertEqual(totals, {'round_per_line': 0.03, 'round_globally': 0.04})


@tagged('post_install', '-at_install')
class TestCreditNotesPostedTogether(CreditCommon):

    def test_each_settles_its_own_invoice(self):
        """At the end of the month an accountant posts all drafts, two of them of one invoice."""
        first, second, third = (self.invoice_of((10, 10, [self.tax_20])) for _number in range(3))
        notes = self.env['account.move']
        for invoice, quantity in ((first, 2), (first, 3), (second, 4), (third, 1), (second, 1)):
            notes |= self.credit(self.accept((invoice.invoice_line_ids, quantity)))
        self.assertEqual(notes.mapped('amount_total'), [24, 36, 48, 12, 12])
        notes.with_user(self.emile).action_post()
        self.assertEqual(notes.mapped('payment_state'), ['paid'] * 5)
        self.assertEqual(
            (first | second | third).mapped('amount_residual'), [60, 60, 108])


@tagged('post_install', '-at_install')
class TestCreditNoteLinks(CreditCommon):
    """From the credit note to the complaint and back, and what is still expected."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Oscar manages Horizon Books with Amelie's rights, and reads invoices.
        cls.oscar = new_test_user(
            cls.env, 'oscar', 'gem_crm.gem_crm_group_user,account.group_account_readonly',
            name="Oscar Lund", company_id=cls.env.company.id,
            company_ids=[Command.set(cls.env.company.ids)])

    def test_each_leads_to_the_other(self):
        first, second = self.invoice_of((2, 10, [])), self.invoice_of((3, 10, []))
        other = self.env['gem.crm.complaint'].with_user(self.amelie).create(
            {'name': "Torn", 'partner_id': self.horizon.id})
        ours = self.accept((first.invoice_line_ids, 1), (second.invoice_line_ids, 2))
        theirs = self.accept((second.invoice_line_ids, 1))
        theirs.sudo().complaint_id = other
        notes = self.env['account.move'].search(ours.action_credit()['domain'])
        foreign = self.credit(theirs)
        self.assertEqual(len(notes), 2)
        self.horizon.user_id = self.oscar
        complaint = self.complaint.with_user(self.oscar)
        self.assertEqual((complaint.credit_note_count, other.credit_note_count), (2, 1))
        action = complaint.action_view_credit_notes()
        self.assertEqual(
            self.env['account.move'].with_user(self.oscar).search(action['domain']), notes)
        self.assertEqual(action['context'], {'default_move_type': 'out_refund'})
        for move, complaints in (
            (notes[0], self.complaint), (notes[1], self.complaint), (foreign, other),
            (first, self.complaint), (second, self.complaint | other),
        ):
            seen = move.with_user(self.oscar)
            self.assertEqual((seen.gem_complaint_ids, seen.gem_complaint_count), (
                complaints, len(complaints)))
            self.assertEqual(
                self.env['gem.crm.complaint'].with_user(self.oscar).search(
                    seen.gem_action_view_complaints()['domain']), complaints)
        for note in notes | foreign:
            self.assertIn(note.reversed_entry_id, first | second)
            self.assertIn("Credit note of", note.message_ids[0].body)
        # Bruno is no party to it: the credit note tells him nothing.
        self.oscar.group_ids -= self.env.ref('gem_crm.gem_crm_group_user')
        with self.assertRaises(AccessError):
            notes.with_user(self.oscar).read(['gem_complaint_ids'])

    def test_a_handler_who_reads_no_ledger_sees_that_there_are_some(self):
        self.credit(self.accept((self.invoice().invoice_line_ids, 1)))
        complaint = self.complaint.with_user(self.amelie)
        self.assertEqual(complaint.credit_note_count, 1)
        arch = complaint.get_view(
            self.env.ref('gem_crm.gem_crm_complaint_view_form').id, 'form')['arch']
        self.assertNotIn('action_view_credit_notes', arch)
        self.assertIn('action_view_credit_notes', complaint.with_user(self.oscar).get_view(
            self.env.ref('gem_crm.gem_crm_complaint_view_form').id, 'form')['arch'])

    def expected(self, user):
        """Return what the menu item opens: the rows of its filter, and their sum."""
        action = self.env.ref(
            'gem_crm.gem_crm_complaint_line_action_expected').with_user(user)._get_action_dict()
        self.assertEqual(action['res_model'], 'gem.crm.complaint.line')
        [chosen] = [
            name.removeprefix('search_default_') for name in literal_eval(action['context'])]
        Line = self.env['gem.crm.complaint.line'].with_user(user)
        arch = etree.fromstring(Line.get_view(False, 'search')['arch'])
        [found] = arch.xpath(f"//filter[@name='{chosen}']")
        self.env.flush_all()
        return Line.search(
            [*literal_eval(action['domain'] or '[]'), *literal_eval(found.get('domain'))])

    def test_credit_notes_expected_at_the_end_of_the_month(self):
        invoice = self.invoice_of(*[(10, 10, [])] * 5)
        claimed, refused, accepted, drafted, credited = invoice.invoice_line_ids
        self.claim(claimed, 1)
        self.claim(refused, 1).action_refuse()
        waiting = self.accept((accepted, 2))
        draft = self.accept((drafted, 3))
        self.credit(draft)
        self.credit(self.accept((credited, 4))).action_post()
        bruno_s = self.env['gem.crm.complaint'].create(
            {'name': "Noise", 'partner_id': self.juniper.id})
        foreign = self.Line.create({
            'complaint_id': bruno_s.id, 'quantity': 1, 'accepted_quantity': 1,
            'move_line_id': self.invoice_of((1, 70, []), partner=self.juniper).invoice_line_ids.id})
        for user, rows, total in (
            (self.emile, waiting | draft | foreign, 120),
            (self.chloe, waiting | draft | foreign, 120),
            (self.amelie, waiting | draft, 50), (self.bruno, foreign, 70),
        ):
            with self.subTest(user=user.name):
                found = self.expected(user)
                self.assertEqual(found.sudo(), rows.sudo())
                self.assertEqual(sum(found.mapped('expected')), total)
        for user in (self.felix, self.gaby):
            with self.assertRaises(AccessError):
                self.env['gem.crm.complaint.line'].with_user(user).search([])
        # The draft is posted, the other refused after all: nothing is to be provided for.
        draft.credit_move_id.action_post()
        waiting.action_refuse()
        self.assertEqual(self.expected(self.emile), foreign)
        self.assertFalse(self.expected(self.amelie))
        with self.assertRefused(UserError, "Nothing is accepted that is not credited yet"):
            waiting.action_credit()

    def test_another_company_expects_its_own(self):
        ours = self.accept((self.invoice().invoice_line_ids, 1))
        otter = self._create_company(name="Otter Prints")
        self.emile.company_ids |= otter
        in_otter = self.env(context=dict(self.env.context, allowed_company_ids=otter.ids))
        invoice = in_otter['account.move'].create({
            'move_type': 'out_invoice', 'partner_id': self.horizon.id,
            'invoice_date': '2026-03-01', 'invoice_line_ids': [Command.create({
                'name': "Plates", 'price_unit': 20, 'tax_ids': [Command.clear()]})]})
        invoice.action_post()
        complaint = in_otter['gem.crm.complaint'].create(
            {'name': "Broken", 'partner_id': self.horizon.id})
        theirs = self.Line.with_context(allowed_company_ids=otter.ids).create({
            'complaint_id': complaint.id, 'move_line_id': invoice.invoice_line_ids.id,
            'quantity': 1, 'accepted_quantity': 1})
        self.assertEqual(self.expected(self.emile), ours)
        self.env = in_otter
        self.assertEqual(self.expected(self.emile), theirs)
