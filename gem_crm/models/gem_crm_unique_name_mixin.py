from odoo import api, fields, models
from odoo.exceptions import ValidationError


class GemCrmUniqueNameMixin(models.AbstractModel):
    """A choice that people know by its name: no two have the same, in whatever language."""
    _name = 'gem.crm.unique.name.mixin'
    _description = "Choice With a Name of Its Own"

    name = fields.Char(required=True, translate=True)

    @api.constrains('name')
    def _check_name(self):
        # A unique index would compare all translations at once, and find no two equal.
        everybody = self.with_context(active_test=False)
        for choice in self:
            if everybody.search_count(
                [('name', '=', choice.name), ('id', '!=', choice.id)], limit=1,
            ):
                raise ValidationError(self.env._(
                    "“%(name)s” is already in this list, or archived. Choose another name.",
                    name=choice.name,
                ))
