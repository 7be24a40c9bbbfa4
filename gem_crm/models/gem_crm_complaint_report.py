from odoo import fields, models
from odoo.tools import SQL

from .gem_crm_complaint import CHANNELS, SEVERITIES
from .gem_crm_complaint_stage import STATES


class GemCrmComplaintReport(models.Model):
    """Complaints counted and weighed: one row per complaint that has a customer.

    Costs are without taxes, those of other companies converted at today's rate.
    """
    _name = 'gem.crm.complaint.report'
    _description = "Complaint Analysis"
    _auto = False
    _order = 'date_received desc, id desc'
    _rec_name = 'complaint_id'
    _depends = {
        'account.move.line': ['balance', 'parent_state'],
        'gem.crm.complaint': [
            'account_manager_id', 'active', 'answer_hours', 'category_id', 'cause_id', 'channel',
            'company_id', 'country_id', 'country_state_id', 'date_acknowledge_by',
            'date_acknowledged', 'date_answer_by', 'date_closed', 'date_emergency',
            'date_emergency_by', 'date_first_answer_by', 'date_first_answered', 'date_received',
            'date_resolve_by', 'industry_id', 'partner_category_ids', 'partner_id', 'product_id',
            'reopen_count', 'resolution_hours', 'severity', 'stage_id', 'user_id',
        ],
        'gem.crm.complaint.cost': ['amount', 'complaint_id', 'kind'],
        'gem.crm.complaint.line': ['complaint_id', 'credit_line_id', 'product_id'],
        'gem.crm.complaint.stage': ['state'],
        'product.product': ['product_tmpl_id'],
        'product.supplierinfo': [
            'company_id', 'min_qty', 'partner_id', 'price', 'product_id', 'product_tmpl_id',
            'sequence',
        ],
        'product.template': ['categ_id'],
        'rating.rating': ['consumed', 'rating', 'res_id', 'res_model'],
    }

    complaint_id = fields.Many2one('gem.crm.complaint', readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    currency_id = fields.Many2one('res.currency', readonly=True)
    partner_id = fields.Many2one('res.partner', string="Customer", readonly=True)
    partner_category_ids = fields.Many2many(
        'res.partner.category', 'gem_crm_complaint_partner_category_rel',
        'gem_crm_complaint_id', 'res_partner_category_id', string="Customer Tags", readonly=True)
    industry_id = fields.Many2one('res.partner.industry', readonly=True)
    country_id = fields.Many2one('res.country', readonly=True)
    country_state_id = fields.Many2one('res.country.state', string="Region", readonly=True)
    account_manager_id = fields.Many2one('res.users', readonly=True)
    user_id = fields.Many2one('res.users', string="Handler", readonly=True)
    stage_id = fields.Many2one('gem.crm.complaint.stage', readonly=True)
    state = fields.Selection(STATES, string="Step", readonly=True)
    channel = fields.Selection(CHANNELS, readonly=True)
    severity = fields.Selection(SEVERITIES, readonly=True)
    category_id = fields.Many2one('gem.crm.complaint.category', readonly=True)
    cause_id = fields.Many2one('gem.crm.complaint.cause', readonly=True)
    product_id = fields.Many2one(
        'product.product', readonly=True,
        help="The product of the complaint, or else of the first claimed line.")
    product_categ_id = fields.Many2one(
        'product.category', string="Product Category", readonly=True)
    supplier_id = fields.Many2one(
        'res.partner', readonly=True,
        help="The first vendor of the product, of those of the company or of all companies.")
    date_received = fields.Datetime(string="Received", readonly=True)
    date_closed = fields.Datetime(string="Closed", readonly=True)
    is_open = fields.Integer(string="Not Closed", readonly=True)
    answer_hours = fields.Float(
        string="Answered In (working hours)", readonly=True, aggregator='avg')
    resolution_hours = fields.Float(
        string="Resolved In (working hours)", readonly=True, aggregator='avg')
    acknowledgement_kept = fields.Float(
        string="Acknowledged in Time (%)", readonly=True, aggregator='avg',
        help="Of the complaints that have this deadline and were acknowledged or are late.")
    emergency_kept = fields.Float(
        string="Emergency Measure in Time (%)", readonly=True, aggregator='avg',
        help="Of the complaints that have this deadline and had the measure taken or are late.")
    answer_kept = fields.Float(
        string="Answered in Time (%)", readonly=True, aggregator='avg',
        help="Of the complaints that have this deadline and were answered or are late.")
    resolution_kept = fields.Float(
        string="Resolved in Time (%)", readonly=True, aggregator='avg',
        help="Of the complaints that have this deadline and are closed or late.")
    reopen_count = fields.Integer(string="Times Reopened", readonly=True)
    satisfaction = fields.Float(
        string="Satisfaction (of 5)", readonly=True, aggregator='avg',
        help="The mean of the ratings that the customer gave.")
    cost_credit = fields.Monetary(string="Credited", readonly=True)
    cost_replacement = fields.Monetary(string="Replacements", readonly=True)
    cost_freight = fields.Monetary(string="Freight", readonly=True)
    cost_hours = fields.Monetary(string="Hours of Work", readonly=True)
    cost_other = fields.Monetary(string="Other Costs", readonly=True)
    cost = fields.Monetary(string="Cost in All", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
                WITH credited AS (
                    SELECT claim.complaint_id, SUM(line.balance) AS amount
                      FROM gem_crm_complaint_line claim
                      JOIN account_move_line line ON line.id = claim.credit_line_id
                     WHERE line.parent_state = 'posted'
                  GROUP BY claim.complaint_id
                ), claimed AS (
                    SELECT DISTINCT ON (complaint_id) complaint_id, product_id
                      FROM gem_crm_complaint_line
                     WHERE product_id IS NOT NULL
                  ORDER BY complaint_id, id
                ), costs AS (
                    SELECT complaint_id,
                           SUM(amount) FILTER (WHERE kind = 'replacement') AS replacement,
                           SUM(amount) FILTER (WHERE kind = 'freight') AS freight,
                           SUM(amount) FILTER (WHERE kind = 'hours') AS hours,
                           SUM(amount) FILTER (WHERE kind = 'other') AS other,
                           SUM(amount) AS amount
                      FROM gem_crm_complaint_cost
                  GROUP BY complaint_id
                ), rated AS (
                    SELECT res_id, AVG(rating) AS rating
                      FROM rating_rating
                     WHERE res_model = 'gem.crm.complaint' AND consumed AND rating > 0
                  GROUP BY res_id
                )
                SELECT complaint.id, complaint.id AS complaint_id,
                       complaint.company_id, %(currency)s AS currency_id, complaint.partner_id,
                       complaint.industry_id, complaint.country_id, complaint.country_state_id,
                       complaint.account_manager_id, complaint.user_id, complaint.stage_id,
                       stage.state, complaint.channel, complaint.severity, complaint.category_id,
                       complaint.cause_id, product.id AS product_id,
                       template.categ_id AS product_categ_id, vendor.partner_id AS supplier_id,
                       complaint.date_received, complaint.date_closed,
                       (complaint.date_closed IS NULL)::int AS is_open,
                       CASE WHEN complaint.date_first_answered IS NOT NULL
                            THEN complaint.answer_hours END AS answer_hours,
                       CASE WHEN complaint.date_closed IS NOT NULL
                            THEN complaint.resolution_hours END AS resolution_hours,
                       %(acknowledgement_kept)s AS acknowledgement_kept,
                       %(emergency_kept)s AS emergency_kept,
                       %(answer_kept)s AS answer_kept,
                       %(resolution_kept)s AS resolution_kept,
                       complaint.reopen_count, rated.rating AS satisfaction,
                       COALESCE(credited.amount, 0) * rate.rate AS cost_credit,
                       COALESCE(costs.replacement, 0) * rate.rate AS cost_replacement,
                       COALESCE(costs.freight, 0) * rate.rate AS cost_freight,
                       COALESCE(costs.hours, 0) * rate.rate AS cost_hours,
                       COALESCE(costs.other, 0) * rate.rate AS cost_other,
                       (COALESCE(credited.amount, 0) + COALESCE(costs.amount, 0)) * rate.rate
                           AS cost
                  FROM gem_crm_complaint complaint
                  JOIN gem_crm_complaint_stage stage ON stage.id = complaint.stage_id
                  JOIN (SELECT company_id, rate FROM %(rates)s) rate
                    ON rate.company_id = complaint.company_id
             LEFT JOIN credited ON credited.complaint_id = complaint.id
             LEFT JOIN claimed ON claimed.complaint_id = complaint.id
             LEFT JOIN costs ON costs.complaint_id = complaint.id
             LEFT JOIN rated ON rated.res_id = complaint.id
             LEFT JOIN product_product product
                    ON product.id = COALESCE(complaint.product_id, claimed.product_id)
             LEFT JOIN product_template template ON template.id = product.product_tmpl_id
             LEFT JOIN LATERAL (
                       SELECT partner_id
                         FROM product_supplierinfo info
                        WHERE info.product_tmpl_id = product.product_tmpl_id
                          AND (info.product_id IS NULL OR info.product_id = product.id)
                          AND (info.company_id IS NULL OR info.company_id = complaint.company_id)
                     ORDER BY sequence, min_qty DESC, price, id
                        LIMIT 1
                  ) vendor ON TRUE
                 WHERE complaint.active AND complaint.partner_id IS NOT NULL
            """,
            currency=self.env.company.currency_id.id,
            rates=self.env['res.currency']._get_simple_currency_table(self.env.companies),
            acknowledgement_kept=self._kept_sql(
                SQL("complaint.date_acknowledge_by"), SQL("complaint.date_acknowledged")),
            emergency_kept=self._kept_sql(
                SQL("complaint.date_emergency_by"), SQL("complaint.date_emergency")),
            answer_kept=self._kept_sql(
                SQL("COALESCE(complaint.date_first_answer_by, complaint.date_answer_by)"),
                SQL("complaint.date_first_answered")),
            resolution_kept=self._kept_sql(
                SQL("complaint.date_resolve_by"), SQL("complaint.date_closed")),
        )

    def _kept_sql(self, deadline, met):
        """Return 100 where the deadline was met, 0 where not, nothing while nobody knows."""
        return SQL(
            """
                CASE WHEN %(deadline)s IS NULL THEN NULL
                     WHEN %(met)s <= %(deadline)s THEN 100.0
                     WHEN %(met)s > %(deadline)s OR %(deadline)s < %(now)s THEN 0.0
                 END
            """,
            deadline=deadline, met=met, now=self.env.cr.now(),
        )
