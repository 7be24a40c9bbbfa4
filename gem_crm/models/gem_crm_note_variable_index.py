import logging
import time
from contextlib import closing

import psycopg2

from odoo import api, models
from odoo.sql_db import db_connect
from odoo.tools import SQL, sql

from .gem_crm_variable_column import COLUMNS, LOCK_TIMEOUT

_logger = logging.getLogger(__name__)

# Some ten thousand notes: an index of so many is made in a moment.
SMALL_TABLE = 8 * 1024 * 1024
# How long whoever adds a variable waits for its index, while the others work on.
PATIENCE = 20  # seconds


class GemCrmNote(models.Model):
    """The index of each variable, and how it is made without stopping anybody.

    A column is added in a moment, but an index reads the whole table. On a large one it is
    made after the variable is there, beside everybody's work. Lists are right without it,
    only slower; what could not be made then is made by night, or with the next upgrade.
    """
    _inherit = 'gem.crm.note'

    def _auto_init(self):
        self._add_dropdown_columns()
        return super()._auto_init()

    def _add_dropdown_columns(self):
        """Add the columns of new dropdowns, which Odoo would compare with all their options."""
        if not sql.table_exists(self.env.cr, self._table):
            return
        columns = sql.table_columns(self.env.cr, self._table)
        for field in self._fields.values():
            if (
                self._is_variable(field.name)
                and field.type == 'many2one' and field.name not in columns
            ):
                self.env.cr.execute(SQL(
                    "ALTER TABLE %(table)s ADD COLUMN %(column)s int4, ADD CONSTRAINT %(key)s "
                    "FOREIGN KEY (%(column)s) REFERENCES %(options)s (id) ON DELETE %(on_delete)s "
                    "NOT VALID",
                    table=SQL.identifier(self._table), column=SQL.identifier(field.name),
                    key=SQL.identifier(sql.make_identifier(f'{self._table}_{field.name}_fkey')),
                    options=SQL.identifier(self.env[field.comodel_name]._table),
                    on_delete=SQL(COLUMNS['dropdown']['on_delete']),
                ))

    def init(self):
        result = super().init()
        missing = self._missing_indexes()
        if self.pool.ready and self._is_large():
            self._make_indexes_after_commit(missing)
        else:
            self._make_indexes(missing)
        return result

    def _is_large(self):
        [[size]] = self.env.execute_query(SQL("SELECT pg_relation_size(%s)", self._table))
        return size > SMALL_TABLE

    def _missing_indexes(self):
        """Return the name and the column of each index that is not there, or not whole."""
        wanted = {
            sql.make_identifier(f'{self._table}_{name}_idx'): name
            for name in self._fields if self._is_variable(name)
        }
        rows = self.env.execute_query(SQL(
            """
                SELECT name.relname
                  FROM pg_index AS made
                  JOIN pg_class AS name ON name.oid = made.indexrelid
                 WHERE made.indrelid = %s::regclass AND made.indisvalid
            """,
            self._table,
        ))
        for [whole] in rows:
            wanted.pop(whole, None)
        return wanted

    def _index_statements(self, missing, concurrently):
        """Return the statements that make these indexes anew, and check their foreign keys.

        :param bool concurrently: while others write notes; in no transaction then
        """
        beside = SQL("CONCURRENTLY") if concurrently else SQL()
        statements = []
        for index, name in missing.items():
            statements += [
                SQL("DROP INDEX %s IF EXISTS %s", beside, SQL.identifier(index)),
                SQL(
                    "CREATE INDEX %s %s ON %s (%s, id) WHERE %s", beside,
                    SQL.identifier(index), SQL.identifier(self._table),
                    SQL.identifier(name), self._variable_is_filled(name),
                ),
            ]
            if self._fields[name].type == 'many2one':
                statements += [
                    SQL("ALTER TABLE %s VALIDATE CONSTRAINT %s",
                        SQL.identifier(self._table), SQL.identifier(key))
                    for key in self._foreign_keys_of(name)
                ]
        return statements

    def _foreign_keys_of(self, name):
        return sql.get_foreign_keys(
            self.env.cr, self._table, name, self.env[self._fields[name].comodel_name]._table, 'id',
            COLUMNS['dropdown']['on_delete'],
        )

    def _make_indexes(self, missing):
        for statement in self._index_statements(missing, concurrently=False):
            self.env.cr.execute(statement)

    def _make_indexes_after_commit(self, missing):
        statements = self._index_statements(missing, concurrently=True)
        registry = self.pool

        @self.env.cr.postcommit.add
        def make():
            # The other workers need not wait for it to know the variable.
            registry.signal_changes()
            try:
                _execute_outside(registry.db_name, statements)
            except psycopg2.Error as error:
                _logger.warning("An index of notes waits for the night: %s", error)

    @api.autovacuum
    def _make_missing_indexes(self):
        """Make the indexes that could not be made when their variables were added."""
        if missing := self._missing_indexes():
            self.env.cr.execute(SQL("SET LOCAL lock_timeout = %s", LOCK_TIMEOUT))
            self._make_indexes(missing)
            self.env.cr.execute("SET LOCAL lock_timeout TO DEFAULT")


def _execute_outside(database, statements):
    """Execute each of the statements in a transaction of its own.

    One process at a time: two that make an index beside others' work wait for each other.
    """
    with closing(db_connect(database).cursor()) as cr:
        cr._cnx.autocommit = True
        try:
            cr.execute(SQL("SET statement_timeout = %s", f'{PATIENCE}s'))
            _wait_for_others(cr)
            for statement in statements:
                cr.execute(statement)
        finally:
            cr.execute("SELECT pg_advisory_unlock_all()")
            cr.execute("RESET statement_timeout")
            cr._cnx.autocommit = False


def _wait_for_others(cr):
    """Wait until no other process makes an index; raise when that takes too long."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        # Who waited within a statement would be waited for.
        cr.execute("SELECT pg_try_advisory_lock(hashtext('gem_crm_note_variable_index'))")
        if cr.fetchone()[0]:
            return
        time.sleep(0.1)
    raise psycopg2.errors.LockNotAvailable("Another index of notes is being made.")
