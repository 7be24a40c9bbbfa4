from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.tools import SQL

# A server that delivers a mail again does so within days.
KEPT_DAYS = 7


class DeliveredAgain(Exception):
    """An e-mail was taken before."""


class GemCrmComplaintDelivery(models.Model):
    """An e-mail that arrived: one that is delivered again, even at the same time, is known.

    The key is unique: a transaction that takes the same mail waits for the first one, and
    learns then whether that one kept it.
    """
    _name = 'gem.crm.complaint.delivery'
    _description = "Delivery of an E-mail"
    _order = 'id'
    _log_access = False

    mail_key = fields.Char(required=True)
    date = fields.Datetime(required=True, index=True)
    sender = fields.Char(help="Until it is known everywhere that this address works.")

    _mail_key_unique = models.UniqueIndex('(mail_key)')
    _sender_idx = models.Index('(id) WHERE sender IS NOT NULL')

    @api.model
    def _claim(self, mail_key, sender=None):
        """Take the mail, for as long as the transaction or savepoint lasts.

        :param sender: normalized address whose e-mails to it may have bounced before
        :raise DeliveredAgain: if it was taken before; the transaction, or the savepoint
            around, can only be rolled back then
        """
        try:
            self.env.cr.execute(SQL(
                "INSERT INTO gem_crm_complaint_delivery (mail_key, date, sender)"
                " VALUES (%s, %s, %s)",
                mail_key, self.env.cr.now(), sender or None,
            ), log_exceptions=False)
        except UniqueViolation as error:
            raise DeliveredAgain(mail_key) from error

    @api.model
    def _release(self, mail_key):
        """Have the mail taken again."""
        self.sudo().search([('mail_key', '=', mail_key)]).unlink()

    @api.model
    def _reset_bounces(self):
        """Have it known that the addresses from which mails came do work.

        mail.thread looks for the address in each model with each mail; this does it for all
        mails since the last time.
        """
        deliveries = self.search([('sender', '!=', False)])
        senders = list(set(deliveries.mapped('sender')))
        if not senders:
            return
        models_ = self.env['ir.model'].sudo().search([
            ('is_mail_blacklist', '=', True), ('model', '!=', 'mail.thread.blacklist')])
        for model in models_.mapped('model'):
            if model not in self.env:
                continue
            # sudo: as the gateway, for every company
            bounced = self.env[model].sudo().search(
                [('message_bounce', '>', 0), ('email_normalized', 'in', senders)])
            for sender, records in bounced.grouped('email_normalized').items():
                records._message_reset_bounce(sender)
        deliveries.sender = False

    @api.autovacuum
    def _gc_deliveries(self):
        self.search(
            [('date', '<', fields.Datetime.now() - timedelta(days=KEPT_DAYS))]).unlink()
