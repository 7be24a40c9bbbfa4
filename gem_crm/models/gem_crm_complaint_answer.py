from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, is_html_empty

ACKNOWLEDGEMENT = 'gem_crm.gem_crm_complaint_template_acknowledgement'
ANSWER = 'gem_crm.gem_crm_complaint_template_answer'


class GemCrmComplaint(models.Model):
    """What the customer is sent about a complaint: that it arrived, and the answer."""
    _inherit = 'gem.crm.complaint'

    can_be_written_to = fields.Boolean(
        compute='_compute_can_be_written_to',
        help="Whether there is an e-mail address to which the customer can be written.",
    )
    promised_date = fields.Char(
        compute='_compute_promised_date',
        help="The day by which the customer is told to get an answer, as they write dates.",
    )

    @api.depends('email_from', 'partner_id', 'contact_id')
    def _compute_can_be_written_to(self):
        for complaint in self:
            complaint.can_be_written_to = bool(complaint._get_answer_email())

    @api.depends('date_answer_by')
    @api.depends_context('lang')
    def _compute_promised_date(self):
        for complaint in self:
            by = complaint.date_answer_by
            # The day is the company's: it is in its working hours that the clock runs.
            zone = complaint.company_id.resource_calendar_id.tz or self.env.user.tz
            complaint.promised_date = by and format_date(
                self.env, fields.Datetime.context_timestamp(complaint.with_context(tz=zone), by),
                date_format='d MMMM y')

    def _get_answer_email(self):
        """Return the address to which this customer is written: theirs, or that of the mail."""
        self.ensure_one()
        # sudo: the handler may not read the customer
        complaint = self.sudo()
        return (
            complaint.contact_id.email or complaint.email_from or complaint.partner_id.email or "")

    def _get_answer_lang(self):
        """Return the language in which the customer is written to."""
        self.ensure_one()
        complaint = self.sudo()
        lang = complaint.contact_id.lang or complaint.partner_id.lang
        return lang or complaint.company_id.partner_id.lang or self.env.user.lang or 'en_US'

    # ------------------------------------------------------------
    # Acknowledging
    # ------------------------------------------------------------

    def action_send_acknowledgement(self):
        """Tell the customers by e-mail that their complaints arrived."""
        waiting = self.filtered(lambda complaint: not complaint.date_acknowledged)
        if not waiting:
            raise UserError(self.env._("This was acknowledged already."))
        writable = waiting.filtered('can_be_written_to')
        if not writable:
            raise UserError(self.env._(
                "There is no e-mail address of the customer. Tell them by phone or letter, then "
                "press “Already Acknowledged”."))
        writable._acknowledge()

    def _acknowledge(self):
        """Send the acknowledgement of each complaint, once."""
        template = self._get_answer_template(ACKNOWLEDGEMENT)
        for complaint in self.filtered(lambda complaint: not complaint.date_acknowledged):
            complaint._mark_acknowledged()
            complaint._send_to_customer(template)

    @api.model
    def _get_answer_template(self, xmlid):
        """Return a template; whoever deleted it is told how to get it back.

        Who may write code into templates is Odoo's to say: its setting that restricts this does so
        as they are written, and without it every employee may, by decision of the administrator.
        In either case they are rendered in Odoo's sandbox.
        """
        template = self.env.ref(xmlid, raise_if_not_found=False)
        if not template:
            raise UserError(self.env._(
                "The e-mail template for this was deleted. Upgrade the app, or write to the "
                "customer with “Send message”."))
        # sudo: templates are everybody's to use
        return template.sudo()

    def _send_to_customer(self, template):
        """Send a message to the customer, and to those whom they put in copy.

        Nobody becomes a contact by that, and no machine is to answer it.
        """
        self.ensure_one()
        rendered = template._generate_template(self.ids, ['subject', 'body_html'])[self.id]
        # sudo: the handler may not read the customer, nor the company's own contact
        complaint = self.sudo()
        person = complaint.contact_id or complaint.partner_id
        people = complaint.message_partner_ids.filtered('partner_share')
        addresses = complaint.email_cc or ""
        if person.email:
            people |= person
        else:
            addresses = f"{complaint.email_from or ''}, {addresses}"
        company = complaint.company_id
        return self.with_context(mail_notify_force_send=False).message_post(
            author_id=company.partner_id.id,
            email_from=company.email_formatted or self.env.user.email_formatted,
            subject=rendered['subject'],
            body=rendered['body_html'],
            message_type='auto_comment',
            subtype_xmlid='mail.mt_comment',
            partner_ids=people.ids,
            outgoing_email_to=addresses.strip(" ,") or False,
            email_layout_xmlid='mail.mail_notification_light',
            force_email_lang=self._get_answer_lang(),
            mail_headers={'Auto-Submitted': 'auto-replied', 'X-Auto-Response-Suppress': 'All'},
            notify_author=True,
            notify_skip_followers=True,
        )

    # ------------------------------------------------------------
    # Answering
    # ------------------------------------------------------------

    def action_send_answer(self):
        """Open the composer with the answer; sending it answers the complaint."""
        self.ensure_one()
        template = self._get_answer_template(ANSWER)
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Answer to the Customer"),
            'res_model': 'mail.compose.message',
            'view_mode': 'form',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {
                'default_model': self._name,
                'default_res_ids': self.ids,
                'default_template_id': template.id,
                'default_composition_mode': 'comment',
                'default_email_layout_xmlid': 'mail.mail_notification_light',
                'default_subtype_xmlid': 'mail.mt_comment',
                'gem_complaint_answer': True,
                'force_email': True,
            },
        }

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        if self.env.context.get('gem_complaint_answer') and message.message_type == 'comment':
            complaint = self.with_context(gem_complaint_answer=False)
            if is_html_empty(complaint.answer):
                complaint.answer = message.body
            complaint._mark_answered()
        return result
