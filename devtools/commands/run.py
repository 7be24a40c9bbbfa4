"""Serve Odoo with the add-ons and their demo data, at an address it prints."""
import socket
import subprocess
import time
import urllib.error
import urllib.request

from .. import addons, locks, templates
from ..errors import Problem
from ..paths import LOG
from ..process import die_with_parent
from ..progress import say, step
from ..templates import LANGUAGES
from ..workshop import databases

PATIENCE = 120  # seconds for the first page


def add_arguments(parser):
    parser.add_argument('--port', type=int, default=8069, help="port of the address (8069)")
    parser.add_argument('--lang', choices=['en_US', *LANGUAGES], help="language of all users")
    parser.add_argument('--no-demo', action='store_true', help="an empty database")


def main(args):
    _check_port(args.port)
    with locks.alone('run'), databases() as dbs:
        database = _database(dbs, demo=not args.no_demo)
        if args.lang:
            _speak(dbs, database, args.lang)
        with _server(dbs, database, args.port) as odoo:
            _welcome(dbs, database, args.port)
            code = odoo.wait()
    raise Problem(
        f"Odoo stopped by itself, with code {code}.", f"Its log is {LOG / 'odoo.log'}.",
    )


def _check_port(port):
    """Refuse a port that something else uses, before minutes are spent on the rest."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(('127.0.0.1', port))
        except OSError as error:
            raise Problem(
                f"Port {port} cannot be used: {error.strerror}.",
                f"Choose another one: ./dev run --port {port + 1}",
            ) from error


def _database(dbs, demo):
    """Return the user's database: kept between runs, upgraded when the add-ons change."""
    name = dbs.name('demo' if demo else 'empty')
    made_from = templates.current_fingerprint(dbs)
    earlier = dbs.fingerprint(name)
    ours = ','.join(addons.names())
    if not earlier:
        if demo:
            dbs.clone(templates.with_addons(dbs), name)
        else:
            dbs.clone(templates.dependencies(dbs, demo=False), name)
            with step(f"Installing {ours}"):
                dbs.run_odoo(name, '--init', ours, log='install')
    elif earlier != made_from:
        with step(f"Upgrading {ours} in your database {name}"):
            # --init as well: an add-on may be new since the last time.
            dbs.run_odoo(name, '--update', ours, '--init', ours, log='upgrade')
    dbs.complete(name, made_from)
    return name


def _speak(dbs, database, lang):
    """Set the language of the companies and of everybody who can log in."""
    dbs.server.sql(f"""
        UPDATE res_partner SET lang = '{lang}'
         WHERE id IN (SELECT partner_id FROM res_users UNION SELECT partner_id FROM res_company)
    """, database)


class _server:
    """Odoo serving ``database``, stopped at the end of the block."""

    def __init__(self, dbs, database, port):
        self.port = port
        config = dbs.write_config(database, http_port=port, max_cron_threads=1)
        LOG.mkdir(parents=True, exist_ok=True)
        self.log = (LOG / 'odoo.log').open('wb')
        self.command = dbs.odoo.command('server', '--config', config)
        self.env = dbs.env()

    def __enter__(self):
        # In a session of its own: Ctrl-C reaches only this program, which then stops Odoo once.
        self.odoo = subprocess.Popen(
            self.command, env=self.env, stdin=subprocess.DEVNULL, stdout=self.log,
            stderr=subprocess.STDOUT, start_new_session=True, preexec_fn=die_with_parent,
        )
        try:
            with step("Starting Odoo"):
                self._await_first_page()
        except BaseException:
            self.__exit__()
            raise
        return self.odoo

    def __exit__(self, *_exception):
        self.odoo.terminate()
        try:
            self.odoo.wait(15)
        except subprocess.TimeoutExpired:
            self.odoo.kill()
            self.odoo.wait()
        self.log.close()

    def _await_first_page(self):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.odoo.poll() is None:
            try:
                urllib.request.urlopen(f'http://127.0.0.1:{self.port}/web/login', timeout=PATIENCE)
                return
            except urllib.error.HTTPError as error:
                raise Problem(
                    f"Odoo answers its first page with an error ({error.code}).",
                    f"Its log is {LOG / 'odoo.log'}.",
                ) from error
            except OSError:
                time.sleep(0.2)
        raise Problem("Odoo does not start.", f"Its log is {LOG / 'odoo.log'}.")


def _welcome(dbs, database, port):
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
    say(f"\nhttp://localhost:{port}\n")
    width = max(len(login) for login, _name, _role in users)
    for login, name, role in users:
        say(f"  {login:{width}}  {name}{f' ({role})' if role else ''}")
    say("\nEach password is the login. Ctrl-C stops everything. Odoo's log: .dev/log/odoo.log")
