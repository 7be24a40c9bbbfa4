"""Fill a database with customers that Odoo reads as its own.

    python -m bench.populate -d DATABASE [--customers 100000]

The customers are companies, one in five of which has one to three contacts. Each is a copy,
by SQL, of a record that the ORM made for its country; the rest is written as the ORM would
have computed it, which `check.py` verifies. The same arguments give the same customers.
"""
import argparse
import time

from odoo.fields import Command
from odoo.tools import SQL

from .bulk import create_functions, environment, insert_like, vacuum

PASSWORD = 'bench'
SALESPERSONS = 20
TAGS = 12
# Out of a hundred customers, how many live there, and what their phone numbers begin with.
PLACES = [
    (20, 'fr', "Paris", '75011', '+33 1 99 55 '),
    (12, 'fr', "Lyon", '69003', '+33 4 99 55 '),
    (10, 'fr', "Lille", '59800', '+33 3 99 55 '),
    (8, 'fr', "Nantes", '44000', '+33 2 99 55 '),
    (15, 'ca', "Montréal", 'H2X 1Y4', '+1 514-555-'),
    (10, 'ca', "Québec", 'G1R 4S9', '+1 418-555-'),
    (10, 'be', "Bruxelles", '1000', '+32 2 555 '),
    (10, 'ch', "Genève", '1201', '+41 22 555 '),
    (5, 'us', "New York", '10001', '+1 212-555-'),
]
TRADES = ["Librairie", "Imprimerie", "Papeterie", "Atelier", "Maison", "Comptoir", "Galerie",
          "Éditions", "Menuiserie", "Boulangerie", "Garage", "Clinique", "École", "Studio"]
OWNERS = ["Martin", "Tremblay", "Dubois", "Gagnon", "Lefèvre", "Roy", "Moreau", "Côté", "Smith",
          "Favre", "Bouchard", "Girard", "Lambert", "Peeters", "Rochat", "Fortin", "Noël"]
FIRST_NAMES = ["Anne", "Benoît", "Chloé", "David", "Émilie", "François", "Gaëlle", "Hugo",
               "Inès", "Jules", "Karine", "Louis", "Maëlle", "Nicolas", "Océane", "Paul"]
JOBS = ["Director", "Buyer", "Accountant", "Assistant", "Sales Manager"]


def create_people(env):
    """Create the users who log in during the measures, and the salespersons; return the latter."""
    company = env.ref('base.main_company')
    internal = env.ref('base.group_user') | env.ref('base.group_partner_manager')

    def values(login, name, groups=internal):
        return {
            'login': login,
            'name': name,
            'email': f'{login}@example.com',
            'company_id': company.id,
            'company_ids': [Command.set(company.ids)],
            'group_ids': [Command.set(groups.ids)],
        }

    users = env['res.users'].with_context(no_reset_password=True)
    users.create([
        values('bench_admin', "Bench Administrator", env.ref('base.user_admin').group_ids)
        | {'password': PASSWORD},
        values('bench_user', "Bench User") | {'password': PASSWORD},
    ])
    return users.create([
        values(f'bench_sales_{number}', f"Salesperson {number}")
        for number in range(1, SALESPERSONS + 1)
    ])


def create_customers(env, count):
    """Create ``count`` companies, their contacts and their tags."""
    places = [place for share, *place in PLACES for _ in range(share)]
    countries, cities, postcodes, prefixes = map(list, zip(*places, strict=True))
    env.cr.execute(SQL(
        """
        CREATE TEMP TABLE company AS
        SELECT nextval('res_partner_id_seq')::int AS id,
               number,
               pg_temp.choose(%(trades)s, number, 'trade') || ' '
                    || pg_temp.choose(%(owners)s, number, 'owner') || ' ' || number AS name,
               pg_temp.choose(%(countries)s, number, 'place') AS country,
               pg_temp.choose(%(cities)s, number, 'place') AS city,
               pg_temp.choose(%(postcodes)s, number, 'place') AS postcode,
               pg_temp.choose(%(prefixes)s, number, 'place') AS prefix,
               pg_temp.choose(%(languages)s, number, 'language') AS language,
               pg_temp.choose(%(industries)s, number, 'industry') AS industry_id,
               CASE WHEN pg_temp.chance(85, number, 'has a salesperson')
                    THEN pg_temp.choose(%(sellers)s, number, 'salesperson') END AS user_id,
               CASE WHEN pg_temp.chance(20, number, 'has contacts')
                    THEN 1 + pg_temp.pick(3, number, 'contacts') ELSE 0 END AS contacts,
               now() - pg_temp.pick(5 * 365, number, 'created') * interval '1 day' AS created
          FROM generate_series(1, %(count)s) AS number
        """,
        count=count, trades=TRADES, owners=OWNERS, countries=countries, cities=cities,
        postcodes=postcodes, prefixes=prefixes,
        languages=[code for code, _name in env['res.lang'].get_installed()],
        industries=env['res.partner.industry'].search([]).ids,
        sellers=create_people(env).ids,
    ))
    env.cr.execute(SQL(
        """
        CREATE TEMP TABLE contact AS
        SELECT company.*,
               company.number * 3 + ordinal AS contact_number,
               pg_temp.choose(%(first_names)s, company.number * 3 + ordinal, 'first name') || ' '
                    || pg_temp.choose(%(owners)s, company.number * 3 + ordinal, 'last name')
                    AS contact_name,
               pg_temp.choose(%(jobs)s, company.number * 3 + ordinal, 'job') AS job
          FROM company, generate_series(1, company.contacts) AS ordinal
        """,
        first_names=FIRST_NAMES, owners=OWNERS, jobs=JOBS,
    ))
    # What the ORM derives from the country, it derives on these two.
    for code in sorted(set(countries)):
        company = env['res.partner'].create({
            'name': "Company", 'is_company': True, 'country_id': env.ref(f'base.{code}').id,
        })
        contact = env['res.partner'].create({'name': "Contact", 'parent_id': company.id})
        insert_like(company, SQL("company AS row WHERE country = %s", code), _company_values())
        insert_like(contact, SQL("contact AS row WHERE country = %s", code), _contact_values())
        (contact + company).unlink()
    create_tags(env)


def _company_values():
    return _common_values(SQL("row.number")) | {
        'id': SQL("row.id"),
        'name': SQL("row.name"),
        'complete_name': SQL("row.name"),
        'commercial_partner_id': SQL("row.id"),
        'commercial_company_name': SQL("row.name"),
        'ref': SQL("'C' || row.number"),
        'website': SQL("'https://c' || row.number || '.example.com'"),
        'email': SQL("'info@c' || row.number || '.example.com'"),
        'email_normalized': SQL("'info@c' || row.number || '.example.com'"),
    }


def _contact_values():
    email = SQL("'contact' || row.contact_number || '@c' || row.number || '.example.com'")
    return _common_values(SQL("row.contact_number")) | {
        'name': SQL("row.contact_name"),
        'complete_name': SQL("row.name || ', ' || row.contact_name"),
        'parent_id': SQL("row.id"),
        'commercial_partner_id': SQL("row.id"),
        'commercial_company_name': SQL("row.name"),
        'function': SQL("row.job"),
        'email': email,
        'email_normalized': email,
    }


def _common_values(number):
    phone = SQL("row.prefix || lpad(pg_temp.pick(10000, %s, 'phone')::text, 4, '0')", number)
    return {
        'street': SQL("1 + row.number %% 200 || ' rue de la Gare'"),
        'zip': SQL("row.postcode"),
        'city': SQL("row.city"),
        'lang': SQL("row.language"),
        'user_id': SQL("row.user_id"),
        'industry_id': SQL("row.industry_id"),
        'phone': phone,
        'phone_sanitized': SQL("regexp_replace(%s, '[ -]', '', 'g')", phone),
        'create_date': SQL("row.created"),
        'write_date': SQL("row.created"),
    }


def create_tags(env):
    """Create tags, and give none to three of them to each company."""
    tags = env['res.partner.category'].create(
        [{'name': f"Bench {number}", 'color': number % 12} for number in range(1, TAGS + 1)]
    )
    env.cr.execute(SQL(
        """
        INSERT INTO res_partner_res_partner_category_rel (partner_id, category_id)
        SELECT DISTINCT id, pg_temp.choose(%s, number * 3 + ordinal, 'tag')
          FROM company, generate_series(1, pg_temp.pick(4, number, 'tags')) AS ordinal
        """,
        tags.ids,
    ))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('-d', '--database', required=True)
    parser.add_argument('--customers', type=int, default=100_000)
    arguments = parser.parse_args()
    start = time.monotonic()
    with environment(arguments.database) as env:
        create_functions(env)
        create_customers(env, arguments.customers)
    vacuum(arguments.database)
    print(f"{arguments.customers} customers in {time.monotonic() - start:.0f} s")


if __name__ == '__main__':
    main()
