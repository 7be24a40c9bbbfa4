from odoo import api, fields, models
from odoo.exceptions import AccessError

from .res_partner import CRM_USER

NOTE = 'gem.crm.note'


class MailActivity(models.Model):
    """The activity by which a follow-up note is in its assignee's clock.

    Whoever the activity is assigned to may move it, give it away or mark it as done, and
    the note follows. Cancelling it changes no note.
    """
    _inherit = 'mail.activity'

    gem_is_note = fields.Boolean(
        string="Follow-up Note", readonly=True, copy=False, groups=CRM_USER,
    )

    _gem_one_per_note = models.UniqueIndex(
        '(res_id) WHERE gem_is_note AND active',
        "This follow-up note already has an activity.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        activities._gem_check_note_is_not_chosen()
        return activities

    def write(self, vals):
        if not vals.keys().isdisjoint(('gem_is_note', 'res_model_id', 'res_id')):
            self._gem_check_note_is_not_chosen()
        result = super().write(vals)
        if 'gem_is_note' in vals:
            self._gem_check_note_is_not_chosen()
        if not vals.keys().isdisjoint(('date_deadline', 'user_id', 'active', 'feedback')):
            # sudo: the activity's assignee may not be allowed to write the note
            self.sudo().filtered('gem_is_note')._gem_move_notes(vals)
        return result

    def _gem_check_note_is_not_chosen(self):
        # Who moves such an activity moves the note: whose note it is must not be for users to say.
        if not self.env.su and any(activity.gem_is_note for activity in self.sudo()):
            raise AccessError(self.env._(
                "The activity of a follow-up note comes and goes with the note."
            ))

    def _gem_move_notes(self, vals):
        """Have the notes follow what was just written on their activities."""
        notes = self.env[NOTE].browse(self.mapped('res_id'))
        if 'active' in vals and not vals['active']:
            notes.filtered(lambda note: not note.date_done)._mark_done()
        if vals.get('feedback'):
            notes.filtered(lambda note: note.outcome != vals['feedback']).write(
                {'outcome': vals['feedback']})
        for activity_field, note_field in (('date_deadline', 'date_due'), ('user_id', 'user_id')):
            if activity_field in vals:
                value = fields.Date.to_date(vals[activity_field]) \
                    if activity_field == 'date_deadline' else vals[activity_field]
                field = notes._fields[note_field]
                notes.filtered(
                    lambda note, field=field, value=value:
                    field.convert_to_write(note[field.name], note) != value
                ).write({note_field: value})
