from functools import partial
from textwrap import shorten

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

# What was said is answered while it is said.
CONVERSATIONS = ('call', 'meeting', 'visit')


class GemCrmCorrespondence(models.Model):
    """One thing said or written between a customer and the company.

    E-mails are copied here, narrowly, as they leave and arrive (see ``mail.message``),
    one row for each customer concerned, so that the exchange with a customer is one
    indexed read whichever documents it hangs on. Users log the rest by hand.
    """
    _name = 'gem.crm.correspondence'
    _description = "Correspondence"
    _inherit = ['gem.crm.customer.mixin']
    _order = 'date desc, id desc'
    _rec_name = 'subject'

    # The composite indexes below begin with the customer.
    partner_id = fields.Many2one(index=False)
    contact_id = fields.Many2one(
        'res.partner',
        domain="[('commercial_partner_id', '=', partner_id)]",
        index='btree_not_null',
        ondelete='set null',
        help="The customer's person who wrote or was written to.",
    )
    direction = fields.Selection(
        [('in', "Received"), ('out', "Sent")],
        required=True,
        default='out',
    )
    channel = fields.Selection(
        [
            ('email', "E-mail"),
            ('portal', "Customer Portal"),
            ('call', "Call"),
            ('letter', "Letter"),
            ('fax', "Fax"),
            ('sms', "Text Message"),
            ('meeting', "Meeting"),
            ('visit', "Visit"),
            ('other', "Other"),
        ],
        required=True,
        default='call',
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    subject = fields.Char(required=True)
    description = fields.Text(string="What Was Said")
    preview = fields.Char(compute='_compute_preview', store=True, readonly=False, precompute=True)
    body = fields.Html(compute='_compute_body', string="Message Text")
    recipients = fields.Char(string="To")
    author_id = fields.Many2one(
        'res.partner', index='btree_not_null', ondelete='set null',
    )
    # Named as everywhere in Odoo, so that a privacy look-up finds it.
    email_from = fields.Char(string="Sender's Address")
    author_name = fields.Char(string="From", compute='_compute_author_name')
    is_stranger = fields.Boolean(
        string="Sent by Somebody Else",
        compute='_compute_is_stranger',
        search='_search_is_stranger',
        help="The sender is none of the customer's contacts.",
    )

    # Where it comes from
    is_logged = fields.Boolean(string="Logged by Hand", default=True, readonly=True)
    user_id = fields.Many2one(
        'res.users',
        string="Logged By",
        default=lambda self: self.env.user,
        readonly=True,
        index='btree_not_null',
        ondelete='restrict',
    )
    message_id = fields.Many2one('mail.message', readonly=True, ondelete='cascade')
    is_automatic = fields.Boolean(
        string="Written by a Machine",
        readonly=True,
        help="It neither awaits an answer nor gives one.",
    )
    res_model = fields.Char(string="Document Model")
    res_id = fields.Many2oneReference(string="Document ID", model_field='res_model')
    document_name = fields.Char(string="About", compute='_compute_document_name')

    # What became of it
    answer_state = fields.Selection(
        [
            ('awaited', "Awaiting Our Answer"),
            ('answered', "Answered"),
            ('not_needed', "No Answer Needed"),
        ],
        string="Answer",
        compute='_compute_answer_state',
        store=True,
        precompute=True,
    )
    answered_on = fields.Datetime(readonly=True, copy=False)
    days_waiting = fields.Integer(
        string="Waiting (Days)", compute='_compute_days_waiting',
    )
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

    _partner_date_idx = models.Index('(partner_id, date DESC, id DESC)')
    _date_idx = models.Index('(date DESC, id DESC)')
    _awaited_idx = models.Index("(partner_id, date) WHERE answer_state = 'awaited'")
    _document_idx = models.Index('(res_model, res_id)')
    _failed_idx = models.Index("(id) WHERE kept_delivery = 'failed'")
    _message_partner_unique = models.UniqueIndex(
        '(message_id, partner_id) WHERE message_id IS NOT NULL',
        "This message already is in the customer's correspondence.",
    )

    # ------------------------------------------------------------
    # What is shown
    # ------------------------------------------------------------

    @api.depends('description')
    def _compute_preview(self):
        for entry in self:
            if entry.description or not entry.message_id:
                entry.preview = shorten(entry.description or '', 190)

    @api.depends('message_id', 'description')
    @api.depends_context('uid')
    def _compute_body(self):
        # A message is read by its own rules, not by ours.
        readable = self.message_id._filtered_access('read')
        for entry in self:
            entry.body = entry.message_id.body if entry.message_id in readable else False

    @api.depends('direction', 'is_logged', 'author_id', 'email_from', 'contact_id', 'user_id')
    def _compute_author_name(self):
        for entry in self:
            author = entry.author_id
            if entry.is_logged:
                author = entry.contact_id if entry.direction == 'in' else entry.user_id.partner_id
            entry.author_name = author.name or entry.email_from

    @api.depends('direction', 'is_logged', 'contact_id')
    def _compute_is_stranger(self):
        for entry in self:
            entry.is_stranger = (
                entry.direction == 'in' and not entry.is_logged and not entry.contact_id
            )

    def _search_is_stranger(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return Domain([
            ('direction', '=', 'in'), ('is_logged', '=', False), ('contact_id', '=', False),
        ])

    @api.depends('res_model', 'res_id')
    def _compute_document_name(self):
        self.document_name = False
        for model, entries in self.grouped('res_model').items():
            if model in self.env:
                documents = self.env[model].browse(entries.mapped('res_id')).exists()
                names = {document.id: document.display_name for document in documents}
                for entry in entries:
                    entry.document_name = names.get(entry.res_id)

    # ------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------

    @api.depends('direction', 'channel', 'is_automatic')
    def _compute_answer_state(self):
        for entry in self:
            awaited = (
                entry.direction == 'in'
                and entry.channel not in CONVERSATIONS
                and not entry.is_automatic
            )
            entry.answer_state = awaited and 'awaited'

    @api.depends('answer_state', 'date')
    def _compute_days_waiting(self):
        today = fields.Date.context_today(self)
        for entry in self:
            entry.days_waiting = entry.answer_state == 'awaited' and (
                today - fields.Datetime.context_timestamp(entry, entry.date).date()
            ).days

    def _settle_answers(self):
        """Mark what these entries answer, and those of them that were answered already.

        What is sent answers what was received before about the same document; what is
        sent about no document answers everything received from the customer before.
        """
        self.flush_model()
        for side in ('in', 'out'):
            entries = self.filtered(lambda entry, side=side: entry.direction == side)
            if not entries:
                continue
            self.env.execute_query(SQL(
                """
                WITH answer AS (
                    SELECT DISTINCT ON (received.id) received.id, sent.date
                      FROM gem_crm_correspondence received
                      JOIN gem_crm_correspondence sent
                        ON sent.partner_id = received.partner_id
                       AND sent.direction = 'out'
                       AND sent.is_automatic IS NOT TRUE
                       AND sent.date >= received.date
                       AND (sent.res_model IS NULL
                            OR (sent.res_model, sent.res_id)
                               = (received.res_model, received.res_id))
                     WHERE received.answer_state = 'awaited'
                       AND %(side)s.id = ANY(%(ids)s)
                  ORDER BY received.id, sent.date
                )
                UPDATE gem_crm_correspondence received
                   SET answer_state = 'answered', answered_on = answer.date
                  FROM answer
                 WHERE received.id = answer.id
             RETURNING received.id
                """,
                side=SQL.identifier('received' if side == 'in' else 'sent'),
                ids=entries.ids,
            ))
        self.invalidate_model(['answer_state', 'answered_on'])

    def action_no_answer_needed(self):
        """Stop waiting for an answer to these entries."""
        self._change_answer('awaited', 'not_needed')

    def action_await_answer(self):
        """Wait for an answer to these entries again."""
        self._change_answer('not_needed', 'awaited')

    def _change_answer(self, before, after):
        self.browse().check_access('write')
        self.check_access('read')
        # Messages are nobody's to change; whether they await an answer is.
        entries = self.sudo().filtered(lambda entry: entry.answer_state == before)
        entries.write({'answer_state': after})

    # ------------------------------------------------------------
    # Delivery
    # ------------------------------------------------------------

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

    # ------------------------------------------------------------
    # Who may read, who may write
    # ------------------------------------------------------------

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs):
        """Leave out what hangs on documents the user may not read."""
        query = super()._search(
            domain, offset, limit, order, bypass_access=bypass_access, **kwargs)
        if not (self.env.su or bypass_access or query.is_empty()):
            query.add_where(self._readable_documents_sql(query))
        return query

    @api.model
    def _readable_documents_sql(self, query):
        res_model = self._field_to_sql(self._table, 'res_model', query)
        res_id = self._field_to_sql(self._table, 'res_id', query)
        conditions = [SQL("%s IS NULL", res_model)]
        for name in self._document_models():
            if name not in self.env or not self.env[name].has_access('read'):
                continue
            documents = self.env[name].with_context(active_test=False)._search(Domain.TRUE)
            if documents.is_empty():
                continue
            documents.add_where(SQL("%s = %s", SQL.identifier(documents.table, 'id'), res_id))
            documents.limit = 1
            # A page asks for few documents of a table that has many: not EXISTS, for
            # which PostgreSQL may read the whole table first.
            conditions.append(SQL(
                "(%s = %s AND (%s))", res_model, name, documents.select(SQL("TRUE")),
            ))
        return SQL("(%s)", SQL(" OR ").join(conditions))

    @api.model
    def _document_models(self):
        """Return the models of the documents, by stepping through their index."""
        return [name for [name] in self.env.execute_query(SQL(
            """
            WITH RECURSIVE model(name) AS (
                SELECT MIN(res_model) FROM gem_crm_correspondence
                UNION ALL
                SELECT (SELECT MIN(res_model)
                          FROM gem_crm_correspondence
                         WHERE res_model > model.name)
                  FROM model
                 WHERE model.name IS NOT NULL
            )
            SELECT name FROM model WHERE name IS NOT NULL
            """,
            to_flush=self._fields['res_model'],
        ))]

    def _check_access(self, operation):
        """Refuse what hangs on documents the user may not read, also by id."""
        result = super()._check_access(operation)
        entries = self - result[0] if result else self
        if not any(entries._ids):
            return result
        found = self._search([('id', 'in', entries.ids)], active_test=False)
        if forbidden := entries - self.browse(found.get_result_ids()):
            if result:
                return result[0] + forbidden, result[1]
            return forbidden, partial(AccessError, self.env._(
                "You may not read the documents that this correspondence is about.",
            ))
        return result

    @api.model
    def _facts(self):
        """What is recorded of an entry that a user logs, whatever they send."""
        return {
            'is_logged': True, 'user_id': self.env.uid, 'message_id': False,
            'is_automatic': False, 'answered_on': False, 'kept_delivery': False,
            'author_id': False, 'email_from': False,
        }

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {key: val for key, val in vals.items() if key != 'answer_state'} | self._facts()
                for vals in vals_list
            ]
        entries = super().create(vals_list)
        entries._settle_answers()
        return entries

    def write(self, vals):
        if not self.env.su and not vals.keys().isdisjoint([*self._facts(), 'answer_state']):
            raise AccessError(self.env._(
                "Who logged an entry, and what became of it, cannot be changed by hand.",
            ))
        if 'partner_id' in vals:
            [vals] = self._with_commercial_entity([vals])
            self._fold_into(vals['partner_id'])
            self = self.exists()  # noqa: PLW0642
        result = super().write(vals)
        if not vals.keys().isdisjoint(['partner_id', 'direction', 'channel', 'date']):
            self._settle_answers()
        return result

    def _correct(self, vals):
        """Write what of ``vals`` differs and says what the message is, not what became of it."""
        self.ensure_one()
        self.write({
            name: value
            for name, value in vals.items()
            if name in (
                'contact_id', 'company_id', 'author_id', 'email_from', 'recipients',
                'subject', 'preview', 'res_model', 'res_id',
            ) and self._fields[name].convert_to_write(self[name], self) != value
        })

    def _fold_into(self, partner_id):
        """Delete those of these entries whose message would come twice to a customer."""
        seen = set(self.sudo().search([
            ('partner_id', '=', partner_id), ('message_id', 'in', self.message_id.ids),
        ]).filtered(lambda entry: entry not in self).message_id.ids)
        twice = self.browse()
        for entry in self.filtered('message_id'):
            if entry.message_id.id in seen:
                twice += entry
            seen.add(entry.message_id.id)
        twice.sudo().unlink()

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_open_document(self):
        """Return the action that opens the document this entry is about."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'res_model': self.res_model,
            'res_id': self.res_id,
            'views': [(False, 'form')],
        }

    def action_reply(self):
        """Return the action that writes an e-mail about this entry's document."""
        self.ensure_one()
        people = self.contact_id or self.author_id
        is_reply = self.subject.lower().startswith('re:')
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Reply"),
            'res_model': 'mail.compose.message',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {
                'default_composition_mode': 'comment',
                'default_model': self.res_model,
                'default_res_ids': [self.res_id],
                'default_partner_ids': people.ids,
                'default_parent_id': self.message_id.id,
                'default_subject': self.subject if is_reply else f"Re: {self.subject}",
                'default_subtype_xmlid': 'mail.mt_comment',
            },
        }
