from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date, formatLang

from .res_partner import CRM_MANAGER

WHAT_WAS_PROMISED = ('move_id', 'line_id', 'amount', 'date')
# Written by the system alone: that the web client shows them read-only keeps nobody from it.
NEVER_TYPED = (
    'state', 'paid', 'owed_before', 'paid_before', 'credited_before', 'is_told', 'broken_note_id',
)


class GemCrmPromise(models.Model):
    """A payment that a customer promised: whether they kept it is what the books say."""
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

    _positive_amount = models.Constraint(
        'CHECK (amount > 0)', "The promised amount must be more than zero.",
    )
    _date_after_made = models.Constraint(
        'CHECK (date >= date_made)',
        "The promised day cannot come before the day of the promise.",
    )

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
