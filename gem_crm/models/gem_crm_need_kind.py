from odoo import fields, models


class GemCrmNeedKind(models.Model):
    """What a need is about: a service, a delay, a price…"""
    _name = 'gem.crm.need.kind'
    _description = "Kind of Need"
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()

    _name_unique = models.Constraint(
        'UNIQUE (name)',
        "There is already a kind of need with this name.",
    )
