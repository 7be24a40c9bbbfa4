from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .res_partner import CRM_USER

KINDS = [
    ('replacement', "Replacement"),
    ('freight', "Freight"),
    ('hours', "Hours of work"),
    ('other', "Other"),
]


class GemCrmComplaintCost(models.Model):
    """What a complaint cost besides its credit notes, which the books know.

    Without taxes, in the currency of the company. Hours cost the rate of the company that day.
    What it comes from is a note (of the work, of the call) or a document in the books (the bill
    of a carrier).
    """
    _name = 'gem.crm.complaint.cost'
    _description = "Cost of a Complaint"
    _order = 'date, id'
    _check_company_auto = True

    complaint_id = fields.Many2one(
        'gem.crm.complaint', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='complaint_id.company_id', store=True, precompute=True)
    currency_id = fields.Many2one(related='company_id.currency_id', string="Currency")
    kind = fields.Selection(KINDS, required=True, default='replacement')
    name = fields.Char(string="What")
    date = fields.Date(required=True, default=fields.Date.context_today)
    hours = fields.Float()
    rate = fields.Monetary(
        string="Per Hour", compute='_compute_rate', store=True, precompute=True, readonly=False,
    )
    amount = fields.Monetary(
        compute='_compute_amount', store=True, precompute=True, readonly=False,
    )
    move_id = fields.Many2one(
        'account.move',
        string="Source",
        domain="[('company_id', '=', company_id), ('state', '=', 'posted')]",
        check_company=True,
        index='btree_not_null',
        ondelete='restrict',
        groups='account.group_account_invoice,account.group_account_readonly',
        help="The bill of the carrier, for instance.",
    )

    note_id = fields.Many2one(
        'gem.crm.note',
        string="Work or Call",
        check_company=True,
        index='btree_not_null',
        ondelete='set null',
        groups=CRM_USER,
        help="The follow-up note of what was done, or of the call in which it was agreed.",
    )

    _positive = models.Constraint(
        'CHECK (hours >= 0 AND amount >= 0)', "A cost cannot be less than zero.",
    )

    @api.depends('kind', 'complaint_id')
    def _compute_rate(self):
        policies = {
            company: self.env['gem.crm.complaint.policy']._get_for(company)
            for company in self.company_id
        }
        for cost in self:
            if cost.kind != 'hours':
                cost.rate = 0
            elif not cost.rate and cost.company_id:
                cost.rate = policies[cost.company_id].hour_rate

    @api.depends('hours', 'rate', 'kind')
    def _compute_amount(self):
        for cost in self:
            cost.amount = cost.hours * cost.rate if cost.kind == 'hours' else cost.amount

    @api.constrains('note_id', 'complaint_id')
    def _check_note_id(self):
        # sudo: whose note it is decides, whoever may read the field
        for cost in self.sudo():
            note, complaint = cost.note_id, cost.complaint_id
            if note and note.complaint_id != complaint and not (
                complaint.partner_id and note.partner_id == complaint.partner_id
            ):
                raise ValidationError(cost._sentence_not_their_note())

    def _check_may_read_note(self):
        """Raise if one of these names a note that the user may not read."""
        for cost in self:
            # sudo: as above
            note = cost.sudo().note_id.sudo(self.env.su)
            if not note.has_access('read'):
                raise ValidationError(cost.sudo()._sentence_not_their_note())

    def _sentence_not_their_note(self):
        if customer := self.complaint_id.partner_id.display_name:
            return self.env._(
                "This note is none of %(customer)s, or you may not read it. Choose one of theirs.",
                customer=customer)
        return self.env._(
            "This note is none of this complaint, or you may not read it. Choose one of its own.")

    @api.model_create_multi
    def create(self, vals_list):
        costs = super().create(vals_list)
        if any(vals.get('note_id') for vals in vals_list):
            costs._check_may_read_note()
        return costs

    def write(self, vals):
        result = super().write(vals)
        if vals.get('note_id'):
            self._check_may_read_note()
        return result

    def action_open_note(self):
        """Return the action that shows the note of what was done or agreed."""
        self.ensure_one()
        if not self.note_id:
            raise UserError(self.env._(
                "This cost names no note as its source. Choose the note in its line."))
        return {
            'type': 'ir.actions.act_window',
            'res_model': 'gem.crm.note',
            'res_id': self.note_id.id,
            'views': [(False, 'form')],
        }

    def action_open_source(self):
        """Return the action that shows the document which the cost comes from."""
        self.ensure_one()
        if not self.move_id:
            raise UserError(self.env._(
                "This cost names no document as its source. Choose the bill in its line."))
        return {
            'type': 'ir.actions.act_window',
            'res_model': 'account.move',
            'res_id': self.move_id.id,
            'views': [(False, 'form')],
        }


class GemCrmComplaintPolicy(models.Model):
    _inherit = 'gem.crm.complaint.policy'

    hour_rate = fields.Float(
        string="Cost of an Hour",
        digits='Product Price',
        help="What an hour spent on a complaint costs, in the currency of the company.",
    )


class GemCrmComplaint(models.Model):
    """What a complaint cost in all."""
    _inherit = 'gem.crm.complaint'

    cost_ids = fields.One2many('gem.crm.complaint.cost', 'complaint_id', string="Costs")
    company_currency_id = fields.Many2one(
        related='company_id.currency_id', string="Company Currency")
    credited = fields.Monetary(
        compute='_compute_cost',
        currency_field='company_currency_id',
        help="Posted credit notes, without taxes, as booked.",
    )
    cost = fields.Monetary(
        string="Cost in All", compute='_compute_cost', currency_field='company_currency_id',
    )

    def action_view_cost_sources(self):
        """Return the action that shows the documents in the books which the costs come from."""
        self.ensure_one()
        credited = self.line_ids.filtered(lambda line: line.state == 'credited')
        moves = credited.credit_move_id | self.cost_ids.move_id
        if not moves:
            raise UserError(self.env._(
                "No document in the books is behind these costs: they are as written in the "
                "lines."))
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Sources of the Costs"),
            'res_model': 'account.move',
            'domain': [('id', 'in', moves.ids)],
            'views': [(self.env.ref('account.view_invoice_tree').id, 'list'), (False, 'form')],
            'context': {'create': False},
        }

    @api.depends('line_ids.state', 'cost_ids.amount')
    def _compute_cost(self):
        for complaint in self:
            # sudo: what a complaint cost is no secret to those who handle it
            lines = complaint.sudo().line_ids.filtered(lambda line: line.state == 'credited')
            complaint.credited = sum(lines.credit_line_id.mapped('balance'))
            complaint.cost = complaint.credited + sum(complaint.cost_ids.mapped('amount'))


class AccountMove(models.Model):
    """Bills that costs of complaints come from."""
    _inherit = 'account.move'

    @api.ondelete(at_uninstall=False)
    def _unlink_except_source_of_cost(self):
        # sudo: whoever may read the complaint
        cost = self.env['gem.crm.complaint.cost'].sudo().search(
            [('move_id', 'in', self.ids)], limit=1)
        if not cost:
            return
        what = {
            'bill': cost.move_id.display_name, 'complaint': cost.complaint_id.display_name,
            'handler': cost.complaint_id.user_id.name,
        }
        raise UserError(self.env._(
            "%(bill)s is the source of a cost of “%(complaint)s”. Ask %(handler)s to name another "
            "source there, or cancel the bill instead of deleting it.", **what,
        ) if what['handler'] else self.env._(
            "%(bill)s is the source of a cost of “%(complaint)s”. Name another source there, or "
            "cancel the bill instead of deleting it.", **what,
        ))
