"""Open psql on a database (by default the one of `./dev run`)."""
import subprocess

from ..workshop import databases

TAKES_ANYTHING = True


def add_arguments(parser):
    parser.add_argument('-d', '--database', help="another database")


def main(args):
    with databases() as dbs:
        database = args.database or dbs.name('demo')
        dbs.require(database)
        command = [dbs.server.psql, '-d', database, *args.rest]
        return subprocess.call(command, env=dbs.server.env)
