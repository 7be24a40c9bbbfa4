"""List, make and remove databases."""
from .. import addons, oca, templates
from ..progress import say, step
from ..workshop import databases


def add_arguments(parser):
    actions = parser.add_subparsers(dest='action', required=True, metavar='ACTION')
    actions.add_parser('list', help="list the databases")
    new = actions.add_parser('new', help="make a database with the add-ons")
    new.add_argument('name')
    new.add_argument('--modules', default='', help="other modules to install: sale,crm")
    new.add_argument('--demo', action='store_true', help="with demo data")
    drop = actions.add_parser('drop', help="remove a database")
    drop.add_argument('name')


def main(args):
    with databases() as dbs:
        {'list': _list, 'new': _new, 'drop': _drop}[args.action](dbs, args)


def _list(dbs, _args):
    for [name] in dbs.server.sql("""
        SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres' ORDER BY 1
    """):
        say(name)


def _new(dbs, args):
    source = templates.dependencies(dbs, demo=args.demo)
    others = [*filter(None, args.modules.split(','))]
    if {*oca.names(), *addons.bridges()}.intersection(others):
        dbs.more_addons = [oca.ensure()]
    modules = ','.join([*addons.plain(), *others])
    with step(f"Installing {modules} in {args.name}"):
        dbs.clone(source, args.name)
        demo = ['--with-demo'] if args.demo else []
        dbs.run_odoo(args.name, '--init', modules, *demo, log='new-database')
    dbs.complete(args.name, 'made by hand')


def _drop(dbs, args):
    dbs.require(args.name)
    dbs.drop(args.name)
