from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.base.models.ir_cron import IrCron
from odoo.addons.gem_crm.tests.test_gem_crm_complaint_deadline import MONDAY, DeadlineCommon


@tagged('post_install', '-at_install')
class TestComplaintAlert(DeadlineCommon):
    """Answers are due in 40 hours of work, acknowledgements in 8: on Tuesday at 15:00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Other complaints of the database have deadlines of their own.
        cls.env['gem.crm.complaint'].search([]).write({'date_closed': '2020-01-01'})
        administrators = cls.env.ref('gem_crm.gem_crm_group_manager')
        (administrators.user_ids - cls.diane).write({'group_ids': [(3, administrators.id)]})

    def _run(self, when):
        self.env.flush_all()
        with self.enter_registry_test_mode(), freeze_time(when):
            self.env.ref('gem_crm.gem_crm_complaint_cron_alert').method_direct_trigger()
        self.env.invalidate_all()

    def _alerts(self, complaint):
        return [
            (alert.deadline, alert.step, alert.user_id)
            for alert in complaint.alert_ids.sorted('id')
        ]

    def _told(self, user):
        return self.env['mail.message'].search_count([
            ('message_type', '=', 'user_notification'), ('partner_ids', 'in', user.partner_id.ids),
        ])

    def test_handler_is_warned_and_the_next_person_told_once_each(self):
        with freeze_time(MONDAY):
            complaint = self._complaint(user=self.chloe, user_id=self.bruno.id)
        told = self._told(self.bruno)
        self._run('2026-03-03 09:30:00')
        self.assertFalse(self._alerts(complaint), "more than four hours of work are left")
        self._run('2026-03-03 10:30:00')
        self._run('2026-03-03 11:30:00')
        self.assertEqual(self._alerts(complaint), [('acknowledge', 'warned', self.bruno)])
        self.assertEqual(self._told(self.bruno), told + 1)
        self._run('2026-03-03 15:00:00')
        self._run('2026-03-03 16:00:00')
        self.assertEqual(self._alerts(complaint)[1:], [('acknowledge', 'escalated', self.amelie)])
        activity = complaint.activity_ids
        self.assertEqual(
            (activity.user_id, activity.summary),
            (self.amelie, "Deadline missed: Acknowledgement"))

    def test_the_next_one_after_the_account_manager_is_an_administrator(self):
        with freeze_time(MONDAY):
            complaint = self._complaint()
        self._run('2026-03-03 16:00:00')
        self.assertEqual(self._alerts(complaint), [('acknowledge', 'escalated', self.diane)])

    def test_severity_says_who_is_told(self):
        self.policy.deadline_ids.filtered(lambda line: line.severity == '4').write(
            {'escalation': 'person', 'escalation_user_id': self.chloe.id})
        with freeze_time(MONDAY):
            complaint = self._complaint(severity='4')
        self._run('2026-03-02 16:30:00')
        self.assertIn(('acknowledge', 'escalated', self.chloe), self._alerts(complaint))

    def test_nobody_handles_it(self):
        with freeze_time(MONDAY):
            complaint = self.Complaint.create({'name': "Where is it?"})
        self._run('2026-03-03 12:00:00')
        self.assertEqual(self._alerts(complaint), [('acknowledge', 'warned', self.diane)])

    def test_done_waiting_or_closed_is_told_nobody(self):
        with freeze_time(MONDAY):
            done, waiting, closed = self._complaint() | self._complaint() | self._complaint()
            done.action_acknowledge()
            waiting.stage_id = self.waiting
            closed.action_cancel()
        self._run('2026-03-03 16:00:00')
        self.assertFalse((done | waiting | closed).alert_ids)
        with freeze_time('2026-03-03 16:00:00'):
            waiting.stage_id = self.investigating
        self._run('2026-03-03 16:00:00')
        self.assertFalse(waiting.alert_ids, "the time that was left when it began to wait is left")

    def test_reopened_complaint_is_told_again(self):
        with freeze_time(MONDAY):
            complaint = self._complaint(cause_id=self.cause.id, outcome='justified',
                                        no_answer_reason="None asked for")
            complaint.action_acknowledge()
        self._run('2026-03-09 16:00:00')
        self.assertEqual(self._alerts(complaint), [('answer', 'escalated', self.diane)])
        with freeze_time('2026-03-09 17:00:00'):
            complaint.action_close()
            complaint.action_reopen()
        self.assertFalse(complaint.alert_ids)
        self._run('2026-03-16 16:00:00')
        self.assertEqual(self._alerts(complaint)[-1], ('answer', 'warned', self.amelie))

    def test_many_cost_one_message_each(self):
        with freeze_time(MONDAY):
            self.Complaint.create([
                {'name': f"Complaint {i}", 'partner_id': self.horizon.id, 'user_id': self.bruno.id}
                for i in range(60)
            ])
        told = self._told(self.bruno)
        self._run('2026-03-03 12:00:00')
        self.assertEqual(self._told(self.bruno), told + 2, "one for each batch of fifty")

    def test_cron_that_is_stopped_goes_on_where_it_was(self):
        with freeze_time(MONDAY):
            complaints = self.Complaint.create([
                {'name': f"Complaint {i}", 'partner_id': self.horizon.id, 'user_id': self.bruno.id}
                for i in range(60)
            ])
        seconds_left = iter([60, 0])
        with freeze_time('2026-03-03 12:00:00'), \
                patch.object(IrCron, '_commit_progress', lambda *a, **kw: next(seconds_left)):
            self.Complaint._cron_alert()
        self.assertEqual(len(complaints.alert_ids), 50)
        self._run('2026-03-03 12:15:00')
        self.assertEqual(complaints.mapped(lambda c: len(c.alert_ids)), [1] * 60)
