from textwrap import shorten

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


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

    _partner_date_idx = models.Index('(partner_id, date DESC, id DESC)')
    _date_idx = models.Index('(date DESC, id DESC)')
    _document_idx = models.Index('(res_model, res_id)')
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
    # ORM
    # ------------------------------------------------------------

    @api.model
    def _facts(self):
        """What is recorded of an entry that a user logs, whatever they send."""
        return {
            'is_logged': True, 'user_id': self.env.uid, 'message_id': False,
            'is_automatic': False, 'author_id': False, 'email_from': False,
        }

    @api.model
    def _unchangeable(self):
        """Return the names of the fields that no user writes."""
        return set(self._facts())

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [vals | self._facts() for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and not vals.keys().isdisjoint(self._unchangeable()):
            raise AccessError(self.env._(
                "Who logged an entry, and what became of it, cannot be changed by hand.",
            ))
        if 'partner_id' in vals:
            [vals] = self._with_commercial_entity([vals])
            self._fold_into(vals['partner_id'])
            self = self.exists()  # noqa: PLW0642
        return super().write(vals)

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
