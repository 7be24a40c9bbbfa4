from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.gem_crm.tests.test_gem_crm_complaint_line import ClaimCommon


@tagged('post_install', '-at_install')
class TestInvoicingGoesOn(ClaimCommon):
    """Nadia writes invoices and knows nothing of complaints: her work is what it was.

    She neither reads nor writes claims, disputes and promises; they follow what she does.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nadia = new_test_user(
            cls.env, 'nadia', 'account.group_account_invoice', name="Nadia Blum",
            company_id=cls.env.company.id, company_ids=[Command.set(cls.env.company.ids)])
        cls.contested = cls.invoice_of((10, 10, []), (5, 20, []))
        cls.contest = cls.dispute(cls.contested, 50)
        cls.promise = cls.Promise.create({
            'move_id': cls.contested.id, 'amount': 30, 'date': '2026-04-01'})
        cls.hers = cls.contested.with_user(cls.nadia)

    def test_she_posts_the_credit_note_that_somebody_drafted(self):
        line = self.claim(self.contested.invoice_line_ids[0], 4, 4)
        line.action_credit()
        line.credit_move_id.with_user(self.nadia).unlink()
        self.assertEqual((line.state, line.expected), ('accepted', 40))
        line.action_credit()
        line.credit_move_id.with_user(self.nadia).action_post()
        self.assertEqual((line.state, self.hers.amount_residual), ('credited', 160))
        self.assertEqual(self.complaint.sudo().credited, 40)

    def test_she_writes_the_invoice_again(self):
        self.hers.button_draft()
        self.hers.invoice_line_ids[0].price_unit = 11
        self.hers.action_post()
        self.assertEqual(self.hers.amount_residual, 210)
        self.assertRecordValues(self.contest, [{'state': 'open', 'amount': 50}])
        self.assertTrue(self.contested.no_followup)
        self.claim(self.contested.invoice_line_ids[0], 1)
        self.hers.button_draft()
        with self.assertRefused(UserError, "is claimed by Horizon Books. Delete the claim first"):
            self.hers.invoice_line_ids = [Command.delete(self.hers.invoice_line_ids[0].id)]

    def test_she_cancels_it_and_does_not_delete_it(self):
        self.hers.button_draft()
        with self.assertRefused(UserError, "Cancel the invoice instead of deleting it"):
            self.hers.unlink()
        self.hers.button_cancel()
        self.assertRecordValues(self.contest, [{
            'state': 'ended', 'ended_how': 'cancel', 'ended_by_id': self.nadia.id}])
        self.assertEqual(self.promise.state, 'void')
        self.assertFalse(self.contested.no_followup)

    def test_she_receives_the_payment(self):
        self.env['account.payment.register'].with_user(self.nadia).with_context(
            active_model='account.move', active_ids=self.contested.ids,
        ).create({'amount': 200, 'payment_date': '2026-03-20'})._create_payments()
        self.env.invalidate_all()
        self.assertEqual(self.hers.amount_residual, 0)
        self.assertEqual((self.promise.state, self.promise.paid), ('kept', 30))
        self.run_cron('gem_crm_dispute_cron_end')
        self.assertRecordValues(self.contest, [{'state': 'ended', 'ended_how': 'paid'}])

    def test_she_reverses_it(self):
        """By Odoo's own button: nothing is owed, so that nothing was to be kept."""
        wizard = self.env['account.move.reversal'].with_user(self.nadia).with_context(
            active_model='account.move', active_ids=self.contested.ids,
        ).create({'journal_id': self.contested.journal_id.id, 'reason': "Never sent"})
        note = self.env['account.move'].browse(wizard.reverse_moves()['res_id'])
        note.with_user(self.nadia).action_post()
        self.assertEqual((self.hers.amount_residual, self.hers.payment_state), (0, 'reversed'))
        self.assertEqual(self.promise.state, 'void')


@tagged('post_install', '-at_install')
class TestLinesToClaim(ClaimCommon):
    """An invoice with a rebate, something free, and a section: what is proposed to be claimed."""

    def setUp(self):
        super().setUp()
        self.mixed = self.invoice(invoice_line_ids=[
            Command.create({'display_type': 'line_section', 'name': "Spring"}),
            *(Command.create({'name': name, 'quantity': quantity, 'price_unit': price,
                              'tax_ids': [Command.clear()]})
              for name, quantity, price in (
                ("Books", 3, 10), ("Poster", 1, 0), ("Rebate", 1, -5), ("Taken back", -1, 4)))])

    def test_a_complaint_of_the_whole_invoice_is_saved_as_proposed(self):
        action = self.mixed.gem_action_complain()
        form = Form(self.env['gem.crm.complaint'].with_user(self.chloe).with_context(
            **action['context']))
        form.name = "All of it"
        self.assertRecordValues(form.save().line_ids.sorted('amount').sudo(), [
            {'description': "Poster", 'quantity': 1, 'amount': 0},
            {'description': "Books", 'quantity': 3, 'amount': 30}])

    def test_a_dispute_claims_what_can_be_claimed(self):
        form = Form(self.Dispute.with_context(**self.mixed.gem_action_dispute()['context']))
        self.assertEqual(len(form.line_ids), 2)
        form.reason_id = self.damaged
        dispute = form.save()
        dispute.action_claim_all()
        self.assertEqual(
            sorted(dispute.line_ids.mapped('description')), ["Books", "Poster"])
