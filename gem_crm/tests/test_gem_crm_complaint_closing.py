from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.gem_crm.tests.test_gem_crm_complaint_deadline import MONDAY, DeadlineCommon


@tagged('post_install', '-at_install')
class TestComplaintClosing(DeadlineCommon):

    def _answered(self, **vals):
        complaint = self._complaint(
            cause_id=self.cause.id, outcome='partly', answer="<p>Sorry.</p>", **vals)
        complaint.action_answered()
        return complaint

    def test_closing_says_what_is_missing(self):
        complaint = self._complaint()
        with self.assertRefused(ValidationError, "Send the customer an answer, or write why"):
            complaint.action_close()
        complaint.no_answer_reason = "Withdrawn on the phone"
        with self.assertRefused(ValidationError, "Choose the cause. Choose the outcome."):
            complaint.action_close()
        complaint.write({'cause_id': self.cause.id, 'outcome': 'withdrawn'})
        complaint.action_close()
        self.assertEqual(complaint.stage_id, self.closed)

    def test_answered_needs_an_answer(self):
        complaint = self._complaint()
        with self.assertRefused(UserError, "Write the answer to"):
            complaint.stage_id = self.answered
        complaint.answer = "<p><br></p>"
        with self.assertRefused(UserError, "Write the answer to"):
            complaint.stage_id = self.answered
        complaint.answer = "<p>Sorry.</p>"
        complaint.stage_id = self.answered
        self.assertTrue(complaint.date_answered)
        self.assertTrue(complaint.date_acknowledged, "who has the answer knows it arrived")

    def test_what_closing_needs_cannot_be_taken_away_afterwards(self):
        complaint = self._answered()
        complaint.action_close()
        with self.assertRefused(ValidationError, "cannot be closed yet: Choose the cause."):
            complaint.cause_id = False

    def test_reopening_takes_back_what_closing_set_and_keeps_history(self):
        with freeze_time(MONDAY):
            complaint = self._answered()
        with freeze_time('2026-03-02 17:00:00'):
            complaint.with_user(self.chloe).action_close()
        self.assertRecordValues(complaint, [{
            'date_closed': datetime(2026, 3, 2, 17), 'closed_user_id': self.chloe.id,
            'resolution_hours': 2, 'reopen_count': 0,
        }])
        with freeze_time('2026-03-04 09:00:00'):
            complaint.action_reopen()
        self.assertRecordValues(complaint, [{
            'stage_id': self.investigating.id,
            'date_closed': False, 'closed_user_id': False, 'date_answered': False,
            'outcome': False, 'no_answer_reason': False, 'resolution_hours': 0,
            'reopen_count': 1, 'date_reopened': datetime(2026, 3, 4, 9),
            'date_first_answered': datetime(2026, 3, 2, 15),
            'cause_id': self.cause.id,
            # A new answer is expected, and has its time.
            'date_answer_by': datetime(2026, 3, 10, 18),
            'deadline_kind': 'answer',
        }])
        with freeze_time('2026-03-04 12:00:00'):
            complaint.write({'outcome': 'justified'})
            complaint.action_answered()
            complaint.action_close()
        self.assertEqual(complaint.resolution_hours, 5, "while it was closed nobody worked on it")
        self.assertEqual(complaint.date_first_answered, datetime(2026, 3, 2, 15))

    def test_late_answer_stays_late(self):
        """Whatever time a new answer gets after it."""
        with freeze_time(MONDAY):
            complaint = self._complaint(
                cause_id=self.cause.id, outcome='partly', answer="<p>Sorry.</p>")
        late = complaint.date_answer_by + timedelta(hours=1)
        report = self.env['gem.crm.complaint.report'].search(
            [('complaint_id', '=', complaint.id)])
        with freeze_time(late):
            complaint.action_answered()
            complaint.action_close()
            self.assertEqual(report.answer_kept, 0)
        with freeze_time(late + timedelta(days=9)):
            complaint.action_reopen()
            self.assertGreater(complaint.date_answer_by, late)
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertEqual(report.answer_kept, 0)

    def test_no_stage_for_a_step(self):
        self.answered.active = False
        complaint = self._complaint(answer="<p>Sorry.</p>")
        with self.assertRefused(UserError, "There is no stage for the step “Answered”"):
            complaint.action_answered()

    def test_sent_mails_move_the_complaint(self):
        """What the gateway calls when it sent an acknowledgement, then the answer."""
        complaint = self._complaint()
        complaint._mark_acknowledged()
        self.assertEqual(complaint.stage_id, self.acknowledged)
        complaint.stage_id = self.investigating
        complaint.date_acknowledged = False
        complaint._mark_acknowledged()
        self.assertEqual(complaint.stage_id, self.investigating, "and never back")
        complaint._mark_answered()
        self.assertEqual(complaint.stage_id, self.answered)
        self.assertTrue(complaint.date_answered)

    def test_what_is_no_complaint_is_put_aside(self):
        complaint = self._complaint()
        complaint.action_cancel()
        self.assertTrue(complaint.date_closed)
        self.assertFalse(complaint.deadline)
        complaint.action_reopen()
        self.assertFalse(complaint.date_closed)


@tagged('post_install', '-at_install')
class TestComplaintRating(DeadlineCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Complaint = cls.Complaint.with_context(tracking_disable=False)

    def _close(self, **vals):
        complaint = self._complaint(
            cause_id=self.cause.id, outcome='justified', answer="<p>Sorry.</p>", **vals)
        complaint.action_answered()
        complaint.action_close()
        return complaint

    def _requests(self, complaint):
        return complaint.message_ids.filtered(lambda m: "how satisfied" in (m.subject or ""))

    def test_customer_is_asked_once_closed(self):
        complaint = self._close(contact_id=self.ines.id)
        request = self._requests(complaint)
        self.assertEqual(request.notified_partner_ids | request.partner_ids, self.ines)
        self.assertIn('/rate/', request.body)
        self.assertRecordValues(complaint.sudo().rating_ids, [{
            'partner_id': self.ines.id, 'rated_partner_id': self.amelie.partner_id.id,
            'consumed': False,
        }])

    def test_nobody_is_asked_without_answer_or_address(self):
        complaint = self._complaint(
            cause_id=self.cause.id, outcome='withdrawn', no_answer_reason="Withdrawn")
        complaint.action_close()
        self.assertFalse(self._requests(complaint))
        self.assertFalse(self._requests(self._close(partner_id=self.kayak.id)))
        self.policy.asks_rating = False
        self.assertFalse(self._requests(self._close()))

    def test_rating_is_seen_on_complaint_and_customer(self):
        complaint = self._close()
        token = complaint.sudo()._rating_get_access_token()
        complaint.sudo().rating_apply(5, token=token, feedback="Fast!")
        self.assertEqual(complaint.rating_last_value, 5)
        self.assertEqual(complaint.with_user(self.amelie).rating_last_feedback, "Fast!")
        horizon = self.horizon.with_user(self.amelie)
        [fact] = horizon._gem_fact_complaints()
        self.assertEqual(fact['detail'], "100 % satisfied with the answers")
        self.assertEqual(fact['value'], "None open")
        self._complaint()
        [fact] = horizon._gem_fact_complaints()
        self.assertEqual((fact['value'], fact['tone']), ("1 open", 'danger'))
        self.assertEqual(horizon.gem_open_complaint_count, 1)
        self.assertEqual(horizon.gem_complaint_count, 2)
        action = horizon.gem_action_view_complaints()
        self.assertEqual(len(self.Complaint.search(action['domain'])), 2)
        self.assertFalse(self.kayak.with_user(self.amelie)._gem_fact_complaints())
