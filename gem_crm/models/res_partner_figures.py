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
