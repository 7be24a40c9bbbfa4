"""What ./dev says when something is missing or in the way."""
import socket
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import pytest

from devtools import locks, postgres, process
from devtools.errors import DISK_FULL, NO_NETWORK, Problem, known_cause
from devtools.paths import ROOT
from devtools.server import check_port, free_port


@pytest.mark.parametrize('output', [
    "E: Failed to fetch http://mirror/x  Temporary failure resolving 'mirror'",
    "Could not connect to 127.0.0.1:9 (127.0.0.1). - connect (111: Connection refused)",
    "NewConnectionError: Failed to establish a new connection: [Errno 101]",
    "error: error sending request for url: dns error: failed to lookup address",
])
def test_network_is_recognised(output):
    assert known_cause(output) is NO_NETWORK


def test_full_disk_is_recognised():
    assert known_cause("tar: x: Cannot write: No space left on device") is DISK_FULL


def test_other_failures_have_no_known_cause():
    assert known_cause("ParseError: while parsing res_partner_views.xml:12") is None


def test_path_may_hold_folders_that_are_closed_to_this_user(tmp_path, monkeypatch):
    # as that of root does, which sudo passes on
    monkeypatch.setattr(Path, 'exists', Mock(side_effect=PermissionError))
    monkeypatch.setenv('PATH', str(tmp_path))
    assert not postgres._complete(tmp_path)


def test_port_in_use_is_told_with_another_one():
    with socket.socket() as taken:
        taken.bind(('127.0.0.1', 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Problem) as caught:
            check_port(port)
    assert str(port) in caught.value.sentence
    assert f'--port {port + 1}' in caught.value.what_to_do


def test_free_port_is_not_refused():
    check_port(free_port())


def test_failed_program_shows_the_end_of_what_it_said(tmp_path, monkeypatch):
    monkeypatch.setattr(process, 'LOG', tmp_path)
    with pytest.raises(Problem) as caught:
        process.run([sys.executable, '-c', 'print("about to"); exit(3)'], log='failing')
    assert 'about to' in caught.value.sentence
    assert 'code 3' in caught.value.sentence
    assert str(tmp_path / 'failing.log') in caught.value.what_to_do


def test_environment_of_children_keeps_byte_code(monkeypatch):
    monkeypatch.setenv('PYTHONDONTWRITEBYTECODE', '1')
    monkeypatch.setenv('HELLO', 'world')
    env = process.clean_env(PGPORT=5432, HELLO=None)
    assert 'PYTHONDONTWRITEBYTECODE' not in env
    assert 'HELLO' not in env
    assert env['PGPORT'] == '5432'


def test_second_command_is_refused_while_the_first_runs(tmp_path, monkeypatch):
    monkeypatch.setattr(locks, 'DEV', tmp_path)
    with locks.alone('run'):
        with pytest.raises(Problem):
            with locks.alone('run'):
                pass
    with locks.alone('run'):
        pass


def test_last_user_turns_out_the_light(tmp_path, monkeypatch):
    monkeypatch.setattr(locks, 'DEV', tmp_path)
    left = []
    with locks.sharing('server', last_one=lambda: left.append('first')):
        with locks.sharing('server', last_one=lambda: left.append('second')):
            pass
        assert left == []
    assert left == ['first']


def test_wrong_python_is_told_before_anything_else():
    script = (
        "import runpy, sys\n"
        "sys.version_info = (3, 9, 2, 'final', 0)\n"
        f"runpy.run_path({str(ROOT / 'dev')!r})\n"
    )
    done = subprocess.run([sys.executable, '-c', script], capture_output=True, text=True)
    assert done.returncode == 1
    assert 'this is Python 3.9' in done.stderr
    assert 'python3.12' in done.stderr
