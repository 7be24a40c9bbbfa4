import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command

from . import story

_logger = logging.getLogger(__name__)


class GemCrmDemo(models.AbstractModel):
    """Makes the documents of the demo data that XML files cannot: two years of invoices."""
    _name = 'gem.crm.demo'
    _description = "Demo Data of Customer Follow-up"

    @api.model
    def _load(self):
        """Invoice the demo customers in the current company, unless it was done before."""
        company = self.env.company
        if not self._journal('sale') or not self._journal('bank'):
            _logger.info("No demo invoices: %s has no chart of accounts.", company.name)
            return
        if self.env['account.move'].search_count([
            ('partner_id', 'in', [self._record('res_partner', key).id for key in story.CUSTOMERS]),
            ('company_id', '=', company.id),
        ], limit=1):
            return
        # Nobody follows the past: no subscription, no tracking.
        self.with_context(tracking_disable=True)._invoice(
            story.invoices(fields.Date.context_today(self)))
        self.with_context(tracking_disable=True)._dispute_and_promise()
        # The figures are there at the first look, before the cron has run.
        customers = self.env['res.partner'].union(
            *(self._record('res_partner', key) for key in story.CUSTOMERS))
        self.env['gem.crm.profile']._refresh(customers.ids, company)
        self.env['gem.crm.profile']._rank(company)

    def _invoice(self, purchases):
        """Post the invoices, what was sent back, and the payments received until today."""
        created = self.env['account.move'].create([self._invoice_vals(p) for p in purchases])
        invoices = [(move, p) for move, p in zip(created, purchases, strict=True)
                    if not p.is_draft]
        self.env['account.move'].union(*(invoice for invoice, _p in invoices)).action_post()
        self.env['account.move'].create([
            self._credit_note_vals(invoice, purchase)
            for invoice, purchase in invoices if purchase.returned
        ]).action_post()
        self._pay(invoices)

    def _dispute_and_promise(self):
        """Write down what customers contest of their unpaid invoices, and promised to pay."""
        today = fields.Date.context_today(self)
        accountant = self.env.ref('gem_crm.user_demo_emile')
        owed = self.env['account.move'].search([
            ('partner_id', 'in', [self._record('res_partner', key).id for key in story.CUSTOMERS]),
            ('company_id', '=', self.env.company.id), ('move_type', '=', 'out_invoice'),
            ('state', '=', 'posted'), ('amount_residual', '>', 0),
        ], order='invoice_date, id').grouped('partner_id')

        def last(key, number=1):
            """Return one of the last unpaid invoices of a customer, or nothing."""
            moves = owed.get(self._record('res_partner', key), self.env['account.move'])
            return moves[-number] if len(moves) >= number else self.env['account.move']

        for key, number, share, reason, days in story.DISPUTES:
            if move := last(key, number):
                self.env['gem.crm.dispute'].create({
                    'move_id': move.id,
                    'amount': move.currency_id.round(move.amount_residual * share),
                    'reason_id': self.env.ref(f'gem_crm.gem_crm_dispute_reason_{reason}').id,
                    'user_id': accountant.id,
                    'date_since': today - timedelta(days=10),
                    'date_until': today + timedelta(days=days) if days else False,
                })
        for key, number, share, days, paid in story.PROMISES:
            move = last(key, number)
            if not move or move.amount_residual <= 0:
                continue
            amount = move.currency_id.round(move.amount_residual * share)
            self.env['gem.crm.promise'].create({
                'move_id': move.id,
                'amount': amount,
                'date_made': today - timedelta(days=14),
                'date': today + timedelta(days=days),
                'user_id': accountant.id,
            })
            if paid:
                self._receive(
                    move, move.currency_id.round(amount * paid), today + timedelta(days=days))

    def _receive(self, invoice, amount, on):
        """Receive an amount of an invoice on the bank account."""
        line = invoice.line_ids.filtered(
            lambda line: line.display_type == 'payment_term' and not line.reconciled)[:1]
        received = self.env['account.bank.statement.line'].create({
            'journal_id': self._journal('bank').id, 'date': on, 'amount': amount,
            'payment_ref': invoice.name, 'partner_id': invoice.partner_id.id,
            'counterpart_account_id': line.account_id.id,
        })
        (line + received.line_ids.filtered(
            lambda other: other.account_id == line.account_id)).reconcile()

    def _invoice_vals(self, purchase):
        return {
            'move_type': 'out_invoice',
            'partner_id': self._record('res_partner', purchase.customer).id,
            'invoice_date': purchase.date,
            'invoice_line_ids': [
                Command.create({
                    'product_id': self._record('product_product', product).id,
                    'quantity': quantity,
                    'discount': purchase.discount,
                })
                for product, quantity in purchase.lines.items()
            ],
        }

    def _credit_note_vals(self, invoice, purchase):
        return dict(
            self._invoice_vals(purchase._replace(
                date=purchase.date + timedelta(days=7), lines=purchase.returned)),
            move_type='out_refund',
            reversed_entry_id=invoice.id,
            ref=invoice.name,
        )

    def _pay(self, invoices):
        """Receive on the bank account what the customers paid until today."""
        today = fields.Date.context_today(self)
        bank = self._journal('bank')
        receivable, payments = [], []
        for invoice, purchase in invoices:
            paid_on = max(
                invoice.invoice_date,
                invoice.invoice_date_due + timedelta(days=purchase.paid_after),
            )
            amount = invoice.currency_id.round(invoice.amount_residual * purchase.paid_share)
            if not amount or paid_on > today:
                continue
            lines = invoice.line_ids.filtered(lambda line: line.display_type == 'payment_term')
            receivable.append(lines)
            payments.append({
                'journal_id': bank.id,
                'date': paid_on,
                'amount': amount,
                'payment_ref': invoice.name,
                'partner_id': invoice.partner_id.id,
                'counterpart_account_id': lines.account_id.id,
            })
        received = self.env['account.bank.statement.line'].create(payments)
        self.env['account.move.line']._reconcile_plan([
            lines + payment.line_ids.filtered_domain([('account_id', '=', lines.account_id.id)])
            for lines, payment in zip(receivable, received, strict=True)
        ])

    def _record(self, model, key):
        return self.env.ref(f'gem_crm.{model}_demo_{key}')

    def _journal(self, kind):
        return self.env['account.journal'].search([
            *self.env['account.journal']._check_company_domain(self.env.company),
            ('type', '=', kind),
        ], limit=1)
