from odoo import api, fields, models
from odoo.tools import SQL


class GemCrmPromise(models.Model):
    """Whether a promise was kept, as the books say.

    What counts are the payments reconciled with the invoice (or the instalment) after the
    promise was made and dated no later than the promised day. Credit notes are no payments:
    they lessen what was promised. Of several promises about one invoice, a payment keeps the
    one that is due first.
    """
    _inherit = 'gem.crm.promise'

    owed_before = fields.Monetary(string="Owed When Promised", readonly=True, copy=False)
    paid_before = fields.Monetary(string="Paid When Promised", readonly=True, copy=False)
    credited_before = fields.Monetary(string="Credited When Promised", readonly=True, copy=False)
    paid = fields.Monetary(
        string="Paid by Then", compute='_compute_state', store=True, copy=False,
        help="Of what was promised, what was paid no later than the promised day.",
    )
    state = fields.Selection(
        [
            ('pending', "Pending"),
            ('kept', "Kept"),
            ('partly', "Partly Kept"),
            ('broken', "Broken"),
            ('void', "No Longer Owed"),
        ],
        string="Status",
        compute='_compute_state',
        store=True,
        index=True,
        copy=False,
        help="As the payments reconciled with the invoice show. “No longer owed”: credit notes "
             "left nothing to pay.",
    )

    @api.depends('amount', 'date', 'owed_before', 'paid_before', 'credited_before')
    def _compute_state(self):
        recorded = self.filtered('id')
        promises = recorded | self.search([('move_id', 'in', recorded.move_id.ids)])
        payments = self._payments(promises.move_id)
        found = dict.fromkeys(self - recorded, (0, 'pending'))
        for _move, siblings in promises.grouped('move_id').items():
            found |= siblings._what_was_kept(payments)
        for promise in self:
            promise.paid, promise.state = found[promise]

    @api.model
    def _payments(self, moves):
        """Return what was reconciled with these invoices.

        :return: {id of the invoice: [(id of the instalment, date, amount, is a credit note)]},
            amounts in the currency of the invoice
        """
        self.env['account.partial.reconcile'].flush_model()
        self.env['account.move.line'].flush_model(['move_id', 'account_id'])
        self.env['account.move'].flush_model(['move_type'])
        rows = self.env.execute_query(SQL(
            """
                SELECT line.move_id, line.id, partial.max_date, partial.debit_amount_currency,
                       counterpart_move.move_type = 'out_refund'
                  FROM account_move_line line
                  JOIN account_account account ON account.id = line.account_id
                                              AND account.account_type = 'asset_receivable'
                  JOIN account_partial_reconcile partial ON partial.debit_move_id = line.id
                  JOIN account_move_line counterpart ON counterpart.id = partial.credit_move_id
                  JOIN account_move counterpart_move ON counterpart_move.id = counterpart.move_id
                 WHERE line.move_id = ANY(%s)
              ORDER BY partial.max_date, partial.id
            """,
            moves.ids,
        ))
        payments = {}
        for move_id, *payment in rows:
            payments.setdefault(move_id, []).append(tuple(payment))
        return payments

    def _reconciled(self, payments, until=None):
        """Return what was (paid, credited) on what this promise is about, until a day."""
        self.ensure_one()
        sums = [0, 0]
        for line_id, date, amount, is_credit in payments.get(self.move_id.id, ()):
            if self.line_id.id in (False, line_id) and (not until or date <= until):
                sums[is_credit] += amount
        return sums

    def _what_was_kept(self, payments):
        """Return what came of these promises, all those about one invoice.

        :return: {promise: (what was paid of it, its state)}
        """
        today = fields.Date.context_today(self)
        found = {}
        for promise in self.sorted(lambda p: (p.date or today, p.id or 0)):
            paid, credited = promise._reconciled(payments, promise.date)
            paid = max(0, paid - promise.paid_before)
            for earlier, (used, _state) in found.items():
                if promise._overlaps(earlier):
                    # Of what the earlier one used, what came before this one is no part of `paid`.
                    paid -= max(0, used - max(0, promise.paid_before - earlier.paid_before))
            credited = max(0, credited - promise.credited_before)
            target = min(promise.amount, max(0, promise.owed_before - credited))
            paid = max(0, min(paid, target))
            found[promise] = (paid, promise._state_of(paid, target, today))
        return found

    def _overlaps(self, other):
        """Whether one payment could keep either of the two promises."""
        return not self.line_id or not other.line_id or self.line_id == other.line_id

    def _state_of(self, paid, target, today):
        """Return the state of this promise, of which ``paid`` of ``target`` was paid."""
        self.ensure_one()
        compare = self.currency_id.compare_amounts
        if self.currency_id.is_zero(target) or self.move_id.state == 'cancel':
            return 'void'
        if compare(paid, target) >= 0:
            return 'kept'
        if not self.date or self.date >= today:
            return 'pending'
        return 'partly' if compare(paid, 0) > 0 else 'broken'

    @api.model
    def _with_what_is_owed(self, vals_list):
        """Return ``vals_list`` with what was owed, paid and credited when it was promised."""
        result = []
        # sudo: as above
        new = [
            self.sudo().new({name: vals.get(name) for name in ('move_id', 'line_id')})
            for vals in vals_list
        ]
        moves = self.env['account.move'].browse(
            {vals['move_id'] for vals in vals_list if vals.get('move_id')})
        payments = self._payments(moves)
        for promise, vals in zip(new, vals_list, strict=True):
            paid, credited = promise._reconciled(payments)
            result.append(dict(
                vals, owed_before=promise._owed(), paid_before=paid, credited_before=credited))
        return result

    def _have_decided(self):
        """Have computed again what came of the promises about these invoices."""
        # sudo: one's payment may keep another's promise
        self._decide_for(self.sudo().move_id)

    @api.model
    def _decide_for(self, moves):
        """Have computed again what came of the promises about these invoices."""
        # sudo: who reconciles a payment may not read promises
        promises = self.sudo().search([('move_id', 'in', moves.ids)])
        for name in ('paid', 'state'):
            self.env.add_to_compute(self._fields[name], promises)
        promises._mark_customers()
