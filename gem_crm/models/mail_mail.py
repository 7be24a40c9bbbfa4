from odoo import api, models
from odoo.tools import SQL


class MailMail(models.Model):
    _inherit = 'mail.mail'

    @api.model_create_multi
    def create(self, vals_list):
        mails = super().create(vals_list)
        # Those that notify of a message are recorded with its notifications.
        mails.filtered(
            lambda mail: not mail.is_notification
        ).mail_message_id._gem_record_correspondence()
        return mails

    def unlink(self):
        self._gem_keep_correspondence()
        return super().unlink()

    def _gem_keep_correspondence(self):
        """Keep what was sent in the correspondence when Odoo cleans the e-mail up.

        The message of such an e-mail is deleted with it.
        """
        own = self.filtered(lambda mail: not mail.is_notification and mail.state != 'outgoing')
        if not own:
            return
        Correspondence = self.env['gem.crm.correspondence']
        own.flush_recordset(['state', 'mail_message_id'])
        Correspondence.flush_model(['message_id', 'kept_delivery'])
        self.env.cr.execute(SQL(
            """
            UPDATE gem_crm_correspondence entry
               SET message_id = NULL,
                   kept_delivery = CASE mail.state WHEN 'exception' THEN 'failed' ELSE 'sent' END
              FROM mail_mail mail
             WHERE mail.id = ANY(%s)
               AND mail.state <> 'cancel'
               AND entry.message_id = mail.mail_message_id
            """,
            own.ids,
        ))
        Correspondence.invalidate_model(['message_id', 'kept_delivery'])
