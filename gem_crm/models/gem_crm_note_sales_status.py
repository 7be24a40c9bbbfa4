from odoo import api, models

from .gem_crm_status import CLOSING_STATES


class GemCrmNote(models.Model):
    """The status of a sales note says where the customer stands, and becomes the customer's."""
    _inherit = 'gem.crm.note'

    @api.model_create_multi
    def create(self, vals_list):
        notes = super().create(vals_list)
        notes._record_sales_status()
        return notes

    def write(self, vals):
        result = super().write(vals)
        if 'status_id' in vals or 'kind' in vals:
            self._record_sales_status()
        return result

    def _default_status_id(self, first):
        # A new note leaves the customer where they stand, unless they left.
        standing = self.partner_id.commercial_partner_id.gem_sales_status_id
        if self.kind == 'sales' and standing.active and standing.state not in CLOSING_STATES:
            return standing
        return super()._default_status_id(first)

    def _record_sales_status(self):
        """Give the customers the status that their sales notes just got, in their history."""
        # sudo: the history is written by notes, never by people
        notes = self.sudo().filtered(lambda note: note.kind == 'sales' and note.status_id)
        status = {customer: customer.gem_sales_status_id for customer in notes.partner_id}
        changes = []
        for note in notes:
            if note.status_id != status[note.partner_id]:
                changes.append({
                    'partner_id': note.partner_id.id,
                    'company_id': note.company_id.id,
                    'from_status_id': status[note.partner_id].id,
                    'to_status_id': note.status_id.id,
                    'note_id': note.id,
                    'refusal_reason_id': note.refusal_reason_id.id,
                })
                status[note.partner_id] = note.status_id
        self.env['gem.crm.status.history'].sudo().create(changes)
