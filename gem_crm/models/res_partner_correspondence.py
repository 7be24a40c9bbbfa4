from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .res_partner import CRM_USER


class ResPartner(models.Model):
    """What the correspondence says of a customer."""
    _inherit = 'res.partner'

    gem_awaiting_since = fields.Date(
        string="Awaiting Our Answer Since",
        compute='_compute_gem_awaiting_since',
        search='_search_gem_awaiting_since',
        groups=CRM_USER,
        help="The day of the oldest message of the customer that nobody answered.",
    )

    @api.depends_context('uid', 'allowed_company_ids', 'tz')
    def _compute_gem_awaiting_since(self):
        since = dict(self.env['gem.crm.correspondence']._read_group(
            [
                ('partner_id', 'in', self.commercial_partner_id.ids),
                ('answer_state', '=', 'awaited'),
            ],
            ['partner_id'], ['date:min'],
        ))
        for partner in self:
            date = since.get(partner.commercial_partner_id)
            partner.gem_awaiting_since = (
                date and fields.Datetime.context_timestamp(partner, date).date()
            )

    def _gem_follow_up_facts(self):
        return super()._gem_follow_up_facts() + self._gem_fact_awaiting()

    def _gem_fact_awaiting(self):
        since = self.gem_awaiting_since
        if not since:
            return []
        days = (fields.Date.context_today(self) - since).days
        return [{
            'name': 'awaiting',
            'label': self.env._("Awaiting our answer"),
            'value': self.env._("for %(days)s days", days=days) if days > 1
            else self.env._("since yesterday") if days == 1
            else self.env._("since today"),
            'tone': 'danger' if days > 2 else 'warning',
            'action': 'gem_action_open_awaiting',
        }]

    def gem_action_open_awaiting(self):
        """Return the action that lists what this customer still awaits an answer to."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Awaiting Our Answer"),
            'res_model': 'gem.crm.correspondence',
            'views': [(False, 'list'), (False, 'kanban'), (False, 'form')],
            'domain': [
                ('partner_id', '=', self.commercial_partner_id.id),
                ('answer_state', '=', 'awaited'),
            ],
        }

    def _search_gem_awaiting_since(self, operator, value):
        if operator == 'in':
            if False in value:
                return NotImplemented if len(value) > 1 else ~self._gem_awaiting_domain(SQL("TRUE"))
            condition = SQL("= ANY(%s)", [fields.Date.to_date(date) for date in value])
        elif operator in ('<', '<=', '>', '>='):
            condition = SQL("%s %s", SQL(operator), fields.Date.to_date(value))
        else:
            return NotImplemented
        return self._gem_awaiting_domain(SQL(
            "CAST(timezone(%s, timezone('UTC', MIN(date))) AS date) %s",
            self.env.tz.zone, condition,
        ))

    @api.model
    def _gem_awaiting_domain(self, having):
        awaited = self.env['gem.crm.correspondence']._search([('answer_state', '=', 'awaited')])
        return Domain('commercial_partner_id', 'in', SQL(
            """
            (SELECT partner_id
               FROM gem_crm_correspondence
              WHERE id IN %s
           GROUP BY partner_id
             HAVING %s)
            """,
            awaited.subselect(), having,
        ))

    def unlink(self):
        # Copies of messages must not keep a customer from being deleted.
        self.env['gem.crm.correspondence'].sudo().search([
            ('partner_id', 'in', self.ids), ('is_logged', '=', False),
        ]).unlink()
        return super().unlink()
