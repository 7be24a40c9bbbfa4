from lxml import etree

from odoo import api, models

MANAGER = 'gem_crm.gem_crm_group_manager'


class GemCrmNote(models.Model):
    """The pages of notes show the variables as they are now: no view of them is stored."""
    _inherit = 'gem.crm.note'

    @api.model
    def _get_view(self, view_id=None, view_type='form', **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        add = {
            'form': self._add_variables_to_form,
            'list': self._add_variables_to_list,
            'search': self._add_variables_to_search,
        }.get(view_type)
        if add and (variables := self.env['gem.crm.variable']._in_use()):
            add(arch, variables)
        return arch, view

    @api.model
    def _add_variables_to_form(self, arch, variables):
        required = variables.filtered('required')
        for name, shown in (('gem_variables', variables), ('gem_required_variables', required)):
            for group in arch.xpath(f"//group[@name='{name}']"):
                group.append(etree.Element('field', name='currency_id', invisible='1'))
                left, right = etree.SubElement(group, 'group'), etree.SubElement(group, 'group')
                for number, variable in enumerate(shown):
                    for node in self._variable_nodes(variable):
                        if variable.required:
                            # Those written before stay as they are; the server knows which.
                            node.set('required', "not id")
                        (left if number < len(shown) / 2 else right).append(node)

    @api.model
    def _add_variables_to_list(self, arch, variables):
        last = arch.xpath("/list/field")[-1]
        figures = {'sum': self.env._("Sum"), 'avg': self.env._("Average")}
        for variable in reversed(variables):
            for node in self._variable_nodes(variable, short=True):
                node.set('optional', 'show' if variable.in_list else 'hide')
                # A customer's tab has no room for them.
                node.set('column_invisible', "context.get('gem_one_customer')")
                if variable._is_amount():
                    node.set(variable.aggregator, figures[variable.aggregator])
                last.addnext(node)
        last.addnext(etree.Element('field', name='currency_id', column_invisible='True'))

    @api.model
    def _add_variables_to_search(self, arch, variables):
        last = arch.xpath("/search/field")[-1]
        for variable in reversed(variables):
            last.addnext(etree.Element('field', name=variable.field_name))
        labels = self.env['gem.crm.variable']._labels()
        for group in arch.xpath("/search/group")[:1]:
            for variable in variables.filtered(lambda v: not v._is_amount()):
                by = variable.field_name + (':month' if variable.type == 'date' else '')
                group.append(etree.Element(
                    'filter', name=f'by_{variable.field_name}', string=labels[variable.field_name],
                    context=repr({'group_by': by}),
                ))
            dates = variables.filtered(lambda v: v.type == 'date')
            for variable in dates:
                group.addprevious(etree.Element(
                    'filter', name=variable.field_name, date=variable.field_name,
                    string=labels[variable.field_name],
                ))
            if dates:
                group.addprevious(etree.Element('separator'))

    @api.model
    def _variable_nodes(self, variable, short=False):
        """Return the elements that show a variable: of several, each user gets one.

        :param short: whether an option is shown by its abbreviation
        """
        attributes = {'name': variable.field_name}
        hidden = [f"kind != '{variable.kind}'"] if variable.kind else []
        if variable.action_ids:
            hidden.append(f"action_id not in {variable.action_ids.ids}")
        if hidden:
            attributes['invisible'] = ' or '.join(hidden)
        if variable.type != 'dropdown':
            return [etree.Element('field', attributes)]
        shown = {'short': True} if short else {}
        may_add = {'no_create_edit': True, **shown}
        attributes |= {
            'widget': 'gem_crm_badge',
            'context': repr({'default_variable_id': variable.id}),
            'options': repr(may_add),
        }
        if variable.users_add_options:
            return [etree.Element('field', attributes)]
        may_not_add = {'no_create': True, **shown}
        return [
            etree.Element('field', attributes, groups=MANAGER),
            etree.Element('field', attributes, groups=f'!{MANAGER}', options=repr(may_not_add)),
        ]
