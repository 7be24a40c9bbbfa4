"""Odoo databases: made, cloned with their files, and remembered by what they were made from.

A database that is complete carries a comment: the fingerprint of what it was made from. One
without it is what an interrupted command left, and is made again.
"""
import os
import shutil

from .errors import Problem
from .paths import DATA, DEV, ROOT
from .process import run

FILESTORE = DATA / 'filestore'
# What PostgreSQL's own `unaccent` does for the letters of European languages.
UNACCENT = """
CREATE FUNCTION unaccent(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN
    replace(replace(replace(replace(translate(
        regexp_replace(normalize($1, NFD), '[\u0300-\u036f]', '', 'g'), 'øØłŁđĐ', 'oOlLdD'),
    'œ', 'oe'), 'Œ', 'OE'), 'æ', 'ae'), 'ß', 'ss')
"""


class Databases:
    """The databases of one server, and the Odoo that fills them."""

    def __init__(self, server, odoo):
        self.server = server
        self.odoo = odoo
        self.more_addons = []  # folders of add-ons that are not ours

    def name(self, short):
        """Return the full name of one of our own databases."""
        return self.server.prefix + short

    def fingerprint(self, database):
        """Return what the database was made from; '' if incomplete, None if absent."""
        rows = self.server.sql(f"""
            SELECT coalesce(shobj_description(oid, 'pg_database'), '')
              FROM pg_database WHERE datname = {_literal(database)}
        """)
        return (rows[0] or [''])[0] if rows else None

    def complete(self, database, fingerprint):
        """Remember that the database is complete, and made from ``fingerprint``."""
        self.server.sql(
            f"COMMENT ON DATABASE {_name(database)} IS {_literal(fingerprint)}"
        )

    def create(self, database):
        """Create an empty database, as Odoo would, in place of any earlier one."""
        self.drop(database)
        self.server.sql(f"""
            CREATE DATABASE {_name(database)} ENCODING 'UTF8' LC_COLLATE 'C' TEMPLATE template0
        """)
        available = {name for [name] in self.server.sql("SELECT name FROM pg_available_extensions")}
        if 'pg_trgm' in available:
            self.server.sql("CREATE EXTENSION pg_trgm", database)
        [[superuser]] = self.server.sql("SELECT current_setting('is_superuser')")
        if 'unaccent' in available and superuser == 'on':
            self.server.sql("CREATE EXTENSION unaccent", database)
            # So that it may stand in an index, as Odoo wants it. Only a superuser may.
            self.server.sql("ALTER FUNCTION unaccent(text) IMMUTABLE", database)
        else:
            self.server.sql(UNACCENT, database)

    def clone(self, source, database):
        """Make ``database`` a copy of ``source``; their files are hard links."""
        self.drop(database)
        self.server.sql(f"CREATE DATABASE {_name(database)} TEMPLATE {_name(source)}")
        if (FILESTORE / source).exists():
            # Odoo never changes a stored file, it adds another.
            shutil.copytree(FILESTORE / source, FILESTORE / database, copy_function=os.link)

    def drop(self, database):
        """Remove a database and its files, if they are there."""
        self.server.sql(f"DROP DATABASE IF EXISTS {_name(database)} WITH (FORCE)")
        shutil.rmtree(FILESTORE / database, ignore_errors=True)

    def run_odoo(self, database, *words, log):
        """Run Odoo once on a database, for instance to install a module."""
        config = self.write_config(database)
        command = self.odoo.command(
            'server', '--config', config, '--stop-after-init', '--no-http', *words,
        )
        run(command, log=log, env=self.env())

    def run_script(self, database, script, log):
        """Run Python lines in Odoo's shell on a database."""
        path = DEV / 'config' / f'{log}.py'
        config = self.write_config(database)
        path.write_text(script)
        with path.open() as file:
            command = self.odoo.command('shell', '--config', config, '--no-http')
            run(command, log=log, stdin=file, env=self.env())

    def write_config(self, database, **options):
        """Write Odoo's configuration file for a database; return its path."""
        options = {
            'addons_path': ','.join(map(str, [ROOT, *self.more_addons])),
            'data_dir': DATA,
            'db_name': database,
            'dbfilter': f'^{database}$',
            'list_db': False,
            'unaccent': True,
            'max_cron_threads': 0,
            'http_interface': '127.0.0.1',
            **options,
        }
        path = DEV / 'config' / f'{database}.conf'
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [f'{name} = {value}\n' for name, value in options.items()]
        path.write_text('[options]\n' + ''.join(lines))
        return path

    def env(self, **changes):
        """Return the environment in which Odoo finds its modules and this server."""
        pg = {name: value for name, value in self.server.env.items() if name.startswith('PG')}
        # The configuration file names the database.
        return self.odoo.env(**pg, PGDATABASE=None, **changes)

    def require(self, database):
        """Refuse to go on with a database that does not exist."""
        if self.fingerprint(database) is None:
            raise Problem(
                f"There is no database {database}.",
                "`./dev db list` shows those there are; `./dev db new NAME` makes one.",
            )


def _name(identifier):
    return '"' + identifier.replace('"', '""') + '"'


def _literal(text):
    return "'" + text.replace("'", "''") + "'"
