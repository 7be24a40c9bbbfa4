"""Measure gem_crm on 100,000 customers; `bench notes` and `bench complaints` measure these.

See bench/README.md.
"""
import subprocess

from .. import chromium, locks, oca, templates
from ..paths import ROOT
from ..process import die_with_parent
from ..workshop import databases

TAKES_ANYTHING = True
PARTS = ('complaints', 'knowledge', 'notes', 'truth')


def add_arguments(_parser):
    pass


def main(args):
    browser = chromium.ensure()
    with locks.alone('bench'), databases() as dbs:
        template = templates.dependencies(dbs, demo=False)
        if args.rest[:1] == ['complaints']:
            dbs.more_addons = [oca.ensure()]
        config = dbs.write_config(template, list_db=True)
        module, rest = 'bench.run', args.rest
        if rest and rest[0] in PARTS:
            module, rest = f'bench.{rest[0]}', rest[1:]
        command = [
            dbs.odoo.python, '-m', module, f'--template={template}',
            f"--prefix={dbs.name('bench_')}", *rest,
        ]
        return subprocess.call(
            command, cwd=ROOT, preexec_fn=die_with_parent,
            env=dbs.env(ODOO_RC=config, CHROMIUM=browser),
        )
