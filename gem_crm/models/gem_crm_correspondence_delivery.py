from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class GemCrmCorrespondence(models.Model):
    """What became of the messages that were sent."""
    _inherit = 'gem.crm.correspondence'

    delivery = fields.Selection(
        [
            ('waiting', "To Be Sent"),
            ('sent', "Delivered"),
            ('failed', "Failed"),
            ('cancelled', "Not Sent"),
        ],
        string="Delivery Status",
        compute='_compute_delivery',
        search='_search_delivery',
    )
    failure_reason = fields.Char(string="Why It Failed", compute='_compute_failure_reason')
    kept_delivery = fields.Selection(
        [('sent', "Delivered"), ('failed', "Failed")],
        string="Delivery Before Clean-up",
        readonly=True,
        help="What was known when Odoo cleaned the sent e-mail up.",
    )

    _failed_idx = models.Index("(id) WHERE kept_delivery = 'failed'")

    @api.model
    def _facts(self):
        return super()._facts() | {'kept_delivery': False}

    @api.depends('message_id', 'kept_delivery')
    def _compute_delivery(self):
        these = SQL("entry.id = ANY(%s)", self.ids)
        known = dict(self.env.execute_query(self._delivery_sql(these)))
        for entry in self:
            entry.delivery = known.get(entry.id)

    @api.depends('message_id')
    def _compute_failure_reason(self):
        for entry in self:
            failed = entry.message_id.sudo().notification_ids.filtered('failure_type')
            entry.failure_reason = ", ".join(dict.fromkeys(
                notification.format_failure_reason() for notification in failed))

    def _search_delivery(self, operator, value):
        if operator != 'in':
            return NotImplemented
        condition = SQL("TRUE")
        if set(value) == {'failed'}:
            # Few messages fail: begin with them.
            condition = SQL(
                """
                entry.id IN (
                    SELECT id FROM gem_crm_correspondence WHERE kept_delivery = 'failed'
                    UNION
                    SELECT entry.id
                      FROM gem_crm_correspondence entry
                      JOIN mail_notification notification
                        ON notification.mail_message_id = entry.message_id
                     WHERE notification.notification_status IN ('bounce', 'exception')
                    UNION
                    SELECT entry.id
                      FROM gem_crm_correspondence entry
                      JOIN mail_mail mail ON mail.mail_message_id = entry.message_id
                     WHERE mail.state = 'exception'
                )
                """
            )
        found = Domain('id', 'in', SQL(
            "(SELECT id FROM (%s) AS delivered WHERE delivery = ANY(%s))",
            self._delivery_sql(condition), [state for state in value if state],
        ))
        if False in value:
            found |= ~Domain('id', 'in', SQL(
                "(SELECT id FROM (%s) AS delivered WHERE delivery IS NOT NULL)",
                self._delivery_sql(SQL("TRUE")),
            ))
        return found

    @api.model
    def _delivery_sql(self, condition):
        """Return the SQL that gives the sent messages that meet ``condition`` and their state.

        The worst state of those the customer's people know counts. Notifications know
        it, or the e-mail where there are none.
        """
        self.flush_model()
        self.env['mail.notification'].flush_model()
        self.env['mail.mail'].flush_model(['state', 'mail_message_id'])
        return SQL(
            """
            SELECT entry.id,
                   COALESCE(entry.kept_delivery, notified.state, mailed.state) AS delivery
              FROM gem_crm_correspondence entry
         LEFT JOIN LATERAL (
                SELECT (ARRAY['failed', 'waiting', 'sent', 'cancelled'])[MIN(
                           CASE WHEN notif.notification_status IN ('bounce', 'exception') THEN 1
                                WHEN notif.notification_status IN ('ready', 'process') THEN 2
                                WHEN notif.notification_status = 'canceled' THEN 4
                                ELSE 3 END)] AS state
                  FROM mail_notification notif
             LEFT JOIN res_partner partner ON partner.id = notif.res_partner_id
                 WHERE notif.mail_message_id = entry.message_id
                   AND notif.notification_type <> 'inbox'
                   AND (partner.id IS NULL
                        OR partner.partner_share
                           AND (entry.contact_id IS NULL
                                OR partner.commercial_partner_id = entry.partner_id))
                   ) notified ON TRUE
         LEFT JOIN LATERAL (
                SELECT (ARRAY['failed', 'waiting', 'sent', 'cancelled'])[MIN(
                           CASE mail.state WHEN 'exception' THEN 1
                                           WHEN 'outgoing' THEN 2
                                           WHEN 'cancel' THEN 4
                                           ELSE 3 END)] AS state
                  FROM mail_mail mail
                 WHERE mail.mail_message_id = entry.message_id
                   ) mailed ON TRUE
             WHERE entry.direction = 'out'
               AND entry.is_logged IS NOT TRUE
               AND %s
            """,
            condition,
        )
