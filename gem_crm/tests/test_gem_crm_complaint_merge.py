from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from odoo.addons.gem_crm.tests.test_gem_crm_complaint_gateway import GatewayCommon


@tagged('post_install', '-at_install')
class TestMerge(GatewayCommon):
    """The same thing, complained about twice: on the phone, then by e-mail."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.phoned = cls._complaint(date_received='2026-03-02 09:00:00')

    def _merge(self, complaints, keep=None):
        Merge = self.env['gem.crm.complaint.merge'].with_user(self.amelie)
        merge = Form(Merge.with_context(
            active_model='gem.crm.complaint', active_ids=complaints.ids))
        if keep:
            merge.survivor_id = keep.with_user(self.amelie)
        return merge.save().action_merge()

    def test_everything_goes_to_the_survivor(self):
        mailed = self._receive(
            self._mail(attachments=[('proof.pdf', b'%PDF-1.4')], Cc="lawyer@else.example"))
        mailed.write({'severity': '3', 'is_safety_risk': True})
        mailed._message_subscribe(partner_ids=self.gaby.partner_id.ids)
        mailed.activity_schedule(summary="Ask the carrier", user_id=self.bruno.id)
        note = self.env['gem.crm.note'].create({
            'partner_id': self.horizon.id, 'name': "Wrap twice", 'complaint_id': mailed.id,
        })
        said = mailed.message_ids.filtered(lambda m: m.message_type == 'email')
        action = self._merge(mailed | self.phoned)
        self.assertEqual(action['res_id'], self.phoned.id, "the first one is kept")
        self.assertRecordValues(mailed, [{
            'active': False, 'merged_into_id': self.phoned.id, 'state': 'cancelled',
        }])
        survivor = self.phoned
        self.assertEqual((survivor.severity, survivor.is_safety_risk), ('3', True))
        self.assertIn("lawyer@else.example", survivor.email_cc)
        self.assertEqual(survivor.contact_id, self.ines)
        self.assertEqual(note.complaint_id, survivor)
        self.assertIn(said, survivor.message_ids)
        self.assertEqual(said.attachment_ids.res_id, survivor.id)
        self.assertIn(self.gaby.partner_id, survivor.message_partner_ids)
        self.assertIn("Ask the carrier", survivor.activity_ids.mapped('summary'))
        self.assertEqual(survivor.merged_ids, mailed)

    def test_both_were_warned_of(self):
        second = self._complaint(name="Second")
        self.env['gem.crm.complaint.alert'].create([
            {'complaint_id': complaint.id, 'deadline': 'acknowledge', 'step': 'warned'}
            for complaint in self.phoned | second])
        self._merge(second | self.phoned, keep=self.phoned)
        self.assertEqual(len(self.phoned.alert_ids), 1)

    def test_customer_who_was_answered_is_answered(self):
        second = self._complaint(name="Second", answer="<p>It is on its way.</p>")
        second.action_answered()
        self._merge(second | self.phoned, keep=self.phoned)
        self.assertRecordValues(self.phoned, [{
            'date_answered': second.date_answered, 'date_first_answered': second.date_answered,
            'sent_answer': second.answer,
        }])

    def test_an_answer_that_is_not_sent_does_not_become_a_sent_one(self):
        self.phoned.answer = "<p>Draft</p>"
        second = self._complaint(name="Second", answer="<p>It is on its way.</p>")
        second.action_answered()
        self._merge(second | self.phoned, keep=self.phoned)
        self.assertFalse(self.phoned.date_answered)
        self.assertEqual(self.phoned.date_first_answered, second.date_answered)

    def test_mails_to_the_merged_one_arrive_in_the_survivor(self):
        mailed = self._receive()
        told = mailed.message_ids.filtered(lambda m: m.message_type == 'auto_comment')
        self.assertTrue(told, "Ines got an acknowledgement, to which she replies later")
        self._merge(mailed | self.phoned)
        self._receive(self._mail(
            "And a fourth one", Message_Id="<later@x.example>", References=told.message_id))
        last = self.phoned.message_ids[0]
        self.assertIn("And a fourth one", last.body)
        self.assertFalse(self.phoned.has_unknown_sender)
        # What was sent in the meantime hangs on the merged one.
        late = mailed.message_post(body="Late", message_type='comment')
        self._receive(self._mail(
            "To the late one", Message_Id="<latest@x.example>", References=late.message_id))
        self.assertIn("To the late one", self.phoned.message_ids[0].body)

    def test_merged_one_after_the_other(self):
        second, third = self._complaint(name="Second"), self._complaint(name="Third")
        self._merge(second | third, keep=second)
        self._merge(second | self.phoned, keep=self.phoned)
        self.assertEqual(third._get_survivor(), self.phoned)
        self.assertEqual((second | third).merged_into_id, self.phoned)

    def test_unknown_sender_s_complaint_joins_a_customer_s(self):
        strange = self._receive(From="ines@home.example")
        self._merge(strange | self.phoned, keep=self.phoned)
        self.assertIn("ines@home.example", self.phoned.email_cc + self.phoned.email_from)
        reply = self._reply(self.phoned, From="ines@home.example")
        self.assertFalse(self.phoned.has_unknown_sender, "she is known here from now on")
        self.assertFalse(reply.subtype_id.internal)

    def test_what_is_no_duplicate_is_refused(self):
        of_another = self._complaint(user=self.chloe, partner_id=self.juniper.id)
        with self.assertRefused(UserError, "not of one customer"):
            (of_another | self.phoned)._merge_into(self.phoned)
        with self.assertRefused(UserError, "at least two"):
            self.phoned._merge_into(self.phoned)
        closed = self._complaint()
        closed.action_cancel()
        with self.assertRefused(UserError, "is closed, and another one is open"):
            self.phoned._merge_into(closed)
        merged = self._complaint()
        merged._merge_into(self.phoned)
        with self.assertRefused(UserError, "merged already"):
            merged._merge_into(self._complaint())
