from ast import literal_eval

from freezegun import freeze_time
from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from odoo.addons.gem_crm.tests.test_gem_crm_dispute import InvoicingCommon

READ = {'band', 'promised', 'gem_action_view_disputes', 'gem_action_view_promises'}


@tagged('post_install', '-at_install')
class TestInvoicePage(InvoicingCommon):
    """What an invoice, and the list of invoices, says of disputes and promises, and to whom.

    Emile keeps the books. Nadia writes invoices and has nothing to do with CRM follow-up.
    Oscar manages customers as Amelie does, and reads invoices; Sara all customers, and writes
    invoices; Diane administers, and writes invoices.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time('2026-03-20'))
        of_company = {
            'company_id': cls.env.company.id, 'company_ids': [Command.set(cls.env.company.ids)]}
        cls.nadia = new_test_user(
            cls.env, 'nadia', 'account.group_account_invoice', name="Nadia Blum", **of_company)
        cls.oscar = new_test_user(
            cls.env, 'oscar', 'gem_crm.gem_crm_group_user,account.group_account_readonly',
            name="Oscar Lund", **of_company)
        cls.sara = new_test_user(
            cls.env, 'sara', 'gem_crm.gem_crm_group_user_all,account.group_account_invoice',
            name="Sara Kern", **of_company)
        cls.diane.group_ids += cls.env.ref('account.group_account_invoice')
        cls.horizon.user_id = cls.oscar

    def arch(self, user, view, kind):
        Move = self.env['account.move'].with_user(user)
        return etree.fromstring(Move.get_view(self.env.ref(view).id, kind)['arch'])

    def page(self, user):
        """Return what the page of an invoice has of ours: {name: its element}."""
        arch = self.arch(user, 'account.view_move_form', 'form')
        found = {node.get('name'): node for node in arch.iterfind('.//button')
                 if (node.get('name') or '').startswith('gem_action')
                 and 'alert-link' not in (node.get('class') or '')}
        found |= {name: node for name, of_ours in (
            ('band', 'gem_disputed'), ('promised', 'gem_promised'))
            for node in arch.xpath(f"//div[@name='{of_ours}']")}
        found.pop('gem_action_view_notes', None)
        return found

    def shown(self, user, invoice):
        """Return the names of what the page of this invoice shows to the user."""
        move = invoice.with_user(user)
        self.env.flush_all()
        self.env.invalidate_all()
        values = {name: move[name] for name in (
            'move_type', 'state', 'payment_state', 'gem_disputed', 'gem_dispute_count',
            'gem_promise_sentence', 'gem_promise_count')}
        if user != self.emile:
            values['gem_complaint_count'] = move.gem_complaint_count
        return {name for name, node in self.page(user).items()
                if not safe_eval(node.get('invisible'), values)}

    def test_each_role_has_its_buttons(self):
        for user, quick in (
            (self.emile, {'gem_action_dispute', 'gem_action_promise'}),
            (self.oscar, {'gem_action_promise', 'gem_action_complain'}),
            (self.sara, {'gem_action_promise', 'gem_action_complain'}),
            (self.diane, {'gem_action_dispute', 'gem_action_promise', 'gem_action_complain'}),
        ):
            with self.subTest(user=user.name):
                complaints = {'gem_action_view_complaints'} if user != self.emile else set()
                self.assertEqual(set(self.page(user)), READ | quick | complaints)
        self.assertFalse(self.page(self.nadia), "none of it is her business")
        self.assertNotIn('gem_disputed', self.env['account.move'].with_user(
            self.nadia).fields_get())
        invoice = self.invoice()
        self.dispute(invoice)
        with self.assertRaises(AccessError):
            invoice.with_user(self.nadia).read(['gem_disputed'])
        with self.assertRaises(AccessError):
            invoice.with_user(self.nadia).search([('gem_disputed', '!=', False)])
        for user in (self.amelie, self.felix):
            with self.assertRaises(AccessError):
                invoice.with_user(user).read(['name'])

    def test_the_page_shows_what_there_is(self):
        invoice = self.invoice()
        self.assertEqual(
            self.shown(self.emile, invoice), {'gem_action_dispute', 'gem_action_promise'})
        dispute = self.dispute(invoice, 300)
        self.assertEqual(self.shown(self.emile, invoice), {
            'gem_action_dispute', 'gem_action_promise', 'band', 'gem_action_view_disputes'})
        self.Promise.create({'move_id': invoice.id, 'amount': 500, 'date': '2026-04-01'})
        self.assertEqual(
            self.shown(self.emile, invoice), READ | {'gem_action_dispute', 'gem_action_promise'})
        self.assertEqual(
            self.shown(self.oscar, invoice), READ | {'gem_action_promise', 'gem_action_complain'})
        # Ended, kept: the counts stay, the bands go.
        dispute.action_end()
        self.pay(invoice, 1000, '2026-03-20')
        self.assertEqual(self.shown(self.emile, invoice), {
            'gem_action_view_disputes', 'gem_action_view_promises'})
        draft = self.env['account.move'].create({
            'move_type': 'out_invoice', 'partner_id': self.horizon.id,
            'invoice_line_ids': [Command.create({'name': "Books", 'price_unit': 100})]})
        for other in (draft, self.give_back(self.invoice(), 10, '2026-03-19'),
                      self.invoice(move_type='in_invoice')):
            self.assertFalse(self.shown(self.diane, other), other.move_type)

    def test_others_customers_are_disputed_in_secret(self):
        """Bruno's customer: Oscar reads the invoice, and not what they contest."""
        invoice = self.invoice(partner=self.juniper)
        self.dispute(invoice)
        self.assertIn('band', self.shown(self.sara, invoice))
        self.assertNotIn('band', self.shown(self.oscar, invoice))
        self.assertFalse(invoice.with_user(self.oscar).search(
            [('id', '=', invoice.id), ('gem_disputed', '!=', False)]))

    def test_the_list_has_columns_and_filters_for_those_concerned(self):
        ours = {'gem_disputed', 'gem_dispute_sentence', 'gem_promise_sentence'}
        for user, sees in ((self.emile, True), (self.oscar, True), (self.sara, True),
                           (self.diane, True), (self.nadia, False)):
            with self.subTest(user=user.name):
                columns = {node.get('name') for node in self.arch(
                    user, 'account.view_out_invoice_tree', 'list').iterfind('field')}
                self.assertEqual(columns & ours, ours if sees else set())
                filters = {node.get('name') for node in self.arch(
                    user, 'account.view_account_invoice_filter', 'search').iter('filter')}
                self.assertEqual(
                    filters & {'gem_disputed', 'gem_promised'},
                    {'gem_disputed', 'gem_promised'} if sees else set())
        bills = self.arch(self.emile, 'account.view_account_invoice_filter', 'search')
        for name in ('gem_disputed', 'gem_promised'):
            [node] = bills.xpath(f"//filter[@name='{name}']")
            for kind, hidden in (('in_invoice', True), ('out_invoice', False)):
                self.assertEqual(bool(safe_eval(
                    node.get('invisible'), {'context': {'default_move_type': kind}})), hidden)

    def filtered(self, user, name):
        """Return what the filter finds, as the list shows it."""
        self.env.flush_all()
        [node] = self.arch(user, 'account.view_account_invoice_filter', 'search').xpath(
            f"//filter[@name='{name}']")
        return self.env['account.move'].with_user(user).search(
            [('move_type', '=', 'out_invoice'), *literal_eval(node.get('domain'))])

    def test_the_filters_find_these_and_no_others(self):
        whole, part, twice, ended, quiet = (self.invoice() for _number in range(5))
        foreign = self.invoice(70, partner=self.juniper)
        self.dispute(whole)
        self.dispute(part, 300)
        self.dispute(twice, 100)
        self.dispute(twice, 200).action_end()
        self.dispute(ended).action_end()
        self.dispute(foreign)
        self.assertEqual(self.filtered(self.emile, 'gem_disputed'), foreign | twice | part | whole)
        self.assertEqual(self.filtered(self.oscar, 'gem_disputed'), twice | part | whole)
        rows = self.env['account.move'].with_user(self.emile).web_search_read(
            [('id', 'in', (whole | part | twice | ended | quiet).ids)],
            {'gem_disputed': {}, 'gem_dispute_sentence': {}}, order='id')['records']
        self.assertEqual([row['gem_disputed'] for row in rows], [1000, 300, 100, 0, 0])
        self.assertEqual(rows[2]['gem_dispute_sentence'], "Price not as promised")
        # Paid but for 40: no more than that is disputed, and the filter finds it still.
        self.pay(part, 960, '2026-03-20')
        self.assertEqual(part.with_user(self.emile).gem_disputed, 40)
        self.assertIn(part, self.filtered(self.emile, 'gem_disputed'))

        self.Promise.create({'move_id': quiet.id, 'amount': 10, 'date': '2026-04-01'})
        broken = self.Promise.create({
            'move_id': ended.id, 'amount': 10, 'date': '2026-03-05', 'date_made': '2026-03-02'})
        self.assertEqual(broken.state, 'broken')
        self.assertEqual(self.filtered(self.emile, 'gem_promised'), quiet)

    def test_dispute_and_promise_from_the_invoice(self):
        """Each button opens its dialog with all that is known; the other takes notice."""
        invoice = self.invoice(invoice_line_ids=[
            Command.create({'name': name, 'quantity': 5, 'price_unit': price,
                            'tax_ids': [Command.clear()]})
            for name, price in (("Books", 100), ("Maps", 20))])
        self.pay(invoice, 150, '2026-03-10')
        action = invoice.with_user(self.emile).gem_action_dispute()
        self.assertEqual(
            (action['res_model'], action['target'], action['name']),
            ('gem.crm.dispute', 'new', f"Dispute of {invoice.name}"))
        form = Form(self.Dispute.with_context(**action['context']))
        self.assertEqual(
            (form.move_id, form.partner_id, form.amount, form.user_id),
            (invoice, self.horizon, 450, self.emile), "all that is left to pay")
        self.assertEqual(len(form.line_ids), 2)
        form.amount = 200
        form.reason_id = self.damaged
        dispute = form.save()
        self.assertRecordValues(dispute, [{
            'move_id': invoice.id, 'amount': 200, 'state': 'open', 'line_ids': [],
            'company_id': self.env.company.id}])

        action = invoice.with_user(self.oscar).gem_action_promise()
        self.assertEqual(
            (action['res_model'], action['target'], action['name']),
            ('gem.crm.promise', 'new', f"Promise to pay {invoice.name}"))
        form = Form(self.env['gem.crm.promise'].with_user(self.oscar).with_context(
            **action['context']))
        self.assertEqual(
            (form.move_id.id, form.partner_id, form.amount), (invoice.id, self.horizon, 250),
            "what is not contested")
        form.date = '2026-04-01'
        promise = form.save()
        self.assertRecordValues(promise, [{
            'state': 'pending', 'amount': 250, 'user_id': self.oscar.id}])

        move = invoice.with_user(self.oscar)
        for action, found in ((move.gem_action_view_disputes(), dispute),
                              (move.gem_action_view_promises(), promise)):
            Model = self.env[action['res_model']].with_user(self.oscar)
            self.assertEqual(Model.search(action['domain']), found)
            self.assertEqual(
                action['context'], {'default_move_id': invoice.id, 'gem_one_invoice': True})
        self.assertEqual(
            (move.gem_dispute_count, move.gem_promise_count, move.gem_promise_sentence),
            (1, 1, "$\xa0250.00 by 04/01/2026"))
