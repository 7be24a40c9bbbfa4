"""All that a command works with, fetched and started."""
import shutil
from contextlib import contextmanager

from . import locks, odoo, postgres, python_env
from .database import Databases
from .errors import DISK_FULL
from .paths import DEV

NEEDED_GB = 4


@contextmanager
def databases():
    """Give the databases of this checkout while the block runs."""
    _python, found = prepare()
    with postgres.running() as server:
        yield Databases(server, found)


def prepare():
    """Return the Python and the Odoo to work with; the first time, fetch them."""
    with locks.waiting_for('setup'):
        if not odoo.TREE.exists() and shutil.disk_usage(DEV).free < NEEDED_GB * 1024**3:
            raise DISK_FULL
        odoo.given()  # a wrong path is told before minutes are spent on the rest
        python = python_env.ensure()
        return python, odoo.find(python)
