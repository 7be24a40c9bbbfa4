from odoo import fields, models
from odoo.tools import SQL


class GemCrmRevenueRisk(models.Model):
    """Revenue of customers who have reason to leave: one row per customer and company.

    They have an open complaint, or broke a promise to pay of which something is still owed.
    """
    _name = 'gem.crm.revenue.risk'
    _description = "Revenue at Risk"
    _auto = False
    _order = 'revenue_12m desc, id'
    _rec_name = 'partner_id'
    _depends = {
        'account.move': ['amount_residual'],
        'gem.crm.complaint': ['active', 'company_id', 'date_closed', 'partner_id'],
        'gem.crm.profile': ['company_id', 'partner_id', 'revenue_12m'],
        'gem.crm.promise': ['company_id', 'move_id', 'partner_id', 'state'],
        'res.partner': ['gem_account_manager_id'],
    }

    partner_id = fields.Many2one('res.partner', string="Customer", readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    currency_id = fields.Many2one(related='company_id.currency_id', string="Currency")
    account_manager_id = fields.Many2one('res.users', readonly=True)
    complaint_count = fields.Integer(string="Open Complaints", readonly=True)
    promise_count = fields.Integer(string="Broken Promises", readonly=True)
    revenue_12m = fields.Monetary(
        string="Revenue of 12 Months", readonly=True,
        help="Posted invoices less credit notes of the last 12 months, without taxes.")

    @property
    def _table_query(self):
        return SQL(
            """
                WITH trouble AS (
                    SELECT partner_id, company_id, 1 AS complaint, 0 AS promise
                      FROM gem_crm_complaint
                     WHERE active AND date_closed IS NULL AND partner_id IS NOT NULL
                 UNION ALL
                    SELECT promise.partner_id, promise.company_id, 0, 1
                      FROM gem_crm_promise promise
                      JOIN account_move move ON move.id = promise.move_id
                     WHERE promise.state IN ('broken', 'partly') AND move.amount_residual > 0
                )
                SELECT MIN(profile.id) AS id, trouble.partner_id, trouble.company_id,
                       MIN(customer.gem_account_manager_id) AS account_manager_id,
                       SUM(trouble.complaint) AS complaint_count,
                       SUM(trouble.promise) AS promise_count,
                       MIN(profile.revenue_12m) AS revenue_12m
                  FROM trouble
                  JOIN res_partner customer ON customer.id = trouble.partner_id
                  JOIN gem_crm_profile profile ON profile.partner_id = trouble.partner_id
                                              AND profile.company_id = trouble.company_id
              GROUP BY trouble.partner_id, trouble.company_id
            """
        )

    def action_open_complaints(self):
        """Return the action that shows the open complaints of the customer."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('gem_crm.gem_crm_complaint_action')
        return action | {
            'domain': [('partner_id', '=', self.partner_id.id), ('date_closed', '=', False)],
            'context': {'default_partner_id': self.partner_id.id},
        }

    def action_open_promises(self):
        """Return the action that shows the broken promises of the customer."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('gem_crm.gem_crm_promise_action')
        return action | {
            'domain': [
                ('partner_id', '=', self.partner_id.id), ('state', 'in', ('broken', 'partly'))],
        }
