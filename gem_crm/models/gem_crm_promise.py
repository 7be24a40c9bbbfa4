from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_date, formatLang

from .res_partner import CRM_MANAGER

BATCH_SIZE = 500
# A payment made on the promised day is in the books with the next bank statements.
DAYS_UNTIL_NOTE = 2
WHAT_WAS_PROMISED = ('move_id', 'line_id', 'amount', 'date')
DECIDED = ('kept', 'partly', 'broken')
# Written by the system alone: that the web client shows them read-only keeps nobody from it.
NEVER_TYPED = (
    'state', 'paid', 'owed_before', 'paid_before', 'credited_before', 'is_told', 'broken_note_id',
)


class GemCrmPromise(models.Model):
    """A payment that a customer promised: whether they kept it is what the books say.

    What counts are the payments reconciled with the invoice (or the instalment) after the
    promise was made and dated no later than the promised day. Credit notes are no payments:
    they lessen what was promised. Of several promises about one invoice, a payment keeps the
    one that is due first.
    """
    _name = 'gem.crm.promise'
    _description = "Promise to Pay"
    _inherit = ['gem.crm.contact.mixin', 'gem.crm.invoice.mixin', 'gem.crm.batch.thread.mixin']
    _order = 'date desc, id desc'
    _rec_name = 'description'
    _rec_names_search = ['description', 'partner_id']
    _check_company_auto = True

    line_id = fields.Many2one(
        'account.move.line',
        string="Instalment",
        domain="[('move_id', '=', move_id), ('account_type', '=', 'asset_receivable'), "
               "('amount_residual', '!=', 0)]",
        index='btree_not_null',
        ondelete='restrict',
        help="Empty: the invoice, whichever instalment.",
    )
    date_maturity = fields.Date(related='line_id.date_maturity', string="Instalment Due")
    amount = fields.Monetary(
        string="Promised",
        compute='_compute_amount',
        store=True,
        precompute=True,
        readonly=False,
        tracking=True,
    )
    amount_company = fields.Monetary(
        string="Promised, in Company Currency",
        compute='_compute_amount_company',
        store=True,
        currency_field='company_currency_id',
        help="At the rate of the invoice.",
    )
    date = fields.Date(string="Promised For", required=True, index=True, copy=False, tracking=True)
    date_made = fields.Date(
        string="Promised On", required=True, default=fields.Date.context_today, copy=False,
    )
    contact_id = fields.Many2one(
        string="Who Promised",
        domain="[('commercial_partner_id', '=', partner_id)]",
    )
    note_id = fields.Many2one(
        'gem.crm.note',
        string="In Which Call",
        domain="[('partner_id', '=', partner_id)]",
        check_company=True,
        index='btree_not_null',
        ondelete='set null',
        help="The follow-up note of the call or the visit.",
    )
    user_id = fields.Many2one(
        'res.users',
        string="Recorded By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete='restrict',
    )
    description = fields.Text(string="Remark")
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
    broken_note_id = fields.Many2one(
        'gem.crm.note',
        string="Note to the Account Manager",
        readonly=True,
        copy=False,
        index='btree_not_null',
        ondelete='set null',
    )
    is_told = fields.Boolean(
        string="Account Manager Told", readonly=True, copy=False,
        help="A note was written once; deleting it does not bring it back.",
    )

    _positive_amount = models.Constraint(
        'CHECK (amount > 0)', "The promised amount must be more than zero.",
    )
    _date_after_made = models.Constraint(
        'CHECK (date >= date_made)',
        "The promised day cannot come before the day of the promise.",
    )
    _untold_idx = models.Index("(date, id) WHERE state IN ('partly', 'broken') AND NOT is_told")

    # ------------------------------------------------------------
    # What is proposed and computed
    # ------------------------------------------------------------

    @api.depends('move_id', 'line_id')
    def _compute_amount(self):
        for promise in self:
            if promise.move_id and not promise._origin and not promise.amount:
                owed = promise._owed()
                # What is disputed will not be paid.
                disputed = 0 if promise.line_id else sum(
                    self.env['gem.crm.dispute']._open_of(promise.move_id).mapped('amount'))
                promise.amount = owed - disputed if disputed < owed else owed
            else:
                promise.amount = promise.amount

    @api.depends('amount', 'move_id.invoice_currency_rate')
    def _compute_amount_company(self):
        for promise in self:
            rate = promise.move_id.invoice_currency_rate or 1
            promise.amount_company = promise.company_currency_id.round(promise.amount / rate)

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

    @api.depends('move_id', 'amount', 'date')
    def _compute_display_name(self):
        for promise in self:
            # sudo: the invoice's name, for those who read no invoices
            promise.display_name = self.env._(
                "%(invoice)s: %(amount)s by %(date)s",
                invoice=promise.sudo().move_id.name,
                amount=formatLang(self.env, promise.amount, currency_obj=promise.currency_id),
                date=format_date(self.env, promise.date),
            )

    def _owed(self):
        """Return what is left to pay on the instalment, or else on the invoice."""
        self.ensure_one()
        if self.line_id:
            return self.line_id.amount_residual_currency
        return self.move_id.amount_residual

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

    # ------------------------------------------------------------
    # What is refused
    # ------------------------------------------------------------

    @api.constrains('move_id', 'line_id', 'amount')
    def _check_amount(self):
        # sudo: salespeople record what was promised, and read no invoices
        for promise in self.sudo():
            if promise.line_id and promise.line_id.move_id != promise.move_id:
                raise ValidationError(self.env._(
                    "The chosen instalment is not one of %(invoice)s.",
                    invoice=promise.move_id.name,
                ))
            if promise.currency_id.compare_amounts(promise.amount, promise.owed_before) > 0:
                owed = formatLang(self.env, promise.owed_before, currency_obj=promise.currency_id)
                raise ValidationError(self.env._(
                    "%(owed)s was left to pay on %(invoice)s: a promise cannot be of more.",
                    owed=owed, invoice=promise.move_id.name,
                ))

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            # Said to be empty rather than left out, as the context may have defaults for them.
            untold = {'is_told': False, 'broken_note_id': False}
            vals_list = [
                {name: vals[name] for name in vals if name not in NEVER_TYPED} | untold
                for vals in vals_list
            ]
        promises = super().create(self._with_what_is_owed(vals_list))
        promises._check_is_owed()
        if promises.user_id - self.env.user:
            self._check_may_say_who_recorded()
        promises._have_decided()
        return promises

    def write(self, vals):
        if not self.env.su and any(name in vals for name in NEVER_TYPED):
            raise AccessError(self.env._(
                "What came of a promise is computed from the payments: record the payment instead.",
            ))
        changed = [name for name in WHAT_WAS_PROMISED if name in vals]
        if any(promise._differs(vals, ('user_id',)) for promise in self):
            self._check_may_say_who_recorded()
        for promise in self:
            if promise.state != 'pending' and promise._differs(vals, changed):
                raise UserError(self.env._(
                    "What came of the promise of %(date)s is known: it cannot be changed any "
                    "more. Record a new promise instead.",
                    date=format_date(self.env, promise.date),
                ))
        result = super().write(vals)
        if changed:
            self._have_decided()
        return result

    @api.model
    def _check_may_say_who_recorded(self):
        """Raise if the user may not say that a promise was recorded by somebody else.

        Who recorded a promise may correct it.
        """
        if not self.env.su and not self.env.user.has_group(CRM_MANAGER):
            raise AccessError(self.env._(
                "A promise is recorded by whoever writes it down. Only an administrator of CRM "
                "follow-up says that somebody else recorded it.",
            ))

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

    # ------------------------------------------------------------
    # Business
    # ------------------------------------------------------------

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

    @api.model
    def _cron_decide(self):
        """Find the promises whose day passed, and tell who is in charge of broken ones, once."""
        today = fields.Date.context_today(self)
        IrCron = self.env['ir.cron']
        passed = Domain('state', '=', 'pending') & Domain('date', '<', today)
        untold = (
            Domain('state', 'in', ('partly', 'broken')) & Domain('is_told', '=', False)
            & Domain('date', '<', today - timedelta(days=DAYS_UNTIL_NOTE))
        )
        IrCron._commit_progress(
            remaining=self.search_count(passed) + self.search_count(untold))
        while promises := self.search(passed, limit=BATCH_SIZE, order='id'):
            promises._have_decided()
            if not IrCron._commit_progress(len(promises)):
                return
        while promises := self.search(untold, limit=BATCH_SIZE, order='date, id'):
            promises._tell_account_manager()
            if not IrCron._commit_progress(len(promises)):
                return

    def _tell_account_manager(self):
        """Write a note for who is in charge of the customer of each of these promises."""
        notes = self.env['gem.crm.note'].create([promise._note_vals() for promise in self])
        for promise, note in zip(self, notes, strict=True):
            # sudo: nobody types it, whoever the scheduled action runs as
            promise.sudo().write({'broken_note_id': note.id, 'is_told': True})

    def _note_vals(self):
        self.ensure_one()
        in_charge = self.partner_id.gem_in_charge_id or self.user_id
        promise = self.with_context(lang=in_charge.lang or self.env.lang)
        what = {
            'invoice': promise.move_id.name,
            'amount': formatLang(promise.env, promise.amount, currency_obj=promise.currency_id),
            'paid': formatLang(promise.env, promise.paid, currency_obj=promise.currency_id),
            'date': format_date(promise.env, promise.date),
        }
        return {
            'partner_id': self.partner_id.id,
            'company_id': self.company_id.id,
            'contact_id': self.contact_id.id if self.contact_id != self.partner_id else False,
            'move_id': self.move_id.id,
            'kind': 'internal',
            'user_id': in_charge.id,
            'name': promise.env._(
                "Broken promise: %(amount)s of %(invoice)s by %(date)s", **what,
            ) if self.state == 'broken' else promise.env._(
                "Promise partly kept: %(paid)s of the %(amount)s of %(invoice)s by %(date)s",
                **what,
            ),
        }
