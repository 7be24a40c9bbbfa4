from odoo import api, models
from odoo.exceptions import UserError

# More than a team can call in a week.
MOST_FOUND = 200


class GemCrmProfile(models.Model):
    """The page that finds the customers who would want a product, and what follows from it."""
    _inherit = 'gem.crm.profile'

    @api.model
    @api.readonly
    def get_interested_customers(self, product_ids):
        """Return the customers who would be interested in the products, the likeliest first.

        :return: dict with ``rows``, a list of dicts ``partner_id``, ``name``, ``reasons`` and
            ``in_charge``, and what the reader may make of them
        """
        found = self._find_customers(self._products_to_find(product_ids), MOST_FOUND)
        customers = self.env['res.partner'].browse(row['partner_id'] for row in found)
        customers.fetch(['complete_name', 'gem_account_manager_id', 'gem_deputy_id'])
        return {
            'rows': [
                {
                    'partner_id': customer.id,
                    'name': customer.complete_name,
                    'reasons': row['reasons'],
                    'in_charge': customer.gem_in_charge_id.name or "",
                }
                for customer, row in zip(customers, found, strict=True)
            ],
            'can_make_segment': self.env['gem.crm.segment'].has_access('create'),
            'can_make_mailing': self._may_make_mailing(),
        }

    @api.model
    def _products_to_find(self, product_ids):
        products = self.env['product.product'].browse(product_ids)
        products.check_access('read')
        return products

    @api.model
    def _products_in_words(self, product_ids):
        return ", ".join(self._products_to_find(product_ids).mapped('display_name'))

    @api.model
    def action_notes_from_finder(self, product_ids, partner_ids):
        """Return the action that makes a note per customer, each with the reason."""
        found = self._find_customers(self._products_to_find(product_ids), MOST_FOUND)
        names = self._products_in_words(product_ids)
        return self.env['gem.crm.note.batch']._action_for(
            [('id', 'in', partner_ids)],
            name=names,
            reasons={
                str(row['partner_id']): " ".join(row['reasons'])
                for row in found if row['partner_id'] in partner_ids
            },
            name_of_notes=self.env._("Present %(products)s", products=names),
        )

    @api.model
    def action_segment_from_finder(self, product_ids, partner_ids):
        """Make a segment of exactly these customers, and return the action that opens it."""
        if not partner_ids:
            raise UserError(self.env._("Choose at least one customer."))
        segment = self.env['gem.crm.segment'].create({
            'name': self._free_segment_name(self.env._(
                "Interested in %(products)s", products=self._products_in_words(product_ids))),
            'domain': repr([('id', 'in', sorted(partner_ids))]),
            'company_id': self.env.company.id,
        })
        return {
            'type': 'ir.actions.act_window',
            'res_model': segment._name,
            'res_id': segment.id,
            'views': [(False, 'form')],
        }

    @api.model
    def _free_segment_name(self, name):
        Segment = self.env['gem.crm.segment'].with_context(active_test=False)
        free, number = name, 1
        while Segment.search_count([('name', '=', free)], limit=1):
            number += 1
            free = f"{name} ({number})"
        return free

    @api.model
    def _may_make_mailing(self):
        """Return whether the user may make a mailing list: never, unless an add-on can."""
        return False


class ProductTemplate(models.Model):
    """From a product to those who would want it."""
    _inherit = 'product.template'

    def gem_action_find_customers(self):
        """Return the action that opens the finder for these products."""
        return dict(
            self.env['ir.actions.client']._for_xml_id('gem_crm.gem_crm_finder_action'),
            context={'product_ids': self.product_variant_ids.ids},
        )
