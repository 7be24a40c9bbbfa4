from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.gem_crm.tests.common_correspondence import SILENT, CorrespondenceCommon


@tagged('post_install', '-at_install')
class TestCorrespondence(CorrespondenceCommon):

    # ------------------------------------------------------------
    # What comes in and what goes out
    # ------------------------------------------------------------

    def test_customer_writes_and_is_answered(self):
        self.receive(self.invoice)
        question = self.of(self.horizon)
        self.assertRecordValues(question, [{
            'contact_id': self.ines.id, 'author_id': self.ines.id, 'author_name': "Ines Cote",
            'direction': 'in', 'channel': 'email', 'subject': "A question",
            'preview': "When will it come?", 'is_logged': False, 'is_stranger': False,
            'res_model': 'account.move', 'res_id': self.invoice.id,
            'answer_state': 'awaited', 'days_waiting': 0, 'delivery': False,
        }])
        self.assertIn("When will it come?", question.body)

        self.send(self.horizon, self.ines)
        self.assertEqual(question.answer_state, 'awaited', "that was about something else")
        with self.mock_mail_gateway():
            self.send(self.invoice, self.ines, subject="Your parcel")
        answer = self.of(self.horizon)[-1]
        self.assertRecordValues(answer, [{
            'contact_id': self.ines.id, 'direction': 'out', 'channel': 'email',
            'subject': "Your parcel", 'recipients': "Ines Cote", 'answer_state': False,
        }])
        self.assertEqual(question.answer_state, 'answered')
        self.assertEqual(question.answered_on, answer.date)

    def test_invoice_sent_with_its_template(self):
        template = self.env.ref('account.email_template_edi_invoice')
        composer = self.env['mail.compose.message'].with_context(
            default_model='account.move', default_res_ids=self.invoice.ids,
            default_template_id=template.id, default_composition_mode='comment',
        ).create({'partner_ids': self.ines.ids})
        composer._action_send_mail()
        sent = self.of(self.horizon)
        self.assertRecordValues(sent, [{
            'direction': 'out', 'contact_id': self.ines.id, 'res_id': self.invoice.id,
            'delivery': 'waiting', 'is_automatic': False,
        }])

    def test_many_customers_mailed_at_once(self):
        invoices = self.invoice + self._invoice(self.juniper)
        composer = self.env['mail.compose.message'].with_context(
            default_model='account.move', default_res_ids=invoices.ids,
            default_composition_mode='mass_mail', default_partner_ids=[],
        ).create({'subject': "New prices", 'body': "<p>From May on.</p>"})
        composer._action_send_mail()
        for customer in (self.horizon, self.juniper):
            self.assertRecordValues(self.of(customer), [{
                'subject': "New prices", 'preview': "From May on.", 'contact_id': customer.id,
            }])

    def test_template_sent_and_cleaned_up_stays(self):
        template = self.env['mail.template'].create({
            'name': "Thanks", 'model_id': self.env.ref('account.model_account_move').id,
            'subject': "Thank you", 'body_html': "<p>For your order.</p>",
            'partner_to': "{{ object.partner_id.id }}", 'auto_delete': True,
        })
        with self.mock_mail_gateway(mail_unlink_sent=True), mute_logger('odoo.models.unlink'):
            mail = self.env['mail.mail'].browse(template.send_mail(self.invoice.id))
            thanks = self.of(self.horizon)
            self.assertEqual(thanks.delivery, 'waiting')
            mail.send()
        self.assertFalse(mail.exists())
        self.assertRecordValues(self.of(self.horizon), [{
            'id': thanks.id, 'subject': "Thank you", 'delivery': 'sent',
            'message_id': False, 'is_automatic': True,
        }])

    def test_what_nobody_outside_reads_never_counts(self):
        self.horizon.message_subscribe((self.ines | self.amelie.partner_id).ids)
        self.horizon.message_post(body="They pay late.")
        self.send(self.horizon, self.amelie.partner_id, subtype_xmlid='mail.mt_note')
        self.horizon.with_context(tracking_disable=False).write({'vat': "BE0477472701"})
        self.env.flush_all()
        self.cr.precommit.run()
        self.horizon.message_notify(body="Look.", partner_ids=self.ines.ids)
        self.gaby.sudo().partner_id.message_post(body="Private.")
        self.env['mail.template'].create({
            'name': "Password", 'model_id': self.env.ref('base.model_res_users').id,
            'partner_to': "{{ object.partner_id.id }}", 'subject': "Password",
        }).send_mail(self.gaby.id)
        self.assertFalse(self.of(self.horizon))

    def test_discussions_among_colleagues_never_enter(self):
        discussion = self.env['gem.crm.discussion'].create({
            'name': "Their discount", 'partner_id': self.horizon.id})
        discussion.message_post(body="Too much?", partner_ids=self.amelie.partner_id.ids,
                                message_type='comment', subtype_xmlid='mail.mt_comment')
        discussion.message_ids._gem_record_correspondence()
        self.assertFalse(self.of(self.horizon))

    def test_reply_from_the_timeline_answers(self):
        question = self.receive(self.horizon).with_user(self.chloe)
        action = question.action_reply()
        composer = self.env['mail.compose.message'].with_user(self.chloe).with_context(
            **action['context']).create({'body': "<p>On Friday.</p>"})
        self.assertEqual(composer.subject, "Re: A question")
        self.assertEqual(composer.partner_ids, self.ines)
        composer.action_send_mail()
        self.assertEqual(question.answer_state, 'answered')

    def test_portal_comment(self):
        self.invoice.with_user(self.gaby).sudo().message_post(
            body="When will it come?", author_id=self.gaby.partner_id.id,
            message_type='comment', subtype_xmlid='mail.mt_comment')
        self.assertRecordValues(self.of(self.horizon), [{
            'direction': 'in', 'channel': 'portal', 'contact_id': self.gaby.partner_id.id,
            'answer_state': 'awaited',
        }])

    def test_stranger_writes_about_the_invoice(self):
        entry = self.receive(self.invoice, sender="Nobody Knows <nobody@elsewhere.example.com>")
        self.assertRecordValues(entry, [{
            'partner_id': self.horizon.id, 'contact_id': False, 'author_id': False,
            'author_name': entry.email_from, 'is_stranger': True,
        }])
        self.assertEqual(self.Correspondence.search([('is_stranger', '=', True)]) & entry, entry)
        self.assertNotIn(entry, self.Correspondence.search([('is_stranger', '=', False)]))

        self.receive(self.invoice, sender="hello@juniper.example.com")
        self.assertEqual(self.of(self.horizon)[-1].is_stranger, True)
        self.assertRecordValues(self.of(self.juniper), [{
            'contact_id': self.juniper.id, 'is_stranger': False,
        }])

    def test_employee_answers_from_their_own_mailbox(self):
        question = self.receive(self.invoice)
        self.receive(self.invoice, sender="Amelie Roy <amelie@company.example.com>",
                     Cc="ines@horizon.example.com", subject="Re: A question")
        self.assertRecordValues(self.of(self.horizon)[-1], [{
            'direction': 'out', 'contact_id': self.ines.id, 'recipients': "Ines Cote",
        }])
        self.assertEqual(question.answer_state, 'answered')

    def test_machines_neither_ask_nor_answer(self):
        for headers in (
            {'Auto_Submitted': "auto-replied"}, {'Precedence': "bulk"}, {'List_Id': "<news>"},
        ):
            entry = self.receive(self.invoice, **headers)
            self.assertFalse(entry.answer_state, headers)
            self.assertTrue(entry.is_automatic)
        question = self.receive(self.invoice, Auto_Submitted="no")
        self.assertEqual(question.answer_state, 'awaited')
        self.send(self.invoice, self.ines, message_type='auto_comment')
        self.assertEqual(question.answer_state, 'awaited', "a receipt is no answer")

    # ------------------------------------------------------------
    # What is logged by hand
    # ------------------------------------------------------------

    def test_call_logged_answers_what_was_received_before(self):
        question = self.receive(self.invoice)
        with Form(self.Correspondence.with_user(self.amelie).with_context(
            default_partner_id=self.horizon.id, default_channel='call',
        )) as form:
            form.contact_id = self.ines
            form.subject = "Told her it comes on Friday"
        call = self.of(self.horizon)[-1]
        self.assertRecordValues(call, [{
            'is_logged': True, 'user_id': self.amelie.id, 'direction': 'out',
            'author_name': "Amelie Roy", 'answer_state': False,
        }])
        self.assertEqual(question.answer_state, 'answered')

    def test_letter_received_before_the_call_that_answered_it(self):
        log = self.Correspondence.with_user(self.amelie).create
        log({'partner_id': self.ines.id, 'subject': "Call", 'date': '2026-03-05'})
        early, late, call = log([
            {'partner_id': self.horizon.id, 'subject': "Letter", 'date': date,
             'direction': 'in', 'channel': channel}
            for date, channel in (
                ('2026-03-04', 'letter'), ('2026-03-06', 'letter'), ('2026-03-06', 'call'))
        ])
        self.assertEqual(early.answer_state, 'answered')
        self.assertEqual(late.answer_state, 'awaited')
        self.assertFalse(call.answer_state, "what is said in a call is answered in it")
        with freeze_time('2026-03-10 12:00:00'):
            late.invalidate_recordset(['days_waiting'])
            self.assertEqual(late.days_waiting, 4)

    def test_no_answer_needed(self):
        question = self.receive(self.invoice).with_user(self.chloe)
        self.receive(self.horizon)
        self.env.ref('account.group_account_readonly').user_ids += self.chloe
        question.action_no_answer_needed()
        self.assertEqual(question.answer_state, 'not_needed')
        question.action_await_answer()
        self.assertEqual(question.answer_state, 'awaited')

    def test_only_its_author_or_an_administrator_changes_an_entry(self):
        call = self.Correspondence.with_user(self.amelie).create({
            'partner_id': self.horizon.id, 'subject': "Call", 'user_id': self.bruno.id,
            'is_logged': False, 'answer_state': 'answered', 'direction': 'in', 'channel': 'fax',
        })
        self.assertRecordValues(call.sudo(), [{
            'user_id': self.amelie.id, 'is_logged': True, 'answer_state': 'awaited',
        }])
        call.subject = "Call about the parcel"
        call.with_user(self.diane).description = "Mind the tone."
        with self.assertRaises(AccessError), mute_logger(*SILENT):
            call.with_user(self.chloe).subject = "Mine"
        for vals in ({'is_logged': False}, {'user_id': self.chloe.id}, {'answer_state': False}):
            with self.assertRefused(AccessError, "cannot be changed by hand"):
                call.write(vals)
        self.receive(self.horizon)
        message = self.of(self.horizon)[-1]
        for operation in (lambda m: m.write({'subject': "Fake"}), lambda m: m.unlink()):
            with self.assertRaises(AccessError), mute_logger(*SILENT):
                operation(message.with_user(self.diane))

    # ------------------------------------------------------------
    # What became of it
    # ------------------------------------------------------------

    def test_failure_is_shown_and_found(self):
        message = self.send(self.invoice, self.ines | self.juniper)
        ours, theirs = self.of(self.horizon), self.of(self.juniper)
        self.assertEqual((ours.delivery, theirs.delivery), ('waiting', 'waiting'))
        notified = {n.res_partner_id: n for n in message.sudo().notification_ids}
        notified[self.ines].notification_status = 'sent'
        notified[self.juniper].write({
            'notification_status': 'bounce', 'failure_type': 'mail_bounce'})
        (ours | theirs).invalidate_recordset(['delivery'])
        self.assertEqual((ours.delivery, theirs.delivery), ('sent', 'failed'))
        self.assertEqual(theirs.with_context(lang='en_US').failure_reason, "Bounce")
        both = [('id', 'in', (ours | theirs).ids)]
        for domain, found in (
            ([('delivery', '=', 'failed')], theirs),
            ([('delivery', '=', 'sent')], ours),
            ([('delivery', 'in', ['sent', 'failed'])], ours | theirs),
            ([('delivery', '!=', 'failed')], ours),
            ([('delivery', '=', False)], self.Correspondence),
        ):
            self.assertEqual(self.Correspondence.search(domain + both), found, domain)

    def test_customer_waits_since(self):
        Partner = self.env['res.partner'].with_user(self.chloe)
        with freeze_time('2026-03-10 12:00:00'):
            self.receive(self.horizon)
        with freeze_time('2026-03-12 12:00:00'):
            self.receive(self.horizon)
        horizon, ines = Partner.browse((self.horizon | self.ines).ids)
        day = fields.Date.to_date('2026-03-10')
        self.assertEqual(horizon.gem_awaiting_since, day)
        self.assertEqual(ines.gem_awaiting_since, day)
        cast = [('id', 'in', (self.horizon | self.juniper).ids)]
        for domain, found in (
            ([('gem_awaiting_since', '!=', False)], self.horizon),
            ([('gem_awaiting_since', '=', False)], self.juniper),
            ([('gem_awaiting_since', '=', '2026-03-10')], self.horizon),
            ([('gem_awaiting_since', '<', '2026-03-10')], Partner),
            ([('gem_awaiting_since', '<=', '2026-03-10')], self.horizon),
            ([('gem_awaiting_since', '>', '2026-03-10')], Partner),
        ):
            self.assertEqual(Partner.search(domain + cast), found, domain)
