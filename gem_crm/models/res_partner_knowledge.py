from odoo import api, fields, models

from .gem_crm_profile_abc import ABC
from .gem_crm_profile_purchase import LIFECYCLES
from .gem_crm_profile_rhythm import ATTRITION
from .res_partner import CRM_USER
from .res_partner_figures import search_figure

KNOWN = (
    'lifecycle', 'date_last', 'purchase_count', 'revenue_12m', 'date_next', 'activity',
    'chance', 'attrition', 'rfm', 'rfm_segment_id', 'abc',
)


class ResPartner(models.Model):
    """What is known about a customer from the invoices, in lists of customers."""
    _inherit = 'res.partner'

    gem_lifecycle = fields.Selection(
        LIFECYCLES,
        string="Lifecycle",
        compute='_compute_gem_figures',
        search=search_figure('gem_lifecycle'),
        groups=CRM_USER,
        help="Potential customers never bought, lapsed ones not for long.",
    )
    gem_date_last = fields.Date(
        string="Last Purchase",
        compute='_compute_gem_figures',
        search=search_figure('gem_date_last'),
        groups=CRM_USER,
        help="The last day with a posted invoice of more than zero.",
    )
    gem_purchase_count = fields.Integer(
        string="Purchases",
        compute='_compute_gem_figures',
        search=search_figure('gem_purchase_count'),
        groups=CRM_USER,
        help="Days with a posted invoice of more than zero.",
    )
    gem_revenue_12m = fields.Monetary(
        string="Revenue, 12 Months",
        compute='_compute_gem_figures',
        search=search_figure('gem_revenue_12m'),
        currency_field='gem_currency_id',
        groups=CRM_USER,
        help="Posted customer invoices less credit notes, without taxes, of the last 12 months.",
    )
    gem_date_next = fields.Date(
        string="Next Purchase",
        compute='_compute_gem_figures',
        search=search_figure('gem_date_next'),
        groups=CRM_USER,
        help="When the next purchase is expected, by the customer's own rhythm.",
    )
    gem_activity = fields.Float(
        string="Activity",
        compute='_compute_gem_figures',
        search=search_figure('gem_activity'),
        digits=(10, 3),
        aggregator='avg',
        groups=CRM_USER,
        help="Recent purchases, less when silent: the higher, the likelier to buy again.",
    )
    gem_chance = fields.Integer(
        string="Chance to Buy",
        compute='_compute_gem_figures',
        search=search_figure('gem_chance'),
        aggregator='avg',
        groups=CRM_USER,
        help="Of 100 customers with such an activity, so many bought within 90 days.",
    )
    gem_attrition = fields.Selection(
        ATTRITION,
        string="Attrition",
        compute='_compute_gem_figures',
        search=search_figure('gem_attrition'),
        groups=CRM_USER,
        help="Whether the customer is leaving, by his own rhythm.",
    )
    gem_rfm = fields.Char(
        string="RFM",
        compute='_compute_gem_figures',
        search=search_figure('gem_rfm'),
        groups=CRM_USER,
        help="The scores of recency, frequency and money, from 111 to 555.",
    )
    gem_rfm_segment_id = fields.Many2one(
        'gem.crm.rfm.segment',
        string="RFM Segment",
        compute='_compute_gem_figures',
        search=search_figure('gem_rfm_segment_id'),
        groups=CRM_USER,
    )
    gem_abc = fields.Selection(
        ABC,
        string="ABC",
        compute='_compute_gem_figures',
        search=search_figure('gem_abc'),
        groups=CRM_USER,
        help="A: the largest customers, who make most of the revenue. C: the many small ones.",
    )

    @api.model
    def _gem_profile_figures(self):
        return super()._gem_profile_figures() | {f'gem_{column}': column for column in KNOWN}
