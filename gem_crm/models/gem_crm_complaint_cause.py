from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class GemCrmComplaintCause(models.Model):
    """Why what customers complain about happens; a tree, from the large to the small."""
    _name = 'gem.crm.complaint.cause'
    _description = "Cause of Complaints"
    _parent_store = True
    _order = 'sequence, id'

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

    @api.model
    def _search_display_name(self, operator, value):
        if operator == 'in':
            # Written in full, as in an imported file.
            named = self.search([('name', 'in', [
                name.rpartition(' / ')[2] for name in value if isinstance(name, str)])])
            return Domain('id', 'in', named.filtered(lambda c: c.display_name in value).ids)
        if operator in ('ilike', 'like') and value:
            # With what a cause is part of, all that is part of it is found.
            named = self.search([('name', operator, value.rpartition(' / ')[2])])
            return Domain('id', 'child_of', named.ids)
        return super()._search_display_name(operator, value)

    @api.constrains('parent_id')
    def _check_parent_id(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A cause cannot be part of itself."))
