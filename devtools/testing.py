"""Run pytest on an Odoo database."""
import subprocess
from contextlib import contextmanager

from . import locks, templates
from .paths import ROOT
from .process import die_with_parent
from .workshop import databases


@contextmanager
def test_database():
    """Give the databases and the name of a fresh one, with the add-ons and their demo data.

    It is a copy, removed afterwards: what a test commits by mistake goes with it.
    """
    with locks.alone('test'), databases() as dbs:
        template = templates.with_addons(dbs)
        name = dbs.name('test')
        dbs.clone(template, name)
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
        # For the tests that make databases of their own and start Odoo on them.
        GEM_DEV_PSQL=dbs.server.psql,
        GEM_DEV_DEPENDENCIES=templates.dependencies(dbs),
    )
    return subprocess.call(command, cwd=ROOT, env=env, preexec_fn=die_with_parent)
