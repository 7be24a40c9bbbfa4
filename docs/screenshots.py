"""The pictures that the documentation shows; `./dev screenshots` takes them."""
from pathlib import Path

IMAGES = Path(__file__).parent / 'images'


def take(browser):
    """Take all pictures with a browser on a fresh demo database."""
    browser.login('amelie', lang='fr_CA')
    browser.open('/odoo/contacts')
    browser.click("Librairie des Érables")
    browser.click('a[name=gem_follow_up]')
    browser.picture(IMAGES / 'follow-up.png')
