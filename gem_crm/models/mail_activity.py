from odoo import api, models
from odoo.exceptions import UserError

from .mail_message_discussion import DISCUSSION


class MailActivity(models.Model):
    _inherit = 'mail.activity'

    @api.constrains('res_model')
    def _check_not_on_discussion(self):
        # Who is assigned an activity reads it for ever, with the name of its document.
        if any(activity.res_model == DISCUSSION for activity in self.sudo()):
            raise UserError(self.env._(
                "An internal discussion has no activities. Add a follow-up note to the customer."
            ))
