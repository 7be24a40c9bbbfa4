from odoo import api, fields, models

HEX_COLOR = r"^#[0-9A-Fa-f]{6}$"


class GemCrmBadgeMixin(models.AbstractModel):
    """A choice that is shown as a badge: a name, a short name and two colours."""
    _name = 'gem.crm.badge.mixin'
    _description = "Coloured Choice"
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    abbreviation = fields.Char(
        size=8,
        translate=True,
        help="Shown instead of the name where there is little room.",
    )
    text_color = fields.Char(
        string="Text Colour",
        required=True,
        default='#FFFFFF',
        help="As #RRGGBB, for example #FFFFFF for white.",
    )
    background_color = fields.Char(
        string="Background Colour",
        required=True,
        default='#495057',
        help="As #RRGGBB, for example #198754 for a green.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    # The colours go into style attributes: nothing else may stand there.
    _text_color_hex = models.Constraint(
        f"CHECK (text_color ~ '{HEX_COLOR}')",
        "The text colour must be written as #RRGGBB, for example #FFFFFF.",
    )
    _background_color_hex = models.Constraint(
        f"CHECK (background_color ~ '{HEX_COLOR}')",
        "The background colour must be written as #RRGGBB, for example #198754.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_clean_colors(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._with_clean_colors(vals))

    @api.model
    def _with_clean_colors(self, vals):
        """Return ``vals`` with colours as typed by people: spaces, no #, lower case."""
        clean = dict(vals)
        for name in ('text_color', 'background_color'):
            if value := vals.get(name):
                clean[name] = f"#{value.strip().lstrip('#')}".upper()
        return clean
