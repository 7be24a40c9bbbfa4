from odoo import fields, models


class GemCrmNeed(models.Model):
    """Something a customer expects in order to stay a customer."""
    _name = 'gem.crm.need'
    _description = "Customer Need"
    _inherit = ['gem.crm.customer.mixin']
    _order = 'state desc, id desc'
    _check_company_auto = True

    name = fields.Char(string="Need", required=True)
    kind_id = fields.Many2one(
        'gem.crm.need.kind',
        ondelete='restrict',
        index='btree_not_null',
    )
    state = fields.Selection(
        [('open', "Still Open"), ('met', "Met")],
        string="Status",
        default='open',
        required=True,
    )
    reviewed_on = fields.Date(
        default=fields.Date.context_today,
        help="When somebody last asked the customer whether this is still so.",
    )
    active = fields.Boolean(default=True)

    _partner_state_idx = models.Index('(partner_id, state)')

    def action_set_met(self):
        """Record that the needs are met, as reviewed today."""
        self.write({'state': 'met', 'reviewed_on': fields.Date.context_today(self)})

    def action_reopen(self):
        """Record that the needs are open again, as reviewed today."""
        self.write({'state': 'open', 'reviewed_on': fields.Date.context_today(self)})
