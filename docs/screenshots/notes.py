"""The pictures of notes, their variables and their settings."""

SALES = '/odoo/sales-notes'
REFUSED = {'en': "Refused", 'fr': "Refusé"}
GROUP_BY = {'en': "Time zone", 'fr': "Fuseau horaire"}


def take(browser, lang, images):
    """Take the pictures of this chapter in one language."""
    browser.login('chloe', lang=lang)
    browser.open(SALES)
    browser.click('.o_facet_remove')
    browser.picture(images / 'notes-list.png')

    browser.click('.o_searchview_dropdown_toggler')
    browser.click(GROUP_BY[lang[:2]])
    browser.click('.o_searchview_dropdown_toggler')
    for _group in range(2):
        browser.click('.o_group_header:not(.o_group_open)')
    browser.picture(images / 'notes-grouped.png')

    browser.open(SALES)
    browser.click('.o_facet_remove')
    browser.click('.o_switch_view.o_kanban')
    browser.picture(images / 'notes-kanban.png')
    browser.click('.o_switch_view.o_calendar')
    browser.picture(images / 'notes-calendar.png')

    browser.open(SALES)
    browser.click('.o_facet_remove')
    browser.click('.o_data_row td[name=status_id]')
    browser.click('.o_selected_row [name=status_id] input')
    browser.click(REFUSED[lang[:2]])
    browser.wait('.o_gem_crm_refusal')
    browser.picture(images / 'notes-refusal.png')

    browser.login('diane', lang=lang)
    browser.open('/odoo/crm-settings')
    browser.picture(images / 'notes-settings.png')
    browser.click('[data-tab=variable]')
    browser.click('.o_data_row button[name=get_formview_action]')
    browser.wait('[name=option_ids] .o_data_row')
    browser.picture(images / 'notes-variable.png')
