from odoo import api, models

from .mail_message_discussion import DISCUSSION


class MailScheduledMessage(models.Model):
    _inherit = 'mail.scheduled.message'

    @api.constrains('model', 'res_id', 'partner_ids')
    def _check_discussion_recipients(self):
        # Refused while its author is there to choose someone else.
        for message in self.sudo().filtered(lambda message: message.model == DISCUSSION):
            self.env[DISCUSSION].browse(message.res_id)._refuse_outsiders(message.partner_ids)
