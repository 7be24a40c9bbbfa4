from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

# In the context while fields are described. An object, which no client can send.
DESCRIBING = object()


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

        To sort all customers by a figure takes a join of all of them, those included whose
        figure is unknown, or not for the reader's eyes. The others are found by an index.

        :param str name: the field of the figure
        :param str way: ``ASC`` or ``DESC``
        :param str rest: the order of those whose figure is the same
        :return: a query, or None if there are too few customers whose figure is known
        """
        if alike := self._gem_first_value(name, way):
            query = self._search(
                Domain(domain) & Domain(name, 'in', alike), offset, limit, rest, **kwargs)
            return self._gem_if_full(query, limit)
        # pylint: disable-next=super-method-mismatch; a step of _search()
        query = super()._search(domain, offset, limit, rest, **kwargs)
        if query.is_empty():
            return query
        self.env['gem.crm.profile'].flush_model()
        known = self._field_to_sql(self._table, name, query)
        query.add_where(SQL("%s IS NOT NULL", known))
        _method, column = self._gem_figures()[name]
        figure = self.env['gem.crm.profile.daily']._join_customers(query, self._table, column)
        query.order = SQL("%s %s, %s", figure or known, SQL(way), query.order)
        return self._gem_if_full(query, limit)

    def _gem_first_value(self, name, way):
        """Return the value that comes first where customers of a page are mostly alike.

        :return: list of it; None for figures that are sorted by themselves
        """
        field = self._fields[name]
        if field.type == 'boolean':
            return [way == 'DESC']
        if field.type == 'many2one' and self.env[field.comodel_name]._order != 'id':
            # sudo: lists are sorted by what their classes are for everybody
            # pylint: disable-next=no-search-all; classes, few by nature
            values = self.env[field.comodel_name].sudo().with_context(active_test=False).search([])
            return values.ids[:1] if way == 'ASC' else values.ids[-1:]
        return None

    def _gem_if_full(self, query, limit):
        """Return a query as it was answered, or None if it has found less than a page."""
        # Parallel workers read ahead: of an index, many times what one page needs.
        self.env.cr.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        ids = query.get_result_ids()
        self.env.cr.execute("SET LOCAL max_parallel_workers_per_gather TO DEFAULT")
        return self.browse(ids)._as_query(ordered=True) if len(ids) == limit else None
