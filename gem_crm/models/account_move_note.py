from odoo import fields, models

from .res_partner import CRM_READER


class AccountMove(models.Model):
    """Follow-up notes about an invoice, written and read from the invoice."""
    _inherit = 'account.move'

    gem_note_ids = fields.One2many(
        'gem.crm.note', 'move_id', string="Follow-up Notes", groups=CRM_READER,
    )
    gem_note_count = fields.Integer(
        string="Number of Follow-up Notes", compute='_compute_gem_note_count', groups=CRM_READER,
    )

    def _compute_gem_note_count(self):
        counts = dict(self.env['gem.crm.note']._read_group(
            [('move_id', 'in', self.ids)], ['move_id'], ['__count']))
        for move in self:
            move.gem_note_count = counts.get(move._origin, 0)

    def gem_action_view_notes(self):
        """Return the action that shows the notes about this invoice, or writes the first one."""
        self.ensure_one()
        Note = self.env['gem.crm.note']
        action = {
            'type': 'ir.actions.act_window',
            'name': self.env._("Follow-up Notes"),
            'res_model': Note._name,
            'context': {
                'default_partner_id': self.commercial_partner_id.id,
                'default_move_id': self.id,
                'default_company_id': self.company_id.id,
                'default_kind': 'internal',
            },
        }
        if not self.gem_note_count and Note.has_access('create'):
            return action | {'views': [(False, 'form')], 'target': 'new'}
        return action | {
            'views': [(False, 'list'), (False, 'form')], 'domain': [('move_id', '=', self.id)],
        }
