"""Measure what gem_crm costs the stock contact pages, on a large database.

    ./dev bench [--customers 100000] [--pairs 60]

Two databases hold the same customers; one has gem_crm, and each customer's follow-up. Each is
served by an Odoo of its own. Chromium opens the stock contact list, kanban and form on both;
what the web client then asked is asked of both again and again, over HTTP, in turns. Prints a
table, and exits with 1 when a limit is broken.
"""
import argparse
import os
import random

from odoo.sql_db import db_connect
from odoo.tools import config

from .browser import Browser
from .databases import LOGS, copy, make_gem, make_stock
from .paired import Subject
from .populate import PASSWORD
from .server import Server

USERS = [('bench_admin', "administrator"), ('bench_user', "CRM user")]
ACTION = '/odoo/action-contacts.action_contacts'
# What to open, what then shows that it is there, and the call that reads its records.
PAGES = {
    'list': ('?view_type=list', '.o_data_row', 'web_search_read'),
    'kanban': ('?view_type=kanban', '.o_kanban_record:not(.o_kanban_ghost)', 'web_search_read'),
    'form': ('/%(partner)s', '.o-mail-Chatter', 'web_read'),
}
ROWS = 80
LIST_PAGES = 10
FORMS = 30  # partners whose form is read, a third of them contacts
WARM_UP = 6
# The limits.
SLOWER = 1.05
FORM_QUERIES = 3
# While chance may still decide, pairs are added up to so many times the number asked for.
PATIENCE = 4


def main():
    arguments = parse()
    config.parse_config(['--max-cron-threads=0'], setup_logging=False)
    LOGS.mkdir(parents=True, exist_ok=True)
    stock, gem = f'{arguments.prefix}stock', f'{arguments.prefix}gem'
    make_stock(stock, arguments.customers, arguments.template)
    if arguments.null:
        copy(stock, gem)
    elif not arguments.keep:
        print(f"Installed in {make_gem(gem, stock):.0f} s", flush=True)
    with (
        Server(stock, arguments.port, LOGS / 'bench-server-stock.log') as first,
        # A browser's cookies belong to a host: with one for both, late answers of the first
        # would end the session on the second.
        Server(gem, arguments.port + 1, LOGS / 'bench-server-gem.log', '127.0.0.2') as second,
    ):
        servers = (first, second)
        subjects, pages = record(servers)
        rows = rows_cost(servers, pages)
        measure(servers, subjects, arguments.pairs)
    return report(subjects, rows)


def parse():
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0], epilog="See bench/README.md.",
    )
    parser.add_argument('--customers', type=int, default=100_000)
    parser.add_argument('--pairs', type=int, default=60, help="at least so many of each request")
    parser.add_argument('--keep', action='store_true',
                        help="measure the databases as they are, without installing again")
    parser.add_argument('--null', action='store_true',
                        help="compare the stock database with its copy, to know the noise")
    parser.add_argument('--template', default=os.environ.get('GEM_DEV_DEPENDENCIES'),
                        help="a database with the modules that gem_crm needs, to copy")
    parser.add_argument('--prefix', default='bench_', help="what the databases' names begin with")
    parser.add_argument('--port', type=int, default=8150, help="the first of two ports")
    return parser.parse_args()


def partners(database):
    """Return the ids of partners whose form to read, the same in both databases."""
    with db_connect(database).cursor() as cr:
        cr.execute(
            """
            (SELECT id FROM res_partner WHERE ref LIKE 'C%%' AND parent_id IS NULL
             ORDER BY md5(ref) LIMIT %s)
            UNION ALL
            (SELECT id FROM res_partner WHERE ref IS NULL AND email LIKE 'contact%%'
             ORDER BY md5(email) LIMIT %s)
            """,
            [FORMS - FORMS // 3, FORMS // 3],
        )
        return [partner for [partner] in cr.fetchall()]


def record(servers):
    """Open each page on both servers as each user.

    :return: the subjects to measure, and the requests that read a page's records with their
        sessions, by user and page
    """
    ids = partners(servers[0].database)
    random.Random(0).shuffle(ids)
    subjects, pages = [], {}
    with Browser() as browser:
        for login, user in USERS:
            sessions = tuple(server.login(login, PASSWORD) for server in servers)
            for page, (path, selector, method) in PAGES.items():
                print(f"Opening the {page} as {user}", flush=True)
                recorded = [
                    browser.record(
                        session, server.url + ACTION + path % {'partner': ids[0]}, selector)
                    for server, session in zip(servers, sessions, strict=True)
                ]
                views = [[one(requests, 'get_views')] for requests in recorded]
                reads = [one(requests, method) for requests in recorded]
                pages[user, page] = sessions, reads
                variants = tuple([*variants_of(page, read, ids)] for read in reads)
                subjects += [
                    Subject(f"{user}: {page}", variants, sessions, limit=SLOWER),
                    Subject(f"{user}: {page}, its views", tuple(views), sessions),
                ]
    return subjects, pages


def one(requests, method):
    """Return the one request on partners that calls ``method``."""
    [request] = (
        request for request in requests
        if request.method == method and request.path.endswith(f'/res.partner/{method}')
    )
    return request


def variants_of(page, request, ids):
    """Yield the request for other records: the pages of a list, the partners of a form."""
    if page == 'form':
        for partner in ids:
            yield request.changed(args=[[partner]])
    else:
        for number in range(LIST_PAGES):
            yield request.changed(limit=ROWS, offset=number * ROWS)


def rows_cost(servers, pages):
    """Return the SQL queries of half a page and of a page, on both servers, by page."""
    result = {}
    for (user, page), (sessions, reads) in pages.items():
        if page != 'form':
            result[f"{user}: {page}"] = [
                [warm_queries(server, session, read.changed(limit=limit))
                 for limit in (ROWS // 2, ROWS)]
                for server, session, read in zip(servers, sessions, reads, strict=True)
            ]
    return result


def warm_queries(server, session, request):
    """Return the SQL queries of a request that was asked before."""
    server.send(session, request)
    _result, cost = server.send(session, request)
    return cost.queries


def measure(servers, subjects, pairs):
    """Ask each subject's question ``pairs`` times, and more where chance may still decide."""
    for number in range(WARM_UP):
        for subject in subjects:
            first, second = subject.ask(servers, number, keep=False)
            if sizes(first) != sizes(second):
                raise RuntimeError(f"{subject.name}: the servers answer about other records")
    waiting = subjects
    for number in range(pairs * PATIENCE):
        if number >= pairs and number % 10 == 0:
            waiting = [subject for subject in subjects if subject.undecided()]
        if number % 20 == 0 and waiting:
            print(f"Asking in turns: {number} pairs", flush=True)
        for subject in waiting:
            subject.ask(servers, number)


def sizes(result):
    """Return which records an answer is about."""
    records = result.get('records', []) if isinstance(result, dict) else result
    return [record['id'] for record in records]


def report(subjects, rows):
    """Print the table; return 1 if a limit is broken."""
    print("\n| request | pairs | stock, ms | gem_crm, ms | ratio | ratio, CPU | SQL | SQL more |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    broken = []
    for subject in subjects:
        queries = [subject.median(side, 'queries') for side in (0, 1)]
        extra = subject.extra_queries()
        print(
            f"| {subject.name} | {len(subject.costs[0])} "
            f"| {spread(subject, 0)} | {spread(subject, 1)} "
            f"| {interval(subject, 'wall')} | {interval(subject, 'cpu')} "
            f"| {queries[0]:.0f} → {queries[1]:.0f} | {extra:+d} |"
        )
        if subject.limit and subject.ratio('wall')[0] > subject.limit:
            broken.append(f"{subject.name}: more than {subject.limit:.2f} times as slow")
        if subject.name.endswith(": form") and extra > FORM_QUERIES:
            broken.append(f"{subject.name}: more than {FORM_QUERIES} SQL queries more")
    print(f"\n| SQL of one page | stock, {ROWS // 2} rows | {ROWS} rows "
          f"| gem_crm, {ROWS // 2} rows | {ROWS} rows |")
    print("| --- | --- | --- | --- | --- |")
    for name, ((stock_half, stock), (gem_half, gem)) in rows.items():
        print(f"| {name} | {stock_half} | {stock} | {gem_half} | {gem} |")
        if gem - stock != gem_half - stock_half:
            broken.append(f"{name}: SQL queries per row")
    print("\n" + "\n".join(broken or ["Within the limits."]))
    return 1 if broken else 0


def spread(subject, side):
    first, third = subject.quartiles(side, 'wall')
    return f"{subject.median(side, 'wall'):.1f} ({first:.1f}–{third:.1f})"


def interval(subject, what):
    ratio, low, high = subject.ratio(what)
    return f"{ratio:.3f} ({low:.3f}–{high:.3f})"


if __name__ == '__main__':
    raise SystemExit(main())
