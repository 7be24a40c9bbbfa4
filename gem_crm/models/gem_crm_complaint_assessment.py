from odoo import api, fields, models

FACTS = (
    'account_manager_id', 'country_id', 'country_state_id', 'industry_id', 'partner_category_ids',
)


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

    @api.model
    def _kept_when_followed(self):
        return [*super()._kept_when_followed(), *(self._fields[name] for name in FACTS)]

    @api.model
    def _precomputed_together(self):
        return super()._precomputed_together() + [(FACTS, ['partner_id'])]

    # Not of the customer's fields: these are copied on the day that the customer is known.
    @api.depends('partner_id')
    def _compute_customer_facts(self):
        for facts, complaints in self.grouped(lambda complaint: (
            complaint.partner_id.gem_in_charge_id, complaint.partner_id.industry_id,
            complaint.partner_id.country_id, complaint.partner_id.state_id,
        )).items():
            (complaints.account_manager_id, complaints.industry_id, complaints.country_id,
             complaints.country_state_id) = facts

    @api.depends('partner_id')
    def _compute_partner_category_ids(self):
        for tags, complaints in self.grouped(
                lambda complaint: complaint.partner_id.category_id).items():
            complaints.partner_category_ids = tags
