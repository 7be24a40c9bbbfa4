from odoo import api, fields, models
from odoo.tools import format_date, formatLang

from .res_partner import CRM_READER


class AccountMove(models.Model):
    """What a customer promised to pay of an invoice, seen from the invoice."""
    _inherit = 'account.move'

    gem_promise_ids = fields.One2many(
        'gem.crm.promise', 'move_id', string="Promises to Pay", groups=CRM_READER,
    )
    gem_promise_count = fields.Integer(
        string="Number of Promises", compute='_compute_gem_promise_sentence', groups=CRM_READER,
    )
    gem_promise_sentence = fields.Char(
        string="Promised to Pay",
        compute='_compute_gem_promise_sentence',
        groups=CRM_READER,
        help="The promises that are still pending.",
    )

    @api.depends('gem_promise_ids.state', 'gem_promise_ids.amount', 'gem_promise_ids.date')
    def _compute_gem_promise_sentence(self):
        promises = self.env['gem.crm.promise'].search(
            [('move_id', 'in', self.ids)], order='date, id')
        by_move = promises.grouped('move_id')
        for move in self:
            ours = by_move.get(move._origin, promises.browse())
            move.gem_promise_count = len(ours)
            move.gem_promise_sentence = ", ".join(
                self.env._(
                    "%(amount)s by %(date)s",
                    amount=formatLang(self.env, p.amount, currency_obj=p.currency_id),
                    date=format_date(self.env, p.date))
                for p in ours if p.state == 'pending'
            )

    def button_cancel(self):
        result = super().button_cancel()
        self.env['gem.crm.promise']._decide_for(self)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_promised(self):
        # sudo: whoever may read it
        self.env['gem.crm.promise'].sudo().search(
            [('move_id', 'in', self.ids)], limit=1)._refuse_deletion_of_invoice()

    def gem_action_promise(self):
        """Return the action that records a promise to pay this invoice in a dialog."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Promise to pay %(invoice)s", invoice=self.name),
            'res_model': 'gem.crm.promise',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {'default_move_id': self.id, 'gem_one_invoice': True},
        }

    def gem_action_view_promises(self):
        """Return the action that shows the promises to pay this invoice."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('gem_crm.gem_crm_promise_action')
        return action | {
            'domain': [('move_id', '=', self.id)],
            'context': {'default_move_id': self.id, 'gem_one_invoice': True},
        }
