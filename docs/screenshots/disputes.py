"""The pictures of the chapter on disputes and promises."""


def take(browser, lang, images):
    """Take the pictures of this chapter in one language."""
    browser.login('emile', lang=lang)
    browser.open('/odoo/invoice-disputes')
    browser.picture(images / 'disputes.png')
    browser.click('.o_data_row .o_data_cell[name=reason_id]')
    browser.wait('.o_form_view')
    browser.click('button[name=action_open_invoice]')
    browser.wait('[name=gem_disputed]')
    browser.picture(images / 'disputed-invoice.png')
    browser.open('/odoo/promises-to-pay')
    browser.picture(images / 'promises.png')
    browser.open('/odoo/receivables-ageing')
    browser.wait('.o_pivot')
    browser.picture(images / 'ageing.png')
    # Last: the page asks before it leaves an unsaved dialog.
    [invoice] = browser.rpc('account.move', 'search', [[
        ('move_type', '=', 'out_invoice'), ('state', '=', 'posted'),
        ('payment_state', '=', 'not_paid'), ('gem_dispute_ids', '=', False),
    ]], limit=1)
    browser.open(f'/odoo/customer-invoices/{invoice}')
    browser.click('button[name=gem_action_dispute]')
    browser.wait('.modal .o_data_row')
    browser.picture(images / 'dispute.png')
