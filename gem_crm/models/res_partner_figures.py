from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

# In the context while fields are described. An object, which no client can send.
DESCRIBING = object()

# For each customer on the page, so many are looked at whose figure the reader sees, then so many.
CANDIDATES = (2, 12, 80)


def search_figure(name):
    """Return the ``search`` of the field of a figure."""
    def search(partners, operator, value):
        field = partners._fields[name]
        return Domain.custom(to_sql=lambda model, alias, query: field.condition_to_sql(
            name, operator, value, model, alias, query,
        ))
    return search


class ResPartner(models.Model):
    """What is computed about customers, in lists.

    Figures are not stored on the customer, since they depend on the user and the company.
    Lists sort, filter, group and sum by them all the same: the query joins the rows the
    figures are in once, whatever the number of figures and of customers.
    """
    _inherit = 'res.partner'

    @api.model
    def _gem_figures(self):
        """Return where the value of each figure is found.

        :return: {field: (method, column)}. The method returns a query with at most one row
            per ``partner_id``, for the current user and company, as an SQL in parentheses,
            and the name of the column of the customer that ``partner_id`` is joined to.
        """
        return {}

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        # The ORM tries each field in a query, only to know whether lists may sort and group by it.
        described = super(ResPartner, self.with_context(gem_figures=DESCRIBING))
        return described.fields_get(allfields, attributes)

    def _field_to_sql(self, alias, field_expr, query=None):
        figure = field_expr.startswith('gem_') and self._gem_figures().get(field_expr)
        if not figure:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], 'read')
        if self.env.context.get('gem_figures') is DESCRIBING:
            return SQL("NULL")
        method, column = figure
        rows, customer = getattr(self, method)()
        rows_alias = query.make_alias(alias, method)
        query.add_join('LEFT JOIN', rows_alias, rows, SQL(
            "%s = %s", SQL.identifier(alias, customer), SQL.identifier(rows_alias, 'partner_id'),
        ))
        return SQL.identifier(rows_alias, column)

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if not nulls.code and field_name in self._gem_figures():
            # Whose figure is unknown, or not for this user's eyes, does not come first.
            nulls = SQL("NULLS LAST")
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    # ------------------------------------------------------------
    # A page in the order of a figure of the profile
    # ------------------------------------------------------------

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        if limit and order:
            first, _comma, rest = order.partition(',')
            name, *direction = first.split()
            way = ' '.join(direction).upper() or 'ASC'
            method, _column = self._gem_figures().get(name, (None, None))
            if method == '_gem_profile_rows' and way in ('ASC', 'DESC'):
                # so that no two pages show the same customer
                rest = rest.strip() or f'id {way}'
                page = self._gem_search_first(domain, offset, limit, name, way, rest, **kwargs)
                if page is not None:
                    return page
                order = f'{name} {way}, {rest}'
        return super()._search(domain, offset, limit, order, **kwargs)

    @api.model
    def _gem_search_first(self, domain, offset, limit, name, way, rest, **kwargs):
        """Return one of the first pages in the order of a figure, if it fills.

        To sort all customers by a figure takes a join of all of them. The candidates are
        found among the profiles that the reader sees, and only they are looked at: whether
        they are meant by ``domain``.

        :param str name: the field of the figure
        :param str way: ``ASC`` or ``DESC``
        :param str rest: the order of those whose figure is the same
        :return: a query, or None if there are too few candidates
        """
        if self._fields[name].type == 'boolean':
            # all of the first page are alike
            alike = Domain(domain) & Domain(name, '=', way == 'DESC')
            return self._gem_if_full(self._search(alike, offset, limit, rest, **kwargs), limit)
        self._check_field_access(self._fields[name], 'read')
        _method, column = self._gem_figures()[name]
        for candidates in CANDIDATES:
            # pylint: disable-next=super-method-mismatch; a step of _search()
            query = super()._search(domain, offset, limit, f'{name} {way}, {rest}', **kwargs)
            if query.is_empty():
                return query
            query.add_where(SQL("%s IS NOT NULL", self._field_to_sql(self._table, name, query)))
            query.add_where(SQL(
                "%s IN %s", SQL.identifier(self._table, 'id'),
                self.env['gem.crm.profile']._first_customers(
                    column, way, candidates * (offset + limit), ties=rest != f'id {way}'),
            ))
            if page := self._gem_if_full(query, limit):
                return page
        return None

    def _gem_if_full(self, query, limit):
        """Return a query as it was answered, or None if it has found less than a page."""
        ids = query.get_result_ids()
        return self.browse(ids)._as_query(ordered=True) if len(ids) == limit else None
