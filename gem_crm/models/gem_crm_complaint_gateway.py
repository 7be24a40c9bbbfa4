import logging
from contextlib import nullcontext
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import SQL, email_normalize, email_normalize_all
from odoo.tools.mail import html_sanitize

from ..core.incoming_mail import in_paragraphs

_logger = logging.getLogger(__name__)


class GemCrmComplaint(models.Model):
    """Complaints that arrive by e-mail, and the replies to them."""
    _name = 'gem.crm.complaint'
    _inherit = ['gem.crm.complaint', 'mail.thread.cc']
    _primary_email = 'email_from'

    email_normalized = fields.Char(
        compute='_compute_email_normalized', store=True, precompute=True, index='btree_not_null')
    address_id = fields.Many2one(
        'gem.crm.complaint.address',
        string="Arrived At",
        readonly=True,
        copy=False,
        index='btree_not_null',
        ondelete='set null',
    )
    has_unknown_sender = fields.Boolean(
        string="Unknown Sender",
        copy=False,
        readonly=True,
        help="Somebody who is not known to have to do with this complaint replied to it.",
    )
    unknown_senders = fields.Char(copy=False, readonly=True)

    @api.model
    def _precomputed_together(self):
        return super()._precomputed_together() + [(['email_normalized'], ['email_from'])]

    @api.depends('email_from')
    def _compute_email_normalized(self):
        for complaint in self:
            complaint.email_normalized = email_normalize(complaint.email_from)

    def action_trust_sender(self):
        """Say that the unknown senders have to do with the complaint: they are in copy then."""
        for complaint in self:
            copied = f"{complaint.email_cc or ''}, {complaint.unknown_senders or ''}"
            complaint.write({
                'email_cc': ", ".join(complaint._mail_cc_sanitized_raw_dict(copied).values()),
                'unknown_senders': False,
                'has_unknown_sender': False,
            })

    # ------------------------------------------------------------
    # Whose mail it is
    # ------------------------------------------------------------

    @api.model
    def _find_people(self, emails, company):
        """Return whom e-mail addresses are known as, in one or two queries.

        Of several contacts of one address, the one whose company was invoiced last is meant;
        else one with access to the portal, else the oldest.

        :param emails: normalized addresses
        :param company: res.company in which they are met
        :return: dict, address -> (contact in superuser mode, whether they work here, user id)
        """
        emails = sorted(filter(None, emails))
        if not emails:
            return {}
        self.env['res.partner'].flush_model(['email_normalized', 'active', 'company_id'])
        rows = self.env.execute_query(SQL(
            """
            SELECT partner.email_normalized, partner.id, partner.commercial_partner_id,
                   BOOL_OR(account.share IS FALSE)
                       OR partner.commercial_partner_id IN (SELECT partner_id FROM res_company),
                   MIN(account.id)
              FROM res_partner partner
         LEFT JOIN res_users account ON account.partner_id = partner.id AND account.active
             WHERE partner.email_normalized = ANY(%s)
               AND partner.active
               AND (partner.company_id IS NULL OR partner.company_id = %s)
          GROUP BY partner.id
          ORDER BY partner.id
            """,
            emails, company.id,
        ))
        invoiced = {}
        by_email = {}
        for row in rows:
            by_email.setdefault(row[0], []).append(row)
        doubtful = {
            customer for found in by_email.values()
            if len({row[2] for row in found}) > 1 for row in found for customer in [row[2]]
        }
        if doubtful:
            invoiced = dict(self.env.execute_query(SQL(
                """
                SELECT partner.commercial_partner_id, MAX(move.invoice_date - DATE '1970-01-01')
                  FROM account_move move
                  JOIN res_partner partner ON partner.id = move.partner_id
                 WHERE partner.commercial_partner_id = ANY(%s)
                   AND move.state = 'posted'
                   AND move.move_type IN ('out_invoice', 'out_receipt')
                   AND move.company_id = %s
              GROUP BY 1
                """,
                sorted(doubtful), company.id,
            )))
        Partner = self.env['res.partner'].sudo()
        people = {}
        for email, found in by_email.items():
            _email, partner_id, _customer, works_here, user_id = max(
                found, key=lambda row: (
                    bool(row[3]), invoiced.get(row[2], -1), bool(row[4]), -row[1]))
            people[email] = Partner.browse(partner_id), bool(works_here), user_id
        return people

    @api.model
    def _find_route(self, message_dict, route):
        """Return the route of a mail to the complaint that took over from a merged one."""
        complaint = self.sudo().browse(route[1] or []).exists()._get_survivor()
        mail = self.env.context.get('gem_mail')
        if mail and mail.sender in mail.people:
            message_dict['author_id'] = mail.people[mail.sender][0].id
        return (route[0], complaint.id or route[1], *route[2:])

    @api.model
    def _check_route(self, message_dict, route):
        """Return the route of a mail, or False if it is to be kept aside instead."""
        mail = self.env.context.get('gem_mail')
        if not mail:
            return route
        if not mail.is_forced:
            if not route[1] and mail.sent_by_a_machine():
                mail.kept_as = 'automatic'
                return False
            if self._is_loop(mail, route[1]):
                mail.kept_as = 'loop'
                return False
        alias = route[4]
        if not alias and not route[1] and mail.addresses_found:
            alias = mail.addresses_found[0].alias_id
        values = dict(route[2] or {})
        if alias and not route[1]:
            values.setdefault('address_id', mail.addresses_found.filtered(
                lambda address: address.alias_id == alias).id if mail.addresses_found else False)
        # Without the alias, Odoo writes to nobody that the address is badly set up.
        return (*route[:2], values, route[3], None)

    @api.model
    def _is_loop(self, mail, complaint_id):
        """Whether so many mails of the sender arrived lately that a machine must send them."""
        if mail.addresses_found and mail.sender in mail.addresses_found.mapped('alias_full_name'):
            return True
        get_param = self.env['ir.config_parameter'].sudo().get_param
        limit = int(get_param('mail.gateway.loop.threshold', 20))
        since = self.env.cr.now() - timedelta(
            minutes=int(get_param('mail.gateway.loop.minutes', 120)))
        if complaint_id:
            count = self.env['mail.message'].sudo().search_count([
                ('model', '=', self._name), ('res_id', '=', complaint_id),
                ('message_type', '=', 'email'), ('email_from', 'ilike', mail.sender),
                ('create_date', '>=', since),
            ], limit=limit)
        else:
            count = self.sudo().with_context(active_test=False).search_count(
                [('email_normalized', '=', mail.sender), ('create_date', '>=', since)],
                limit=limit)
        return count >= limit and not self.env['mail.gateway.allowed'].sudo().search_count(
            [('email_normalized', '=', mail.sender)], limit=1)

    # ------------------------------------------------------------
    # A new complaint
    # ------------------------------------------------------------

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Open a complaint from a mail, whatever is wrong with the settings of its address."""
        values = {name: value for name, value in (custom_values or {}).items() if value}
        known, unknown = self._copied(msg_dict)
        company_id = values.get('company_id') or self.env.company.id
        safe = {
            'name': (msg_dict.get('subject') or '').strip() or self.env._("(no subject)"),
            'channel': 'email',
            'company_id': company_id,
            'email_cc': unknown,
            'is_to_acknowledge': self._is_acknowledged(values.get('address_id'), company_id),
            'description': in_paragraphs(html_sanitize(
                msg_dict.get('body') or '', strip_classes=True, strip_style=True)),
        }
        # Never the one who runs the gateway.
        opener = self.with_context(
            default_user_id=False, mail_create_nosubscribe=False).with_company(company_id)
        is_set_up = not values.keys() <= {'address_id', 'company_id'}
        try:
            with self.env.cr.savepoint() if is_set_up else nullcontext():
                complaint = super(GemCrmComplaint, opener).message_new(
                    msg_dict, safe | self._values_of_sender(msg_dict) | values)
        except OperationalError:
            raise
        except Exception as error:  # the customer is not to pay for a setting of ours
            if not is_set_up:
                raise
            _logger.info("The settings of an address for complaints fail: %r", error)
            complaint = super(GemCrmComplaint, opener).message_new(
                msg_dict, safe | self._values_of_sender(msg_dict))
            complaint._message_log(body=self.env._(
                "The settings of the address that this came to could not be used: %(error)s",
                error=error,
            ))
        if known:
            complaint._message_subscribe(partner_ids=known)
        return complaint

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        if allfields is None and attributes is None and 'gem_mail' in self.env.context:
            # mail.thread asks which fields there are, for each mail, and reads their names only.
            attributes = ['type']
        return super().fields_get(allfields, attributes)

    @api.model
    def _values_of_sender(self, msg_dict):
        """Return what is known of the customer from the sender of a mail."""
        mail = self.env.context.get('gem_mail')
        partner, works_here, _user = (mail.people if mail else {}).get(
            email_normalize(msg_dict.get('email_from')), (self.env['res.partner'], False, None))
        # A colleague who passes a letter on is no customer: it is to be sorted.
        return {} if works_here or not partner else {'partner_id': partner.id}

    @api.model
    def _copied(self, msg_dict):
        """Return the others who got a mail: the contacts we know, and the rest as addresses."""
        mail = self.env.context.get('gem_mail')
        people = mail.people if mail else {}
        known, unknown = [], []
        names = ['to_filtered', 'cc_filtered']
        if mail and not mail.addresses_found:
            # It came to a mailbox that Odoo does not know by name: that is no one in copy.
            names.remove('to_filtered')
        for name in names:
            for email, formatted in self._mail_cc_sanitized_raw_dict(msg_dict.get(name)).items():
                if email in people:
                    known.append(people[email][0].id)
                elif email and email != self.email_normalized:
                    unknown.append(formatted)
        return list(dict.fromkeys(known)), ", ".join(dict.fromkeys(unknown))

    # ------------------------------------------------------------
    # A reply
    # ------------------------------------------------------------

    def message_update(self, msg_dict, update_vals=None):
        self.ensure_one()
        mail = self.env.context.get('gem_mail')
        if mail and mail.sent_by_a_machine() and not mail.is_forced:
            # An absence is worth knowing of, and changes nothing; it is told to nobody else.
            msg_dict['is_internal'] = True
            msg_dict.pop('parent_id', None)
            return True
        sender = email_normalize(msg_dict.get('email_from'))
        if mail and not self._is_known(sender, mail):
            self._keep_unknown_apart(msg_dict, sender)
            self._customer_wrote()
            return True
        known, unknown = self._copied(msg_dict)
        if unknown:
            update_vals = {
                'email_cc': ", ".join(self._mail_cc_sanitized_raw_dict(
                    f"{self.email_cc or ''}, {unknown}").values()),
                **(update_vals or {}),
            }
        result = super().message_update(dict(msg_dict, cc=False), update_vals)
        if known:
            self._message_subscribe(partner_ids=known)
        if not (mail and sender in mail.people and mail.people[sender][1]):
            self._customer_wrote()
        return result

    def _is_known(self, sender, mail):
        """Whether the sender has to do with this complaint: customer, in copy, or ours."""
        self.ensure_one()
        partner, works_here, _user = mail.people.get(
            sender, (self.env['res.partner'], False, None))
        if works_here or sender and sender == self.email_normalized:
            return True
        if sender and sender in email_normalize_all(self.email_cc or ''):
            return True
        # sudo: the gateway serves every company
        complaint = self.sudo()
        return bool(partner) and bool(
            complaint.partner_id and partner.commercial_partner_id == complaint.partner_id
            or partner in complaint.message_partner_ids
        )

    def _keep_unknown_apart(self, msg_dict, sender):
        """Mark a reply of an unknown sender, and let nobody outside see it."""
        self.ensure_one()
        msg_dict['is_internal'] = True
        msg_dict.pop('parent_id', None)
        self.sudo().write({
            'has_unknown_sender': True,
            'unknown_senders': ", ".join(filter(None, (self.unknown_senders, sender))),
        })
        self._message_log(body=self.env._(
            "The next message is from %(sender)s, who is not known to have to do with this "
            "complaint. Whoever has an e-mail of ours can reply to it: check before you answer.",
            sender=sender or self.env._("an unreadable address"),
        ))
        if self.user_id:
            self.activity_schedule(
                'mail.mail_activity_data_todo', user_id=self.user_id.id,
                summary=self.env._("Reply from an unknown sender"))

    def _customer_wrote(self):
        """Go on with complaints on which the customer wrote something."""
        # sudo: customers and the gateway write here
        complaints = self.sudo().filtered(lambda complaint: not complaint.merged_into_id)
        Stage = complaints.env['gem.crm.complaint.stage']
        resting = complaints.filtered(
            lambda complaint: complaint.date_closed or complaint.stage_id.is_waiting)
        stage = resting and (Stage._first('investigating') or Stage._first('received'))
        if stage:
            resting.stage_id = stage

    # ------------------------------------------------------------
    # mail.thread
    # ------------------------------------------------------------

    def _mail_get_partners(self, introspect_fields=False):
        # One person, or the portal could not tell to whom its link is given.
        return {complaint.id: complaint.contact_id or complaint.partner_id for complaint in self}

    def _notify_get_reply_to(self, default=None, author_id=False):
        """Have replies come to the address of the complaints of each one's company."""
        Address = self.env['gem.crm.complaint.address']
        mail = self.env.context.get('gem_mail')
        # sudo: whoever writes about a complaint need not know its address
        complaints = self.sudo()
        of_company = {
            company: mail.address_of(company) if mail else Address._of_company(company)
            for company in complaints.filtered(lambda c: not c.address_id).company_id
        }
        result = {}
        rest = self.browse()
        for complaint in complaints:
            address = complaint.address_id or of_company[complaint.company_id]
            if email := address.alias_email:
                result[complaint.id] = self._notify_get_reply_to_formatted_email(
                    email, author_id=author_id)
            else:
                rest |= complaint.sudo(False)
        if rest or not self:
            result |= super(GemCrmComplaint, rest)._notify_get_reply_to(
                default=default, author_id=author_id)
        return result
