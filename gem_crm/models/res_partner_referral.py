from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .res_partner import CRM_USER


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
    )
    gem_referred_ids = fields.One2many(
        'res.partner', 'gem_referrer_id', string="Customers Brought", groups=CRM_USER,
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
