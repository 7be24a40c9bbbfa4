from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.gem_crm.tests.test_gem_crm_complaint_line import ClaimCommon

PAGES = (
    'gem_crm_complaint_line_action_expected', 'gem_crm_complaint_report_action',
    'gem_crm_revenue_risk_action', 'gem_crm_receivable_action', 'gem_crm_dispute_action',
    'gem_crm_promise_action', 'gem_crm_complaint_action', 'gem_crm_invoice_line_action',
)


@tagged('post_install', '-at_install')
class TestCompanyWithoutAccounts(ClaimCommon):
    """Otter Prints was founded this morning: no chart of accounts, no journal, no invoice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.otter = cls.env['res.company'].create({'name': "Otter Prints"})
        of_otter = {'company_id': cls.otter.id, 'company_ids': [Command.set(cls.otter.ids)]}
        cls.olga = new_test_user(
            cls.env, 'olga', 'gem_crm.gem_crm_group_manager,account.group_account_manager,'
            'gem_crm.gem_crm_group_accountant', name="Olga Weber", **of_otter)
        cls.in_otter = cls.env(user=cls.olga, context={
            'allowed_company_ids': cls.otter.ids, 'lang': 'en_US'})

    def test_each_page_opens_and_is_empty(self):
        for name in PAGES:
            action = self.env.ref(f'gem_crm.{name}').with_env(self.in_otter)._get_action_dict()
            Model = self.in_otter[action['res_model']]
            with self.subTest(page=name):
                views = Model.get_views([
                    *action['views'], (False, 'search')])['views']
                self.assertIn('list', views)
                fields = {field: {} for field, spec in Model.fields_get().items()
                          if spec['type'] != 'properties'}
                self.assertEqual(Model.web_search_read([], fields)['records'], [])
                sums = [
                    f'{field}:sum' for field, spec in Model.fields_get().items()
                    if spec['type'] == 'monetary' and spec.get('aggregator') == 'sum']
                [row] = Model.formatted_read_group([], [], ['__count', *sums])
                self.assertEqual(row['__count'], 0)
                self.assertEqual({row[field] or 0 for field in sums} - {0}, set())

    def test_complaints_are_handled_as_anywhere(self):
        form = Form(self.in_otter['gem.crm.complaint'])
        form.name = "Torn"
        form.partner_id = self.kayak.with_env(self.in_otter)
        complaint = form.save()
        self.assertEqual(complaint.company_id, self.otter)
        complaint.cost_ids = [Command.create({'kind': 'freight', 'amount': 12})]
        self.assertEqual((complaint.credited, complaint.cost), (0, 12))
        self.env.flush_all()
        self.assertEqual(self.in_otter['gem.crm.complaint.report'].search([]).cost, 12)
        action = complaint.action_add_lines()
        self.assertFalse(self.in_otter[action['res_model']].search(action['domain']))
        with self.assertRefused(UserError, "Nothing is accepted that is not credited yet"):
            complaint.action_credit()
        with self.assertRefused(UserError, "No document in the books is behind these costs"):
            complaint.action_view_cost_sources()
        self.assertFalse(self.in_otter['account.move'].search(
            complaint.action_view_credit_notes()['domain']))

    def test_the_customer_s_page_and_the_night_say_nothing(self):
        kayak = self.kayak.with_env(self.in_otter)
        names = {fact['name'] for fact in kayak.gem_get_follow_up_band()}
        self.assertFalse(names & {'receivables', 'promises'})
        self.assertFalse(self.in_otter['gem.crm.receivable'].search(
            kayak.gem_action_view_receivables()['domain']))
        self.in_otter['gem.crm.complaint'].create({'name': "Torn", 'partner_id': kayak.id})
        self.env['gem.crm.profile']._refresh(self.kayak.ids, self.otter)
        self.env['gem.crm.profile']._rank(self.otter)
        self.run_cron('gem_crm_dispute_cron_end')
        self.assertRecordValues(self.in_otter['gem.crm.revenue.risk'].search([]), [
            {'partner_id': kayak.id, 'complaint_count': 1, 'promise_count': 0,
             'revenue_12m': 0}])


@tagged('post_install', '-at_install')
class TestAccountsArchivedSince(ClaimCommon):
    """What the invoice was booked on is archived by the time it is credited."""

    def test_the_account_of_the_line(self):
        invoice = self.invoice_of((10, 10, []))
        line = self.claim(invoice.invoice_line_ids, 2, 2)
        account = invoice.invoice_line_ids.account_id
        account.active = False
        before = self.env['account.move'].search_count([])
        with self.assertRefused(
            UserError, f"“Item at 10” was booked on {account.display_name}, which is archived. Ask",
        ):
            line.action_credit()
        self.assertEqual(self.env['account.move'].search_count([]), before)
        self.assertEqual((line.state, line.expected), ('accepted', 20), "nothing is lost")
        account.active = True
        line.action_credit()
        self.assertEqual(line.credit_line_id.account_id, account)

    def test_the_tax_of_the_line(self):
        """An archived tax is the invoice's all the same: it is given back."""
        invoice = self.invoice_of((10, 10, [self.tax_20]))
        self.tax_20.active = False
        line = self.claim(invoice.invoice_line_ids, 2, 2)
        line.action_credit()
        self.assertEqual(line.credit_move_id.amount_total, 24)

    def test_the_journal_of_the_invoice(self):
        usual = self.company_data['default_journal_sale']
        journal = usual.copy({
            'name': "Fairs", 'code': "FAIR", 'default_account_id': usual.default_account_id.id})
        invoice = self.invoice(journal_id=journal.id)
        journal.active = False
        line = self.claim(invoice.invoice_line_ids, 1, 1)
        line.action_credit()
        self.assertEqual(
            line.credit_move_id.journal_id, self.company_data['default_journal_sale'])
        line.credit_move_id.action_post()
        self.assertEqual(invoice.amount_residual, 0)
