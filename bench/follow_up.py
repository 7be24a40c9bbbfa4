"""Fill in the follow-up of the customers that populate.py made, where gem_crm is installed.

    python -m bench.follow_up -d DATABASE

Most customers get a referral, an answer about the newsletter, needs and notes; some a manager
chosen by hand and a deputy. Contacts follow their company, as in the ORM.
"""
import argparse
import time

from odoo.fields import Command
from odoo.tools import SQL

from .bulk import create_functions, environment, insert_like, vacuum


def fill_partners(env):
    """Say who is in charge of each customer, and how they came."""
    sellers = env['res.users'].search([('login', 'like', r'bench\_sales\_')])
    referrals = env['gem.crm.referral'].search([])
    env.cr.execute(SQL(
        """
        CREATE TEMP TABLE customer AS
        WITH customer AS (
            SELECT id, substr(ref, 2)::int AS number, user_id,
                   lag(id) OVER (ORDER BY id) AS other_id
              FROM res_partner WHERE ref LIKE 'C%%' AND parent_id IS NULL
        )
        SELECT id, number, other_id, user_id,
               pg_temp.chance(10, number, 'manager chosen') AS manager_chosen,
               CASE WHEN pg_temp.chance(10, number, 'manager chosen')
                    THEN pg_temp.choose(%(sellers)s, number, 'manager')
                    ELSE user_id END AS manager_id,
               CASE WHEN pg_temp.chance(5, number, 'has a deputy')
                    THEN pg_temp.choose(%(sellers)s, number, 'deputy') END AS deputy_id,
               current_date - 10 + pg_temp.pick(20, number, 'deputy from') AS deputy_from,
               CASE WHEN pg_temp.chance(60, number, 'has a referral')
                    THEN pg_temp.choose(%(referrals)s, number, 'referral') END AS referral_id,
               CASE WHEN pg_temp.chance(50, number, 'answered')
                    THEN pg_temp.choose(ARRAY['accepted', 'accepted', 'refused'], number,
                                        'newsletter') END AS newsletter
          FROM customer
        """,
        sellers=sellers.ids, referrals=referrals.ids,
    ))
    env.cr.execute("CREATE UNIQUE INDEX ON customer (id)")
    env.cr.execute("ANALYZE customer")
    env.cr.execute(SQL(
        """
        UPDATE res_partner
           SET gem_account_manager_id = manager_id,
               gem_account_manager_chosen = manager_chosen AND parent_id IS NULL,
               gem_deputy_id = deputy_id,
               gem_deputy_from = CASE WHEN deputy_id IS NOT NULL THEN deputy_from END,
               gem_deputy_until = CASE WHEN deputy_id IS NOT NULL THEN deputy_from + 14 END,
               gem_referral_id = referral_id,
               gem_referrer_id = CASE WHEN referral_id IN %(from_customer)s THEN other_id END,
               gem_newsletter = newsletter
          FROM customer
         WHERE customer.id = commercial_partner_id
        """,
        from_customer=tuple(referrals.filtered('is_from_customer').ids),
    ))


def create_records(env):
    """Give the customers answers about the newsletter, needs and notes."""
    # The prototypes stay, as records of the company's own card.
    own = {'partner_id': env.ref('base.main_partner').id}
    dated = SQL("current_date - pg_temp.pick(700, row.number, 'date')")
    insert_like(
        env['gem.crm.consent'].create(own | {'decision': 'accepted'}),
        SQL("customer AS row WHERE newsletter IS NOT NULL"),
        {'partner_id': SQL("row.id"), 'decision': SQL("row.newsletter"), 'date': dated},
    )
    insert_like(
        env['gem.crm.need'].create(own | {'name': "Delivery before noon"}),
        SQL("customer AS row, generate_series(1, pg_temp.pick(4, row.number, 'needs')) AS ordinal"),
        {
            'partner_id': SQL("row.id"),
            'kind_id': SQL(
                "pg_temp.choose(%s, row.number + ordinal, 'kind')",
                env['gem.crm.need.kind'].search([]).ids,
            ),
            'state': SQL(
                "pg_temp.choose(ARRAY['open', 'open', 'met'], row.number + ordinal, 'state')"),
            'reviewed_on': dated,
        },
    )
    # Notes in the past are done, but for a few that are late.
    due = SQL("current_date - 300 + pg_temp.pick(330, row.number * 5 + ordinal, 'due')")
    insert_like(
        env['gem.crm.note'].create(own | {'name': "Call about the order"}),
        SQL("customer AS row, generate_series(1, pg_temp.pick(5, row.number, 'notes')) AS ordinal"),
        {
            'partner_id': SQL("row.id"),
            'user_id': SQL("COALESCE(row.manager_id, prototype.user_id)"),
            'date_due': due,
            'date_done': SQL(
                "CASE WHEN %(due)s < current_date "
                "AND NOT pg_temp.chance(5, row.number * 5 + ordinal, 'late') THEN %(due)s END",
                due=due,
            ),
        },
    )


def give_rights(env):
    """Let the users of the measures into CRM follow-up."""
    for login, group in [('bench_admin', 'manager'), ('bench_user', 'user_all')]:
        user = env['res.users'].search([('login', '=', login)])
        user.group_ids = [Command.link(env.ref(f'gem_crm.gem_crm_group_{group}').id)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('-d', '--database', required=True)
    arguments = parser.parse_args()
    start = time.monotonic()
    with environment(arguments.database) as env:
        create_functions(env)
        fill_partners(env)
        create_records(env)
        give_rights(env)
    vacuum(arguments.database)
    print(f"Follow-up filled in in {time.monotonic() - start:.0f} s")


if __name__ == '__main__':
    main()
