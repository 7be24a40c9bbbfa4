from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.gem_crm.models import gem_crm_note_variable_index
from odoo.addons.gem_crm.tests.common_variable import VariableCommon

INDEX = 'gem_crm_note_x_gem_budget_idx'


@tagged('post_install', '-at_install')
class TestVariableIndex(VariableCommon):
    """How the index of a variable comes to be; beside running servers: tests/test_workers.py."""

    def _is_whole(self, index):
        self.env.cr.execute(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [index])
        return self.env.cr.fetchall() == [(True,)]

    def test_indexed_at_once_among_few_notes(self):
        for name in self.names:
            self.assertTrue(self._is_whole(f'gem_crm_note_{name}_idx'), name)

    def test_large_table_is_indexed_after_the_variable_is_there(self):
        with (
            patch.object(gem_crm_note_variable_index, 'SMALL_TABLE', 0),
            patch.object(gem_crm_note_variable_index, '_execute_outside') as execute_outside,
            patch.object(self.registry, 'signal_changes') as signal_changes,
        ):
            later = self.Variable.create({'name': "Later", 'type': 'dropdown'})
            self.assertFalse(self._is_whole('gem_crm_note_x_gem_later_idx'))
            option = self.Option.create({'variable_id': later.id, 'name': "Sooner"})
            self.high.x_gem_later = option
            self.assertEqual(
                self.Note.search([('id', 'in', self.notes.ids)], order='x_gem_later', limit=1),
                self.high, "lists are right without the index")
            self.cr.postcommit.run()
        signal_changes.assert_called_once()
        [(_database, statements), _kwargs] = execute_outside.call_args
        self.assertEqual(
            [' '.join(statement.code.split()[:3]) for statement in statements],
            ["DROP INDEX CONCURRENTLY", "CREATE INDEX CONCURRENTLY", 'ALTER TABLE "gem_crm_note"'])

    def test_lost_index_comes_back_with_an_upgrade(self):
        self.env.cr.execute(f"DROP INDEX {INDEX}")
        self.Note.init()
        self.assertTrue(self._is_whole(INDEX))

    def test_index_that_could_not_be_made_is_made_by_night(self):
        self.env.cr.execute(f"DROP INDEX {INDEX}")
        self.Note._make_missing_indexes()
        self.assertTrue(self._is_whole(INDEX))
        self.assertFalse(self.Note._missing_indexes())

    def test_key_of_a_dropdown_is_enforced_and_valid(self):
        self.env.cr.execute("""
            SELECT convalidated, confdeltype FROM pg_constraint
             WHERE conname = 'gem_crm_note_x_gem_warmth_fkey'
        """)
        self.assertEqual(self.env.cr.fetchall(), [(True, 'r')])
