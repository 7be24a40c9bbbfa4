from odoo import models


class GemCrmNeedKind(models.Model):
    """What a need is about: a service, a delay, a price…"""
    _name = 'gem.crm.need.kind'
    _description = "Kind of Need"
    _inherit = ['gem.crm.badge.mixin', 'gem.crm.unique.name.mixin']
    _order = 'sequence, id'
