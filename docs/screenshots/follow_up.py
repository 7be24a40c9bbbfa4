"""The pictures of the customers' list and of the Follow-up tab."""
import time

CUSTOMER = "Librairie des Érables"
TOPIC = {'en': "The pallet is late", 'fr': "La palette est en retard"}
OPENING = {
    'en': "The truck broke down in Québec. It arrives tomorrow before noon.",
    'fr': "Le camion est en panne à Québec. Il arrive demain avant midi.",
}


def take(browser, lang, images):
    """Take the pictures of this chapter in one language."""
    language = lang[:2]
    browser.login('amelie', lang=lang)
    browser.open('/odoo/customer-follow-up')
    browser.picture(images / 'customers.png')

    browser.click(CUSTOMER)
    browser.picture(images / 'follow-up.png')
    browser.size('1400x1750')
    browser.settle()
    browser.picture(images / 'follow-up-whole.png')

    browser.size('desktop')
    add(browser, 'gem.crm.discussion')
    browser.fill(field('name'), TOPIC[language])
    for person in ("Bruno", "Victor"):
        browser.click(field('concerned_ids'))
        browser.fill(field('concerned_ids'), person)
        time.sleep(0.5)  # the search waits for the end of the word
        browser.click('.modal .o-autocomplete--dropdown-item:first-child')
    browser.fill(field('opening_message'), OPENING[language])
    browser.picture(images / 'discussion.png')
    browser.click('.modal .o_form_button_cancel')

    add(browser, 'gem.crm.correspondence')
    browser.picture(images / 'log-a-call.png')


def add(browser, model):
    """Click on the + of one of the tab's lists."""
    browser.click(f".o_gem_crm_customer_list[data-model='{model}'] .o_gem_crm_add")


def field(name):
    """Return the selector of a field of the dialog."""
    return f'.modal .o_field_widget[name={name}] :is(input, textarea)'
