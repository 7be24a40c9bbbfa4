from odoo import api, models
from odoo.exceptions import ValidationError


class GemCrmComplaintLine(models.Model):
    """No more is accepted than was invoiced and is not credited yet, whoever credits it."""
    _inherit = 'gem.crm.complaint.line'

    def _check_not_more_than_invoiced(self):
        """Raise if more than the invoiced lines would be credited, by us or by hand.

        Given-back prices and given-back goods count in the amount; the quantity is that of what
        is credited at its full price. Where the credit note gives back more than was accepted,
        that counts. Credit notes made by hand name no invoice line: they count for all lines of
        their product together.
        """
        # sudo: what others accepted and credited counts, whoever may read it
        lines = self.sudo()
        lines.env['gem.crm.credit.guard']._pass(lines.move_id.ids)
        lines.env.flush_all()
        accepted = lines.search([
            ('move_id', 'in', lines.move_id.ids), ('accepted_quantity', '>', 0)])
        by_hand = lines._credited_by_hand()
        for origin in lines.move_line_id:
            ours = accepted.filtered(lambda line, origin=origin: line.move_line_id == origin)
            ours._check_fits([origin], 0, 0)
            key = lines._credit_key(origin)
            same = origin.move_id.invoice_line_ids.filtered(
                lambda line, key=key: lines._credit_key(line) == key)
            of_same = accepted.filtered(lambda line, same=same: line.move_line_id in same)
            of_same._check_fits(same, *by_hand.get((origin.move_id.id, key), (0, 0)))

    def _check_fits(self, origins, credited_quantity, credited_amount):
        """Raise unless these accepted claims fit in what was invoiced less what was credited."""
        if not self:
            return
        money = self[0].currency_id
        invoiced = sum(line.quantity for line in origins)
        amount = sum(line._at_invoice_prices() for line in origins)
        left_amount = amount - credited_amount
        left_quantity = invoiced - credited_quantity
        taken_quantity, taken = map(sum, zip(*(line._taken() for line in self), strict=True))
        if (
            self[0]._exceeds(taken_quantity, left_quantity)
            or money.compare_amounts(taken, left_amount) > 0
        ):
            raise ValidationError(self.env._(
                "%(line)s: %(quantity)s was invoiced, for %(amount)s; %(credited)s of it is "
                "credited already and %(taken)s would be accepted. Accept no more than what is "
                "left.",
                line=self[0].display_name, quantity=invoiced, amount=self[0]._money(amount),
                credited=self[0]._money(credited_amount), taken=self[0]._money(taken),
            ))

    def _taken(self):
        """Return (quantity, amount) of what is given back: accepted, or credited if that is more.

        The quantity is that of what is given back at its full price.
        """
        self.ensure_one()
        taken = [(self.accepted_quantity, self.accepted_amount)]
        if self.state in ('drafted', 'credited'):
            # The draft may have been changed by hand.
            credit_line = self.credit_line_id
            taken.append((credit_line.quantity, credit_line._at_invoice_prices()))
        return (
            max((
                quantity for quantity, amount in taken
                if self.currency_id.compare_amounts(amount, self._price_of(quantity)) >= 0
            ), default=0),
            max(amount for _quantity, amount in taken),
        )

    def _credited_by_hand(self):
        """Return what credit notes that we did not make credited: {(invoice, key): (qty, amount)}.
        """
        refunds = self.env['account.move'].search([
            ('reversed_entry_id', 'in', self.move_id.ids), ('state', '=', 'posted'),
            ('move_type', '=', 'out_refund'),
        ])
        ours = self.search([('credit_move_id', 'in', refunds.ids)]).credit_line_id
        credited = {}
        for line in refunds.invoice_line_ids - ours:
            if line.display_type != 'product':
                continue
            key = (line.move_id.reversed_entry_id.id, self._credit_key(line))
            quantity, amount = credited.get(key, (0, 0))
            credited[key] = (quantity + line.quantity, amount + line._at_invoice_prices())
        return credited

    @api.model
    def _credit_key(self, line):
        """What lines of invoices and credit notes have in common when they are of the same."""
        return line.product_id.id or line.name
