from odoo import fields, models


class GemCrmDisputeReason(models.Model):
    """Why a customer contests an invoice."""
    _name = 'gem.crm.dispute.reason'
    _description = "Dispute Reason"
    _inherit = ['gem.crm.unique.name.mixin']
    _order = 'sequence, id'

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
