from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL


class GemCrmProfile(models.Model):
    """What is left of the customer's revenue after the cost of what he bought."""
    _inherit = 'gem.crm.profile'

    margin_12m = fields.Monetary(
        string="Margin, 12 Months",
        readonly=True,
        help="Revenue of the last 12 months less the cost of the products, as it was when the "
             "invoice was posted, and less what complaints cost. A credit note takes the cost of "
             "its products back.",
    )
    margin_rate = fields.Float(
        readonly=True,
        digits=(8, 1),
        aggregator='avg',
        help="The margin in percent of the revenue of the last 12 months.",
    )
    margin_is_estimated = fields.Boolean(
        readonly=True,
        help="Some invoices were posted before their costs were kept: the costs of today are "
             "taken, as the last night found them.",
    )
    profitability = fields.Selection(
        [('profitable', "Profitable"), ('unprofitable', "Unprofitable")],
        readonly=True,
        help="Whether the margin of the last 12 months is above zero. Empty without revenue in "
             "them, and where no product has a cost.",
    )
    cost_12m = fields.Monetary(
        string="Cost, 12 Months",
        readonly=True,
        help="Cost of the products of the invoices of the last 12 months.",
    )

    @api.model
    def _facts(self, company):
        return super()._facts(company) + [(['cost_12m', 'margin_is_estimated'], SQL(
            """
                SELECT customer AS id,
                       ROUND(SUM(cost), %s) AS cost_12m,
                       bool_or(is_estimated AND cost <> 0) AS margin_is_estimated
                  FROM gem_line
                 WHERE day > %s AND is_product
              GROUP BY customer
            """,
            company.currency_id.decimal_places, self._today() - relativedelta(years=1),
        ))]

    @api.model
    def _derived(self, company):
        return super()._derived(company) + [{
            'margin_12m': SQL(
                "fact.revenue_12m - COALESCE(fact.cost_12m, 0)"
                " - COALESCE(fact.complaint_cost_12m, 0)"),
        }, {
            'margin_rate': SQL(
                "CASE WHEN fact.revenue_12m > 0 AND fact.cost_12m <> 0"
                " THEN GREATEST(ROUND(100 * fact.margin_12m / fact.revenue_12m, 1), -100000) END"
            ),
            'profitability': SQL(
                """
                    CASE WHEN fact.cost_12m IS NULL OR fact.cost_12m = 0 THEN NULL
                         WHEN fact.margin_12m > 0 THEN 'profitable'
                         ELSE 'unprofitable' END
                """
            ),
        }]
