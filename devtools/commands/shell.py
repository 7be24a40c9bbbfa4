"""Open Odoo's Python shell on a database (by default the one of `./dev run`)."""
import subprocess

from ..workshop import databases


def add_arguments(parser):
    parser.add_argument('-d', '--database', help="another database")


def main(args):
    with databases() as dbs:
        database = args.database or dbs.name('demo')
        dbs.require(database)
        config = dbs.write_config(database)
        command = dbs.odoo.command('shell', '--config', config, '--no-http')
        return subprocess.call(command, env=dbs.env())
