from odoo import api, fields, models

from .gem_crm_complaint_stage import CLOSING_STATES


class GemCrmComplaint(models.Model):
    """What a complaint is about on invoices: disputes, which end with it, and claimed lines."""
    _inherit = 'gem.crm.complaint'

    dispute_ids = fields.One2many('gem.crm.dispute', 'complaint_id', string="Disputed Invoices")
    line_ids = fields.One2many('gem.crm.complaint.line', 'complaint_id', string="Claimed Lines")
    credit_note_count = fields.Integer(
        string="Number of Credit Notes", compute='_compute_credit_note_count')

    @api.depends('line_ids.credit_move_id')
    def _compute_credit_note_count(self):
        for complaint in self:
            # sudo: that there are any, for those who read no invoices
            complaint.credit_note_count = len(complaint.sudo().line_ids.credit_move_id)

    def _write_stage_effects(self, stage):
        result = super()._write_stage_effects(stage)
        if stage.state in CLOSING_STATES:
            # sudo: who may close a complaint ends its disputes by it
            self.sudo().dispute_ids._end('complaint')
        return result

    def _after_reopening(self):
        # sudo: as above
        disputes = self.sudo().dispute_ids
        disputes.filtered(lambda dispute: dispute.ended_how == 'complaint')._come_back()
        return super()._after_reopening()

    def action_credit(self):
        """Draft the credit notes of what is accepted of these complaints, and show them."""
        return self.line_ids.action_credit()

    def action_accept_lines(self):
        """Accept all that is claimed and not decided yet."""
        self.line_ids.filtered(lambda line: line.state == 'claimed').action_accept()

    def action_add_lines(self):
        """Return the action that shows the invoiced lines of the customer, to claim some."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id(
            'gem_crm.gem_crm_invoice_line_action')
        return action | {
            'domain': [('partner_id', '=', self.partner_id.id),
                       ('company_id', '=', self.company_id.id)],
            'context': {'gem_complaint_id': self.id},
        }

    def action_view_credit_notes(self):
        """Return the action that shows the credit notes of this complaint."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Credit Notes"),
            'res_model': 'account.move',
            'domain': [('id', 'in', self.line_ids.credit_move_id.ids)],
            'views': [(False, 'list'), (False, 'form')],
            'context': {'default_move_type': 'out_refund'},
        }
