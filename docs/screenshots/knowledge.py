"""The pictures of what is known of customers."""


def take(browser, lang, images):
    """Take the pictures of this chapter in one language."""
    browser.login('chloe', lang=lang)
    browser.open('/odoo/customer-follow-up')
    browser.click('.o_facet_remove')
    browser.click("Librairie des Érables")
    browser.wait('.o_gem_crm_habits table')
    browser.picture(images / 'knowledge-habits.png')

    browser.open('/odoo/crm-due')
    browser.click('.o_facet_remove')
    browser.picture(images / 'knowledge-due.png')

    browser.open('/odoo/crm-rfm')
    browser.wait('.o_gem_crm_rfm')
    browser.picture(images / 'knowledge-rfm.png')

    browser.open('/odoo/crm-abc')
    browser.wait('.o_gem_crm_curve')
    browser.picture(images / 'knowledge-abc.png')

    browser.open('/odoo/crm-finder')
    browser.click('.o_gem_crm_finder_products input')
    browser.click('.o-autocomplete--dropdown-item')
    browser.wait('.o_gem_crm_finder_table')
    browser.picture(images / 'knowledge-finder.png')
