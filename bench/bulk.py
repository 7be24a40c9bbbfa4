"""Make many valid records quickly: copies, by SQL, of one that the ORM made."""
from contextlib import closing, contextmanager

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.sql_db import connection_info_for
from odoo.tools import SQL, config


@contextmanager
def environment(database):
    """Yield the superuser's environment in ``database``; commit at the end."""
    # A cron that starts on half-made records would spoil the run.
    config.parse_config(['-d', database, '--max-cron-threads=0'], setup_logging=True)
    with Registry(database).cursor() as cr:
        # Foreign keys are checked by a plan made while tables are small, kept while they grow.
        cr.execute("SET LOCAL enable_seqscan = off")
        cr.execute("SET LOCAL jit = off")
        # Without context: records must not depend on who runs this, nor in which language.
        yield api.Environment(cr, SUPERUSER_ID, {})


def create_functions(env):
    """Create the SQL functions that stand in for chance: the same choices in every run."""
    env.cr.execute("""
        -- A number from 0 to below - 1, which depends on the other arguments only.
        CREATE FUNCTION pg_temp.pick(below int, number bigint, purpose text) RETURNS int
        LANGUAGE sql IMMUTABLE AS $$
            SELECT (('x' || substr(md5(purpose || number), 1, 8))::bit(32)::bigint % below)::int
        $$;
        -- One of the choices.
        CREATE FUNCTION pg_temp.choose(choices anyarray, number bigint, purpose text)
        RETURNS anyelement LANGUAGE sql IMMUTABLE AS $$
            SELECT choices[1 + pg_temp.pick(cardinality(choices), number, purpose)]
        $$;
        -- True for so many in a hundred.
        CREATE FUNCTION pg_temp.chance(percent int, number bigint, purpose text) RETURNS boolean
        LANGUAGE sql IMMUTABLE AS $$
            SELECT pg_temp.pick(100, number, purpose) < percent
        $$;
    """)


def insert_like(prototype, rows, values):
    """Insert copies of a record that the ORM made, whichever columns its table has.

    :param prototype: the record whose columns are copied
    :param SQL rows: what stands after FROM; one copy is made per row
    :param dict values: SQL expression by column that differs from the prototype's
    :return: the number of copies
    """
    env = prototype.env
    env.flush_all()
    env.cr.execute(SQL(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 "
        "AND NOT attisdropped AND attname != 'id'",
        prototype._table,
    ))
    expressions = {name: SQL.identifier('prototype', name) for [name] in env.cr.fetchall()}
    if unknown := values.keys() - expressions.keys() - {'id'}:
        raise ValueError(f"{prototype._table} has no column {', '.join(sorted(unknown))}")
    expressions |= values
    env.cr.execute(SQL(
        "INSERT INTO %s (%s) SELECT %s FROM (SELECT * FROM %s WHERE id = %s) AS prototype, %s",
        SQL.identifier(prototype._table),
        SQL(", ").join(map(SQL.identifier, expressions)),
        SQL(", ").join(expressions.values()),
        SQL.identifier(prototype._table),
        prototype.id,
        rows,
    ))
    return env.cr.rowcount


def numbered(table, count):
    """Return rows for insert_like: n from 1 to ``count``, with the id that each copy gets.

    What names its own row, as a customer does as its commercial entity, takes "numbered.id".
    """
    return SQL(
        "(SELECT n, nextval(%s)::int AS id FROM generate_series(1, %s) AS n) AS numbered",
        f'{table}_id_seq', count,
    )


def vacuum(database):
    """Leave compact tables and fresh statistics, whatever was done to fill them."""
    _name, info = connection_info_for(database)
    with closing(psycopg2.connect(**info)) as connection:
        connection.autocommit = True
        with connection.cursor() as cr:
            cr.execute("VACUUM FULL res_partner")
            cr.execute("VACUUM ANALYZE")
