from ast import literal_eval

from odoo import api, fields, models
from odoo.fields import Domain

COMPLAINT = 'gem.crm.complaint'


class GemCrmComplaintAddress(models.Model):
    """An e-mail address at which a company receives complaints."""
    _name = 'gem.crm.complaint.address'
    _description = "Address for Complaints"
    _inherit = ['mail.alias.mixin']
    _order = 'company_id, sequence, id'

    name = fields.Char(
        required=True,
        translate=True,
        help="Stands as the sender's name on what is sent from this address.",
    )
    company_id = fields.Many2one(
        'res.company',
        required=True,
        index=True,
        ondelete='cascade',
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        'res.users',
        string="Handler",
        domain=[('share', '=', False)],
        ondelete='set null',
        help="Who gets the complaints that arrive here. "
             "Empty: the handler of their category, or nobody yet.",
    )
    category_id = fields.Many2one('gem.crm.complaint.category', ondelete='set null')
    acknowledges = fields.Boolean(
        string="Acknowledges by Itself",
        default=True,
        help="Each new complaint is acknowledged at once, with the date by which the customer "
             "gets an answer. Machines and mailing lists are never answered.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    # ------------------------------------------------------------
    # The alias
    # ------------------------------------------------------------

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values['alias_model_id'] = self.env['ir.model']._get_id(COMPLAINT)
        if self.id:
            values['alias_defaults'] = defaults = literal_eval(self.alias_defaults or '{}')
            defaults.update(
                company_id=self.company_id.id,
                user_id=self.user_id.id,
                category_id=self.category_id.id,
            )
        return values

    def write(self, vals):
        result = super().write(vals)
        if not {'company_id', 'user_id', 'category_id'}.isdisjoint(vals):
            for address in self:
                # sudo: the aliases are the server administrator's
                address.sudo().alias_defaults = (
                    address._alias_get_creation_values()['alias_defaults'])
        return result

    @api.depends('name', 'alias_id.alias_full_name')
    def _compute_display_name(self):
        for address in self:
            address.display_name = address.alias_id.sudo().alias_full_name or address.name

    # ------------------------------------------------------------
    # Receiving
    # ------------------------------------------------------------

    @api.model
    def _receiving(self, emails):
        """Return the addresses among ``emails``: those of complaints, of any company.

        :param emails: list of normalized e-mail addresses
        """
        local = [email.partition('@')[0] for email in emails]
        # sudo: the gateway serves every company
        return self.sudo().search_fetch(
            Domain('alias_id.alias_full_name', 'in', emails)
            | Domain('alias_id.alias_incoming_local', '=', True)
            & Domain('alias_id.alias_name', 'in', local),
            ['alias_id', 'company_id', 'acknowledges'],
        ) if emails else self.sudo().browse()

    @api.model
    def _of_company(self, company):
        """Return the address from which a company writes about complaints, if it has one."""
        # sudo: who answers a complaint need not read the settings
        return self.sudo().search(
            [('company_id', '=', company.id), ('alias_name', '!=', False)], limit=1)

    @api.model
    def _complete_companies(self, companies=None):
        """Give an address to each company that has none.

        :param companies: all of them if none are given
        """
        every = self.sudo().with_context(active_test=False)
        having = every.search([('company_id', '!=', False)]).company_id
        if companies is None:
            companies = every.env['res.company'].search(
                [('id', 'not in', having.ids)], order='id')
        lacking = companies - having
        for company in lacking:
            name = 'complaints'
            if every.env['mail.alias'].search_count([
                ('alias_name', '=', name), ('alias_domain_id', '=', company.alias_domain_id.id),
            ]):
                name = f'complaints-{company.id}'
            every.create({
                'name': self.env._("Complaints"), 'company_id': company.id, 'alias_name': name,
            })
