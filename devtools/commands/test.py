"""Run all tests by pytest, tours included; its own arguments may follow.

An unexpected skip is a failure. With --odoo, Odoo's own runner runs the add-ons' tests as well.
"""
import socket
import subprocess

from .. import addons, chromium, locks, templates
from ..paths import DEV, ROOT
from ..process import die_with_parent
from ..progress import say
from ..workshop import databases

TAKES_ANYTHING = True


def add_arguments(parser):
    parser.add_argument(
        '--odoo', action='store_true', help="run the add-ons' tests by Odoo's runner as well",
    )


def main(args):
    chromium.ensure()
    with locks.alone('test'), databases() as dbs:
        template = templates.with_addons(dbs)
        # A copy: what a test commits by mistake is gone with the next run.
        database = dbs.name('test')
        dbs.clone(template, database)
        code = _pytest(dbs, database, args.rest)
        if args.odoo:
            dbs.clone(template, database)
            code = _odoo(dbs, database) or code
        dbs.drop(database)
    return code


def _pytest(dbs, database, arguments):
    """Run pytest; return its code."""
    config = dbs.write_config(database)
    command = [
        dbs.odoo.python, '-m', 'pytest', '-p', 'devtools.pytest_plugin',
        f'--odoo-database={database}', '--odoo-http', '--odoo-log-level=error', *arguments,
    ]
    # What a test needs to make databases of its own and to start Odoo on them.
    env = dbs.env(
        ODOO_RC=config,
        GEM_DEV_DEPENDENCIES=templates.dependencies(dbs),
        GEM_DEV_CONFIG=config,
        GEM_DEV_PSQL=dbs.server.psql,
    )
    return subprocess.call(command, cwd=ROOT, env=env, preexec_fn=die_with_parent)


def _odoo(dbs, database):
    """Run the add-ons' own tests by Odoo's runner; return its code."""
    names = addons.names()
    config = dbs.write_config(database, http_port=_free_port())
    command = dbs.odoo.command(
        'server', '--config', config, '--stop-after-init', '--update', ','.join(names),
        '--test-tags', ','.join(f'/{name}' for name in names), '--log-level', 'test',
    )
    say(f"\n{' '.join(command)}")
    return subprocess.call(command, cwd=DEV, env=dbs.env(), preexec_fn=die_with_parent)


def _free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]
