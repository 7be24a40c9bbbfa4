"""Chromium, for tours and screenshots."""
import shutil

from . import debian

NAMES = ['google-chrome', 'chromium', 'chromium-browser', 'google-chrome-stable']


def ensure():
    """Return the path of a Chromium or Chrome; install one if there is none."""
    if not (found := find()):
        debian.install('chromium', "Tours and screenshots need Chromium, which is not here.")
        found = find()
    return found


def find():
    """Return the path of a Chromium or Chrome, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)
