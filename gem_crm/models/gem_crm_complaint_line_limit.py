from odoo import api, models
from odoo.exceptions import ValidationError


class GemCrmComplaintLine(models.Model):
    """No more is accepted than was invoiced and is not credited yet, whoever credits it."""
    _inherit = 'gem.crm.complaint.line'

    def _check_what_is_posted(self, posted, reversed_moves):
        """Raise if, with what is posted, more is accepted than is invoiced and not credited.

        :param posted: invoices and credit notes that are posted just now
        :param reversed_moves: the invoices that these credit notes credit
        """
        ours = self.filtered(lambda claim: claim.credit_move_id in posted)
        ours._check_not_more_than_invoiced()
        (self - ours).filtered(
            lambda claim: claim.move_id in reversed_moves,
        )._check_not_more_than_invoiced(asked='credit')
        again = self.filtered(lambda claim: claim.move_id in posted)
        again._check_price_still_covers()
        again._check_not_more_than_invoiced(asked='invoice')

    def _check_price_still_covers(self):
        """Raise if more is accepted for a quantity than it costs on the invoice by now."""
        for claim in self.filtered(lambda claim: claim.state in ('accepted', 'drafted')):
            price = claim._price_of(claim.accepted_quantity)
            if claim.currency_id.compare_amounts(claim.accepted_amount, price) > 0:
                raise ValidationError(self.env._(
                    "%(line)s: %(quantity)s at %(unit)s come to %(price)s, but %(accepted)s is "
                    "accepted for the customer's claim. Leave the price on the invoice, or "
                    "accept less in the claim first.",
                    line=claim.display_name, quantity=claim.accepted_quantity,
                    unit=claim._money(claim._price_of(1)), price=claim._money(price),
                    accepted=claim._money(claim.accepted_amount),
                ))

    def _check_not_more_than_invoiced(self, asked='accept'):
        """Raise if more than the invoiced lines would be credited, by us or by hand.

        Given-back prices and given-back goods count in the amount; the quantity is that of what
        is credited at its full price. Where the credit note gives back more than was accepted,
        that counts. Credit notes made by hand name no invoice line: they count for all lines of
        their product together.

        :param str asked: what is about to be done, for the sentence: ``accept`` claims, ``credit``
            by hand, or post an ``invoice`` again
        """
        if not self:
            return
        # sudo: what others accepted and credited counts, whoever may read it
        lines = self.sudo()
        lines.env['gem.crm.credit.guard']._pass(lines.move_id.ids)
        lines.env.flush_all()
        accepted = lines.search([
            ('move_id', 'in', lines.move_id.ids), ('accepted_quantity', '>', 0)])
        by_hand = lines._credited_by_hand()
        for origin in lines.move_line_id:
            ours = accepted.filtered(lambda line, origin=origin: line.move_line_id == origin)
            ours._check_fits([origin], 0, 0, asked)
            key = lines._credit_key(origin)
            same = origin.move_id.invoice_line_ids.filtered(
                lambda line, key=key: lines._credit_key(line) == key)
            of_same = accepted.filtered(lambda line, same=same: line.move_line_id in same)
            of_same._check_fits(same, *by_hand.get((origin.move_id.id, key), (0, 0)), asked)

    def _check_fits(self, origins, credited_quantity, credited_amount, asked):
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
            raise ValidationError(self._sentence_too_much(
                asked, quantity=invoiced, amount=self[0]._money(amount),
                credited_quantity=credited_quantity, credited=self[0]._money(credited_amount),
                taken_quantity=taken_quantity, taken=self[0]._money(taken),
            ))

    def _sentence_too_much(self, asked, **what):
        what['line'] = self[0].display_name
        if asked == 'credit':
            return self.env._(
                "%(line)s: %(quantity)s was invoiced, for %(amount)s. %(taken_quantity)s, for "
                "%(taken)s, is accepted for the customer's claims, and credit notes made by hand "
                "come to %(credited_quantity)s, for %(credited)s. Credit no more by hand than "
                "what is left, or accept less in claims that are not credited yet.", **what)
        if asked == 'invoice':
            return self.env._(
                "%(line)s: %(quantity)s would be invoiced, for %(amount)s, but "
                "%(taken_quantity)s, for %(taken)s, is accepted for the customer's claims. Leave "
                "as much on the invoice, or accept less in claims that are not credited yet.",
                **what,
            ) if not what['credited_quantity'] else self.env._(
                "%(line)s: %(quantity)s would be invoiced, for %(amount)s, but "
                "%(taken_quantity)s, for %(taken)s, is accepted for the customer's claims, and "
                "%(credited_quantity)s, for %(credited)s, is credited by hand. Leave as much on "
                "the invoice, or accept less in claims that are not credited yet.", **what)
        return self.env._(
            "%(line)s: %(quantity)s was invoiced, for %(amount)s; %(credited)s of it is "
            "credited already and %(taken)s would be accepted. Accept no more than what is "
            "left.", **what)

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
