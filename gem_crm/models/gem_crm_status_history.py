from odoo import api, fields, models
from odoo.tools import SQL


class GemCrmStatusHistory(models.Model):
    """One step of a customer from a sales status to the next, as their notes told it.

    The steps are a history: notes add to it, nobody changes it.
    """
    _name = 'gem.crm.status.history'
    _description = "Sales Status Change"
    _inherit = ['gem.crm.customer.mixin']
    _order = 'date desc, id desc'
    _rec_name = 'to_status_id'

    from_status_id = fields.Many2one(
        'gem.crm.status', string="From", readonly=True, index='btree_not_null', ondelete='restrict',
    )
    to_status_id = fields.Many2one(
        'gem.crm.status', string="To", required=True, readonly=True, index=True,
        ondelete='restrict',
    )
    date = fields.Datetime(
        string="When", required=True, readonly=True, default=fields.Datetime.now, index=True,
    )
    user_id = fields.Many2one(
        'res.users',
        string="By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete='restrict',
    )
    note_id = fields.Many2one(
        'gem.crm.note', readonly=True, index='btree_not_null', ondelete='set null',
    )
    refusal_reason_id = fields.Many2one(
        'gem.crm.refusal.reason', readonly=True, index='btree_not_null', ondelete='restrict',
    )

    _partner_date_idx = models.Index('(partner_id, date DESC, id DESC)')

    @api.model
    def _last_statuses(self, customers):
        """Return the last sales status of each of the customers who have one.

        :rtype: dict[int, int]
        """
        self.flush_model(['partner_id', 'to_status_id', 'date'])
        return dict(self.env.execute_query(SQL(
            """
                SELECT DISTINCT ON (partner_id) partner_id, to_status_id
                  FROM gem_crm_status_history
                 WHERE partner_id = ANY(%s)
              ORDER BY partner_id, date DESC, id DESC
            """,
            list(customers.ids),
        )))
