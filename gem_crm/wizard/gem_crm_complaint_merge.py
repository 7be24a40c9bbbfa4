from odoo import api, fields, models


class GemCrmComplaintMerge(models.TransientModel):
    """Complaints of which one takes over from the others."""
    _name = 'gem.crm.complaint.merge'
    _description = "Merge Complaints"

    complaint_ids = fields.Many2many(
        'gem.crm.complaint',
        string="Complaints",
        default=lambda self: self._default_complaint_ids(),
    )
    survivor_id = fields.Many2one(
        'gem.crm.complaint',
        string="Keep",
        compute='_compute_survivor_id',
        store=True,
        readonly=False,
        required=True,
        ondelete='cascade',
        domain="[('id', 'in', complaint_ids)]",
    )

    @api.model
    def _default_complaint_ids(self):
        """Return the chosen complaints; for a single one, those that seem to be the same."""
        if self.env.context.get('active_model') != 'gem.crm.complaint':
            return False
        chosen = self.env['gem.crm.complaint'].browse(self.env.context.get('active_ids', []))
        if len(chosen) == 1 and (chosen.partner_id or chosen.email_normalized):
            whose = (
                [('partner_id', '=', chosen.partner_id.id)] if chosen.partner_id
                else [('email_normalized', '=', chosen.email_normalized)])
            chosen |= chosen.search([
                *whose, ('company_id', '=', chosen.company_id.id), ('date_closed', '=', False),
                ('name', '=ilike', chosen.name),
            ])
        return chosen

    @api.depends('complaint_ids')
    def _compute_survivor_id(self):
        for merge in self:
            if merge.survivor_id not in merge.complaint_ids._origin:
                merge.survivor_id = min(
                    merge.complaint_ids._origin,
                    key=lambda complaint: (
                        bool(complaint.date_closed), complaint.date_received, complaint.id),
                    default=False,
                )

    def action_merge(self):
        """Merge them, and open the one that is left."""
        self.ensure_one()
        (self.complaint_ids - self.survivor_id)._merge_into(self.survivor_id)
        return {
            'type': 'ir.actions.act_window',
            'res_model': 'gem.crm.complaint',
            'res_id': self.survivor_id.id,
            'views': [(False, 'form')],
        }
