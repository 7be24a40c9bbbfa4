"""gem_crm beside add-ons of the OCA, whose models and views meet its own, and gone again."""
import pytest
import test_install

from devtools import oca, templates
from devtools.testing import databases_of_this_run

BRIDGE = 'gem_crm_account_credit_control'
MODULES = [*oca.names(), 'gem_crm', BRIDGE]
OPEN_PAGES = """
from odoo.tests import Form
user = env.ref('base.user_admin')
env = env(user=user)
customer = env['res.partner'].search([('is_company', '=', True)], order='id', limit=1)
for name in (
    'res.partner', 'account.move', 'crm.claim', 'crm.lead', 'credit.control.line',
    'helpdesk.ticket', 'mailing.contact', 'res.partner.stage',
):
    views = env[name].get_views([(False, 'form'), (False, 'list'), (False, 'search')])
    env[name].web_search_read([], {
        field: {} for field in views['models'][name]['fields'] if field != 'properties'
    }, limit=5)
with Form(customer) as form:
    form.name = "Renamed beside all of them"
"""
WORK = """
user = env.ref('base.user_admin')
customer = env['res.partner'].search([('is_company', '=', True)], order='id', limit=1)
for record in (
    env['gem.crm.note'].create({'partner_id': customer.id, 'name': "Call back"}),
    env['gem.crm.complaint'].create({'partner_id': customer.id, 'name': "Late again"}),
    env['helpdesk.ticket'].create({'name': "Late", 'description': "<p>Late</p>",
                                   'partner_id': customer.id}),
    env['crm.claim'].create({'name': "Late", 'partner_id': customer.id}),
):
    record.message_post(body="Said on the phone")
env.cr.commit()
"""


@pytest.fixture(scope='module')
def neighbours():
    """Live with the neighbours and leave them; return what was seen on the way."""
    databases = databases_of_this_run()
    databases.more_addons = [oca.ensure()]
    name = databases.name('neighbours')
    databases.clone(templates.with_other_apps(databases), name)
    # Else our demo data would come along, whose users and posted invoices rightly outlive us.
    databases.server.sql("UPDATE ir_module_module SET demo = false", name)
    databases.run_odoo(name, '--init', ','.join(oca.names()), log='neighbours')
    databases.run_odoo(name, '--init', 'gem_crm', log='neighbours-install')
    seen = {'installed': states(databases, name)}
    databases.run_script(name, WORK + OPEN_PAGES, log='neighbours-work')
    databases.run_script(
        name,
        "env['ir.module.module'].search([('name', '=', 'gem_crm')]).button_immediate_uninstall()",
        log='neighbours-uninstall',
    )
    seen['after'] = states(databases, name)
    seen['leftovers'] = {
        what: [row[0] for row in databases.server.sql(query, name)]
        for what, query in test_install.LEFTOVERS.items()
    }
    databases.run_script(name, OPEN_PAGES, log='neighbours-after')
    yield seen
    databases.drop(name)


def states(databases, name):
    """Return the state of each add-on."""
    known = dict(databases.server.sql("SELECT name, state FROM ir_module_module", name))
    return {module: known[module] for module in MODULES}


def test_bridge_installs_by_itself(neighbours):
    assert neighbours['installed'] == dict.fromkeys(MODULES, 'installed')


def test_only_ours_are_uninstalled(neighbours):
    assert neighbours['after'] == dict.fromkeys(oca.names(), 'installed') | {
        'gem_crm': 'uninstalled', BRIDGE: 'uninstalled',
    }


@pytest.mark.parametrize('what', test_install.LEFTOVERS)
def test_nothing_of_ours_is_left(neighbours, what):
    assert neighbours['leftovers'][what] == []
