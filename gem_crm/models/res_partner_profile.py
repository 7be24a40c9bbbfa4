from functools import cache

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, formatLang, frozendict, ormcache

from .gem_crm_profile import INVOICE_TYPES
from .res_partner import CRM_USER
from .res_partner_figures import search_figure


@cache
def _showing(field_class):
    """Return the class of fields of the customer that show a field of that class."""
    class ShownFigure(field_class):
        def setup_related(self, model):
            result = super().setup_related(model)
            # The ORM's own search of a related field finds those without a profile by "> 0".
            self.search = search_figure(self.name)
            return result

    return ShownFigure


def profile_figure(field_class, column, **attributes):
    """Return a field of the customer that shows a column of the profile, in lists too.

    :param field_class: the class of the column; its string, help and the like are the field's too
    :param str column: the name of the column; the field must be ``gem_`` and this name
    """
    return _showing(field_class)(
        related=f'gem_profile_id.{column}',
        # as the reader: the profile's rules say whose figures they may see
        related_sudo=False,
        groups=CRM_USER,
        **attributes,
    )


class ResPartner(models.Model):
    """The profile of a customer for the current company."""
    _inherit = 'res.partner'

    gem_profile_id = fields.Many2one(
        'gem.crm.profile',
        string="Profile",
        compute='_compute_gem_profile_id',
        search=search_figure('gem_profile_id'),
        groups=CRM_USER,
        help="What is computed about the customer for the current company. Contacts have none.",
    )
    gem_currency_id = fields.Many2one(
        'res.currency',
        string="Currency of the Figures",
        compute='_compute_gem_currency_id',
        groups=CRM_USER,
    )
    gem_completeness = profile_figure(fields.Integer, 'completeness')
    gem_revenue = profile_figure(fields.Monetary, 'revenue', currency_field='gem_currency_id')

    @api.depends_context('uid', 'company')
    def _compute_gem_profile_id(self):
        profiles = self.env['gem.crm.profile'].search_fetch([
            ('partner_id', 'in', self._origin.ids),
            ('company_id', '=', self.env.company.id),
        ])
        by_customer = {profile.partner_id.id: profile for profile in profiles}
        for partner in self:
            partner.gem_profile_id = by_customer.get(partner._origin.id)

    @api.depends_context('company')
    def _compute_gem_currency_id(self):
        self.gem_currency_id = self.env.company.currency_id

    @api.model
    @ormcache()
    def _gem_profile_figures(self):
        """Return the column of the profile by the name of the customer's field that shows it."""
        shown = 'gem_profile_id.'
        return frozendict(
            (name, field.related.removeprefix(shown))
            for name, field in self._fields.items()
            if field.related and field.related.startswith(shown)
        )

    @api.model
    def _gem_figures(self):
        return super()._gem_figures() | {
            name: ('_gem_profile_rows', column)
            for name, column in [('gem_profile_id', 'id'), *self._gem_profile_figures().items()]
        }

    def _gem_profile_rows(self):
        profiles = self.env['gem.crm.profile']._search([('company_id', '=', self.env.company.id)])
        return profiles.subselect(SQL("gem_crm_profile.*")), 'id'

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == 'gem_currency_id':
            self._check_field_access(self._fields[field_expr], 'read')
            return SQL("%s", self.env.company.currency_id.id)
        return super()._field_to_sql(alias, field_expr, query)

    @api.model
    def _gem_invalidate_profile(self):
        """Forget the figures of profiles, which were computed anew."""
        shown = [
            name for name, (method, _column) in self._gem_figures().items()
            if method == '_gem_profile_rows'
        ]
        self.invalidate_model(['gem_referred_revenue', *shown])

    @api.readonly
    def gem_get_completeness(self):
        """Return how complete the customer's card is now, for the current company, and why.

        :return: ``{'score': 80, 'missing': [{'name': "Needs", 'loss': 20}]}``, where score
            and losses add up to 100, and the greatest loss comes first
        """
        self.ensure_one()
        self._gem_check_may_read_figures()
        customer = self.commercial_partner_id
        return self.env['gem.crm.completeness.criterion']._explain(customer, self.env.company)

    def _gem_follow_up_facts(self):
        facts = super()._gem_follow_up_facts()
        if self.gem_revenue:
            fact = {
                'name': 'revenue',
                'label': self.env._("Revenue"),
                'value': formatLang(
                    self.env, self.gem_revenue, currency_obj=self.gem_currency_id),
            }
            if self.env['account.move'].has_access('read'):
                fact['action'] = 'gem_action_open_revenue'
            facts.append(fact)
        completeness = self.gem_get_completeness()
        facts.append({
            'name': 'completeness',
            'label': self.env._("Completeness"),
            'value': self.env._("%(score)s %%", score=completeness['score']),
            'detail': ", ".join(
                self.env._("%(name)s: −%(loss)s", **criterion)
                for criterion in completeness['missing']
            ),
        })
        return facts

    def _gem_check_may_read_figures(self):
        self.check_access('read')
        if not self.env.user.has_groups(CRM_USER):
            raise AccessError(self.env._(
                "Only CRM follow-up users may read what is known about a customer."
            ))

    def gem_action_open_revenue(self):
        """Open the invoices and credit notes the customer's revenue is made of."""
        self.ensure_one()
        self._gem_check_may_read_figures()
        self.env['account.move'].check_access('read')
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Revenue of %(customer)s", customer=self.display_name),
            'res_model': 'account.move',
            'view_mode': 'list,form',
            'views': [(self.env.ref('account.view_out_invoice_tree').id, 'list'), (False, 'form')],
            'domain': [
                ('partner_id.commercial_partner_id', '=', self.commercial_partner_id.id),
                ('company_id', '=', self.env.company.id),
                ('move_type', 'in', INVOICE_TYPES),
                ('state', '=', 'posted'),
            ],
            'context': {'create': False},
        }
