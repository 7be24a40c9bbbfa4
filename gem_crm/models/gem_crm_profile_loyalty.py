from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

# Fewer purchases in two years are occasional.
OCCASIONAL = 3
# Less of his habits kept, or more long silences, and he probably buys elsewhere too.
KEPT = 50
GAPS = 2
# Intervals without a purchase of a product after which the habit counts as dropped.
DROPPED = 3


class GemCrmProfile(models.Model):
    """Whether the customer buys from us only, as far as his invoices tell."""
    _inherit = 'gem.crm.profile'

    loyalty = fields.Selection(
        [('loyal', "Loyal"), ('switching', "Switching"), ('occasional', "Occasional")],
        readonly=True,
        help="Occasional: less than three purchases in two years. Switching: he stopped buying "
             "half of what he used to, stayed away twice for more than two of his usual "
             "intervals, or is slowing. Loyal: none of these.",
    )
    loyalty_months = fields.Integer(
        string="Months with a Purchase",
        readonly=True,
        aggregator='avg',
        help="In how many of the last 12 months the customer bought.",
    )
    loyalty_kept = fields.Integer(
        string="Habits Kept",
        readonly=True,
        aggregator='avg',
        help="How many of the products he has bought at least twice he still buys, in percent: "
             "the last time is at most three of his intervals ago. Empty without any.",
    )
    loyalty_gaps = fields.Integer(
        string="Long Silences",
        readonly=True,
        aggregator='avg',
        help="How often in two years he stayed away for more than two of his usual intervals.",
    )
    purchase_count_24m = fields.Integer(
        string="Purchases, 24 Months", readonly=True, aggregator='avg',
    )

    @api.model
    def _facts(self, company):
        today = self._today()
        two_years = today - relativedelta(years=2)
        return super()._facts(company) + [
            (['loyalty_months', 'loyalty_gaps', 'purchase_count_24m'], SQL(
                """
                    SELECT customer AS id,
                           COUNT(DISTINCT (%(today)s::date - day) * 12 / 366) FILTER (
                               WHERE day > %(year)s)::int AS loyalty_months,
                           (COUNT(*) FILTER (WHERE gap > 2 * usual))::int AS loyalty_gaps,
                           COUNT(*)::int AS purchase_count_24m
                      FROM (SELECT customer, day, gap,
                                   AVG(gap) OVER (PARTITION BY customer) AS usual
                              FROM gem_day
                             WHERE is_purchase) AS purchase
                     WHERE day > %(two_years)s
                  GROUP BY customer
                """,
                today=today, year=today - relativedelta(years=1), two_years=two_years,
            )),
            (['loyalty_kept'], SQL(
                """
                    SELECT customer AS id,
                           (100 * COUNT(*) FILTER (
                               WHERE %(today)s::date - date_last <= %(dropped)s * interval_days
                           ) / COUNT(*))::int AS loyalty_kept
                      FROM gem_pair
                     WHERE times > 1 AND date_last > %(two_years)s
                  GROUP BY customer
                """,
                today=today, dropped=DROPPED, two_years=two_years,
            )),
        ]

    @api.model
    def _derived(self, company):
        return super()._derived(company) + [{
            'loyalty': SQL(
                """
                    CASE WHEN fact.lifecycle = 'potential' THEN NULL
                         WHEN COALESCE(fact.purchase_count_24m, 0) < %s THEN 'occasional'
                         WHEN fact.loyalty_kept < %s OR fact.loyalty_gaps >= %s
                              OR fact.attrition <> 'active' THEN 'switching'
                         ELSE 'loyal' END
                """,
                OCCASIONAL, KEPT, GAPS,
            ),
        }]
