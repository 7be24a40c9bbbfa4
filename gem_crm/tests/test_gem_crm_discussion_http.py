import base64
import json

from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from odoo.addons.gem_crm.tests.common_discussion import DENIED, SECRET, TOPIC, DiscussionCommon


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
