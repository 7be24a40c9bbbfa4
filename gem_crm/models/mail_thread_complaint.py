from odoo import api, models
from odoo.tools import email_normalize

from ..core.incoming_mail import IncomingMail
from .gem_crm_complaint_address import COMPLAINT


class MailThread(models.AbstractModel):
    """The way of incoming mail: what is about complaints is taken with more care."""
    _inherit = 'mail.thread'

    @api.model
    def message_process(self, model, message, custom_values=None, save_original=False,
                        strip_attachments=False, thread_id=None):
        options = {
            'custom_values': custom_values, 'save_original': save_original,
            'strip_attachments': strip_attachments, 'thread_id': thread_id,
        }
        if 'gem_mail' in self.env.context:
            return super().message_process(model, message, **options)
        mail = IncomingMail(_source(message))
        mail.addresses_found = self.env['gem.crm.complaint.address']._receiving(
            [*mail.recipients, mail.sender])
        if not (
            model == COMPLAINT or mail.addresses_found
            or any(reference.endswith(f'-{COMPLAINT}@') for reference in (
                reference.rpartition('@')[0] + '@' for reference in mail.references))
        ):
            return super().message_process(model, message, **options)
        return self._gem_take(mail, model, **options)

    @api.model
    def _gem_take(self, mail, model, **options):
        """Take a mail about complaints; return the id of its record, False if there is none.

        :param IncomingMail mail: the mail
        :param model: name of the model for mails that nothing else tells the model of
        :param options: those of message_process
        """
        if mail.addresses_found is None:
            mail.addresses_found = self.env['gem.crm.complaint.address']._receiving(
                mail.recipients)
        mail.people = self.env[COMPLAINT]._find_people(
            {mail.sender, *mail.recipients}
            - set(mail.addresses_found.mapped('alias_full_name')),
            mail.addresses_found.company_id[:1] or self.env.company)
        thread = self.with_context(gem_mail=mail)

        def process(source):
            return thread.message_process(model, source, **options)

        return self.env['gem.crm.complaint.quarantine']._take(mail, process)

    @api.model
    def _routing_check_route(self, message, message_dict, route, raise_exception=True):
        if route and route[0] == COMPLAINT:
            route = self.env[COMPLAINT]._find_route(message_dict, route)
        route = super()._routing_check_route(message, message_dict, route, raise_exception)
        if route and route[0] == COMPLAINT:
            return self.env[COMPLAINT]._check_route(message_dict, route)
        return route

    @api.model
    def _routing_reset_bounce(self, email_message, message_dict):
        if 'gem_mail' in self.env.context:
            # Done for many mails at once, by the cron that looks after what arrived.
            return None
        return super()._routing_reset_bounce(email_message, message_dict)

    @api.model
    def _mail_find_user_for_gateway(self, email_value, alias=None):
        mail = self.env.context.get('gem_mail')
        if mail and email_normalize(email_value) == mail.sender:
            # Found already, with everybody else whom the mail names.
            _partner, _works_here, user_id = mail.people.get(mail.sender, (None, None, None))
            return self.env['res.users'].browse(user_id or [])
        return super()._mail_find_user_for_gateway(email_value, alias=alias)

    def _message_parse_post_process(self, message, message_dict, routes):
        mail = self.env.context.get('gem_mail')
        if mail and routes and all(route[0] == COMPLAINT for route in routes):
            return {
                'author_id': message_dict.get('author_id'),
                'partner_ids': [
                    mail.people[email][0].id for email in mail.recipients if email in mail.people
                ],
            }
        return super()._message_parse_post_process(message, message_dict, routes)

    @api.model
    def _detect_loop_sender(self, message, message_dict, routes):
        # Nobody is written to for a loop about complaints: such mails are kept aside.
        others = [route for route in routes or () if route[0] != COMPLAINT]
        if routes and not others:
            return False
        return super()._detect_loop_sender(message, message_dict, others)


def _source(message):
    """Return the bytes of a message, given as message_process takes it."""
    if isinstance(message, str):
        return message.encode('utf-8', 'surrogateescape')
    return bytes(getattr(message, 'data', message))
