from odoo import api, fields, models
from odoo.tools import SQL

from .gem_crm_profile import INVOICE_TYPES


class AccountMoveLine(models.Model):
    _inherit = 'account.move.line'

    gem_unit_cost = fields.Float(
        string="Cost at Posting",
        digits=0,
        readonly=True,
        copy=False,
        prefetch=False,
        aggregator=None,
        groups='account.group_account_readonly,account.group_account_invoice',
        help="What one unit of the line cost the company when the invoice was posted, in the "
             "company's currency. Margins are computed with it, however the cost changes later.",
    )

    @api.model
    def _gem_freeze_costs(self, moves):
        """Keep today's cost of the products of these invoices, where none is kept yet.

        What a credit note takes back costs what it cost on the invoice.
        """
        moves = moves.filtered(lambda move: move.move_type in INVOICE_TYPES)
        if not moves:
            return
        self.env.flush_all()
        self.env.cr.execute(SQL(
            """
                UPDATE account_move_line line
                   SET gem_unit_cost = COALESCE(
                           (SELECT AVG(origin.gem_unit_cost)
                              FROM account_move_line origin
                             WHERE origin.move_id = move.reversed_entry_id
                               AND origin.product_id = line.product_id
                               AND origin.product_uom_id = line.product_uom_id),
                           (product.standard_price ->> move.company_id::text)::numeric
                               * COALESCE(uom.factor / product_uom.factor, 1),
                           0)
                  FROM account_move move, product_product product
                  JOIN product_template template ON template.id = product.product_tmpl_id
                  JOIN uom_uom product_uom ON product_uom.id = template.uom_id,
                       uom_uom uom
                 WHERE line.move_id IN %s
                   AND line.display_type = 'product'
                   AND line.gem_unit_cost IS NULL
                   AND move.id = line.move_id
                   AND product.id = line.product_id
                   AND uom.id = COALESCE(line.product_uom_id, template.uom_id)
            """,
            tuple(moves.ids),
        ))
        self.invalidate_model(['gem_unit_cost'], flush=False)

    def write(self, vals):
        if self.ids and not vals.keys().isdisjoint(('product_id', 'product_uom_id')):
            # The cost was kept of another product or unit. Empty, which no float field can be.
            self.env.cr.execute(SQL(
                "UPDATE account_move_line SET gem_unit_cost = NULL"
                " WHERE id IN %s AND gem_unit_cost IS NOT NULL", tuple(self.ids)))
            self.invalidate_recordset(['gem_unit_cost'], flush=False)
        return super().write(vals)


class AccountMove(models.Model):
    _inherit = 'account.move'

    def _post(self, soft=True):
        posted = super()._post(soft)
        self.env['account.move.line']._gem_freeze_costs(posted)
        return posted
