from collections import defaultdict
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import NO_ACCESS, Command, Datetime, Domain
from odoo.tools import clean_context

# Whose change moves the event of a note.
EVENT_FIELDS = frozenset([
    'name', 'action_id', 'partner_id', 'user_id', 'date_due', 'hour_due', 'date_done', 'active',
])
# Only the assignee attends, who is told of the note itself.
QUIET = {
    'gem_from_note': True,
    'mail_create_nolog': True,
    'mail_create_nosubscribe': True,
    'mail_notrack': True,
    'no_mail_to_attendees': True,
    'skip_attendee_notification': True,
    'skip_contact_description': True,
}


class GemCrmNote(models.Model):
    """A note with an hour is in the calendar of whoever it is assigned to.

    The event shows colleagues that its owner is busy, and only the owner for what. Moving
    one moves the other: each side writes only what differs.
    """
    _inherit = 'gem.crm.note'

    # Who could choose the event could move anybody's.
    event_id = fields.Many2one(
        'calendar.event', string="Calendar Event", copy=False, readonly=True, groups=NO_ACCESS,
        index='btree_not_null', ondelete='set null',
    )
    is_in_calendar = fields.Boolean(compute='_compute_is_in_calendar', compute_sudo=True)

    # What the page of the calendar shows and moves.
    calendar_start = fields.Datetime(
        string="Starts",
        compute='_compute_calendar_start',
        inverse='_inverse_calendar_start',
        search='_search_calendar_start',
        exportable=False,
    )
    is_all_day = fields.Boolean(
        string="At Any Time",
        compute='_compute_calendar_start',
        inverse='_inverse_calendar_start',
        exportable=False,
    )

    @api.depends('event_id')
    def _compute_is_in_calendar(self):
        for note in self:
            note.is_in_calendar = bool(note.event_id)

    @api.depends('date_due', 'hour_due', 'user_id')
    def _compute_calendar_start(self):
        for note in self:
            note.is_all_day = not note.hour_due
            if note.date_due and note.hour_due:
                note.calendar_start = note._start()
            else:
                # The client reads the day of it and no time.
                note.calendar_start = note.date_due

    def _inverse_calendar_start(self):
        for note in self.filtered('calendar_start'):
            if note.is_all_day:
                note.write({'date_due': note.calendar_start.date(), 'hour_due': 0})
            else:
                note.write(note._values_of_start(note.calendar_start, note.user_id))

    @api.model
    def _search_calendar_start(self, operator, value):
        if operator not in ('<', '<=', '>', '>='):
            return NotImplemented
        # A day more: which day it is depends on whose clock one looks at.
        days = timedelta(days=1 if operator in ('<', '<=') else -1)
        day = (fields.Datetime.to_datetime(value) + days).date()
        return Domain('date_due', f'{operator[0]}=', day)

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        """Take over where in the calendar a note was begun."""
        start = self.env.context.get('default_calendar_start')
        if not start:
            return super().default_get(fields)
        self = self.with_context(default_calendar_start=None)  # noqa: PLW0642
        values = super().default_get(fields)
        moment = Datetime.to_datetime(start)
        if self.env.context.get('default_is_all_day', True):
            values['date_due'] = moment.date()
        else:
            values |= self.new()._values_of_start(moment, self.env.user)
        return values

    @api.model_create_multi
    def create(self, vals_list):
        notes = super().create(vals_list)
        notes.filtered('hour_due')._sync_events()
        return notes

    def write(self, vals):
        result = super().write(vals)
        if not EVENT_FIELDS.isdisjoint(vals):
            self._sync_events()
        return result

    def unlink(self):
        # sudo: the event is its owner's
        events = self.sudo().event_id
        result = super().unlink()
        events.with_context(**QUIET).unlink()
        return result

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_open_event(self):
        """Return the action that opens the note's event."""
        self.ensure_one()
        self.check_access('read')
        return {
            'type': 'ir.actions.act_window',
            'res_model': 'calendar.event',
            'res_id': self.sudo().event_id.id,  # sudo: the calendar's own rules guard the event
            'views': [(False, 'form')],
        }

    # ------------------------------------------------------------
    # Events
    # ------------------------------------------------------------

    def _sync_events(self):
        """Keep one event for each of the notes that somebody is to do at some hour."""
        # sudo: who may write a note may move its event, whoever's it is
        notes = self.sudo().filtered(lambda note: note.hour_due or note.event_id)
        if not notes:
            return
        Event = notes.env['calendar.event'].with_context(clean_context(self.env.context))
        Event = Event.with_context(**QUIET)
        now = fields.Datetime.now()
        missing, gone = {}, Event
        changes = defaultdict(lambda: Event)
        for note in notes:
            event = Event.browse(note.event_id.id)
            if not note._is_appointment():
                # What has taken place stays in the calendar.
                if not (note.date_done and event.start <= now):
                    gone |= event
            elif not event:
                missing[note] = note._event_values()
            else:
                differing = note._differing_event_values()
                if differing:
                    changes[tuple(differing.items())] |= event
        for differing, events in changes.items():
            values = dict(differing)
            if 'partner_ids' in values:
                values['partner_ids'] = list(values['partner_ids'])
            events.write(values)
        gone.unlink()
        if missing:
            model_id = self.env['ir.model']._get_id(self._name)
            duration = timedelta(hours=Event.get_default_duration())
            events = Event.create([
                {
                    **values,
                    'stop': values['start'] + duration,
                    'res_model_id': model_id,
                    'res_id': note.id,
                    'privacy': 'private',
                    'partner_ids': [Command.set(note.user_id.partner_id.ids)],
                    'attendee_ids': [Command.create(
                        {'partner_id': note.user_id.partner_id.id, 'state': 'accepted'})],
                }
                for note, values in missing.items()
            ])
            for note, event in zip(missing, events, strict=True):
                note.event_id = event

    def _is_appointment(self):
        """Whether somebody is to do this note at some hour, or on a day of their calendar."""
        self.ensure_one()
        return bool(
            (self.hour_due or self.event_id.allday)
            and self.active and self.date_due and not self.date_done and self.user_id.active
        )

    def _event_values(self):
        """Return what the event of this note is called, when it starts and whose it is."""
        self.ensure_one()
        values = {
            'name': f"{self.display_name} – {self.partner_id.display_name}",
            'user_id': self.user_id.id,
        }
        if self.hour_due:
            return values | {'allday': False, 'start': self._start()}
        return values | {'start_date': self.date_due}

    def _differing_event_values(self):
        """Return those values that the event of this note does not have yet."""
        self.ensure_one()
        event = self.event_id
        differing = {
            name: value for name, value in self._event_values().items()
            if event._fields[name].convert_to_write(event[name], event) != value
        }
        if 'start_date' in differing:
            differing['stop_date'] = self.date_due + (event.stop_date - event.start_date)
        attending = self.user_id.partner_id
        if attending not in event.partner_ids:
            before = event.user_id.partner_id - attending
            differing['partner_ids'] = (
                *(Command.unlink(partner_id) for partner_id in before.ids),
                Command.link(attending.id),
            )
        return differing

    def _start(self):
        """Return when this note with an hour starts.

        :return: in UTC, without time zone
        :rtype: datetime
        """
        self.ensure_one()
        minutes = round(self.hour_due * 60)
        on_the_wall = datetime.combine(self.date_due, time()) + timedelta(minutes=minutes)
        moment = self._time_zone(self.user_id).localize(on_the_wall)
        return moment.astimezone(pytz.utc).replace(tzinfo=None)

    def _follow_event(self):
        """Move this note to where its event was moved, and to whose it became."""
        self.ensure_one()
        event = self.event_id
        if not event.active:
            self.write({'event_id': False, 'hour_due': 0})
            return
        user = event.user_id if event.user_id and not event.user_id.share else self.user_id
        values = {} if user == self.user_id else {'user_id': user.id}
        if not event.allday:
            values |= self._values_of_start(event.start, user)
        elif (self.date_due, self.hour_due) != (event.start_date, 0):
            values |= {'date_due': event.start_date, 'hour_due': 0}
        if values:
            self.write(values)

    def _values_of_start(self, start, user):
        """Return what must change for this note to start at a moment, given in UTC.

        :param ResUsers user: whoever it is assigned to then, on whose clock the hour is
        """
        self.ensure_one()
        if user == self.user_id and self.date_due and self.hour_due and self._start() == start:
            return {}
        on_the_wall = pytz.utc.localize(start).astimezone(self._time_zone(user))
        return {
            'date_due': on_the_wall.date(),
            'hour_due': on_the_wall.hour + on_the_wall.minute / 60,
        }

    @api.model
    def _time_zone(self, user):
        # sudo: what time it is for a colleague is no secret
        return pytz.timezone(user.sudo().tz or 'UTC')
