import json

from odoo import http
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.gem_crm.models.gem_crm_complaint_portal import PORTAL_FIELDS
from odoo.addons.gem_crm.tests.test_gem_crm_complaint import ComplaintCommon
from odoo.addons.gem_crm.tests.test_gem_crm_complaint_gateway import promise_answers

SILENT = (
    'odoo.http', 'odoo.models', 'odoo.addons.base.models.ir_model',
    'odoo.addons.base.models.ir_rule', 'odoo.addons.rpc.controllers.json2',
)


class PortalCommon(ComplaintCommon):
    """Gaby is of Horizon Books, Hugo her colleague; Jules is of Juniper Cafe."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=False))
        cls.Complaint = cls.Complaint.with_env(cls.env)
        promise_answers(cls.env)
        cls.gaby.partner_id.email = "gaby@horizon.example.com"
        cls.hugo = new_test_user(cls.env, 'hugo', 'base.group_portal', name="Hugo Bell")
        cls.hugo.partner_id.parent_id = cls.horizon
        cls.jules = new_test_user(cls.env, 'jules', 'base.group_portal', name="Jules Verte")
        cls.jules.partner_id.parent_id = cls.juniper
        cls.complaint = cls._complaint(
            cls.amelie, partner_id=cls.gaby.partner_id.id, channel='portal',
            description="<p>Three of ten arrived wet.</p>", lesson="Wrap them twice",
            answer="<p>A draft that nobody outside may read.</p>",
        ).with_user(cls.env.user)
        cls.said = cls.complaint.message_post(
            body="We look into it", subtype_xmlid='mail.mt_comment', message_type='comment',
            attachments=[('open.txt', b'for the customer')])
        cls.internal = cls.complaint.message_post(
            body="Our packer was drunk", subtype_xmlid='mail.mt_note', message_type='comment',
            attachments=[('secret.txt', b'for us')])
        cls.loose = cls.env['ir.attachment'].create({
            'name': 'loose.txt', 'raw': b'for us', 'res_model': 'gem.crm.complaint',
            'res_id': cls.complaint.id,
        })
        cls.address = cls.env['gem.crm.complaint.address']._of_company(cls.env.company)

    @classmethod
    def _invoice(cls, customer, product="Wooden shelf", **vals):
        invoice = cls.env['account.move'].create({
            'move_type': 'out_invoice', 'partner_id': customer.id, 'invoice_date': '2026-03-01',
            'invoice_line_ids': [(0, 0, {
                'product_id': cls.env['product.product'].create({'name': product}).id,
                'price_unit': 100, 'tax_ids': False,
            })],
            **vals,
        })
        return invoice


@tagged('post_install', '-at_install')
class TestPortalRights(PortalCommon):

    def test_customer_and_colleague_see_it_and_nobody_else(self):
        for user, sees in ((self.gaby, True), (self.hugo, True), (self.jules, False)):
            with self.subTest(user=user.name):
                found = self.Complaint.with_user(user).search([])
                self.assertEqual(self.complaint in found, sees)
        self.assertFalse(self.Complaint.with_user(self.jules).search([]))
        with self.assertRaises(AccessError):
            self.Complaint.with_user(self.env.ref('base.public_user')).search([])

    def test_what_is_ours_is_not_read(self):
        """Every field that is not meant for the customer is closed by every reader."""
        mine = self.complaint.with_user(self.gaby)
        self.assertEqual(set(mine.fields_get()), PORTAL_FIELDS & set(mine._fields))
        closed = set(mine._fields) - PORTAL_FIELDS
        for name in ('lesson', 'cause_id', 'answer', 'note_ids', 'severity', 'message_ids',
                     'access_token', 'message_follower_ids', 'rating_ids', 'email_cc',
                     'user_id', 'has_unknown_sender'):
            self.assertIn(name, closed)
        for name in sorted(closed):
            field = mine._fields[name]
            with self.subTest(field=name), mute_logger(*SILENT):
                with self.assertRaises(AccessError):
                    mine.read([name])
                if field.store and field.column_type:
                    with self.assertRaises(AccessError):
                        mine.search([(name, '!=', False)])
                    with self.assertRaises(AccessError):
                        mine.search([], order=name)
                    with self.assertRaises(AccessError):
                        mine.formatted_read_group([], [name])

    def test_nothing_is_written(self):
        mine = self.complaint.with_user(self.gaby)
        for attempt in (
            lambda: mine.write({'name': "Mine"}),
            lambda: mine.create({'name': "Mine", 'partner_id': self.horizon.id}),
            mine.unlink, mine.action_close, mine.action_reopen, mine.action_send_acknowledgement,
            mine.action_trust_sender, lambda: mine._merge_into(mine.copy()),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_drafts_of_the_answer_are_ours(self):
        mine = self.complaint.with_user(self.gaby)
        self.assertFalse(mine.sent_answer)
        self.complaint._mark_answered()
        self.assertIn("A draft", mine.sent_answer)

    def test_messages_and_files_of_ours(self):
        seen = self.env['mail.message'].with_user(self.gaby).search([
            ('model', '=', 'gem.crm.complaint'), ('res_id', '=', self.complaint.id)])
        self.assertIn(self.said, seen)
        self.assertNotIn(self.internal, seen)
        for user in (self.gaby, self.jules):
            for file in self.said.attachment_ids | self.internal.attachment_ids | self.loose:
                with self.assertRaises(AccessError):  # files are read by their tokens
                    file.with_user(user).read(['name', 'datas'])

    def test_customer_speaks_for_nobody_else(self):
        message = self.complaint.with_user(self.gaby).message_post(
            body="You are dismissed", author_id=self.amelie.partner_id.id,
            email_from="boss@ours.example", partner_ids=self.kayak.ids,
            subtype_xmlid='mail.mt_note', message_type='notification')
        self.assertEqual(message.author_id, self.gaby.partner_id)
        self.assertNotIn("boss", message.email_from)
        self.assertFalse(message.partner_ids)
        self.assertEqual(message.subtype_id, self.env.ref('mail.mt_comment'))
        with self.assertRaises(AccessError):
            self.complaint.with_user(self.jules).message_post(body="Me too")

    def test_message_of_the_customer_goes_on(self):
        self.complaint.write({'cause_id': self.env['gem.crm.complaint.cause'].create(
            {'name': "Rain"}).id, 'outcome': 'justified'})
        self.complaint._mark_answered()
        self.complaint.action_close()
        self.complaint.with_user(self.gaby).sudo().message_post(
            author_id=self.gaby.partner_id.id, body="Wet again", message_type='comment',
            subtype_xmlid='mail.mt_comment')
        self.assertFalse(self.complaint.date_closed)
        self.complaint.stage_id = self.waiting
        self.complaint.with_user(self.gaby).sudo().message_post(
            author_id=self.gaby.partner_id.id, body="Here is the picture", message_type='comment',
            subtype_xmlid='mail.mt_comment')
        self.assertEqual(self.complaint.stage_id, self.investigating)

    def test_message_about_a_merged_one_goes_to_the_survivor(self):
        survivor = self.complaint.copy({'name': "The same"})
        self.complaint._merge_into(survivor)
        survivor.stage_id = self.waiting
        message = self.complaint.with_user(self.gaby).message_post(body="Here is the picture")
        self.assertEqual(message.res_id, survivor.id)
        self.assertEqual(survivor.stage_id, self.investigating)
        self.assertEqual(self.complaint.state, 'cancelled')


@tagged('post_install', '-at_install')
class TestPortalPages(PortalCommon, HttpCase):

    def _post(self, url, **data):
        files = data.pop('files', None)
        return self.url_open(
            url, data={'csrf_token': http.Request.csrf_token(self), **data}, files=files)

    def _rpc(self, model, method, *args, **kwargs):
        return self.make_jsonrpc_request('/web/dataset/call_kw', {
            'model': model, 'method': method, 'args': args, 'kwargs': kwargs,
        })

    def test_list_shows_one_s_own(self):
        for login, sees in (('gaby', True), ('hugo', True), ('jules', False)):
            self.authenticate(login, login)
            page = self.url_open('/my/complaints').text
            self.assertEqual("Wet parcels" in page, sees, login)
            self.assertIn('/my/complaints/new', page)
        self.authenticate(None, None)
        self.assertIn('/web/login', self.url_open('/my/complaints').url)

    def test_doors_of_another_customer_are_shut(self):
        """Portal A against portal B, by every way there is."""
        complaint = self.complaint
        token = complaint._portal_ensure_token()
        other = self._complaint(self.chloe, partner_id=self.juniper.id, name="Cold coffee")
        foreign = other._portal_ensure_token()
        secret = self.internal.attachment_ids[:1]
        page = f'/my/complaints/{complaint.id}'
        # who, address, whether the complaint is seen
        tries = [
            ('gaby', page, True), ('hugo', page, True),
            ('jules', page, False), ('jules', f'{page}?access_token=wrong', False),
            ('jules', f'{page}?access_token={foreign}', False),
            ('jules', f'{page}?access_token=', False),
            (None, page, False), (None, f'{page}?access_token=wrong', False),
            (None, f'{page}?access_token={foreign}', False),
            (None, f'{page}?access_token={token}', True),
            ('gaby', f'/my/complaints/{other.id}', False),
            ('gaby', '/my/complaints/999999999', False),
        ]
        for login, url, seen in tries:
            with self.subTest(login=login, url=url):
                self.authenticate(login, login)
                answer = self.url_open(url)
                self.assertEqual(
                    "Three of ten arrived wet" in answer.text and answer.status_code == 200, seen)
                for ours in ("Our packer was drunk", "Wrap them twice", "A draft that nobody"):
                    self.assertNotIn(ours, answer.text)
        for login in ('gaby', 'jules', None):
            self.authenticate(login, login)
            for file in (secret, self.loose):
                with self.subTest(login=login, file=file.name), mute_logger(*SILENT):
                    for given in ('', '?access_token=x'):
                        self.assertNotIn(
                            b'for us', self.url_open(f'/web/content/{file.id}{given}').content)

    def test_rpc_of_another_customer_is_refused(self):
        ids = self.complaint.ids
        for login, own in (('gaby', True), ('jules', False)):
            self.authenticate(login, login)
            user = getattr(self, login)
            key = self.env['res.users.apikeys'].with_user(user).sudo()._generate(
                'rpc', "Portal test", False)
            with self.subTest(login=login), mute_logger(*SILENT):
                self.assertEqual(bool(self._rpc(
                    'gem.crm.complaint', 'search_read', [('id', 'in', ids)], ['name'])), own)
                attempts = {
                    'read': lambda: self._rpc('gem.crm.complaint', 'read', ids, ['name']),
                    'web_read': lambda: self._rpc(
                        'gem.crm.complaint', 'web_read', ids, specification={'name': {}}),
                }
                for name, attempt in attempts.items():
                    if own:
                        self.assertTrue(attempt(), name)
                    else:
                        with self.assertRaises(JsonRpcException):
                            attempt()
                for field in ('lesson', 'answer', 'cause_id', 'access_token'):
                    with self.assertRaises(JsonRpcException):
                        self._rpc('gem.crm.complaint', 'read', ids, [field])
                answer = self.url_open(
                    '/json/2/gem.crm.complaint/read',
                    data=json.dumps({'ids': ids, 'fields': ['name']}),
                    headers={'Authorization': f'Bearer {key}',
                             'Content-Type': 'application/json'})
                self.assertEqual(answer.status_code == 200, own)
                with self.assertRaises(JsonRpcException):
                    self._rpc('mail.message', 'read', self.internal.ids, ['body'])

    def test_chatter_of_another_customer_is_shut(self):
        token = self.complaint._portal_ensure_token()
        fetch = {'thread_model': 'gem.crm.complaint', 'thread_id': self.complaint.id}
        post = fetch | {'post_data': {'body': "Hello", 'message_type': 'comment'}}
        for login, given, may in (
            ('gaby', {}, True), ('jules', {}, False), ('jules', {'token': 'wrong'}, False),
            (None, {'token': 'wrong'}, False), (None, {'token': token}, True),
        ):
            self.authenticate(login, login)
            with self.subTest(login=login, **given), mute_logger(*SILENT):
                try:
                    messages = self.make_jsonrpc_request(
                        '/mail/chatter_fetch', fetch | given)['data'].get('mail.message', [])
                except JsonRpcException:
                    messages = []
                bodies = " ".join(str(message.get('body')) for message in messages)
                self.assertEqual("We look into it" in bodies, may)
                self.assertNotIn("drunk", bodies)
                before = self.complaint.message_ids
                if may:
                    self.make_jsonrpc_request('/mail/message/post', post | given)
                else:
                    with self.assertRaises(JsonRpcException):
                        self.make_jsonrpc_request('/mail/message/post', post | given)
                self.complaint.invalidate_recordset(['message_ids'])
                self.assertEqual(self.complaint.message_ids != before, may)

    def test_customer_files_a_complaint(self):
        invoice = self._invoice(self.horizon)
        invoice.action_post()
        theirs = self._invoice(self.juniper, "Coffee machine")
        theirs.action_post()
        draft = self._invoice(self.horizon, "Not sold yet")
        self.authenticate('gaby', 'gaby')
        form = self.url_open('/my/complaints/new').text
        self.assertIn("Wooden shelf", form)
        self.assertIn(invoice.name, form)
        self.assertNotIn("Coffee machine", form)
        self.assertNotIn("Not sold yet", form)
        line = invoice.invoice_line_ids
        answer = self._post(
            '/my/complaints/new', subject="Broken shelf", text="It fell.\n<b>On me.</b>",
            expectation="A new one", purchase=f'line:{line.id}',
            files=[('files', ('proof.png', b'\x89PNG', 'image/png'))])
        complaint = self.Complaint.search([('name', '=', "Broken shelf")])
        self.assertIn(f'/my/complaints/{complaint.id}', answer.url)
        self.assertRecordValues(complaint, [{
            'partner_id': self.horizon.id, 'contact_id': self.gaby.partner_id.id,
            'channel': 'portal', 'product_id': line.product_id.id, 'move_id': invoice.id,
            'expectation': "A new one", 'user_id': False,
        }])
        self.assertNotIn("<b>", complaint.description)
        said = complaint.message_ids.filtered(lambda m: m.author_id == self.gaby.partner_id)
        self.assertEqual(said.attachment_ids.mapped('name'), ['proof.png'])
        self.assertTrue(complaint.date_acknowledged)
        told = complaint.message_ids.filtered(lambda m: m.message_type == 'auto_comment')
        self.assertEqual(len(told), 1)
        self.assertIn(self.gaby.partner_id, told.notified_partner_ids)

        for purchase in (f'line:{theirs.invoice_line_ids.id}', f'move:{theirs.id}',
                         f'line:{draft.invoice_line_ids.id}', 'line:x', 'user:1'):
            with self.subTest(purchase=purchase):
                answer = self._post(
                    '/my/complaints/new', subject="Not mine", text="At all", purchase=purchase)
                self.assertIn("none of your invoices", answer.text)
        answer = self._post('/my/complaints/new', subject=" ", text=" ")
        self.assertIn("in a few words what it is about", answer.text)
        self.assertIn("Tell us what happened", answer.text)
        self.assertFalse(self.Complaint.search([('name', '=', "Not mine")]))

    def test_filing_needs_the_token_of_the_form(self):
        self.authenticate('gaby', 'gaby')
        with mute_logger(*SILENT):
            answer = self.url_open(
                '/my/complaints/new', data={'subject': "Forged", 'text': "By another site"})
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(self.Complaint.search([('name', '=', "Forged")]))

    def test_customer_says_it_is_settled(self):
        url = f'/my/complaints/{self.complaint.id}/settled'
        self.authenticate('jules', 'jules')
        self._post(url)
        self.assertFalse(self.complaint.date_settled, "it is not his")
        self.authenticate('gaby', 'gaby')
        with mute_logger(*SILENT):
            self.assertEqual(self.url_open(url).status_code, 405, "no link does it")
            self.assertEqual(self.url_open(url, data={'x': 1}).status_code, 400)
        self.assertFalse(self.complaint.date_settled)
        answer = self._post(url)
        self.assertTrue(self.complaint.date_settled)
        self.assertFalse(self.complaint.date_closed, "the handler has to say why it happened")
        self.assertEqual(
            self.complaint.activity_ids.user_id, self.complaint.user_id, "who is told to")
        self.assertIn('/rate/', answer.text)
        rating = self.env['rating.rating'].search(
            [('res_model', '=', 'gem.crm.complaint'), ('res_id', '=', self.complaint.id)])
        self._post(f'/rate/{rating.access_token}/submit_feedback', rate=5, feedback="Quick")
        self.assertEqual((rating.rating, rating.consumed), (5, True))
        self.assertEqual(rating.partner_id, self.gaby.partner_id)
        self.assertNotIn('/rate/', self.url_open(f'/my/complaints/{self.complaint.id}').text)

    def test_settled_and_answered_is_closed(self):
        self.complaint.write({'cause_id': self.env['gem.crm.complaint.cause'].create(
            {'name': "Rain"}).id, 'outcome': 'justified'})
        self.complaint._mark_answered()
        before = self.env['mail.mail'].search_count([])
        self.complaint._settle(self.gaby.partner_id)
        self.assertEqual(self.complaint.state, 'closed')
        self.assertEqual(self.env['mail.mail'].search_count([
            ('subject', 'ilike', 'satisfied')]), 0, f"asked on the page ({before} before)")
        self.complaint.action_reopen()
        self.assertFalse(self.complaint.date_settled)

    def test_merged_complaint_leads_to_the_survivor(self):
        other = self._complaint(name="Wet parcels, again")
        self.complaint._merge_into(other)
        self.authenticate('gaby', 'gaby')
        self.assertIn(
            f'/my/complaints/{other.id}', self.url_open(f'/my/complaints/{self.complaint.id}').url)

    def test_employee_does_not_file_as_a_customer(self):
        self.authenticate('amelie', 'amelie')
        self.assertTrue(self.url_open('/my/complaints/new').url.endswith('/my'))


@tagged('post_install', '-at_install')
class TestPortalTour(PortalCommon, HttpCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('fr_FR')
        cls.gaby.lang = 'fr_FR'
        cls._invoice(cls.horizon).action_post()

    def test_customer_files_answers_and_settles_in_french(self):
        self.start_tour('/my', 'gem_crm_complaint_portal', login='gaby')
        complaint = self.Complaint.search([('name', '=', "Étagère cassée")])
        self.assertRecordValues(complaint, [{
            'partner_id': self.horizon.id, 'channel': 'portal',
            'expectation': "Une étagère neuve",
        }])
        self.assertEqual(complaint.product_id.name, "Wooden shelf")
        self.assertIn("Le plateau aussi.", " ".join(map(str, complaint.message_ids.mapped('body'))))
        self.assertTrue(complaint.date_settled)
        rating = self.env['rating.rating'].search(
            [('res_model', '=', 'gem.crm.complaint'), ('res_id', '=', complaint.id)])
        self.assertEqual((rating.rating, rating.consumed), (5, True))
