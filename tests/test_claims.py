"""Two people accept claims on one invoice line at once: no more is accepted than was invoiced."""
import json

import pytest

from devtools import templates
from devtools.testing import databases_of_this_run

AT_ONCE = """
import json
import threading
from odoo import api
from odoo.modules.registry import Registry
from odoo.service.model import retrying

origin = env['account.move.line'].search([
    ('display_type', '=', 'product'), ('parent_state', '=', 'posted'), ('quantity', '>', 1),
    ('move_id.move_type', '=', 'out_invoice'), ('move_id.reversal_move_ids', '=', False),
    ('price_unit', '>', 0),
], limit=1)
complaint = env['gem.crm.complaint'].create({
    'name': "Torn", 'partner_id': origin.move_id.commercial_partner_id.id,
    'company_id': origin.company_id.id,
})
claims = env['gem.crm.complaint.line'].create([
    {'complaint_id': complaint.id, 'move_line_id': origin.id, 'quantity': origin.quantity}
] * 2)
env.cr.commit()
both_began = threading.Barrier(2, timeout=60)
came_of_it = {}

def accept(claim_id):
    attempts = []
    try:
        # A refusal leaves the cursor by its exception, and takes back what was written.
        with Registry(env.cr.dbname).cursor() as cr:
            own = api.Environment(cr, env.uid, {})
            claim = own['gem.crm.complaint.line'].browse(claim_id)

            def work():
                attempts.append(claim.state)
                if len(attempts) == 1:
                    both_began.wait()
                claim.action_accept()

            retrying(work, own)
        came_of_it[claim_id] = ('accepted', len(attempts))
    except Exception as error:
        came_of_it[claim_id] = (type(error).__name__, len(attempts))

threads = [threading.Thread(target=accept, args=[claim.id]) for claim in claims]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
env.cr.rollback()
env['ir.config_parameter'].set_param('claims', json.dumps(sorted(came_of_it.values())))
env.cr.commit()
"""


@pytest.fixture(scope='module')
def came_of_it():
    databases = databases_of_this_run()
    name = databases.name('claims')
    databases.clone(templates.with_addons(databases), name)
    databases.run_script(name, AT_ONCE, log='claims')
    [[told]] = databases.server.sql(
        "SELECT value FROM ir_config_parameter WHERE key = 'claims'", name)
    [[accepted, invoiced]] = databases.server.sql("""
        SELECT SUM(claim.accepted_quantity), MAX(line.quantity)
          FROM gem_crm_complaint_line claim
          JOIN account_move_line line ON line.id = claim.move_line_id
          JOIN gem_crm_complaint complaint ON complaint.id = claim.complaint_id
         WHERE complaint.name = 'Torn'
    """, name)
    yield json.loads(told), float(accepted), float(invoiced)
    databases.drop(name)


def test_the_second_is_refused_once_it_sees_what_the_first_accepted(came_of_it):
    told, _accepted, _invoiced = came_of_it
    assert [what for what, _attempts in told] == ['ValidationError', 'accepted']
    assert told[0][1] > 1, "it had begun before the first was done, and was tried again"


def test_no_more_is_accepted_than_was_invoiced(came_of_it):
    _told, accepted, invoiced = came_of_it
    assert accepted == invoiced
