"""Which Odoo ODOO_PATH leads to."""
import pytest

from devtools import odoo
from devtools.errors import Problem


@pytest.fixture
def checkout(tmp_path):
    """Make the folders of a source checkout: most add-ons are beside the package."""
    (tmp_path / 'odoo' / 'addons' / 'base').mkdir(parents=True)
    (tmp_path / 'addons' / 'account').mkdir(parents=True)
    (tmp_path / 'odoo' / 'release.py').write_text("version_info = (19, 0, 0, FINAL, 0, '')\n")
    return tmp_path


@pytest.mark.parametrize('folder', ['', 'odoo'])
def test_checkout_or_the_package_in_it(checkout, monkeypatch, folder):
    monkeypatch.setenv('ODOO_PATH', str(checkout / folder))
    found = odoo.find('python')
    assert found.path == checkout
    assert found.release == '19.0.0'
    assert found.addon('account') == checkout / 'addons' / 'account'
    assert found.addon('base') == checkout / 'odoo' / 'addons' / 'base'


def test_folder_without_odoo_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv('ODOO_PATH', str(tmp_path))
    with pytest.raises(Problem) as caught:
        odoo.given()
    assert str(tmp_path) in caught.value.sentence


def test_odoo_of_another_series_is_told(checkout, monkeypatch):
    (checkout / 'odoo' / 'release.py').write_text("version_info = (18, 0, 0, FINAL, 0, '')\n")
    monkeypatch.setenv('ODOO_PATH', str(checkout))
    with pytest.raises(Problem) as caught:
        odoo.find('python')
    assert '18.0.0' in caught.value.sentence
