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
    browser.click('a[name=invoices]')
    browser.picture(images / 'complaint-invoices.png')
    browser.click('a[name=costs]')
    browser.picture(images / 'complaint-costs.png')
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
    take_portal(browser, lang, images)


def take_portal(browser, lang, images):
    """Take the pictures of what a customer sees: Annick Pelletier gets access to the portal."""
    browser.login('admin')
    [annick] = browser.rpc(
        'res.partner', 'search', [[('email', '=', 'annick@maree.example.com')]], limit=1)
    [group] = browser.rpc('ir.model.data', 'search_read', [
        [('module', '=', 'base'), ('name', '=', 'group_portal')], ['res_id'],
    ])
    browser.rpc('res.users', 'create', [{
        'partner_id': annick, 'login': 'annick', 'password': 'annick', 'lang': lang,
        'group_ids': [(6, 0, [group['res_id']])],
    }], context={'no_reset_password': True})
    browser.login('annick')
    # The portal speaks the language of the browser's last visit.
    browser.run(f"document.cookie = 'frontend_lang={lang}; path=/'")
    browser.open('/my/complaints')
    browser.picture(images / 'portal-complaints.png')
    browser.click('.o_portal_my_doc_table a')
    browser.wait('.o_gem_complaint')
    browser.picture(images / 'portal-complaint.png')
    browser.open('/my/complaints/new')
    browser.wait('.o_gem_complaint_form')
    browser.picture(images / 'portal-new-complaint.png')
