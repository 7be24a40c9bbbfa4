"""Installed, upgraded and removed beside other apps: theirs is untouched, ours is gone."""
import pytest

from devtools import templates
from devtools.testing import databases_of_this_run

OTHERS = (
    'account_move', 'account_move_line', 'calendar_event', 'crm_lead', 'crm_stage', 'crm_team',
    'mail_activity', 'mailing_contact', 'mailing_mailing', 'project_project', 'project_task',
    'res_company', 'res_partner', 'res_partner_category', 'res_users', 'sale_order',
    'sale_order_line', 'utm_source',
)
# What people leave behind when they work with the add-on.
WORK = """
customer = env['res.partner'].search([('is_company', '=', True)], order='id', limit=1)
manager = env.ref('base.user_admin')
customer.write({
    'gem_account_manager_id': manager.id,
    'gem_referral_id': env['gem.crm.referral'].search([], limit=1).id,
})
records = [
    env['gem.crm.need'].create({'partner_id': customer.id, 'name': "Delivery before nine"}),
    env['gem.crm.note'].create({'partner_id': customer.id, 'name': "Call back"}),
    env['gem.crm.consent'].create({
        'partner_id': customer.id, 'decision': 'accepted', 'channel': 'phone',
    }),
    env['gem.crm.correspondence'].create({'partner_id': customer.id, 'subject': "Parcel"}),
    env['gem.crm.discussion'].create({'partner_id': customer.id, 'name': "Late parcels"}),
    env['gem.crm.complaint'].create({'partner_id': customer.id, 'name': "Three wet parcels"}),
]
owed = env['account.move'].search([
    ('move_type', '=', 'out_invoice'), ('payment_state', '=', 'not_paid'),
], order='id', limit=1)
records += [
    env['gem.crm.dispute'].create({
        'move_id': owed.id, 'amount': 10, 'reason_id': env['gem.crm.dispute.reason'].search(
            [], limit=1).id,
    }),
    env['gem.crm.promise'].create({'move_id': owed.id, 'amount': 10, 'date': '2099-01-01'}),
    env['gem.crm.segment'].create({'name': "In Laval", 'domain': "[('city', '=', 'Laval')]"}),
]
for record in records:
    env['ir.attachment'].create({
        'name': "Proof", 'raw': b'proof', 'res_model': record._name, 'res_id': record.id,
    })
    if hasattr(record, 'message_post'):
        record.message_post(body="Said on the phone")
    if hasattr(record, 'activity_schedule'):
        record.activity_schedule(summary="Ask again")
# A company makes the shipped choices its own.
env.ref('gem_crm.gem_crm_status_sales_prospect').name = "Suspect"
env.ref('gem_crm.gem_crm_action_sales_fax').unlink()
env.ref('gem_crm.gem_crm_refusal_reason_timing').unlink()
env.ref('gem_crm.gem_crm_variable_time_zone').name = "Clock on the wall"
env.ref('gem_crm.gem_crm_variable_option_pst').unlink()
env.ref('gem_crm.gem_crm_variable_grocery').unlink()
env['ir.filters'].create([
    {'name': "Mine", 'model_id': 'res.partner', 'domain': "[('gem_account_manager_id', '=', uid)]"},
    {'name': "Open needs", 'model_id': 'gem.crm.need', 'domain': "[('state', '=', 'open')]"},
])
env.cr.commit()
"""
OPEN_PAGES = """
for name in ('res.partner', 'crm.lead', 'sale.order', 'mailing.mailing', 'project.task'):
    env[name].get_views([(False, 'form'), (False, 'list'), (False, 'search')])
    env[name].web_search_read([], {'display_name': {}}, limit=80)
"""
# Each finds what must not be there once the add-on is gone.
LEFTOVERS = {
    "tables": "SELECT tablename FROM pg_tables WHERE tablename LIKE 'gem\\_%'",
    "columns": """
        SELECT table_name || '.' || column_name FROM information_schema.columns
         WHERE column_name LIKE 'gem\\_%' OR table_name LIKE 'gem\\_%'
    """,
    "indexes": "SELECT indexname FROM pg_indexes WHERE indexname LIKE 'gem\\_%'",
    "models": "SELECT model FROM ir_model WHERE model LIKE 'gem.%'",
    "fields": """
        SELECT model || '.' || name FROM ir_model_fields
         WHERE name LIKE 'gem\\_%' OR model LIKE 'gem.%' OR relation LIKE 'gem.%'
    """,
    "external ids": "SELECT name FROM ir_model_data WHERE module = 'gem_crm'",
    "views": """
        SELECT name FROM ir_ui_view
         WHERE model LIKE 'gem.%' OR arch_db::text LIKE '%gem\\_%'
    """,
    "actions": "SELECT res_model FROM ir_act_window WHERE res_model LIKE 'gem.%'",
    "saved searches": """
        SELECT name FROM ir_filters
         WHERE model_id LIKE 'gem.%' OR domain LIKE '%gem\\_%' OR context LIKE '%gem\\_%'
    """,
    "defaults": """
        SELECT f.name FROM ir_default d JOIN ir_model_fields f ON f.id = d.field_id
         WHERE f.name LIKE 'gem\\_%'
    """,
    "settings": "SELECT key FROM ir_config_parameter WHERE key LIKE 'gem\\_%'",
    "files": "SELECT name FROM ir_attachment WHERE res_model LIKE 'gem.%'",
    "messages": "SELECT id FROM mail_message WHERE model LIKE 'gem.%'",
    "followers": "SELECT id FROM mail_followers WHERE res_model LIKE 'gem.%'",
    "activities": "SELECT id FROM mail_activity WHERE res_model LIKE 'gem.%'",
    "ratings": "SELECT id FROM rating_rating WHERE res_model LIKE 'gem.%'",
    "templates": "SELECT id FROM mail_template WHERE model LIKE 'gem.%'",
    "subtypes": "SELECT name FROM mail_message_subtype WHERE res_model LIKE 'gem.%'",
    "actions of the server": """
        SELECT action.id FROM ir_act_server action JOIN ir_model model ON model.id = action.model_id
         WHERE model.model LIKE 'gem.%'
    """,
    "scheduled actions": "SELECT cron_name FROM ir_cron WHERE cron_name LIKE 'CRM Follow%'",
    "sequences": "SELECT code FROM ir_sequence WHERE code LIKE 'gem.%'",
}


@pytest.fixture(scope='module')
def life():
    """Live the add-on's whole life on one database; return what was seen on the way."""
    databases = databases_of_this_run()
    name = databases.name('life')
    databases.clone(templates.with_other_apps(databases), name)
    # Else our demo data would come along, whose users and posted invoices rightly outlive us.
    databases.server.sql("UPDATE ir_module_module SET demo = false", name)
    seen = {'before': others(databases, name)}

    databases.run_odoo(name, '--init', 'gem_crm', log='life-install')
    databases.run_script(name, WORK, log='life-work')
    seen['ours'] = our_records(databases, name)
    worked = work_done(databases, name)
    chosen = choices(databases, name)
    databases.run_odoo(name, '--update', 'gem_crm', log='life-upgrade')
    seen['kept'] = (worked, work_done(databases, name))
    seen['choices'] = (chosen, choices(databases, name))

    databases.run_script(
        name,
        "env['ir.module.module'].search([('name', '=', 'gem_crm')]).button_immediate_uninstall()",
        log='life-uninstall',
    )
    seen['after'] = others(databases, name)
    seen['leftovers'] = {
        what: [row[0] for row in databases.server.sql(query, name)]
        for what, query in LEFTOVERS.items()
    }
    seen['survivors'] = survivors(databases, name, seen['ours'])
    databases.run_script(name, OPEN_PAGES, log='life-after')
    yield seen
    databases.drop(name)


def test_upgrade_keeps_what_was_written(life):
    before, after = life['kept']
    assert [table for table in before if after[table] < before[table]] == []


def test_upgrade_keeps_what_was_renamed_and_what_was_deleted(life):
    before, after = life['choices']
    assert after == before
    names = {name for _table, name in after}
    assert {"Suspect", "Clock on the wall"} <= names
    assert not {"Prospect", "Fax", "Not now", "Pacific time", "Grocery"} & names


@pytest.mark.parametrize('what', LEFTOVERS)
def test_uninstall_leaves_none_of_ours(life, what):
    assert life['leftovers'][what] == []


def test_uninstall_removes_every_record_of_ours(life):
    assert life['survivors'] == []


@pytest.mark.parametrize('table', OTHERS)
def test_other_apps_keep_their_data(life, table):
    assert life['after'][table] == life['before'][table]


def others(databases, name):
    """Return each of the others' tables as its number of rows and their checksum."""
    return {
        table: databases.server.sql(f"""
            SELECT count(*),
                   md5(string_agg((to_jsonb(t) - 'write_date' - 'write_uid')::text, '' ORDER BY id))
              FROM {table} t
        """, name)
        for table in OTHERS
    }


def work_done(databases, name):
    """Return how many records our tables hold."""
    return {
        table: int(databases.server.sql(f'SELECT count(*) FROM {table}', name)[0][0])
        for [table] in databases.server.sql(LEFTOVERS["tables"], name)
    }


def choices(databases, name):
    """Return the choices that notes are made of: rows of table, name."""
    return [
        (table, row[0])
        for table in ('gem_crm_action', 'gem_crm_refusal_reason', 'gem_crm_status',
                      'gem_crm_variable', 'gem_crm_variable_option')
        for row in databases.server.sql(
            f"SELECT name->>'en_US' FROM {table} ORDER BY id", name)
    ]


def our_records(databases, name):
    """Return the records that only this add-on made: rows of table, id, external id."""
    tables = {table for [table] in databases.server.sql("SELECT tablename FROM pg_tables", name)}
    rows = databases.server.sql("""
        SELECT replace(model, '.', '_'), res_id, name FROM ir_model_data ours
         WHERE module = 'gem_crm' AND NOT EXISTS (
            SELECT FROM ir_model_data theirs
             WHERE theirs.module <> 'gem_crm'
               AND theirs.model = ours.model AND theirs.res_id = ours.res_id)
    """, name)
    return [row for row in rows if row[0] in tables]


def survivors(databases, name, records):
    """Return the external ids of the ``records`` that are still there."""
    tables = {table for [table] in databases.server.sql("SELECT tablename FROM pg_tables", name)}
    return [
        external_id for table, res_id, external_id in records
        if table in tables
        and databases.server.sql(f'SELECT id FROM {table} WHERE id = {res_id}', name)
    ]
