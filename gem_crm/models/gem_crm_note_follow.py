from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

from .gem_crm_note import CUSTOMER_DOCUMENTS

EXCERPT_LENGTH = 600


class GemCrmNote(models.Model):
    """What a note leads to, and what it comes from."""
    _inherit = 'gem.crm.note'

    previous_id = fields.Many2one(
        'gem.crm.note',
        string="Follows",
        readonly=True,
        copy=False,
        index='btree_not_null',
        ondelete='set null',
        help="The note after which this one was planned.",
    )
    next_ids = fields.One2many('gem.crm.note', 'previous_id', string="Followed By")
    proposed_action_id = fields.Many2one('gem.crm.action', compute='_compute_proposed_action_id')

    @api.depends('status_id.next_action_id', 'next_ids')
    def _compute_proposed_action_id(self):
        for note in self:
            note.proposed_action_id = not note.next_ids and note.status_id.next_action_id

    def action_done(self):
        """Mark the notes as done today, and offer the e-mail that goes with it.

        :return: the action that opens the composer, if one note's action has a template
        """
        super().action_done()
        template = self.action_id.mail_template_id
        if len(self) > 1 or not template:
            return None
        return {
            'type': 'ir.actions.act_window',
            'name': template.name,
            'res_model': 'mail.compose.message',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {
                'default_composition_mode': 'comment',
                'default_model': self._name,
                'default_res_ids': self.ids,
                'default_template_id': template.id,
            },
        }

    def action_plan_next(self):
        """Return the action that opens a new note, with the action proposed by the status."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Plan What Comes Next"),
            'res_model': self._name,
            'views': [(False, 'form')],
            'target': 'new',
            'context': {
                'default_partner_id': self.partner_id.id,
                'default_contact_id': self.contact_id.id,
                'default_company_id': self.company_id.id,
                'default_kind': self.proposed_action_id.kind or self.kind,
                'default_action_id': self.proposed_action_id.id,
                'default_previous_id': self.id,
            },
        }

    @api.model
    @api.readonly
    def action_from_message(self, message_id):
        """Return the action that opens a new note about what a message says.

        :param int message_id: a message on a customer, or on a document of a customer
        """
        message = self.env['mail.message'].browse(message_id)
        message.check_access('read')
        document = message.model in self.env and self.env[message.model].browse(message.res_id)
        if document:
            document.check_access('read')
        partner = self._customer_of(document) if document else self.env['res.partner']
        if not partner:
            raise UserError(self.env._(
                "This message is about no customer. Open the customer, and add the note there."
            ))
        customer = partner.commercial_partner_id
        contact = (message.author_id | partner).filtered(
            lambda person: person.commercial_partner_id == customer != person)[:1]
        is_invoice = message.model == 'account.move' and document.move_type in CUSTOMER_DOCUMENTS
        excerpt = html2plaintext(message.body or '').strip()
        if len(excerpt) > EXCERPT_LENGTH:
            excerpt = f"{excerpt[:EXCERPT_LENGTH]}…"
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Make a Note of This"),
            'res_model': self._name,
            'views': [(False, 'form')],
            'target': 'new',
            'context': {
                'default_partner_id': customer.id,
                'default_contact_id': contact.id,
                'default_move_id': is_invoice and document.id,
                'default_name': message.subject or document.display_name,
                'default_description': Markup(
                    '<blockquote>%s</blockquote><p><a href="/mail/message/%s">%s</a></p>'
                ) % (excerpt, message.id, self.env._("The whole message")),
            },
        }

    @api.model
    def _customer_of(self, document):
        """Return the partner that a document is about, if there is one."""
        if document._name == 'res.partner':
            return document
        field = document._fields.get('partner_id')
        if field and field.comodel_name == 'res.partner':
            return document.partner_id
        return document._mail_get_customer()
