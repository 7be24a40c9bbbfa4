import json

from odoo import http
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from odoo.addons.gem_crm.tests.test_gem_crm_complaint_portal import SILENT, PortalCommon

PICTURE = b'a picture of the wet shelf'


@tagged('post_install', '-at_install')
class TestPortalFiles(PortalCommon, HttpCase):
    """Gaby adds a picture to her complaint; Jules of Juniper Cafe tries to get at it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.theirs = cls._complaint(
            cls.chloe, partner_id=cls.jules.partner_id.id, name="Cold coffee",
        ).with_user(cls.env.user)

    def _upload(self, complaint, name="wet.txt", content=PICTURE, **data):
        """Upload a file as the page of a complaint does; return what the page is told."""
        answer = self.url_open('/mail/attachment/upload', data={
            'csrf_token': http.Request.csrf_token(self), 'is_pending': 'true',
            'thread_model': complaint._name, 'thread_id': complaint.id, **data,
        }, files={'ufile': (name, content, 'text/plain')})
        if answer.status_code != 200:
            return None
        [file] = json.loads(answer.content)['data']['store_data']['ir.attachment']
        return file

    def _post(self, complaint, *files, body="Here it is", **data):
        """Post a message with these files as the page of a complaint does."""
        return self.make_jsonrpc_request('/mail/message/post', {
            'thread_model': complaint._name, 'thread_id': complaint.id,
            'post_data': {
                'body': body, 'message_type': 'comment', 'subtype_xmlid': 'mail.mt_comment',
                'attachment_ids': [file['id'] for file in files],
                'attachment_tokens': [file.get('ownership_token') for file in files],
            }, **data,
        })['message_id']

    def _gaby_s_file(self):
        """Return the file that Gaby added to her complaint, and what the page knows of it."""
        self.authenticate('gaby', 'gaby')
        told = self._upload(self.complaint)
        self._post(self.complaint, told)
        return self.env['ir.attachment'].browse(told['id']), told

    def test_customer_adds_a_file_to_a_complaint_there_already(self):
        file, _told = self._gaby_s_file()
        said = self.complaint.message_ids[0]
        self.assertRecordValues(file, [{
            'name': "wet.txt", 'raw': PICTURE, 'res_model': 'gem.crm.complaint',
            'res_id': self.complaint.id, 'public': False}])
        self.assertEqual((said.attachment_ids, said.author_id), (file, self.gaby.partner_id))
        self.assertEqual(self.complaint.with_user(self.amelie).message_attachment_count, 4)
        self.assertEqual(file.with_user(self.amelie).raw, PICTURE, "her handler opens it")
        # Hugo, her colleague, opens it on the page, by the token that the page gives him.
        self.authenticate('hugo', 'hugo')
        shown = self.make_jsonrpc_request('/mail/chatter_fetch', {
            'thread_model': 'gem.crm.complaint', 'thread_id': self.complaint.id,
        })['data']['mail.message']
        shown = [row for message in shown for row in message['attachment_ids']]
        self.assertEqual(
            sorted(row['name'] for row in shown), ["open.txt", "wet.txt"], "and none of ours")
        [row] = [row for row in shown if row['id'] == file.id]
        self.assertEqual(self.url_open(
            f'/web/content/{file.id}?access_token={row["raw_access_token"]}').content, PICTURE)

    def test_the_link_of_the_e_mail_takes_files_too(self):
        """Who has the token of the complaint, and no account, answers with a file."""
        token = self.complaint._portal_ensure_token()
        self.authenticate(None, None)
        file = self._upload(self.complaint, token=token)
        self._post(self.complaint, file, token=token)
        self.assertEqual(self.complaint.message_ids[0].attachment_ids.raw, PICTURE)
        with mute_logger(*SILENT):
            for wrong in ({}, {'token': 'wrong'}, {'token': self.theirs._portal_ensure_token()}):
                self.assertIsNone(self._upload(self.complaint, **wrong))

    def test_nothing_is_uploaded_to_another_customer(self):
        self.authenticate('jules', 'jules')
        foreign = self.theirs._portal_ensure_token()
        before = self.env['ir.attachment'].search_count([])
        with mute_logger(*SILENT):
            for given in ({}, {'token': 'wrong'}, {'token': foreign}, {'is_pending': 'false'}):
                self.assertIsNone(self._upload(self.complaint, **given))
        self.assertEqual(self.env['ir.attachment'].search_count([]), before)
        own = self._upload(self.theirs)
        with mute_logger(*SILENT), self.assertRaises(JsonRpcException):
            self._post(self.complaint, own)

    def test_another_customer_s_file_is_not_carried_off(self):
        """Neither into a message of one's own, nor by its address, nor is it deleted."""
        file, told = self._gaby_s_file()
        secret = self.internal.attachment_ids
        self.authenticate('gaby', 'gaby')
        waiting = self._upload(self.complaint, "not sent yet.txt")
        self.authenticate('jules', 'jules')
        own = self._upload(self.theirs)
        for stolen in (told, waiting, {'id': secret.id}, {'id': self.loose.id}):
            for token in (None, 'wrong', own['ownership_token']):
                with self.subTest(file=stolen['id'], token=token), mute_logger(*SILENT):
                    with self.assertRaises(JsonRpcException):
                        self._post(self.theirs, {'id': stolen['id'], 'ownership_token': token})
                    with self.assertRaises(JsonRpcException):
                        self.make_jsonrpc_request('/mail/attachment/delete', {
                            'attachment_id': stolen['id'], 'access_token': token})
        # By the method itself, what is not his is left out.
        everything = [file.id, waiting['id'], secret.id, self.loose.id]
        self.make_jsonrpc_request('/web/dataset/call_kw', {
            'model': 'gem.crm.complaint', 'method': 'message_post', 'args': self.theirs.ids,
            'kwargs': {'body': "Mine", 'attachment_ids': [own['id'], *everything]}})
        self.assertEqual(self.theirs.message_ids[0].attachment_ids.ids, [own['id']])
        for number in everything:
            row = self.env['ir.attachment'].browse(number)
            for address in (
                f'/web/content/{number}', f'/web/content/{number}?download=true',
                f'/web/content/{number}?access_token={self.theirs._portal_ensure_token()}',
                f'/web/content/{number}?access_token={own.get("raw_access_token")}',
                f'/web/image/{number}', f'/mail/attachment/pdf_first_page/{number}',
                f'/web/content/gem.crm.complaint/{self.complaint.id}/description',
            ):
                with self.subTest(address=address), mute_logger(*SILENT):
                    content = self.url_open(address).content
                    self.assertNotIn(row.raw, content)
                    self.assertNotIn(b'arrived wet', content)
            with mute_logger(*SILENT):
                answer = self.url_open('/mail/attachment/zip', data={
                    'csrf_token': http.Request.csrf_token(self), 'zip_name': "all.zip",
                    'file_ids': str(number)})
            self.assertFalse(answer.ok and answer.content.startswith(b'PK'), "no zip either")
            self.assertTrue(row.exists())

    def test_another_customer_s_message_is_not_read_nor_changed(self):
        self._gaby_s_file()
        said = self.complaint.message_ids[0]
        self.authenticate('jules', 'jules')
        with self.assertRaises(AccessError):
            said.with_user(self.jules).read(['body'])
        self.assertFalse(self.env['mail.message'].with_user(self.jules).search(
            [('id', 'in', self.complaint.message_ids.ids)]))
        for route, params in (
            ('/mail/message/update_content',
             {'message_id': said.id, 'update_data': {'body': "Forged", 'attachment_ids': []}}),
            ('/mail/message/reaction',
             {'message_id': said.id, 'content': "👍", 'action': 'add'}),
            ('/web/dataset/call_kw',
             {'model': 'mail.message', 'method': 'read', 'args': [said.ids, ['body']],
              'kwargs': {}}),
            ('/web/dataset/call_kw',
             {'model': 'gem.crm.complaint', 'method': 'message_post', 'args': self.complaint.ids,
              'kwargs': {'body': "Forged"}}),
        ):
            with self.subTest(route=route), mute_logger(*SILENT), \
                    self.assertRaises(JsonRpcException):
                self.make_jsonrpc_request(route, params)
        self.assertIn("Here it is", said.body)
        self.assertEqual(len(said.attachment_ids), 1)
