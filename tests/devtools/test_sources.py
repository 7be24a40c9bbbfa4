"""What ./dev reads from the add-ons' files."""
import pytest

from devtools import addons
from devtools.commands import test as test_command


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A repository with a core add-on and one that needs no more than that."""
    monkeypatch.setattr(addons, 'ROOT', tmp_path)
    for name, depends in (('gem_crm', ['mail', 'account']), ('gem_crm_mail', ['gem_crm', 'mail'])):
        (tmp_path / name / 'models').mkdir(parents=True)
        (tmp_path / name / 'tests').mkdir()
        (tmp_path / name / '__manifest__.py').write_text(repr({'depends': depends}))
    (tmp_path / 'docs').mkdir()
    return tmp_path


@pytest.fixture
def with_bridge(repository, monkeypatch):
    """The same with a bridge to another add-on."""
    monkeypatch.setattr(test_command, 'ROOT', repository)
    (repository / 'gem_crm_helpdesk' / 'tests').mkdir(parents=True)
    (repository / 'gem_crm_helpdesk' / '__manifest__.py').write_text(
        repr({'depends': ['gem_crm', 'helpdesk_mgmt']}))
    return repository


def test_names_are_those_of_the_folders_with_a_manifest(repository):
    assert addons.names() == ['gem_crm', 'gem_crm_mail']


def test_dependencies_are_those_of_others(repository):
    assert addons.dependencies() == ['account', 'mail']


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


def test_bridge_to_another_addon_stands_apart(with_bridge):
    assert addons.plain() == ['gem_crm', 'gem_crm_mail']
    assert addons.bridges() == ['gem_crm_helpdesk']
    assert addons.dependencies() == ['account', 'mail']


@pytest.mark.parametrize('words, main_run, bridge_run', [
    ([], ['gem_crm/tests', 'gem_crm_mail/tests', 'tests'], ['gem_crm_helpdesk/tests']),
    (['-k', 'note'], ['-k', 'note', 'gem_crm/tests', 'gem_crm_mail/tests', 'tests'],
     ['-k', 'note', 'gem_crm_helpdesk/tests']),
    (['gem_crm/tests'], ['gem_crm/tests'], None),
    (['gem_crm_helpdesk/tests', '-x'], None, ['-x', 'gem_crm_helpdesk/tests']),
    (['gem_crm/tests', 'gem_crm_helpdesk/tests'], ['gem_crm/tests'], ['gem_crm_helpdesk/tests']),
])
def test_each_chosen_test_runs_where_its_addon_is(with_bridge, words, main_run, bridge_run):
    runs = {tuple(names): arguments for _template, names, arguments in test_command._runs(words)}
    assert runs.get(('gem_crm', 'gem_crm_mail')) == main_run
    assert runs.get(('gem_crm_helpdesk',)) == bridge_run
