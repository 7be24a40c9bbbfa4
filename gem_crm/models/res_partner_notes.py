from odoo import fields, models

from .res_partner import CRM_USER


class ResPartner(models.Model):
    """The way from a customer to the pages of their notes."""
    _inherit = 'res.partner'

    gem_open_note_count = fields.Integer(
        string="Notes to Do", compute='_compute_gem_open_note_count', groups=CRM_USER,
    )

    def _compute_gem_open_note_count(self):
        counts = dict(self.env['gem.crm.note']._read_group(
            [('partner_id', 'in', self.commercial_partner_id.ids), ('date_done', '=', False)],
            ['partner_id'],
            ['__count'],
        ))
        for partner in self:
            partner.gem_open_note_count = counts.get(partner.commercial_partner_id._origin, 0)

    def write(self, vals):
        result = super().write(vals)
        if 'tz' in vals:
            # The hour of a note stays what it is on the clock of whoever does it.
            # sudo: notes of customers that this user may not see
            self.env['gem.crm.note'].sudo().search([
                ('user_id.partner_id', 'in', self.ids), ('date_done', '=', False),
                ('hour_due', '!=', 0),
            ])._sync_events()
        return result

    def gem_action_view_notes(self):
        """Return the pages of the notes about this customer."""
        self.ensure_one()
        customer = self.commercial_partner_id
        action = self.env['ir.actions.act_window']._for_xml_id('gem_crm.gem_crm_note_action')
        return action | {
            'domain': [('partner_id', '=', customer.id)],
            'context': {'default_partner_id': customer.id, 'search_default_open': 1},
        }
