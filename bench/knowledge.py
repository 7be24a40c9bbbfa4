"""Measure what computing the figures of customers costs, on a large database.

    ./dev bench knowledge [--customers 100000]

Two databases, one with a tenth of the customers: 5 posted invoices and 15 lines for each, most
of them paid. The night pass is run as the scheduled actions run it, in turns with plain SQL that
produces the same figures (plain_sql.py), whose results are compared with it. Then an invoice is
posted, and the customer that it marked is computed. Last, the list of customers is asked of a
server, sorted by a figure and by name in turns. Prints tables, and exits with 1 when a limit is
broken.
"""
import argparse
import os
import statistics
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import SUPERUSER_ID, Command, api, fields
from odoo.modules.registry import Registry
from odoo.service.db import exp_db_exist
from odoo.tools import SQL, config

from . import plain_sql
from .databases import LOGS
from .knowledge_data import fill
from .knowledge_lists import sorted_lists

ROUNDS = 3
# The limits.
NIGHT = 1.3
STATEMENTS, MILLISECONDS = 50, 100
MEMORY = 500  # MB
GROWTH = 12


def main():
    arguments = parse()
    config.parse_config(['--max-cron-threads=0'], setup_logging=False)
    LOGS.mkdir(parents=True, exist_ok=True)
    nights, broken = {}, []
    for customers in (arguments.customers // 10, arguments.customers):
        database = f'{arguments.prefix}knowledge_{customers}'
        if not (arguments.keep and exp_db_exist(database)):
            fill(database, customers, arguments.template)
        print(f"\n## {customers} customers")
        with uncommitted(database) as env:
            figures = sorted(env['res.partner']._gem_profile_figures())
            if arguments.lists_only:
                continue
            nights[customers] = night_and_plain(env, arguments.rounds)
            broken += judge_night(customers, nights[customers])
            broken += judge_invoice(customers, env)
    broken += sorted_lists(database, figures, arguments.port, arguments.pairs)
    if nights:
        small, large = (statistics.median(night) for night, _plain in nights.values())
        print(f"\n{max(nights)} customers for {min(nights)}: the night pass takes "
              f"{large / small:.1f} times as long")
        if large / small > GROWTH:
            broken.append(f"the night pass grows {large / small:.1f} times")
    print("\n" + "\n".join(broken or ["Within the limits."]))
    return 1 if broken else 0


def parse():
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0], epilog="See bench/README.md.")
    parser.add_argument('--customers', type=int, default=100_000)
    parser.add_argument('--rounds', type=int, default=ROUNDS, help="nights to measure")
    parser.add_argument('--pairs', type=int, default=8, help="of each request for a list")
    parser.add_argument('--keep', action='store_true', help="measure the databases as they are")
    parser.add_argument('--lists-only', action='store_true', help="measure the lists only")
    parser.add_argument('--template', default=os.environ.get('GEM_DEV_DEPENDENCIES'),
                        help="a database with the modules that gem_crm needs, to copy")
    parser.add_argument('--prefix', default='bench_', help="what the databases' names begin with")
    parser.add_argument('--port', type=int, default=8150, help="of the server")
    return parser.parse_args()


@contextmanager
def uncommitted(database):
    """Yield the superuser's environment; what is not committed is rolled back."""
    config.parse_config(['-d', database, '--max-cron-threads=0'], setup_logging=True)
    with Registry(database).cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {})
        cr.rollback()


# ------------------------------------------------------------
# The night
# ------------------------------------------------------------

def night_and_plain(env, rounds):
    """Run nights and the plain statements in turns.

    :return: pair of the seconds of each night, and {statement: its seconds in each round}
    """
    [first] = timed(lambda: night(env, 0))
    print(f"\nThe first pass: {first:.1f} s", flush=True)
    nights, plain = [], {}
    for number in range(1, rounds + 1):
        today = fields.Date.today() + timedelta(days=number)
        if number % 2:
            nights += timed(lambda number=number: night(env, number))
        for name, seconds in run_plain(env, today, compare=bool(number % 2)).items():
            plain.setdefault(name, []).append(seconds)
        if not number % 2:
            nights += timed(lambda number=number: night(env, number))
        print(f"Round {number}: night {nights[-1]:.1f} s, plain SQL "
              f"{sum(seconds[-1] for seconds in plain.values()):.1f} s", flush=True)
    return nights, plain


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


def run_plain(env, today, compare):
    """Run the plain statements, each into a table of its own.

    :param compare: whether their results must be what the profiles say
    :return: {statement: seconds}
    """
    company, seconds = env.company, {}
    # What a person would set, and the product does: compiling takes longer than running.
    env.cr.execute("SET LOCAL jit = off")
    env.cr.execute("SET LOCAL work_mem = '128MB'")
    texts = plain_sql.statements(company, today)
    texts["completeness"] = SQL(
        "WITH gem_batch AS (SELECT partner_id AS id FROM gem_crm_profile WHERE company_id = %s) %s",
        company.id, env['gem.crm.completeness.criterion']._score_sql(company))
    for name, text in texts.items():
        start = time.perf_counter()
        env.cr.execute(SQL(
            "CREATE TEMPORARY TABLE %s ON COMMIT DROP AS %s", plain_sql.table(name), text))
        seconds[name] = time.perf_counter() - start
    if compare:
        for name in plain_sql.SAME:
            if differing := plain_sql.differing(env.cr, company, name):
                raise RuntimeError(f"{name}: other figures in profiles, {differing}")
    env.cr.rollback()
    return seconds


def judge_night(customers, measured):
    """Print the night pass beside the plain statements; return the limits broken."""
    nights, plain = measured
    print("\n| plain statement | s |\n| --- | --- |")
    for name, seconds in plain.items():
        print(f"| {name} | {statistics.median(seconds):.2f} |")
    sums = [sum(seconds) for seconds in zip(*plain.values(), strict=True)]
    print(f"| all of them | {statistics.median(sums):.1f} |")
    print(f"| **night pass** | **{statistics.median(nights):.1f}** |")
    ratio = statistics.median(ours / theirs for ours, theirs in zip(nights, sums, strict=True))
    print(f"\nNight pass for plain SQL: {ratio:.2f}")
    broken = []
    if ratio > NIGHT:
        broken.append(f"{customers}: the night pass takes {ratio:.2f} times the plain SQL")
    return broken


# ------------------------------------------------------------
# One invoice
# ------------------------------------------------------------

def judge_invoice(customers, env):
    """Print what one invoice and the process's memory cost; return the limits broken."""
    broken = []
    memory = peak_memory()
    print(f"Memory of the process at most: {memory:.0f} MB")
    if memory > MEMORY:
        broken.append(f"{customers}: {memory:.0f} MB of memory")
    statements, milliseconds = one_invoice(env)
    print(f"One new invoice: {statements:.0f} statements, {milliseconds:.0f} ms in the database")
    if statements > STATEMENTS or milliseconds > MILLISECONDS:
        broken.append(f"{customers}: one invoice costs {statements:.0f} statements, "
                      f"{milliseconds:.0f} ms")
    return broken


def peak_memory():
    """Return the most memory that this process has held, in MB (Linux)."""
    with open('/proc/self/status', encoding='ascii') as status:
        [line] = [line for line in status if line.startswith('VmHWM:')]
    return int(line.split()[1]) / 1024


def one_invoice(env):
    """Post invoices, and compute whom each marked.

    :return: median statements and milliseconds in the database of one tick of the cron
    """
    # as many purchases, whatever the number of customers
    env.cr.execute("SELECT partner_id FROM gem_crm_profile WHERE purchase_count >= 15"
                   " ORDER BY purchase_count, id LIMIT 7")
    customers = [customer for [customer] in env.cr.fetchall()]
    product = env['product.product'].search([('name', '=', "Product 7")])
    results = []
    for customer in customers:
        before = env['gem.crm.profile'].search([('partner_id', '=', customer)]).revenue
        env['account.move'].create({
            'move_type': 'out_invoice', 'partner_id': customer,
            'invoice_date': fields.Date.today(),
            'invoice_line_ids': [Command.create({
                'product_id': product.id, 'quantity': 1, 'price_unit': 100,
                'tax_ids': [Command.clear()]})],
        }).action_post()
        env.cr.commit()
        thread = threading.current_thread()
        thread.query_count, thread.query_time = 0, 0
        env['gem.crm.profile']._cron_refresh_marked()
        env.cr.commit()
        results.append((thread.query_count, thread.query_time * 1000))
        after = env['gem.crm.profile'].search([('partner_id', '=', customer)]).revenue
        if round(after - before, 2) != 100:
            raise RuntimeError(f"The invoice is not in the profile: {before}, then {after}")
    return tuple(statistics.median(values) for values in zip(*results, strict=True))


if __name__ == '__main__':
    raise SystemExit(main())
