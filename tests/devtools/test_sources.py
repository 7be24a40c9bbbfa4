"""What ./dev reads from the add-ons' files."""
import pytest

from devtools import addons
from devtools.commands import test as test_command


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A repository with a core add-on and a bridge."""
    monkeypatch.setattr(addons, 'ROOT', tmp_path)
    for name, depends in (('gem_crm', ['mail', 'account']), ('gem_crm_sale', ['gem_crm', 'sale'])):
        (tmp_path / name / 'models').mkdir(parents=True)
        (tmp_path / name / 'tests').mkdir()
        (tmp_path / name / '__manifest__.py').write_text(repr({'depends': depends}))
    (tmp_path / 'docs').mkdir()
    return tmp_path


@pytest.fixture
def with_bridge(repository, monkeypatch):
    """The same with a bridge to an add-on of others."""
    monkeypatch.setattr(test_command, 'ROOT', repository)
    (repository / 'gem_crm_helpdesk' / 'tests').mkdir(parents=True)
    (repository / 'gem_crm_helpdesk' / '__manifest__.py').write_text(
        repr({'depends': ['gem_crm', 'helpdesk_mgmt']}))
    return repository


def test_names_are_those_of_the_folders_with_a_manifest(repository):
    assert addons.names() == ['gem_crm', 'gem_crm_sale']


def test_dependencies_are_those_of_others(repository):
    assert addons.dependencies() == ['account', 'mail', 'sale']


def test_fingerprint_changes_with_what_goes_into_a_database(repository):
    before = addons.fingerprint(addons.names())
    (repository / 'gem_crm' / 'models' / 'note.py').write_text('a = 1')
    assert addons.fingerprint(addons.names()) != before


def test_fingerprint_changes_when_a_file_is_renamed(repository):
    (repository / 'gem_crm' / 'models' / 'note.py').write_text('a = 1')
    before = addons.fingerprint(addons.names())
    (repository / 'gem_crm' / 'models' / 'note.py').rename(repository / 'gem_crm' / 'note.py')
    assert addons.fingerprint(addons.names()) != before


def test_fingerprint_does_not_change_with_a_test(repository):
    before = addons.fingerprint(addons.names())
    (repository / 'gem_crm' / 'tests' / 'test_note.py').write_text('a = 1')
    assert addons.fingerprint(addons.names()) == before


def test_bridge_to_an_addon_of_others_stands_apart(with_bridge):
    assert addons.plain() == ['gem_crm', 'gem_crm_sale']
    assert addons.bridges() == ['gem_crm_helpdesk']
    assert addons.dependencies() == ['account', 'mail', 'sale']


@pytest.mark.parametrize('words, main_run, bridge_run', [
    ([], ['gem_crm/tests', 'gem_crm_sale/tests', 'tests'], ['gem_crm_helpdesk/tests']),
    (['-k', 'note'], ['-k', 'note', 'gem_crm/tests', 'gem_crm_sale/tests', 'tests'],
     ['-k', 'note', 'gem_crm_helpdesk/tests']),
    (['gem_crm/tests'], ['gem_crm/tests'], None),
    (['gem_crm_helpdesk/tests', '-x'], None, ['-x', 'gem_crm_helpdesk/tests']),
    (['gem_crm/tests', 'gem_crm_helpdesk/tests'], ['gem_crm/tests'], ['gem_crm_helpdesk/tests']),
])
def test_each_chosen_test_runs_where_its_addon_is(with_bridge, words, main_run, bridge_run):
    runs = {tuple(names): arguments for _template, names, arguments in test_command._runs(words)}
    assert runs.get(('gem_crm', 'gem_crm_sale')) == main_run
    assert runs.get(('gem_crm_helpdesk',)) == bridge_run
