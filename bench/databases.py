"""The two databases that are compared."""
import ast
import subprocess
import sys
import time
from pathlib import Path

from odoo.service.db import exp_db_exist, exp_drop, exp_rename

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / '.dev' / 'log'


def run(log, *command):
    """Run a Python command, with its output in a log file; return its seconds."""
    path = LOGS / f'bench-{log}.log'
    start = time.monotonic()
    with path.open('w') as file:
        code = subprocess.call(
            [sys.executable, *map(str, command)], cwd=ROOT, stdout=file, stderr=subprocess.STDOUT,
        )
    if code:
        raise RuntimeError(f"`{' '.join(map(str, command))}` failed: see {path}")
    return time.monotonic() - start


def make_stock(database, customers, template):
    """Make the database without gem_crm, unless it exists.

    :param template: a database with the modules that gem_crm needs, or None
    """
    if exp_db_exist(database):
        return
    print(f"Filling {database} with {customers} customers", flush=True)
    # Under another name until it is whole, whatever ends this run.
    draft = f'{database}_draft'
    exp_drop(draft)
    if template:
        copy(template, draft)
    else:
        manifest = ast.literal_eval((ROOT / 'gem_crm' / '__manifest__.py').read_text())
        odoo(draft, 'modules', '--init', ','.join(manifest['depends']), '--unaccent')
    run('populate', '-m', 'bench.populate', '-d', draft, '--customers', customers)
    run('check', '-m', 'bench.check', '-d', draft)
    exp_rename(draft, database)


def make_gem(database, stock):
    """Make the database with gem_crm anew from the stock one; return its installation's seconds."""
    copy(stock, database)
    print(f"Installing gem_crm in {database}", flush=True)
    seconds = odoo(database, 'install', '--init', 'gem_crm')
    print("Filling in the follow-up", flush=True)
    run('follow-up', '-m', 'bench.follow_up', '-d', database)
    run('check', '-m', 'bench.check', '-d', database)
    return seconds


def copy(source, target):
    """Copy a database and its files, over the target."""
    run('copy', '-m', 'odoo', 'db', 'duplicate', '--force', source, target)


def odoo(database, log, *options):
    """Run Odoo once on a database; return its seconds."""
    return run(log, '-m', 'odoo', '-d', database, '--stop-after-init', '--no-http', *options)
