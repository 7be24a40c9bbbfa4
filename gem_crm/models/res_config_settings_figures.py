from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    gem_new_days = fields.Integer(related='company_id.gem_new_days', readonly=False)
    gem_lapsed_days = fields.Integer(related='company_id.gem_lapsed_days', readonly=False)
    gem_slowing_intervals = fields.Float(
        related='company_id.gem_slowing_intervals', readonly=False)
    gem_risk_intervals = fields.Float(related='company_id.gem_risk_intervals', readonly=False)
    gem_lost_intervals = fields.Float(related='company_id.gem_lost_intervals', readonly=False)
    gem_abc_months = fields.Integer(related='company_id.gem_abc_months', readonly=False)
    gem_abc_a = fields.Integer(related='company_id.gem_abc_a', readonly=False)
    gem_abc_b = fields.Integer(related='company_id.gem_abc_b', readonly=False)
