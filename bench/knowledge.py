"""Measure what computing the figures of customers costs, on a large database.

    ./dev bench knowledge [--customers 100000]

Two databases, one with a tenth of the customers: 5 posted invoices and 15 lines for each. The
night pass is run as the scheduled action runs it, in turns with hand-written statements that
read the invoices themselves and produce the same figures. Then an invoice is posted, and the
customers that it marked are computed. Prints a table, and exits with 1 when a limit is broken.
"""
import argparse
import os
import resource
import statistics
import threading
import time
from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.service.db import exp_db_exist
from odoo.tools import SQL, config

from .bulk import create_functions, environment, insert_like, numbered, vacuum
from .databases import LOGS, copy, odoo
from .invoices import post, prepare_company

INVOICES, LINES, PRODUCTS = 5, 3, 1000
ROUNDS, SORTS = 2, 7
# The limits.
NIGHT = 1.3
STATEMENTS, MILLISECONDS = 50, 100
MEMORY = 500  # MB
GROWTH = 12
SORTED = 1.2


def main():
    arguments = parse()
    config.parse_config(['--max-cron-threads=0'], setup_logging=False)
    LOGS.mkdir(parents=True, exist_ok=True)
    nights, broken = {}, []
    for customers in (arguments.customers // 10, arguments.customers):
        database = f'{arguments.prefix}knowledge_{customers}'
        if not (arguments.keep and exp_db_exist(database)):
            fill(database, customers, arguments.template)
        with environment(database) as env:
            nights[customers], faults = measure(env, customers)
            broken += faults
    small, large = nights.values()
    growth = large / small
    print(f"\n{max(nights)} customers for {min(nights)}: the night pass takes {growth:.1f} times")
    if growth > GROWTH:
        broken.append(f"the night pass grows {growth:.1f} times")
    print("\n" + "\n".join(broken or ["Within the limits."]))
    return 1 if broken else 0


def parse():
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0], epilog="See bench/README.md.")
    parser.add_argument('--customers', type=int, default=100_000)
    parser.add_argument('--keep', action='store_true', help="measure the databases as they are")
    parser.add_argument('--template', default=os.environ.get('GEM_DEV_DEPENDENCIES'),
                        help="a database with the modules that gem_crm needs, to copy")
    parser.add_argument('--prefix', default='bench_', help="what the databases' names begin with")
    return parser.parse_args()


# ------------------------------------------------------------
# The database
# ------------------------------------------------------------

def fill(database, customers, template):
    """Make the customers and their posted invoices of two years."""
    print(f"Filling {database}: {customers} customers, {customers * INVOICES} invoices, "
          f"{customers * INVOICES * LINES} lines", flush=True)
    start = time.monotonic()
    if template:
        copy(template, database)
    odoo(database, 'knowledge-install', '--init', 'gem_crm')
    with environment(database) as env:
        prepare_company(env)
        create_functions(env)
        partner = env['res.partner'].create({'name': "Customer", 'is_company': True})
        insert_like(partner, numbered('res_partner', customers), {
            'id': SQL("numbered.id"),
            'name': SQL("'Customer ' || n"), 'complete_name': SQL("'Customer ' || n"),
            'commercial_partner_id': SQL("numbered.id"),
        })
        categories = env['product.category'].create(
            [{'name': f"Category {number}"} for number in range(20)])
        products = env['product.product'].create([
            {'name': f"Product {number}", 'list_price': 5 + number % 50,
             'standard_price': 2 + number % 40, 'categ_id': categories[number % 20].id,
             'type': 'consu'}
            for number in range(PRODUCTS)])
        # Few buy much, and each what he bought before.
        env.cr.execute(SQL(
            """
                CREATE TEMPORARY TABLE bench_line AS
                SELECT 'K' || n AS invoice, FALSE AS is_refund,
                       %(first)s + customer AS partner,
                       %(today)s::date - pg_temp.pick(730, n, 'day') AS day,
                       (%(products)s::int[])[1 + (pg_temp.pick(12, n * 3 + line, 'product')
                           * 83 + customer * 7) %% %(count)s] AS product,
                       1 + pg_temp.pick(9, n * 3 + line, 'quantity') AS quantity,
                       (5 + pg_temp.pick(5000, n * 3 + line, 'price') / 100.0)::numeric AS price
                  FROM (SELECT n, (%(customers)s * power(
                                   pg_temp.pick(1000000, n, 'who') / 1000000.0, 2))::int AS customer
                          FROM generate_series(1, %(invoices)s) AS n) AS invoice,
                       generate_series(1, %(lines)s) AS line
            """,
            first=partner.id, today=fields.Date.today(), products=products.ids, count=PRODUCTS,
            customers=customers - 1, invoices=customers * INVOICES, lines=LINES,
        ))
        post(env)
    vacuum(database)
    print(f"in {time.monotonic() - start:.0f} s", flush=True)


# ------------------------------------------------------------
# Measures
# ------------------------------------------------------------

def measure(env, customers):
    """Return the seconds of a night pass, and the limits that are broken."""
    Profile = env['gem.crm.profile']
    company = env.company
    [first] = timed(lambda: night(env, 0))
    print(f"\n## {customers} customers\n\nThe first pass: {first:.1f} s", flush=True)
    ours, theirs = [], []
    for number in range(ROUNDS):
        ours += timed(lambda number=number: night(env, number + 1))
        references = reference(env, company)
        theirs.append(sum(references.values()))
    seconds, plain = statistics.median(ours), statistics.median(theirs)
    print("\n| plain statement | s |\n| --- | --- |")
    for name, took in references.items():
        print(f"| {name} | {took:.2f} |")
    print(f"| all of them | {plain:.1f} |\n| **night pass** | **{seconds:.1f}** |")
    broken = []
    ratio = seconds / plain
    print(f"\nNight pass for plain SQL: {ratio:.2f}")
    if ratio > NIGHT:
        broken.append(f"{customers}: the night pass takes {ratio:.2f} times the plain SQL")
    statements, milliseconds = one_invoice(env)
    print(f"One new invoice: {statements} statements, {milliseconds:.0f} ms in the database")
    if statements > STATEMENTS or milliseconds > MILLISECONDS:
        broken.append(f"{customers}: one invoice costs {statements} statements, "
                      f"{milliseconds:.0f} ms")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"Memory of the process at most: {memory:.0f} MB")
    if memory > MEMORY:
        broken.append(f"{customers}: {memory:.0f} MB of memory")
    by_name = sort_time(Profile, 'partner_id')
    for figure in ('revenue_12m', 'activity', 'date_next', 'rfm', 'credit_class'):
        ratio = sort_time(Profile, f'{figure} desc') / by_name
        print(f"Sorted by {figure}: {ratio:.2f} times the list by name")
        if ratio > SORTED:
            broken.append(f"{customers}: sorted by {figure}, {ratio:.2f} times as slow")
    return seconds, broken


def timed(act):
    start = time.perf_counter()
    act()
    return [time.perf_counter() - start]


def night(env, days):
    """Run the night pass as the scheduled actions do, so many days from now."""
    today = fields.Date.today() + timedelta(days=days)
    with patch.object(type(env['gem.crm.profile']), '_today', lambda profile: today):
        env['gem.crm.profile']._cron_refresh_everybody()
        env.cr.commit()
        env['gem.crm.profile']._cron_refresh_marked()
        env.cr.commit()


def reference(env, company):
    """Return the seconds of each plain statement, which reads what it needs itself."""
    Profile = env['gem.crm.profile']
    Scale = env['gem.crm.profile.scale']
    Sales = env['gem.crm.product.sales']
    sources = {
        'gem_batch': SQL(
            "SELECT partner_id AS id FROM gem_crm_profile WHERE company_id = %s", company.id),
        'gem_move': Profile._moves_sql(company),
        'gem_day': Profile._days_sql(),
        'gem_line': Profile._lines_sql(company),
        'gem_pair': Profile._pairs_sql('product_id'),
    }
    needs = {
        'gem_day': ('gem_batch', 'gem_move', 'gem_day'),
        'gem_line': ('gem_batch', 'gem_move', 'gem_line'),
        'gem_pair': ('gem_batch', 'gem_move', 'gem_line', 'gem_pair'),
    }
    statements = {}
    for columns, query in Profile._facts(company):
        used = next((name for name in ('gem_pair', 'gem_line', 'gem_day')
                     if name in query.code), None)
        names = needs.get(used, ('gem_batch',))
        statements[", ".join(columns)] = with_sources(sources, names, query)
    statements["habits by product"] = with_sources(
        sources, needs['gem_line'], Profile._pairs_sql('product_id'))
    statements["habits by category"] = with_sources(
        sources, needs['gem_line'], Profile._pairs_sql('categ_id'))
    for figure, value in Profile._rfm_values().items():
        statements[f"quintiles of {figure}"] = Scale._quintile_sql(company, value)
    statements["limits of ABC"] = Scale._abc_sql(company)
    statements["chance"] = Scale._chance_sql(company)
    statements["sales of products"] = SQL(
        "SELECT product_id, COUNT(*) FROM (%s) AS sold GROUP BY product_id",
        Sales._sold_sql(company))
    seconds = {}
    env.cr.execute("SET LOCAL jit = off")
    for name, statement in statements.items():
        env.cr.execute("DROP TABLE IF EXISTS pg_temp.bench_result")
        start = time.perf_counter()
        env.cr.execute(SQL("CREATE TEMPORARY TABLE bench_result AS %s", statement))
        seconds[name] = time.perf_counter() - start
    env.cr.execute("DROP TABLE pg_temp.bench_result")
    env.cr.commit()
    return seconds


def with_sources(sources, names, query):
    return SQL("WITH %s %s", SQL(", ").join(
        SQL("%s AS (%s)", SQL.identifier(name), sources[name]) for name in names), query)


def one_invoice(env):
    """Post an invoice and compute whom it marked: (statements, milliseconds in the database)."""
    env.cr.execute("SELECT partner_id FROM gem_crm_profile ORDER BY purchase_count DESC, id"
                   " LIMIT 1 OFFSET 20")
    [partner] = env.cr.fetchone()
    product = env['product.product'].search([('name', '=', "Product 7")])
    results = []
    for _time in range(5):
        env['account.move'].create({
            'move_type': 'out_invoice', 'partner_id': partner,
            'invoice_date': fields.Date.today(),
            'invoice_line_ids': [Command.create({
                'product_id': product.id, 'quantity': 1, 'tax_ids': [Command.clear()]})],
        }).action_post()
        env.cr.commit()
        thread = threading.current_thread()
        thread.query_count, thread.query_time = 0, 0
        env['gem.crm.profile']._cron_refresh_marked()
        results.append((thread.query_count, thread.query_time * 1000))
        env.cr.commit()
    return tuple(statistics.median(values) for values in zip(*results, strict=True))


def sort_time(model, order):
    """Return the median seconds of the list's first page in an order."""
    times = []
    for _time in range(SORTS):
        model.env.invalidate_all()
        times += timed(lambda: model.search_fetch(
            [('company_id', '=', model.env.company.id)], ['partner_id', 'revenue'],
            order=order, limit=80))
    return statistics.median(times)


if __name__ == '__main__':
    raise SystemExit(main())
