import re
import unicodedata

from odoo import api, models
from odoo.tools import SQL

from .gem_crm_variable import AMOUNTS, NOTE, OPTION, TEXT_SIZE

# The technical names of variables, for API, import and export.
PREFIX = 'x_gem_'
# How long a new column may wait for the notes while everybody else waits behind it.
LOCK_TIMEOUT = '200ms'
COLUMNS = {
    'text': {'ttype': 'char', 'size': TEXT_SIZE},
    'currency': {'ttype': 'monetary', 'currency_field': 'currency_id'},
    'date': {'ttype': 'date'},
    'number': {'ttype': 'float'},
    'dropdown': {'ttype': 'many2one', 'relation': OPTION, 'on_delete': 'restrict'},
}


class GemCrmVariable(models.Model):
    """The column of a variable in the table of notes: a real field, made and dropped with it."""
    _inherit = 'gem.crm.variable'

    @api.model
    def _with_field_names(self, vals_list):
        """Return ``vals_list`` with a technical name each, that no other column ever had."""
        taken = set(self.env[NOTE]._fields)
        result = []
        for vals in vals_list:
            letters = unicodedata.normalize('NFKD', vals['name'].lower())
            plain = ''.join(letter for letter in letters if not unicodedata.combining(letter))
            stem = PREFIX + (re.sub(r'[^a-z0-9]+', '_', plain).strip('_')[:32] or 'variable')
            name, number = stem, 1
            while name in taken:
                number += 1
                name = f'{stem}_{number}'
            taken.add(name)
            result.append(dict(vals, field_name=name))
        return result

    def _create_columns(self):
        """Give the variables their columns, which are empty."""
        if not self:
            return
        self.env.flush_all()
        self.env.registry.clear_cache('stable')
        # Whoever reads the notes for long would hold up this, and this everybody else.
        # The whole request is tried again when it could not have its lock in time.
        self.env.cr.execute(SQL("SET LOCAL lock_timeout = %s", LOCK_TIMEOUT))
        # sudo: fields are the system administrator's
        created = self.env['ir.model.fields'].sudo().with_context(lang='en_US').create([
            {
                'model_id': self.env['ir.model']._get_id(NOTE),
                'name': variable.field_name,
                'field_description': variable.name,
                'help': variable.help,
                'copied': True,
                'domain': repr(variable._option_domain()) if variable.type == 'dropdown' else '[]',
                **COLUMNS[variable.type],
            }
            for variable in self
        ])
        self.env.cr.execute("SET LOCAL lock_timeout TO DEFAULT")
        for variable, field in zip(self, created, strict=True):
            variable.field_id = field

    def _drop_columns(self):
        """Drop the columns of the variables, with their indexes and values."""
        dropped = self.field_id.sudo()  # sudo: fields are the system administrator's
        if not dropped:
            return
        self.field_id = False
        self.env.flush_all()
        self.env.cr.execute(SQL("SET LOCAL lock_timeout = %s", LOCK_TIMEOUT))
        dropped.unlink()
        self.env.cr.execute("SET LOCAL lock_timeout TO DEFAULT")

    def _option_domain(self):
        """Return the domain of the options that may be chosen for this variable."""
        self.ensure_one()
        return [('variable_id.field_name', '=', self.field_name)]

    @api.model
    def _field_attrs(self, field_name):
        """Return what the column's definition cannot say about a field of notes.

        Called while the models are being set up: nothing but SQL works yet.
        """
        self.env.cr.execute(SQL(
            "SELECT type, aggregator, decimals FROM gem_crm_variable WHERE field_name = %s",
            field_name,
        ))
        attrs = {}
        for variable_type, aggregator, decimals in self.env.cr.fetchall():
            if variable_type in AMOUNTS:
                attrs['aggregator'] = aggregator
            if variable_type == 'number':
                attrs['digits'] = (16, decimals)
        return attrs
