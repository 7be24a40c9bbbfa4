"""Take the pictures that the documentation shows, with docs/screenshots.py."""
import runpy

from ..paths import ROOT
from .shot import demo_server


def add_arguments(_parser):
    pass


def main(_args):
    with demo_server() as server:
        # Not before the virtual environment is there.
        from ..browser import Browser
        with Browser(server.url) as browser:
            runpy.run_path(str(ROOT / 'docs' / 'screenshots.py'))['take'](browser)
