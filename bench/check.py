"""Compare a sample of the customers that populate.py made with what the ORM would have made.

    python -m bench.check -d DATABASE [--sample 200]

For each partner of the sample, the ORM computes again every stored computed field, and nothing
may change; then it creates a twin from what a user would have typed, and every column must
agree, but those that follow_up.py fills in. Nothing is kept. Exits with 1 if anything differs.
"""
import argparse

from odoo.fields import Command
from odoo.tools import SQL

from .bulk import environment

TYPED = [
    'name', 'is_company', 'parent_id', 'ref', 'function', 'lang', 'user_id', 'industry_id',
    'street', 'zip', 'city', 'country_id', 'email', 'phone', 'website', 'category_id',
]
WRITTEN = {'write_date', 'write_uid'}
# What is each record's own.
OWN = WRITTEN | {'id', 'create_date', 'create_uid', 'calendar_last_notif_ack'}


def sample(env, size):
    """Return companies, and contacts, made by populate.py."""
    env.cr.execute(SQL(
        """
        (SELECT id FROM res_partner WHERE ref LIKE 'C%%' AND is_company
         ORDER BY md5(ref) LIMIT %(half)s)
        UNION ALL
        (SELECT contact.id FROM res_partner AS contact JOIN res_partner AS company
             ON company.id = contact.parent_id AND company.ref LIKE 'C%%'
         ORDER BY md5(contact.email) LIMIT %(half)s)
        """,
        half=size // 2,
    ))
    return env['res.partner'].browse(row[0] for row in env.cr.fetchall())


def rows(partners):
    """Return the partners' rows, as dictionaries."""
    partners.env.flush_all()
    partners.env.cr.execute(SQL("SELECT * FROM res_partner WHERE id IN %s", partners._ids))
    return {row['id']: row for row in partners.env.cr.dictfetchall()}


def differences(before, after, ignored=frozenset()):
    """Yield what differs between two rows, but in the ``ignored`` columns."""
    for column in before.keys() - ignored:
        # Python writes empty strings and null JSON values that mean the same.
        if (before[column] or None) != (after[column] or None):
            yield f"{column}: {before[column]!r}, and by the ORM {after[column]!r}"


def compare_with_twins(partners):
    """Yield the differences between the partners and those the ORM creates."""
    for partner in partners:
        typed = {
            name: partner._fields[name].convert_to_write(partner[name], partner) for name in TYPED
        }
        typed['category_id'] = [Command.set(partner.category_id.ids)]
        twin = partner.create({name: value for name, value in typed.items() if value})
        before, after = rows(partner)[partner.id], rows(twin)[twin.id]
        if not partner.parent_id:
            after['commercial_partner_id'] = partner.id
        follow_up = {column for column in before if column.startswith('gem_')}
        for difference in differences(before, after, OWN | follow_up):
            yield f"{partner.complete_name}: {difference}"


def compare_with_recomputed(partners):
    """Yield what changes when the ORM computes the partners' stored fields again."""
    before = rows(partners)
    for field in partners._fields.values():
        # A field without a column holds nothing to compare.
        if field.compute and field.column_type and field.store:
            partners.env.add_to_compute(field, partners)
    partners.env['res.partner'].flush_model()
    after = rows(partners)
    for partner in partners:
        for difference in differences(before[partner.id], after[partner.id], WRITTEN):
            yield f"{partner.complete_name}: computed again, {difference}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('-d', '--database', required=True)
    parser.add_argument('--sample', type=int, default=200)
    arguments = parser.parse_args()
    with environment(arguments.database) as env:
        partners = sample(env, arguments.sample)
        found = [*compare_with_recomputed(partners), *compare_with_twins(partners)]
        env.cr.rollback()
    print(*found, sep='\n')
    print(f"{len(partners)} partners compared, {len(found)} differences")
    return 1 if found or not partners else 0


if __name__ == '__main__':
    raise SystemExit(main())
