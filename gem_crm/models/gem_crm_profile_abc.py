from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

ABC = [('a', "A"), ('b', "B"), ('c', "C")]


class GemCrmProfile(models.Model):
    """Whether the customer is one of the few who make most of the revenue.

    Customers by falling revenue of the last 12 months, alike ones by id: those who make the
    first 80 % are A, those up to 95 % B, the others C. Who crosses a limit belongs to the
    better class; who is at or under zero stands outside. Period and limits are settings.
    """
    _inherit = 'gem.crm.profile'

    abc_revenue = fields.Monetary(
        string="Revenue of the ABC Period",
        readonly=True,
        help="Posted customer invoices less credit notes, without taxes, of the months that the "
             "company's settings name.",
    )
    abc = fields.Selection(
        ABC,
        string="ABC",
        readonly=True,
        help="A: the customers who make the first 80 % of the revenue of 12 months, the largest "
             "first. B: those up to 95 %. C: the others. Empty without revenue.",
    )
    abc_previous = fields.Selection(ABC, string="ABC Before", readonly=True)
    abc_since = fields.Date(string="ABC Since", readonly=True)

    @api.model
    def _facts(self, company):
        since = self._today() - relativedelta(months=company.gem_abc_months)
        return super()._facts(company) + [(['abc_revenue'], SQL(
            """
                SELECT gem_batch.id, COALESCE(SUM(revenue), 0) AS abc_revenue
                  FROM gem_batch
             LEFT JOIN gem_day ON gem_day.customer = gem_batch.id AND day > %s
              GROUP BY gem_batch.id
            """,
            since,
        ))]

    @api.model
    def _derived(self, company):
        scale = self.env['gem.crm.profile.scale']._of(company)
        steps = scale.steps('abc')
        if not steps:
            # Nobody has been compared yet: to call everybody C would be a class of the past soon.
            return super()._derived(company) + [{'abc': SQL("NULL::varchar")}]
        return super()._derived(company) + [{
            'abc': SQL(
                "CASE WHEN fact.abc_revenue > 0 THEN CASE %s ELSE 'c' END END",
                SQL(" ").join(
                    SQL("WHEN (fact.abc_revenue, -fact.id) >= (%s, -%s) THEN %s",
                        step.value, step.tie, name)
                    for name, step in zip('ab', reversed(steps), strict=False)
                ),
            ),
        }]

    @api.model
    def _drifting(self):
        return super()._drifting() | {'abc': ('abc_previous', 'abc_since')}
