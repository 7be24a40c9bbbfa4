from odoo import fields, models
from odoo.tools import SQL

from .gem_crm_invoice_mixin import OWED_DOCUMENTS


class GemCrmInvoiceLine(models.Model):
    """What a customer was invoiced, for those who write down claims and read no ledger.

    One row per line of a posted customer invoice.
    """
    _name = 'gem.crm.invoice.line'
    _description = "Invoiced Line"
    _auto = False
    _order = 'date desc, move_id desc, id'
    _rec_name = 'name'
    _depends = {
        'account.move': ['name', 'invoice_date', 'move_type', 'state'],
        'account.move.line': [
            'company_id', 'currency_id', 'display_type', 'discount', 'move_id', 'name',
            'partner_id', 'price_total', 'price_unit', 'product_id', 'quantity',
        ],
        'res.partner': ['commercial_partner_id'],
    }

    move_id = fields.Many2one('account.move', string="Invoice", readonly=True)
    move_name = fields.Char(string="Number", readonly=True)
    date = fields.Date(string="Invoice Date", readonly=True)
    partner_id = fields.Many2one('res.partner', string="Customer", readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    product_id = fields.Many2one('product.product', readonly=True)
    name = fields.Char(string="Description", readonly=True)
    quantity = fields.Float(digits='Product Unit', readonly=True)
    price_unit = fields.Float(string="Price", readonly=True, aggregator=None)
    discount = fields.Float(string="Discount (%)", readonly=True, aggregator=None)
    price_total = fields.Monetary(string="With Taxes", readonly=True, aggregator=None)
    currency_id = fields.Many2one('res.currency', readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
                SELECT line.id, line.move_id, move.name AS move_name, move.invoice_date AS date,
                       contact.commercial_partner_id AS partner_id, line.company_id,
                       line.product_id, line.name, line.quantity, line.price_unit, line.discount,
                       line.price_total, line.currency_id
                  FROM account_move move
                  JOIN account_move_line line ON line.move_id = move.id
                                             AND line.display_type = 'product'
                  JOIN res_partner contact ON contact.id = move.partner_id
                 WHERE move.move_type IN %s AND move.state = 'posted'
            """,
            OWED_DOCUMENTS,
        )

    def action_claim(self):
        """Claim these lines, whole, in the complaint that they were looked up for."""
        complaint = self.env['gem.crm.complaint'].browse(self.env.context['gem_complaint_id'])
        complaint.check_access('write')
        claimed = complaint.line_ids.move_line_id.ids
        self.env['gem.crm.complaint.line'].create([
            {'complaint_id': complaint.id, 'move_line_id': line.id, 'quantity': line.quantity}
            for line in self if line.id not in claimed
        ])
        return {'type': 'ir.actions.act_window_close'}
