from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import formatLang

from .res_partner import CRM_USER, PREFETCH


class ResPartner(models.Model):
    """How a customer came, and whom it brought."""
    _inherit = 'res.partner'

    gem_referral_id = fields.Many2one(
        'gem.crm.referral',
        string="Referred By",
        index='btree_not_null',
        ondelete='restrict',
        tracking=True,
        groups=CRM_USER,
        prefetch=PREFETCH,
    )
    gem_referral_is_from_customer = fields.Boolean(
        related='gem_referral_id.is_from_customer', groups=CRM_USER,
    )
    gem_referrer_id = fields.Many2one(
        'res.partner',
        string="Referring Customer",
        index='btree_not_null',
        ondelete='set null',
        tracking=True,
        groups=CRM_USER,
        prefetch=PREFETCH,
    )
    gem_referred_ids = fields.One2many(
        'res.partner', 'gem_referrer_id', string="Customers Brought", groups=CRM_USER,
    )
    gem_referred_count = fields.Integer(
        string="Number of Customers Brought", compute='_compute_gem_referred', groups=CRM_USER,
    )
    gem_referred_revenue = fields.Monetary(
        string="Revenue Brought",
        compute='_compute_gem_referred',
        currency_field='gem_currency_id',
        groups=CRM_USER,
        help="Revenue of the customers brought, as far as you may read it.",
    )

    @api.depends_context('uid', 'company')
    def _compute_gem_referred(self):
        customers = self.commercial_partner_id
        brought = {
            customer: figures
            for customer, *figures in self._read_group(
                customers._gem_referred_domain(),
                ['gem_referrer_id.commercial_partner_id'],
                ['__count', 'gem_revenue:sum'],
            )
        } if customers else {}
        for partner in self:
            count, revenue = brought.get(partner.commercial_partner_id, (0, 0.0))
            partner.gem_referred_count = count
            partner.gem_referred_revenue = revenue

    def _gem_referred_domain(self):
        """The customers brought by these customers, or by a contact of theirs."""
        return (
            Domain('gem_referrer_id.commercial_partner_id', 'in', self.ids)
            # their contacts follow them, and do not count
            & (Domain('is_company', '=', True) | Domain('parent_id', '=', False))
        )

    @api.constrains('gem_referrer_id')
    def _check_gem_referrer_id(self):
        for partner in self.filtered('gem_referrer_id'):
            if partner.gem_referrer_id.commercial_partner_id == partner.commercial_partner_id:
                raise ValidationError(self.env._(
                    "%(customer)s cannot have been referred by itself. "
                    "Choose another customer.",
                    customer=partner.display_name,
                ))

    @api.model
    def _gem_follow_up_fields(self):
        return super()._gem_follow_up_fields() + [
            'gem_referral_id',
            'gem_referrer_id',
        ]

    @api.model
    def _commercial_fields(self):
        return super()._commercial_fields() + [
            'gem_referral_id',
            'gem_referrer_id',
        ]

    def _gem_follow_up_facts(self):
        facts = super()._gem_follow_up_facts()
        if count := self.gem_referred_count:
            facts.append({
                'name': 'referred',
                'label': self.env._("Customers brought"),
                'value': str(count),
                'detail': formatLang(
                    self.env, self.gem_referred_revenue, currency_obj=self.gem_currency_id),
                'action': 'gem_action_open_referred',
            })
        return facts

    def gem_action_open_referred(self):
        """Open the customers this one brought, with their revenue."""
        self.ensure_one()
        self._gem_check_may_read_figures()
        customer = self.commercial_partner_id
        Action = self.env['ir.actions.act_window']
        return dict(
            Action._for_xml_id('gem_crm.res_partner_action_referred'),
            display_name=self.env._(
                "Customers Brought by %(customer)s", customer=customer.display_name),
            domain=list(customer._gem_referred_domain()),
        )
