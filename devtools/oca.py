"""Add-ons of the Odoo Community Association, fetched from the Python index when first needed.

They are kept out of the environment, where Odoo would offer them in every database.
"""
import hashlib
import re
import shutil

from . import python_env
from .paths import DEV, ROOT
from .progress import step

# What Odoo Community needs for dark colours, and what ours work or compete with.
DARK, PEERS = 'dark', 'oca'
WHEEL = re.compile(r'^odoo-addon-(\w+)==', re.MULTILINE)


def names(what=PEERS):
    """Return the names of the add-ons."""
    return WHEEL.findall(_requirements(what).read_text())


def fingerprint(what=PEERS):
    """Return a short text that changes with their versions."""
    return hashlib.sha256(_requirements(what).read_bytes()).hexdigest()[:16]


def ensure(what=PEERS):
    """Return a folder of add-ons that holds them; fetch them first if need be."""
    target = DEV / what
    # Written last: a folder without it is unfinished.
    stamp = target / 'complete'
    if not (stamp.exists() and stamp.read_text() == fingerprint(what)):
        shutil.rmtree(target, ignore_errors=True)
        with step(f"Fetching {', '.join(names(what))}"):
            python_env.install(_requirements(what), '--target', target)
        stamp.write_text(fingerprint(what))
    return target / 'odoo' / 'addons'


def _requirements(what):
    return ROOT / 'devtools' / f'requirements-{what}.txt'
