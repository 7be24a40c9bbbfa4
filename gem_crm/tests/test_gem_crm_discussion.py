from contextlib import nullcontext
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.gem_crm.tests.common_discussion import SECRET, TOPIC, DiscussionCommon


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
