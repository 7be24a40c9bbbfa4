"""Run all tests by pytest, tours included; its own arguments may follow.

An unexpected skip is a failure. With --odoo, Odoo's own runner runs the add-ons' tests as well.
Bridges to add-ons of others are tested in a database that has these.
"""
import subprocess

from .. import addons, chromium, templates
from ..paths import DEV, ROOT
from ..process import die_with_parent
from ..progress import say
from ..server import free_port
from ..testing import run_pytest, test_database

TAKES_ANYTHING = True
NOTHING_CHOSEN = 5  # pytest's code when no test was collected


def add_arguments(parser):
    parser.add_argument(
        '--odoo', action='store_true', help="run the add-ons' tests by Odoo's runner as well",
    )


def main(args):
    chromium.ensure()
    codes = [
        _test(template, names, arguments, args.odoo)
        for template, names, arguments in _runs(args.rest)
    ]
    return max((code for code in codes if code != NOTHING_CHOSEN), default=NOTHING_CHOSEN)


def _runs(words):
    """Yield, for each database that the chosen tests need, its template, add-ons and arguments."""
    bridges = addons.bridges()
    paths = [word for word in words if (ROOT / word.partition('::')[0]).exists()]
    options = [word for word in words if word not in paths]
    theirs = [path for path in paths if path.partition('/')[0] in bridges]
    others = [path for path in paths if path not in theirs]
    if others or not paths:
        # An --ignore would not hold: pyproject.toml names the folders of all add-ons.
        tests = [*(f'{name}/tests' for name in addons.plain()), 'tests']
        yield templates.with_addons, addons.plain(), [*options, *(others or tests)]
    if theirs or bridges and not paths:
        tests = [f'{name}/tests' for name in bridges]
        yield templates.with_bridges, bridges, [*options, *(theirs or tests)]


def _test(template, names, arguments, odoo):
    """Run the chosen tests on a copy of that database; return the code."""
    with test_database(template) as (dbs, database):
        code = run_pytest(dbs, database, '--odoo-http', '--odoo-log-level=error', *arguments)
        if odoo:
            dbs.clone(template(dbs), database)
            code = _by_odoo(dbs, database, names) or code
    return code


def _by_odoo(dbs, database, names):
    """Run these add-ons' tests by Odoo's runner; return its code."""
    config = dbs.write_config(database, http_port=free_port())
    command = dbs.odoo.command(
        'server', '--config', config, '--stop-after-init', '--update', ','.join(names),
        '--test-tags', ','.join(f'/{name}' for name in names), '--log-level', 'test',
    )
    say(f"\n{' '.join(command)}")
    return subprocess.call(command, cwd=DEV, env=dbs.env(), preexec_fn=die_with_parent)
