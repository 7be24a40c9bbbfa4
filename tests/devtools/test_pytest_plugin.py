"""A skip that nobody expected fails the run."""
import subprocess
import sys

from devtools.paths import ROOT

TEST = '''
import unittest

class TestBrowser(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        raise unittest.SkipTest("no browser")

    def test_tour(self):
        pass
'''


def run(folder, options=''):
    (folder / 'test_x.py').write_text(TEST)
    (folder / 'pytest.ini').write_text(f'[pytest]\n{options}\n')
    return subprocess.run(
        [sys.executable, '-m', 'pytest', '-c', folder / 'pytest.ini', '-p', 'no:odoo',
         '-p', 'devtools.pytest_plugin', '-p', 'no:cacheprovider', folder],
        cwd=ROOT, env={'PATH': '/usr/bin'}, capture_output=True, text=True,
    )


def test_unexpected_skip_fails(tmp_path):
    done = run(tmp_path)
    assert done.returncode == 1
    assert 'Unexpected skip' in done.stdout
    assert 'no browser' in done.stdout


def test_expected_skip_is_a_skip(tmp_path):
    done = run(tmp_path, 'allowed_skips = TestBrowser::test_tour: needs a browser')
    assert done.returncode == 0
    assert '1 skipped' in done.stdout
