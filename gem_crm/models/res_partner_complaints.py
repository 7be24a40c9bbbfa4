from odoo import fields, models

from .res_partner import CRM_USER


class ResPartner(models.Model):
    """The complaints of a customer, and how satisfied they are with what was made of them."""
    _inherit = 'res.partner'

    gem_complaint_count = fields.Integer(
        string="Complaints", compute='_compute_gem_complaint_count', groups=CRM_USER)
    gem_open_complaint_count = fields.Integer(
        string="Open Complaints", compute='_compute_gem_complaint_count', groups=CRM_USER)

    def _compute_gem_complaint_count(self):
        counts = {
            customer: (total, open_)
            for customer, total, open_ in self._gem_count_complaints()
        }
        for partner in self:
            partner.gem_complaint_count, partner.gem_open_complaint_count = counts.get(
                partner.commercial_partner_id._origin, (0, 0))

    def _gem_count_complaints(self):
        """Return triples (customer, complaints, open ones) of those the user may read."""
        groups = self.env['gem.crm.complaint']._read_group(
            [('partner_id', 'in', self.commercial_partner_id.ids),
             ('stage_id.state', '!=', 'cancelled')],
            ['partner_id'], ['__count', 'date_closed:count'],
        )
        return [(customer, count, count - closed) for customer, count, closed in groups]

    def gem_action_view_complaints(self):
        """Return the pages of the complaints of this customer, the open ones first."""
        self.ensure_one()
        customer = self.commercial_partner_id
        action = self.env['ir.actions.act_window']._for_xml_id('gem_crm.gem_crm_complaint_action')
        return action | {
            'domain': [('partner_id', '=', customer.id)],
            'context': {'default_partner_id': customer.id},
        }

    # ------------------------------------------------------------
    # The band
    # ------------------------------------------------------------

    def _gem_follow_up_facts(self):
        return [*super()._gem_follow_up_facts(), *self._gem_fact_complaints()]

    def _gem_fact_complaints(self):
        [(_customer, count, open_)] = self._gem_count_complaints() or [(self, 0, 0)]
        if not count:
            return []
        fact = {
            'name': 'complaints', 'label': self.env._("Complaints"),
            'value': self.env._("%(count)s open", count=open_) if open_
            else self.env._("None open"),
            'action': 'gem_action_view_complaints',
        }
        if open_:
            fact['tone'] = 'danger'
        satisfaction = self._gem_complaint_satisfaction()
        fact['detail'] = (
            self.env._("%(percent)s %% satisfied with the answers", percent=satisfaction)
            if satisfaction is not None
            else self.env._("%(count)s in all", count=count)
        )
        return [fact]

    def _gem_complaint_satisfaction(self):
        """Return how satisfied this customer is with the answers to complaints, in percent.

        The mean of the ratings, from 1 (0 %) to 5 (100 %); None without any.
        """
        # sudo: of the complaints that the user reads, the ratings are no secret
        [(mean, count)] = self.env['rating.rating'].sudo()._read_group(
            [
                ('res_model', '=', 'gem.crm.complaint'),
                ('res_id', 'in', self.env['gem.crm.complaint']._search(
                    [('partner_id', '=', self.id)])),
                ('consumed', '=', True),
                ('rating', '>=', 1),
            ],
            [], ['rating:avg', '__count'],
        )
        return round((mean - 1) / 4 * 100) if count else None
