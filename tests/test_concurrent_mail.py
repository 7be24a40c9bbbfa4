"""One e-mail, delivered by several servers at the same moment, makes one complaint."""
import pytest

from devtools import templates
from devtools.testing import databases_of_this_run

DELIVER = """
import threading

def deliver(source, barrier):
    with env.registry.cursor() as cr:
        thread = env(cr=cr)['mail.thread']
        # Each has seen the database before any of them writes.
        cr.execute("SELECT 1 FROM gem_crm_complaint_delivery")
        barrier.wait()
        thread.message_process('gem.crm.complaint', source)

for head in ("Message-Id: <same@x.example>\\r\\n", ""):
    source = (head + "From: a@x.example\\r\\nTo: complaints@x.example\\r\\n"
              "Subject: Delivered thrice\\r\\n\\r\\nStill nothing").encode()
    barrier = threading.Barrier(3)
    threads = [threading.Thread(target=deliver, args=(source, barrier)) for _server in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
"""


@pytest.fixture(scope='module')
def delivered():
    databases = databases_of_this_run()
    name = databases.name('mail')
    databases.clone(templates.with_addons(databases), name)
    databases.run_script(name, DELIVER, log='concurrent-mail')
    yield lambda query: databases.server.sql(query, name)
    databases.drop(name)


def test_one_complaint_each(delivered):
    assert [['2']] == delivered(
        "SELECT count(*) FROM gem_crm_complaint WHERE name = 'Delivered thrice'")


def test_one_message_each(delivered):
    assert [['2']] == delivered(
        "SELECT count(*) FROM mail_message"
        " WHERE model = 'gem.crm.complaint' AND subject = 'Delivered thrice'"
        " AND message_type = 'email'")


def test_nothing_is_kept_aside(delivered):
    assert [['0']] == delivered("SELECT count(*) FROM gem_crm_complaint_quarantine")
