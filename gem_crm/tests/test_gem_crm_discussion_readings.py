from functools import partial

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.gem_crm.tests.common_discussion import DENIED, SECRET, DiscussionCommon


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
