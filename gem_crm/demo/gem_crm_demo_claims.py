from datetime import timedelta

from odoo import api, fields, models

from . import story


class GemCrmDemo(models.AbstractModel):
    """What the demo complaints are about on invoices, and what they cost."""
    _inherit = 'gem.crm.demo'

    @api.model
    def _claim(self):
        """Claim invoiced lines in the demo complaints, unless it was done before."""
        demo = self.with_context(tracking_disable=True)
        for key, product, quantity, decision, credit in story.CLAIMS:
            complaint = demo._complaint(key)
            origin = demo._last_line(complaint, product)
            if not origin or complaint.line_ids:
                continue
            quantity = min(quantity, origin.quantity)
            claim = self.env['gem.crm.complaint.line'].create({
                'complaint_id': complaint.id, 'move_line_id': origin.id, 'quantity': quantity,
                'accepted_quantity': {'all': quantity, 'some': quantity // 2, 'open': 0}[decision],
            })
            if credit != 'none':
                claim.action_credit()
            if credit == 'posted':
                claim.credit_move_id.action_post()
            if not complaint.date_closed:
                # What they contest of an invoice is this.
                self.env['gem.crm.dispute'].search([
                    ('partner_id', '=', complaint.partner_id.id), ('state', '=', 'open'),
                    ('company_id', '=', complaint.company_id.id), ('complaint_id', '=', False),
                ]).complaint_id = complaint
        demo._cost()

    def _cost(self):
        today = fields.Date.context_today(self)
        for key, kind, days, name, hours, amount in story.COSTS:
            complaint = self._complaint(key)
            xml_id = f'gem_crm.gem_crm_complaint_cost_demo_{key}_{kind}'
            if not complaint or self.env.ref(xml_id, raise_if_not_found=False):
                continue
            self.env['gem.crm.complaint.cost']._load_records([{
                'xml_id': xml_id,
                'noupdate': True,
                'values': {
                    'complaint_id': complaint.id, 'kind': kind, 'name': name,
                    'date': today - timedelta(days=days),
                    **({'hours': hours, 'rate': story.HOUR_RATE} if hours else {'amount': amount}),
                },
            }])

    def _complaint(self, key):
        """Return a demo complaint, or an empty record if somebody deleted it."""
        return self.env.ref(
            f'gem_crm.gem_crm_complaint_demo_{key}', raise_if_not_found=False,
        ) or self.env['gem.crm.complaint']

    def _last_line(self, complaint, product):
        """Return the last invoiced line of a product on which nothing was credited yet."""
        return self.env['account.move.line'].search([
            ('product_id', '=', self._record('product_product', product).id),
            ('move_id.commercial_partner_id', '=', complaint.partner_id.id),
            ('company_id', '=', complaint.company_id.id),
            ('parent_state', '=', 'posted'),
            ('move_id.move_type', '=', 'out_invoice'),
            ('move_id.reversal_move_ids', '=', False),
            ('date', '<=', complaint.date_received),
        ], order='date desc, id desc', limit=1)
