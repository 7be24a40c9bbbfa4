"""The pictures of the chapter on complaints."""


def take(browser, lang, images):
    """Take the pictures of this chapter in one language."""
    browser.login('chloe', lang=lang)
    browser.open('/odoo/complaints')
    browser.picture(images / 'complaints.png')
    browser.click("Boutique du Musée de la Marée")
    browser.picture(images / 'complaint.png')
    browser.click('a[name=measures]')
    browser.picture(images / 'complaint-measures.png')
    browser.open('/odoo/complaints')
    browser.click('.o_switch_view.o_kanban')
    browser.wait('.o_kanban_record')
    browser.picture(images / 'complaints-kanban.png')
    browser.open('/odoo/comparisons')
    browser.picture(images / 'comparisons.png')
    browser.login('diane', lang=lang)
    browser.open('/odoo/complaint-rules/1')
    browser.wait('.o_field_one2many')
    browser.picture(images / 'complaint-rules.png')
