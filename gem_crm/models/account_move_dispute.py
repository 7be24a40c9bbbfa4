from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from .res_partner import CRM_READER


class AccountMove(models.Model):
    """What a customer contests on an invoice, seen from the invoice."""
    _inherit = 'account.move'

    gem_dispute_ids = fields.One2many(
        'gem.crm.dispute', 'move_id', string="Disputes", groups=CRM_READER,
    )
    gem_dispute_count = fields.Integer(
        string="Number of Disputes", compute='_compute_gem_disputed', groups=CRM_READER,
    )
    gem_disputed = fields.Monetary(
        string="Disputed",
        compute='_compute_gem_disputed',
        search='_search_gem_disputed',
        groups=CRM_READER,
        help="What the customer contests of what is left to pay.",
    )
    gem_dispute_sentence = fields.Char(
        string="Open Disputes", compute='_compute_gem_disputed', groups=CRM_READER,
    )

    @api.depends('gem_dispute_ids.state', 'gem_dispute_ids.amount', 'amount_residual')
    def _compute_gem_disputed(self):
        disputes = self.env['gem.crm.dispute'].search([('move_id', 'in', self.ids)])
        by_move = disputes.grouped('move_id')
        for move in self:
            ours = by_move.get(move._origin, disputes.browse())
            opened = ours.filtered(lambda dispute: dispute.state == 'open')
            move.gem_dispute_count = len(ours)
            # A payment may have come in since.
            move.gem_disputed = min(sum(opened.mapped('amount')), abs(move.amount_residual))
            move.gem_dispute_sentence = ", ".join(
                d.reason_id.name if not d.date_until else self.env._(
                    "%(reason)s (until %(date)s)",
                    reason=d.reason_id.name, date=format_date(self.env, d.date_until))
                for d in opened
            )

    def _search_gem_disputed(self, operator, value):
        disputed = Domain('gem_dispute_ids', 'any', [('state', '=', 'open')])
        if operator in ('in', 'not in') and not any(value):
            return disputed if operator == 'not in' else ~disputed
        if operator == '>' and value == 0:
            return disputed
        return NotImplemented

    def _gem_set_no_followup(self, value):
        """Take the invoices out of reminders, or back, and write nothing else on them."""
        self.with_context(gem_by_dispute=True, skip_is_manually_modified=True).no_followup = value

    def _inverse_no_followup(self):
        result = super()._inverse_no_followup()
        if not self.env.context.get('gem_by_dispute'):
            # Somebody chose: that is what the end of the dispute must leave.
            # sudo: whoever may change the invoice
            for dispute in self.env['gem.crm.dispute'].sudo()._open_of(self):
                dispute.no_followup_before = dispute.move_id.no_followup
        return result

    def _post(self, soft=True):
        posted = super()._post(soft)
        # An invoice that was a draft again may have new receivable lines.
        # sudo: as above
        disputed = self.env['gem.crm.dispute'].sudo()._open_of(posted).move_id
        disputed._gem_set_no_followup(True)
        return posted

    def button_cancel(self):
        result = super().button_cancel()
        # sudo: who may cancel the invoice ends its disputes by it
        self.env['gem.crm.dispute'].sudo()._open_of(self)._end('cancel')
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_disputed(self):
        # sudo: whoever may read it
        self.env['gem.crm.dispute'].sudo().search(
            [('move_id', 'in', self.ids)], limit=1)._refuse_deletion_of_invoice()

    def gem_action_dispute(self):
        """Return the action that opens a new dispute of this invoice in a dialog."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Dispute of %(invoice)s", invoice=self.name),
            'res_model': 'gem.crm.dispute',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {'default_move_id': self.id, 'gem_one_invoice': True},
        }

    def gem_action_view_disputes(self):
        """Return the action that shows the disputes of this invoice."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('gem_crm.gem_crm_dispute_action')
        return action | {
            'domain': [('move_id', '=', self.id)],
            'context': {'default_move_id': self.id, 'gem_one_invoice': True},
        }
