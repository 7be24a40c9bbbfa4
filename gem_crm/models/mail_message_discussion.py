from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

DISCUSSION = 'gem.crm.discussion'


class MailMessage(models.Model):
    """Messages of internal discussions, which only their readers may read.

    Everywhere else the author of a message, and whoever is addressed or notified,
    may read it for ever.
    """
    _inherit = 'mail.message'

    @api.constrains('model', 'res_id', 'partner_ids', 'outgoing_email_to')
    def _check_discussion_recipients(self):
        for message in self.sudo().filtered(lambda message: message.model == DISCUSSION):
            self.env[DISCUSSION].browse(message.res_id)._refuse_outsiders(
                message.partner_ids, message.outgoing_email_to or '',
            )

    @api.constrains('model', 'res_id', 'parent_id')
    def _check_discussion_parent(self):
        # A message shows the one it answers to whoever reads it.
        for message in self.sudo().filtered('parent_id'):
            parent = message.parent_id
            if parent.model == DISCUSSION and (
                (message.model, message.res_id) != (parent.model, parent.res_id)
            ):
                raise UserError(self.env._(
                    "A message of an internal discussion can only be answered in the discussion."
                ))

    @api.model
    def _search(
        self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs
    ):
        if not self.env.su and not bypass_access:
            domain = Domain(domain) & self._domain_readable_discussions()
        return super()._search(
            domain, offset, limit, order, bypass_access=bypass_access, **kwargs,
        )

    def _get_forbidden_access(self, operation):
        forbidden = super()._get_forbidden_access(operation)
        allowed = self - forbidden
        if not allowed:
            return forbidden
        discussion_of = dict(self.env.execute_query(SQL(
            "SELECT id, res_id FROM mail_message WHERE id = ANY(%s) AND model = %s",
            list(allowed.ids), DISCUSSION,
        )))
        discussions = self._discussions().browse(set(discussion_of.values()))
        readable = set(discussions._filtered_access('read').ids)
        return forbidden + self.browse(
            message_id for message_id, res_id in discussion_of.items() if res_id not in readable
        )

    def write(self, vals):
        if ('model' in vals or 'res_id' in vals) and any(
            message.model == DISCUSSION for message in self.sudo()
        ):
            raise UserError(self.env._(
                "The messages of an internal discussion cannot be moved out of it."
            ))
        return super().write(vals)

    @api.model
    def _discussions(self):
        # The inbox shows the messages of all companies of the user, selected or not.
        return self.env[DISCUSSION].with_context(
            allowed_company_ids=self.env.user._get_company_ids(),
        )

    @api.model
    def _domain_readable_discussions(self):
        """Return the domain of all messages but those of discussions closed to the user."""
        domain = Domain('model', '!=', DISCUSSION)
        if self.env['ir.model.access'].check(DISCUSSION, 'read', raise_exception=False):
            domain |= Domain('res_id', 'in', self._discussions()._search([]))
        return domain
