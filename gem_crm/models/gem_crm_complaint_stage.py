from odoo import api, fields, models, tools

CLOSING_STATES = ('closed', 'cancelled')
# The steps of ISO 10002, and its end that is none.
STATES = [
    ('received', "Received"),
    ('acknowledged', "Acknowledged"),
    ('assessed', "Assessed"),
    ('investigating', "Under investigation"),
    ('answered', "Answered"),
    ('closed', "Closed"),
    ('cancelled', "Cancelled"),
]


class GemCrmComplaintStage(models.Model):
    """Where a complaint stands, in the words of the company."""
    _name = 'gem.crm.complaint.stage'
    _description = "Complaint Stage"
    _inherit = ['gem.crm.badge.mixin']

    state = fields.Selection(
        STATES,
        string="Step",
        required=True,
        default='investigating',
        help="The step of the process that this stage belongs to. Closed and cancelled "
             "complaints leave what is to be done.",
    )
    is_waiting = fields.Boolean(
        string="Waits for the Customer",
        help="While complaints are in this stage, the time of their deadlines stands still.",
    )
    fold = fields.Boolean(string="Folded", compute='_compute_fold', store=True)

    @api.depends('state')
    def _compute_fold(self):
        for stage in self:
            stage.fold = stage.state in CLOSING_STATES

    @api.model_create_multi
    def create(self, vals_list):
        stages = super().create(vals_list)
        self.env.registry.clear_cache()
        return stages

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.model
    def _first(self, state):
        """Return the first stage that means ``state``, if there is one; not a waiting one."""
        return self.browse(self._first_id(state))

    @api.model
    @tools.ormcache('state')
    def _first_id(self, state):
        return self.sudo().search(
            [('state', '=', state), ('is_waiting', '=', False)], limit=1)._ids
