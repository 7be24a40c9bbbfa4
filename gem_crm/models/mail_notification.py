from odoo import api, models


class MailNotification(models.Model):
    _inherit = 'mail.notification'

    @api.model_create_multi
    def create(self, vals_list):
        notifications = super().create(vals_list)
        notifications.sudo().filtered(
            lambda notification: notification._gem_is_sent_outside()
        ).mail_message_id._gem_record_correspondence()
        return notifications

    def _gem_is_sent_outside(self):
        self.ensure_one()
        return (
            self.notification_type != 'inbox'
            and (not self.res_partner_id or self.res_partner_id.partner_share)
            # An e-mail of its own was recorded as it was created.
            and (not self.mail_mail_id or self.mail_mail_id.is_notification)
        )
