import logging

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import email_normalize, email_split, format_list, plaintext2html
from odoo.tools.mail import generate_tracking_message_id

from .mail_thread import is_automatic_email
from .res_partner import CRM_USER

_logger = logging.getLogger(__name__)

# Whose change brings people in or lets them go.
PEOPLE_FIELDS = {'user_id', 'concerned_ids', 'copy_ids', 'department_to_ids', 'company_id'}


class GemCrmDiscussion(models.Model):
    """A talk between departments about a customer, read in CRM follow-up only.

    Who follows it, is mentioned or writes in it takes part in it; who takes part
    is notified of each message, as long as they may read it.
    """
    _name = 'gem.crm.discussion'
    _description = "Internal Discussion"
    _inherit = ['gem.crm.customer.mixin', 'mail.thread']
    _order = 'date_last desc, id desc'
    _rec_names_search = ['name', 'partner_id']

    name = fields.Char(string="Topic", required=True, tracking=True)
    state = fields.Selection(
        [('open', "Open"), ('settled', "Settled")],
        string="Status",
        default='open',
        required=True,
        copy=False,
        tracking=True,
    )
    department_from_id = fields.Many2one(
        'gem.crm.department',
        string="From",
        default=lambda self: self._default_department_from_id(),
        index='btree_not_null',
        ondelete='restrict',
    )
    department_to_ids = fields.Many2many(
        'gem.crm.department', 'gem_crm_discussion_department_rel', string="To",
    )
    user_id = fields.Many2one(
        'res.users',
        string="Opened By",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
        index=True,
        ondelete='restrict',
    )
    concerned_ids = fields.Many2many(
        'res.users',
        'gem_crm_discussion_concerned_rel',
        string="People Concerned",
        compute='_compute_concerned_ids',
        store=True,
        readonly=False,
        domain=lambda self: self._domain_people(),
        tracking=True,
        help="They are notified of each message, and find the discussion among those that wait "
             "for them as long as somebody else wrote last.",
    )
    copy_ids = fields.Many2many(
        'res.users',
        'gem_crm_discussion_copy_rel',
        string="In Copy",
        domain=lambda self: self._domain_people(),
        tracking=True,
        help="They are notified of each message; no answer is expected from them.",
    )
    date_started = fields.Datetime(
        string="Started", required=True, readonly=True, copy=False, default=fields.Datetime.now,
    )
    date_last = fields.Datetime(
        string="Last Message", readonly=True, copy=False, default=fields.Datetime.now,
    )
    last_user_id = fields.Many2one(
        'res.users', string="Last Message By", readonly=True, copy=False, ondelete='set null',
    )
    message_count = fields.Integer(string="Number of Messages", compute='_compute_message_count')
    opening_message = fields.Text(
        string="First Message",
        store=False,
        help="Posted in the discussion when it is opened.",
    )

    _partner_date_idx = models.Index('(partner_id, date_last DESC, id DESC)')
    _date_idx = models.Index('(date_last DESC, id DESC)')

    @api.model
    def _default_department_from_id(self):
        return self.env['gem.crm.department'].search(
            [('member_ids', 'in', self.env.uid)], limit=1,
        )

    @api.model
    def _domain_people(self):
        group_id = self.env['ir.model.data']._xmlid_to_res_id(CRM_USER)
        return [('all_group_ids', 'in', [group_id])]

    @api.depends('name', 'partner_id')
    def _compute_display_name(self):
        for discussion in self:
            customer = discussion.partner_id.display_name
            topic = discussion.name or ''
            discussion.display_name = f"{topic} – {customer}" if customer else topic

    @api.depends('department_to_ids')
    def _compute_concerned_ids(self):
        for discussion in self:
            members = discussion.department_to_ids._origin.member_ids - discussion.user_id._origin
            discussion.concerned_ids |= discussion._insiders(members.partner_id) & members

    @api.depends('message_ids')
    def _compute_message_count(self):
        # sudo: how many messages there are is no secret to who reads the discussion
        counts = dict(self.env['mail.message'].sudo()._read_group(
            [
                ('model', '=', self._name),
                ('res_id', 'in', self.ids),
                ('message_type', 'in', ('comment', 'email')),
            ],
            ['res_id'],
            ['__count'],
        ))
        for discussion in self:
            discussion.message_count = counts.get(discussion.id, 0)

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        openings = [vals.get('opening_message') for vals in vals_list]
        vals_list = [
            {key: value for key, value in vals.items() if key != 'opening_message'}
            for vals in vals_list
        ]
        if not self.env.su:
            # Who opened it and when are facts, not choices.
            for vals in vals_list:
                vals['user_id'] = self.env.uid
                vals.pop('date_started', None)
        silent = self.with_context(mail_create_nosubscribe=True, mail_create_nolog=True)
        discussions = super(GemCrmDiscussion, silent).create(vals_list).with_env(self.env)
        for discussion, opening in zip(discussions, openings, strict=True):
            discussion._people_changed(self.env['res.users'])
            if opening and opening.strip():
                discussion.message_post(
                    body=plaintext2html(opening.strip()),
                    message_type='comment',
                    subtype_xmlid='mail.mt_comment',
                )
        return discussions

    def write(self, vals):
        if not PEOPLE_FIELDS & vals.keys():
            return super().write(vals)
        before = {
            # Who takes part without access to the new company is refused as who joins.
            discussion: self.env['res.users'] if 'company_id' in vals else discussion._people()
            for discussion in self
        }
        result = super().write(vals)
        for discussion, people in before.items():
            discussion._people_changed(people)
        return result

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_settle(self):
        """Close the discussions; the thread keeps who did it and when."""
        self.write({'state': 'settled'})

    def action_reopen(self):
        """Open the discussions again; the thread keeps who did it and when."""
        self.write({'state': 'open'})

    # ------------------------------------------------------------
    # Who takes part
    # ------------------------------------------------------------

    def _people(self):
        """Return, in superuser mode, the users who take part in the discussions."""
        # sudo: colleagues of another company are hidden, and take part all the same
        discussions = self.sudo()
        people = discussions.user_id | discussions.concerned_ids | discussions.copy_ids
        return people.filtered('active')

    def _insiders(self, partners):
        """Return, in superuser mode, the users of the partners who may take part."""
        # sudo: the rights of a colleague are readable by administrators only
        users = partners.sudo().with_context(active_test=True).user_ids
        users = users.filtered_domain(self._domain_people())
        if self.company_id:
            users = users.filtered(lambda user: self.company_id in user.company_ids)
        return users

    def _refuse_outsiders(self, partners, emails=''):
        """Raise if some of the partners or addresses may not take part in the discussion."""
        outsiders = partners.sudo() - self._insiders(partners).partner_id
        without_rights = outsiders - self.browse()._insiders(outsiders).partner_id
        names = without_rights.mapped('name') + email_split(emails)
        if names:
            raise UserError(self.env._(
                "%(people)s cannot take part in an internal discussion, which is read in CRM "
                "follow-up only. Give them the rights of CRM follow-up, or choose someone else.",
                people=format_list(self.env, names),
            ))
        if outsiders:
            raise UserError(self.env._(
                "%(people)s cannot take part in a discussion of %(company)s, because they have no "
                "access to this company. Give them the access, or choose someone else.",
                people=format_list(self.env, outsiders.mapped('name')),
                company=self.company_id.display_name,
            ))

    def _people_changed(self, before):
        """Let who joined be notified from now on, and who left no more."""
        people = self._people()
        self._message_subscribe((people - before).partner_id.ids)
        if gone := (before - people).partner_id:
            self.sudo().message_unsubscribe(gone.ids)
            self._withdraw_notifications([
                ('mail_message_id.res_id', '=', self.id), ('res_partner_id', 'in', gone.ids),
            ])

    @api.model
    def _withdraw_notifications(self, domain):
        """Take the unread messages of discussions out of the inboxes that ``domain`` tells."""
        self.env['mail.notification'].sudo().search(Domain.AND([
            [('mail_message_id.model', '=', self._name), ('is_read', '=', False)],
            domain,
        ])).unlink()

    @api.autovacuum
    def _gc_notifications_of_outsiders(self):
        # They cannot open these messages any more: their inbox must not count them.
        self._withdraw_notifications([
            ('res_partner_id.user_ids', 'not any', self._domain_people()),
        ])

    # ------------------------------------------------------------
    # Messages
    # ------------------------------------------------------------

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        """Who follows a discussion takes part in it."""
        if not partner_ids:
            return True
        partners = self.env['res.partner'].browse(partner_ids)
        for discussion in self:
            discussion._refuse_outsiders(partners)
        result = super()._message_subscribe(partner_ids, subtype_ids, customer_ids)
        for discussion in self:
            if joining := partners - discussion._people().partner_id:
                # sudo: who may read a discussion may follow it
                discussion.sudo().copy_ids |= discussion._insiders(joining)
        return result

    def _message_post_after_hook(self, message, msg_values):
        super()._message_post_after_hook(message, msg_values)
        if msg_values['message_type'] not in ('comment', 'email'):
            return
        self._message_subscribe(msg_values['partner_ids'])
        # sudo: a message may be posted by who may only read
        self.sudo().with_context(tracking_disable=True).write({
            'date_last': fields.Datetime.now(),
            'last_user_id': self._insiders(message.author_id)[:1].id,
        })

    def _message_update_content(self, message, /, *, partner_ids=None, **kwargs):
        self._message_subscribe(partner_ids and [int(partner_id) for partner_id in partner_ids])
        return super()._message_update_content(message, partner_ids=partner_ids, **kwargs)

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Notify only who takes part and still may, whoever follows or is addressed."""
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        people = self._insiders(self._people().partner_id).partner_id - message.sudo().author_id
        return [recipient for recipient in recipients if recipient['id'] in people.ids]

    @api.model
    def _mail_get_partner_fields(self, introspect_fields=False):
        # The customer is whom the discussion is about, never whom it is written to.
        return []

    def _message_get_suggested_recipients_batch(
        self, reply_discussion=False, reply_message=None, no_create=True, primary_email=False,
        additional_partners=None,
    ):
        # Who takes part is notified anyway; nobody else is proposed.
        return {discussion.id: [] for discussion in self}

    # ------------------------------------------------------------
    # Incoming e-mails
    # ------------------------------------------------------------

    @api.model
    def _route_from_insider(self, message, message_dict, route):
        """Return the route of an incoming e-mail if its sender may read the discussion.

        Other senders get a bounce that quotes and names nothing; automatic answers
        are dropped.
        """
        if is_automatic_email(message):
            _logger.info("Automatic e-mail %s to a discussion dropped", message_dict['message_id'])
            return False
        _model, thread_id, custom_values, _uid, alias = route
        # sudo: the sender's rights decide, not those of the mail gateway
        discussion = self.sudo().browse(thread_id or []).exists()
        sender = discussion._user_of_sender(message_dict['email_from'])
        if not sender:
            self._bounce(message, message_dict)
            return False
        # Nobody else is addressed, and the author of the message that is answered may be
        # an outsider by now.
        message_dict.update(
            author_id=sender.partner_id.id, recipients='', parent_id=False, is_internal=False,
        )
        return (self._name, discussion.id, custom_values, sender.id, alias)

    def _user_of_sender(self, email_from):
        """Return the user who writes from this address, if they may read the discussion."""
        email = email_normalize(email_from)
        if not email or not self:
            return self.env['res.users']
        users = self.env['res.users'].search(
            Domain('email_normalized', '=', email) & Domain(self._domain_people())
        )
        return users.filtered(lambda user: self.with_user(user).has_access('read'))[:1]

    @api.model
    def _bounce(self, message, message_dict):
        _logger.info(
            "E-mail %s from %s to a discussion refused",
            message_dict['message_id'], message_dict['email_from'],
        )
        loop_tag = generate_tracking_message_id('loop-detection-bounce-email')
        self._routing_create_bounce_email(
            message_dict['email_from'],
            Markup('<p>%s</p>') % self.env._(
                "Your message was not delivered. This address only takes answers sent from the "
                "e-mail address at which the message was received."
            ),
            message,
            references=f"{message_dict['message_id']} {loop_tag}",
        )
