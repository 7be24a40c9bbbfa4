from odoo import api, fields, models


class GemCrmCustomerMixin(models.AbstractModel):
    """What every record about a customer shares.

    The customer is the commercial entity: a record given to a contact goes to
    the contact's company, and follows it when the contact changes company.
    """
    _name = 'gem.crm.customer.mixin'
    _description = "Record About a Customer"

    partner_id = fields.Many2one(
        'res.partner',
        string="Customer",
        required=True,
        index=True,
        # Neither a privacy look-up nor a merge may find it gone.
        ondelete='restrict',
    )
    company_id = fields.Many2one(
        'res.company',
        index=True,
        default=lambda self: self.env.company,
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if values.get('partner_id'):
            [values] = self._with_commercial_entity([values])
        return values

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(self._with_commercial_entity(vals_list))
        records._mark_customers()
        return records

    def write(self, vals):
        [vals] = self._with_commercial_entity([vals])
        if 'partner_id' in vals:
            self._mark_customers()
        result = super().write(vals)
        self._mark_customers()
        return result

    def unlink(self):
        self._mark_customers()
        return super().unlink()

    @api.model
    def _kept_when_followed(self):
        """Return the fields that stay as they are when a customer becomes another's contact."""
        return []

    def _mark_customers(self):
        """Have what is computed about the customers of these records computed again."""
        if self._name in self.env['gem.crm.completeness.criterion']._get_model_names():
            self.env['gem.crm.profile.mark']._mark(self.sudo().partner_id.ids)

    @api.model
    def _with_commercial_entity(self, vals_list):
        """Return ``vals_list`` with each customer replaced by its commercial entity."""
        partners = self.env['res.partner'].browse(
            {vals['partner_id'] for vals in vals_list if vals.get('partner_id')}
        )
        commercial = {partner.id: partner.commercial_partner_id.id for partner in partners.sudo()}
        return [
            dict(vals, partner_id=commercial[customer]) if (customer := vals.get('partner_id'))
            else vals
            for vals in vals_list
        ]

    @api.model
    def _models(self):
        """Return the models whose records are about a customer."""
        return [
            self.env[name]
            for name in self.pool.descendants([self._name], '_inherit')
            if not self.env[name]._abstract
        ]
