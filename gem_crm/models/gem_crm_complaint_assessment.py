from odoo import api, fields, models


class GemCrmComplaint(models.Model):
    """Who the customer was when they complained: later changes of the customer change nothing."""
    _inherit = 'gem.crm.complaint'

    account_manager_id = fields.Many2one(
        'res.users',
        compute='_compute_customer_facts',
        store=True,
        precompute=True,
        index='btree_not_null',
        ondelete='restrict',
    )
    partner_category_ids = fields.Many2many(
        'res.partner.category',
        'gem_crm_complaint_partner_category_rel',
        string="Customer Tags",
        compute='_compute_partner_category_ids',
        store=True,
        precompute=True,
    )
    industry_id = fields.Many2one(
        'res.partner.industry',
        compute='_compute_customer_facts',
        store=True,
        precompute=True,
        ondelete='restrict',
    )
    country_id = fields.Many2one(
        'res.country',
        compute='_compute_customer_facts',
        store=True,
        precompute=True,
        ondelete='restrict',
    )
    country_state_id = fields.Many2one(
        'res.country.state',
        string="Region",
        compute='_compute_customer_facts',
        store=True,
        precompute=True,
        ondelete='restrict',
    )

    # Not of the customer's fields: these are copied on the day that the customer is known.
    @api.depends('partner_id')
    def _compute_customer_facts(self):
        for complaint in self:
            customer = complaint.partner_id
            complaint.account_manager_id = customer.gem_in_charge_id
            complaint.industry_id = customer.industry_id
            complaint.country_id = customer.country_id
            complaint.country_state_id = customer.state_id

    @api.depends('partner_id')
    def _compute_partner_category_ids(self):
        for complaint in self:
            complaint.partner_category_ids = complaint.partner_id.category_id
