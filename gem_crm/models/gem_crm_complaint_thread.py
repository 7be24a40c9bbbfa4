from odoo import api, models


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
                complaints = complaints.with_context(lang=user.lang or self.env.lang)
                complaints._tell(user, (
                    complaints.env._("Complaint assigned to you: %(complaint)s",
                                     complaint=complaints.display_name)
                    if len(complaints) == 1 else
                    complaints.env._("%(count)s complaints assigned to you", count=len(complaints))
                ))
