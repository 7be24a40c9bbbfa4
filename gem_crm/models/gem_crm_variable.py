from dateutil.relativedelta import relativedelta

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from .gem_crm_kind_mixin import KINDS

NOTE = 'gem.crm.note'
OPTION = 'gem.crm.variable.option'

TYPES = [
    ('text', "Text"),
    ('currency', "Currency"),
    ('date', "Date"),
    ('number', "Number"),
    ('dropdown', "Dropdown"),
]
AMOUNTS = ('currency', 'number')
# With four bytes a character this stays below what a PostgreSQL index can hold.
TEXT_SIZE = 500


class GemCrmVariable(models.Model):
    """A field that a company adds to its notes, with a real column behind it.

    The column's name is drawn from the first name of the variable and never changes.
    An archived variable leaves the pages and keeps its values.
    """
    _name = 'gem.crm.variable'
    _description = "Variable of Notes"
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    help = fields.Text(translate=True, help="Shown to whoever points at the name on a note.")
    type = fields.Selection(TYPES, required=True, default='text')
    sequence = fields.Integer(default=lambda self: self._next_sequence())
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        KINDS, string="Kind of Notes", help="Empty: notes of both kinds have the variable.",
    )
    action_ids = fields.Many2many(
        'gem.crm.action',
        string="Actions",
        domain="[('kind', 'in', kind and [kind] or ['internal', 'sales'])]",
        help="Empty: notes with any action have the variable.",
    )
    required = fields.Boolean(
        help="New notes must have a value; those written before stay as they are. "
             "An amount of zero counts as empty.",
    )
    required_since = fields.Datetime(
        compute='_compute_required_since', store=True, precompute=True,
    )
    in_list = fields.Boolean(
        string="Shown in Lists",
        default=True,
        help="Each user may show or hide the column for themselves.",
    )
    aggregator = fields.Selection(
        [('sum', "Sum"), ('avg', "Average")],
        string="Group Figure",
        required=True,
        default='sum',
        help="What groups, pivots and graphs show. An average leaves out amounts of zero.",
    )
    decimals = fields.Integer(default=2)
    default_text = fields.Char(size=TEXT_SIZE)
    default_number = fields.Float(string="Default Amount", digits=(16, 6))
    default_is_date = fields.Boolean(string="Propose a Date")
    default_days = fields.Integer(
        string="Days From Today",
        help="The proposed date is this many days after the day the note is written.",
    )
    default_option_id = fields.Many2one(
        OPTION,
        copy=False,
        domain="[('variable_id', '=', id)]",
        ondelete='set null',
    )
    option_ids = fields.One2many(OPTION, 'variable_id', string="Options", copy=True)
    users_add_options = fields.Boolean(
        string="Users May Add Options",
        help="Whether every user of CRM follow-up may add an option while writing a note. "
             "Administrators always may.",
    )
    field_name = fields.Char(
        string="Technical Name",
        readonly=True,
        copy=False,
        help="The name of the column on notes. It stays the same for life.",
    )
    field_id = fields.Many2one(
        'ir.model.fields', readonly=True, copy=False, ondelete='cascade',
    )

    _field_name_unique = models.Constraint(
        'UNIQUE (field_name)',
        "There is already a variable with this technical name.",
    )
    _decimals_range = models.Constraint(
        'CHECK (decimals BETWEEN 0 AND 6)',
        "A number has between 0 and 6 decimals.",
    )

    @api.model
    def _next_sequence(self):
        last = self.with_context(active_test=False).search([], order='sequence desc', limit=1)
        return last.sequence + 1

    @api.depends('required')
    def _compute_required_since(self):
        for variable in self:
            if not variable.required:
                variable.required_since = False
            elif not variable.required_since:
                variable.required_since = self.env.cr.now()

    @api.constrains('name', 'active')
    def _check_name(self):
        """Notes have one field of each name: people import and export by it."""
        # sudo: what fields are called is no secret
        Fields = self.env['ir.model.fields'].sudo()
        taken = {
            field.field_description.casefold()
            for field in Fields.search([('model', '=', NOTE), ('state', '=', 'base')])
        }
        # pylint: disable-next=no-search-all; settings, few by nature
        others = self.sudo().search([])
        for variable in self.filtered('active'):
            of_others = {other.name.casefold() for other in others if other.id != variable.id}
            if variable.name.casefold() in taken | of_others:
                raise ValidationError(self.env._(
                    "Notes already have a field named “%(name)s”. Choose another name.",
                    name=variable.name,
                ))

    @api.constrains('default_option_id')
    def _check_default_option_id(self):
        for variable in self:
            if variable.default_option_id.variable_id not in (variable, self.browse()):
                raise ValidationError(self.env._(
                    "“%(option)s” is no option of “%(variable)s”.",
                    option=variable.default_option_id.name, variable=variable.name,
                ))

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        variables = super().create(self._with_field_names(vals_list))
        variables._create_columns()
        self._changed()
        return variables

    def write(self, vals):
        retyped = self.browse()
        if 'type' in vals:
            retyped = self.filtered(lambda variable: variable.type != vals['type'])
            retyped._refuse_with_values(self.env._(
                "“%(variable)s” has values, so its type cannot change: they would be lost. Archive "
                "it, which keeps them, and add a new variable of the type you need."
            ))
            retyped._drop_columns()
        result = super().write(vals)
        retyped._create_columns()
        if not vals.keys().isdisjoint(('name', 'help')):
            # Without a language, fields speak for themselves.
            # sudo: fields are the system administrator's
            self.field_id.sudo().write({
                column: vals[name]
                for name, column in (('name', 'field_description'), ('help', 'help'))
                if name in vals
            })
        if not retyped and not vals.keys().isdisjoint(('aggregator', 'decimals')):
            self.env.flush_all()
            self.pool._setup_models__(self.env.cr, [NOTE])
        self._changed()
        return result

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for variable, vals in zip(self, vals_list, strict=True):
            if 'name' not in (default or {}):
                vals['name'] = self.env._("%(name)s (copy)", name=variable.name)
        return vals_list

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_values(self):
        if not self.env.context.get('gem_delete_values'):
            self._refuse_with_values(self.env._(
                "“%(variable)s” has values, which would be lost. Archive it: it leaves the pages "
                "and keeps them. To delete it for good, export the notes, then use “Delete With "
                "Its Values” on its form."
            ))

    def unlink(self):
        self._unlink_except_with_values()
        names = self.mapped('field_name')
        self._drop_columns()
        self._forget_names(names)
        self.with_context(active_test=False).option_ids.unlink()
        result = super(GemCrmVariable, self.with_context(gem_delete_values=True)).unlink()
        self._changed()
        return result

    def action_delete_with_values(self):
        """Delete the variables and every value they have on notes."""
        self.with_context(gem_delete_values=True).unlink()
        return self.env['ir.actions.act_window']._for_xml_id('gem_crm.gem_crm_variable_action')

    def _refuse_with_values(self, sentence):
        """Raise this sentence about the first of the variables that has a value."""
        for variable in self.filtered('field_id'):
            if self.env.execute_query(SQL(
                "SELECT 1 FROM gem_crm_note WHERE %s LIMIT 1",
                self.env[NOTE]._variable_is_filled(variable.field_name),
            )):
                raise UserError(sentence % {'variable': variable.name})

    def _forget_names(self, names):
        """Remove the saved searches and exports that would point at columns that are gone."""
        filters = self.env['ir.filters'].sudo().with_context(active_test=False)
        exports = self.env['ir.exports.line'].sudo()
        for name in names:
            filters.search([
                ('model_id', '=', NOTE),
                '|', '|', ('domain', 'like', name), ('context', 'like', name),
                ('sort', 'like', name),
            ]).unlink()
            exports.search(
                [('export_id.resource', '=', NOTE), ('name', '=like', f'{name}%')]).unlink()

    def _changed(self):
        """Make every worker read the variables, their labels and the pages again."""
        self.env.registry.clear_cache('stable', 'templates')

    # ------------------------------------------------------------
    # What notes need to know
    # ------------------------------------------------------------

    @api.model
    @tools.ormcache('self.env.lang', cache='stable')
    def _labels(self):
        """Return the labels of the fields of all variables, in the user's language."""
        # sudo: a label is no secret
        # pylint: disable-next=no-search-all; settings, few by nature
        variables = self.sudo().with_context(active_test=False).search([])
        return {
            variable.field_name: variable.name if variable.active else self.env._(
                "%(variable)s (archived)", variable=variable.name)
            for variable in variables
        }

    @api.model
    @tools.ormcache('self.env.lang', cache='stable')
    def _helps(self):
        """Return the help texts of the fields of all variables, in the user's language."""
        variables = self.sudo().with_context(active_test=False).search([('help', '!=', False)])
        return {variable.field_name: variable.help for variable in variables}

    @api.model
    @tools.ormcache()
    def _active_ids(self):
        # pylint: disable-next=no-search-all; settings, few by nature
        return tuple(self.sudo().search([]).ids)

    @api.model
    def _in_use(self):
        """Return the variables that are not archived, in order."""
        # sudo: what a note may hold is no secret to who may write it
        return self.sudo().with_context(active_test=False).browse(self._active_ids())

    @api.model
    @tools.ormcache()
    def _ids_with_default(self):
        return tuple(self._in_use().filtered(lambda variable: (
            variable.default_text or variable.default_number or variable.default_is_date
            or variable.default_option_id
        )).ids)

    @api.model
    def _with_default(self):
        """Return the variables that are not archived and propose a value."""
        return self._in_use().browse(self._ids_with_default())

    @api.model
    @tools.ormcache('field_name')
    def _sorted_option_ids(self, field_name):
        """Return the ids of all options of a dropdown in their order, archived ones too."""
        # sudo: the order of a list does not depend on who reads it
        options = self.env[OPTION].sudo().with_context(active_test=False)
        return tuple(options.search([('variable_id.field_name', '=', field_name)]).ids)

    def _is_for_all(self):
        """Whether every note has the variable."""
        self.ensure_one()
        return not self.kind and not self.action_ids

    def _is_for(self, kind, action_id):
        """Whether a note of this kind and with this action has the variable."""
        self.ensure_one()
        return (
            (not self.kind or self.kind == kind)
            and (not self.action_ids or action_id in self.action_ids._ids)
        )

    def _is_amount(self):
        """Whether the variable can be summed."""
        self.ensure_one()
        return self.type in AMOUNTS

    def _default_value(self):
        """Return the value that a new note gets, or None."""
        self.ensure_one()
        match self.type:
            case 'text':
                return self.default_text or None
            case 'date' if self.default_is_date:
                return fields.Date.context_today(self) + relativedelta(days=self.default_days)
            case 'currency' | 'number':
                return self.default_number or None
            case 'dropdown':
                return self.default_option_id.id or None
        return None
