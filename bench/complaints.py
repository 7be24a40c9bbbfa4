"""Measure complaints beside OCA's tickets and claims and Odoo's leads, in one database.

    ./dev bench complaints [--records 100000] [--created 1000] [--rounds 3] [--pairs 20]

Each of the four models holds as many records. In one process, records of each are created in one
call, moved to another stage, and opened by incoming e-mails, in turns. Then the list, the kanban
and a search are asked of a server, as Chromium asks for them. Prints tables, and exits with 1 when
a limit is broken.
"""
import argparse
import ast
import logging
import os
import statistics
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage

from lxml import etree

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import SQL, config

from .browser import Browser
from .bulk import create_functions, environment, insert_like, numbered, vacuum
from .databases import LOGS, copy, odoo
from .server import Server

USER = PASSWORD = 'bench_complaints'
DOMAIN = 'bench.example.com'
MODULES = 'crm,crm_claim,helpdesk_mgmt,gem_crm'
CUSTOMERS = 20_000
MAILS = 100
ROWS = 80
WORDS = {"frequent word": "parcel", "rare word": "Zanzibar"}
RARE = 2000  # one in so many has the rare word
# What complaints must at least be, in times of a ticket's rate.
FASTER = {'create': 10, 'stage': 1.5, 'mail': 2}
RATES = {
    'create': "created, {} in one call", 'stage': "moved, {} at once",
    'mail': "e-mails that open one", 'acknowledge': "acknowledged, a moment later",
}
PAGES = ('list', 'kanban')
# How far above the fastest peer's time a page's median may be: the noise of such medians.
NOISE = 1.05


@dataclass
class Peer:
    """A model under measure."""

    model: str
    action: str  # what opens its pages
    stages: str  # the model of its stages
    values: dict  # what people enter, besides subject and customer
    mailbox: str  # where its e-mails arrive
    kanban: bool = True
    costs: dict = field(default_factory=dict)  # what was measured: seconds, or Costs of pages

    def new(self, number, partner):
        """Return the values of a new record."""
        return {'name': f"A wet parcel, number {number}", 'partner_id': partner} | self.values


TEXT = {'description': "<p>Three of ten parcels arrived wet.</p>"}
PEERS = [
    Peer('gem.crm.complaint', 'gem_crm.gem_crm_complaint_action', 'gem.crm.complaint.stage', TEXT,
         'complaints'),
    Peer('helpdesk.ticket', 'helpdesk_mgmt.helpdesk_ticket_action', 'helpdesk.ticket.stage', TEXT,
         'support'),
    Peer('crm.claim', 'crm_claim.crm_claim_category_claim0', 'crm.claim.stage', TEXT, 'claims',
         kanban=False),
    Peer('crm.lead', 'crm.crm_lead_action_pipeline', 'crm.stage', TEXT | {'type': 'opportunity'},
         'leads'),
]
OURS, TICKETS, _CLAIMS, LEADS = PEERS


def main():
    arguments = parse()
    config.parse_config(['--max-cron-threads=0'], setup_logging=False)
    LOGS.mkdir(parents=True, exist_ok=True)
    database = f'{arguments.prefix}complaints'
    if not arguments.keep:
        print(f"Filling {database} with {arguments.records} records of each model", flush=True)
        if arguments.template:
            copy(arguments.template, database)
        odoo(database, 'complaints-install', '--init', MODULES)
        fill(database, arguments.records)
    # Each e-mail would be logged.
    logging.getLogger('odoo').setLevel(logging.WARNING)
    for _round in range(arguments.rounds):
        for peer in PEERS:
            print(f"Creating, moving and receiving {peer.model}", flush=True)
            write(database, peer, arguments.created)
    with Server(database, arguments.port, LOGS / 'bench-complaints.log') as server:
        ask(server, arguments.pairs)
    return report(arguments.created)


def parse():
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0], epilog="See bench/README.md.",
    )
    parser.add_argument('--records', type=int, default=100_000)
    parser.add_argument('--created', type=int, default=1000)
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('--pairs', type=int, default=20, help="so many times each page")
    parser.add_argument('--keep', action='store_true', help="measure the database as it is")
    parser.add_argument('--template', default=os.environ.get('GEM_DEV_DEPENDENCIES'),
                        help="a database with the modules that gem_crm needs, to copy")
    parser.add_argument('--prefix', default='bench_', help="what the database's name begins with")
    parser.add_argument('--port', type=int, default=8150)
    return parser.parse_args()


# ------------------------------------------------------------
# The database
# ------------------------------------------------------------

def fill(database, count):
    """Make the user, the customers, and as many records of each model."""
    with environment(database) as env:
        groups = (
            'gem_crm.gem_crm_group_manager', 'helpdesk_mgmt.group_helpdesk_manager',
            'sales_team.group_sale_manager',
        )
        user = env['res.users'].with_context(no_reset_password=True).create({
            'name': "Bench", 'login': USER, 'password': PASSWORD, 'email': "bench@example.com",
            'group_ids': [(4, env.ref(group).id) for group in groups],
        })
        set_up_mail(env)
        create_functions(env)
        customer = env['res.partner'].create({'name': "Bench customer", 'is_company': True})
        insert_like(customer, numbered('res_partner', CUSTOMERS), {
            'id': SQL("numbered.id"),
            'name': SQL("'Customer ' || n"), 'complete_name': SQL("'Customer ' || n"),
            'email': SQL("'c' || n || '@customer.example.com'"),
            'email_normalized': SQL("'c' || n || '@customer.example.com'"),
            'commercial_partner_id': SQL("numbered.id"),
        })
        for peer in PEERS:
            prototype = env[peer.model].with_context(tracking_disable=True).create(
                peer.new(0, customer.id) | {'user_id': user.id})
            stages = env[peer.stages].search([])
            insert_like(prototype, SQL("generate_series(1, %s) AS n", count), {
                'name': SQL(
                    "CASE WHEN n %% %s = 0 THEN 'Lost in Zanzibar ' ELSE 'A wet parcel ' END || n",
                    RARE),
                'partner_id': SQL("%s + pg_temp.pick(%s, n, 'who')", customer.id + 1, CUSTOMERS),
                'stage_id': SQL("pg_temp.choose(%s, n, 'stage')", stages.ids),
                'create_date': SQL("now() - pg_temp.pick(40000000, n, 'when') * interval '1 s'"),
                **own_columns(env, peer, stages),
            })
    vacuum(database)


def set_up_mail(env):
    """Give the company a domain, and each model the mailbox that it has; claims have none."""
    env.company.alias_domain_id = env['mail.alias.domain'].create({
        'name': DOMAIN, 'bounce_alias': 'bounce', 'catchall_alias': 'catchall',
    })
    env['gem.crm.complaint.address'].search([], limit=1).write({
        'alias_name': OURS.mailbox, 'alias_domain_id': env.company.alias_domain_id.id,
    })
    env['helpdesk.ticket.team'].create({'name': "Support", 'alias_name': TICKETS.mailbox})
    env['crm.team'].create({
        'name': "Leads", 'alias_name': LEADS.mailbox, 'use_leads': True, 'use_opportunities': True,
    })


def own_columns(env, peer, stages):
    """Return the columns of a model that differ from record to record."""
    when = SQL("now() - pg_temp.pick(40000000, n, 'when') * interval '1 s'")
    if peer is OURS:
        closed = stages.filtered(lambda stage: stage.state in ('closed', 'cancelled')).ids
        is_closed = SQL("pg_temp.choose(%s, n, 'stage') = ANY(%s)", stages.ids, closed)
        return {
            'reference': SQL("'B' || n"), 'date_received': when,
            'date_closed': SQL("CASE WHEN %s THEN %s + interval '9 days' END", is_closed, when),
            'deadline': SQL("CASE WHEN NOT %s THEN %s + interval '9 days' END", is_closed, when),
        }
    return {
        'helpdesk.ticket': {'number': SQL("'B' || n")},
        'crm.claim': {'date': when},
        'crm.lead': {'email_from': SQL("'c' || n || '@customer.example.com'")},
    }[peer.model]


# ------------------------------------------------------------
# Creation, stages and e-mails
# ------------------------------------------------------------

@contextmanager
def undone(database, login=None):
    """Give the environment of a user, or of the superuser, in which nothing is kept."""
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        if login:
            env = env(user=env['res.users'].search([('login', '=', login)]))
        # What every request of the web client has done already.
        env.user.has_group('base.group_user')
        yield env
        env.clear()
        cr.rollback()


def write(database, peer, count):
    """Create ``count`` records, move as many, and receive some e-mails; keep the seconds."""
    with undone(database, USER) as env:
        partners = env['res.partner'].search([('name', 'like', 'Customer %')], limit=count).ids
        rows = [peer.new(number, partners[number % len(partners)]) for number in range(count)]
        with timed(env, peer, 'create', count):
            env[peer.model].create(rows)
            env.cr.flush()
    with undone(database, USER) as env:
        first, second = env[peer.stages].search([], limit=2)
        records = env[peer.model].search([('stage_id', '=', first.id)], limit=count, order='id')
        with timed(env, peer, 'stage', count):
            records.write({'stage_id': second.id})
            env.cr.flush()
    with undone(database) as env:
        mails = [mail(peer, number) for number in range(MAILS)]
        with timed(env, peer, 'mail', MAILS):
            for raw in mails:
                env['mail.thread'].message_process(peer.model, raw)
            env.cr.flush()
        if peer is OURS:
            # What the cron does a moment later, for all of them.
            waiting = env[peer.model].search([('is_to_acknowledge', '=', True)])
            with timed(env, peer, 'acknowledge', len(waiting)):
                env['gem.crm.complaint.delivery']._reset_bounces()
                waiting._acknowledge_by_itself()
                env.cr.flush()


@contextmanager
def timed(env, peer, what, count):
    """Keep the seconds, and those of the processor, of each of the block's ``count`` records."""
    pid = env.cr._cnx.get_backend_pid()
    wall, cpu = time.perf_counter(), processor_time(pid)
    yield
    peer.costs.setdefault(what, []).append((time.perf_counter() - wall) / count)
    peer.costs.setdefault(f'{what}, CPU', []).append((processor_time(pid) - cpu) / count)


def processor_time(pid):
    """Return the seconds of processor time of this process and of its PostgreSQL connection."""
    # Linux: the clock that clock_getcpuclockid() returns, to the nanosecond.
    return time.process_time() + time.clock_gettime(~pid << 3 | 2)


def mail(peer, number):
    """Return an e-mail from a customer."""
    message = EmailMessage()
    message['From'] = f"Customer {number + 1} <c{number + 1}@customer.example.com>"
    message['To'] = f"{peer.mailbox}@{DOMAIN}"
    message['Subject'] = f"A wet parcel, number {number}"
    message['Message-Id'] = f"<{peer.model}-{number}-{time.time_ns()}@customer.example.com>"
    message.set_content("Three of ten parcels arrived wet.\n")
    return message.as_bytes()


# ------------------------------------------------------------
# Pages
# ------------------------------------------------------------

def ask(server, pairs):
    """Ask for each page of each model, in turns."""
    session = server.login(USER, PASSWORD)
    pages = {}
    with Browser() as browser:
        for peer in PEERS:
            print(f"Opening the pages of {peer.model}", flush=True)
            pages[peer.model] = dict(record(server, session, browser, peer))
    for number in range(pairs + 2):
        for peer in PEERS:
            for page, requests in pages[peer.model].items():
                wall = sum(server.send(session, request)[1].wall for request in requests)
                if number >= 2:
                    peer.costs.setdefault(page, []).append(wall)


def record(server, session, browser, peer):
    """Yield each page's name and the requests of its records, over all records of the model."""
    url = f'{server.url}/odoo/action-{peer.action}'
    path = f'/{peer.model}/'
    asked = browser.record(session, f'{url}?view_type=list', '.o_list_view')
    [views] = (r for r in asked if path in r.path and r.method == 'get_views')
    rows = [r for r in asked if path in r.path and r.method == 'web_search_read']
    grouped = [r for r in asked if path in r.path and r.method == 'web_read_group']
    [rows] = rows or [as_rows(grouped[0])]
    yield "list", [rows.changed(domain=[], limit=ROWS, offset=0)]
    for name, word in WORDS.items():
        domain = search_domain(server.send(session, views)[0], word)
        yield f"list, {name}", [rows.changed(domain=domain, limit=ROWS, offset=0)]
    if peer.kanban:
        asked = browser.record(session, f'{url}?view_type=kanban', '.o_kanban_view')
        yield "kanban", [
            request.changed(domain=[]) for request in asked
            if path in request.path and request.method in ('web_read_group', 'read_progress_bar')
        ]


def as_rows(grouped):
    """Return the request for the rows of a list that its action opens grouped."""
    raise RuntimeError(f"{grouped.path}: the list opens grouped")


def search_domain(views, word):
    """Return the domain of a word that is typed in the search box, and Enter."""
    arch = etree.fromstring(views['views']['search']['arch'])
    node = arch.find('.//field')
    domain = node.get('filter_domain')
    if not domain:
        return [(node.get('name'), 'ilike', word)]
    return ast.literal_eval(domain.replace('self', repr(word)))


# ------------------------------------------------------------
# Report
# ------------------------------------------------------------

def report(created):
    """Print what was measured; return 1 if a limit is broken."""
    broken = []
    print(f"\n| a second | {' | '.join(peer.model for peer in PEERS)} | complaints to tickets |")
    print("| --- " * (len(PEERS) + 2) + "|")
    for what, label in RATES.items():
        for clock in ("", ", CPU"):
            rates = [
                1 / statistics.median(peer.costs[what + clock]) if what in peer.costs else None
                for peer in PEERS
            ]
            times = rates[0] / rates[1] if rates[1] else None
            shown = ' | '.join(f'{rate:.1f}' if rate else '–' for rate in rates)
            print(f"| {label.format(created)}{clock and ', of processor time'} | {shown} |"
                  f" {f'{times:.1f} ×' if times else '–'} |")
        # The processor's time is hardly disturbed by what else the machine does.
        if what in FASTER and times < FASTER[what]:
            broken.append(f"{label.format(created)}: {times:.1f} × instead of {FASTER[what]} ×")
    print(f"\n| ms | {' | '.join(peer.model for peer in PEERS)} | complaints to the fastest |")
    print("| --- " * (len(PEERS) + 2) + "|")
    for page in [page for page in OURS.costs if page.partition(',')[0] in PAGES]:
        medians = [statistics.median(peer.costs[page]) if page in peer.costs else None
                   for peer in PEERS]
        ratio = medians[0] / min(filter(None, medians[1:]))
        shown = ' | '.join(f'{median:.1f}' if median else '–' for median in medians)
        print(f"| {page} | {shown} | {ratio:.2f} |")
        if ratio > NOISE:
            broken.append(f"{page}: {ratio:.2f} times the fastest")
    print("\n" + "\n".join(broken or ["Within the limits."]))
    return int(bool(broken))


if __name__ == '__main__':
    raise SystemExit(main())
