import base64
import email
import json
from ast import literal_eval
from contextlib import contextmanager, nullcontext
from functools import partial
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tests import Form, HttpCase, JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.gem_crm.tests.common import FollowUpCommon
from odoo.addons.mail.tests.common import MockEmail

SECRET = "The lorry never left Lyon"
TOPIC = "Late delivery of the spring order"
DENIED = (
    'odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule', 'odoo.http',
)
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


class DiscussionCommon(FollowUpCommon, MockEmail):
    """Adds to the cast: Hugo, who opens his discussions and loses his rights afterwards.

    Bruno and Hugo deliver, Amelie and Chloe sell. Amelie reads in Odoo, the others by e-mail.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=False))
        cls._init_mail_gateway()
        cls.hugo = new_test_user(
            cls.env, 'hugo', 'gem_crm.gem_crm_group_user', name="Hugo Blanc",
            email="hugo@example.org")
        for user in (cls.amelie, cls.bruno, cls.chloe, cls.diane):
            user.email = f"{user.login}@example.org"
        cls.amelie.notification_type = 'inbox'
        cls.key_accounts, cls.dispatch = cls.env['gem.crm.department'].create([
            {'name': "Key accounts", 'member_ids': [Command.set((cls.amelie | cls.chloe).ids)]},
            {'name': "Dispatch", 'member_ids': [Command.set((cls.bruno | cls.hugo).ids)]},
        ])

    @classmethod
    def open_discussion(cls, user, **values):
        return cls.env['gem.crm.discussion'].with_user(user).create({
            'name': TOPIC, 'partner_id': cls.horizon.id, 'opening_message': SECRET, **values,
        }).with_env(cls.env)

    def post(self, discussion, user, body="Any news?", **values):
        return discussion.with_user(user).message_post(**{
            'body': body, 'message_type': 'comment', 'subtype_xmlid': 'mail.mt_comment', **values,
        })

    def end_transaction(self):
        """Write the tracked changes, as a commit would."""
        self.env.flush_all()
        self.env.cr.flush()

    def lose_rights(self, user):
        user.sudo().group_ids = self.env.ref('base.group_user')

    def assertNotifies(self, message, users):
        self.assertEqual(
            sorted(message.sudo().notification_ids.res_partner_id.mapped('name')),
            sorted(users.mapped('name')))


@tagged('post_install', '-at_install')
class TestDiscussion(DiscussionCommon):

    def test_two_departments_about_a_late_delivery(self):
        chatter = self.horizon.message_ids
        with freeze_time('2026-03-02 09:00:00'), self.mock_mail_gateway():
            form = Form(
                self.env['gem.crm.discussion'].with_user(self.bruno)
                    .with_context(default_partner_id=self.ines.id),
                'gem_crm.gem_crm_discussion_view_form')
            self.assertEqual(form.department_from_id, self.dispatch, "the opener's department")
            form.name = TOPIC
            form.department_to_ids.add(self.key_accounts)
            self.assertEqual(form.concerned_ids[:], self.amelie | self.chloe, "proposed")
            form.concerned_ids.remove(self.chloe.id)
            form.copy_ids.add(self.chloe)
            form.opening_message = f"{SECRET}\n\nWho calls them?"
            discussion = form.save()
        self.assertRecordValues(discussion, [{
            'partner_id': self.horizon.id, 'user_id': self.bruno.id, 'state': 'open',
            'concerned_ids': self.amelie.ids, 'copy_ids': self.chloe.ids,
            'last_user_id': self.bruno.id, 'message_count': 1,
        }])
        opening = discussion.message_ids
        self.assertEqual(len(opening), 1, "the first message and nothing else")
        self.assertEqual(opening.body, f"<p>{SECRET}</p><p>Who calls them?</p>")
        self.assertNotifies(opening, self.amelie | self.chloe)
        self.assertEqual(
            {n.res_partner_id: n.notification_type for n in opening.sudo().notification_ids},
            {self.amelie.partner_id: 'inbox', self.chloe.partner_id: 'email'},
            "each by the channel they chose")
        mail = self._new_mails
        self.assertEqual(mail.recipient_ids, self.chloe.partner_id)
        self.assertEqual(mail.subject, f"{TOPIC} – Horizon Books")
        self.assertIn(
            f'/mail/view?model=gem.crm.discussion&amp;res_id={discussion.id}', mail.body_html)

        mine = self.env['gem.crm.discussion'].with_user(self.amelie).search([
            ('state', '=', 'open'), ('concerned_ids', 'in', self.amelie.id),
            ('last_user_id', '!=', self.amelie.id),
        ])
        self.assertEqual(mine, discussion, "it waits for her")
        with freeze_time('2026-03-02 10:00:00'):
            answer = self.post(discussion, self.amelie, "I call them now.")
        self.assertNotifies(answer, self.bruno | self.chloe)
        self.assertEqual(discussion.last_user_id, self.amelie)
        self.assertEqual(str(discussion.date_last), '2026-03-02 10:00:00')
        self.assertEqual(discussion.message_count, 2)

        self.end_transaction()
        discussion.with_user(self.amelie).action_settle()
        self.end_transaction()
        self.assertEqual(discussion.state, 'settled')
        trace = discussion.message_ids[0]
        self.assertEqual(trace.author_id, self.amelie.partner_id, "who settled it")
        self.assertEqual(trace.sudo().tracking_value_ids.new_value_char, "Settled")
        self.assertFalse(trace.sudo().notification_ids)
        discussion.with_user(self.bruno).action_reopen()
        self.assertEqual(discussion.state, 'open')
        self.assertEqual(discussion.last_user_id, self.amelie, "settling is no message")
        self.assertEqual(self.horizon.message_ids, chatter, "nothing shows at the customer")

    def test_who_opened_it_and_when_are_facts(self):
        discussion = self.open_discussion(
            self.amelie, user_id=self.bruno.id, date_started='2020-01-01 00:00:00')
        self.assertEqual(discussion.user_id, self.amelie)
        self.assertGreater(discussion.date_started.year, 2020)

    def test_addressed_by_program_its_members_are_concerned(self):
        self.lose_rights(self.hugo)
        discussion = self.open_discussion(
            self.bruno, department_to_ids=[Command.set((self.dispatch | self.key_accounts).ids)])
        self.assertEqual(
            discussion.concerned_ids, self.amelie | self.chloe,
            "neither who opened it nor who lost the rights")

    def test_who_follows_is_mentioned_or_writes_takes_part(self):
        discussion = self.open_discussion(self.amelie, concerned_ids=self.bruno.ids)
        self.post(discussion, self.bruno, partner_ids=self.hugo.partner_id.ids)
        self.assertEqual(discussion.copy_ids, self.hugo, "mentioned")
        message = self.post(discussion, self.chloe)
        self.assertEqual(discussion.copy_ids, self.hugo | self.chloe, "wrote")
        edited = self.post(discussion, self.bruno)
        discussion.with_user(self.bruno)._message_update_content(
            edited, body="Diane?", partner_ids=self.diane.partner_id.ids)
        self.assertIn(self.diane, discussion.copy_ids, "mentioned afterwards")
        discussion.copy_ids -= self.diane
        self.assertNotifies(message, self.amelie | self.bruno | self.hugo)
        discussion.with_user(self.diane).message_subscribe(self.diane.partner_id.ids)
        self.assertIn(self.diane, discussion.copy_ids, "follows")
        discussion.with_user(self.diane).message_unsubscribe(self.diane.partner_id.ids)
        self.assertNotifies(self.post(discussion, self.chloe), self.amelie | self.bruno | self.hugo)
        self.assertEqual(
            discussion.message_partner_ids,
            (self.amelie | self.bruno | self.hugo | self.chloe).partner_id)

    def test_author_is_not_notified_of_his_own(self):
        discussion = self.open_discussion(self.amelie, concerned_ids=self.bruno.ids)
        message = self.post(
            discussion, self.bruno, partner_ids=self.bruno.partner_id.ids,
            notify_author_mention=True)
        self.assertNotifies(message, self.amelie)

    def test_who_is_removed_is_no_more_notified(self):
        discussion = self.open_discussion(self.chloe, concerned_ids=(self.amelie | self.bruno).ids)
        self.juniper.gem_account_manager_id = self.bruno
        discussion.with_user(self.chloe).concerned_ids = self.bruno
        self.assertNotifies(self.post(discussion, self.chloe), self.bruno)
        self.assertFalse(self.env['mail.notification'].search([
            ('res_partner_id', '=', self.amelie.partner_id.id), ('is_read', '=', False),
            ('mail_message_id', 'in', discussion.message_ids.ids),
        ]), "nothing is left in her inbox")

    def test_readers(self):
        theirs = self.open_discussion(self.amelie)
        visible = {
            user: bool(self.env['gem.crm.discussion'].with_user(user).search(
                [('id', '=', theirs.id)]))
            for user in (self.amelie, self.bruno, self.hugo, self.chloe, self.diane)
        }
        self.assertEqual(visible, {
            self.amelie: True, self.bruno: False, self.hugo: False,
            self.chloe: True, self.diane: True,
        })
        theirs.copy_ids = self.hugo
        self.assertEqual(theirs.with_user(self.hugo).name, TOPIC, "in copy")
        theirs.with_user(self.hugo).action_settle()
        with self.assertRaises(AccessError):
            theirs.with_user(self.chloe).unlink()
        messages = theirs.message_ids
        theirs.with_user(self.diane).unlink()
        self.assertFalse(messages.exists())

    def test_company(self):
        otter = self.env['res.company'].create({'name': "Otter Prints"})
        olga = new_test_user(
            self.env, 'olga', 'gem_crm.gem_crm_group_user_all', name="Olga Weber",
            company_id=otter.id, company_ids=[Command.set(otter.ids)])
        discussion = self.open_discussion(self.amelie)
        with self.assertRaises(AccessError):
            discussion.with_user(olga).read(['name'])
        with self.assertRefused(UserError, "access to this company"):
            discussion.copy_ids = olga
        self.chloe.company_ids += otter
        other = self.env['gem.crm.discussion'].with_user(self.chloe).with_company(otter).create({
            'name': "In the other company", 'partner_id': self.horizon.id,
            'company_id': otter.id, 'concerned_ids': olga.ids, 'opening_message': "Hello",
        })
        with self.assertRefused(UserError, "Olga Weber"):
            other.company_id = self.env.company
        found = self.env['mail.message'].with_user(self.chloe).with_context(
            allowed_company_ids=self.env.company.ids,
        ).search([('model', '=', other._name), ('res_id', '=', other.id)])
        self.assertEqual(found, other.message_ids, "the inbox shows all one's companies")

    def test_discussion_follows_its_customer(self):
        discussion = self.open_discussion(self.amelie, partner_id=self.kayak.id)
        self.kayak.write({'is_company': False, 'parent_id': self.juniper.id})
        self.assertEqual(discussion.partner_id, self.juniper)
        self.env['base.partner.merge.automatic.wizard']._merge(
            (self.juniper | self.horizon).ids, self.horizon)
        discussion.invalidate_recordset()
        self.assertEqual(discussion.partner_id, self.horizon)
        self.assertIn(SECRET, discussion.message_ids.body)

    def test_notifies_in_batch(self):
        """One more person costs no query more."""
        many = self.env['res.users']
        for number in range(12):
            many += new_test_user(
                self.env, f'many{number}', 'gem_crm.gem_crm_group_user', name=f"Many {number}",
                notification_type='inbox')
        few = self.open_discussion(self.bruno, concerned_ids=many[:2].ids)
        lots = self.open_discussion(self.bruno, concerned_ids=many.ids)
        queries = []
        for hour, discussion in enumerate((few, lots) * 2):  # the first round fills the caches
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with freeze_time(f'2026-03-02 {hour:02}:00:00'):
                message = self.post(discussion, self.bruno)
                self.env.flush_all()
            queries.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(message.notification_ids), len(discussion.concerned_ids))
        self.assertEqual(queries[2], queries[3])
        self.assertLessEqual(queries[3], 35)

    def test_reading_other_messages_costs_nothing(self):
        messages = self.horizon.message_post(body="Hello") | self.juniper.message_post(body="Hi")
        without = patch.object(
            self.registry['mail.message'], '_domain_readable_discussions', lambda self: Domain.TRUE)
        for user in (self.felix, self.chloe):
            Message = self.env['mail.message'].with_user(user)
            counts = []
            for patched in (nullcontext(), without, nullcontext()):
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                with patched:
                    Message.search([('id', 'in', messages.ids)])
                counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(counts[1], counts[2], user.login)


@tagged('post_install', '-at_install')
class TestDiscussionRefusals(DiscussionCommon):
    """Outsiders cannot be brought in: each road refuses them by name."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.discussion = cls.open_discussion(cls.amelie, concerned_ids=cls.bruno.ids)
        cls.message = cls.discussion.message_ids
        cls.as_amelie = cls.discussion.with_user(cls.amelie)
        cls.outsiders = cls.felix | cls.emile | cls.gaby

    @contextmanager
    def assertOutsiderRefused(self, user):
        with self.assertRefused(UserError, f"{user.name} cannot take part"), self.cr.savepoint():
            yield

    def test_people(self):
        for user in self.outsiders:
            for field in ('concerned_ids', 'copy_ids'):
                with self.subTest(user=user.login, field=field):
                    with self.assertOutsiderRefused(user):
                        self.as_amelie.write({field: [Command.link(user.id)]})
                    with self.assertOutsiderRefused(user):
                        self.open_discussion(self.amelie, **{field: user.ids})
        with self.assertRaises(UserError) as caught:
            self.as_amelie.concerned_ids = self.felix | self.gaby | self.bruno
        for name in ("Felix Simard", "Gaby Leroux"):
            self.assertIn(name, str(caught.exception))
        self.assertNotIn("Bruno Petit", str(caught.exception))

    def test_chosen_from_users_of_the_crm(self):
        for field in ('concerned_ids', 'copy_ids'):
            description = self.discussion.fields_get([field], ['domain'])[field]
            proposed = self.env['res.users'].search(literal_eval(str(description['domain'])))
            self.assertFalse(proposed & self.outsiders)
            self.assertIn(self.diane, proposed, "an administrator has the rights by implication")

    def test_followers(self):
        partners = self.outsiders.partner_id | self.ines
        for partner in partners:
            with self.subTest(partner=partner.name), self.assertOutsiderRefused(partner):
                self.as_amelie.message_subscribe(partner.ids)
        wizard = self.env['mail.followers.edit'].with_user(self.amelie).create({
            'res_model': self.discussion._name, 'res_ids': str(self.discussion.ids),
            'partner_ids': self.felix.partner_id.ids, 'notify': True, 'message': SECRET,
        })
        with self.assertOutsiderRefused(self.felix):
            wizard.edit_followers()

    def test_mentions(self):
        for partner in self.outsiders.partner_id | self.ines:
            with self.subTest(partner=partner.name), self.assertOutsiderRefused(partner):
                self.post(self.discussion, self.amelie, partner_ids=partner.ids)
        with self.assertOutsiderRefused(self.felix):
            self.as_amelie._message_update_content(
                self.message.with_user(self.amelie), body="Changed",
                partner_ids=self.felix.partner_id.ids)
        with self.assertOutsiderRefused(self.felix):
            self.message.with_user(self.amelie).write({'partner_ids': self.felix.partner_id.ids})
        with self.assertOutsiderRefused(self.felix):
            self.as_amelie.message_notify(partner_ids=self.felix.partner_id.ids, body=SECRET)
        with self.assertOutsiderRefused(self.felix):
            self.env['mail.thread'].with_user(self.amelie).message_notify(
                partner_ids=self.felix.partner_id.ids, body=SECRET,
                model=self.discussion._name, res_id=self.discussion.id)
        with self.assertOutsiderRefused(self.felix):
            self.env['mail.message'].with_user(self.amelie).create({
                'model': self.discussion._name, 'res_id': self.discussion.id, 'body': SECRET,
                'partner_ids': self.felix.partner_id.ids,
            })

    def test_addresses(self):
        with self.assertRefused(UserError, "spy@example.com cannot take part"):
            self.post(self.discussion, self.amelie, outgoing_email_to="Spy <spy@example.com>")

    def test_composer(self):
        def compose(**values):
            return self.env['mail.compose.message'].with_user(self.amelie).create({
                'model': self.discussion._name, 'res_ids': str(self.discussion.ids),
                'body': SECRET, **values,
            })
        with self.assertOutsiderRefused(self.ines):
            compose(partner_ids=self.ines.ids)._action_send_mail()
        with self.assertOutsiderRefused(self.ines):
            compose(composition_mode='mass_mail', partner_ids=self.ines.ids)._action_send_mail()
        with self.assertOutsiderRefused(self.ines):
            compose(
                partner_ids=self.ines.ids, scheduled_date='2099-01-01 00:00:00',
            ).action_schedule_message()
        with self.mock_mail_gateway():
            compose(partner_ids=self.chloe.partner_id.ids)._action_send_mail()
        self.assertIn(self.chloe, self.discussion.copy_ids, "an insider is taken in")

    def test_templates(self):
        template = self.env['mail.template'].create({
            'name': "Status", 'model_id': self.env['ir.model']._get_id(self.discussion._name),
            'body_html': "<t t-out='object.name'/>", 'email_to': "spy@example.com",
            'use_default_to': False,
        })
        with self.assertRefused(UserError, "spy@example.com cannot take part"):
            template.with_user(self.diane).send_mail(self.discussion.id)
        template.write({'email_to': False, 'partner_to': str(self.ines.id)})
        with self.assertOutsiderRefused(self.ines):
            template.with_user(self.diane).send_mail(self.discussion.id)

    def test_nobody_is_suggested(self):
        self.discussion.sudo().message_post(
            body="By e-mail", message_type='email', author_id=self.bruno.partner_id.id,
            subtype_xmlid='mail.mt_comment', incoming_email_cc="Spy <spy@example.com>")
        self.assertEqual(
            self.as_amelie._message_get_suggested_recipients(reply_discussion=True), [])
        self.assertFalse(self.as_amelie._mail_get_partners()[self.discussion.id])

    def test_activities(self):
        activity = {
            'res_model_id': self.env['ir.model']._get_id(self.discussion._name),
            'res_id': self.discussion.id, 'summary': SECRET, 'user_id': self.felix.id,
        }
        with self.assertRefused(UserError, "has no activities"):
            self.env['mail.activity'].with_user(self.amelie).create(activity)

    def test_moved_messages(self):
        with self.assertRefused(UserError, "cannot be moved"):
            self.as_amelie.message_change_thread(self.horizon)
        with self.assertRefused(UserError, "cannot be moved"):
            self.message.sudo().write({'model': 'res.partner', 'res_id': self.horizon.id})
        with self.assertRefused(UserError, "only be answered in the discussion"):
            self.env['mail.message'].with_user(self.felix).create({
                'model': 'res.partner', 'res_id': self.horizon.id, 'body': "Show me",
                'parent_id': self.message.id,
            })

    def test_outsiders_do_not_write(self):
        for user in self.outsiders | self.env.ref('base.public_user'):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.post(self.discussion, user)


@tagged('post_install', '-at_install')
class TestDiscussionReadings(DiscussionCommon):
    """Outsiders read nothing, even what they wrote or were notified of."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hugo.notification_type = 'inbox'
        cls.discussion = cls.open_discussion(cls.hugo, concerned_ids=(cls.amelie | cls.hugo).ids)
        cls.own = cls.discussion.message_ids
        cls.notified = cls.discussion.with_user(cls.amelie).message_post(
            body=SECRET, message_type='comment', subtype_xmlid='mail.mt_comment',
            partner_ids=cls.hugo.partner_id.ids, attachments=[("secret.txt", SECRET.encode())],
        )
        cls.messages = (cls.own | cls.notified).with_env(cls.env)
        cls.attachment = cls.notified.attachment_ids.with_env(cls.env)
        cls.own_attachment = cls.env['ir.attachment'].with_user(cls.hugo).create({
            'name': "mine.txt", 'raw': SECRET.encode(),
            'res_model': cls.discussion._name, 'res_id': cls.discussion.id,
        })
        cls.notified.with_user(cls.hugo).toggle_message_starred()
        cls.hugo.sudo().group_ids = cls.env.ref('base.group_user')
        cls.readers = (cls.hugo, cls.felix, cls.emile, cls.gaby, cls.env.ref('base.public_user'))

    def assertReadNothing(self, roads_of):
        """Assert that each road finds nothing, or is refused, for each outsider."""
        for user in self.readers:
            for road, read in roads_of(user).items():
                with self.subTest(user=user.login, road=road):
                    try:
                        with mute_logger(*DENIED):
                            found = read()
                    except UserError:
                        continue
                    self.assertFalse(found)

    def test_discussion(self):
        def roads(user):
            Discussion = self.env['gem.crm.discussion'].with_user(user)
            discussion = self.discussion.with_user(user)
            return {
                'search': lambda: Discussion.search([]),
                'search_count': lambda: Discussion.search_count([]),
                'read': lambda: discussion.read(['name']),
                'web_read': lambda: discussion.web_read({'name': {}}),
                'name_search': lambda: Discussion.name_search("Late"),
                'display_name': lambda: discussion.display_name,
                'group': lambda: Discussion.formatted_read_group([], ['name'], ['__count']),
                'export': lambda: discussion.export_data(['name', 'message_ids/body'])['datas'],
                'settle': lambda: discussion.action_settle() or True,
                'copy': lambda: discussion.copy(),
                'followers': lambda: discussion.message_get_followers().get('mail.followers'),
                'departments': lambda: self.env['gem.crm.department'].with_user(user).search([]),
            }
        self.assertReadNothing(roads)

    def test_messages(self):
        ours = [('model', '=', 'gem.crm.discussion')]

        def roads(user):
            Message = self.env['mail.message'].with_user(user)
            messages = self.messages.with_user(user)
            found = {
                'search': lambda: Message.search(ours),
                'by_id': lambda: Message.search([('id', 'in', messages.ids)]),
                'body': lambda: Message.search([('body', 'ilike', "lorry")]),
                'needaction': lambda: Message.search([('needaction', '=', True)]) & messages,
                'starred': lambda: Message.search([('starred', '=', True)]) & messages,
                'own': lambda: Message.search([('create_uid', '=', user.id)]) & messages,
                'read': lambda: messages.read(['body']),
                'web_read': lambda: messages.web_read({'body': {}}),
                'group': lambda: Message.formatted_read_group(ours, ['subject'], ['__count']),
                'write': lambda: messages.write({'body': "Changed"}),
                'unlink': lambda: messages.unlink(),
                'star': lambda: messages[0].toggle_message_starred(),
                'notification': lambda: self.env['mail.notification'].with_user(user).search(
                    [('mail_message_id.body', 'ilike', "lorry")]),
                'mail': lambda: self.env['mail.mail'].with_user(user).search(ours),
            }
            for operation in ('read', 'write', 'create', 'unlink'):
                found[f'may {operation}'] = partial(
                    lambda mode: any(message.has_access(mode) for message in messages), operation)
                found[f'controllers {operation}'] = partial(
                    Message._get_with_access, self.own.id, operation)
            return found
        self.assertReadNothing(roads)

    def test_system_administrator_without_crm_rights(self):
        sylvain = new_test_user(self.env, 'sylvain', 'base.group_system', name="Sylvain Admin")
        for model in ('mail.message', 'mail.mail'):
            with self.subTest(model=model):
                self.assertFalse(self.env[model].with_user(sylvain).search(
                    [('model', '=', 'gem.crm.discussion')]))

    def test_links_to_messages(self):
        note = self.kayak.with_user(self.felix).message_post(
            body=self.env['ir.qweb']._render(
                self.env['ir.ui.view'].create({'type': 'qweb', 'arch': (
                    '<t t-name="link"><a class="o_message_redirect" data-oe-model="mail.message" '
                    f'data-oe-id="{self.own.id}" href="/mail/message/{self.own.id}">x</a></t>'
                )}).id), message_type='comment')
        self.assertFalse(note.with_user(self.felix).linked_message_ids)
        self.assertEqual(note.with_user(self.amelie).sudo(False).linked_message_ids, self.own)

    def test_attachments(self):
        def roads(user):
            attachments = (self.attachment | self.own_attachment).with_user(user)
            return {
                'search': lambda: attachments.search([('id', 'in', attachments.ids)]),
                'content': lambda: attachments.search([('index_content', 'ilike', "lorry")]),
                'read': lambda: attachments.read(['datas']),
                'write': lambda: attachments.write({'public': True}),
                'token': lambda: attachments.generate_access_token(),
            }
        self.assertReadNothing(roads)

    def test_who_lost_the_rights_is_not_notified(self):
        message = self.post(self.discussion, self.amelie)
        self.assertFalse(message.sudo().notification_ids)
        self.discussion.with_user(self.amelie).copy_ids += self.bruno
        self.assertNotifies(self.post(self.discussion, self.amelie), self.bruno)
        count = self.hugo.partner_id._get_needaction_count()
        self.assertEqual(count, 1)
        self.env['gem.crm.discussion']._gc_notifications_of_outsiders()
        self.assertEqual(self.hugo.partner_id._get_needaction_count(), 0)

    def test_scheduled_by_who_lost_the_rights(self):
        scheduled = self.env['mail.scheduled.message'].create({
            'model': self.discussion._name, 'res_id': self.discussion.id, 'body': "Later",
            'author_id': self.hugo.partner_id.id, 'scheduled_date': '2099-01-01 00:00:00',
        })
        self.env.cr.execute(
            "UPDATE mail_scheduled_message SET create_uid = %s WHERE id = %s",
            (self.hugo.id, scheduled.id))
        scheduled.invalidate_recordset()
        before = self.discussion.message_ids
        with mute_logger(*DENIED):
            scheduled.sudo()._post_message(raise_exception=False)
        self.assertEqual(self.discussion.message_ids, before)


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


@tagged('post_install', '-at_install')
class TestDiscussionOverHttp(DiscussionCommon, HttpCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hugo.notification_type = 'inbox'
        cls.discussion = cls.open_discussion(cls.hugo, concerned_ids=(cls.amelie | cls.hugo).ids)
        cls.message = cls.discussion.message_ids
        cls.notified = cls.discussion.with_user(cls.amelie).message_post(
            body=SECRET, message_type='comment', subtype_xmlid='mail.mt_comment',
            attachments=[("secret.txt", SECRET.encode())])
        cls.attachment = cls.notified.attachment_ids
        cls.hugo.sudo().group_ids = cls.env.ref('base.group_user')

    def roads(self):
        """All routes of Odoo that show messages of a thread, with their parameters."""
        thread = {'thread_model': self.discussion._name, 'thread_id': self.discussion.id}
        message = {'message_id': self.message.id}
        return {
            '/mail/thread/messages': thread,
            '/mail/chatter_fetch': thread,
            '/mail/data': {'fetch_params': [['mail.thread', {
                **thread, 'request_list': ['followers', 'attachments', 'display_name'],
            }]]},
            '/mail/thread/recipients': thread,
            '/mail/inbox/messages': {},
            '/mail/history/messages': {},
            '/mail/starred/messages': {},
            '/mail/message/post': {**thread, 'post_data': {'body': "Let me in"}},
            '/mail/message/update_content': {
                **message, 'update_data': {'body': "Changed", 'attachment_ids': []}},
            '/mail/message/reaction': {**message, 'content': "👍", 'action': 'add'},
            '/mail/message/translate': message,
            '/mail/link_preview': message,
        }

    def test_routes_of_the_chatter(self):
        for login in ('hugo', 'felix', 'emile', 'gaby', None):
            self.authenticate(login, login)
            for route, params in self.roads().items():
                with self.subTest(login=login, route=route):
                    with mute_logger(*DENIED):
                        response = self.url_open(
                            route, json.dumps({'jsonrpc': '2.0', 'params': params}).encode(),
                            headers={'Content-Type': 'application/json'})
                    self.assertNotIn(SECRET, response.text)
                    self.assertNotIn(TOPIC, response.text)
        self.assertEqual(len(self.discussion.message_ids), 2)
        self.assertFalse(self.message.sudo().reaction_ids)
        self.assertIn(SECRET, self.message.body)

    def test_reader_reads(self):
        self.authenticate('amelie', 'amelie')
        roads = self.roads()
        for route in ('/mail/inbox/messages', '/mail/thread/messages', '/mail/data'):
            with self.subTest(route=route):
                text = json.dumps(self.make_jsonrpc_request(route, roads[route]))
                self.assertIn(SECRET if 'messages' in route else TOPIC, text)

    def test_rpc(self):
        calls = (
            ('gem.crm.discussion', 'web_search_read', [], {
                'domain': [], 'specification': {'name': {}}}),
            ('gem.crm.discussion', 'web_read', [self.discussion.ids], {
                'specification': {'name': {}, 'message_ids': {'fields': {'body': {}}}}}),
            ('gem.crm.discussion', 'name_search', ["Late"], {}),
            ('gem.crm.discussion', 'formatted_read_group', [[], ['name']], {}),
            ('gem.crm.discussion', 'export_data', [self.discussion.ids, ['name']], {}),
            ('gem.crm.discussion', 'message_post', [self.discussion.ids], {'body': "Let me in"}),
            ('gem.crm.discussion', 'message_subscribe',
             [self.discussion.ids, self.hugo.partner_id.ids], {}),
            ('mail.message', 'search_read', [[('model', '=', 'gem.crm.discussion')]], {}),
            ('mail.message', 'read', [(self.message | self.notified).ids, ['body']], {}),
            ('mail.message', 'web_read', [self.notified.ids], {'specification': {'body': {}}}),
            ('mail.notification', 'search_read', [[('mail_message_id', 'in', self.notified.ids)]],
             {}),
            ('ir.attachment', 'read', [self.attachment.ids, ['name', 'datas']], {}),
        )
        secrets = (SECRET, TOPIC, base64.b64encode(SECRET.encode()).decode())
        for login in ('hugo', 'felix', 'gaby'):
            self.authenticate(login, login)
            for model, method, args, kwargs in calls:
                with self.subTest(login=login, model=model, method=method):
                    try:
                        with mute_logger(*DENIED):
                            answer = self.make_jsonrpc_request('/web/dataset/call_kw', {
                                'model': model, 'method': method, 'args': args, 'kwargs': kwargs})
                    except JsonRpcException:
                        continue
                    for secret in secrets:
                        self.assertNotIn(secret, json.dumps(answer))
        self.assertEqual(len(self.discussion.message_ids), 2)
        self.assertNotIn(self.hugo, self.discussion.copy_ids)

    def test_json_2(self):
        for user, status in ((self.hugo, 403), (self.felix, 403), (self.amelie, 200)):
            # sudo: keys without an end are for administrators only
            key = self.env['res.users.apikeys'].with_user(user).sudo()._generate(
                'rpc', 'test', None)
            for model, ids in (
                ('gem.crm.discussion', self.discussion.ids), ('mail.message', self.notified.ids),
            ):
                with self.subTest(user=user.login, model=model), mute_logger(*DENIED):
                    response = self.url_open(
                        f'/json/2/{model}/read', json.dumps({'ids': ids}).encode(),
                        headers={
                            'Content-Type': 'application/json', 'Authorization': f'Bearer {key}'})
                    self.assertEqual(response.status_code, status)
                    self.assertEqual(
                        SECRET in response.text or TOPIC in response.text, status == 200)

    def test_files(self):
        for login in ('hugo', 'felix', 'gaby', None):
            self.authenticate(login, login)
            for url in (
                f'/web/content/{self.attachment.id}',
                f'/web/content/{self.attachment.id}?download=true',
                f'/web/image/{self.attachment.id}',
                f'/mail/attachment/zip?file_ids={self.attachment.id}&zip_name=x',
                f'/mail/view?model=gem.crm.discussion&res_id={self.discussion.id}',
                f'/mail/message/{self.message.id}',
                f'/odoo/internal-discussions/{self.discussion.id}',
            ):
                with self.subTest(login=login, url=url), mute_logger(*DENIED):
                    response = self.url_open(url)
                    self.assertNotIn(SECRET, response.text)
                    self.assertNotIn(TOPIC, response.text)
        self.authenticate('amelie', 'amelie')
        self.assertIn(SECRET, self.url_open(f'/web/content/{self.attachment.id}').text)
