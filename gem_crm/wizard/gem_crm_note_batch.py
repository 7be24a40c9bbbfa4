from ast import literal_eval

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..models.gem_crm_kind_mixin import KINDS

# More than anybody would work through: the set is not narrow enough yet.
MOST_NOTES = 2000
BATCH_SIZE = 200


class GemCrmNoteBatch(models.TransientModel):
    """The same note for each customer of a set, given to whoever is in charge of them."""
    _name = 'gem.crm.note.batch'
    _description = "Notes for a Set of Customers"

    partner_domain = fields.Char(required=True, readonly=True)
    reasons = fields.Json(
        readonly=True, help="For each customer's id, a sentence that the note begins with.")
    kind = fields.Selection(KINDS, required=True, default='sales')
    action_id = fields.Many2one(
        'gem.crm.action',
        compute='_compute_action_id',
        store=True,
        precompute=True,
        readonly=False,
        domain="[('kind', '=', kind)]",
    )
    name = fields.Char(string="Summary")
    date_due = fields.Date(
        string="Due", required=True, default=fields.Date.context_today,
    )
    description = fields.Html(string="Details")
    assignee = fields.Selection(
        [('manager', "Whoever is in charge of each customer"), ('fixed', "Always the same person")],
        string="Assign To",
        required=True,
        default='manager',
    )
    user_id = fields.Many2one(
        'res.users', string="Person", domain=[('share', '=', False)],
    )
    skip_same = fields.Boolean(
        string="Skip Those With Such a Note",
        default=True,
        help="Customers who have an open note with the same action and summary get none.",
    )
    customer_count = fields.Integer(string="Customers", compute='_compute_customer_count')
    note_count = fields.Integer(string="Notes to Make", compute='_compute_customer_count')
    summary = fields.Char(string="What Will Be Done", compute='_compute_customer_count')

    @api.depends('kind')
    def _compute_action_id(self):
        for batch in self:
            batch.action_id = batch.action_id._of_kind(batch.kind)

    @api.depends('partner_domain', 'kind', 'action_id', 'name', 'skip_same')
    def _compute_customer_count(self):
        Partner = self.env['res.partner']
        for batch in self:
            everybody = batch._get_domain()
            batch.customer_count = Partner.search_count(everybody)
            mine = Partner.search_count(everybody & batch._writable_domain())
            batch.note_count = Partner.search_count(batch._recipients_domain())
            batch.summary = self.env._(
                "%(notes)s notes will be made, for %(customers)s customers.",
                notes=batch.note_count, customers=batch.customer_count,
            )
            if foreign := batch.customer_count - mine:
                batch.summary += " " + self.env._(
                    "%(count)s of them are followed by somebody else.", count=foreign)
            if same := mine - batch.note_count:
                batch.summary += " " + self.env._(
                    "%(count)s have such a note already.", count=same)

    @api.model
    def _action_for(self, domain, name="", reasons=None, name_of_notes=""):
        """Return the action that asks what is to be done for the customers of ``domain``.

        :param str name: how the set is called
        :param dict reasons: for ids of customers, a sentence that their notes begin with
        :param str name_of_notes: the summary that is proposed
        """
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Make Notes: %(set)s", set=name) if name
                    else self.env._("Make Notes"),
            'res_model': self._name,
            'views': [(False, 'form')],
            'target': 'new',
            'context': {
                'default_partner_domain': repr(list(Domain(domain))),
                'default_reasons': reasons,
                'default_name': name_of_notes,
            },
        }

    def _get_domain(self):
        customers = self.env['res.partner']._gem_customers_domain()
        return customers & Domain(literal_eval(self.partner_domain or '[(0, "=", 1)]'))

    def _writable_domain(self):
        if self.env.user.has_group('gem_crm.gem_crm_group_user_all'):
            return Domain.TRUE
        return Domain('gem_is_followed_by_me', '=', True)

    def _recipients_domain(self):
        """The customers who get a note."""
        domain = self._get_domain() & self._writable_domain()
        if self.skip_same:
            domain &= Domain('gem_note_ids', 'not any', [
                ('date_done', '=', False),
                ('action_id', '=', self.action_id.id),
                ('name', '=', self.name),
            ])
        return domain

    def action_make(self):
        """Make the notes, and return the action that opens them."""
        self.ensure_one()
        self._check_is_complete()
        notes = self.env['gem.crm.note']
        customers = self.env['res.partner'].search(self._recipients_domain())
        for start in range(0, len(customers), BATCH_SIZE):
            batch = customers[start:start + BATCH_SIZE]
            notes |= notes.create([self._note_vals(customer) for customer in batch])
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Notes Made"),
            'res_model': notes._name,
            'views': [(False, 'list'), (False, 'kanban'), (False, 'form')],
            'domain': [('id', 'in', notes.ids)],
        }

    def _check_is_complete(self):
        if not self.action_id and not self.name:
            raise UserError(self.env._("Choose an action, or write what is to be done."))
        if self.assignee == 'fixed' and not self.user_id:
            raise UserError(self.env._("Choose the person who gets the notes."))
        if not self.note_count:
            raise UserError(self.env._(
                "There is nobody to make a note for: everybody has such a note already, or is "
                "followed by somebody else."
            ))
        if self.note_count > MOST_NOTES:
            raise UserError(self.env._(
                "That would be %(count)s notes. Narrow the customers down to %(most)s at most.",
                count=self.note_count, most=MOST_NOTES,
            ))

    def _note_vals(self, customer):
        user = self.user_id if self.assignee == 'fixed' else customer.gem_in_charge_id
        reason = (self.reasons or {}).get(str(customer.id))
        description = self.description or Markup()
        if reason:
            description = Markup("<p>%s</p>") % reason + description
        return {
            'partner_id': customer.id,
            'kind': self.kind,
            'action_id': self.action_id.id,
            'name': self.name,
            'date_due': self.date_due,
            'description': description,
            'user_id': (user or self.env.user).id,
        }
