"""Fill a database with customers who buy and pay: posted invoices of two years."""
import time

from odoo import fields
from odoo.tools import SQL

from .bulk import create_functions, environment, vacuum
from .databases import copy, odoo, run
from .invoices import pay, post, prepare_company

INVOICES, LINES, PRODUCTS, CATEGORIES = 5, 3, 1000, 20
DAYS = 730
# Of a hundred invoices, how many are paid, those of the last weeks aside.
PAID, OPEN_DAYS = 95, 30


def fill(database, customers, template):
    """Make the customers, their follow-up, and ``INVOICES`` posted invoices for each.

    :param template: a database with the modules that gem_crm needs, or None
    """
    print(f"Filling {database}: {customers} customers, {customers * INVOICES} invoices, "
          f"{customers * INVOICES * LINES} lines", flush=True)
    start = time.monotonic()
    if template:
        copy(template, database)
    run('populate', '-m', 'bench.populate', '-d', database, '--customers', customers)
    odoo(database, 'knowledge-install', '--init', 'gem_crm')
    run('follow-up', '-m', 'bench.follow_up', '-d', database)
    with environment(database) as env:
        prepare_company(env)
        create_functions(env)
        _create_lines(env, _create_products(env))
        post(env)
        pay(env, PAID, OPEN_DAYS)
        # An own salesperson, besides the users that follow_up.py lets in.
        seller = env['res.users'].search([('login', '=', 'bench_sales_1')])
        seller.password = 'bench'
        seller.group_ids = [(4, env.ref('gem_crm.gem_crm_group_user').id)]
    vacuum(database)
    print(f"in {time.monotonic() - start:.0f} s", flush=True)


def _create_products(env):
    categories = env['product.category'].create(
        [{'name': f"Category {number}"} for number in range(CATEGORIES)])
    return env['product.product'].create([
        {'name': f"Product {number}", 'list_price': 5 + number % 50,
         'standard_price': 2 + number % 40, 'categ_id': categories[number % CATEGORIES].id,
         'type': 'consu'}
        for number in range(PRODUCTS)])


def _create_lines(env, products):
    """Make the table that ``post()`` reads: few buy much, and each what he bought before."""
    env.cr.execute("""
        CREATE TEMPORARY TABLE bench_customer AS
        SELECT id, row_number() OVER (ORDER BY md5(ref)) AS number
          FROM res_partner WHERE ref LIKE 'C%' AND parent_id IS NULL
    """)
    env.cr.execute("CREATE UNIQUE INDEX ON bench_customer (number)")
    env.cr.execute("SELECT COUNT(*) FROM bench_customer")
    [customers] = env.cr.fetchone()
    env.cr.execute(SQL(
        """
            CREATE TEMPORARY TABLE bench_line AS
            SELECT 'K' || n AS invoice, FALSE AS is_refund, bench_customer.id AS partner,
                   %(today)s::date - pg_temp.pick(%(days)s, n, 'day') AS day,
                   (%(products)s::int[])[1 + (pg_temp.pick(12, n * 3 + line, 'product')
                       * 83 + bench_customer.number::int * 7) %% %(count)s] AS product,
                   1 + pg_temp.pick(9, n * 3 + line, 'quantity') AS quantity,
                   (5 + pg_temp.pick(5000, n * 3 + line, 'price') / 100.0)::numeric AS price
              FROM (SELECT n, 1 + (%(customers)s * power(
                               pg_temp.pick(1000000, n, 'who') / 1000000.0, 2))::int AS customer
                      FROM generate_series(1, %(invoices)s) AS n) AS invoice
              JOIN bench_customer ON bench_customer.number = invoice.customer,
                   generate_series(1, %(lines)s) AS line
        """,
        today=fields.Date.today(), days=DAYS, products=products.ids, count=len(products),
        customers=customers - 1, invoices=customers * INVOICES, lines=LINES,
    ))
