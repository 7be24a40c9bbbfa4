from odoo import api, fields, models
from odoo.exceptions import ValidationError


class GemCrmComplaintCause(models.Model):
    """Why what customers complain about happens; a tree, from the large to the small."""
    _name = 'gem.crm.complaint.cause'
    _description = "Cause of Complaints"
    _parent_store = True
    _order = 'sequence, id'
    _rec_names_search = ['name', 'parent_id']

    name = fields.Char(required=True, translate=True)
    display_name = fields.Char(recursive=True)
    parent_id = fields.Many2one(
        'gem.crm.complaint.cause', string="Part Of", index=True, ondelete='restrict',
    )
    child_ids = fields.One2many('gem.crm.complaint.cause', 'parent_id', string="More Precisely")
    parent_path = fields.Char(index=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    @api.depends('name', 'parent_id.display_name')
    def _compute_display_name(self):
        for cause in self:
            name = cause.name or ''
            cause.display_name = (
                f"{cause.parent_id.display_name} / {name}" if cause.parent_id else name)

    @api.constrains('parent_id')
    def _check_parent_id(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A cause cannot be part of itself."))
