"""Variables of notes on a server of two processes, among many notes: nobody waits or misses one."""
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from devtools import templates
from devtools.server import Serving, free_port
from devtools.testing import databases_of_this_run

VARIABLE = 'gem.crm.variable'
NOTE = 'gem.crm.note'
# A table too large to be indexed at once: few notes, each as long as a row can be.
MANY_NOTES = """
    SET enable_seqscan = off;
    INSERT INTO gem_crm_note
    SELECT (jsonb_populate_record(NULL::gem_crm_note, to_jsonb(note) || jsonb_build_object(
                'id', nextval('gem_crm_note_id_seq'), 'reference', NULL, 'event_id', NULL,
                'outcome', repeat(md5(n::text), 45)))).*
      FROM (SELECT * FROM gem_crm_note ORDER BY id LIMIT 1) AS note, generate_series(1, 6000) AS n
"""
# The process ends right after the variable is there, before its index is.
CRASH = """
import os
from odoo.addons.gem_crm.models import gem_crm_note_variable_index
gem_crm_note_variable_index._execute_outside = lambda *_arguments: os._exit(0)
env['gem.crm.variable'].create({'name': "Interrupted", 'type': 'dropdown'})
env.cr.commit()
"""
NIGHT = """
env['gem.crm.note']._make_missing_indexes()
env.cr.commit()
"""


class Server:
    """Two processes that serve a database with many notes."""

    def __init__(self, databases, name, serving):
        self.databases, self.name = databases, name
        self._serving = serving
        self._cookies = {login: self._login(login) for login in ('diane', 'chloe')}

    def _login(self, login):
        answer = requests.post(f'{self._serving.url}/web/session/authenticate', json={
            'params': {'db': self.name, 'login': login, 'password': login}}, timeout=120)
        assert answer.json()['result']['uid']
        return answer.cookies

    def call(self, login, model, method, *args, **kwargs):
        """Call a method on a connection of its own, which either process may answer.

        :return: what it returned, or the sentence by which it was refused
        """
        answer = requests.post(
            f'{self._serving.url}/web/dataset/call_kw/{model}/{method}',
            json={'params': {'model': model, 'method': method, 'args': args, 'kwargs': kwargs}},
            cookies=self._cookies[login], timeout=120,
        ).json()
        return answer['result'] if 'result' in answer else answer['error']['data']['message']

    def at_once(self, *calls):
        """Return the results of these calls, made in the same moment."""
        with ThreadPoolExecutor(len(calls)) as pool:
            return list(pool.map(lambda arguments: self.call(*arguments), calls))

    def sql(self, query):
        return self.databases.server.sql(query, self.name)

    def processes(self):
        """Return the numbers of the processes that answered calls."""
        return set(re.findall(
            r'^\S+ \S+ (\d+) INFO \S+ werkzeug: .*call_kw', self._serving.log.read_text(), re.M))

    def is_indexed(self, column):
        """Whether the index of a column is there and whole, and its foreign key checked."""
        whole = self.sql(f"""
            SELECT 1 FROM pg_index
             WHERE indexrelid = to_regclass('gem_crm_note_{column}_idx') AND indisvalid
        """)
        unchecked = self.sql(f"""
            SELECT 1 FROM pg_constraint
             WHERE conname = 'gem_crm_note_{column}_fkey' AND NOT convalidated
        """)
        return bool(whole) and not unchecked


@pytest.fixture(scope='module')
def server():
    databases = databases_of_this_run()
    name = databases.name('workers')
    databases.clone(templates.with_addons(databases), name)
    databases.server.sql(MANY_NOTES, name)
    with Serving(databases, name, workers=2, gevent_port=free_port()) as serving:
        yield Server(databases, name, serving)
    databases.drop(name)


def test_variable_is_known_to_both_processes_at_once(server):
    # Both have read the notes' fields before.
    server.at_once(*[('chloe', NOTE, 'fields_get', ['name'])] * 12)
    [variable_id] = server.call(
        'diane', VARIABLE, 'create', [{'name': "Region", 'type': 'dropdown'}])
    described = server.at_once(*[('chloe', NOTE, 'fields_get', ['x_gem_region'])] * 12)
    assert [list(fields) for fields in described] == [['x_gem_region']] * 12
    assert len(server.processes()) == 2
    assert server.is_indexed('x_gem_region')

    server.call('diane', VARIABLE, 'write', [variable_id], {'name': "Area"})
    labels = server.at_once(*[('chloe', NOTE, 'fields_get', ['x_gem_region'], ['string'])] * 12)
    assert {fields['x_gem_region']['string'] for fields in labels} == {"Area"}

    server.call('diane', VARIABLE, 'unlink', [variable_id])
    described = server.at_once(*[('chloe', NOTE, 'fields_get', ['x_gem_region'])] * 12)
    assert described == [{}] * 12


def test_two_administrators_add_variables_in_the_same_moment(server):
    results = server.at_once(*[
        ('diane', VARIABLE, 'create', [{'name': name, 'type': kind}])
        for name, kind in (("East", 'currency'), ("West", 'dropdown'))
    ])
    assert [type(result) for result in results] == [list, list], results
    for column in ('x_gem_east', 'x_gem_west'):
        assert server.is_indexed(column)
        assert column in server.call('chloe', NOTE, 'fields_get', [column])


def test_two_administrators_add_the_same_variable(server):
    results = server.at_once(*[('diane', VARIABLE, 'create', [{'name': "Same"}])] * 2)
    [refused] = [result for result in results if isinstance(result, str)]
    assert "already" in refused
    assert server.sql("SELECT count(*) FROM gem_crm_variable WHERE field_name LIKE 'x_gem_same%'") \
        == [['1']]


def test_two_administrators_change_the_same_status(server):
    [status] = server.call('diane', 'gem.crm.status', 'search', [('state', '=', 'waiting')], 0, 1)
    colors = ('#AA0000', '#00AA00')
    results = server.at_once(*[
        ('diane', 'gem.crm.status', 'write', [status], {'background_color': color})
        for color in colors
    ])
    assert results == [True, True]
    [[color]] = server.sql(f"SELECT background_color FROM gem_crm_status WHERE id = {status}")
    assert color in colors


def test_variable_whose_index_was_not_made_works_and_gets_it_by_night(server):
    server.databases.run_script(server.name, CRASH, log='workers-crash')
    assert not server.is_indexed('x_gem_interrupted')
    page = server.call(
        'chloe', NOTE, 'web_search_read', [], {'name': {}}, 0, 80, 'x_gem_interrupted ASC')
    assert len(page['records']) == 80
    server.databases.run_script(server.name, NIGHT, log='workers-night')
    assert server.is_indexed('x_gem_interrupted')
