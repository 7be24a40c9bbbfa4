from odoo import api, models

from .mail_message_discussion import DISCUSSION


class MailMail(models.Model):
    _inherit = 'mail.mail'

    @api.constrains('mail_message_id', 'recipient_ids', 'email_to', 'email_cc')
    def _check_discussion_recipients(self):
        # No template, wizard or automation may send a discussion to an outsider either.
        for mail in self.sudo().filtered(lambda mail: mail.model == DISCUSSION):
            self.env[DISCUSSION].browse(mail.res_id)._refuse_outsiders(
                mail.recipient_ids, ', '.join(filter(None, (mail.email_to, mail.email_cc))),
            )
