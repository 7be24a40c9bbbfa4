from odoo import api, models


class ResCompany(models.Model):
    """A company numbers its complaints by itself."""
    _inherit = 'res.company'

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        self.env['gem.crm.complaint']._create_sequences(companies)
        return companies
