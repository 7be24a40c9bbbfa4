from odoo import models


class AccountMove(models.Model):
    """Credit notes that are posted together, several of them of one invoice."""
    _inherit = 'account.move'

    def _reconcile_reversed_moves(self, reverse_moves, move_reverse_cancel):
        # Odoo pairs them off by their place in the two lists, of which this one names each
        # invoice once: the second credit note of an invoice was paired with another invoice.
        if len(self) == len(reverse_moves):
            return super()._reconcile_reversed_moves(reverse_moves, move_reverse_cancel)
        for credit_note in reverse_moves:
            super(AccountMove, credit_note.reversed_entry_id)._reconcile_reversed_moves(
                credit_note, move_reverse_cancel)
        return reverse_moves
