from odoo import api, models
from odoo.tools import SQL

# What decides who is a customer, of which company.
IDENTITY_FIELDS = frozenset(['commercial_partner_id', 'partner_share', 'company_id'])


class ResPartner(models.Model):
    """Changes of a customer that make its profile out of date."""
    _inherit = 'res.partner'

    # How the invoices of a customer and its contacts are found.
    _gem_commercial_partner_idx = models.Index('(commercial_partner_id)')

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        self.env['gem.crm.profile.mark']._mark(partners.ids)
        return partners

    def write(self, vals):
        # Links to many records are in no column: _write_multi does not see them.
        watched = self.env['gem.crm.completeness.criterion']._get_field_names()
        if any(name in watched and self._fields[name].type.endswith('2many') for name in vals):
            self.env['gem.crm.profile.mark']._mark(self.ids)
        return super().write(vals)

    def _write_multi(self, vals_list):
        # Here, because recomputed fields come by no other road.
        watched = IDENTITY_FIELDS | self.env['gem.crm.completeness.criterion']._get_field_names()
        changed = [
            partner_id
            for partner_id, vals in zip(self._ids, vals_list, strict=True)
            if not watched.isdisjoint(vals)
        ]
        if changed:
            self._gem_mark_changed(changed, vals_list)
        return super()._write_multi(vals_list)

    def _gem_mark_changed(self, ids, vals_list):
        Mark = self.env['gem.crm.profile.mark']
        Mark._mark(ids)
        if any('commercial_partner_id' in vals for vals in vals_list):
            # The company they leave loses their figures.
            Mark._mark(customer for customer, in self.env.execute_query(SQL(
                """
                    SELECT DISTINCT commercial_partner_id FROM res_partner
                     WHERE id IN %s AND commercial_partner_id IS NOT NULL
                """,
                tuple(ids),
            )))

    def unlink(self):
        self.env['gem.crm.profile.mark']._mark(self.commercial_partner_id.ids)
        return super().unlink()
