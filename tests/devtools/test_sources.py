"""What ./dev reads from the add-ons' files."""
import pytest

from devtools import addons


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


def test_names_are_those_of_the_folders_with_a_manifest(repository):
    assert addons.names() == ['gem_crm', 'gem_crm_sale']


def test_dependencies_are_those_of_others(repository):
    assert addons.dependencies() == ['account', 'mail', 'sale']


def test_fingerprint_changes_with_what_goes_into_a_database(repository):
    before = addons.fingerprint()
    (repository / 'gem_crm' / 'models' / 'note.py').write_text('a = 1')
    assert addons.fingerprint() != before


def test_fingerprint_changes_when_a_file_is_renamed(repository):
    (repository / 'gem_crm' / 'models' / 'note.py').write_text('a = 1')
    before = addons.fingerprint()
    (repository / 'gem_crm' / 'models' / 'note.py').rename(repository / 'gem_crm' / 'note.py')
    assert addons.fingerprint() != before


def test_fingerprint_does_not_change_with_a_test(repository):
    before = addons.fingerprint()
    (repository / 'gem_crm' / 'tests' / 'test_note.py').write_text('a = 1')
    assert addons.fingerprint() == before
