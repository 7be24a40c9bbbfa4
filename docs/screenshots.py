"""The pictures that the documentation shows; `./dev screenshots` takes them."""
from pathlib import Path

IMAGES = Path(__file__).parent / 'images'


def take(browser):
    """Take all pictures with a browser on a fresh demo database."""
    browser.login('admin', lang='fr_FR')
    browser.open('/odoo/contacts')
    browser.click("Azure Interior")
    browser.click("Suivi")
    browser.picture(IMAGES / 'follow-up.png')
