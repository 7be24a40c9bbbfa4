from odoo import models

from .credit_control_line import WAITING


class GemCrmDispute(models.Model):
    """Withdraws the reminders that have not left yet."""
    _inherit = 'gem.crm.dispute'

    def write(self, vals):
        result = super().write(vals)
        if 'amount' in vals:
            self._withdraw_reminders()
        return result

    def _stop_reminders(self):
        result = super()._stop_reminders()
        self._withdraw_reminders()
        return result

    def _withdraw_reminders(self):
        """Ignore the reminders of these invoices that ask for what is now disputed."""
        # sudo: whoever may dispute an invoice stops its reminders, and reads none
        self.env['credit.control.line'].sudo().search([
            ('invoice_id', 'in', self.sudo().move_id.ids), ('state', 'in', WAITING),
        ])._gem_ask_for_disputed()._gem_withdraw()
