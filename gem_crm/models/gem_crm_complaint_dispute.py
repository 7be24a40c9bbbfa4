from odoo import fields, models

from .gem_crm_complaint_stage import CLOSING_STATES


class GemCrmComplaint(models.Model):
    """The disputes that are part of a complaint end with it, and come back with it."""
    _inherit = 'gem.crm.complaint'

    dispute_ids = fields.One2many('gem.crm.dispute', 'complaint_id', string="Disputed Invoices")

    def _write_stage_effects(self, stage):
        result = super()._write_stage_effects(stage)
        # sudo: who may close a complaint ends its disputes by it
        disputes = self.env['gem.crm.dispute'].sudo().search([('complaint_id', 'in', self.ids)])
        if stage.state in CLOSING_STATES:
            disputes._end('complaint')
        else:
            disputes.filtered(lambda dispute: dispute.ended_how == 'complaint')._come_back()
        return result
