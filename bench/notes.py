"""Measure notes with variables, on a large database.

    ./dev bench notes [--notes 1000000] [--pairs 30]

The same page of notes is asked for in the order of a variable and in that of an indexed plain
column, in turns over HTTP; filtered and grouped by a dropdown and by the status. Then notes are
created, with few and with many variables. Last, a variable is added on one of two servers while
two people read and write notes on the other. Prints a table, and exits with 1 when a limit is
broken.
"""
import argparse
import itertools
import os
import statistics
import threading
import time
from collections import namedtuple
from contextlib import closing

import psycopg2

from odoo.sql_db import connection_info_for
from odoo.tools import SQL, config

from .bulk import create_functions, environment, insert_like, numbered
from .databases import LOGS, copy, odoo
from .paired import Subject
from .server import Server

NOTE = 'gem.crm.note'
USER = PASSWORD = 'bench_notes'
CUSTOMERS = 20_000
OPTIONS = ("Cold", "Cool", "Warm", "Hot", "Boiling", "Gone")
TYPES = ('text', 'currency', 'date', 'number', 'dropdown')
MORE = 18
ROWS = 80
DROPDOWN = 'x_gem_bench_dropdown'
CREATED = 1000
# The limits.
SLOWER = 1.5
RATE = 300  # notes a second
EXTRA_QUERIES = 5
LOCK = 1000  # milliseconds

Request = namedtuple('Request', ('path', 'body'))


def main():
    arguments = parse()
    config.parse_config(['--max-cron-threads=0'], setup_logging=False)
    LOGS.mkdir(parents=True, exist_ok=True)
    database = f'{arguments.prefix}notes'
    if not arguments.keep:
        print(f"Filling {database} with {arguments.notes} notes", flush=True)
        if arguments.template:
            copy(arguments.template, database)
        odoo(database, 'notes-install', '--init', 'gem_crm')
        fill(database, arguments.notes)
    with (
        Server(database, arguments.port, LOGS / 'bench-notes-1.log') as first,
        Server(database, arguments.port + 1, LOGS / 'bench-notes-2.log') as second,
    ):
        session = first.login(USER, PASSWORD)
        subjects = pages(first, session)
        for subject in subjects:
            for number in range(arguments.pairs + 2):
                subject.ask((first, first), number, keep=number >= 2)
        creation = create(first, session)
        adding = [add_variable(first, second) for _time in range(arguments.added)]
    return report(subjects, creation, adding)


def parse():
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0], epilog="See bench/README.md.",
    )
    parser.add_argument('--notes', type=int, default=1_000_000)
    parser.add_argument('--pairs', type=int, default=30)
    parser.add_argument('--added', type=int, default=5, help="so many variables are added")
    parser.add_argument('--keep', action='store_true', help="measure the database as it is")
    parser.add_argument('--template', default=os.environ.get('GEM_DEV_DEPENDENCIES'),
                        help="a database with the modules that gem_crm needs, to copy")
    parser.add_argument('--prefix', default='bench_', help="what the database's name begins with")
    parser.add_argument('--port', type=int, default=8150, help="the first of two ports")
    return parser.parse_args()


# ------------------------------------------------------------
# The database
# ------------------------------------------------------------

def fill(database, count):
    """Make the customers, the variables and the notes."""
    with environment(database) as env:
        env['res.users'].create({
            'name': "Bench", 'login': USER, 'password': PASSWORD,
            'group_ids': [(4, env.ref('gem_crm.gem_crm_group_manager').id)],
        })
        env['gem.crm.variable'].search([]).active = False
        variables = env['gem.crm.variable'].create(
            [{'name': f"Bench {kind}", 'type': kind} for kind in TYPES])
        options = env['gem.crm.variable.option'].create([
            {'variable_id': variables[-1].id, 'name': name, 'sequence': -number}
            for number, name in enumerate(OPTIONS)
        ])
        statuses = env['gem.crm.status'].search([('kind', '=', 'sales')])
        actions = env['gem.crm.action'].search([('kind', '=', 'sales')])
        create_functions(env)
        customer = env['res.partner'].create({'name': "Bench", 'is_company': True})
        insert_like(customer, numbered('res_partner', CUSTOMERS), {
            'id': SQL("numbered.id"),
            'name': SQL("'Customer ' || n"), 'complete_name': SQL("'Customer ' || n"),
            'commercial_partner_id': SQL("numbered.id"),
        })
        first = customer.id + 1
        note = env[NOTE].with_context(tracking_disable=True).create(
            {'partner_id': customer.id, 'name': "Call back", 'kind': 'sales'})
        insert_like(note, SQL("generate_series(1, %s) AS n", count), {
            'name': SQL("'Call back about order ' || n"),
            'reference': SQL("'B' || n"),
            'partner_id': SQL("%s + pg_temp.pick(%s, n, 'customer')", first, CUSTOMERS),
            'status_id': SQL("pg_temp.choose(%s, n, 'status')", statuses.ids),
            'action_id': SQL("pg_temp.choose(%s, n, 'action')", actions.ids),
            'date_due': SQL("DATE '2025-01-01' + pg_temp.pick(900, n, 'due')"),
            'x_gem_bench_text': filled(60, SQL("'Text ' || pg_temp.pick(500000, n, 'text')")),
            'x_gem_bench_currency': filled(40, SQL("pg_temp.pick(5000000, n, 'money') / 100.0")),
            'x_gem_bench_date': filled(50, SQL("DATE '2025-06-01' + pg_temp.pick(700, n, 'date')")),
            'x_gem_bench_number': filled(70, SQL("pg_temp.pick(10000, n, 'number') - 5000")),
            'x_gem_bench_dropdown': filled(80, SQL("pg_temp.choose(%s, n, 'option')", options.ids)),
        })
    _name, info = connection_info_for(database)
    with closing(psycopg2.connect(**info)) as connection:
        connection.autocommit = True
        with connection.cursor() as cr:
            cr.execute("VACUUM ANALYZE gem_crm_note")
            cr.execute("ANALYZE res_partner")


def filled(percent, value):
    """Return the SQL of a column that so many in a hundred rows have, whichever they are."""
    return SQL("CASE WHEN pg_temp.chance(%s, n, %s) THEN %s END", percent, str(percent), value)


# ------------------------------------------------------------
# Pages
# ------------------------------------------------------------

def call(method, *args, **kwargs):
    """Return the request of the web client for a method of notes."""
    return Request(f'/web/dataset/call_kw/{NOTE}/{method}', {
        'jsonrpc': '2.0', 'method': 'call',
        'params': {'model': NOTE, 'method': method, 'args': args, 'kwargs': kwargs},
    })


def page(order='', domain=(), offset=0):
    """Return the request for one page of the list."""
    badge = {'fields': {name: {} for name in (
        'display_name', 'abbreviation', 'text_color', 'background_color')}}
    name = {'fields': {'display_name': {}}}
    return call('web_search_read', list(domain), {
        'name': {}, 'date_due': {}, 'date_done': {}, 'partner_id': name, 'user_id': name,
        'action_id': badge, 'status_id': badge, 'currency_id': {},
        **{f'x_gem_bench_{kind}': badge if kind == 'dropdown' else {} for kind in TYPES},
    }, limit=ROWS, offset=offset, order=order, count_limit=10_001)


def pages(server, session):
    """Return what is compared: the plain column's page, and the variable's."""
    sessions = (session, session)
    subjects = []
    for kind in TYPES:
        for way in ('ASC', 'DESC'):
            subjects.append(Subject(f"sort by {kind} {way}", (
                [page(f'date_due {way}')], [page(f'x_gem_bench_{kind} {way}')],
            ), sessions, SLOWER))
    subjects.append(Subject("page 10 by currency DESC", (
        [page('date_due DESC', offset=9 * ROWS)],
        [page('x_gem_bench_currency DESC', offset=9 * ROWS)],
    ), sessions, SLOWER))

    def ids(model, domain):
        return result(server, session, Request(f'/web/dataset/call_kw/{model}/search', {'params': {
            'model': model, 'method': 'search', 'args': [domain], 'kwargs': {},
        }}))

    statuses = ids('gem.crm.status', [('kind', '=', 'sales')])
    options = ids('gem.crm.variable.option', [('variable_id.field_name', '=', DROPDOWN)])
    pairs = list(zip(itertools.cycle(statuses), options, strict=False))
    subjects.append(Subject("filter by dropdown", (
        [page(domain=[('status_id', '=', status)]) for status, _option in pairs],
        [page(domain=[(DROPDOWN, '=', option)]) for _status, option in pairs],
    ), sessions, SLOWER))

    def grouped(name, *aggregates):
        return call('web_read_group', [], [name], ['__count', *aggregates])

    subjects.append(Subject("group by dropdown", (
        [grouped('status_id')], [grouped(DROPDOWN)],
    ), sessions, SLOWER))
    subjects.append(Subject("group by dropdown, sum", (
        [grouped('status_id', 'x_gem_bench_currency:sum')],
        [grouped(DROPDOWN, 'x_gem_bench_currency:sum')],
    ), sessions, SLOWER))
    return subjects


# ------------------------------------------------------------
# Creation
# ------------------------------------------------------------

def create(server, session):
    """Return the rates and the queries of creating notes with few and with many variables."""
    results = []
    forget_variables(server, session)
    for number, more in enumerate((0, MORE)):
        names = ['x_gem_bench_text', 'x_gem_bench_currency']
        for index in range(more):
            names.append(new_variable(server, session, f"More {index}", 'text'))
        request = call('create', [
            {'partner_id': 1, 'name': f"Created {row}", 'kind': 'sales'}
            | dict.fromkeys(names, '7' if number else 7)
            for row in range(CREATED)
        ])
        costs = [server.send(session, request)[1] for _time in range(4)][1:]
        rates = [
            CREATED / statistics.median(getattr(cost, clock) for cost in costs) * 1000
            for clock in ('wall', 'cpu')
        ]
        results.append((len(names), *rates, min(cost.queries for cost in costs)))
    return results


def forget_variables(server, session):
    """Delete the variables that an earlier run added."""
    model = 'gem.crm.variable'
    path = f'/web/dataset/call_kw/{model}'
    added = result(server, session, Request(f'{path}/search', {'params': {
        'model': model, 'method': 'search', 'kwargs': {},
        'args': [['|', ('name', '=like', "More %"), ('name', '=like', "Added %")]],
    }}))
    result(server, session, Request(f'{path}/action_delete_with_values', {'params': {
        'model': model, 'method': 'action_delete_with_values', 'args': [added], 'kwargs': {},
    }}))


def new_variable(server, session, name, kind):
    """Add a variable through a server; return its technical name."""
    model = 'gem.crm.variable'
    [variable], _cost = server.send(session, Request(f'/web/dataset/call_kw/{model}/web_save', {
        'jsonrpc': '2.0', 'method': 'call', 'params': {
            'model': model, 'method': 'web_save', 'args': [[], {'name': name, 'type': kind}],
            'kwargs': {'specification': {'field_name': {}}},
        },
    }))
    return variable['field_name']


# ------------------------------------------------------------
# Adding a variable
# ------------------------------------------------------------

def add_variable(first, second):
    """Add a dropdown through one server while notes are read and written.

    :return: the milliseconds that adding took, that reading and writing a note in the database
        took at the longest, and a page of the other server, which then reads its fields anew;
        and whether the other server knew the variable at once
    """
    stop = threading.Event()
    longest = dict.fromkeys(('read', 'write', 'page'), 0)
    session = second.login(USER, PASSWORD)
    [note] = result(first, first.login(USER, PASSWORD), call('search', [], limit=1))

    def keep_on(what, act):
        while not stop.is_set():
            start = time.perf_counter()
            act()
            longest[what] = max(longest[what], (time.perf_counter() - start) * 1000)

    threads = [
        threading.Thread(target=keep_on, args=(
            'read', sql_act(first.database, "SELECT name FROM gem_crm_note WHERE id = %s", note))),
        threading.Thread(target=keep_on, args=(
            'write', sql_act(
                first.database, "UPDATE gem_crm_note SET priority = '1' WHERE id = %s", note))),
        threading.Thread(target=keep_on, args=(
            'page', lambda: result(second, session, page('date_due ASC')))),
    ]
    for thread in threads:
        thread.start()
    time.sleep(2)
    admin = first.login(USER, PASSWORD)
    start = time.perf_counter()
    name = new_variable(first, admin, f"Added {time.time_ns()}", 'dropdown')
    took = (time.perf_counter() - start) * 1000
    known = name in result(second, second.login(USER, PASSWORD), call('fields_get', [name]))
    time.sleep(2)
    stop.set()
    for thread in threads:
        thread.join()
    return {'took': took, 'known': known, **longest}


def sql_act(database, query, note):
    """Return a function that executes a statement on a note, each time in a transaction."""
    _name, info = connection_info_for(database)
    connection = psycopg2.connect(**info)
    connection.autocommit = True
    cursor = connection.cursor()
    return lambda: cursor.execute(query, [note])


def result(server, session, request):
    """Return the result of a request that is not measured."""
    return session.post(server.url + request.path, json=request.body).json()['result']


# ------------------------------------------------------------
# Report
# ------------------------------------------------------------

def report(subjects, creation, adding):
    """Print what was measured; return 1 if a limit is broken."""
    broken = []
    print(f"\n{'page':28}{'plain ms':>10}{'variable ms':>13}{'ratio':>8}   95 %")
    for subject in subjects:
        ratio, low, high = subject.ratio('wall')
        print(f"{subject.name:28}{subject.median(0, 'wall'):10.1f}"
              f"{subject.median(1, 'wall'):13.1f}{ratio:8.2f}   {low:.2f}–{high:.2f}")
        if ratio > SLOWER:
            broken.append(subject.name)
    print()
    for variables, rate, cpu_rate, queries in creation:
        print(f"{CREATED} notes with {variables} variables: {rate:.0f} a second, {cpu_rate:.0f} a "
              f"second of processor time, {queries} queries")
    if min(rate for _variables, rate, _cpu_rate, _queries in creation) < RATE:
        broken.append("creation")
    if creation[1][3] > creation[0][3] + EXTRA_QUERIES:
        broken.append("queries")
    print()
    for added in adding:
        print("a variable added in {took:.0f} ms; longest: a note read {read:.0f} ms, written "
              "{write:.0f} ms, a page of the other server {page:.0f} ms; which knew the variable: "
              "{known}".format(**added))
        if not added['known']:
            broken.append("signalling")
        broken.extend(f"lock: {what}" for what in ('read', 'write') if added[what] > LOCK)
    print(f"\nBroken: {', '.join(broken)}" if broken else "\nAll within the limits")
    return int(bool(broken))


if __name__ == '__main__':
    raise SystemExit(main())
