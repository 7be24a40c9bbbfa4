from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .gem_crm_variable import NOTE


class GemCrmVariableOption(models.Model):
    """One of the choices of a dropdown variable. Lists sort and group in the options' order."""
    _name = 'gem.crm.variable.option'
    _description = "Option of a Variable"
    _inherit = ['gem.crm.badge.mixin']
    _order = 'sequence, id'

    variable_id = fields.Many2one(
        'gem.crm.variable',
        required=True,
        index=True,
        ondelete='cascade',
        domain=[('type', '=', 'dropdown')],
    )
    sequence = fields.Integer(default=0)

    _name_unique = models.UniqueIndex(
        "(variable_id, (name->>'en_US'))",
        "This variable already has an option with this name.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        default = self.env.context.get('default_variable_id')
        variables = self.env['gem.crm.variable'].browse(
            {vals.get('variable_id', default) for vals in vals_list})
        self._check_may_add(variables)
        options = super().create(self._with_sequences(vals_list, variables))
        self.env.registry.clear_cache()
        return options

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint(('sequence', 'variable_id')):
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_chosen(self):
        for variable, options in self.grouped('variable_id').items():
            if not variable.field_id:
                continue
            column = self.env[NOTE]._field_to_sql('gem_crm_note', variable.field_name)
            rows = self.env.execute_query(SQL(
                "SELECT %(column)s FROM gem_crm_note WHERE %(column)s IN %(ids)s LIMIT 1",
                column=column, ids=options._ids,
            ))
            for [option_id] in rows:
                raise UserError(self.env._(
                    "“%(option)s” is chosen on notes. Archive it: it can no longer be chosen, "
                    "and the notes keep it.",
                    option=self.browse(option_id).name,
                ))

    @api.model
    def name_create(self, name):
        """Return the option of this name of the variable in the context; add it if need be."""
        variable_id = self.env.context.get('default_variable_id')
        existing = self.with_context(active_test=False).search(
            [('variable_id', '=', variable_id), ('name', '=ilike', name.strip())], limit=1)
        if existing and not existing.active and existing.has_access('write'):
            existing.active = True
        option = existing or self.create({'name': name.strip()})
        return option.id, option.display_name

    @api.model
    def _check_may_add(self, variables):
        """Raise unless the user may add options to these variables."""
        if self.env.su or self.env.user.has_group('gem_crm.gem_crm_group_manager'):
            return
        if closed := variables.filtered(lambda variable: not variable.users_add_options):
            raise AccessError(self.env._(
                "Only administrators of CRM follow-up may add options to “%(variable)s”. Choose "
                "one of its options, or ask them for a new one.",
                variable=closed[0].name,
            ))

    @api.model
    def _with_sequences(self, vals_list, variables):
        """Return ``vals_list`` with new options standing after those there are."""
        last = dict(self.sudo().with_context(active_test=False)._read_group(
            [('variable_id', 'in', variables.ids)], ['variable_id'], ['sequence:max']))
        result = []
        for vals in vals_list:
            variable = variables.browse(
                vals.get('variable_id', self.env.context.get('default_variable_id')))
            last[variable] = vals.get('sequence', last.get(variable, 0) + 1)
            result.append(dict(vals, sequence=last[variable]))
        return result
