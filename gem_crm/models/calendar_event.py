from odoo import models

NOTE = 'gem.crm.note'
# What of an event its note follows.
FOLLOWED = frozenset(['start', 'start_date', 'allday', 'user_id', 'active'])


class CalendarEvent(models.Model):
    """The event of a follow-up note: whoever may move it moves the note."""
    _inherit = 'calendar.event'

    def _get_activity_excluded_models(self):
        # A note has an activity already.
        return [*super()._get_activity_excluded_models(), NOTE]

    def write(self, vals):
        moved = not FOLLOWED.isdisjoint(vals)  # super takes some out of vals
        result = super().write(vals)
        if moved and not self.env.context.get('gem_from_note'):
            for note in self._gem_open_notes():
                note._follow_event()
        return result

    def unlink(self):
        notes = self.env[NOTE]
        if not self.env.context.get('gem_from_note'):
            notes = self._gem_open_notes()
        result = super().unlink()
        notes.write({'hour_due': 0})
        return result

    def _gem_open_notes(self):
        """Return the notes of these events that are still to be done.

        :rtype: GemCrmNote
        """
        # sudo: who may move an event may not know of the note
        Note = self.env[NOTE].sudo().with_context(active_test=False)
        return Note.search([('event_id', 'in', self.ids), ('date_done', '=', False)])
