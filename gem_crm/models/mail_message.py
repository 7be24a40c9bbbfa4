from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL, email_normalize, email_normalize_all

# Written by machines, whoever's name they bear.
AUTOMATIC_TYPES = ('notification', 'auto_comment', 'email_outgoing', 'out_of_office')

# Threads of employees among themselves, chats, and e-mails with passwords.
NOT_CORRESPONDENCE = ('gem.crm.discussion', 'discuss.channel', 'mail.group', 'res.users')

# System parameter: up to which message the past is still to be recorded.
PAST_LEFT = 'gem_crm.correspondence_past_left'

CHANNEL_OF_NOTIFICATION = {'email': 'email', 'sms': 'sms', 'snail': 'letter'}


class MailMessage(models.Model):
    """Records in the correspondence what customers write and what is sent to them.

    A message counts when somebody outside the company wrote it, or was sent it by
    e-mail, text message or letter. What nobody outside received never counts.
    """
    _inherit = 'mail.message'

    @api.model_create_multi
    def create(self, vals_list):
        messages = super().create(vals_list)
        # What is sent is recorded with its notifications or e-mail, which come later.
        messages.filtered(lambda message: message.message_type == 'email' or (
            message.message_type == 'comment' and message.author_id.sudo().partner_share
        ))._gem_record_correspondence()
        return messages

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint(['model', 'res_id', 'author_id', 'body']):
            self._gem_candidates()._gem_record_correspondence()
        return result

    def _gem_candidates(self):
        """Return those of these messages that may be correspondence, in one query."""
        return self.browse(row[0] for row in self.env.execute_query(SQL(
            """
            SELECT message.id
              FROM mail_message message
         LEFT JOIN res_partner author ON author.id = message.author_id
             WHERE message.id = ANY(%(ids)s)
               AND message.res_id > 0
               AND message.model <> ALL(%(excluded)s)
               AND message.message_type <> 'user_notification'
               AND (message.message_type = 'email'
                    OR message.message_type = 'comment' AND author.partner_share
                    OR EXISTS (SELECT FROM mail_notification notification
                                WHERE notification.mail_message_id = message.id
                                  AND notification.notification_type <> 'inbox')
                    OR EXISTS (SELECT FROM mail_mail mail
                                WHERE mail.mail_message_id = message.id
                                  AND mail.is_notification IS NOT TRUE))
          ORDER BY message.id
            """,
            ids=list(self._ids), excluded=list(NOT_CORRESPONDENCE),
        )))

    def _gem_record_correspondence(self):
        """Record these messages in the correspondence of the customers they concern.

        It may be called again when a message changes: what is recorded is corrected.
        """
        messages = self.sudo().filtered(lambda message: (
            message.res_id
            and message.model in self.env
            and message.model not in NOT_CORRESPONDENCE
            and message.message_type != 'user_notification'
        ))
        if not messages:
            return
        Correspondence = self.env['gem.crm.correspondence'].sudo()
        values = messages._gem_correspondence_values()
        recorded = Correspondence.search([('message_id', 'in', messages.ids)])
        for entry in recorded:
            vals = values.pop((entry.message_id.id, entry.partner_id.id), None)
            if vals:
                entry._correct(vals)
            elif not entry.contact_id:
                entry.unlink()  # it came by a document that is now another customer's
        Correspondence.create(list(values.values()))

    def _gem_correspondence_values(self):
        """Return the values of these messages' entries, by ids of message and customer."""
        documents = self._gem_documents()
        people = self._gem_people(documents)
        is_ours = self._gem_ours(people, documents)
        now = fields.Datetime.now()
        values = {}
        for message, document in documents.items():
            author, recipients = people[message]
            outside = {
                person: channel for person, channel in recipients.items() if not is_ours(person)
            }
            received = not is_ours(author) and (
                message.message_type == 'email' or message.message_type == 'comment' and author
            )
            if not received and not outside:
                continue
            persons = self._gem_partners([author] if received else outside)
            customers = document['partners'].filtered(lambda partner: not is_ours(partner))
            for customer in (persons | customers).commercial_partner_id:
                contact = persons.filtered(lambda p, c=customer: p.commercial_partner_id == c)[:1]
                values[message.id, customer.id] = {
                    'partner_id': customer.id,
                    'contact_id': contact.id,
                    'company_id': document['company'].id,
                    'is_logged': False,
                    'user_id': False,
                    'message_id': message.id,
                    'res_model': message.model,
                    'res_id': message.res_id,
                    'date': min(message.date or now, now),
                    'author_id': author.id,
                    'email_from': message.email_from,
                    'subject': message.subject or document['record'].display_name,
                    'preview': message.preview,
                    **(message._gem_received_values() if received
                       else message._gem_sent_values(outside)),
                }
        return values

    def _gem_received_values(self):
        by_email = self.message_type == 'email'
        to = f"{self.incoming_email_to or ''},{self.incoming_email_cc or ''}".strip(',')
        return {
            'direction': 'in',
            'channel': 'email' if by_email else 'portal',
            'recipients': to.replace(',', ', '),
            'is_automatic': bool(by_email and self.env.context.get('gem_crm_automatic_email')),
        }

    def _gem_sent_values(self, recipients):
        names = (
            person if isinstance(person, str) else person.name or person.email
            for person in recipients
        )
        return {
            'direction': 'out',
            'channel': next(iter(recipients.values())),
            'recipients': ", ".join(filter(None, names)),
            'is_automatic': self.message_type in AUTOMATIC_TYPES,
        }

    def _gem_documents(self):
        """Return, by message, its document with the document's partners and company."""
        documents = {}
        for model, messages in self.grouped('model').items():
            records = self.env[model].browse(messages.mapped('res_id')).exists()
            partners = records._mail_get_partners()
            companies = records._mail_get_companies()
            by_id = {
                record.id: {
                    'record': record,
                    'partners': partners[record.id].sudo(),
                    'company': companies[record.id],
                }
                for record in records
            }
            documents.update(
                (message, by_id[message.res_id]) for message in messages if message.res_id in by_id)
        return documents

    def _gem_people(self, documents):
        """Return, by message, its author and how each recipient was written to.

        A recipient is a partner, or an address nobody is known by.
        """
        addresses = {message: dict.fromkeys(email_normalize_all(
            f"{message.incoming_email_to or ''},{message.incoming_email_cc or ''}"
            if message.message_type == 'email' else ''
        ), 'email') for message in documents}
        partners = {message: {} for message in documents}
        for message_id, partner_id, emails, kind in self._gem_sent_to():
            message = self.browse(message_id)
            channel = CHANNEL_OF_NOTIFICATION.get(kind, 'other')
            if message not in documents:
                continue
            if partner_id:
                partners[message][self.env['res.partner'].browse(partner_id)] = channel
            else:
                addresses[message].update(dict.fromkeys(email_normalize_all(emails), channel))
        unsigned = {
            message: email_normalize(message.email_from) for message in documents
            if not message.author_id and message.email_from
        }
        by_email = self._gem_partners_of(
            {*unsigned.values(), *(email for emails in addresses.values() for email in emails)})

        def partner_of(email, message):
            customers = documents[message]['partners'].commercial_partner_id
            found = by_email[email]
            return (found.filtered(lambda p: p.commercial_partner_id in customers) or found)[:1]

        people = {}
        for message in documents:
            for email, channel in addresses[message].items():
                person = partner_of(email, message)
                # Whether an unknown address is a colleague's cannot be told.
                if person or message.message_type != 'email':
                    partners[message].setdefault(person or email, channel)
            author = message.author_id or partner_of(unsigned.get(message), message)
            people[message] = author, partners[message]
        return people

    def _gem_partners_of(self, emails):
        """Return the partners of normalized e-mail addresses, as a defaultdict by address."""
        by_email = defaultdict(self.env['res.partner'].browse)
        if mail := self.env.context.get('gem_mail'):
            # The gateway looked these up with the mail.
            looked_up = emails & {mail.sender, *mail.recipients}
            for email in looked_up & mail.people.keys():
                by_email[email] += mail.people[email][0]
            emails = emails - looked_up
        if emails:
            for partner in self.env['res.partner'].search([('email_normalized', 'in', [*emails])]):
                by_email[partner.email_normalized] += partner
        return by_email

    def _gem_sent_to(self):
        """Return the (message id, partner id, addresses, kind of notification) sent."""
        self.env['mail.notification'].flush_model()
        self.env['mail.mail'].flush_model()
        return self.env.execute_query(SQL(
            """
            SELECT mail_message_id, res_partner_id, mail_email_address, notification_type
              FROM mail_notification
             WHERE mail_message_id = ANY(%(ids)s)
               AND notification_type <> 'inbox'
         UNION ALL
            SELECT mail.mail_message_id, recipient.res_partner_id, NULL, 'email'
              FROM mail_mail mail
              JOIN mail_mail_res_partner_rel recipient ON recipient.mail_mail_id = mail.id
             WHERE mail.mail_message_id = ANY(%(ids)s)
               AND mail.is_notification IS NOT TRUE
         UNION ALL
            SELECT mail_message_id, NULL, CONCAT_WS(',', email_to, email_cc), 'email'
              FROM mail_mail
             WHERE mail_message_id = ANY(%(ids)s)
               AND is_notification IS NOT TRUE
            """,
            ids=self.ids,
        ))

    def _gem_ours(self, people, documents):
        """Return the function that tells whether a person is one of the company's."""
        partners = self._gem_partners(
            [author for author, _recipients in people.values()]
            + [person for _author, recipients in people.values() for person in recipients]
        ).union(*(document['partners'] for document in documents.values()))
        ours = {row[0] for row in self.env.execute_query(SQL(
            """
            SELECT partner_id FROM res_users
             WHERE share IS NOT TRUE AND partner_id = ANY(%s)
         UNION
            SELECT partner_id FROM res_company WHERE partner_id = ANY(%s)
            """,
            partners.ids, partners.commercial_partner_id.ids,
        ))}
        return lambda person: not isinstance(person, str) and (
            person.id in ours or person.commercial_partner_id.id in ours
        )

    def _gem_partners(self, people):
        return self.env['res.partner'].union(*(p for p in people if not isinstance(p, str)))

    # ------------------------------------------------------------
    # What was exchanged before the add-on came
    # ------------------------------------------------------------

    @api.model
    def _gem_start_past(self):
        """Record the last messages now, and leave the others to the cron."""
        [[last]] = self.env.execute_query(SQL("SELECT COALESCE(MAX(id), 0) FROM mail_message"))
        self._gem_set_past_left(last)
        if self._gem_record_past():
            self.env.ref('gem_crm.mail_message_cron_record_past')._trigger()

    @api.model
    def _gem_record_past(self, size=2000):
        """Record the correspondence in the next ``size`` messages, the latest first.

        :return: how many messages are left, at most
        """
        last = self._gem_get_past_left()
        first = max(last - size + 1, 1)
        messages = self.sudo().browse(range(first, last + 1))
        messages._gem_candidates()._gem_record_correspondence()
        self._gem_set_past_left(first - 1)
        return max(first - 1, 0)

    @api.model
    def _gem_cron_record_past(self):
        """Record old messages, batch by batch, until time is up or none is left."""
        left = self._gem_get_past_left()
        time_left = 1
        while left and time_left:
            before, left = left, self._gem_record_past()
            time_left = self.env['ir.cron']._commit_progress(before - left, remaining=left)
            self.env.invalidate_all()
        if not left:
            self.env['ir.cron']._commit_progress(deactivate=True)

    @api.model
    def _gem_get_past_left(self):
        return int(self.env['ir.config_parameter'].sudo().get_param(PAST_LEFT, 0))

    @api.model
    def _gem_set_past_left(self, left):
        self.env['ir.config_parameter'].sudo().set_param(PAST_LEFT, max(left, 0))
