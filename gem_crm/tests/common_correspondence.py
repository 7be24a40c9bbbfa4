from email.message import EmailMessage
from itertools import count

from odoo.tools import mute_logger

from odoo.addons.gem_crm.tests.common import FollowUpCommon
from odoo.addons.mail.tests import common as mail_common

SILENT = (
    'odoo.addons.base.models.ir_rule', 'odoo.addons.mail.models.mail_thread', 'odoo.models.unlink',
)


class CorrespondenceCommon(FollowUpCommon, mail_common.MockEmail):
    """Adds an invoice of Horizon Books that e-mails can be about."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._init_mail_gateway()
        cls.message_ids = count()
        cls.Correspondence = cls.env['gem.crm.correspondence']
        cls.amelie.email = "amelie@company.example.com"
        cls.juniper.email = "hello@juniper.example.com"
        cls.account = cls.env['account.account'].create({
            'name': "Sales", 'code': 'GEM700', 'account_type': 'income',
        })
        cls.journal = cls.env['account.journal'].create({
            'name': "Sales of the tests", 'code': 'GEM', 'type': 'sale',
            'default_account_id': cls.account.id,
        })
        cls.invoice = cls._invoice(cls.horizon)

    @classmethod
    def _invoice(cls, partner):
        return cls.env['account.move'].create({
            'move_type': 'out_invoice', 'partner_id': partner.id, 'journal_id': cls.journal.id,
        })

    def of(self, partner, user=None):
        """The correspondence of a customer, the oldest first."""
        return self.Correspondence.with_user(user or self.env.user).search(
            [('partner_id', '=', partner.id)], order='date, id')

    def receive(self, document, sender="Ines Cote <ines@horizon.example.com>", subject="A question",
                body="When will it come?", **headers):
        """An e-mail about ``document`` arrives at the gateway."""
        email = EmailMessage()
        email['From'] = sender
        email['To'] = "sales@company.example.com"
        email['Subject'] = subject
        email['Message-Id'] = f"<{next(self.message_ids)}@horizon.example.com>"
        for name, value in headers.items():
            email[name.replace('_', '-')] = value
        email.set_content(body)
        with mute_logger(*SILENT):
            self.env['mail.thread'].message_process(
                document._name, email.as_string(), thread_id=document.id)
        return self.Correspondence.search([], order='id desc', limit=1)

    def send(self, document, partners, author=None, **kwargs):
        """An employee writes to ``partners`` in the chatter of ``document``."""
        return document.with_user(author or self.env.ref('base.user_admin')).message_post(
            **{'body': "It left yesterday.", 'partner_ids': partners.ids,
               'message_type': 'comment', 'subtype_xmlid': 'mail.mt_comment'} | kwargs)
