from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

LIFECYCLES = [
    ('potential', "Potential"),
    ('new', "New"),
    ('existing', "Existing"),
    ('lapsed', "Lapsed"),
]


class GemCrmProfile(models.Model):
    """What the customer has bought: since when, how often, for how much."""
    _inherit = 'gem.crm.profile'

    lifecycle = fields.Selection(
        LIFECYCLES,
        readonly=True,
        help="Potential: never bought. New: bought for the first time not long ago. Lapsed: has "
             "not bought for a year, or for twice the usual interval if that is longer. The "
             "settings of the company say how many days these are.",
    )
    date_first = fields.Date(
        string="First Purchase",
        readonly=True,
        help="A purchase is a day with at least one posted invoice of more than zero.",
    )
    date_last = fields.Date(string="Last Purchase", readonly=True)
    purchase_count = fields.Integer(
        string="Purchases",
        readonly=True,
        help="Days with a posted invoice of more than zero: several of one day are one purchase.",
    )
    revenue = fields.Monetary(
        readonly=True,
        help="Posted customer invoices less credit notes, without taxes, since the beginning, "
             "in the company's currency as booked.",
    )
    revenue_12m = fields.Monetary(
        string="Revenue, 12 Months",
        readonly=True,
        help="Posted customer invoices less credit notes, without taxes, of the last 12 months.",
    )
    revenue_previous_12m = fields.Monetary(
        string="Revenue, 12 Months Before",
        readonly=True,
        help="The same of the 12 months before these.",
    )
    revenue_24m = fields.Monetary(string="Revenue, 24 Months", readonly=True)
    revenue_trend = fields.Integer(
        readonly=True,
        aggregator='avg',
        help="Revenue of the last 12 months against that of the 12 months before, in percent. "
             "Empty if there was none.",
    )
    basket = fields.Monetary(
        string="Average Basket",
        readonly=True,
        aggregator='avg',
        help="Revenue of the last 24 months for each purchase made in them.",
    )

    @api.model
    def _facts(self, company):
        return super()._facts(company) + [([
            'date_first', 'date_last', 'purchase_count', 'revenue', 'revenue_12m',
            'revenue_previous_12m', 'revenue_24m', 'basket',
        ], self._purchase_sql())]

    def _purchase_sql(self):
        today = self._today()
        return SQL(
            """
                SELECT gem_batch.id,
                       MIN(day) FILTER (WHERE is_purchase) AS date_first,
                       MAX(day) FILTER (WHERE is_purchase) AS date_last,
                       (COUNT(*) FILTER (WHERE is_purchase))::int AS purchase_count,
                       COALESCE(SUM(revenue), 0) AS revenue,
                       COALESCE(SUM(revenue) FILTER (WHERE day > %(year)s), 0) AS revenue_12m,
                       COALESCE(SUM(revenue) FILTER (
                           WHERE day > %(two_years)s AND day <= %(year)s), 0
                       ) AS revenue_previous_12m,
                       COALESCE(SUM(revenue) FILTER (WHERE day > %(two_years)s), 0) AS revenue_24m,
                       SUM(revenue) FILTER (WHERE day > %(two_years)s) / NULLIF(
                           COUNT(*) FILTER (WHERE day > %(two_years)s AND is_purchase), 0
                       ) AS basket
                  FROM gem_batch
             LEFT JOIN gem_day ON gem_day.customer = gem_batch.id
              GROUP BY gem_batch.id
            """,
            year=today - relativedelta(years=1),
            two_years=today - relativedelta(years=2),
        )

    @api.model
    def _derived(self, company):
        return super()._derived(company) + [{
            'revenue_trend': SQL(
                """
                    CASE WHEN fact.revenue_previous_12m > 0 THEN LEAST(ROUND(100
                        * (fact.revenue_12m - fact.revenue_previous_12m)
                        / fact.revenue_previous_12m), 1000000)::int END
                """
            ),
            'lifecycle': self._lifecycle_sql(company, SQL("%s::date", self._today())),
        }]

    def _lifecycle_sql(self, company, day):
        return SQL(
            """
                CASE WHEN COALESCE(fact.purchase_count, 0) = 0 THEN 'potential'
                     WHEN %(day)s - fact.date_last > GREATEST(
                         %(lapsed)s, 2 * fact.interval_days) THEN 'lapsed'
                     WHEN %(day)s - fact.date_first < %(new)s THEN 'new'
                     ELSE 'existing' END
            """,
            day=day, lapsed=company.gem_lapsed_days, new=company.gem_new_days,
        )
