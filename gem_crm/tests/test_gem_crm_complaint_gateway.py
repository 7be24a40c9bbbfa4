import doctest
from datetime import timedelta
from email.message import EmailMessage
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.gem_crm.core import incoming_mail
from odoo.addons.gem_crm.tests.test_gem_crm_complaint import ComplaintCommon


def promise_answers(env):
    """Have each complaint answered within three days of work."""
    Policy = env['gem.crm.complaint.policy']
    policy = Policy.search([('company_id', '=', env.company.id)]) or Policy.create(
        {'company_id': env.company.id})
    policy.deadline_ids.unlink()
    policy.deadline_ids = [(0, 0, {'acknowledge_hours': 4, 'answer_hours': 24})]


class GatewayCommon(ComplaintCommon):
    """The company receives complaints at complaints@ours.example."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['mail.alias'].search([('alias_name', '=', 'complaints')]).alias_name = False
        domain = cls.env['mail.alias.domain'].create({
            'name': 'ours.example', 'bounce_alias': 'bounce', 'catchall_alias': 'catchall',
        })
        cls.env.company.alias_domain_id = domain
        cls.env['gem.crm.complaint.address'].search([]).unlink()
        cls.address = cls.env['gem.crm.complaint.address'].create({
            'name': "Complaints", 'alias_name': 'complaints', 'alias_domain_id': domain.id,
        })
        promise_answers(cls.env)
        cls.Quarantine = cls.env['gem.crm.complaint.quarantine']
        # Followers, tracking and notifications are part of what is tried.
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=False))
        cls.Complaint = cls.Complaint.with_env(cls.env)

    def _mail(self, body="Three of ten parcels arrived wet.", attachments=(), **headers):
        """Return the source of a mail, by default Ines' to the address of complaints."""
        mail = EmailMessage()
        defaults = {
            'From': '"Ines Cote" <ines@horizon.example.com>',
            'To': 'complaints@ours.example',
            'Subject': "Wet parcels",
            'Message-Id': f'<{self._testMethodName}@horizon.example.com>',
        }
        headers = {name.replace('_', '-'): value for name, value in headers.items()}
        for name, value in (defaults | headers).items():
            if value is not None:
                mail[name] = value
        mail.set_content(body)
        for name, data in attachments:
            mail.add_attachment(data, 'application', 'pdf', filename=name)
        return mail.as_bytes()

    def _close(self, complaint):
        complaint.write({
            'no_answer_reason': "Told on the phone", 'outcome': 'justified',
            'cause_id': self.env['gem.crm.complaint.cause'].create({'name': "Rain"}).id,
        })
        complaint.action_close()

    def _look_after_mails(self):
        with patch.object(type(self.env['ir.cron']), '_commit_progress', return_value=1):
            self.Complaint._cron_arrival()

    def _receive(self, source=None, **headers):
        """Deliver a mail, and wait a moment; return the complaints that it opened."""
        last = self.Complaint.search([], order='id desc', limit=1).id or 0
        self.env['mail.thread'].message_process(False, source or self._mail(**headers))
        self._look_after_mails()
        return self.Complaint.with_context(active_test=False).search(
            [('id', '>', last)], order='id')

    def _reply(self, complaint, body="And a fourth one.", number=1, **headers):
        """Deliver a reply to what the customer got; return the message that it made."""
        told = complaint.message_ids.filtered(lambda m: m.message_type == 'auto_comment')[:1]
        told = told or complaint.message_ids[-1:]
        before = complaint.message_ids
        self._receive(self._mail(
            body, **{
                'Message-Id': f'<reply.{number}.{self._testMethodName}@horizon.example.com>',
                'References': told.message_id,
                'Subject': "Re: Wet parcels",
            } | {name.replace('_', '-'): value for name, value in headers.items()}))
        return (complaint.message_ids - before).filtered(lambda m: m.message_type == 'email')


@tagged('post_install', '-at_install')
class TestIncomingMail(GatewayCommon):

    def test_headers(self):
        self.assertEqual(doctest.testmod(incoming_mail).failed, 0)

    def test_mail_opens_a_complaint(self):
        complaint = self._receive(self._mail(attachments=[('proof.pdf', b'%PDF-1.4')]))
        self.assertRecordValues(complaint, [{
            'name': "Wet parcels", 'channel': 'email', 'partner_id': self.horizon.id,
            'contact_id': self.ines.id, 'email_normalized': 'ines@horizon.example.com',
            'company_id': self.env.company.id, 'address_id': self.address.id,
            'user_id': False,
        }])
        self.assertIn("Three of ten parcels", complaint.description)
        first = complaint.message_ids.filtered(lambda m: m.message_type == 'email')
        self.assertEqual(first.author_id, self.ines)
        self.assertEqual(first.attachment_ids.mapped('name'), ['proof.pdf'])
        self.assertFalse(self.Quarantine.search([]))

    def test_plain_text_reads_as_text(self):
        """In paragraphs, without the box that Odoo puts around what is no HTML."""
        complaint = self._receive(self._mail(
            "Good morning,\n\nthree of ten parcels <of today> arrived wet:\n"
            "  Atlas    2\n  Globe    1\n\n\n> When?\nToday.\n-- \nInes & Co\n",
        ))
        self.assertEqual(
            complaint.description,
            "<p>Good morning,</p>"
            "<p>three of ten parcels &lt;of today&gt; arrived wet:<br>"
            "&nbsp; Atlas&nbsp;&nbsp;&nbsp; 2<br>"
            "&nbsp; Globe&nbsp;&nbsp;&nbsp; 1</p>"
            "<p>&gt; When?<br>Today.<br>-- <br>Ines &amp; Co</p>",
        )
        html = self._receive(self._mail(Message_Id='<html@horizon.example.com>').replace(
            b'text/plain', b'text/html').replace(
            b'Three of ten parcels arrived wet.',
            b'<p>Wet.</p><pre>12 <b>Atlas</b>\n 3 Globes</pre><p>Thanks</p>'))
        self.assertEqual(
            html.description,
            "<p>Wet.</p><div>12 <b>Atlas</b><br>&nbsp;3 Globes</div><p>Thanks</p>")

    def test_address_says_who_handles_what_comes_there(self):
        self.address.write({'user_id': self.bruno.id, 'category_id': self.delivery.id})
        complaint = self._receive()
        self.assertRecordValues(complaint, [
            {'user_id': self.bruno.id, 'category_id': self.delivery.id}])
        self.assertIn(self.bruno.partner_id, complaint.message_partner_ids)

    def test_unknown_sender_is_to_be_sorted(self):
        complaint = self._receive(From="Stranger <who@else.example>")
        self.assertRecordValues(complaint, [{
            'partner_id': False, 'contact_id': False, 'email_normalized': 'who@else.example',
        }])
        self.assertFalse(
            self.env['res.partner'].search([('email_normalized', '=', 'who@else.example')]),
            "answering a stranger makes no contact of them")
        self.assertIn(complaint, self.Complaint.with_user(self.bruno).search([]))

    def test_colleague_who_passes_a_letter_on_is_no_customer(self):
        complaint = self._receive(From=self.amelie.email_formatted)
        self.assertFalse(complaint.partner_id)
        self.assertEqual(complaint.message_ids.filtered(
            lambda m: m.message_type == 'email').author_id, self.amelie.partner_id)

    def test_one_address_of_several_customers_is_the_one_invoiced(self):
        for customer in (self.kayak, self.juniper):
            customer.email = "shared@books.example"
        invoice = self.env['account.move'].create({
            'move_type': 'out_invoice', 'partner_id': self.juniper.id,
            'invoice_date': '2026-03-01',
            'invoice_line_ids': [(0, 0, {'name': "Parcels", 'price_unit': 10})],
        })
        invoice.action_post()
        self.assertLess(self.juniper.id, self.kayak.id)
        self.assertEqual(self._receive(From="shared@books.example").partner_id, self.juniper)

    def test_one_address_of_several_customers_invoiced_or_not(self):
        for customer in (self.juniper, self.kayak):
            customer.email = "shared@books.example"
        invoice = self.env['account.move'].create({
            'move_type': 'out_invoice', 'partner_id': self.kayak.id,
            'invoice_date': '2026-03-01',
            'invoice_line_ids': [(0, 0, {'name': "Parcels", 'price_unit': 10})],
        })
        self.assertEqual(
            self._receive(From="shared@books.example").partner_id, self.juniper,
            "the oldest: a draft says nothing")
        invoice.action_post()
        complaint = self._receive(From="shared@books.example", Message_Id="<2@books.example>")
        self.assertEqual(complaint.partner_id, self.kayak)

    def test_another_company_s_contact_is_no_customer_here(self):
        otter = self.env['res.company'].create({'name': "Otter Prints"})
        self.kayak.write({'email': "club@kayak.example", 'company_id': otter.id})
        self.assertFalse(self._receive(From="club@kayak.example").partner_id)

    def test_each_company_has_its_address(self):
        otter = self.env['res.company'].create({
            'name': "Otter Prints", 'alias_domain_id': self.address.alias_domain_id.id,
        })
        theirs = self.env['gem.crm.complaint.address'].search([('company_id', '=', otter.id)])
        self.assertTrue(theirs.alias_name)
        complaint = self._receive(To=theirs.alias_email)
        self.assertEqual(complaint.company_id, otter)
        both = self._receive(
            To=f"{theirs.alias_email}, complaints@ours.example", Message_Id="<both@x.example>")
        self.assertEqual(both.company_id, otter | self.env.company)

    def test_people_in_copy_are_kept(self):
        complaint = self._receive(
            To="complaints@ours.example, amelie@ours-sales.example",
            Cc=f"{self.gaby.email_formatted}, Lawyer <lawyer@else.example>")
        self.assertIn(self.gaby.partner_id, complaint.message_partner_ids)
        self.assertIn("lawyer@else.example", complaint.email_cc)
        self.assertIn("amelie@ours-sales.example", complaint.email_cc)
        self.assertNotIn("complaints@", complaint.email_cc)
        self._reply(complaint, Cc="Expert <expert@else.example>")
        self.assertIn("expert@else.example", complaint.email_cc)
        self.assertIn("lawyer@else.example", complaint.email_cc)

    def test_mailbox_without_an_address_of_ours_is_not_in_copy(self):
        self.env['mail.thread'].message_process('gem.crm.complaint', self._mail(
            To="mailbox@elsewhere.example", Cc="lawyer@else.example"))
        complaint = self.Complaint.search([], order='id desc', limit=1)
        self.assertEqual(complaint.email_cc, "lawyer@else.example")

    def test_reply_joins(self):
        complaint = self._receive()
        message = self._reply(complaint)
        self.assertEqual((message.author_id, message.subtype_id), (
            self.ines, self.env.ref('mail.mt_comment')))
        self.assertIn("And a fourth one", message.body)
        self.assertEqual(self.Complaint.search_count([('name', 'like', "Wet parcels")]), 1)

    def test_replies_come_to_the_address(self):
        complaint = self._receive()
        self.assertIn("complaints@ours.example", complaint._notify_get_reply_to()[complaint.id])
        self.address.alias_name = False
        self.assertNotIn("complaints@", complaint._notify_get_reply_to()[complaint.id])

    def test_reply_after_closing_reopens(self):
        complaint = self._receive()
        self._close(complaint)
        self.assertTrue(complaint.date_closed)
        self._reply(complaint)
        self.assertFalse(complaint.date_closed)
        self.assertNotEqual(complaint.state, 'closed')

    def test_colleague_s_reply_reopens_nothing(self):
        complaint = self._receive()
        self._close(complaint)
        self._reply(complaint, From=self.amelie.email_formatted)
        self.assertEqual(complaint.stage_id, self.closed)

    def test_unknown_sender_s_reply_is_marked_and_kept_apart(self):
        complaint = self._receive()
        complaint.user_id = self.bruno
        message = self._reply(complaint, From="spy@else.example", Cc="more@else.example")
        self.assertTrue(complaint.has_unknown_sender)
        self.assertTrue(message.subtype_id.internal, "nobody outside sees it")
        self.assertFalse(message.notified_partner_ids.filtered('partner_share'))
        self.assertFalse(complaint.email_cc, "nor does he choose who gets our answers")
        self.assertEqual(complaint.activity_ids.user_id, self.bruno)
        complaint.with_user(self.chloe).action_trust_sender()
        self.assertFalse(complaint.has_unknown_sender)
        message = self._reply(complaint, number=2, From="spy@else.example")
        self.assertFalse(complaint.has_unknown_sender, "he has to do with it, we said")
        self.assertFalse(message.subtype_id.internal)

    def test_other_customer_s_reply_is_an_unknown_sender_s(self):
        complaint = self._receive()
        self.juniper.email = "cafe@juniper.example"
        message = self._reply(complaint, From="cafe@juniper.example")
        self.assertTrue(complaint.has_unknown_sender)
        self.assertTrue(message.subtype_id.internal)

    def test_unknown_sender_s_reply_reopens(self):
        """The customer may write from home: it must not be overlooked."""
        complaint = self._receive()
        self._close(complaint)
        self._reply(complaint, From="ines@home.example")
        self.assertFalse(complaint.date_closed)

    def test_queries_per_mail(self):
        self._receive(Message_Id="<warm@x.example>")
        self.address.acknowledges = False
        for name, most in (("again", 58), ("and again", 58)):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._receive_only(self._mail(Message_Id=f"<{name.replace(' ', '')}@x.example>"))
            self.env.flush_all()
            self.assertLessEqual(self.cr.sql_log_count - before, most)

    def _receive_only(self, source):
        self.env['mail.thread'].message_process(False, source)


@tagged('post_install', '-at_install')
class TestMachines(GatewayCommon):

    MACHINES = (
        {'Auto_Submitted': "auto-replied"},
        {'Auto_Submitted': "auto-generated"},
        {'X_Auto_Response_Suppress': "All"},
        {'Precedence': "bulk"},
        {'Precedence': "list"},
        {'Return_Path': "<>"},
    )

    def _sent(self):
        return self.env['mail.mail'].search_count([])

    def test_machines_open_nothing_and_are_never_answered(self):
        before = self._sent()
        for number, headers in enumerate(self.MACHINES):
            with self.subTest(**headers):
                self.assertFalse(self._receive(Message_Id=f"<{number}@x.example>", **headers))
        self.assertEqual(self._sent(), before)
        kept = self.Quarantine.search([])
        self.assertEqual(kept.mapped('reason'), ['automatic'] * len(self.MACHINES))
        complaint = kept[0].with_user(self.diane)
        complaint.action_take()
        self.assertEqual(kept[0].complaint_id.partner_id, self.horizon, "a person may want it")
        self.assertFalse(kept[0].active)
        self.assertEqual(self._sent(), before)

    def test_machine_writes_to_a_server_for_complaints_only(self):
        """Where the mail server takes everything for a complaint, machines open none either."""
        self.env['mail.thread'].message_process(
            'gem.crm.complaint', self._mail(To="whoever@else.example", Precedence="bulk"))
        self.assertEqual(self.Quarantine.search([]).reason, 'automatic')

    def test_machines_reopen_nothing(self):
        complaint = self._receive()
        self._close(complaint)
        before = self._sent()
        for number, headers in enumerate(self.MACHINES):
            with self.subTest(**headers):
                message = self._reply(complaint, "I am away", number, **headers)
                self.assertTrue(message.subtype_id.internal, "it is read here only")
        self.assertEqual(complaint.stage_id, self.closed)
        self.assertEqual(self._sent(), before)

    def test_loop_ends(self):
        """An answering machine that does not say so: sixty mails make no sixty complaints."""
        before = self.Complaint.search_count([])
        for number in range(60):
            self._receive(Message_Id=f"<loop.{number}@x.example>")
        self.assertEqual(self.Complaint.search_count([]) - before, 20)
        self.assertEqual(self.Quarantine.search_count([('reason', '=', 'loop')]), 40)

    def test_loop_on_one_complaint_ends(self):
        complaint = self._receive()
        for number in range(30):
            self._reply(complaint, number=number)
        emails = complaint.message_ids.filtered(lambda m: m.message_type == 'email')
        self.assertEqual(len(emails), 20)
        self.assertEqual(self.Quarantine.search_count([('reason', '=', 'loop')]), 11)

    def test_allowed_sender_may_write_much(self):
        self.env['mail.gateway.allowed'].create({'email': "ines@horizon.example.com"})
        for number in range(22):
            self.assertTrue(self._receive(Message_Id=f"<much.{number}@x.example>"))

    def test_mail_from_our_own_address_is_a_loop(self):
        self.assertFalse(self._receive(From="complaints@ours.example"))
        self.assertEqual(self.Quarantine.search([]).reason, 'loop')

    def test_machines_mails_do_not_stay_for_ever(self):
        self._receive(Precedence="bulk")
        kept = self.Quarantine.search([])
        kept.date -= timedelta(days=91)
        self.Quarantine._gc_machines()
        self.assertFalse(kept.exists())
