from odoo import api, fields, models
from odoo.tools import format_date
from odoo.tools.sql import column_exists, create_column

from .res_partner import CRM_USER


class ResPartner(models.Model):
    """Where a customer stands in the sale: the last status their sales notes got."""
    _inherit = 'res.partner'

    gem_sales_status_id = fields.Many2one(
        'gem.crm.status',
        string="Sales Status",
        compute='_compute_gem_sales_status_id',
        store=True,
        index='btree_not_null',
        ondelete='restrict',
        groups=CRM_USER,
        help="The last status that a sales note about the customer got.",
    )
    gem_status_history_ids = fields.One2many(
        'gem.crm.status.history', 'partner_id', string="Sales Status Changes", groups=CRM_USER,
    )

    def _auto_init(self):
        # Nobody has a status yet: spare the installation from asking for each partner.
        if not column_exists(self.env.cr, self._table, 'gem_sales_status_id'):
            create_column(self.env.cr, self._table, 'gem_sales_status_id', 'int4')
        return super()._auto_init()

    @api.depends('gem_status_history_ids.to_status_id', 'gem_status_history_ids.date')
    def _compute_gem_sales_status_id(self):
        last = self.env['gem.crm.status.history']._last_statuses(self._origin)
        for partner in self:
            partner.gem_sales_status_id = last.get(partner._origin.id)

    def _gem_follow_up_facts(self):
        return [*super()._gem_follow_up_facts(), *self._gem_fact_sales_status()]

    def _gem_fact_sales_status(self):
        status = self.gem_sales_status_id
        if not status:
            return []
        change = self.gem_status_history_ids[:1]
        return [{
            'name': 'sales_status',
            'label': self.env._("Sales status"),
            'value': status.name,
            'badge': {
                'text_color': status.text_color, 'background_color': status.background_color,
            },
            'detail': ", ".join(filter(None, (
                change.refusal_reason_id.name,
                change and self.env._("since %(date)s", date=format_date(self.env, change.date)),
            ))),
            'action': 'gem_action_view_sales_status',
        }]

    def gem_action_view_sales_status(self):
        """Return the action that lists how the customer went from status to status."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Sales Status Changes"),
            'res_model': 'gem.crm.status.history',
            'views': [(False, 'list')],
            'target': 'new',
            'domain': [('partner_id', '=', self.commercial_partner_id.id)],
            'context': {'gem_one_customer': True},
        }
