from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.gem_crm.tests.common_correspondence import SILENT, CorrespondenceCommon


@tagged('post_install', '-at_install')
class TestCorrespondenceLife(CorrespondenceCommon):
    """What happens to an entry when people, documents and messages change."""

    # ------------------------------------------------------------
    # What happens to people, documents and messages
    # ------------------------------------------------------------

    def test_merge_keeps_each_message_once(self):
        self.send(self.horizon, self.ines | self.juniper)
        self.receive(self.juniper, sender="hello@juniper.example.com")
        self.Correspondence.create({'partner_id': self.juniper.id, 'subject': "Call"})
        self.assertEqual((len(self.of(self.horizon)), len(self.of(self.juniper))), (1, 3))
        wizard = self.env['base.partner.merge.automatic.wizard'].create({})
        with mute_logger(*SILENT, 'odoo.addons.base.partner.merge'):
            wizard._merge((self.horizon | self.juniper).ids, self.horizon, extra_checks=False)
        self.assertEqual(len(self.of(self.horizon)), 3)
        self.assertEqual(
            self.of(self.horizon).filtered(lambda e: e.direction == 'in').res_id, self.horizon.id)

    def test_customer_who_joins_a_company(self):
        self.send(self.kayak, self.kayak | self.juniper)
        self.kayak.write({'is_company': False, 'parent_id': self.juniper.id})
        self.assertEqual(len(self.of(self.juniper)), 1)
        self.assertFalse(self.of(self.kayak))

    def test_contact_who_changes_company_leaves_the_past_behind(self):
        self.receive(self.horizon)
        self.ines.parent_id = self.juniper
        self.assertEqual(self.of(self.horizon).contact_id, self.ines)
        self.receive(self.juniper)
        self.assertEqual(self.of(self.juniper).contact_id, self.ines)

    def test_document_of_nobody_becomes_a_customers(self):
        invoice = self.env['account.move'].create({
            'move_type': 'out_invoice', 'journal_id': self.journal.id})
        self.receive(invoice, sender="new@elsewhere.example.com")
        self.assertFalse(self.of(self.juniper))
        invoice.partner_id = self.juniper
        self.assertEqual(len(self.of(self.juniper)), 1)
        invoice.partner_id = self.kayak
        self.assertFalse(self.of(self.juniper))
        self.assertEqual(len(self.of(self.kayak)), 1)

    def test_deletions(self):
        self.receive(self.invoice)
        self.receive(self.horizon)
        call = self.Correspondence.create({
            'partner_id': self.horizon.id, 'subject': "Call",
            'res_model': 'account.move', 'res_id': self.invoice.id,
        })
        with mute_logger(*SILENT):
            self.invoice.unlink()
            self.assertEqual(len(self.of(self.horizon)), 2)
            self.assertFalse(call.res_id, "what was logged stays the customer's")
            self.horizon.message_ids.unlink()
            self.assertEqual(self.of(self.horizon), call)
            self.receive(self.juniper, sender="hello@juniper.example.com")
            self.juniper.unlink()
        self.assertFalse(self.Correspondence.search([('email_from', 'like', 'juniper')]))

    def test_message_corrected(self):
        message = self.send(self.invoice, self.ines)
        self.invoice._message_update_content(message, body="It leaves today.")
        self.assertIn("It leaves today.", self.of(self.horizon).preview)

    # ------------------------------------------------------------
    # The past
    # ------------------------------------------------------------

    def test_past_is_recorded_once_batch_by_batch(self):
        for day, document in enumerate([self.invoice] * 3 + [self.horizon], start=1):
            self.receive(document, Date=f"{day} Mar 2026 10:00:00 +0000")
        self.send(self.invoice, self.ines)
        before = self.of(self.horizon)
        recorded = before.read(['subject', 'date', 'direction', 'answer_state', 'answered_on'])
        self.assertEqual(before.mapped('answer_state'), ['answered'] * 3 + ['awaited', False])
        last = before.message_id.sorted('id')[-1].id
        first = before.message_id.sorted('id')[0].id
        before.unlink()
        for _run in range(2):  # the second finds everything done
            self.env['mail.message']._gem_set_past_left(last)
            while self.env['mail.message']._gem_get_past_left() >= first:
                self.env['mail.message']._gem_record_past(size=2)
        after = self.of(self.horizon)
        self.assertEqual(
            [{**values, 'id': None} for values in after.read(list(recorded[0]))],
            [{**values, 'id': None} for values in recorded],
        )

    def test_cron_ends_with_nothing_left(self):
        self.env['mail.message']._gem_set_past_left(3)
        with self.enter_registry_test_mode():
            self.env.ref('gem_crm.mail_message_cron_record_past').method_direct_trigger()
        self.assertEqual(self.env['mail.message']._gem_get_past_left(), 0)

    # ------------------------------------------------------------
    # Cost
    # ------------------------------------------------------------

    def test_nothing_is_asked_when_it_is_about_nobody(self):
        """Notes and what is sent in the inbox of employees cost no query more."""
        self.amelie.notification_type = 'inbox'
        users = self.amelie.partner_id
        note = {'body': "Note", 'message_type': 'comment'}
        recorder = 'odoo.addons.gem_crm.models.mail_message.MailMessage._gem_correspondence_values'
        with patch(recorder, side_effect=AssertionError("about nobody")):
            self.horizon.message_post(**note)
            self.horizon.message_post(**note, partner_ids=users.ids)
            self.horizon.message_notify(**{'body': "Look"}, partner_ids=users.ids)

    def test_page_costs_the_same_with_five_or_fifty(self):
        start = datetime(2026, 3, 1)
        messages = self.env['mail.message'].create([
            {'model': 'res.partner', 'res_id': self.horizon.id, 'author_id': self.ines.id,
             'message_type': 'email', 'subject': f"Mail {i}", 'date': start + timedelta(hours=i),
             'body': "<p>Text</p>"}
            for i in range(50)
        ])
        self.assertEqual(len(self.of(self.horizon)), 50)
        self.assertEqual(len(messages), 50)
        Correspondence = self.Correspondence.with_user(self.chloe)
        specification = {
            name: {'fields': {'display_name': {}}} if name == 'partner_id' else {}
            for name in (
                'date', 'direction', 'channel', 'partner_id', 'author_name', 'recipients',
                'subject', 'preview', 'document_name', 'delivery', 'days_waiting', 'is_stranger',
            )
        }

        def queries(limit):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            Correspondence.web_search_read(
                [('partner_id', '=', self.horizon.id)], specification, limit=limit, count_limit=1)
            return self.cr.sql_log_count - before

        queries(5)  # what a server remembers
        self.assertEqual(queries(5), queries(50))
