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

    _mail_key_unique = models.UniqueIndex('(mail_key)')

    @api.model
    def _claim(self, mail_key):
        """Take the mail, for as long as the transaction or savepoint lasts.

        :raise DeliveredAgain: if it was taken before; the transaction, or the savepoint
            around, can only be rolled back then
        """
        try:
            self.env.cr.execute(SQL(
                "INSERT INTO gem_crm_complaint_delivery (mail_key, date) VALUES (%s, %s)",
                mail_key, self.env.cr.now(),
            ), log_exceptions=False)
        except UniqueViolation as error:
            raise DeliveredAgain(mail_key) from error

    @api.model
    def _release(self, mail_key):
        """Have the mail taken again."""
        self.sudo().search([('mail_key', '=', mail_key)]).unlink()

    @api.autovacuum
    def _gc_deliveries(self):
        self.search(
            [('date', '<', fields.Datetime.now() - timedelta(days=KEPT_DAYS))]).unlink()
