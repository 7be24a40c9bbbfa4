from odoo import api, models
from odoo.exceptions import UserError

# Reminders that have not left yet; those of the last two failed to.
WAITING = ('draft', 'to_be_sent', 'queued', 'error', 'email_error')


class CreditControlLine(models.Model):
    """Reminds nobody of what they dispute."""
    _inherit = 'credit.control.line'

    @api.model
    def create_or_update_from_mv_lines(
        self, lines, level, controlling_date, company, check_tolerance=True,
        default_lines_vals=None,
    ):
        undisputed = lines._gem_undisputed()
        tolerance = company.credit_control_tolerance if check_tolerance else 0

        def is_due(line):
            amount = undisputed.get(line.id)
            if amount is None:
                return True
            least = company.currency_id._convert(
                tolerance, line.currency_id, company, controlling_date)
            return amount > 0 and line.currency_id.compare_amounts(amount, least) >= 0

        return super(
            CreditControlLine, self.with_context(gem_undisputed=undisputed),
        ).create_or_update_from_mv_lines(
            lines.filtered(is_due), level, controlling_date, company,
            check_tolerance=check_tolerance, default_lines_vals=default_lines_vals,
        ).with_env(self.env)

    @api.model
    def _prepare_from_move_line(
        self, move_line, level, controlling_date, open_amount, default_lines_vals,
    ):
        undisputed = (self.env.context.get('gem_undisputed') or {}).get(move_line.id)
        if undisputed is not None:
            open_amount = min(open_amount, undisputed)
        return super()._prepare_from_move_line(
            move_line, level, controlling_date, open_amount, default_lines_vals)

    def write(self, values):
        if values.get('state') == 'to_be_sent':
            self._gem_refuse_disputed()
        return super().write(values)

    def _gem_ask_for_disputed(self):
        """Return those of the reminders that ask for more than is undisputed."""
        undisputed = self.move_line_id._gem_undisputed()
        return self.filtered(lambda line: (
            line.move_line_id.id in undisputed
            and line.currency_id.compare_amounts(
                line.balance_due, undisputed[line.move_line_id.id]) > 0
        ))

    def _gem_refuse_disputed(self):
        """Raise if one of the reminders asks for what is disputed."""
        if refused := self._gem_ask_for_disputed():
            raise UserError(self.env._(
                "The customer disputes what these reminders ask for: %(invoices)s. Leave them "
                "ignored. Credit control writes new ones for what is not disputed, and for all of "
                "it once the dispute has ended.",
                invoices=", ".join(refused.invoice_id.mapped('name')),
            ))

    def _gem_withdraw(self):
        """Ignore the reminders, which have not left yet; keep a trace of why.

        Credit control writes ignored ones again, as soon as they are due. A mail that waits to
        be sent is cancelled, and what else it asks for waits for the next one.
        """
        mailed = self.filtered(lambda line: line.state == 'queued').communication_id
        self.env['mail.mail'].search([
            ('model', '=', mailed._name), ('res_id', 'in', mailed.ids),
            ('state', 'in', ('outgoing', 'exception')),
        ]).cancel()
        others = mailed.credit_control_line_ids.filtered(
            lambda line: line.state == 'queued') - self
        others.write({'state': 'to_be_sent', 'communication_id': False})
        self.write({'state': 'ignored'})
        text = self.env._("Ignored, as the customer disputes what it asks for.")
        self._message_log_batch(bodies=dict.fromkeys(self.ids, text))
