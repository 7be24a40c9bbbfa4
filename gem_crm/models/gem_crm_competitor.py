from odoo import api, fields, models


class GemCrmCompetitor(models.Model):
    """Another company that customers buy from, or compare us with."""
    _name = 'gem.crm.competitor'
    _description = "Competitor"
    _inherit = ['gem.crm.unique.name.mixin']
    _order = 'name, id'

    name = fields.Char(translate=False)
    website = fields.Char()
    note = fields.Text(string="Notes")
    comparison_ids = fields.One2many('gem.crm.comparison', 'competitor_id', string="Comparisons")
    comparison_count = fields.Integer(
        string="Number of Comparisons", compute='_compute_comparison_count')
    active = fields.Boolean(default=True)

    def _compute_comparison_count(self):
        counts = dict(self.env['gem.crm.comparison']._read_group(
            [('competitor_id', 'in', self.ids)], ['competitor_id'], ['__count']))
        for competitor in self:
            competitor.comparison_count = counts.get(competitor, 0)

    def action_view_comparisons(self):
        """Return the action that shows what customers say of this competitor."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('gem_crm.gem_crm_comparison_action')
        return action | {
            'domain': [('competitor_id', '=', self.id)],
            'context': {'default_competitor_id': self.id},
        }


class GemCrmComparisonCriterion(models.Model):
    """What customers compare: the price, the delay, the quality…"""
    _name = 'gem.crm.comparison.criterion'
    _description = "What Is Compared"
    _inherit = ['gem.crm.unique.name.mixin']
    _order = 'sequence, id'

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)


class GemCrmComparison(models.Model):
    """What a customer says when they compare the company with a competitor."""
    _name = 'gem.crm.comparison'
    _description = "Comparison With a Competitor"
    _inherit = ['gem.crm.customer.mixin']
    _order = 'date desc, id desc'
    _rec_name = 'words'
    _check_company_auto = True

    partner_id = fields.Many2one(
        compute='_compute_partner_id', store=True, precompute=True, readonly=False)
    company_id = fields.Many2one(
        default=None, compute='_compute_company_id', store=True, precompute=True, readonly=False)
    complaint_id = fields.Many2one(
        'gem.crm.complaint',
        domain="[('partner_id', '=', partner_id)]",
        check_company=True,
        index='btree_not_null',
        ondelete='set null',
    )
    competitor_id = fields.Many2one(
        'gem.crm.competitor', required=True, index=True, ondelete='restrict',
    )
    criterion_id = fields.Many2one(
        'gem.crm.comparison.criterion', string="On", required=True, ondelete='restrict',
    )
    verdict = fields.Selection(
        [('better', "They are better"), ('same', "The same"), ('worse', "We are better")],
        required=True,
        default='better',
    )
    words = fields.Text(string="In the Customer's Words")
    product_id = fields.Many2one(
        'product.product', check_company=True, index='btree_not_null', ondelete='restrict',
        compute='_compute_product_id', store=True, precompute=True, readonly=False,
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    user_id = fields.Many2one(
        'res.users', string="Heard By", default=lambda self: self.env.user, readonly=True,
        ondelete='restrict',
    )

    _date_idx = models.Index('(date DESC, id DESC)')

    @api.depends('complaint_id')
    def _compute_company_id(self):
        for comparison in self:
            comparison.company_id = (
                comparison.complaint_id.company_id or comparison.company_id or self.env.company)

    @api.depends('complaint_id')
    def _compute_partner_id(self):
        for comparison in self:
            comparison.partner_id = comparison.partner_id or comparison.complaint_id.partner_id

    @api.depends('complaint_id')
    def _compute_product_id(self):
        for comparison in self:
            comparison.product_id = comparison.product_id or comparison.complaint_id.product_id

    @api.depends('competitor_id', 'criterion_id', 'verdict')
    def _compute_display_name(self):
        verdicts = dict(self._fields['verdict']._description_selection(self.env))
        for comparison in self:
            comparison.display_name = " – ".join(filter(None, (
                comparison.competitor_id.name, comparison.criterion_id.name,
                verdicts.get(comparison.verdict),
            )))


class GemCrmComplaint(models.Model):
    """What the customer says of competitors in a complaint."""
    _inherit = 'gem.crm.complaint'

    comparison_ids = fields.One2many(
        'gem.crm.comparison', 'complaint_id', string="Comparisons With Competitors")
