from odoo import api, fields, models

CLOSING_STATES = ('done', 'refused')


class GemCrmStatus(models.Model):
    """Where a note stands; of a sales note, where the customer stands."""
    _name = 'gem.crm.status'
    _description = "Note Status"
    _inherit = ['gem.crm.kind.mixin']

    state = fields.Selection(
        [('new', "To do"), ('waiting', "Waiting"), ('done', "Done"), ('refused', "Refused")],
        string="Means",
        required=True,
        default='new',
        help="Done and refused notes leave what is to be done. "
             "Refused notes ask for the reason.",
    )
    fold = fields.Boolean(string="Folded", compute='_compute_fold', store=True)
    next_action_id = fields.Many2one(
        'gem.crm.action',
        index='btree_not_null',
        ondelete='set null',
        help="Proposed for the next note when a note reaches this status.",
    )

    @api.depends('state')
    def _compute_fold(self):
        for status in self:
            status.fold = status.state in CLOSING_STATES

    @api.model
    def _first(self, kind, state='new'):
        """Return the first status of ``kind`` that means ``state``, if there is one."""
        return self.search([('kind', '=', kind), ('state', '=', state)], limit=1)
