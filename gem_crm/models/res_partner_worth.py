from odoo import api, fields, models

from .res_partner import CRM_USER
from .res_partner_figures import search_figure

KNOWN = (
    'product_count', 'margin_12m', 'margin_rate', 'margin_is_estimated', 'profitability',
    'payment_days_late', 'payment_on_time', 'payment_trend', 'overdue', 'credit_class', 'loyalty',
)


def related_figure(field, column, **attributes):
    """Return a field of the customer that shows a column of the profile, in lists too."""
    return field(
        related=f'gem_profile_id.{column}',
        # as the reader: the profile's rules say whose figures they may see
        related_sudo=False,
        search=search_figure(f'gem_{column}'),
        groups=CRM_USER,
        **attributes,
    )


class ResPartner(models.Model):
    """What a customer is worth, how he pays, and whether he stays, in lists of customers."""
    _inherit = 'res.partner'

    gem_product_count = related_figure(fields.Integer, 'product_count')
    gem_margin_12m = related_figure(
        fields.Monetary, 'margin_12m', currency_field='gem_currency_id')
    gem_margin_rate = related_figure(fields.Float, 'margin_rate')
    gem_margin_is_estimated = related_figure(fields.Boolean, 'margin_is_estimated')
    gem_profitability = related_figure(fields.Selection, 'profitability')
    gem_payment_days_late = related_figure(fields.Float, 'payment_days_late')
    gem_payment_on_time = related_figure(fields.Integer, 'payment_on_time')
    gem_payment_trend = related_figure(fields.Float, 'payment_trend')
    gem_overdue = related_figure(fields.Monetary, 'overdue', currency_field='gem_currency_id')
    gem_credit_class = related_figure(fields.Selection, 'credit_class')
    gem_loyalty = related_figure(fields.Selection, 'loyalty')

    @api.model
    def _gem_figures(self):
        return super()._gem_figures() | {
            f'gem_{column}': ('_gem_profile_rows', column) for column in KNOWN
        }
