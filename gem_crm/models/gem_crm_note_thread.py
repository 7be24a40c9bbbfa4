from collections import defaultdict

from odoo import api, models
from odoo.tools import format_duration

# Whose change moves the activity of a note.
ACTIVITY_FIELDS = frozenset([
    'name', 'action_id', 'partner_id', 'user_id', 'date_due', 'hour_due', 'date_done', 'active',
])


class GemCrmNote(models.Model):
    """A note is in the clock of whoever it is assigned to, and moves with its activity.

    Neither side needs to know who moved first: each writes only what differs.
    """
    _inherit = 'gem.crm.note'

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        notes = super().create(vals_list)
        if not (
            self.env.context.get('tracking_disable')
            or self.env.context.get('mail_create_nosubscribe')
        ):
            # The assignee follows with the activity.
            notes.filtered(lambda note: note.user_id != self.env.user)._message_subscribe(
                self.env.user.partner_id.ids)
        notes._sync_activities()
        return notes

    def write(self, vals):
        result = super().write(vals)
        if not ACTIVITY_FIELDS.isdisjoint(vals):
            self._sync_activities()
        return result

    # ------------------------------------------------------------
    # Messages
    # ------------------------------------------------------------

    def _message_auto_subscribe(self, updated_values, followers_existing_policy='skip'):
        # Whoever a note is assigned to is subscribed, and told, with the activity.
        return True

    # ------------------------------------------------------------
    # Activities
    # ------------------------------------------------------------

    def _sync_activities(self):
        """Keep one activity for each of the notes that somebody is to do some day."""
        # sudo: who may write a note may move its activity, whoever's it is
        Activity = self.env['mail.activity'].sudo().with_context(mail_activity_quick_update=True)
        current = Activity.search([
            ('gem_is_note', '=', True), ('res_model', '=', self._name), ('res_id', 'in', self.ids),
        ]).grouped('res_id')
        default_type = Activity._default_activity_type_for_model(self._name)
        missing, done, pointless = [], Activity, Activity
        changes = defaultdict(lambda: Activity)
        told = self.browse()
        for note in self:
            activity = current.get(note.id, Activity)
            if note.date_done:
                done |= activity
            elif not (note.active and note.date_due and note.user_id.sudo().active):
                pointless |= activity
            else:
                wanted = note._activity_values(default_type)
                differing = tuple(
                    (name, value) for name, value in wanted.items()
                    if activity._fields[name].convert_to_write(activity[name], activity) != value
                )
                if not activity:
                    missing.append(dict(wanted, res_id=note.id))
                elif differing:
                    changes[differing] |= activity
                if not activity or 'user_id' in dict(differing):
                    told |= note
        if missing:
            model_id = self.env['ir.model']._get_id(self._name)
            Activity.create([
                dict(vals, res_model_id=model_id, gem_is_note=True, automated=True)
                for vals in missing
            ])
        for differing, activities in changes.items():
            activities.write(dict(differing))
        done.action_archive()
        pointless.unlink()
        told._tell_assignees()

    def _activity_values(self, default_type):
        self.ensure_one()
        hour = f"{format_duration(self.hour_due)} " if self.hour_due else ''
        return {
            'activity_type_id': (self.action_id.activity_type_id or default_type).id,
            'date_deadline': self.date_due,
            'summary': f"{hour}{self.display_name} – {self.partner_id.display_name}",
            'user_id': self.user_id.id,
        }

    def _tell_assignees(self):
        """Notify those to whom somebody else assigned notes: once, however many there are."""
        if self.env.context.get('mail_activity_quick_update'):
            return
        for user, notes in self.grouped('user_id').items():
            if user == self.env.user:
                continue
            notes = notes.with_context(lang=user.lang or self.env.lang)
            if len(notes) == 1:
                # sudo: the activity may be somebody else's
                notes.sudo().activity_ids.filtered('gem_is_note').action_notify()
                continue
            notes._tell(user, notes.env._(
                "%(count)s follow-up notes assigned to you", count=len(notes)))
