from odoo import fields, models


class GemCrmNote(models.Model):
    """A follow-up note: what is to be done for a customer, by whom, by when."""
    _name = 'gem.crm.note'
    _description = "Follow-up Note"
    _inherit = ['gem.crm.customer.mixin']
    # The customer's next step is the first of its open notes in this order.
    _order = 'date_done desc, date_due, id'
    _check_company_auto = True

    name = fields.Char(string="Next Action", required=True)
    user_id = fields.Many2one(
        'res.users',
        string="Assigned To",
        default=lambda self: self.env.user,
        domain=[('share', '=', False)],
        index='btree_not_null',
        ondelete='restrict',
    )
    date_due = fields.Date(string="Due", default=fields.Date.context_today, index=True)
    date_done = fields.Date(string="Done On", copy=False)
    description = fields.Text(string="Details")
    active = fields.Boolean(default=True)

    _open_by_partner_idx = models.Index('(partner_id, date_due, id) WHERE date_done IS NULL')

    def action_done(self):
        """Mark the notes as done today."""
        self.write({'date_done': fields.Date.context_today(self)})

    def action_reopen(self):
        """Put the notes back among what is to be done."""
        self.write({'date_done': False})

    def _is_late(self):
        """Whether this note is still to be done after its due date."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        return bool(not self.date_done and self.date_due and self.date_due < today)
