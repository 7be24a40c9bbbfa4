from odoo import api, models

from .gem_crm_profile import INVOICE_TYPES

FIGURE_FIELDS = frozenset([
    'state', 'amount_untaxed_signed', 'partner_id', 'company_id', 'invoice_date', 'date',
    'invoice_date_due', 'amount_residual', 'payment_state',
])


class AccountMove(models.Model):
    _inherit = 'account.move'

    def _write_multi(self, vals_list):
        # Drafts make no figure: only what is, or was, posted matters.
        changed = self.browse(
            move.id
            for move, vals in zip(self, vals_list, strict=True)
            if not FIGURE_FIELDS.isdisjoint(vals)
            and ('state' in vals or move.state == 'posted')
        )
        result = super()._write_multi(vals_list)
        changed._gem_mark_customers()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_mark_customers(self):
        self.filtered(lambda move: move.state == 'posted')._gem_mark_customers()

    def _gem_mark_customers(self):
        """Have the figures of the customers of these invoices computed soon."""
        Mark = self.env['gem.crm.profile.mark']
        for move in self:
            if move.move_type in INVOICE_TYPES and move.partner_id:
                Mark._mark(move.partner_id.ids, move.company_id.id)
