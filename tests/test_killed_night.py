"""The night pass, killed by the system in the middle: the next run finishes what it began."""
import pytest

from devtools import templates
from devtools.errors import Problem
from devtools.testing import databases_of_this_run

# All figures, to compare; not the ids of habits, which may be other ones.
SEEN = """
def seen():
    env.cr.execute('''
        SELECT to_jsonb(profile) - 'computed_on' - 'id' FROM gem_crm_profile profile
         ORDER BY partner_id, company_id
    ''')
    profiles = env.cr.fetchall()
    env.cr.execute('''
        SELECT to_jsonb(habit) - 'id' FROM gem_crm_habit habit
         ORDER BY partner_id, company_id, kind, product_id, categ_id
    ''')
    return profiles, env.cr.fetchall()


def marks():
    return env['gem.crm.profile.mark'].search_count([])
"""
COMPUTE = SEEN + """
import pickle
for night in range(2):
    env['gem.crm.profile']._cron_refresh_everybody()
    env.cr.commit()
    env['gem.crm.profile']._cron_refresh_marked()
    env.cr.commit()
assert not marks()
profiles, habits = seen()
assert len(profiles) > 20 and len(habits) > 5, (len(profiles), len(habits))
env['ir.config_parameter'].set_param('test.seen', pickle.dumps((profiles, habits)).hex())
env.cr.commit()
"""
# Wrong figures, which the night would put right; the process ends itself within.
BE_KILLED = SEEN + """
import os, signal
from odoo.addons.gem_crm.models import gem_crm_profile
gem_crm_profile.BATCH_SIZE = 10
env.cr.execute("UPDATE gem_crm_profile SET revenue = 7, product_count = 99, abc = NULL")
env.cr.execute("DELETE FROM gem_crm_habit")
env['gem.crm.profile']._cron_refresh_everybody()
env.cr.commit()
model, method, times = type(env[%(model)r]), %(method)r, %(times)d
original, calls = getattr(model, method), []


def killed(self, *args, **kwargs):
    result = original(self, *args, **kwargs)
    calls.append(1)
    if len(calls) == times:
        os.kill(os.getpid(), signal.SIGKILL)
    return result


setattr(model, method, killed)
env['gem.crm.profile']._cron_refresh_marked()
raise AssertionError("it was not killed")
"""
GO_ON = SEEN + """
import pickle
assert marks(), "the killed run has lost its marks"
profiles, habits = seen()
# each customer is as before or as after, in all figures at once
right = dict(((row['partner_id'], row['company_id']), row) for [row] in pickle.loads(
    bytes.fromhex(env['ir.config_parameter'].get_param('test.seen')))[0])
for [row] in profiles:
    done = row['product_count'] != 99
    assert row['revenue'] == (right[row['partner_id'], row['company_id']]['revenue']
                              if done else 7), row
env['gem.crm.profile']._cron_refresh_marked()
env.cr.commit()
assert not marks()
before = pickle.loads(bytes.fromhex(env['ir.config_parameter'].get_param('test.seen')))
for was, now in zip(before, seen(), strict=True):
    assert len(was) == len(now), (len(was), len(now))
    for [old], [new] in zip(was, now, strict=True):
        # the class went and came back, which is what its history says
        for column in ('abc_previous', 'abc_since'):
            old.pop(column, None), new.pop(column, None)
        assert old == new, (old, new)
"""
MOMENTS = {
    'figures': ('gem.crm.profile', '_write_figures', 2),
    'habits': ('gem.crm.habit', '_write_habits', 3),
    'ranks': ('gem.crm.profile.scale', '_learn', 1),
}


@pytest.fixture(scope='module')
def computed():
    """Yield the databases, and the name of one whose figures are computed."""
    databases = databases_of_this_run()
    name = databases.name('killed_night')
    databases.clone(templates.with_addons(databases), name)
    try:
        databases.run_script(name, COMPUTE, log='killed-compute')
        yield databases, name
    finally:
        databases.drop(name)


@pytest.mark.parametrize('moment', MOMENTS)
def test_the_next_run_finishes(computed, moment):
    databases, name = computed
    model, method, times = MOMENTS[moment]
    with pytest.raises(Problem, match='-9|killed|Killed|SIGKILL'):
        databases.run_script(name, BE_KILLED % {
            'model': model, 'method': method, 'times': times}, log='killed-run')
    databases.run_script(name, GO_ON, log='killed-go-on')
