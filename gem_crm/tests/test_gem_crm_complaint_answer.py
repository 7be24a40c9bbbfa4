from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import Form, RecordCapturer, tagged

from odoo.addons.gem_crm.tests.test_gem_crm_complaint_gateway import GatewayCommon


@tagged('post_install', '-at_install')
class TestAnswer(GatewayCommon):
    """What the customer is sent: that it arrived, by when it is answered, and the answer."""

    def _told(self, complaint):
        return complaint.message_ids.filtered(lambda m: m.message_type == 'auto_comment')

    def _mails(self, complaint):
        return self.env['mail.mail'].search([
            ('model', '=', 'gem.crm.complaint'), ('res_id', '=', complaint.id)])

    def test_mail_is_acknowledged_once(self):
        complaint = self._receive()
        told = self._told(complaint)
        self.assertEqual(len(told), 1)
        self.assertIn(complaint.reference, told.subject)
        self.assertTrue(complaint.promised_date)
        self.assertIn(complaint.promised_date, told.body)
        self.assertEqual(told.notified_partner_ids, self.ines)
        self.assertTrue(complaint.date_acknowledged)
        self.assertEqual(complaint.stage_id, self.acknowledged)
        mail = self._mails(complaint)
        self.assertEqual((mail.state, mail.recipient_ids), ('outgoing', self.ines))
        self.assertIn("complaints@ours.example", mail.reply_to)
        self.assertIn('auto-replied', mail.headers)
        complaint._acknowledge()
        self.assertEqual(len(self._told(complaint)), 1)

    def test_acknowledgement_does_not_keep_the_gateway_waiting(self):
        mails = [self._mail(Message_Id=f"<{number}@x.example>") for number in range(3)]
        cron = self.env.ref('gem_crm.gem_crm_complaint_cron_arrival')
        with RecordCapturer(self.env['ir.cron.trigger'], [('cron_id', '=', cron.id)]) as triggers:
            ids = [self.env['mail.thread'].message_process(False, mail) for mail in mails]
        complaints = first, second, third = self.Complaint.browse(ids)
        self.assertEqual(complaints.mapped('is_to_acknowledge'), [True] * 3)
        self.assertEqual(len(triggers.records), 3)
        self.assertFalse(self._told(complaints))
        second.action_cancel()
        third.action_acknowledge()
        queue = self.env.ref('mail.ir_cron_mail_scheduler_action')
        with RecordCapturer(self.env['ir.cron.trigger'], [('cron_id', '=', queue.id)]) as triggers:
            self._look_after_mails()
            self._look_after_mails()
        self.assertEqual(self._told(complaints), self._told(first))
        self.assertEqual(len(self._told(first)), 1)
        self.assertEqual(complaints.mapped('is_to_acknowledge'), [False] * 3)
        self.assertEqual(len(triggers.records), 1, "the e-mails leave at once")

    def test_address_of_who_writes_counts_as_good_again(self):
        (self.ines | self.kayak).message_bounce = 4
        complaint = self._receive()
        self.assertEqual(self.ines.message_bounce, 0)
        self.assertEqual(self.kayak.message_bounce, 4)
        self.ines.message_bounce = 2
        self._receive(self._mail(
            Message_Id="<reply@x.example>", References=complaint.message_ids[-1].message_id))
        self.assertEqual(self.ines.message_bounce, 0, "by a reply as well")

    def test_acknowledgement_is_in_the_customer_s_language(self):
        self.env['res.lang']._activate_lang('fr_FR')
        self.ines.lang = 'fr_FR'
        template = self.env.ref('gem_crm.gem_crm_complaint_template_acknowledgement')
        template.with_context(lang='fr_FR').subject = "Nous avons reçu {{ object.reference }}"
        complaint = self._receive()
        self.assertEqual(self._told(complaint).subject, f"Nous avons reçu {complaint.reference}")
        self.assertIn(
            complaint.with_context(lang='fr_FR').promised_date, self._told(complaint).body)

    def test_stranger_is_acknowledged_at_their_address(self):
        complaint = self._receive(
            From="Stranger <who@else.example>", Cc="Lawyer <lawyer@else.example>")
        emails = ",".join(filter(None, self._mails(complaint).mapped('email_to')))
        self.assertIn("who@else.example", emails)
        self.assertIn("lawyer@else.example", emails)

    def test_address_that_does_not_acknowledge(self):
        self.address.acknowledges = False
        complaint = self._receive()
        self.assertFalse(self._told(complaint) or complaint.date_acknowledged)

    def test_those_who_want_no_answer_get_none(self):
        for number, headers in enumerate((
            {'From': "no-reply@shop.example"}, {'List-Id': "<club.kayak.example>"},
            {'X-Auto-Response-Suppress': "OOF"},
        )):
            with self.subTest(**headers):
                complaint = self._receive(self._mail(
                    **{'Message-Id': f"<{number}@x.example>"} | headers))
                self.assertTrue(complaint, "a person may have written it")
                self.assertFalse(self._told(complaint))

    def test_broken_template_loses_no_complaint(self):
        template = self.env.ref('gem_crm.gem_crm_complaint_template_acknowledgement')
        with patch.object(
            type(template), '_generate_template', side_effect=UserError("Failed to render"),
        ):
            complaint = self._receive()
        self.assertFalse(complaint.date_acknowledged)
        self.assertIn("could not be written", complaint.message_ids[0].body)
        template.unlink()
        complaint = self._receive(Message_Id="<2@x.example>")
        self.assertIn("was deleted", complaint.message_ids[0].body)

    def test_template_does_not_leave_the_sandbox(self):
        template = self.env.ref('gem_crm.gem_crm_complaint_template_acknowledgement')
        self.env['ir.config_parameter'].set_param('mail.restrict.template.rendering', False)
        for code in ("object.__class__.__mro__", "__import__('os').environ"):
            # Odoo renders what is written to try it.
            with self.subTest(code=code), self.assertRaises(UserError):
                template.body_html = f'<p t-out="{code}"/>'

    def test_one_click_acknowledges_what_was_phoned(self):
        complaint = self._complaint(partner_id=self.ines.id, channel='phone')
        self.assertFalse(self._told(complaint), "the handler decides")
        complaint.with_user(self.amelie).action_send_acknowledgement()
        self.assertEqual(self._told(complaint).notified_partner_ids, self.ines)
        self.assertTrue(complaint.date_acknowledged)
        with self.assertRefused(UserError, "acknowledged already"):
            complaint.action_send_acknowledgement()
        silent = self._complaint(user=self.chloe, partner_id=self.juniper.id)
        self.assertFalse(silent.can_be_written_to)
        with self.assertRefused(UserError, "no e-mail address"):
            silent.action_send_acknowledgement()

    def test_answer_is_composed_and_sent(self):
        complaint = self._receive()
        complaint.with_user(self.amelie).write(
            {'answer': "<p>Three new parcels leave today.</p>", 'user_id': self.amelie.id})
        action = complaint.with_user(self.amelie).action_send_answer()
        composer = Form(
            self.env['mail.compose.message'].with_user(self.amelie).with_context(
                **action['context']))
        self.assertIn("Three new parcels leave today", composer.body)
        self.assertFalse(complaint.date_answered, "nothing was sent yet")
        composer.save()._action_send_mail()
        self.assertTrue(complaint.date_answered)
        self.assertEqual(complaint.stage_id, self.answered)
        sent = complaint.message_ids.filtered(lambda m: m.message_type == 'comment')
        self.assertEqual(sent.partner_ids, self.ines)
        self.assertEqual(complaint.answer, "<p>Three new parcels leave today.</p>")

    def test_answer_written_in_the_composer_stands_on_the_complaint(self):
        complaint = self._receive()
        action = complaint.with_user(self.chloe).action_send_answer()
        composer = Form(
            self.env['mail.compose.message'].with_user(self.chloe).with_context(
                **action['context']))
        composer.body = "<p>We come by tomorrow.</p>"
        composer.save()._action_send_mail()
        self.assertIn("We come by tomorrow", complaint.answer)
        self.assertEqual(complaint.stage_id, self.answered)

    def test_message_that_is_no_answer(self):
        complaint = self._receive()
        complaint.with_user(self.chloe).message_post(
            body="We are on it", message_type='comment', subtype_xmlid='mail.mt_comment')
        self.assertFalse(complaint.date_answered)
