from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL


class GemCrmProfile(models.Model):
    """What the customer's complaints cost, which his margin has to bear."""
    _inherit = 'gem.crm.profile'

    complaint_cost_12m = fields.Monetary(
        string="Cost of Complaints, 12 Months",
        readonly=True,
        help="Costs of the customer's complaints of the last 12 months, besides credit notes.",
    )

    @api.model
    def _facts(self, company):
        return super()._facts(company) + [(['complaint_cost_12m'], SQL(
            """
                SELECT complaint.partner_id AS id, SUM(cost.amount) AS complaint_cost_12m
                  FROM gem_crm_complaint_cost cost
                  JOIN gem_crm_complaint complaint ON complaint.id = cost.complaint_id
                 WHERE cost.company_id = %s
                   AND cost.date > %s
                   AND cost.date <= %s
                   AND complaint.partner_id IN (SELECT id FROM gem_batch)
              GROUP BY complaint.partner_id
            """,
            company.id, self._today() - relativedelta(years=1), self._today(),
        ))]


class GemCrmComplaintCost(models.Model):
    _inherit = 'gem.crm.complaint.cost'

    @api.model_create_multi
    def create(self, vals_list):
        costs = super().create(vals_list)
        costs._mark_customers()
        return costs

    def write(self, vals):
        self._mark_customers()
        result = super().write(vals)
        self._mark_customers()
        return result

    def unlink(self):
        self._mark_customers()
        return super().unlink()

    def _mark_customers(self):
        """Have the margins of the customers of these costs computed soon."""
        self.env['gem.crm.profile.mark']._mark(self.complaint_id.partner_id.ids)
