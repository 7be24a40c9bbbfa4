from odoo import fields, models

from .res_partner_profile import profile_figure


class ResPartner(models.Model):
    """What is known about a customer from the invoices, in lists of customers."""
    _inherit = 'res.partner'

    # What, when and how often he buys
    gem_lifecycle = profile_figure(fields.Selection, 'lifecycle')
    gem_date_last = profile_figure(fields.Date, 'date_last')
    gem_purchase_count = profile_figure(fields.Integer, 'purchase_count')
    gem_revenue_12m = profile_figure(
        fields.Monetary, 'revenue_12m', currency_field='gem_currency_id')
    gem_date_next = profile_figure(fields.Date, 'date_next')
    gem_activity = profile_figure(fields.Float, 'activity')
    gem_chance = profile_figure(fields.Integer, 'chance')
    gem_attrition = profile_figure(fields.Selection, 'attrition')
    gem_rfm = profile_figure(fields.Char, 'rfm')
    gem_rfm_segment_id = profile_figure(fields.Many2one, 'rfm_segment_id')
    gem_abc = profile_figure(fields.Selection, 'abc')

    # Whether he comes as usual, and what changed
    gem_date_first = profile_figure(fields.Date, 'date_first')
    gem_basket = profile_figure(fields.Monetary, 'basket', currency_field='gem_currency_id')
    gem_revenue_previous_12m = profile_figure(
        fields.Monetary, 'revenue_previous_12m', currency_field='gem_currency_id')
    gem_revenue_24m = profile_figure(
        fields.Monetary, 'revenue_24m', currency_field='gem_currency_id')
    gem_revenue_trend = profile_figure(fields.Integer, 'revenue_trend')
    gem_interval_days = profile_figure(fields.Float, 'interval_days')
    gem_rhythm_ratio = profile_figure(fields.Float, 'rhythm_ratio')
    gem_is_overdue = profile_figure(fields.Boolean, 'is_overdue')
    gem_date_next_from = profile_figure(fields.Date, 'date_next_from')
    gem_date_next_until = profile_figure(fields.Date, 'date_next_until')
    gem_rfm_recency = profile_figure(fields.Integer, 'rfm_recency')
    gem_rfm_frequency = profile_figure(fields.Integer, 'rfm_frequency')
    gem_rfm_monetary = profile_figure(fields.Integer, 'rfm_monetary')
    gem_abc_previous = profile_figure(fields.Selection, 'abc_previous')
    gem_abc_since = profile_figure(fields.Date, 'abc_since')
    gem_attrition_previous = profile_figure(fields.Selection, 'attrition_previous')
    gem_attrition_since = profile_figure(fields.Date, 'attrition_since')

    # What he is worth, how he pays, and whether he stays
    gem_product_count = profile_figure(fields.Integer, 'product_count')
    gem_margin_12m = profile_figure(
        fields.Monetary, 'margin_12m', currency_field='gem_currency_id')
    gem_margin_rate = profile_figure(fields.Float, 'margin_rate')
    gem_margin_is_estimated = profile_figure(fields.Boolean, 'margin_is_estimated')
    gem_profitability = profile_figure(fields.Selection, 'profitability')
    gem_payment_days_late = profile_figure(fields.Float, 'payment_days_late')
    gem_payment_on_time = profile_figure(fields.Integer, 'payment_on_time')
    gem_payment_trend = profile_figure(fields.Float, 'payment_trend')
    gem_overdue = profile_figure(fields.Monetary, 'overdue', currency_field='gem_currency_id')
    gem_credit_class = profile_figure(fields.Selection, 'credit_class')
    gem_loyalty = profile_figure(fields.Selection, 'loyalty')
