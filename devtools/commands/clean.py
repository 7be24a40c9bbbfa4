"""Stop what an interrupted command left, and remove all that ./dev has made."""
import shutil

from .. import locks, private_postgres
from ..paths import DEV
from ..progress import step


def add_arguments(_parser):
    pass


def main(_args):
    if not DEV.exists():
        return
    with locks.alone('run'), locks.alone('test'), step(f"Removing {DEV}"):
        private_postgres.remove()
        shutil.rmtree(DEV)
