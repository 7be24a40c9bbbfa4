import email

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.gem_crm.tests.common_discussion import SECRET, TOPIC, DiscussionCommon

MAIL = """\
Return-Path: <{sender}>
To: {to}
Cc: {cc}
From: {sender}
Subject: Re: delivery
Message-Id: <{message_id}@mail.example.com>
In-Reply-To: {reply_to}
{header}: {value}
Content-Type: text/plain; charset=utf-8

{body}
"""


@tagged('post_install', '-at_install')
class TestDiscussionGateway(DiscussionCommon):
    """Answers by e-mail: who may read the discussion joins, nobody else does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.discussion = cls.open_discussion(cls.amelie, concerned_ids=cls.bruno.ids)
        cls.opening = cls.discussion.message_ids

    def receive(self, sender, message_id, header='X-Test', value='1', body="By e-mail", cc=''):
        mail = MAIL.format(
            sender=sender, to=self.opening.reply_to, cc=cc, message_id=message_id, body=body,
            reply_to=self.opening.message_id, header=header, value=value)
        before = self.discussion.message_ids
        with self.mock_mail_gateway(), mute_logger('odoo.addons.mail.models.mail_thread'):
            self.env['mail.thread'].message_process(False, mail)
        return self.discussion.message_ids - before

    def test_answer_of_who_is_concerned(self):
        # A contact of the customer has the same address: the user is the author.
        self.ines.email = self.bruno.email
        message = self.receive(self.bruno.email, 'a1', cc=self.horizon.email)
        self.assertEqual(message.author_id, self.bruno.partner_id)
        self.assertIn("By e-mail", message.body)
        self.assertFalse(message.partner_ids, "a customer in copy is not taken in")
        self.assertNotifies(message, self.amelie)
        self.assertEqual(self.discussion.last_user_id, self.bruno)
        self.assertFalse(self._new_mails, "Amelie reads in Odoo")

    def test_answer_of_another_reader(self):
        message = self.receive(self.chloe.email, 'a2')
        self.assertNotifies(message, self.amelie | self.bruno)
        self.assertEqual(self.discussion.copy_ids, self.chloe)

    def test_answers_of_outsiders_bounce(self):
        self.felix.email = "felix@example.org"
        self.lose_rights(self.hugo)
        for sender in (
            self.felix.email, self.ines.email, "spy@example.com",
            self.hugo.email,  # lost the rights
        ):
            with self.subTest(sender=sender):
                self.assertFalse(self.receive(sender, f"b-{sender}", body="Tell me more"))
                bounce = self._new_mails
                self.assertEqual(bounce.email_to, f"<{sender}>")
                for secret in (TOPIC, SECRET, "Horizon", "Tell me more"):
                    self.assertNotIn(secret, bounce.body_html)
                self.assertNotIn(TOPIC, bounce.subject)

    def test_reader_of_other_customers_bounces(self):
        self.assertFalse(self.receive(self.hugo.email, 'b9'))
        self.assertEqual(len(self._new_mails), 1)

    def test_automatic_answers_are_dropped(self):
        for number, (header, value) in enumerate((
            ('Auto-Submitted', 'auto-replied'), ('Precedence', 'bulk'), ('List-Id', '<x.y>'),
        )):
            for sender in (self.bruno.email, "spy@example.com"):
                with self.subTest(header=header, sender=sender):
                    self.assertFalse(
                        self.receive(sender, f'c{number}-{sender}', header, value))
                    self.assertFalse(self._new_mails)

    def test_answer_to_a_deleted_discussion_bounces(self):
        discussion_id = self.discussion.id
        self.discussion.unlink()
        with self.mock_mail_gateway(), mute_logger('odoo.addons.mail.models.mail_thread'):
            self.env['mail.thread']._routing_check_route(
                email.message_from_string("Subject: Re: delivery\nTo: a@example.com\n"),
                {'email_from': self.bruno.email, 'message_id': '<d1@mail.example.com>'},
                ('gem.crm.discussion', discussion_id, None, self.env.uid, None))
        self.assertEqual(len(self._new_mails), 1)
        self.assertFalse(self.env['gem.crm.discussion'].search([('name', 'like', "Re:")]))
