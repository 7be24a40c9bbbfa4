from odoo import fields, models


class GemCrmComplaintCategory(models.Model):
    """What complaints are about: the product, the delivery, an invoice…"""
    _name = 'gem.crm.complaint.category'
    _description = "Complaint Category"
    _inherit = ['gem.crm.unique.name.mixin']
    _order = 'sequence, id'

    sequence = fields.Integer(default=10)
    user_id = fields.Many2one(
        'res.users',
        string="Handler",
        domain=[('share', '=', False)],
        index='btree_not_null',
        ondelete='restrict',
        help="To whom new complaints of this category are assigned. Empty: to whoever writes "
             "them down.",
    )
    active = fields.Boolean(default=True)
