from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# What a customer owes by.
OWED_DOCUMENTS = ('out_invoice', 'out_receipt')
# Of the invoice: that the web client shows them read-only keeps nobody from writing them.
COMPUTED = ('currency_id', 'amount_company')
OF_THE_INVOICE = ('partner_id', 'company_id', *COMPUTED)


class GemCrmInvoiceMixin(models.AbstractModel):
    """What every record about one invoice of a customer shares.

    The customer and the company are those of the invoice; the amount is in its currency.
    Salespeople see the invoice's name and these amounts, and need not read the ledger.
    """
    _name = 'gem.crm.invoice.mixin'
    _description = "Record About an Invoice"
    _inherit = ['gem.crm.customer.mixin']

    partner_id = fields.Many2one(readonly=True)
    company_id = fields.Many2one(required=True, readonly=True)
    move_id = fields.Many2one(
        'account.move',
        string="Invoice",
        required=True,
        domain=[
            ('move_type', 'in', OWED_DOCUMENTS),
            ('state', '=', 'posted'),
            ('payment_state', 'in', ('not_paid', 'partial')),
        ],
        index=True,
        ondelete='restrict',
    )
    currency_id = fields.Many2one(
        related='move_id.currency_id', string="Currency", store=True, precompute=True,
    )
    company_currency_id = fields.Many2one(
        related='company_id.currency_id', string="Company Currency",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {name: value for name, value in vals.items() if name not in COMPUTED}
                for vals in vals_list
            ]
            # pylint: disable-next=context-overridden; to leave some defaults out
            self = self.with_context({
                name: value for name, value in self.env.context.items()
                if name.removeprefix('default_') not in COMPUTED
            })
        return super().create(self._with_invoice(vals_list))

    def write(self, vals):
        if not self.env.su and any(record._differs(vals, OF_THE_INVOICE) for record in self):
            raise AccessError(self.env._(
                "The customer, the company, the currency and the amount in the currency of the "
                "company are those of the invoice, and cannot be written.",
            ))
        if 'move_id' in vals and any(record.move_id.id != vals['move_id'] for record in self):
            raise UserError(self.env._(
                "The invoice cannot be changed. Add what you need on the other invoice instead."
            ))
        return super().write(vals)

    def _differs(self, vals, names):
        """Whether ``vals`` would change one of these fields of this record."""
        self.ensure_one()
        return any(
            field.convert_to_cache(vals[name], self) != field.convert_to_cache(self[name], self)
            for name in names if name in vals and (field := self._fields[name])
        )

    @api.model
    def default_get(self, fields):
        [values] = self._with_invoice([super().default_get(fields)])
        return values

    @api.onchange('move_id')
    def _onchange_move_id(self):
        # sudo: of the chosen invoice, its customer and company are no secret
        for record in self:
            move = record.sudo().move_id
            record.partner_id = move.commercial_partner_id
            record.company_id = move.company_id

    @api.model
    def _with_invoice(self, vals_list):
        """Return ``vals_list`` with the customer and the company of each invoice."""
        moves = self.env['account.move'].browse(
            {vals['move_id'] for vals in vals_list if vals.get('move_id')})
        # sudo: salespeople may promise what their customer said, and read no invoices
        known = {
            move.id: {
                'partner_id': move.commercial_partner_id.id, 'company_id': move.company_id.id,
            }
            for move in moves.sudo()
        }
        return [dict(vals, **known.get(vals.get('move_id'), {})) for vals in vals_list]

    def _mark_customers(self):
        """Have the figures of the customers computed again: they tell what is owed."""
        result = super()._mark_customers()
        for company, records in self.sudo().grouped('company_id').items():
            self.env['gem.crm.profile.mark']._mark(records.partner_id.ids, company.id)
        return result

    def _check_is_owed(self):
        """Raise unless these are about posted customer invoices."""
        # sudo: as above
        for record in self.sudo():
            move = record.move_id
            if move.move_type not in OWED_DOCUMENTS or move.state != 'posted':
                raise UserError(self.env._(
                    "%(document)s is no posted customer invoice. Choose one that is.",
                    document=move.display_name,
                ))

    def action_open_invoice(self):
        """Return the action that shows the invoice."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'res_model': 'account.move',
            'res_id': self.move_id.id,
            'views': [(False, 'form')],
        }

    def _refuse_deletion_of_invoice(self):
        """Raise for the first of these records: its invoice is about to be deleted."""
        for record in self:
            raise UserError(self.env._(
                "%(invoice)s was disputed, or its payment promised, by %(customer)s, which must "
                "not be forgotten. Cancel the invoice instead of deleting it.",
                invoice=record.move_id.display_name, customer=record.partner_id.display_name,
            ))
