from odoo import api, fields, models


class ProductTemplate(models.Model):
    _inherit = 'product.template'

    gem_in_habits = fields.Boolean(
        string="Counts in Habits",
        compute='_compute_gem_in_habits',
        store=True,
        readonly=False,
        precompute=True,
        help="Whether buying this product says what a customer likes. Postage, charges and the "
             "like do not: they count in the revenue only.",
    )

    @api.depends('type')
    def _compute_gem_in_habits(self):
        for template in self:
            template.gem_in_habits = template.type != 'service'
