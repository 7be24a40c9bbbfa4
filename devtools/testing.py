"""Run pytest on an Odoo database."""
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from . import locks, templates
from .database import Databases
from .odoo import Odoo
from .paths import ROOT
from .postgres import Server
from .process import clean_env, die_with_parent
from .workshop import databases


@contextmanager
def test_database(template=templates.with_addons):
    """Give the databases and the name of a fresh one, with the add-ons and their demo data.

    It is a copy, removed afterwards: what a test commits by mistake goes with it.
    """
    with locks.waiting_for('test'), databases() as dbs:
        name = dbs.name('test')
        dbs.clone(template(dbs), name)
        yield dbs, name
        dbs.drop(name)


def run_pytest(dbs, database, *arguments):
    """Run pytest on ``database``; return its code."""
    config = dbs.write_config(database)
    command = [
        dbs.odoo.python, '-m', 'pytest', '-c', ROOT / 'pyproject.toml',
        '-p', 'devtools.pytest_plugin',
        f'--odoo-database={database}', *arguments,
    ]
    env = dbs.env(
        ODOO_RC=config,
        GEM_DEV_PSQL=dbs.server.psql,
        GEM_DEV_PREFIX=dbs.server.prefix,
        GEM_DEV_ODOO=dbs.odoo.path,
    )
    return subprocess.call(command, cwd=ROOT, env=env, preexec_fn=die_with_parent)


def databases_of_this_run():
    """Return, within a test, the databases that `./dev test` works with.

    For tests that need databases of their own, and an Odoo that runs beside them.
    """
    env = os.environ
    server = Server(env['GEM_DEV_PSQL'], clean_env(), env['GEM_DEV_PREFIX'])
    return Databases(server, Odoo(Path(env['GEM_DEV_ODOO']), Path(sys.executable)))
