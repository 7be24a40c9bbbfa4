from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .res_partner import CRM_USER


class ResPartner(models.Model):
    """The segments a customer is in."""
    _inherit = 'res.partner'

    gem_segment_ids = fields.Many2many(
        'gem.crm.segment',
        string="Segments",
        compute='_compute_gem_segment_ids',
        search='_search_gem_segment_ids',
        groups=CRM_USER,
        help="The segments whose conditions the customer meets now.",
    )

    @api.model
    def _gem_customers_domain(self):
        """Return the domain of the customers, as the menu Customers shows them."""
        return (
            (Domain('is_company', '=', True) | Domain('parent_id', '=', False))
            & Domain('partner_share', '=', True)
            & Domain('ref_company_ids', '=', False)
        )

    @api.depends_context('uid', 'company')
    def _compute_gem_segment_ids(self):
        Segment = self.env['gem.crm.segment']
        customers = self.commercial_partner_id.with_context(active_test=False)
        # pylint: disable-next=no-search-all; each may be the one
        segments = Segment.search([]).filtered(lambda segment: segment._is_usable())
        found = {}
        if customers and segments:
            for segment_id, customer_id in self.env.execute_query(SQL(" UNION ALL ").join(
                SQL("(%s)", customers._search(
                    segment._customers() & Domain('id', 'in', customers.ids),
                ).select(SQL("%s", segment.id), SQL("res_partner.id")))
                for segment in segments
            )):
                found.setdefault(customer_id, []).append(segment_id)
        for partner in self:
            partner.gem_segment_ids = Segment.browse(found.get(partner.commercial_partner_id.id))

    @api.model
    def _search_gem_segment_ids(self, operator, value):
        Segment = self.env['gem.crm.segment'].with_context(active_test=False)
        if operator == 'any':
            return Segment.search(value)._customers() if value else Domain.FALSE
        if operator != 'in':
            return NotImplemented
        found = Segment.browse(filter(None, value)).exists()._customers()
        if False in value:
            # pylint: disable-next=no-search-all; in none of them
            found |= ~self.env['gem.crm.segment'].search([])._customers()
        return found
