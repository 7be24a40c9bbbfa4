from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import email_normalize


class GemCrmProfile(models.Model):
    """A mailing list of the customers who would want a product."""
    _inherit = 'gem.crm.profile'

    @api.model
    def _may_make_mailing(self):
        return self.env['mailing.list'].has_access('create')

    @api.model
    def action_mailing_from_finder(self, product_ids, partner_ids):
        """Make a mailing list of those of these customers who may be written to.

        :return: the action that opens it
        """
        customers = self.env['res.partner'].search([
            ('id', 'in', partner_ids), *self.env['gem.crm.segment']._may_be_written_to()])
        if not customers:
            raise UserError(self.env._(
                "None of these customers may be written to: they have no e-mail address, or "
                "refused the newsletter."
            ))
        mailing_list = self.env['mailing.list'].create({
            'name': self.env._(
                "Interested in %(products)s", products=self._products_in_words(product_ids)),
            'contact_ids': self._contacts_of_mailing(customers),
        })
        return {
            'type': 'ir.actions.act_window',
            'res_model': mailing_list._name,
            'res_id': mailing_list.id,
            'views': [(False, 'form')],
        }

    @api.model
    def _contacts_of_mailing(self, customers):
        """Return the commands that put customers on a list, once for each address."""
        by_address = {}
        for customer in customers:
            address = email_normalize(customer.email) or customer.email
            by_address.setdefault(address, customer)
        known = {
            contact.email_normalized: contact
            for contact in self.env['mailing.contact'].search(
                [('email_normalized', 'in', list(by_address))], order='id desc')
        }
        return [
            Command.link(known[address].id) if address in known else
            Command.create({'name': customer.name, 'email': customer.email})
            for address, customer in by_address.items()
        ]
