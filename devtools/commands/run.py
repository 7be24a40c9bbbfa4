"""Serve Odoo with the add-ons and their demo data, at an address it prints."""
from .. import addons, locks, templates
from ..errors import Problem
from ..progress import say, step
from ..server import Serving, check_port
from ..templates import LANGUAGES
from ..workshop import databases


def add_arguments(parser):
    parser.add_argument('--port', type=int, default=8069, help="port of the address (8069)")
    parser.add_argument('--lang', choices=LANGUAGES, help="language of all users")
    parser.add_argument('--no-demo', action='store_true', help="an empty database")


def main(args):
    check_port(args.port)  # before minutes are spent on the rest
    with locks.alone('run'), databases() as dbs:
        database = _database(dbs, demo=not args.no_demo)
        if args.lang:
            _speak(dbs, database, args.lang)
        with Serving(dbs, database, args.port, max_cron_threads=1) as odoo:
            _welcome(dbs, database, odoo)
            code = odoo.process.wait()
    raise Problem(f"Odoo stopped by itself, with code {code}.", f"Its log is {odoo.log}.")


def _database(dbs, demo):
    """Return the user's database: kept between runs, upgraded when the add-ons change."""
    name = dbs.name('demo' if demo else 'empty')
    made_from = templates.current_fingerprint(dbs)
    earlier = dbs.fingerprint(name)
    ours = ','.join(addons.plain())
    if not earlier:
        if demo:
            dbs.clone(templates.with_addons(dbs), name)
        else:
            dbs.clone(templates.dependencies(dbs, demo=False), name)
            with step(f"Installing {ours}"):
                dbs.run_odoo(name, '--init', ours, log='install')
    elif earlier != made_from:
        _upgrade(dbs, name, ours)
    dbs.complete(name, made_from)
    return name


def _upgrade(dbs, name, ours):
    """Upgrade the user's database; if that fails, nothing of it is lost."""
    try:
        with step(f"Upgrading {ours} in your database {name}"):
            # --init as well: an add-on may be new since the last time.
            dbs.run_odoo(name, '--update', ours, '--init', ours, log='upgrade')
    except Problem as problem:
        raise Problem(
            problem.sentence,
            f"{problem.what_to_do} To start afresh instead: ./dev db drop {name}",
        ) from problem


def _speak(dbs, database, lang):
    """Set the language of the companies and of everybody who can log in."""
    changed = dbs.server.sql(f"""
        UPDATE res_partner SET lang = '{lang}'
         WHERE id IN (SELECT partner_id FROM res_users UNION SELECT partner_id FROM res_company)
           AND lang IS DISTINCT FROM '{lang}'
        RETURNING id
    """, database)
    if changed and lang.startswith('fr'):
        templates.tell_in_french(dbs, database)


def _welcome(dbs, database, odoo):
    """Print the address and who can log in."""
    users = dbs.server.sql("""
        SELECT u.login, p.name, coalesce(string_agg(g.name ->> 'en_US', ', ' ORDER BY g.id), '')
          FROM res_users u
          JOIN res_partner p ON p.id = u.partner_id
          LEFT JOIN (res_groups_users_rel r
                     JOIN ir_model_data d ON d.model = 'res.groups' AND d.res_id = r.gid
                                         AND d.module LIKE 'gem\\_crm%'
                     JOIN res_groups g ON g.id = r.gid) ON r.uid = u.id
         WHERE u.active AND NOT u.share
         GROUP BY u.id, p.id
         ORDER BY u.login <> 'admin', u.id
    """, database)
    say(f"\n{odoo.url}\n")
    width = max(len(login) for login, _name, _role in users)
    for login, name, role in users:
        say(f"  {login:{width}}  {name}{f' ({role})' if role else ''}")
    say(f"\nEach password is the login. Ctrl-C stops everything. Odoo's log is {odoo.log}")
