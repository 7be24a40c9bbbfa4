import io
from collections import namedtuple
from datetime import date

import xlsxwriter
from lxml import etree

from odoo.tests import new_test_user, tagged

from odoo.addons.gem_crm.tests.common_variable import NOTE, VariableCommon

Case = namedtuple('Case', (
    'type', 'ascending', 'filters', 'groups', 'figure', 'exported', 'imported', 'import_value',
))
# What each type must do with the notes low, empty, high and middle of VariableCommon. An
# option is written by its name here.
CASES = (
    Case(
        'text', ["low", "middle", "high", "empty"],
        [(('ilike', "B"), ["middle"]), (('=', "c"), ["high"]), (('=', False), ["empty"]),
         (('not ilike', "a"), ["empty", "high", "middle"])],
        [("", ["a", "b", "c", False])],
        None, ["a", "", "c", "b"], "gold", "gold",
    ),
    Case(
        'currency', ["low", "middle", "high", "empty"],
        [(('>', 20), ["high", "middle"]), (('<', 0), ["low"]), (('=', 100), ["high"]),
         (('<=', 20.5), ["empty", "low", "middle"])],
        [("", [-5, 20.5, 100, False])],
        ('sum', 115.5), [-5, 0, 100, 20.5], "1250.50", 1250.5,
    ),
    Case(
        'date', ["middle", "low", "high", "empty"],
        [(('<', "2026-02-01"), ["low", "middle"]), (('=', "2026-03-01"), ["high"]),
         (('=', False), ["empty"]), (('>=', "2026-01-31"), ["high", "low"])],
        [(":month", ["2026-01-01", "2026-03-01", False]), (":year", ["2026-01-01", False])],
        None, [date(2026, 1, 31), "", date(2026, 3, 1), date(2026, 1, 15)], "2026-04-05",
        date(2026, 4, 5),
    ),
    Case(
        'number', ["low", "middle", "high", "empty"],
        [(('in', (1.5, 9)), ["high", "low"]), (('>', 3), ["high"]),
         (('!=', 0), ["high", "low", "middle"])],
        [("", [1.5, 3, 9, False])],
        ('avg', 4.5), [1.5, 0, 9, 3], "3.5", 3.5,
    ),
    Case(
        'dropdown', ["low", "middle", "high", "empty"],
        [(('ilike', "wa"), ["middle"]), (('=', "Hot"), ["high"]), (('=', False), ["empty"]),
         (('in', ["Cold", "Warm"]), ["low", "middle"])],
        [("", ["Cold", "Warm", "Hot", False])],
        None, ["Cold", "", "Hot", "Warm"], "Warm", "Warm",
    ),
)


@tagged('post_install', '-at_install')
class TestEveryType(VariableCommon):
    """Each type of variables × everything that people do with a column."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.by_type = {
            variable.type: variable
            for variable in (cls.text, cls.currency, cls.date, cls.number, cls.dropdown)
        }

    def _cases(self):
        """Yield the cases with their variable and the name of its column."""
        for case in CASES:
            variable = self.by_type[case.type]
            with self.subTest(type=case.type):
                yield case, variable, variable.field_name

    def _names(self, domain=(), **kwargs):
        records = self.Note.with_user(self.amelie).web_search_read(
            [('id', 'in', self.notes.ids), *domain], {'name': {}}, **kwargs)['records']
        return [record['name'] for record in records]

    def _arch(self, view_type):
        return etree.fromstring(
            self.Note.with_user(self.amelie).get_view(view_type=view_type)['arch'])

    def test_show(self):
        for _case, variable, name in self._cases():
            [column] = self._arch('list').xpath(f"//field[@name='{name}']")
            self.assertEqual(column.get('optional'), 'show')
            self.assertTrue(self._arch('form').xpath(f"//group//field[@name='{name}']"))
            self.assertTrue(self._arch('search').xpath(f"//field[@name='{name}']"))
            variable.in_list = False
            [column] = self._arch('list').xpath(f"//field[@name='{name}']")
            self.assertEqual(column.get('optional'), 'hide')

    def test_sort_both_ways(self):
        for case, _variable, name in self._cases():
            descending = [*reversed(case.ascending[:-1]), case.ascending[-1]]
            for limit in (80, None):
                self.assertEqual(self._names(order=f'{name} ASC', limit=limit), case.ascending)
                self.assertEqual(self._names(order=f'{name} DESC', limit=limit), descending)

    def test_filter(self):
        options = {option.name: option.id for option in self.dropdown.option_ids}
        for case, _variable, name in self._cases():
            for (operator, value), names in case.filters:
                if isinstance(value, list):
                    value = [options[option] for option in value]
                elif operator == '=':
                    value = options.get(value, value)
                found = self._names([(name, operator, value)])
                self.assertCountEqual(found, names, (operator, value))

    def test_group(self):
        Note = self.Note.with_user(self.amelie)
        for case, _variable, name in self._cases():
            for granularity, expected in case.groups:
                by = name + granularity
                groups = Note.formatted_read_group(
                    [('id', 'in', self.notes.ids)], [by], ['__count'])
                values = [group[by] for group in groups]
                if case.type in ('date', 'dropdown'):
                    # the value to search for and its label; an option's label is its name
                    values = [value and value[case.type == 'dropdown'] for value in values]
                self.assertEqual([value or False for value in values], expected, by)
                self.assertEqual(sum(group['__count'] for group in groups), 4, by)

    def test_sum_or_average(self):
        Note = self.Note.with_user(self.amelie)
        domain = [('id', 'in', self.notes.ids)]
        for case, variable, name in self._cases():
            described = Note.fields_get([name], ['aggregator', 'groupable', 'sortable'])[name]
            self.assertTrue(described['groupable'] and described['sortable'])
            if not case.figure:
                self.assertFalse(variable._is_amount())
                continue
            function, figure = case.figure
            self.assertEqual(described['aggregator'], function)
            spec = f'{name}:{function}'
            [whole] = Note.formatted_read_group(domain, [], [spec])
            self.assertEqual(whole[spec], figure)
            # as a measure of the pivot and the graph
            sets = Note.formatted_read_grouping_sets(domain, [[], ['user_id']], [spec])
            self.assertEqual([groups[0][spec] for groups in sets], [figure, figure])
            [column] = self._arch('list').xpath(f"//field[@name='{name}']")
            self.assertTrue(column.get(function))

    def test_export(self):
        for case, _variable, name in self._cases():
            rows = self.notes.export_data([name])['datas']
            self.assertEqual([value or '' for [value] in rows],
                             [value or '' for value in case.exported])

    def _import(self, content, file_type):
        """Import a file as the web client does, its columns matched by their names."""
        wizard = self.env['base_import.import'].with_user(self.chloe).create({
            'res_model': NOTE, 'file': content, 'file_type': file_type, 'file_name': 'notes',
        })
        options = {'has_headers': True, 'separator': ',', 'quoting': '"', 'date_format': '%Y-%m-%d',
                   'float_decimal_separator': '.', 'float_thousand_separator': ','}
        preview = wizard.parse_preview(options)
        columns = [preview['matches'][number][0] for number in range(len(preview['headers']))]
        result = wizard.execute_import(columns, [], options)
        self.assertFalse(result['messages'])
        return self.Note.browse(result['ids'])

    def test_import_csv_and_xlsx(self):
        for case, variable, name in self._cases():
            lines = [["Summary", "Customer", variable.name],
                     ["Imported", "Horizon Books", case.imported],
                     ["Without", "Horizon Books", ""]]
            text = '\n'.join(','.join(line) for line in lines).encode()
            book = io.BytesIO()
            with xlsxwriter.Workbook(book) as workbook:
                sheet = workbook.add_worksheet()
                for number, line in enumerate(lines):
                    sheet.write_row(number, 0, line)
            xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
            for content, file_type in ((text, 'text/csv'), (book.getvalue(), xlsx)):
                imported, without = self._import(content, file_type)
                value = imported[name]
                self.assertEqual(
                    value.name if case.type == 'dropdown' else value, case.import_value, file_type)
                self.assertFalse(without[name])

    def test_archive(self):
        for _case, variable, name in self._cases():
            before = self.high[name]
            variable.active = False
            for view_type in ('list', 'form', 'search'):
                self.assertFalse(self._arch(view_type).xpath(f"//field[@name='{name}']"))
            self.assertEqual(self.high[name], before)
            label = self.Note.with_context(lang='en_US').fields_get([name])[name]['string']
            self.assertEqual(label, f"{variable.name} (archived)")
            variable.active = True
            self.assertTrue(self._arch('list').xpath(f"//field[@name='{name}']"))

    def test_companies(self):
        """Variables are everybody's; values are those of the notes that one may read."""
        otter = self.env['res.company'].create({'name': "Otter Prints"})
        olga = new_test_user(
            self.env, 'olga', 'gem_crm.gem_crm_group_user_all', company_id=otter.id,
            company_ids=[(6, 0, otter.ids)])
        theirs = self.Note.create(self.note_vals("theirs", company_id=otter.id, user_id=olga.id) | {
            name: self.high[name].id if case.type == 'dropdown' else self.high[name]
            for case, _variable, name in self._cases()
        })
        for case, _variable, name in self._cases():
            Note = self.Note.with_user(olga)
            self.assertIn(name, Note.get_view(view_type='list')['arch'])
            found = Note.search([(name, '!=', False)], order=f'{name} DESC', limit=80)
            self.assertEqual(found, theirs.with_user(olga))
            by = name + (':month' if case.type == 'date' else '')
            [group] = Note.formatted_read_group([(name, '!=', False)], [by], ['__count'])
            self.assertEqual(group['__count'], 1)
            self.assertNotIn(theirs, self.Note.with_user(self.chloe).search([(name, '!=', False)]))

    def test_translated_names(self):
        for case, variable, name in self._cases():
            french = f"Nom {case.type}"
            variable.update_field_translations('name', {'fr_FR': french})
            variable.update_field_translations('help', {'fr_FR': "Aide"})
            Note = self.Note.with_context(lang='fr_FR').with_user(self.amelie)
            self.assertEqual(Note.fields_get([name])[name]['string'], french)
            self.assertNotIn(french, str(self.Note.fields_get([name])))
            exported = self.env['ir.model.fields'].with_context(lang='fr_FR')
            self.assertEqual(exported.get_field_string(NOTE)[name], french)
        self.hot.update_field_translations('name', {'fr_FR': "Brûlant"})
        groups = self.Note.with_context(lang='fr_FR').formatted_read_group(
            [('id', '=', self.high.id)], ['x_gem_warmth'], ['__count'])
        self.assertEqual(groups[0]['x_gem_warmth'][1], "Brûlant")
