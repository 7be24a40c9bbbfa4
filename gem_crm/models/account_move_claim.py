from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .res_partner import CRM_READER, CRM_USER


class AccountMove(models.Model):
    """Claims on the lines of an invoice, and the credit notes that come of them."""
    _inherit = 'account.move'

    gem_claim_ids = fields.One2many(
        'gem.crm.complaint.line', 'move_id', string="Claimed Lines", groups=CRM_READER,
    )
    gem_credited_ids = fields.One2many(
        'gem.crm.complaint.line', 'credit_move_id', string="Claims Credited", groups=CRM_READER,
    )
    gem_complaint_ids = fields.Many2many(
        'gem.crm.complaint', string="Complaints", compute='_compute_gem_complaint_ids',
        groups=CRM_USER,
    )
    gem_complaint_count = fields.Integer(
        string="Number of Complaints", compute='_compute_gem_complaint_ids', groups=CRM_USER,
    )

    def _compute_gem_complaint_ids(self):
        Complaint = self.env['gem.crm.complaint']
        for move in self:
            claims = move.gem_claim_ids | move.gem_credited_ids
            move.gem_complaint_ids = Complaint.search([
                ('id', 'in', (claims.complaint_id | move.gem_dispute_ids.complaint_id).ids)])
            move.gem_complaint_count = len(move.gem_complaint_ids)

    def _post(self, soft=True):
        posted = super()._post(soft)
        reversed_moves = posted.filtered(
            lambda move: move.move_type == 'out_refund').reversed_entry_id
        if reversed_moves:
            # Whoever accepts lines of these just now accepts them before this, or after it.
            self.env['gem.crm.credit.guard']._pass(reversed_moves.ids)
        # sudo: whoever posts an invoice or a credit note keeps what was claimed up to date
        claims = self.env['gem.crm.complaint.line'].sudo().search([
            '|', ('credit_move_id', 'in', posted.ids),
            ('move_id', 'in', (posted | reversed_moves).ids),
        ])
        if claims:
            claims._check_what_is_posted(posted, reversed_moves)
            claims.filtered(
                lambda claim: claim.credit_move_id in posted).dispute_id._end_if_settled()
        return posted

    def gem_action_complain(self):
        """Return the action that opens a new complaint, claiming all lines of this invoice."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Complaint about %(invoice)s", invoice=self.name),
            'res_model': 'gem.crm.complaint',
            'views': [(False, 'form')],
            'context': {
                'default_partner_id': self.commercial_partner_id.id,
                'default_company_id': self.company_id.id,
                'default_line_ids': [
                    Command.create({'move_line_id': line.id, 'quantity': line.quantity})
                    for line in self._gem_claimable_lines()
                ],
            },
        }

    def gem_action_view_complaints(self):
        """Return the action that shows the complaints about this invoice."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Complaints"),
            'res_model': 'gem.crm.complaint',
            'domain': [('id', 'in', self.gem_complaint_ids.ids)],
            'views': [(False, 'list'), (False, 'form')],
        }

    def _gem_claimable_lines(self):
        """Return the lines that something was sold by: neither texts nor rebates."""
        return self.invoice_line_ids.filtered(
            lambda line: line.display_type == 'product'
            and line.quantity > 0 and line.price_unit >= 0)


class AccountMoveLine(models.Model):
    """Lines of invoices that customers claim on."""
    _inherit = 'account.move.line'

    @api.ondelete(at_uninstall=False)
    def _unlink_except_claimed(self):
        # sudo: whoever may read the claim
        claim = self.env['gem.crm.complaint.line'].sudo().search(
            [('move_line_id', 'in', self.ids)], limit=1)
        if claim:
            raise UserError(self.env._(
                "“%(line)s” of %(invoice)s is claimed by %(customer)s. Delete the claim first if "
                "there is none any more, or leave the line on the invoice.",
                line=claim.description or claim.product_id.display_name,
                invoice=claim.move_id.name, customer=claim.partner_id.display_name,
            ))

    def _at_invoice_prices(self):
        """Return what the line costs at the prices of the invoice, in its currency."""
        self.ensure_one()
        return self.currency_id.round(self.quantity * self.price_unit * (1 - self.discount / 100))
