from odoo import models


class AccountMoveLine(models.Model):
    """What may be asked for of a receivable line."""
    _inherit = 'account.move.line'

    def _gem_undisputed(self):
        """Return what is left to pay on these lines and not disputed.

        A dispute is about an invoice. With several instalments, what falls due first is the
        disputed part of it: nobody is asked today for what is contested, and what falls due
        later is asked for when it is due.

        :return: a dictionary of line id to amount in the currency of the line, for the lines
            of invoices with an open dispute only
        """
        # sudo: whoever writes reminders must not write of disputes they cannot read
        disputes = self.env['gem.crm.dispute'].sudo()
        disputed = dict(disputes._read_group(
            [('move_id', 'in', self.move_id.ids), ('state', '=', 'open')],
            ['move_id'], ['amount:sum'],
        ))
        undisputed = {}
        for move, amount in disputed.items():
            owed = move.line_ids.filtered(
                lambda line: line.account_id.account_type == 'asset_receivable'
                and line.amount_residual_currency > 0)
            for line in owed.sorted(lambda line: (line.date_maturity or line.date, line.id)):
                taken = min(amount, line.amount_residual_currency)
                undisputed[line.id] = line.currency_id.round(line.amount_residual_currency - taken)
                amount -= taken
        return {line.id: undisputed[line.id] for line in self if line.id in undisputed}
