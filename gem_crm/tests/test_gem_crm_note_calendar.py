from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from odoo.addons.gem_crm.tests.test_gem_crm_note import NoteCommon


@tagged('post_install', '-at_install')
class TestNoteCalendar(NoteCommon):
    """A note with an hour and its event: whichever moves, the other one follows.

    Bruno works in Paris, Amelie in Montréal.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bruno.tz = 'Europe/Paris'
        cls.amelie.tz = 'America/Toronto'
        cls.Note = cls.Note.with_context(tracking_disable=False)

    def _event(self, note):
        return note.sudo().event_id

    def _appointment(self, **vals):
        return self._note(**{
            'user_id': self.bruno.id, 'date_due': '2026-06-02', 'hour_due': 14.5} | vals)

    def test_note_with_an_hour_is_in_the_calendar_of_its_assignee(self):
        event = self._event(self._appointment())
        self.assertRecordValues(event, [{
            'name': "Call back – Horizon Books",
            'start': datetime(2026, 6, 2, 12, 30),
            'stop': datetime(2026, 6, 2, 13, 30),
            'user_id': self.bruno.id,
            'partner_ids': self.bruno.partner_id.ids,
            'res_model': 'gem.crm.note',
            'privacy': 'private',
        }])
        self.assertEqual(event.attendee_ids.mapped('state'), ['accepted'])

    def test_note_without_an_hour_day_or_person_is_not(self):
        notes = self._appointment(hour_due=0) | self._appointment(date_due=False)
        notes |= self._appointment(user_id=False) | self._appointment(active=False)
        self.assertFalse(self._event(notes))
        self.assertFalse(notes[0].is_in_calendar)
        notes[0].hour_due = 9
        self.assertEqual(self._event(notes[0]).start, datetime(2026, 6, 2, 7))
        self.assertTrue(notes[0].is_in_calendar)

    def test_one_activity_and_no_mail(self):
        mails = self.env['mail.mail'].search_count([])
        note = self._appointment(user_id=self.amelie.id, date_due='2099-06-02')
        note.hour_due = 16
        note.date_due = '2099-06-03'
        self.assertEqual(len(note.activity_ids), 1)
        self.assertEqual(note.activity_ids.date_deadline, date(2099, 6, 3))
        self.assertEqual(self.env['mail.mail'].search_count([]), mails)
        self.assertFalse(self._event(note).message_ids.filtered('partner_ids'))

    def test_event_follows_the_note(self):
        note = self._appointment()
        event = self._event(note)
        event.duration = 0.25
        note.write({'name': "Visit", 'date_due': '2026-06-04', 'hour_due': 8.25})
        self.assertRecordValues(event, [{
            'name': "Visit – Horizon Books",
            'start': datetime(2026, 6, 4, 6, 15), 'stop': datetime(2026, 6, 4, 6, 30),
        }])
        note.user_id = self.amelie
        self.assertRecordValues(event, [{
            'start': datetime(2026, 6, 4, 12, 15),
            'user_id': self.amelie.id, 'partner_ids': self.amelie.partner_id.ids,
        }])
        note.hour_due = 0
        self.assertFalse(event.exists())

    @freeze_time('2026-06-01 12:00:00')
    def test_what_is_done_ahead_leaves_the_calendar_and_what_took_place_stays(self):
        ahead, past = self._appointment(), self._appointment(date_due='2026-05-31')
        took_place = self._event(past)
        (ahead | past).action_done()
        self.assertFalse(self._event(ahead))
        self.assertTrue(took_place.exists())
        ahead.action_reopen()
        self.assertTrue(self._event(ahead))
        (ahead | past).with_user(self.chloe).unlink()
        self.assertFalse(took_place.exists())

    def test_note_follows_the_event(self):
        note = self._appointment()
        event = self._event(note).with_user(self.bruno)
        event.write({'start': '2026-06-09 22:30:00', 'stop': '2026-06-09 23:30:00'})
        self.assertRecordValues(note, [{'date_due': date(2026, 6, 10), 'hour_due': 0.5}])
        self.assertEqual(note.activity_ids.date_deadline, date(2026, 6, 10))
        self.assertEqual(event.start, datetime(2026, 6, 9, 22, 30))

    def test_note_follows_the_event_to_another_organiser(self):
        note = self._appointment()
        self._event(note).with_user(self.bruno).user_id = self.amelie
        self.assertRecordValues(note, [{
            'user_id': self.amelie.id, 'date_due': date(2026, 6, 2), 'hour_due': 8.5}])
        self.assertEqual(note.activity_ids.user_id, self.amelie)
        self.assertIn(self.amelie.partner_id, self._event(note).partner_ids)

    def test_event_of_a_whole_day_keeps_the_day_of_the_note(self):
        note = self._appointment()
        event = self._event(note).with_user(self.bruno)
        event.write({'allday': True, 'start_date': '2026-06-05', 'stop_date': '2026-06-06'})
        self.assertRecordValues(note, [{'date_due': date(2026, 6, 5), 'hour_due': 0}])
        self.assertTrue(event.exists())
        note.date_due = '2026-06-08'
        self.assertRecordValues(event, [{
            'allday': True, 'start_date': date(2026, 6, 8), 'stop_date': date(2026, 6, 9)}])
        note.hour_due = 10
        self.assertRecordValues(event, [{'allday': False, 'start': datetime(2026, 6, 8, 8)}])

    def test_removed_event_leaves_the_note_without_an_hour(self):
        notes = self._appointment() | self._appointment()
        self._event(notes[0]).with_user(self.bruno).unlink()
        self._event(notes[1]).with_user(self.bruno).action_archive()
        self.assertEqual(notes.mapped('hour_due'), [0, 0])
        self.assertEqual(notes.mapped('date_due'), [date(2026, 6, 2)] * 2)
        self.assertFalse(notes.sudo().event_id)
        notes.hour_due = 9
        self.assertEqual(len(notes.sudo().event_id), 2)

    def test_activity_moves_the_event(self):
        note = self._appointment()
        note.activity_ids.with_user(self.bruno).date_deadline = '2026-06-11'
        self.assertEqual(self._event(note).start, datetime(2026, 6, 11, 12, 30))

    def test_hour_stays_on_the_clock_when_summer_time_begins_and_ends(self):
        winter = self._appointment(date_due='2026-03-28', hour_due=14.5)
        self.assertEqual(self._event(winter).start, datetime(2026, 3, 28, 13, 30))
        winter.date_due = '2026-03-29'
        self.assertEqual(self._event(winter).start, datetime(2026, 3, 29, 12, 30))
        self._event(winter).with_user(self.bruno).start = '2026-10-25 13:30:00'
        self.assertRecordValues(winter, [{'date_due': date(2026, 10, 25), 'hour_due': 14.5}])
        # 02:30 is not on the clock that night, and twice on the other.
        for day in ('2026-03-29', '2026-10-25'):
            note = self._appointment(date_due=day, hour_due=2.5)
            self._event(note).write({'start': self._event(note).start})
            self.assertEqual(note.hour_due, 2.5)

    def test_assignee_who_moves_keeps_the_hours(self):
        note = self._appointment()
        self.bruno.tz = 'America/Toronto'
        self.assertEqual(note.hour_due, 14.5)
        self.assertEqual(self._event(note).start, datetime(2026, 6, 2, 18, 30))

    def test_colleagues_see_that_one_is_busy_and_not_for_what(self):
        event = self._event(self._appointment())
        self.env.invalidate_all()
        self.assertEqual(event.with_user(self.felix).name, "Busy")
        self.env.invalidate_all()
        self.assertEqual(event.with_user(self.bruno).name, "Call back – Horizon Books")

    def test_nobody_chooses_the_event_of_a_note(self):
        event = self._event(self._appointment())
        note = self._note()
        with self.assertRaises(AccessError):
            note.event_id = event

    def test_page_of_the_calendar(self):
        timed, whole_day = self._appointment(), self._appointment(hour_due=0)
        Note = self.Note.with_user(self.bruno)
        self.assertRecordValues((timed | whole_day).with_user(self.bruno), [
            {'calendar_start': datetime(2026, 6, 2, 12, 30), 'is_all_day': False},
            {'calendar_start': datetime(2026, 6, 2), 'is_all_day': True},
        ])
        shown = Note.search([
            ('calendar_start', '>=', '2026-06-01 22:00:00'),
            ('calendar_start', '<=', '2026-06-03 21:59:59')])
        self.assertLessEqual(timed | whole_day, shown)
        self.assertFalse((timed | whole_day) & Note.search(
            [('calendar_start', '>=', '2026-07-01 00:00:00')]))
        timed.write({'calendar_start': '2026-06-05', 'is_all_day': True})
        whole_day.write({'calendar_start': '2026-06-05 06:00:00', 'is_all_day': False})
        self.assertRecordValues(timed | whole_day, [
            {'date_due': date(2026, 6, 5), 'hour_due': 0},
            {'date_due': date(2026, 6, 5), 'hour_due': 8},
        ])

    @freeze_time('2026-03-10 12:00:00')
    def test_note_begun_in_the_calendar_is_at_its_hour(self):
        quick = 'gem_crm.gem_crm_note_view_form_quick'
        Note = self.Note.with_context(
            default_calendar_start='2026-06-05 12:00:00', default_is_all_day=False)
        form = Form(Note, quick)
        form.partner_id = self.horizon
        form.action_id = self.call
        note = form.save()
        self.assertRecordValues(note, [{'date_due': date(2026, 6, 5), 'hour_due': 8}])
        Note = self.Note.with_context(
            default_calendar_start='2026-06-05', default_is_all_day=True)
        form = Form(Note, quick)
        form.partner_id = self.horizon
        form.action_id = self.call
        self.assertRecordValues(form.save(), [{'date_due': date(2026, 6, 5), 'hour_due': 0}])

    def test_many_cost_few_queries_each(self):
        def cost(count):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            notes = self.Note.create([
                {'partner_id': self.horizon.id, 'name': f"Call {number}",
                 'user_id': self.amelie.id, 'date_due': '2026-06-02', 'hour_due': 9}
                for number in range(count)
            ])
            self.env.flush_all()
            self.assertEqual(len(notes.sudo().event_id), count)
            return self.cr.sql_log_count - before

        cost(2)
        few, many = cost(5), cost(55)
        self.assertLess(many - few, 3 * 50, f"{few} for 5, {many} for 55")
