from odoo import fields, models


class GemCrmReferral(models.Model):
    """A way a customer can have heard of the company."""
    _name = 'gem.crm.referral'
    _description = "Referral"
    _inherit = ['gem.crm.unique.name.mixin']
    _order = 'sequence, id'

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_from_customer = fields.Boolean(
        string="Referred by a Customer",
        help="Ask which customer made the recommendation.",
    )
    source_id = fields.Many2one(
        'utm.source',
        string="Marketing Source",
        ondelete='set null',
        index='btree_not_null',
        help="The source used by campaigns and link trackers for the same origin.",
    )
