from odoo import api, models

from .gem_crm_variable import NOTE
from .gem_crm_variable_column import PREFIX


class IrModelFields(models.Model):
    """The columns of variables speak the words, and in the languages, of their variables."""
    _inherit = 'ir.model.fields'

    def _instanciate_attrs(self, field_data):
        attrs = super()._instanciate_attrs(field_data)
        if attrs and field_data['model'] == NOTE and field_data['name'].startswith(PREFIX):
            attrs.update(self.env['gem.crm.variable']._field_attrs(field_data['name']))
        return attrs

    @api.model
    def get_field_string(self, model_name):
        strings = super().get_field_string(model_name)
        if model_name == NOTE:
            strings = {**strings, **self.env['gem.crm.variable']._labels()}
        return strings

    @api.model
    def get_field_help(self, model_name):
        helps = super().get_field_help(model_name)
        if model_name == NOTE:
            helps = {**helps, **self.env['gem.crm.variable']._helps()}
        return helps
