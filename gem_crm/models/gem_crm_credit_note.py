from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

# What a line of a credit note has in common with the line that it credits.
COPIED = (
    'name', 'product_id', 'product_uom_id', 'account_id', 'analytic_distribution', 'discount',
    'price_unit', 'tax_ids', 'deductible_amount',
)


class GemCrmComplaintLine(models.Model):
    """Accepted claims become draft credit notes, one per invoice, of these lines only."""
    _inherit = 'gem.crm.complaint.line'

    def action_credit(self):
        """Draft the credit notes of what is accepted, and show them.

        They are drafts: an accountant posts them, and Odoo then reconciles each with its invoice.
        """
        lines = self.filtered(lambda line: line.state == 'accepted')
        if not lines:
            raise UserError(self.env._(
                "Nothing is accepted that is not credited yet. Write the accepted quantity of a "
                "line first.",
            ))
        if not self.env['account.move'].has_access('create'):
            raise AccessError(self.env._(
                "Credit notes are made by people who may write invoices. Ask one of them: what you "
                "accepted waits under “Credit Notes Expected”.",
            ))
        lines._check_accounts()
        credit_notes = self.env['account.move']
        for invoice, ours in lines.grouped('move_id').items():
            credit_notes |= ours._draft_credit_note(invoice)
        action = {
            'type': 'ir.actions.act_window',
            'name': self.env._("Credit Notes"),
            'res_model': 'account.move',
            'context': {'default_move_type': 'out_refund'},
        }
        if len(credit_notes) == 1:
            return action | {'res_id': credit_notes.id, 'views': [(False, 'form')]}
        return action | {
            'domain': [('id', 'in', credit_notes.ids)],
            'views': [(False, 'list'), (False, 'form')],
        }

    def _check_accounts(self):
        """Raise if a line was booked on an account that is archived: its credit note could not be.
        """
        for line in self:
            account = line.move_line_id.account_id.with_company(line.company_id)
            if not account.active:
                raise UserError(self.env._(
                    "“%(line)s” was booked on %(account)s, which is archived. Ask an accountant to "
                    "restore it under Invoicing › Configuration › Chart of Accounts until the "
                    "credit note is posted.",
                    line=line.description or line.product_id.display_name,
                    account=account.display_name,
                ))

    def _draft_credit_note(self, invoice):
        """Return a draft credit note of these lines, which are all of ``invoice``."""
        credit_note = self.env['account.move'].with_context(
            default_move_type='out_refund',
        ).create(self._credit_note_vals(invoice))
        credited = credit_note.invoice_line_ids.sorted(lambda line: (line.sequence, line.id))
        for line, credit_line in zip(self, credited, strict=True):
            line.credit_line_id = credit_line
        reference = self.complaint_id[:1].display_name or self.reason_id[:1].name or ''
        credit_note._message_log(body=self.env._(
            "Credit note of %(invoice)s. %(reference)s",
            invoice=invoice._get_html_link(), reference=reference,
        ))
        return credit_note

    def _credit_note_vals(self, invoice):
        journal = invoice.journal_id
        if not journal.active:
            journal = self.env['account.journal'].search([
                *self.env['account.journal']._check_company_domain(invoice.company_id),
                ('type', '=', 'sale'),
            ], limit=1)
        if not journal:
            raise UserError(self.env._(
                "%(company)s has no sales journal for the credit note. Ask an accountant to set "
                "one up under Invoicing › Configuration › Journals.",
                company=invoice.company_id.name,
            ))
        terms = invoice.invoice_payment_term_id
        return {
            'move_type': 'out_refund',
            'reversed_entry_id': invoice.id,
            'partner_id': invoice.partner_id.id,
            'partner_shipping_id': invoice.partner_shipping_id.id,
            'company_id': invoice.company_id.id,
            'journal_id': journal.id,
            'currency_id': invoice.currency_id.id,
            'fiscal_position_id': invoice.fiscal_position_id.id,
            'invoice_user_id': invoice.invoice_user_id.id,
            'invoice_origin': invoice.invoice_origin,
            'invoice_cash_rounding_id': invoice.invoice_cash_rounding_id.id,
            'invoice_date': fields.Date.context_today(self),
            # Due at once, unless the discount for early payment is in the taxes of the invoice.
            'invoice_payment_term_id':
                terms.id if terms.early_pay_discount_computation == 'mixed' else False,
            'ref': self.env._(
                "Credit of: %(invoice)s, %(why)s", invoice=invoice.name,
                why=", ".join(filter(None, (
                    *self.complaint_id.mapped('reference'), *self.reason_id.mapped('name')))),
            ).rstrip(", "),
            'invoice_line_ids': [
                Command.create(line._credit_line_vals(sequence))
                for sequence, line in enumerate(self, 1)
            ],
        }

    def _credit_line_vals(self, sequence):
        """Return the line of the credit note: the invoice's own, of what is accepted."""
        self.ensure_one()
        origin = self.move_line_id
        vals = {name: origin[name] for name in COPIED if not origin._fields[name].relational}
        vals |= {
            name: origin[name].id for name in COPIED if origin._fields[name].type == 'many2one'}
        vals |= {
            'tax_ids': [Command.set(origin.tax_ids.ids)],
            'quantity': self.accepted_quantity,
            'sequence': sequence,
        }
        if self.currency_id.compare_amounts(
            self.accepted_amount, self._price_of(self.accepted_quantity),
        ):
            # A part of the price is given back.
            vals |= {'price_unit': self.accepted_amount / self.accepted_quantity, 'discount': 0}
        # What other apps keep on the lines that they invoiced: orders, for instance.
        origin._copy_data_extend_business_fields(vals)
        return vals
