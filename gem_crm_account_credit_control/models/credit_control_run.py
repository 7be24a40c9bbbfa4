from markupsafe import Markup

from odoo import models


class CreditControlRun(models.Model):
    """Tells which invoices it left out, wholly or in part."""
    _inherit = 'credit.control.run'

    def _generate_credit_lines(self):
        generated = super()._generate_credit_lines()
        if disputed := self._gem_disputed_invoices():
            self.report = self.report + Markup("<p>%s</p>") % self.env._(
                "Disputed, so that nothing is asked for, or what is not disputed only: "
                "%(invoices)s",
                invoices=", ".join(disputed.mapped('name')),
            )
        return generated

    def _gem_disputed_invoices(self):
        """Return the disputed ones of the invoices that the run looked at."""
        lines = self.env['account.move.line']
        for policy in self.policy_ids.filtered(lambda policy: not policy.do_nothing):
            lines |= policy._get_move_lines_to_process(self)
        return lines.browse(lines._gem_undisputed()).move_id.sorted('name')
