from odoo import fields, models

KINDS = [('internal', "Internal"), ('sales', "Sales")]


class GemCrmKindMixin(models.AbstractModel):
    """A coloured choice of one of the two kinds of notes."""
    _name = 'gem.crm.kind.mixin'
    _description = "Coloured Choice of a Kind of Notes"
    _inherit = ['gem.crm.badge.mixin']
    _order = 'kind, sequence, id'

    kind = fields.Selection(KINDS, required=True, default='sales')

    def _of_kind(self, kind):
        """Return the choice with this one's name in the other kind, if there is one."""
        if not self or self.kind == kind:
            return self
        return self.search([('kind', '=', kind), ('name', '=', self.name)], limit=1)
