"""The cron of complaints' deadlines, killed by the system in the middle: nobody is told twice.

A batch is told in one transaction: its alerts, the messages and the activities are all there, or
none is. What may come twice is only what leaves the database: an e-mail that the mail server took
just before the process died is sent again by Odoo's queue, which did not learn of it.
"""
import pytest

from devtools import templates
from devtools.errors import Problem
from devtools.testing import databases_of_this_run

# What was told: alerts as (complaint, deadline, step), and whom messages and activities told.
SEEN = """
from collections import Counter
COMPLAINTS = env['gem.crm.complaint'].search([('name', '=like', 'Killed %')], order='id')


def alerts():
    return Counter(
        (alert.complaint_id.id, alert.deadline, alert.step) for alert in COMPLAINTS.alert_ids)


def messages(step):
    found = env['mail.message'].search([('message_type', '=', 'user_notification')])
    word = 'missed' if step == 'escalated' else 'soon'
    told = Counter()
    for message in found:
        if message.subject and word in message.subject:
            told.update(
                complaint.id for complaint in COMPLAINTS
                if f'/odoo/complaints/{complaint.id}"' in message.body)
    return told


def activities():
    return Counter(COMPLAINTS.activity_ids.filtered('automated').mapped('res_id'))


def consistent():
    told = alerts()
    assert not told or max(told.values()) == 1, told
    for step in ('warned', 'escalated'):
        assert messages(step) == Counter(
            complaint for complaint, _deadline, s in told if s == step), (step, told)
    assert activities() == Counter(
        complaint for complaint, _d, step in told if step == 'escalated')
    return told
"""
# Sixty complaints to be acknowledged soon, and sixty that were not acknowledged in time.
PREPARE = SEEN + """
from datetime import timedelta
from odoo import fields
from odoo.tests import new_test_user
env = env(context=dict(env.context, tracking_disable=True, lang='en_US'))
env['gem.crm.complaint'].search([]).write({'date_closed': '2020-01-01'})
handler, manager = (
    new_test_user(env, login, 'gem_crm.gem_crm_group_user', lang='en_US')
    for login in ('killed_handler', 'killed_manager'))
customer = env['res.partner'].create({
    'name': "Killed Customer", 'is_company': True, 'user_id': manager.id})
env['gem.crm.complaint.policy'].search([]).unlink()
env['gem.crm.complaint.policy'].create({
    'company_id': env.company.id, 'warning_hours': 1000, 'escalation': 'manager'})
complaints = env['gem.crm.complaint'].create([
    {'name': f'Killed {number}', 'partner_id': customer.id, 'user_id': handler.id}
    for number in range(120)
])
env.flush_all()
now = fields.Datetime.now()
hour = timedelta(hours=1)
for part, by in ((complaints[:60], now + hour), (complaints[60:], now - hour)):
    env.cr.execute(
        'UPDATE gem_crm_complaint SET date_acknowledge_by = %s, deadline = %s WHERE id = ANY(%s)',
        (by, by, part.ids))
env.cr.commit()
env.invalidate_all()
assert len(env['gem.crm.complaint']._alerts_due()) == 120
"""
BE_KILLED = """
import os, signal
model, method, times = type(env[%(model)r]), %(method)r, %(times)d
original, calls = getattr(model, method), []


def killed(self, *args, **kwargs):
    result = original(self, *args, **kwargs)
    calls.append(1)
    if len(calls) == times:
        os.kill(os.getpid(), signal.SIGKILL)
    return result


setattr(model, method, killed)
env['gem.crm.complaint']._cron_alert()
raise AssertionError("it was not killed")
"""
GO_ON = SEEN + """
told = consistent()
assert len(told) == DONE, len(told)
env['gem.crm.complaint']._cron_alert()
env.cr.commit()
env.invalidate_all()
told = consistent()
assert len(told) == 120 and not env['gem.crm.complaint']._alerts_due(), len(told)
env['gem.crm.complaint']._cron_alert()
assert consistent() == told
"""
# When it dies, and how many deadlines were told for good by then, in batches of fifty.
MOMENTS = {
    'nothing done': ('gem.crm.complaint', '_alerts_due', 1, 0),
    'alerts written': ('gem.crm.complaint', '_tell_deadlines', 1, 0),
    'people told': ('gem.crm.complaint', '_plan_escalated', 1, 0),
    'one batch is over': ('ir.cron', '_commit_progress', 2, 50),
    'in the second batch': ('gem.crm.complaint', '_alert', 2, 50),
    'in the last batch': ('gem.crm.complaint', '_plan_escalated', 3, 100),
    'all told': ('ir.cron', '_commit_progress', 4, 120),
}


@pytest.fixture(scope='module')
def prepared():
    """Yield the databases, and the name of one with deadlines of which nobody was told."""
    databases = databases_of_this_run()
    name = databases.name('killed_alerts')
    databases.clone(templates.with_addons(databases), name)
    try:
        databases.run_script(name, PREPARE, log='killed-alerts-prepare')
        yield databases, name
    finally:
        databases.drop(name)


@pytest.mark.parametrize('moment', MOMENTS)
def test_the_next_run_tells_the_rest(prepared, moment):
    databases, prepared_name = prepared
    model, method, times, done = MOMENTS[moment]
    name = databases.name('killed_alerts_once')
    databases.clone(prepared_name, name)
    try:
        with pytest.raises(Problem, match='-9|killed|Killed|SIGKILL'):
            databases.run_script(name, BE_KILLED % {
                'model': model, 'method': method, 'times': times}, log='killed-alerts-run')
        databases.run_script(name, f'DONE = {done}\n' + GO_ON, log='killed-alerts-go-on')
    finally:
        databases.drop(name)
