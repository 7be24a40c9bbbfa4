from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.gem_crm.tests.test_gem_crm_note import NoteCommon


@tagged('post_install', '-at_install')
class TestNoteActivity(NoteCommon):
    """The note and its activity: whichever moves, the other one follows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call.activity_type_id = cls.env.ref('mail.mail_activity_data_call')
        # Followers, tracking and notifications are what is tried here.
        cls.Note = cls.Note.with_context(tracking_disable=False)

    def _activity(self, note):
        return self.env['mail.activity'].with_context(active_test=False).search([
            ('res_model', '=', 'gem.crm.note'), ('res_id', 'in', note.ids),
        ])

    def test_note_is_in_its_assignee_s_clock(self):
        note = self._note(
            action_id=self.call.id, user_id=self.bruno.id, date_due='2026-04-02')
        self.assertRecordValues(self._activity(note), [{
            'user_id': self.bruno.id,
            'date_deadline': date(2026, 4, 2),
            'summary': "Call back – Horizon Books",
            'activity_type_id': self.call.activity_type_id.id,
            'automated': True,
        }])
        self.assertIn(self.bruno.partner_id, note.message_partner_ids)
        self.assertIn(self.amelie.partner_id, note.message_partner_ids)

    def test_no_activity_without_day_or_person(self):
        notes = self._note(user_id=False) | self._note(date_due=False) | self._note(active=False)
        notes |= self._note(kind='internal', status_id=self.done.id)
        self.assertFalse(self._activity(notes))
        notes[0].user_id = self.amelie
        notes[1].date_due = '2026-04-02'
        notes[2].action_unarchive()
        notes[3].action_reopen()
        self.assertEqual(sorted(self._activity(notes).mapped('res_id')), sorted(notes.ids))
        notes.action_archive()
        self.assertFalse(self._activity(notes))

    def test_activity_follows_the_note(self):
        note = self._note(date_due='2026-04-02')
        note.write({'date_due': '2026-04-05', 'user_id': self.bruno.id, 'name': "Visit"})
        activity = self._activity(note)
        self.assertRecordValues(activity, [{
            'date_deadline': date(2026, 4, 5), 'user_id': self.bruno.id,
            'summary': "Visit – Horizon Books",
        }])
        note.hour_due = 14.5
        self.assertEqual(activity.summary, "14:30 Visit – Horizon Books")
        note.action_done()
        self.assertFalse(activity.active, "done, and kept in the history")
        note.action_reopen()
        self.assertEqual(len(self._activity(note).filtered('active')), 1)

    @freeze_time('2026-04-02 12:00:00')
    def test_note_follows_the_activity(self):
        note = self._note(date_due='2026-04-02', kind='internal', user_id=self.bruno.id)
        activity = self._activity(note).with_user(self.bruno)
        activity.date_deadline = '2026-04-09'
        self.assertEqual(note.date_due, date(2026, 4, 9))
        activity.action_reschedule_tomorrow()
        self.assertEqual(note.date_due, date(2026, 4, 3))
        activity.user_id = self.amelie
        self.assertEqual(note.user_id, self.amelie)
        activity.with_user(self.amelie).action_feedback(feedback="They agree")
        self.assertRecordValues(note, [{
            'date_done': date(2026, 4, 2), 'outcome': "They agree", 'status_id': self.done.id,
        }])

    def test_cancelled_activity_leaves_the_note(self):
        note = self._note(date_due='2026-04-02')
        self._activity(note).with_user(self.amelie).unlink()
        self.assertRecordValues(note, [{'date_due': date(2026, 4, 2), 'date_done': False}])
        note.date_due = '2026-04-03'
        self.assertEqual(self._activity(note).date_deadline, date(2026, 4, 3))

    def test_leaving_colleague_keeps_the_notes(self):
        note = self._note(date_due='2026-04-02', user_id=self.bruno.id)
        self.bruno.action_archive()
        self.assertEqual(note.date_due, date(2026, 4, 2))
        self.assertFalse(self._activity(note))
        note.user_id = self.chloe
        self.assertEqual(self._activity(note).user_id, self.chloe)

    def test_other_activities_of_the_note_are_their_own(self):
        note = self._note(date_due='2026-04-02')
        other = note.activity_schedule(summary="Park", date_deadline=date(2026, 4, 1))
        other.with_user(self.amelie).action_feedback()
        self.assertFalse(note.date_done)

    def test_nobody_makes_an_activity_that_moves_another_s_note(self):
        note = self._note(date_due='2026-04-02')
        note.action_done()
        own = self.env['mail.activity'].with_user(self.bruno).create({
            'user_id': self.bruno.id, 'summary': "Mine",
        })
        with self.assertRefused(AccessError, "comes and goes with the note"):
            own.write({
                'res_model_id': self.env['ir.model']._get_id('gem.crm.note'),
                'res_id': note.id, 'gem_is_note': True,
            })
        theirs = self._note(date_due='2026-04-02', user_id=self.bruno.id)
        with self.assertRefused(AccessError, "comes and goes with the note"):
            self._activity(theirs).with_user(self.bruno).res_id = note.id

    def test_one_activity_per_note(self):
        note = self._note(date_due='2026-04-02')
        with mute_logger('odoo.sql_db'), self.assertRaises(IntegrityError):
            self._activity(note).copy({'gem_is_note': True, 'res_id': note.id})
            self.env.flush_all()

    def test_assignee_is_told_once(self):
        def told(user):
            return self.env['mail.message'].search_count([
                ('message_type', '=', 'user_notification'),
                ('partner_ids', 'in', user.partner_id.ids),
            ])

        self._note(user_id=self.bruno.id)
        self.assertEqual(told(self.bruno), 1)
        self.Note.create([
            {'partner_id': self.horizon.id, 'name': "Call back", 'user_id': user.id}
            for user in (self.bruno, self.amelie, self.bruno)
        ])
        self.assertEqual(told(self.bruno), 2, "one message for the two")
        self.assertEqual(told(self.amelie), 0, "one need not tell oneself")


@tagged('post_install', '-at_install')
class TestNoteBatch(NoteCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Note = cls.Note.with_context(tracking_disable=False)

    def _queries(self, action):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        result = action()
        self.env.flush_all()
        self.cr.precommit.run()
        return self.cr.sql_log_count - before, result

    def _create(self, count, **vals):
        return self.Note.create([
            {'partner_id': (self.horizon | self.kayak)[i % 2].id, 'name': f"Call {i}"} | vals
            for i in range(count)
        ])

    def test_queries_do_not_grow_with_the_notes(self):
        self._create(2)  # caches of the registry
        for vals in ({}, {'action_id': self.call.id}, {'user_id': self.bruno.id}):
            with self.subTest(**vals):
                few, _notes = self._queries(lambda vals=vals: self._create(10, **vals))
                many, notes = self._queries(lambda vals=vals: self._create(200, **vals))
                self.assertLess(many - few, 0.1 * 190, f"{few} for 10, {many} for 200")
        few, _result = self._queries(lambda: notes[:10].write({'date_due': '2026-05-05'}))
        many, _result = self._queries(lambda: notes[10:].write({'date_due': '2026-05-05'}))
        self.assertLess(many - few, 0.1 * 180, f"{few} to move 10, {many} to move 190")
        few, _result = self._queries(notes[:10].action_done)
        many, _result = self._queries(notes[10:].action_done)
        self.assertLess(many - few, 0.1 * 180, f"{few} to finish 10, {many} to finish 190")

    def test_changes_of_many_are_tracked_as_of_one(self):
        notes = self._create(3)
        self.cr.precommit.run()
        notes.write({'status_id': self.on_hold.id})
        notes[0].user_id = self.bruno
        self.env.flush_all()
        self.cr.precommit.run()
        self.assertEqual(
            [note.message_ids.tracking_value_ids.field_id.mapped('name') for note in notes.sudo()],
            [['user_id', 'status_id'], ['status_id'], ['status_id']])
