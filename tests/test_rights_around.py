"""Who may do what with what hangs on a record: messages, files, exports, copies.

The table of test_rights.py says it: what is closed there is closed by every other road.
"""
import test_rights as matrix
from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

SECRET = "Paid in gold"
SILENT = (*matrix.SILENT, 'odoo.sql_db')
# A customer opens the files that messages show them, by the tokens these give: no other file.
BY_TOKEN = ('public', 'gaby')


class AroundCommon(matrix.RightsCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.records = {model: cls.seen_record(model) for model in matrix.RIGHTS}

    def succeeds(self, attempt):
        """Return whether the attempt is allowed and finds something; it is undone."""
        self.env.flush_all()
        self.env.invalidate_all()
        savepoint = self.cr.savepoint()
        try:
            found = attempt()
            self.env.flush_all()
            return found is not False
        except (UserError, IntegrityError):  # and AccessError, which is a UserError
            return False
        finally:
            self.env.invalidate_all(flush=False)
            savepoint.close(rollback=True)

    def check(self, models, attempts, closed_to=()):
        """Try each attempt as each role.

        :param attempts: by the operation of the table that allows it, functions of record and role
        :param closed_to: the roles that may do none of it, whatever the table says
        """
        for model in models:
            record = self.records[model]
            for login in matrix.ROLES:
                rights = '' if login in closed_to else matrix.RIGHTS[model][login]
                for what, (operation, attempt) in attempts.items():
                    with self.subTest(model=model, role=login, what=what), \
                            mute_logger(*SILENT):
                        user = getattr(self, login)
                        done = self.succeeds(lambda: attempt(record.with_user(user)))  # noqa: B023
                        self.assertEqual(done, operation in rights, f"{model}, {login}, {what}")


@tagged('post_install', '-at_install')
class TestRightsAround(AroundCommon):

    def test_messages(self):
        threads = [m for m, record in self.records.items() if hasattr(record, 'message_post')]
        self.assertTrue(threads)
        for model in threads:
            operation = {'write': 'w', 'read': 'r'}[self.env[model]._mail_post_access]
            self.check([model], {
                "post": (operation, lambda record: record.message_post(body="Me too")),
            })
        for model in threads:
            record = self.records[model]
            record.message_post(body=SECRET, subtype_xmlid='mail.mt_comment')
            record.message_post(body=SECRET, subtype_xmlid='mail.mt_note')
            # To follow a record is no right to read it; some models refuse such followers.
            self.env['mail.followers'].create([
                {
                    'res_model': model, 'res_id': record.id,
                    'partner_id': getattr(self, login).partner_id.id,
                }
                for login in ('gaby', 'felix', 'olga')
            ])

        def reads(record):
            return bool(record.env['mail.message'].search([
                ('model', '=', record._name), ('res_id', '=', record.id),
                ('body', 'ilike', SECRET),
            ])) or False

        self.check(threads, {"read messages": ('r', reads)})

    def test_files(self):
        files = {
            model: self.env['ir.attachment'].create({
                'name': "Contract", 'raw': b'secret', 'res_model': model, 'res_id': record.id,
            })
            for model, record in self.records.items()
        }

        def reads(record):
            return files[record._name].with_user(record.env.user).read(['raw']) and None

        def finds(record):
            return bool(record.env['ir.attachment'].search([
                ('id', '=', files[record._name].id), ('res_id', '!=', False),
            ])) or False

        def adds(record):
            return record.env['ir.attachment'].create({
                'name': "Mine", 'raw': b'mine', 'res_model': record._name, 'res_id': record.id,
            })

        self.check(matrix.RIGHTS, {
            "read the file": ('r', reads), "find the file": ('r', finds), "add one": ('w', adds),
        }, closed_to=BY_TOKEN)

    def test_export(self):
        exporters = self.env.ref('base.group_allow_export')
        for login in matrix.ROLES:
            getattr(self, login).sudo().group_ids += exporters

        def exports(record):
            return record.export_data(['display_name'])['datas'] and None

        self.check(matrix.RIGHTS, {"export": ('r', exports)})

    def test_copies(self):
        for model, rights in matrix.RIGHTS.items():
            for login in matrix.ROLES:
                if {'r', 'c'} <= set(rights[login]):
                    continue
                with self.subTest(model=model, role=login), mute_logger(*SILENT):
                    record = self.records[model].with_user(getattr(self, login))
                    self.assertFalse(self.succeeds(record.copy), f"{model}, {login}: copy")
                    # Without a customer, whoever creates any may create it.
                    if not record.browse().has_access('create'):
                        made = self.succeeds(lambda: record.name_create("New"))  # noqa: B023
                        self.assertFalse(made, f"{model}, {login}: create by name")


@tagged('post_install', '-at_install')
class TestRightsOfFilesOverHttp(AroundCommon, HttpCase):

    def test_download(self):
        files = {
            model: self.env['ir.attachment'].create({
                'name': "Contract", 'raw': b'secret', 'mimetype': 'text/plain',
                'res_model': model, 'res_id': record.id,
            })
            for model, record in self.records.items()
        }
        for login in ('gaby', 'felix', 'bruno', 'amelie'):
            self.authenticate(login, login)
            for model, file in files.items():
                with self.subTest(model=model, role=login), mute_logger(*SILENT):
                    may_read = login not in BY_TOKEN and 'r' in matrix.RIGHTS[model][login]
                    answer = self.url_open(f'/web/content/{file.id}')
                    self.assertEqual(b'secret' in answer.content, may_read)
                    if not may_read:
                        answer = self.url_open(f'/web/content/{file.id}?access_token=wrong')
                        self.assertNotIn(b'secret', answer.content)
