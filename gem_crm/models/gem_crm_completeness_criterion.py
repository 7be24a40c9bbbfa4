import logging
from ast import literal_eval

from psycopg2 import Error as DatabaseError

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, Query, mute_logger, ormcache

from ..core.shares import split_points

_logger = logging.getLogger(__name__)


class GemCrmCompletenessCriterion(models.Model):
    """Something the company wants to know about each of its customers.

    A customer's completeness is the sum of the weights of the criteria that hold over
    the sum of all weights, in percent, rounded down: 100 means that nothing is missing.
    """
    _name = 'gem.crm.completeness.criterion'
    _description = "Completeness Criterion"
    _order = 'company_id, sequence, id'

    name = fields.Char(
        required=True, translate=True, help="What is said to be missing, such as “Needs”.",
    )
    weight = fields.Integer(
        required=True, default=10, help="How much it counts, compared with the others.",
    )
    share = fields.Float(
        compute='_compute_share',
        help="What a customer loses by not meeting this criterion.",
    )
    domain = fields.Char(
        string="Known When",
        required=True,
        default='[]',
        help="The customers who meet the criterion.",
    )
    company_id = fields.Many2one(
        'res.company',
        index='btree_not_null',
        ondelete='cascade',
        help="A company that has criteria of its own uses only those. "
             "All others use the criteria without a company.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _weight_positive = models.Constraint(
        'CHECK (weight > 0)',
        "The weight of a criterion must be greater than zero.",
    )

    @api.depends('weight', 'active', 'company_id')
    def _compute_share(self):
        totals = dict(self._read_group(
            [('company_id', 'in', [*self.company_id.ids, False])],
            ['company_id'], ['weight:sum'],
        ))
        for criterion in self:
            total = totals.get(criterion.company_id) if criterion.active else 0
            criterion.share = criterion.weight / total if total else 0

    @api.constrains('domain')
    def _check_domain(self):
        # As who writes it: computing it with all rights later then tells nothing that its
        # author may not ask.
        Partner = self.env['res.partner'].with_user(self.env.uid)
        for criterion in self:
            try:
                query = Partner._search(criterion._parse_domain(), limit=1)
                with mute_logger('odoo.sql_db'), self.env.cr.savepoint():
                    self.env.execute_query(query.select())
            except AccessError as error:
                raise ValidationError(self.env._(
                    "The criterion “%(name)s” uses something you are not allowed to read.\n\n"
                    "%(reason)s",
                    name=criterion.name, reason=error,
                )) from error
            except (ValueError, TypeError, SyntaxError, UserError, DatabaseError) as error:
                raise ValidationError(self.env._(
                    "The condition of the criterion “%(name)s” cannot be used: %(domain)s\n"
                    "Choose it again with the editor.",
                    name=criterion.name, domain=criterion.domain,
                )) from error

    @api.model_create_multi
    def create(self, vals_list):
        criteria = super().create(vals_list)
        criteria._criteria_changed()
        return criteria

    def write(self, vals):
        if vals.keys().isdisjoint(('weight', 'domain', 'company_id', 'active')):
            return super().write(vals)
        self._criteria_changed()
        result = super().write(vals)
        self._criteria_changed()
        return result

    def unlink(self):
        self._criteria_changed()
        return super().unlink()

    def _criteria_changed(self):
        self.env.registry.clear_cache()
        for company in {criterion.company_id for criterion in self}:
            # the first own criterion of a company, or its last, changes its whole set too
            self.env['gem.crm.profile.mark']._mark_everybody(company.id or None)

    @api.model
    def action_adapt_to_my_company(self):
        """Give the current company a copy of the shared criteria, to change as it likes."""
        company = self.env.company
        if self.search_count([('company_id', '=', company.id)], limit=1):
            raise UserError(self.env._(
                "%(company)s already has criteria of its own. Change those.",
                company=company.name,
            ))
        self.search([('company_id', '=', False)]).copy({'company_id': company.id})

    # ------------------------------------------------------------
    # Who meets them
    # ------------------------------------------------------------

    @api.model
    def _get_for(self, company):
        """Return the criteria the company uses, without those that make no sense any more."""
        criteria = self.sudo().search([('company_id', '=', company.id)])
        criteria = criteria or self.sudo().search([('company_id', '=', False)])
        return criteria.filtered(lambda criterion: criterion._is_usable())

    def _is_usable(self):
        """Tell whether the condition still makes sense: an application may have left."""
        try:
            self._parse_domain().validate(self.env['res.partner'].sudo())
        except (ValueError, UserError) as error:
            _logger.warning("Completeness criterion %s is ignored: %s", self.id, error)
            return False
        return True

    def _parse_domain(self):
        return Domain(literal_eval(self.domain))

    def _batch_query(self, company):
        """Return a query of the customers of the table ``gem_batch``, and one SQL condition on it
        per criterion. It does not depend on who asks.
        """
        partners = self.env['res.partner'].with_user(SUPERUSER_ID).with_company(company)
        partners = partners.with_context(lang=None, tz=None)
        query = Query(self.env, partners._table)
        query.add_join('JOIN', 'gem_batch', None, SQL("gem_batch.id = res_partner.id"))
        conditions = []
        for criterion in self:
            domain = criterion._restrict_to_company(criterion._parse_domain(), partners)
            domain = domain.optimize_full(partners)
            conditions.append(domain._to_sql(partners, partners._table, query))
        return query, conditions

    def _restrict_to_company(self, domain, partners):
        """Make the domain see only what the company knows, among the records about customers."""
        known = Domain('company_id', 'in', [partners.env.company.id, False])
        about_customers = {model._name for model in self.env['gem.crm.customer.mixin']._models()}

        def restrict(condition):
            if partners._fields[condition.field_expr].comodel_name not in about_customers:
                return condition
            if condition.operator in ('any', 'not any'):
                return Domain(condition.field_expr, condition.operator, condition.value & known)
            if set(condition.value) == {False}:
                operator = 'not any' if condition.operator == 'in' else 'any'
                return Domain(condition.field_expr, operator, known)
            return condition

        # the optimized form has no dotted path, and few operators
        return domain.optimize(partners).map_conditions(restrict)

    @api.model
    def _score_sql(self, company):
        """Return a query of the completeness of each customer of the table ``gem_batch``."""
        criteria = self._get_for(company)
        if not criteria:
            return SQL("SELECT id, 100 AS completeness FROM gem_batch")
        query, conditions = criteria._batch_query(company)
        points = SQL(" + ").join(
            SQL("CASE WHEN %s THEN %s ELSE 0 END", condition, criterion.weight)
            for criterion, condition in zip(criteria, conditions, strict=True)
        )
        return query.select(
            SQL("res_partner.id"),
            SQL("(%s) * 100 / %s AS completeness", points, sum(criteria.mapped('weight'))),
        )

    @api.model
    def _explain(self, customer, company):
        """Return the completeness of one customer as it is now, and what it lacks.

        :return: dict with the ``score``, and the ``missing`` criteria, dearest first, each
            with its ``name`` and its ``loss`` in points; score and losses add up to 100
        """
        criteria = self._get_for(company)
        if not criteria:
            return {'score': 100, 'missing': []}
        query, conditions = criteria._batch_query(company)
        [held] = self.env.execute_query(SQL(
            "WITH gem_batch(id) AS (SELECT %s::int) %s", customer.id, query.select(*conditions),
        ))
        missing = criteria.browse(
            criterion.id for criterion, is_held in zip(criteria, held, strict=True) if not is_held
        ).sorted('weight', reverse=True)
        total = sum(criteria.mapped('weight'))
        score = (total - sum(missing.mapped('weight'))) * 100 // total
        losses = split_points(100 - score, missing.mapped('weight'))
        return {
            'score': score,
            'missing': [
                {'name': criterion.name, 'loss': loss}
                for criterion, loss in zip(missing, losses, strict=True)
            ],
        }

    @api.model
    @ormcache()
    def _get_field_names(self):
        """Return the names of all fields the criteria look at, of whatever model."""
        def names(domain):
            for condition in domain.iter_conditions():
                yield from condition.field_expr.split('.')
                if condition.operator in ('any', 'not any'):
                    yield from names(Domain(condition.value))

        # pylint: disable-next=no-search-all; settings, few by nature
        criteria = self.sudo().search([]).filtered(lambda criterion: criterion._is_usable())
        return frozenset(
            name for criterion in criteria for name in names(criterion._parse_domain())
        )

    @api.model
    @ormcache()
    def _get_model_names(self):
        """Return the names of the models whose records the criteria look for."""
        Partner = self.env['res.partner']
        fields_looked_at = map(Partner._fields.get, self._get_field_names())
        return frozenset(field.comodel_name for field in fields_looked_at if field)
