"""The PostgreSQL to work with: the one of the PG* variables, else one private to the checkout."""
import hashlib
import os
import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import locks
from .errors import Problem
from .paths import ROOT
from .private_postgres import PrivateServer
from .process import clean_env

OLDEST = 13
CHOSEN_BY = ('PGHOST', 'PGHOSTADDR', 'PGPORT', 'PGSERVICE')


@dataclass
class Server:
    """A PostgreSQL that answers: the environment that reaches it, and its psql."""

    psql: str
    env: dict
    prefix: str = ''  # of our databases' names, where they are not alone

    def sql(self, query, database='postgres'):
        """Run ``query``; return its rows, each a list of texts."""
        command = [self.psql, '-XAtqw', '-F', '\t', '-v', 'ON_ERROR_STOP=1', '-d', database]
        done = subprocess.run(
            command, input=query, env=self.env, capture_output=True, text=True,
        )
        if done.returncode:
            raise Problem(
                f"PostgreSQL refuses: {done.stderr.strip()}",
                "Check the PG* variables if you use your own server; it needs the right to "
                "create databases. Else `./dev clean` starts afresh.",
            )
        return [line.split('\t') for line in done.stdout.splitlines()]


@contextmanager
def running():
    """Give a server while the block runs; the private one stops with its last user."""
    if any(name in os.environ for name in CHOSEN_BY):
        yield _given()
        return
    with locks.waiting_for('setup'):
        private = PrivateServer(_programs())
    with locks.sharing('postgres', last_one=private.stop):
        with locks.waiting_for('setup'):
            private.start()
        yield Server(str(private.programs / 'psql'), private.env())


def _given():
    """Return the server that the PG* variables lead to."""
    checkout = hashlib.sha256(str(ROOT).encode()).hexdigest()[:6]
    if not (psql := shutil.which('psql')):
        raise Problem(
            "PostgreSQL's command psql is not here, and PG* variables choose your own server.",
            "Install the package postgresql-client; or unset them to use a private server.",
        )
    server = Server(psql, clean_env(), prefix=f'gem_crm_{checkout}_')
    [[version, user]] = server.sql("SELECT current_setting('server_version_num'), current_user")
    if int(version) < OLDEST * 10000:
        raise Problem(
            f"Odoo 19 needs PostgreSQL {OLDEST} or newer; this one says {version}.",
            "Unset the PG* variables to use a private one.",
        )
    if user == 'postgres':
        raise Problem(
            "Odoo refuses to work as PostgreSQL's user postgres.",
            "Create another one (`createuser --createdb NAME`) and set PGUSER to it.",
        )
    return server


def _programs():
    """Return the folder of the machine's initdb, pg_ctl and psql; None if there is none."""
    if given := os.environ.get('GEM_PGBIN'):
        if not _complete(Path(given)):
            raise Problem(
                f"There is no PostgreSQL in GEM_PGBIN ({given}).",
                "Set it to the folder that holds initdb, pg_ctl, postgres and psql, or unset it.",
            )
        return Path(given)
    on_path = map(Path, os.get_exec_path())
    # Debian keeps them out of the path.
    debian = sorted(Path('/usr/lib/postgresql').glob('*/bin'), key=_version, reverse=True)
    for folder in (*on_path, *debian):
        if _complete(folder) and _version(folder) >= OLDEST:
            return folder
    return None


def _complete(folder):
    # Not Path.exists, which fails in folders that are closed to this user.
    programs = ('initdb', 'pg_ctl', 'postgres', 'psql')
    return all(os.access(folder / name, os.X_OK) for name in programs)


def _version(folder):
    """Return the major version of the PostgreSQL in ``folder``, 0 if it has none."""
    if not _complete(folder):
        return 0
    text = subprocess.run([folder / 'postgres', '--version'], capture_output=True, text=True)
    return int(text.stdout.split()[2].split('.')[0])
