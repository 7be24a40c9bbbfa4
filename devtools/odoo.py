"""The Odoo to work with: the one of ODOO_PATH, else Debian's package, unpacked here."""
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from . import debian
from .errors import Problem
from .paths import DEV
from .process import clean_env
from .progress import step

SERIES = '19.0'
TREE = DEV / 'odoo'
PACKAGES = [
    'odoo-19',
    # Files that odoo-19 links to.
    'fonts-glyphicons-halflings',
    'fonts-montserrat',
    'fonts-ocr-b',
    'fonts-roboto-unhinted',
    'libjs-jquery',
    'libjs-jquery-form',
    'libjs-underscore',
    # The linked files have left these two after Debian 13.
    'fonts-font-awesome/trixie',
    'fonts-inconsolata/trixie',
]
SUITES = ['sid', 'trixie']
# Translations are most of the package's size: keep French ones only.
EXCLUDED = ['*/i18n/[!f]*.po', '*/i18n/f[!r]*.po']
# Stripped from Debian's package; its absence makes the web client log an error in every tour.
STUB = 'odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js'


@dataclass
class Odoo:
    """A tree of Odoo's sources and the Python that runs it."""

    path: Path  # the folder that holds the package `odoo`
    python: Path

    @property
    def release(self):
        """The version that the sources say they are."""
        text = (self.path / 'odoo' / 'release.py').read_text()
        version = re.search(r'^version_info = \((\d+), (\d+), (\d+)', text, re.MULTILINE)
        return '.'.join(version.groups()) if version else "an unknown version"

    def command(self, *words):
        """Return the command line of `odoo WORDS`."""
        return [str(self.python), '-m', 'odoo', *map(str, words)]

    def addon(self, name):
        """Return the folder of one of Odoo's own add-ons."""
        # Those of a source checkout are beside the package, all but base's.
        folders = [self.path / 'odoo' / 'addons' / name, self.path / 'addons' / name]
        return next(folder for folder in folders if folder.exists())

    def env(self, **changes):
        """Return the environment in which Odoo runs."""
        return clean_env(
            PYTHONPATH=self.path, PYTHONPYCACHEPREFIX=DEV / 'pycache', **changes,
        )


def find(python):
    """Return the Odoo to work with; fetch it first if need be."""
    odoo = Odoo(given() or _debian(), python)
    if not odoo.release.startswith(f'{SERIES}.'):
        raise Problem(
            f"gem_crm is for Odoo {SERIES}; ODOO_PATH holds {odoo.release}.",
            f"Set it to a checkout of Odoo's branch {SERIES}, or unset it.",
        )
    return odoo


def given():
    """Return where the package `odoo` is that ODOO_PATH leads to, None where it is not set."""
    if not (chosen := os.environ.get('ODOO_PATH')):
        return None
    folder = Path(chosen).expanduser().resolve()
    for path in (folder, folder.parent):
        if (path / 'odoo' / 'release.py').exists():
            return path
    raise Problem(
        f"There is no Odoo in ODOO_PATH ({folder}).",
        "Set it to a checkout of Odoo's branch 19.0 or to an installed package `odoo`.",
    )


def _debian():
    """Return the folder of Debian's Odoo, unpacked in this checkout."""
    path = TREE / 'usr/lib/python3/dist-packages'
    if not TREE.exists():
        packages = DEV / 'packages'
        with step("Fetching Odoo 19 (130 MB)"):
            debian.download(SUITES, PACKAGES, packages)
        with step("Unpacking Odoo"):
            _unpack(packages)
        shutil.rmtree(packages)
    return path


def _unpack(packages):
    """Unpack into a folder that takes its name only when it is complete."""
    part = TREE.with_suffix('.part')
    shutil.rmtree(part, ignore_errors=True)
    for package in packages.glob('*.deb'):
        debian.unpack(package, part, EXCLUDED)
    stub = part / 'usr/lib/python3/dist-packages' / STUB
    stub.parent.mkdir(parents=True, exist_ok=True)
    stub.touch()
    part.rename(TREE)
