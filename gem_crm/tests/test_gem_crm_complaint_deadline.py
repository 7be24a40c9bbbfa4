import doctest
from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.gem_crm.core import working_time
from odoo.addons.gem_crm.tests.test_gem_crm_complaint import ComplaintCommon

MONDAY = '2026-03-02 15:00:00'


class DeadlineCommon(ComplaintCommon):
    """The company works from 9 to 12 and from 13 to 18, Monday to Friday, in UTC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.resource_calendar_id = cls.env['resource.calendar'].create({
            'name': "Nine to six", 'tz': 'UTC', 'company_id': cls.env.company.id,
            'attendance_ids': [(5, 0, 0)] + [
                (0, 0, {'name': "Work", 'dayofweek': str(day), 'hour_from': start, 'hour_to': end,
                        'day_period': period})
                for day in range(5)
                for start, end, period in ((9, 12, 'morning'), (13, 18, 'afternoon'))
            ],
        })
        cls.policy = cls.env['gem.crm.complaint.policy'].create({
            'company_id': cls.env.company.id,
            'warning_hours': 4,
            'escalation': 'manager',
            'recurrence_months': 6,
            'deadline_ids': [(0, 0, vals) for vals in (
                {'acknowledge_hours': 8, 'answer_hours': 40},
                {'severity': '3', 'acknowledge_hours': 4, 'emergency_hours': 8, 'answer_hours': 24,
                 'resolve_hours': 80},
                {'severity': '4', 'acknowledge_hours': 1, 'emergency_hours': 2, 'answer_hours': 8},
                {'category_id': cls.delivery.id, 'answer_hours': 16},
                {'severity': '3', 'category_id': cls.delivery.id, 'answer_hours': 12},
            )],
        })


@tagged('post_install', '-at_install')
class TestWorkingTime(ComplaintCommon):

    def test_arithmetic(self):
        self.assertEqual(doctest.testmod(working_time).failed, 0)


@tagged('post_install', '-at_install')
class TestComplaintDeadline(DeadlineCommon):

    @freeze_time(MONDAY)
    def test_deadlines_count_working_hours(self):
        complaint = self._complaint()
        self.assertRecordValues(complaint, [{
            # Three hours are left on Monday, five more follow on Tuesday.
            'date_acknowledge_by': datetime(2026, 3, 3, 15),
            'date_emergency_by': False,
            'date_answer_by': datetime(2026, 3, 9, 15),
            'date_resolve_by': False,
            'deadline': datetime(2026, 3, 3, 15),
            'deadline_kind': 'acknowledge',
        }])

    @freeze_time('2026-03-06 17:00:00')
    def test_weekends_and_holidays_do_not_count(self):
        self.env['resource.calendar.leaves'].create({
            'name': "Carnival", 'calendar_id': self.env.company.resource_calendar_id.id,
            'date_from': '2026-03-09 00:00:00', 'date_to': '2026-03-09 23:59:59',
        })
        complaint = self._complaint(severity='3')
        self.assertEqual(complaint.date_acknowledge_by, datetime(2026, 3, 10, 12))

    @freeze_time('2026-03-27 17:30:00')
    def test_clocks_are_put_forward(self):
        """In Paris the night of 29 March is an hour shorter: people start at nine all the same."""
        self.env.company.resource_calendar_id.tz = 'Europe/Paris'
        complaint = self._complaint(severity='3')
        # Friday 17:30 UTC is 18:30 in Paris; Monday 9 to 12 and 13 to 14 are 7 to 12 UTC.
        self.assertEqual(complaint.date_acknowledge_by, datetime(2026, 3, 30, 12))

    @freeze_time(MONDAY)
    def test_company_without_a_schedule_works_all_the_time(self):
        self.env.company.resource_calendar_id = False
        self.assertEqual(self._complaint().date_acknowledge_by, datetime(2026, 3, 2, 23))

    @freeze_time(MONDAY)
    def test_the_line_that_says_most_counts(self):
        answers = [
            self._complaint(**vals).date_answer_by for vals in (
                {'severity': '3', 'category_id': self.delivery.id},
                {'severity': '3'},
                {'category_id': self.delivery.id},
                {'severity': '1', 'category_id': self.delivery.id},
                {'severity': '1'},
            )
        ]
        self.assertEqual(answers, [
            datetime(2026, 3, 4, 10), datetime(2026, 3, 5, 15), datetime(2026, 3, 4, 15),
            datetime(2026, 3, 4, 15), datetime(2026, 3, 9, 15),
        ])

    @freeze_time(MONDAY)
    def test_a_safety_risk_is_critical(self):
        complaint = self._complaint()
        complaint.is_safety_risk = True
        self.assertEqual(complaint.date_acknowledge_by, datetime(2026, 3, 2, 16))
        self.assertEqual(complaint.deadline_kind, 'acknowledge')

    def test_what_is_done_leaves_the_next_deadline(self):
        with freeze_time(MONDAY):
            complaint = self._complaint(severity='3')
            complaint.action_acknowledge()
            self.assertEqual(complaint.stage_id, self.acknowledged)
            self.assertEqual(complaint.deadline_kind, 'emergency')
            complaint.needs_no_emergency = True
            self.assertEqual(complaint.deadline_kind, 'answer')
            complaint.answer = "<p>New ones are on their way.</p>"
            complaint.action_answered()
            self.assertEqual(complaint.deadline_kind, 'resolve')
        with freeze_time('2026-03-05 10:00:00'):
            complaint.write({'cause_id': self.cause.id, 'outcome': 'justified'})
            complaint.action_close()
        self.assertRecordValues(complaint, [{
            'deadline': False, 'deadline_kind': False, 'answer_hours': 0, 'resolution_hours': 20,
        }])

    def test_time_stands_still_while_the_customer_is_waited_for(self):
        with freeze_time(MONDAY):
            complaint = self._complaint()
        with freeze_time('2026-03-03 09:00:00'):
            complaint.stage_id = self.waiting
            self.assertTrue(complaint.date_waiting_since)
        with freeze_time('2026-03-04 11:00:00'):
            # A whole day of eight hours, and two more.
            complaint.stage_id = self.investigating
        self.assertRecordValues(complaint, [{
            'date_waiting_since': False, 'waiting_hours': 10,
            'date_acknowledge_by': datetime(2026, 3, 4, 17),
            'date_answer_by': datetime(2026, 3, 10, 17),
        }])
        with freeze_time('2026-03-04 18:00:00'):
            complaint.answer = "<p>Sorry.</p>"
            complaint.action_answered()
        # 3 h on Monday, 8 h on Tuesday and Wednesday each, without the ten.
        self.assertEqual(complaint.answer_hours, 9)

    def test_what_was_late_stays_late_when_the_customer_is_waited_for_later(self):
        """Acknowledged an hour late: hours spent waiting afterwards do not put that right."""
        with freeze_time(MONDAY):
            complaint = self._complaint(severity='3')
        self.assertEqual(complaint.date_acknowledge_by, datetime(2026, 3, 3, 10))
        with freeze_time('2026-03-03 11:00:00'):
            complaint.action_acknowledge()
            complaint.stage_id = self.waiting
        with freeze_time('2026-03-04 11:00:00'):
            complaint.stage_id = self.investigating
        self.assertRecordValues(complaint, [{
            'waiting_hours': 8,
            'date_acknowledge_by': datetime(2026, 3, 3, 10),
            'date_emergency_by': datetime(2026, 3, 4, 15),
            'date_answer_by': datetime(2026, 3, 6, 15),
        }])
        note = self.env['gem.crm.note'].with_user(self.amelie).create({
            'name': "Send new ones", 'kind': 'internal', 'measure': 'emergency',
            'partner_id': self.horizon.id, 'complaint_id': complaint.id})
        with freeze_time('2026-03-05 09:00:00'):
            note.action_done()
            complaint.stage_id = self.waiting
        with freeze_time('2026-03-05 17:00:00'):
            complaint.stage_id = self.investigating
        self.assertEqual(complaint.date_emergency_by, datetime(2026, 3, 4, 15))
        note.action_reopen()
        self.assertEqual(
            complaint.date_emergency_by, datetime(2026, 3, 5, 14), "it is still to be done")

    def test_moving_from_one_waiting_stage_to_another_waits_on(self):
        other = self.waiting.copy({'name': "Waiting for photographs"})
        with freeze_time('2026-03-03 09:00:00'):
            complaint = self._complaint(stage_id=self.waiting.id)
        with freeze_time('2026-03-03 12:00:00'):
            complaint.stage_id = other
        with freeze_time('2026-03-03 14:00:00'):
            complaint.stage_id = self.investigating
        self.assertEqual(complaint.waiting_hours, 4)

    def test_late_ones_are_found(self):
        with freeze_time(MONDAY):
            late, waiting, done = self._complaint() | self._complaint() | self._complaint()
            waiting.stage_id = self.waiting
            done.stage_id = self.cancelled
        with freeze_time('2026-03-04 15:00:00'):
            soon = self._complaint()
            mine = (late | waiting | done | soon).ids
            domain = [
                ('id', 'in', mine), ('date_closed', '=', False), ('date_waiting_since', '=', False),
                ('deadline', '<', 'now'),
            ]
            self.assertEqual(self.Complaint.search(domain), late)

    @freeze_time(MONDAY)
    def test_without_rules_there_is_no_deadline(self):
        self.env['gem.crm.complaint.policy'].search([]).unlink()
        self.assertFalse(self._complaint().deadline)

    def test_rules_are_refused_with_a_sentence(self):
        with self.assertRefused(ValidationError, "Choose the person to whom missed deadlines go"):
            self.policy.escalation = 'person'
        with self.assertRefused(ValidationError, "Choose the person to whom missed deadlines of"):
            self.policy.deadline_ids[0].escalation = 'person'

    @freeze_time(MONDAY)
    def test_dates_of_many_cost_few_queries(self):
        vals_list = [
            {'name': f"Complaint {i}", 'partner_id': self.horizon.id, 'severity': str(i % 4 + 1)}
            for i in range(200)
        ]
        self.Complaint.create(vals_list[:2])
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        self.Complaint.create(vals_list)
        self.env.flush_all()
        self.assertLess(self.cr.sql_log_count - before, 60)
