from odoo import api, models


class AccountPartialReconcile(models.Model):
    """What is paid decides what was promised."""
    _inherit = 'account.partial.reconcile'

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        self.env['gem.crm.promise']._decide_for(partials.debit_move_id.move_id)
        return partials

    def unlink(self):
        moves = self.debit_move_id.move_id
        result = super().unlink()
        self.env['gem.crm.promise']._decide_for(moves)
        return result
