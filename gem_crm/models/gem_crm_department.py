from odoo import fields, models


class GemCrmDepartment(models.Model):
    """A department of the company that takes part in internal discussions."""
    _name = 'gem.crm.department'
    _description = "Department in Discussions"
    _inherit = ['gem.crm.unique.name.mixin']
    _order = 'sequence, id'

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    member_ids = fields.Many2many(
        'res.users',
        'gem_crm_department_member_rel',
        string="Members",
        domain=lambda self: self.env['gem.crm.discussion']._domain_people(),
        help="Proposed as people concerned when a discussion is addressed to the department.",
    )
