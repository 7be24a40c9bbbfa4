"""The virtual environment: Odoo's requirements, pytest and the linters, all pinned."""
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from . import debian
from .errors import Problem
from .paths import DEV, ROOT
from .process import clean_env, run
from .progress import step

VENV = DEV / 'venv'
PYTHON = VENV / 'bin' / 'python'
REQUIREMENTS = ROOT / 'devtools' / 'requirements.txt'
# The lock is complete and in wheels: nothing to resolve, nothing to compile.
INSTALL = ['install', '--no-deps', '--only-binary', ':all:', '--requirement']


def fingerprint():
    """Return what the environment is made from, as a short text."""
    content = REQUIREMENTS.read_bytes() + sys.version.encode()
    return hashlib.sha256(content).hexdigest()[:16]


def ensure():
    """Return the environment's Python; make the environment first if need be."""
    # Written last: an environment without it is unfinished.
    stamp = VENV / 'complete'
    if not (stamp.exists() and stamp.read_text() == fingerprint()):
        shutil.rmtree(VENV, ignore_errors=True)
        with step(f"Making a virtual environment for Python {sys.version.split()[0]}"):
            _make()
        with step("Installing Python requirements"):
            install(REQUIREMENTS)
        stamp.write_text(fingerprint())
    return PYTHON


def install(requirements, *options):
    """Install a requirements file with uv, which is ten times faster; else with pip."""
    try:
        pip('install', '--constraint', REQUIREMENTS, 'uv')
        env = clean_env(VIRTUAL_ENV=VENV, UV_CACHE_DIR=DEV / 'cache' / 'uv')
        run([PYTHON, '-m', 'uv', 'pip', *INSTALL, requirements, *options], log='uv', env=env)
    except Problem:
        # An index that only pip's configuration knows.
        pip(*INSTALL, requirements, *options)


def pip(*words):
    """Run the environment's pip."""
    env = clean_env(PIP_CACHE_DIR=DEV / 'cache' / 'pip')
    run([PYTHON, '-m', 'pip', '--no-input', *words], log='pip', env=env)


def site_packages():
    """Return where the environment's packages are."""
    version = f'python{sys.version_info[0]}.{sys.version_info[1]}'
    return Path(VENV, 'lib', version, 'site-packages')


def make_importable():
    """Let this process import the environment's packages."""
    sys.path.append(str(site_packages()))


def _make():
    """Make the empty environment."""
    if subprocess.call([sys.executable, '-c', 'import ensurepip, venv'], stderr=subprocess.DEVNULL):
        debian.install('python3-venv', "This Python cannot make virtual environments.")
    run([sys.executable, '-m', 'venv', VENV], log='venv', env=clean_env())
