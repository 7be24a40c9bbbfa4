from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from .gem_crm_variable_column import PREFIX

AMOUNT_TYPES = ('float', 'monetary')


class GemCrmNote(models.Model):
    """What a company adds to its notes: the values of its variables.

    An empty amount and zero are the same. Empty values come last, whichever way a list is
    sorted, so that a page of values is read from an index which holds nothing else.
    """
    _inherit = 'gem.crm.note'

    currency_id = fields.Many2one(
        'res.currency', compute='_compute_currency_id', store=True, precompute=True,
    )

    @api.depends('company_id.currency_id')
    def _compute_currency_id(self):
        for note in self:
            note.currency_id = (note.company_id or self.env.company).currency_id

    @api.model
    def _is_variable(self, name):
        """Whether this is the name of a variable's column."""
        return name.startswith(PREFIX) and name in self._fields

    @api.model
    def _variable_is_filled(self, name):
        """Return the condition, as its index has it, that a variable has a value."""
        column = SQL.identifier(name, to_flush=self._fields[name])
        if self._fields[name].type in AMOUNT_TYPES:
            return SQL("%s <> 0", column)
        return SQL("%s IS NOT NULL", column)

    # ------------------------------------------------------------
    # Values
    # ------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        defaults = super().default_get(fields)
        for variable in self.env['gem.crm.variable']._with_default():
            name = variable.field_name
            if name in fields and name not in defaults and variable._is_for_all():
                value = variable._default_value()
                if value is not None:
                    defaults[name] = value
        return defaults

    @api.onchange('kind', 'action_id')
    def _onchange_variables(self):
        """Propose the values of the variables that the note has now, and forget the others'."""
        for variable in self.env['gem.crm.variable']._in_use():
            if variable._is_for_all() or self._origin:
                continue
            if not variable._is_for(self.kind, self.action_id.id):
                self[variable.field_name] = False
            elif not self[variable.field_name]:
                self[variable.field_name] = variable._default_value() or False

    @api.model_create_multi
    def create(self, vals_list):
        notes = super().create(self._with_variable_defaults(vals_list))
        notes._check_required_variables()
        return notes

    def write(self, vals):
        result = super().write(vals)
        self._check_required_variables(vals)
        return result

    @api.model
    def _with_variable_defaults(self, vals_list):
        """Return ``vals_list`` with the values of the variables that not every note has."""
        variables = self.env['gem.crm.variable']._with_default().filtered(
            lambda variable: not variable._is_for_all())
        if not variables:
            return vals_list
        proposed = self.default_get(['kind', 'action_id'])
        return [
            {
                variable.field_name: value
                for variable in variables
                if variable._is_for(
                    vals.get('kind', proposed.get('kind')),
                    vals.get('action_id', proposed.get('action_id')),
                ) and (value := variable._default_value()) is not None
            } | vals
            for vals in vals_list
        ]

    def _check_required_variables(self, vals=None):
        """Raise when a person leaves a required variable of these notes empty.

        :param dict vals: what has been written; without it the notes are new
        """
        if self.env.su:
            return
        retyped = vals is not None and not vals.keys().isdisjoint(('kind', 'action_id'))
        labels = self.env['gem.crm.variable']._labels()
        for variable in self.env['gem.crm.variable']._in_use().filtered('required'):
            name = variable.field_name
            if vals is not None and name not in vals and not retyped:
                continue
            for note in self:
                if note[name] or not variable._is_for(note.kind, note.action_id.id):
                    continue
                if vals is None or note.create_date >= variable.required_since:
                    raise ValidationError(self.env._(
                        "Fill in “%(variable)s” on the note about %(customer)s: it is required.",
                        variable=labels[name], customer=note.partner_id.display_name,
                    ))

    # ------------------------------------------------------------
    # Sorted lists and figures
    # ------------------------------------------------------------

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        if limit and order:
            first, _comma, others = order.partition(',')
            name, *direction = first.split()
            way = ' '.join(direction).upper() or 'ASC'
            if self._is_variable(name) and way in ('ASC', 'DESC'):
                others = ', '.join(filter(None, (others.strip(), f'id {way}')))
                return self._search_by_variable(domain, offset, limit, name, way, others, **kwargs)
        return super()._search(domain, offset, limit, order, **kwargs)

    @api.model
    def _search_by_variable(self, domain, offset, limit, name, way, others, **kwargs):
        """Return one page in the order of a variable, ``ASC`` or ``DESC``, then of ``others``.

        The page is put together from parts that an index has in order: the filled values,
        or the options of a dropdown one after the other, and at last the empty ones.
        """
        ids = []
        for condition, part_order in self._variable_parts(name, way, others):
            # pylint: disable-next=super-method-mismatch; a part of the page of _search
            query = super()._search(domain, order=part_order, **kwargs)
            if query.is_empty():
                return query
            query.add_where(condition)
            query.offset, query.limit = offset, limit - len(ids)
            found = query.get_result_ids()
            ids.extend(found)
            if len(ids) == limit:
                break
            if found:
                offset = 0
            elif offset:
                # pylint: disable-next=super-method-mismatch; a part of the page of _search
                query = super()._search(domain, limit=offset, order='id', **kwargs)
                query.add_where(condition)
                offset -= len(query)
        return self.browse(ids)._as_query(ordered=True)

    @api.model
    def _variable_parts(self, name, way, others):
        """Yield the conditions and orders of the parts of a list in a variable's order.

        :param str way: ``ASC`` or ``DESC``
        :param str others: what else notes are ordered by
        """
        filled = self._variable_is_filled(name)
        if self._fields[name].type == 'many2one':
            options = self.env['gem.crm.variable']._sorted_option_ids(name)
            column = self._field_to_sql(self._table, name)
            for option_id in options if way == 'ASC' else reversed(options):
                yield SQL("%s = %s", column, option_id), others
        else:
            # No value is empty here: say where they go as the index has it.
            nulls = 'LAST' if way == 'ASC' else 'FIRST'
            yield filled, f'{name} {way} NULLS {nulls}, {others}'
        yield SQL("(%s) IS NOT TRUE", filled), others

    @api.model
    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if self._is_variable(field_name) and not nulls:
            nulls = SQL("NULLS LAST")
            if self._fields[field_name].type in AMOUNT_TYPES:
                column = self._field_to_sql(alias, field_name, query)
                query._order_groupby.append(column)
                return SQL("NULLIF(%s, 0) %s %s", column, direction, nulls)
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        name, _colon, function = aggregate_spec.rpartition(':')
        if function == 'avg' and self._is_variable(name):
            column = self._field_to_sql(self._table, name, query)
            return SQL("AVG(NULLIF(%s, 0))", column)
        return super()._read_group_select(aggregate_spec, query)
