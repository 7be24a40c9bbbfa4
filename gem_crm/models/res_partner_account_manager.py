from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column

from .res_partner import CRM_READER, CRM_USER, PREFETCH


class ResPartner(models.Model):
    """Who is in charge of a customer: the account manager, or a deputy for a while."""
    _inherit = 'res.partner'

    gem_account_manager_id = fields.Many2one(
        'res.users',
        string="Account Manager",
        compute='_compute_gem_account_manager_id',
        inverse='_inverse_gem_account_manager_id',
        store=True,
        readonly=False,
        recursive=True,
        domain=[('share', '=', False)],
        index='btree_not_null',
        ondelete='restrict',
        tracking=True,
        groups=CRM_READER,
        prefetch=PREFETCH,
        help="Follows the salesperson until another person is chosen here. "
             "Empty it to follow the salesperson again.",
    )
    gem_account_manager_chosen = fields.Boolean(
        string="Account Manager Chosen by Hand",
        copy=False,
        groups=CRM_USER,
        prefetch=PREFETCH,
    )
    gem_deputy_id = fields.Many2one(
        'res.users',
        string="Deputy",
        domain=[('share', '=', False)],
        index='btree_not_null',
        ondelete='restrict',
        copy=False,
        tracking=True,
        groups=CRM_READER,
        prefetch=PREFETCH,
        help="In charge of the customer instead of the account manager between the two dates.",
    )
    gem_deputy_from = fields.Date(
        string="Deputy From", copy=False, tracking=True, groups=CRM_READER,
        prefetch=PREFETCH,
        help="Empty: from now on.",
    )
    gem_deputy_until = fields.Date(
        string="Deputy Until", copy=False, tracking=True, groups=CRM_READER,
        prefetch=PREFETCH,
        help="Last day included. Empty: until further notice.",
    )
    gem_in_charge_id = fields.Many2one(
        'res.users',
        string="In Charge Today",
        compute='_compute_gem_in_charge_id',
        search='_search_gem_in_charge_id',
        groups=CRM_READER,
        help="The deputy between the two dates, the account manager otherwise.",
    )
    gem_is_followed_by_me = fields.Boolean(
        string="Followed by Me",
        compute='_compute_gem_is_followed_by_me',
        search='_search_gem_is_followed_by_me',
        groups=CRM_USER,
        help="I am the account manager or today's deputy, or there is no account manager.",
    )

    _gem_deputy_dates = models.Constraint(
        'CHECK (gem_deputy_from <= gem_deputy_until)',
        "The deputy's last day comes before the first one.",
    )

    def _auto_init(self):
        # The ORM would compute the account managers one by one: minutes of a large database.
        if not column_exists(self.env.cr, self._table, 'gem_account_manager_id'):
            create_column(self.env.cr, self._table, 'gem_account_manager_id', 'int4')
            self.env.cr.execute(SQL(
                """
                UPDATE res_partner
                   SET gem_account_manager_id = customer.user_id
                  FROM res_partner AS customer
                 WHERE customer.id = res_partner.commercial_partner_id
                   AND customer.user_id IS NOT NULL
                """
            ))
        return super()._auto_init()

    @api.depends('user_id', 'gem_account_manager_chosen', 'parent_id.gem_account_manager_id')
    def _compute_gem_account_manager_id(self):
        for partner in self:
            if partner.parent_id and not partner.is_company:
                partner.gem_account_manager_id = partner.parent_id.gem_account_manager_id
            elif not partner.gem_account_manager_chosen:
                partner.gem_account_manager_id = partner.user_id
            else:
                partner.gem_account_manager_id = partner.gem_account_manager_id

    def _inverse_gem_account_manager_id(self):
        for partner in self:
            manager = partner.gem_account_manager_id
            partner.gem_account_manager_chosen = bool(manager) and manager != partner.user_id

    @api.depends('gem_account_manager_id', 'gem_deputy_id', 'gem_deputy_from', 'gem_deputy_until')
    def _compute_gem_in_charge_id(self):
        today = fields.Date.context_today(self)
        for partner in self:
            deputised = (
                partner.gem_deputy_id
                and (not partner.gem_deputy_from or partner.gem_deputy_from <= today)
                and (not partner.gem_deputy_until or partner.gem_deputy_until >= today)
            )
            partner.gem_in_charge_id = (
                partner.gem_deputy_id if deputised else partner.gem_account_manager_id
            )

    def _search_gem_in_charge_id(self, operator, value):
        if operator not in ('in', 'any'):
            return NotImplemented
        deputised = self._gem_deputised_today_domain()
        return (
            deputised & Domain('gem_deputy_id', operator, value)
            | ~deputised & Domain('gem_account_manager_id', operator, value)
        )

    @api.model
    def _gem_deputised_today_domain(self):
        today = fields.Date.context_today(self)
        return (
            Domain('gem_deputy_id', '!=', False)
            & (Domain('gem_deputy_from', '=', False) | Domain('gem_deputy_from', '<=', today))
            & (Domain('gem_deputy_until', '=', False) | Domain('gem_deputy_until', '>=', today))
        )

    @api.depends_context('uid')
    @api.depends('gem_account_manager_id', 'gem_in_charge_id')
    def _compute_gem_is_followed_by_me(self):
        for partner in self:
            manager = partner.gem_account_manager_id
            partner.gem_is_followed_by_me = (
                not manager or self.env.user in (manager | partner.gem_in_charge_id)
            )

    def _search_gem_is_followed_by_me(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return (
            Domain('gem_account_manager_id', 'in', [self.env.uid, False])
            | self._gem_deputised_today_domain() & Domain('gem_deputy_id', '=', self.env.uid)
        )

    @api.model
    def _gem_follow_up_fields(self):
        return super()._gem_follow_up_fields() + [
            'gem_account_manager_id',
            'gem_account_manager_chosen',
            'gem_deputy_id',
            'gem_deputy_from',
            'gem_deputy_until',
        ]

    @api.model
    def _commercial_fields(self):
        return super()._commercial_fields() + [
            'gem_deputy_id',
            'gem_deputy_from',
            'gem_deputy_until',
        ]
