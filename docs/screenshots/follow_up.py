"""The pictures of the Follow-up tab."""


def take(browser, lang, images):
    """Take the pictures of this chapter in one language."""
    browser.login('amelie', lang=lang)
    browser.open('/odoo/contacts')
    browser.click("Librairie des Érables")
    browser.click('a[name=gem_follow_up]')
    browser.picture(images / 'follow-up.png')
