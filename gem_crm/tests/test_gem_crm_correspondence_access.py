from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.gem_crm.tests.common_correspondence import SILENT, CorrespondenceCommon


@tagged('post_install', '-at_install')
class TestCorrespondenceAccess(CorrespondenceCommon):
    """Who reads what: what hangs on a document is for its readers."""

    def test_readers_see_what_hangs_on_documents_they_may_read(self):
        self.receive(self.invoice, subject="About the invoice")
        about_invoice = self.of(self.horizon)
        self.receive(self.horizon, subject="About us")
        about_us = self.of(self.horizon) - about_invoice
        self.receive(self.juniper, sender="hello@juniper.example.com")
        juniper = self.of(self.juniper)
        logged = self.Correspondence.with_user(self.amelie).create({
            'partner_id': self.horizon.id, 'subject': "Call"}).sudo()
        every = about_invoice | about_us | juniper | logged
        self.env.ref('base.group_allow_export').user_ids += (
            self.amelie | self.bruno | self.chloe | self.diane | self.emile)
        nothing = self.Correspondence
        cannot_invoice = every - about_invoice
        for user, seen in (
            (self.amelie, about_us | logged),
            (self.bruno, juniper),
            (self.chloe, cannot_invoice),
            (self.diane, cannot_invoice),
            (self.emile, about_invoice),
        ):
            with self.subTest(user=user.login), mute_logger(*SILENT):
                entries = self.Correspondence.with_user(user)
                domain = [('id', 'in', every.ids)]
                self.env.invalidate_all()
                self.assertEqual(entries.search(domain), seen)
                self.assertEqual(entries.search_count(domain), len(seen))
                [[number]] = entries._read_group(domain, [], ['__count'])
                self.assertEqual(number, len(seen))
                self.assertEqual(len(entries.name_search(domain=domain)), len(seen))
                for entry in every.with_user(user):
                    self.env.invalidate_all()
                    if entry.sudo() in seen.sudo():
                        self.assertTrue(entry.has_access('read'))
                        self.assertTrue(entry.read(['subject', 'body', 'document_name']))
                    else:
                        self.assertFalse(entry.has_access('read'))
                        for reader in (
                            lambda entry: entry.read(['subject']),
                            lambda entry: entry.export_data(['subject']),
                            lambda entry: entry.web_read({'body': {}}),
                            lambda entry: entry.action_no_answer_needed(),
                        ):
                            with self.assertRaises(AccessError):
                                reader(entry)
        for user in (self.felix, self.gaby):
            with self.assertRaises(AccessError):
                nothing.with_user(user).search([])
        with self.assertRaises(AccessError), mute_logger(*SILENT):
            about_invoice.with_user(self.emile).action_no_answer_needed()

        self.env.ref('account.group_account_readonly').user_ids += self.chloe
        self.assertEqual(
            self.Correspondence.with_user(self.chloe).search([('id', 'in', every.ids)]), every)

    def test_nobody_logs_about_a_document_they_may_not_read(self):
        with self.assertRaises(AccessError), mute_logger(*SILENT):
            self.Correspondence.with_user(self.amelie).create({
                'partner_id': self.horizon.id, 'subject': "Call",
                'res_model': 'account.move', 'res_id': self.invoice.id,
            })

    def test_documents_of_an_app_uninstalled_since(self):
        self.receive(self.horizon)
        entry = self.of(self.horizon)
        entry.write({'res_model': 'gone.model'})
        self.env.invalidate_all()
        self.assertFalse(self.of(self.horizon, self.chloe))
        self.assertFalse(entry.document_name)
        self.assertFalse(entry.with_user(self.chloe).has_access('read'))
