from odoo import models


def is_automatic_email(message):
    """Whether the headers of an e-mail say that a machine wrote it (RFC 3834, RFC 2076)."""
    auto_submitted = (message.get('Auto-Submitted') or 'no').split(';')[0].strip().lower()
    precedence = (message.get('Precedence') or '').strip().lower()
    return (
        auto_submitted != 'no'
        or precedence in ('bulk', 'list', 'junk', 'auto_reply')
        or any(message.get(header) for header in (
            'List-Id', 'List-Unsubscribe', 'X-Autoreply', 'X-Autorespond',
        ))
    )


class MailThread(models.AbstractModel):
    _inherit = 'mail.thread'

    def _message_route_process(self, message, message_dict, routes):
        if is_automatic_email(message):
            # The headers are known here only.
            self = self.with_context(gem_crm_automatic_email=True)  # noqa: PLW0642
        return super()._message_route_process(message, message_dict, routes)

    def write(self, vals):
        result = super().write(vals)
        if self and not vals.keys().isdisjoint(self._mail_get_partner_fields()):
            # The document became a customer's: so did its messages.
            self.env['mail.message'].sudo().search([
                ('model', '=', self._name), ('res_id', 'in', self.ids),
            ])._gem_candidates()._gem_record_correspondence()
        return result

    def unlink(self):
        document_ids = self.ids
        result = super().unlink()
        entries = self.env['gem.crm.correspondence'].sudo().search([
            ('res_model', '=', self._name), ('res_id', 'in', document_ids),
        ])
        # The messages went with their document; what people logged is the customer's.
        logged = entries.filtered('is_logged')
        (entries - logged).unlink()
        logged.write({'res_model': False, 'res_id': False})
        return result
