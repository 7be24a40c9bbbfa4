from ast import literal_eval
from contextlib import contextmanager

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.gem_crm.tests.common_discussion import SECRET, DiscussionCommon


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
