from odoo import api, models

from .mail_message_discussion import DISCUSSION


class MailThread(models.AbstractModel):
    _inherit = 'mail.thread'

    @api.model
    def _routing_check_route(self, message, message_dict, route, raise_exception=True):
        route = super()._routing_check_route(message, message_dict, route, raise_exception)
        if route and route[0] == DISCUSSION:
            return self.env[DISCUSSION]._route_from_insider(message, message_dict, route)
        return route
