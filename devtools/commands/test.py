"""Run all tests by pytest, tours included; its own arguments may follow.

An unexpected skip is a failure. With --odoo, Odoo's own runner runs the add-ons' tests as well.
"""
import subprocess

from .. import addons, chromium, templates
from ..paths import DEV
from ..process import die_with_parent
from ..progress import say
from ..server import free_port
from ..testing import run_pytest, test_database

TAKES_ANYTHING = True


def add_arguments(parser):
    parser.add_argument(
        '--odoo', action='store_true', help="run the add-ons' tests by Odoo's runner as well",
    )


def main(args):
    chromium.ensure()
    with test_database() as (dbs, database):
        code = run_pytest(dbs, database, '--odoo-http', '--odoo-log-level=error', *args.rest)
        if args.odoo:
            dbs.clone(templates.with_addons(dbs), database)
            code = _by_odoo(dbs, database) or code
    return code


def _by_odoo(dbs, database):
    """Run the add-ons' own tests by Odoo's runner; return its code."""
    names = addons.names()
    config = dbs.write_config(database, http_port=free_port())
    command = dbs.odoo.command(
        'server', '--config', config, '--stop-after-init', '--update', ','.join(names),
        '--test-tags', ','.join(f'/{name}' for name in names), '--log-level', 'test',
    )
    say(f"\n{' '.join(command)}")
    return subprocess.call(command, cwd=DEV, env=dbs.env(), preexec_fn=die_with_parent)
