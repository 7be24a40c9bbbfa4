from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.gem_crm.tests.common import FollowUpCommon
from odoo.addons.mail.tests.common import MockEmail

SECRET = "The lorry never left Lyon"
TOPIC = "Late delivery of the spring order"
DENIED = (
    'odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule', 'odoo.http',
)


class DiscussionCommon(FollowUpCommon, MockEmail):
    """Adds to the cast: Hugo, who opens his discussions and loses his rights afterwards.

    Bruno and Hugo deliver, Amelie and Chloe sell. Amelie reads in Odoo, the others by e-mail.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=False))
        cls._init_mail_gateway()
        cls.hugo = new_test_user(
            cls.env, 'hugo', 'gem_crm.gem_crm_group_user', name="Hugo Blanc",
            email="hugo@example.org")
        for user in (cls.amelie, cls.bruno, cls.chloe, cls.diane):
            user.email = f"{user.login}@example.org"
        cls.amelie.notification_type = 'inbox'
        cls.key_accounts, cls.dispatch = cls.env['gem.crm.department'].create([
            {'name': "Key accounts", 'member_ids': [Command.set((cls.amelie | cls.chloe).ids)]},
            {'name': "Dispatch", 'member_ids': [Command.set((cls.bruno | cls.hugo).ids)]},
        ])

    @classmethod
    def open_discussion(cls, user, **values):
        return cls.env['gem.crm.discussion'].with_user(user).create({
            'name': TOPIC, 'partner_id': cls.horizon.id, 'opening_message': SECRET, **values,
        }).with_env(cls.env)

    def post(self, discussion, user, body="Any news?", **values):
        return discussion.with_user(user).message_post(**{
            'body': body, 'message_type': 'comment', 'subtype_xmlid': 'mail.mt_comment', **values,
        })

    def end_transaction(self):
        """Write the tracked changes, as a commit would."""
        self.env.flush_all()
        self.env.cr.flush()

    def lose_rights(self, user):
        user.sudo().group_ids = self.env.ref('base.group_user')

    def assertNotifies(self, message, users):
        self.assertEqual(
            sorted(message.sudo().notification_ids.res_partner_id.mapped('name')),
            sorted(users.mapped('name')))
