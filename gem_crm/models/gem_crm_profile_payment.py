from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL, formatLang

# The credit class: what a customer must keep to be strong, and what makes him weak.
STRONG_PAYMENTS = 3
STRONG_ON_TIME = 90
STRONG_DAYS_LATE = 3
WEAK_DAYS_LATE = 30
WEAK_ON_TIME = 40
WEAK_OVERDUE_DAYS = 60


class GemCrmProfile(models.Model):
    """How regularly the customer pays, and what he owes beyond its due date.

    Payments of the last 12 months, by instalment and by amount: what was paid before the due
    date is on time, not early, lest it make up for what was late.
    """
    _inherit = 'gem.crm.profile'

    payment_count = fields.Integer(
        string="Payments", readonly=True, help="Payments of invoices in the last 12 months.",
    )
    payment_days_late = fields.Float(
        string="Days Paid Late",
        readonly=True,
        digits=(8, 1),
        aggregator='avg',
        help="Days from the due date to the payment, weighted by amount, in the last 12 months.",
    )
    payment_on_time = fields.Integer(
        string="Paid on Time",
        readonly=True,
        aggregator='avg',
        help="How much of what was paid in the last 12 months came by its due date, in percent.",
    )
    payment_trend = fields.Float(
        readonly=True,
        digits=(8, 1),
        aggregator='avg',
        help="Days paid late in the last 6 months less those of the 6 months before: above zero, "
             "the customer pays later than he did.",
    )
    overdue = fields.Monetary(
        readonly=True, help="What is still to be paid of instalments that were due before today.",
    )
    overdue_days = fields.Integer(
        string="Days Overdue",
        readonly=True,
        aggregator='max',
        help="Days since the oldest instalment still to be paid was due.",
    )
    credit_class = fields.Selection(
        [('strong', "Strong"), ('normal', "Normal"), ('weak', "Weak")],
        readonly=True,
        help="Strong: paid at least three times in 12 months, 90 % of it on time and 3 days late "
             "at most, and nothing is overdue. Weak: pays more than 30 days late, less than 40 % "
             "on time, owes something for more than 60 days, or keeps less than half of his "
             "promises to pay. Normal: neither.",
    )
    credit_reasons = fields.Text(
        compute='_compute_credit', help="Why the customer is in this credit class.",
    )
    credit_advice = fields.Text(
        compute='_compute_credit', help="What to do about the customer's credit.",
    )

    @api.model
    def _facts(self, company):
        today = self._today()
        return super()._facts(company) + [
            (['payment_count', 'payment_days_late', 'payment_on_time', 'payment_trend'], SQL(
                """
                    SELECT customer AS id,
                           (COUNT(*) FILTER (WHERE date > %(year)s))::int AS payment_count,
                           ROUND(SUM(late * amount) FILTER (WHERE date > %(year)s)
                               / NULLIF(SUM(amount) FILTER (WHERE date > %(year)s), 0), 1)
                               AS payment_days_late,
                           ROUND(100 * SUM(amount) FILTER (WHERE date > %(year)s AND late = 0)
                               / NULLIF(SUM(amount) FILTER (WHERE date > %(year)s), 0))::int
                               AS payment_on_time,
                           ROUND(SUM(late * amount) FILTER (WHERE date > %(half)s)
                                   / NULLIF(SUM(amount) FILTER (WHERE date > %(half)s), 0)
                               - SUM(late * amount) FILTER (WHERE date <= %(half)s)
                                   / NULLIF(SUM(amount) FILTER (WHERE date <= %(half)s), 0), 1)
                               AS payment_trend
                      FROM (SELECT gem_line.customer, partial.amount, partial.max_date AS date,
                                   GREATEST(partial.max_date - gem_line.date_maturity, 0) AS late
                              FROM gem_line
                              JOIN account_partial_reconcile partial
                                ON partial.debit_move_id = gem_line.id
                              JOIN account_move_line other ON other.id = partial.credit_move_id
                              JOIN account_move move ON move.id = other.move_id
                             WHERE NOT gem_line.is_product
                               AND gem_line.is_invoice
                               -- a credit note is no payment
                               AND move.move_type NOT IN ('out_refund', 'out_invoice')
                               -- nor is what a rate has changed since the invoice
                               AND NOT EXISTS (SELECT FROM account_partial_reconcile exchanged
                                                WHERE exchanged.exchange_move_id IS NOT NULL
                                                  AND exchanged.exchange_move_id = move.id)
                               AND partial.max_date > %(year)s
                               AND partial.max_date <= %(today)s) AS payment
                  GROUP BY customer
                """,
                year=today - relativedelta(years=1),
                half=today - relativedelta(months=6),
                today=today,
            )),
            (['overdue', 'overdue_days'], SQL(
                """
                    SELECT customer AS id,
                           SUM(amount_residual) AS overdue,
                           %(today)s::date - MIN(date_maturity) AS overdue_days
                      FROM gem_line
                     WHERE NOT is_product
                       AND is_invoice
                       AND amount_residual > 0
                       AND date_maturity < %(today)s
                  GROUP BY customer
                """,
                today=today,
            )),
        ]

    @api.model
    def _derived(self, company):
        return super()._derived(company) + [{
            'credit_class': SQL(
                """
                    CASE WHEN fact.lifecycle = 'potential' THEN NULL
                         WHEN %(weak)s THEN 'weak'
                         WHEN fact.payment_count >= %(count)s
                              AND fact.payment_on_time >= %(on_time)s
                              AND fact.payment_days_late <= %(late)s
                              AND fact.overdue IS NULL THEN 'strong'
                         ELSE 'normal' END
                """,
                weak=SQL(" OR ").join(
                    SQL("COALESCE(%s, FALSE)", sign) for sign in self._weak_credit_sql()),
                count=STRONG_PAYMENTS, on_time=STRONG_ON_TIME, late=STRONG_DAYS_LATE,
            ),
        }]

    @api.model
    def _weak_credit_sql(self):
        """Return the conditions of which one makes the credit weak."""
        return [
            SQL("fact.overdue_days > %s", WEAK_OVERDUE_DAYS),
            SQL("fact.payment_days_late > %s", WEAK_DAYS_LATE),
            SQL("fact.payment_on_time < %s", WEAK_ON_TIME),
        ]

    @api.depends('credit_class')
    @api.depends_context('lang')
    def _compute_credit(self):
        advice = {
            'strong': self.env._("Pays reliably: a larger order or a longer term is no risk."),
            'normal': self.env._("Usual terms; remind as usual."),
            'weak': self.env._("Agree on payment before the next delivery, and call about what "
                               "is overdue."),
        }
        for profile in self:
            reasons = profile._credit_reasons()
            profile.credit_reasons = "\n".join(reasons) if profile.credit_class else False
            profile.credit_advice = advice.get(profile.credit_class, False)

    def _credit_reasons(self):
        """Return the sentences that say why the customer is in his credit class."""
        self.ensure_one()
        reasons = []
        if self.payment_count:
            reasons.append(self.env._(
                "Of what was paid in the last 12 months, %(share)s %% came on time.",
                share=self.payment_on_time,
            ))
            reasons.append(self.env._(
                "On average, %(days)s days late.", days=round(self.payment_days_late),
            ) if self.payment_days_late >= 1 else self.env._("On average, not a day late."))
        else:
            reasons.append(self.env._("No payment in the last 12 months."))
        if self.overdue:
            reasons.append(self.env._(
                "%(amount)s overdue, the oldest for %(days)s days.",
                amount=formatLang(self.env, self.overdue, currency_obj=self.currency_id),
                days=self.overdue_days,
            ))
        return reasons
