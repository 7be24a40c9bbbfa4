from odoo import api, fields, models
from odoo.tools import SQL

# A purchase counts for half after 13 weeks.
HALF_LIFE = 91
# Days of a customer's chance to buy.
HORIZON = 90
BANDS = 20
# Fewer customers to learn a band's chance from would say nothing.
BAND_SIZE = 10

ATTRITION = [
    ('active', "Active"),
    ('slowing', "Slowing"),
    ('risk', "At Risk"),
    ('lost', "Lost"),
]
ATTRITION_TONES = {'active': 'success', 'slowing': 'warning', 'risk': 'danger', 'lost': 'danger'}


class GemCrmProfile(models.Model):
    """How regularly the customer buys, when next, and whether he is leaving.

    Each purchase fades by half every 13 weeks; ``fading`` is their sum. The usual gap is
    (weeks from the first to the last purchase + 2 × the median customer's interval)
    / (repeat purchases + 2), so that one or two purchases do not decide. The activity is
    ``fading`` × min(1, 2 × usual gap / weeks of silence).
    """
    _inherit = 'gem.crm.profile'

    interval_days = fields.Float(
        string="Usual Interval",
        readonly=True,
        digits=(8, 1),
        aggregator='avg',
        help="Days between two purchases, on average. Known from the second purchase on.",
    )
    interval_spread = fields.Float(
        string="Spread of the Interval",
        readonly=True,
        digits=(8, 1),
        aggregator='avg',
        help="By how many days the intervals differ from the usual one (standard deviation). "
             "Known from the third purchase on.",
    )
    rhythm_ratio = fields.Float(
        string="Silence Against Rhythm",
        readonly=True,
        digits=(8, 1),
        aggregator='avg',
        help="Days since the last purchase for one of the customer's own usual interval: "
             "at 2, he should have come twice.",
    )
    date_next_from = fields.Date(
        string="Next Purchase From",
        readonly=True,
        help="When the next purchase is expected at the earliest.",
    )
    date_next = fields.Date(
        string="Next Purchase",
        readonly=True,
        help="When the next purchase is expected: a usual interval after the last one. Half an "
             "interval from now, if he is late. Not told of customers who are lost.",
    )
    date_next_until = fields.Date(
        string="Next Purchase Until",
        readonly=True,
        help="When the next purchase is expected at the latest.",
    )
    is_overdue = fields.Boolean(
        string="Late Against Rhythm",
        readonly=True,
        help="The last purchase is longer ago than the customer's usual interval and its spread.",
    )
    fading = fields.Float(
        string="Recent Purchases",
        readonly=True,
        digits=(10, 3),
        aggregator=None,
        help="The number of purchases, each counting for half as much every 13 weeks.",
    )
    activity = fields.Float(
        readonly=True,
        digits=(10, 3),
        aggregator='avg',
        help="Recent purchases, less in proportion once the silence is longer than twice the "
             "usual gap. The higher, the likelier the customer buys again.",
    )
    chance = fields.Integer(
        string="Chance to Buy",
        readonly=True,
        aggregator='avg',
        help="Of 100 customers with such an activity, so many bought within 90 days. Learned "
             "from the company's own invoices, as they were 90 days ago.",
    )
    attrition = fields.Selection(
        ATTRITION,
        readonly=True,
        help="Whether the customer is leaving, by his own rhythm: slowing after a silence of 2 of "
             "his intervals, at risk after 3, lost after 6. With less than three purchases, lost "
             "when lapsed. The settings of the company say how many intervals these are.",
    )
    attrition_previous = fields.Selection(ATTRITION, string="Attrition Before", readonly=True)
    attrition_since = fields.Date(readonly=True)

    @api.model
    def _facts(self, company):
        return super()._facts(company) + [(
            ['interval_days', 'interval_spread', 'fading'], self._rhythm_sql(),
        )]

    def _rhythm_sql(self):
        return SQL(
            """
                SELECT customer AS id,
                       ROUND(AVG(gap), 1) AS interval_days,
                       ROUND(stddev_samp(gap), 1) AS interval_spread,
                       ROUND(%s::numeric, 3) AS fading
                  FROM gem_day
                 WHERE is_purchase
              GROUP BY customer
            """,
            self._fading_sql(self._today()),
        )

    def _fading_sql(self, day):
        # float8: with numeric it takes 30 times as long
        return SQL("SUM(power(0.5::float8, (%s::date - day)::float8 / %s))", day, HALF_LIFE)

    def _over_sql(self, fact, day, company_interval):
        """Return the days of silence against the usual gap, which its purchases decide the
        less the fewer they are.
        """
        return SQL(
            """
                ((%(day)s::date - %(fact)s.date_last)::float8 * (%(fact)s.purchase_count + 1)
                 / (%(fact)s.date_last - %(fact)s.date_first + 2 * %(company)s))
            """,
            fact=SQL.identifier(fact), day=day, company=company_interval,
        )

    def _activity_sql(self, fact, day, company_interval):
        return SQL(
            "%(fact)s.fading * LEAST(1, 2 / NULLIF(%(over)s, 0))",
            fact=SQL.identifier(fact), over=self._over_sql(fact, day, company_interval),
        )

    @api.model
    def _derived(self, company):
        today = self._today()
        scale = self.env['gem.crm.profile.scale']._of(company)
        silence = SQL("(%s::date - fact.date_last)", today)
        tolerance = SQL("COALESCE(fact.interval_spread, fact.interval_days / 2)")
        return [{
            'rhythm_ratio': SQL(
                "ROUND(%s / fact.interval_days, 1)", silence),
            'is_overdue': SQL("%s > fact.interval_days + %s", silence, tolerance),
            'activity': SQL(
                "ROUND((%s)::numeric, 3)",
                self._activity_sql('fact', today, scale.interval()),
            ),
        }] + super()._derived(company) + [{
            'chance': scale.step_sql('chance', SQL("fact.activity")),
            'attrition': self._attrition_sql(company),
        }, {
            'date_next': SQL(
                """
                    CASE WHEN fact.attrition = 'lost' THEN NULL
                         WHEN %(silence)s > fact.interval_days
                         THEN %(today)s::date + ROUND(fact.interval_days / 2)::int
                         ELSE fact.date_last + ROUND(fact.interval_days)::int END
                """,
                silence=silence, today=today,
            ),
        }, {
            'date_next_from': SQL(
                "CASE WHEN fact.date_next IS NOT NULL"
                " THEN GREATEST(fact.date_next - ROUND(%s)::int, %s::date) END",
                tolerance, today),
            'date_next_until': SQL("fact.date_next + ROUND(%s)::int", tolerance),
        }]

    def _attrition_sql(self, company):
        return SQL(
            """
                CASE WHEN fact.lifecycle = 'potential' THEN NULL
                     WHEN fact.lifecycle = 'lapsed' THEN 'lost'
                     WHEN fact.purchase_count < 3 THEN 'active'
                     WHEN fact.rhythm_ratio > %s THEN 'lost'
                     WHEN fact.rhythm_ratio > %s THEN 'risk'
                     WHEN fact.rhythm_ratio > %s THEN 'slowing'
                     ELSE 'active' END
            """,
            company.gem_lost_intervals, company.gem_risk_intervals, company.gem_slowing_intervals,
        )

    @api.model
    def _drifting(self):
        return super()._drifting() | {'attrition': ('attrition_previous', 'attrition_since')}
