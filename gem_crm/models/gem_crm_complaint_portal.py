from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import is_html_empty

# All that the customer may ever read of a complaint; a new field is closed to them.
PORTAL_FIELDS = frozenset([
    'id', 'display_name', 'reference', 'name', 'partner_id', 'contact_id', 'company_id',
    'stage_id', 'state', 'channel', 'description', 'expectation', 'product_id', 'move_id',
    'sent_answer', 'date_received', 'date_acknowledged', 'date_answered', 'date_closed',
    'date_settled', 'active', 'access_url',
])


class GemCrmComplaint(models.Model):
    """What the customer sees of their complaints, and does with them, in the portal."""
    _inherit = 'gem.crm.complaint'

    move_id = fields.Many2one(
        'account.move',
        string="Invoice Named",
        domain="[('commercial_partner_id', '=', partner_id), ('state', '=', 'posted'), "
               "('move_type', 'in', ('out_invoice', 'out_receipt'))]",
        check_company=True,
        copy=False,
        index='btree_not_null',
        ondelete='set null',
        help="The invoice that the customer says it is about.",
    )
    sent_answer = fields.Html(
        compute='_compute_sent_answer',
        compute_sudo=True,
        sanitize=False,
        help="The answer, once the customer has it.",
    )
    date_settled = fields.Datetime(
        string="Settled, Says the Customer", readonly=True, copy=False)

    @api.depends('answer', 'date_answered')
    def _compute_sent_answer(self):
        for complaint in self:
            sent = complaint.date_answered and not is_html_empty(complaint.answer)
            complaint.sent_answer = sent and complaint.answer

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for complaint in self:
            complaint.access_url = f'/my/complaints/{complaint.id}'
        return result

    # ------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------

    def _has_field_access(self, field, operation):
        if not super()._has_field_access(field, operation):
            return False
        if self.env.su or not self.env.user.share:
            return True
        return operation == 'read' and field.name in PORTAL_FIELDS

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        if order == self._order and not self.env.su and self.env.user.share:
            # Our deadlines are not the customer's to see, not even as an order.
            order = 'date_closed desc, date_received desc, id desc'
        return super()._search(domain, offset=offset, limit=limit, order=order, **kwargs)

    # ------------------------------------------------------------
    # What the customer does
    # ------------------------------------------------------------

    @api.model
    def _file_from_portal(self, user, subject, text, expectation='', line=None, move=None,
                          files=()):
        """Open a complaint that a customer filed, and acknowledge it.

        :param user: res.users of the portal
        :param subject, text, expectation: plain text
        :param line: account.move.line that it is about, if one was named
        :param move: account.move that it is about, if one was named
        :param files: list of (name, bytes)
        :return: the complaint, in superuser mode
        """
        invoice = (line.move_id if line else move) or self.env['account.move']
        company = invoice.sudo().company_id or user.company_id
        body = Markup('<p>%s</p>') % Markup('<br/>').join(text.strip().splitlines())
        # sudo: customers have no right to write; what is written is decided here
        complaint = self.sudo().with_company(company).create({
            'name': subject.strip(),
            'description': body,
            'expectation': expectation.strip(),
            'partner_id': user.partner_id.id,
            'email_from': user.partner_id.email_formatted,
            'company_id': company.id,
            'channel': 'portal',
            'product_id': line.sudo().product_id.id if line else False,
            'move_id': invoice.id,
        })
        complaint.message_post(
            author_id=user.partner_id.id, body=body, message_type='comment',
            subtype_xmlid='mail.mt_comment', attachments=list(files),
        )
        address = self.env['gem.crm.complaint.address']._of_company(company)
        if address.acknowledges or not address:
            complaint._acknowledge_by_itself()
        return complaint

    def _settle(self, author):
        """Take the customer's word that the complaint is settled; close it if nothing lacks.

        :param author: res.partner who says so
        """
        # sudo: the customer has no right to write; the caller asked whose complaint it is
        complaint = self.sudo()
        complaint.ensure_one()
        if complaint.date_settled:
            return
        complaint.date_settled = fields.Datetime.now()
        complaint.with_context(gem_settling=True).message_post(
            author_id=author.id, message_type='comment', subtype_xmlid='mail.mt_comment',
            body=self.env._("This is settled for me."),
        )
        if complaint.date_closed:
            return
        if complaint._missing_to_close():
            if complaint.user_id:
                complaint.activity_schedule(
                    'mail.mail_activity_data_todo', user_id=complaint.user_id.id,
                    summary=self.env._("The customer says that it is settled: close it"))
        else:
            complaint.with_context(gem_settling=True).action_close()

    def _request_rating(self):
        # Who says in the portal that it is settled is asked there.
        if self.env.context.get('gem_settling'):
            return None
        return super()._request_rating()

    def _reopening_effects(self, now, rested):
        return super()._reopening_effects(now, rested) | {'date_settled': False}

    def message_post(self, **kwargs):
        if not self.env.su and self.env.user.share:
            # Customers speak for themselves, to us: whom a message names is not theirs to say.
            kwargs = {
                name: value for name, value in kwargs.items()
                if name in ('body', 'attachment_ids', 'attachments')
            } | {'message_type': 'comment', 'subtype_xmlid': 'mail.mt_comment'}
            self.check_access('read')
            # sudo: who handles the complaint is told, whom the customer does not see
            complaint = self.sudo()._get_survivor()
            return super(GemCrmComplaint, complaint).message_post(
                author_id=self.env.user.partner_id.id, **kwargs)
        return super().message_post(**kwargs)

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        if (
            message.message_type == 'comment'
            and not self.env.context.get('gem_settling')
            and message.author_id and message.author_id.partner_share
            and not message.subtype_id.internal and not message.is_internal
        ):
            self._customer_wrote()
        return result
