"""Measure what gem_crm costs Odoo's own pages on 100,000 customers (bench/README.md)."""
import subprocess

from .. import chromium, locks, templates
from ..paths import ROOT
from ..process import die_with_parent
from ..workshop import databases

TAKES_ANYTHING = True


def add_arguments(_parser):
    pass


def main(args):
    browser = chromium.ensure()
    with locks.alone('bench'), databases() as dbs:
        template = templates.dependencies(dbs, demo=False)
        config = dbs.write_config(template, list_db=True)
        command = [
            dbs.odoo.python, '-m', 'bench.run', f'--template={template}',
            f"--prefix={dbs.name('bench_')}", *args.rest,
        ]
        return subprocess.call(
            command, cwd=ROOT, preexec_fn=die_with_parent,
            env=dbs.env(ODOO_RC=config, CHROMIUM=browser),
        )
