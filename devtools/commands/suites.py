"""Run Odoo's own tests without and with the add-ons (an hour), and tell what differs.

Odoo runs many of them before ours are loaded, which proves nothing: here, all of them see the
whole registry. A test that fails on both sides is none of our business, and counted only.
"""
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from .. import addons, chromium, locks
from ..paths import DEV
from ..progress import say, step
from ..testing import run_pytest
from ..workshop import databases

SUITES = {
    'apps': (
        'account,calendar,contacts,crm,mass_mailing,portal,privacy_lookup,project,rating,'
        'sale_management,website',
        [
            'account/tests/test_account_invoice_report.py', 'account/tests/test_account_partner.py',
            'account/tests/test_portal_attachment.py', 'account/tests/test_portal_invoice.py',
            'account/tests/test_res_partner_merge.py',
            'base/tests/test_acl.py', 'base/tests/test_display_name.py',
            'base/tests/test_form_create.py', 'base/tests/test_res_partner.py',
            'base/tests/test_res_partner_merge.py',
            'calendar/tests/test_access_rights.py', 'calendar/tests/test_res_partner.py',
            'contacts/tests', 'crm/tests/test_crm_lead_merge.py',
            'mail/tests/test_mail_render.py', 'mail/tests/test_mail_template.py',
            'mail/tests/test_res_partner.py', 'mail/tests/test_uninstall.py',
            'portal/tests', 'privacy_lookup/tests', 'rating/tests',
            'web/tests/test_click_everywhere.py::TestMenusAdminLight',
            'web/tests/test_click_everywhere.py::TestMenusDemoLight',
            'website/tests/test_crawl.py',
        ],
    ),
    'modules': (
        'account,contacts,test_access_rights,test_http,test_import_export,test_mail,'
        'test_mail_full,test_rpc',
        [
            'test_access_rights/tests', 'test_http/tests', 'test_import_export/tests',
            'test_mail/tests/test_mail_alias.py', 'test_mail/tests/test_mail_gateway.py',
            'test_mail/tests/test_mail_message_security.py',
            'test_mail/tests/test_mail_multicompany.py', 'test_mail/tests/test_mail_security.py',
            'test_mail_full/tests/test_mail_thread_internals.py',
            'test_mail_full/tests/test_portal.py', 'test_mail_full/tests/test_rating.py',
            'test_rpc/tests',
        ],
    ),
}
RESULTS = DEV / 'suites'


def add_arguments(parser):
    parser.add_argument('suites', nargs='*', help=f"only these of {', '.join(SUITES)}")
    parser.add_argument(
        '--keep', action='store_true', help="do not run again what ran without the add-ons",
    )


def main(args):
    chromium.ensure()
    RESULTS.mkdir(exist_ok=True)
    worse = []
    with locks.alone('suites'), databases() as dbs:
        for suite in args.suites or SUITES:
            stock = dbs.name(f'suite_{suite}')
            ours = f'{stock}_ours'
            if not (args.keep and _file(stock).exists()):
                dbs.create(stock)
                _install(dbs, stock, SUITES[suite][0])
                _run(dbs, f'{stock}_run', suite, stock)
            dbs.clone(stock, ours)
            _install(dbs, ours, ','.join(addons.plain()))
            _run(dbs, f'{ours}_run', suite, ours)
            worse += _compare(suite, _failures(_file(stock)), _failures(_file(ours)))
    return int(bool(worse))


def _install(dbs, name, modules):
    with step(f"Installing {modules} in {name}"):
        dbs.run_odoo(name, '--init', modules, '--with-demo', log=name)


def _run(dbs, copy, suite, name):
    """Run the tests on a copy, for they may commit; leave what they say in a file."""
    dbs.clone(name, copy)
    paths = [
        Path(dbs.odoo.addon(path.partition('/')[0]), path.partition('/')[2])
        for path in SUITES[suite][1]
    ]
    run_pytest(
        dbs, copy, '--odoo-http', '-q', '--tb=short', f'--junitxml={_file(name)}', *paths,
    )
    dbs.drop(copy)


def _file(name):
    return RESULTS / f'{name}.xml'


def _failures(file):
    """Return the names of all tests of a run, each with whether it failed."""
    return {
        f"{case.get('classname')}.{case.get('name')}":
            case.find('failure') is not None or case.find('error') is not None
        for case in ElementTree.parse(file).iter('testcase')
    }


def _compare(suite, stock, ours):
    """Print what the add-ons make worse; return it."""
    worse = [name for name, failed in ours.items() if failed and not stock.get(name)]
    worse += [name for name in stock if name not in ours]
    say(f"\n{suite}: {len(ours)} tests, {sum(stock.values())} fail without the add-ons, "
        f"{len(worse)} only with them")
    for name in worse:
        say(f"  {name}")
    return worse
