from markupsafe import Markup

from odoo import api, models

# A message with more links than this is read by nobody.
TOLD_AT_MOST = 50


class GemCrmComplaint(models.Model):
    """Who follows a complaint, and who is told of it: for many at once."""
    _inherit = 'gem.crm.complaint'

    @api.model_create_multi
    def create(self, vals_list):
        complaints = super().create(vals_list)
        complaints._subscribe_handlers()
        return complaints

    def write(self, vals):
        if 'user_id' not in vals:
            return super().write(vals)
        given = self.filtered(lambda complaint: complaint.user_id.id != vals['user_id'])
        result = super().write(vals)
        given._subscribe_handlers()
        return result

    def _message_auto_subscribe(self, updated_values, followers_existing_policy='skip'):
        # Handlers are subscribed, and told, for many complaints at once.
        return True

    @api.model
    def _mail_get_partner_fields(self, introspect_fields=False):
        return ['contact_id', 'partner_id']

    def _subscribe_handlers(self):
        """Have the handlers follow their complaints, and tell those who did not choose it."""
        if self.env.context.get('tracking_disable'):
            return
        for user, complaints in self.grouped('user_id').items():
            if not user:
                continue
            if not self.env.context.get('mail_create_nosubscribe'):
                complaints._follow(user.partner_id)
            if user != self.env.user:
                complaints._tell(user)

    def _tell(self, user):
        """Notify a handler of the complaints that somebody gave to him: once for all."""
        complaints = self.with_context(lang=user.lang or self.env.lang)
        links = Markup().join(
            Markup('<li><a href="%s">%s</a>%s</li>') % (
                f'/odoo/complaints/{complaint.id}',
                complaint.display_name,
                # sudo: the name of the customer is shown, whoever may read it
                f" – {complaint.sudo().partner_id.display_name}" if complaint.partner_id else "",
            )
            for complaint in complaints[:TOLD_AT_MOST]
        )
        subject = (
            complaints.env._("Complaint assigned to you: %(complaint)s",
                             complaint=complaints.display_name)
            if len(complaints) == 1 else
            complaints.env._("%(count)s complaints assigned to you", count=len(complaints))
        )
        self.env['mail.thread'].message_notify(
            partner_ids=user.partner_id.ids,
            subject=subject,
            body=Markup('<ul>%s</ul>') % links,
        )
