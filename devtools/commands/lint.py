"""Read the sources with ruff, pylint-odoo and Odoo's own lint tests."""
import subprocess

from .. import addons, python_env, workshop
from ..paths import ROOT
from ..process import clean_env
from ..progress import say
from ..testing import run_pytest, test_database

# Those of Odoo's lint tests that look at add-ons, not at Odoo's own repository.
ODOO_TESTS = [
    'test_index.py',
    'test_jstranslate.py',
    'test_manifests.py',
    'test_naming.py',
    'test_onchange_domains.py',
    'test_override_signatures.py',
    'test_routes.py',
    'test_test_holes.py',
]


def add_arguments(parser):
    parser.add_argument(
        '--fast', action='store_true', help="leave out Odoo's own, which need a database",
    )


def main(args):
    workshop.prepare()
    codes = [_ruff(), _pylint()]
    if not args.fast:
        codes.append(_odoo())
    return max(codes)


def _ruff():
    say("ruff")
    return _call('ruff', 'check', '.', 'dev')


def _pylint():
    say("pylint-odoo")
    return min(1, _call('pylint', '--rcfile', ROOT / '.pylintrc', *addons.names()))


def _call(module, *words):
    return subprocess.call(
        [str(python_env.PYTHON), '-m', module, *map(str, words)], cwd=ROOT, env=clean_env(),
    )


def _odoo():
    say("Odoo's test_lint")
    with test_database() as (dbs, database):
        folder = dbs.odoo.addon('test_lint') / 'tests'
        return run_pytest(
            dbs, database, '-q', '--refuse-warnings', '--odoo-log-level=warn',
            *(folder / name for name in ODOO_TESTS),
        )
