import importlib.util
import random
from base64 import b64decode
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path
from unittest.mock import patch

from psycopg2 import OperationalError

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.gem_crm.tests.test_gem_crm_complaint_gateway import GatewayCommon

# Python's own, where its tests are installed.
PYTHON_S = importlib.util.find_spec('test') and Path(
    importlib.util.find_spec('test').origin).parent / 'test_email' / 'data'
SILENT = ('odoo.addons.mail', 'odoo.addons.base.models.ir_attachment', 'odoo.sql_db')
HOSTILE = {
    "nothing but the address": b"To: complaints@ours.example\r\n\r\n",
    "empty": b"",
    "NUL bytes": b"From: a\x00@x.example\r\nTo: complaints@ours.example\r\nSubject: a\x00b"
                 b"\r\n\r\n\x00\x00text",
    "bytes outside ASCII": b"From: Caf\xe9 <a@x.example>\r\nTo: complaints@ours.example\r\n"
                           b"Subject: \xff\xfe d\xe9j\xe0\r\n\r\n\xe9\xe8",
    "unknown character set": b"From: a@x.example\r\nTo: complaints@ours.example\r\n"
                             b"Subject: =?klingon?q?nuqneH?=\r\n"
                             b"Content-Type: text/plain; charset=klingon\r\n\r\nnuqneH",
    "identifier that is none": b"From: a@x.example\r\nTo: complaints@ours.example\r\n"
                               b"Message-Id: <a b c\xff\x00>\r\n\r\ntext",
    "endless header": b"From: a@x.example\r\nTo: complaints@ours.example\r\nSubject: "
                      + b"x" * 100_000 + b"\r\n\r\ntext",
    "thousands of references": b"From: a@x.example\r\nTo: complaints@ours.example\r\n"
                               b"References: " + b" ".join(
                                   b"<%d@x>" % i for i in range(5000)) + b"\r\n\r\ntext",
    "header that injects another": b"From: a@x.example\r\nTo: complaints@ours.example\r\n"
                                   b"Subject: =?utf-8?q?a=0D=0ABcc:_b@x.example?=\r\n\r\ntext",
    "broken base64": b"From: a@x.example\r\nTo: complaints@ours.example\r\n"
                     b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!=",
    "boundary that never comes": b"From: a@x.example\r\nTo: complaints@ours.example\r\n"
                                 b"Content-Type: multipart/mixed; boundary=x\r\n\r\ntext",
    "date of no year": b"From: a@x.example\r\nTo: complaints@ours.example\r\n"
                       b"Date: 99 Foo 99999 99:99:99 +9999\r\n\r\ntext",
    "date before there were any": b"From: a@x.example\r\nTo: complaints@ours.example\r\n"
                                  b"Date: Mon, 01 Jan 0001 00:00:00 +1400\r\n\r\ntext",
    "script": b"From: a@x.example\r\nTo: complaints@ours.example\r\nContent-Type: text/html\r\n"
              b"\r\n<script>alert(1)</script><p onclick='x()'>Wet</p>",
    "entity bomb": b"From: a@x.example\r\nTo: complaints@ours.example\r\n"
                   b"Content-Type: text/html\r\n\r\n<!DOCTYPE x [<!ENTITY a 'aaaa'>]><p>&a;</p>",
    "attachment of type any": b"From: a@x.example\r\nTo: complaints@ours.example\r\n"
                              b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
                              b"Content-Type: */*; name=\"..\\..\\x\x00.exe\"\r\n\r\nMZ\r\n--x--",
    "surrogates": "From: a@x.example\r\nTo: complaints@ours.example\r\n"
                  "Subject: \udce9\udcff\r\n\r\ntext".encode('utf-8', 'surrogateescape'),
    "sender with a thousand names": b"From: " + b", ".join(
        b"a%d@x.example" % i for i in range(1000)) + b"\r\nTo: complaints@ours.example\r\n\r\nx",
}


@tagged('post_install', '-at_install')
class TestHostileMail(GatewayCommon):
    """Whatever arrives becomes one record, and raises nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['ir.config_parameter'].set_param('mail.gateway.loop.threshold', 100_000)
        cls.address.acknowledges = False

    def _records(self):
        return (
            self.Complaint.with_context(active_test=False).search_count([])
            + self.Quarantine.with_context(active_test=False).search_count([])
            + self.env['mail.message'].search_count(
                [('model', '=', 'gem.crm.complaint'), ('message_type', '=', 'email')])
        )

    def _take(self, source, model='gem.crm.complaint'):
        """Deliver a mail; return how many complaints, messages and mails aside it made."""
        before = self._records()
        with mute_logger(*SILENT):
            self.env['mail.thread'].message_process(model, source)
            self.env.flush_all()
        self.env.invalidate_all()
        return self._records() - before

    def test_each_hostile_mail_is_kept(self):
        for name, source in HOSTILE.items():
            with self.subTest(name):
                # A complaint with its message, or a row of what is kept aside.
                self.assertIn(self._take(source), (1, 2), name)
                self.assertEqual(self._take(source), 0, f"{name}, delivered again")

    def test_script_is_not_kept(self):
        self._take(HOSTILE["script"])
        complaint = self.Complaint.search([], order='id desc', limit=1)
        for text in (complaint.description, complaint.message_ids[0].body):
            self.assertNotIn('script', text)
            self.assertNotIn('onclick', text)
            self.assertIn("Wet", text)

    def test_python_s_own_mails(self):
        sources = [
            path.read_bytes() for path in sorted(PYTHON_S.glob('*.txt'))
        ] if PYTHON_S and PYTHON_S.is_dir() else []
        for number, source in enumerate(sources):
            with self.subTest(mail=number):
                # Reports of deliveries are for the messages that they are about.
                self.assertIn(self._take(source), (0, 1, 2))

    def test_mutations(self):
        """Mails with bytes changed, cut and doubled at random: all are taken."""
        chance = random.Random(20260402)
        mail = MIMEMultipart()
        mail['From'] = '"Ines Cote" <ines@horizon.example.com>'
        mail['To'] = 'complaints@ours.example'
        mail['Subject'] = "=?utf-8?b?TW91aWxsw6k=?="
        mail['Date'] = "Mon, 02 Mar 2026 10:00:00 +0100"
        mail['References'] = "<a@x> <b@y>"
        mail.attach(MIMEText("<p>Mouillé</p>", 'html', 'utf-8'))
        mail.attach(MIMEText("Mouillé", 'plain', 'iso-8859-1'))
        whole = mail.as_bytes()
        for number in range(60):
            source = bytearray(whole)
            for _change in range(chance.randint(1, 12)):
                place = chance.randrange(len(source))
                kind = chance.randrange(4)
                if kind == 0:
                    source[place] = chance.randrange(256)
                elif kind == 1:
                    del source[place:place + chance.randint(1, 40)]
                elif kind == 2:
                    source[place:place] = source[place:place + 40]
                else:
                    source[place:place] = bytes(chance.randrange(256) for _byte in range(3))
            source = f"X-Number: {number}\r\n".encode() + bytes(source)
            with self.subTest(number=number):
                self.assertIn(self._take(source), (0, 1, 2))

    def test_mail_that_cannot_be_read_is_mended(self):
        source = self._mail(Subject="Wet again").replace(b'"utf-8"', b'"klingon"')
        self.assertIn(b'klingon', source)
        self._take(source, model=False)
        complaint = self.Complaint.search([('name', '=', "Wet again")])
        self.assertEqual(complaint.partner_id, self.horizon)
        self.assertIn("Three of ten parcels", complaint.description)
        self.assertEqual(
            complaint.message_ids.attachment_ids.filtered(
                lambda file: file.name == 'original.eml').raw, source)

    def test_mail_that_cannot_be_mended_is_kept_aside(self):
        """Should even that fail, an administrator has the source, and tries again."""
        source = self._mail()
        Complaint = type(self.Complaint)
        with patch.object(Complaint, 'message_new', side_effect=ValueError("out of order")):
            self._take(source, model=False)
        kept = self.Quarantine.search([])
        self.assertRecordValues(kept, [{
            'reason': 'unreadable', 'name': "Wet parcels", 'company_id': self.env.company.id,
            'error': "ValueError: out of order",
        }])
        self.assertIn("ines@horizon.example.com", kept.email_from)
        self.assertIn("Three of ten parcels", kept.excerpt)
        self.assertFalse(self.Quarantine.with_user(self.amelie).has_access('read'))
        kept = kept.with_user(self.diane)
        self.assertIn(b"Three of ten parcels", kept.source and b64decode(
            kept.with_context(bin_size=False).source))
        kept.action_discard()
        self.assertFalse(kept.active)
        kept.action_restore()
        action = kept.action_take()
        complaint = self.Complaint.browse(action['res_id'])
        self.assertEqual((complaint.name, complaint.partner_id), ("Wet parcels", self.horizon))
        self.assertFalse(kept.active)

    def test_interrupted_mail_waits_outside_the_transaction(self):
        source = self._mail()
        Complaint = type(self.Complaint)
        with (
            patch.object(Complaint, 'message_new', side_effect=OperationalError("lost")),
            patch.object(type(self.Quarantine), '_keep', autospec=True) as keep,
            self.assertRaises(OperationalError),
        ):
            self._take(source, model=False)
        [(quarantine, mail, reason, error)] = [call.args for call in keep.call_args_list]
        self.assertEqual((reason, str(error)), ('interrupted', "lost"))
        quarantine = self.Quarantine._keep(mail, reason, error)
        with patch.object(type(self.env['ir.cron']), '_commit_progress', return_value=1):
            self.Quarantine._cron_retry_interrupted()
        self.assertEqual(quarantine.complaint_id.name, "Wet parcels")
        self.assertFalse(quarantine.active)

    def test_settings_that_fail_lose_no_complaint(self):
        self.address.alias_id.alias_defaults = repr({
            'company_id': self.env.company.id, 'user_id': 999_999_999, 'no_such_field': "x"})
        complaint = self._receive()
        self.assertEqual(complaint.partner_id, self.horizon)
        self.assertIn(
            "could not be used", " ".join(map(str, complaint.message_ids.mapped('body'))))
        self.assertNotEqual(self.address.alias_id.alias_status, 'invalid')

    def test_message_new_takes_anything(self):
        for values in ({}, {'subject': None}, {'subject': "x" * 5000, 'body': "\ud800"[:0]},
                       {'email_from': "no address", 'body': False}):
            with self.subTest(**{name: str(value)[:20] for name, value in values.items()}):
                self.assertTrue(self.Complaint.message_new(values, {'company_id': None}))

    def test_mail_delivered_again_makes_one(self):
        source = self._mail()
        for _time in range(3):
            self._take(source, model=False)
        self.assertEqual(self.Complaint.search_count([('name', '=', "Wet parcels")]), 1)

    def test_mail_without_identifier_delivered_again_makes_one(self):
        source = self._mail(Message_Id=None, Subject="No number")
        for hop in (b"Received: from one\r\n", b"Received: from two\r\n"):
            self._take(hop + source, model=False)
        self.assertEqual(self.Complaint.search_count([('name', '=', "No number")]), 1)

    def test_mails_of_other_apps_are_left_to_them(self):
        with mute_logger(*SILENT), self.assertRaises(ValueError):
            self.env['mail.thread'].message_process(
                False, self._mail(To="nobody@ours.example"))
        self.assertFalse(self.Quarantine.search([]))
