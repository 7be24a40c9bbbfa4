from odoo import models
from odoo.exceptions import UserError


class CreditControlPolicyChanger(models.TransientModel):
    """Refuses to remind by hand of what is disputed as a whole."""
    _inherit = 'credit.control.policy.changer'

    def set_new_policy(self):
        if not self.new_policy_id.do_nothing:
            undisputed = self.move_line_ids._gem_undisputed()
            disputed = self.move_line_ids.filtered(lambda line: undisputed.get(line.id) == 0)
            if disputed:
                raise UserError(self.env._(
                    "The customer disputes all that is left to pay: %(invoices)s. End the dispute "
                    "first, or leave these invoices out.",
                    invoices=", ".join(disputed.move_id.mapped('name')),
                ))
        return super().set_new_policy()
