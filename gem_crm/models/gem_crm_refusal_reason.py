from odoo import fields, models


class GemCrmRefusalReason(models.Model):
    """Why a customer refused."""
    _name = 'gem.crm.refusal.reason'
    _description = "Refusal Reason"
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
