from datetime import date

from odoo import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.gem_crm.tests.test_gem_crm_complaint_line import ClaimCommon


@tagged('post_install', '-at_install')
class TestRevenueAtRiskOfTwoCompanies(ClaimCommon):
    """Horizon Books buys of two companies, and is angry with one, then with both."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.here = cls.env.company
        cls.otter = cls._create_company(name="Otter Prints")
        cls.both = (cls.here | cls.otter).ids
        (cls.emile | cls.chloe | cls.amelie).company_ids |= cls.otter
        cls.olga = new_test_user(
            cls.env, 'olga', 'gem_crm.gem_crm_group_user_all', name="Olga Weber",
            company_id=cls.otter.id, company_ids=[Command.set(cls.otter.ids)])
        cls.in_otter = cls.env(context=dict(cls.env.context, allowed_company_ids=cls.otter.ids))
        cls.invoice(300)
        cls.sold_by_otter = cls.in_otter['account.move'].create([{
            'move_type': 'out_invoice', 'partner_id': customer.id, 'invoice_date': day,
            'invoice_line_ids': [Command.create({
                'name': "Plates", 'price_unit': amount, 'tax_ids': [Command.clear()]})],
        } for customer, day, amount in (
            (cls.horizon, '2026-02-01', 70), (cls.juniper, '2026-02-01', 90),
            # More than a year ago.
            (cls.horizon, '2025-01-01', 1000))])
        cls.sold_by_otter.action_post()
        cls.refresh()

    @classmethod
    def refresh(cls):
        for company in cls.here | cls.otter:
            cls.env['gem.crm.profile']._refresh((cls.horizon | cls.juniper).ids, company)

    def at_risk(self, user, companies):
        """Return {(customer, company): (complaints, promises, revenue)} as the user sees it."""
        self.env.flush_all()
        self.env.invalidate_all()
        rows = self.env['gem.crm.revenue.risk'].with_user(user).with_context(
            allowed_company_ids=companies).search(
            [('partner_id', 'in', (self.horizon | self.juniper).ids)])
        return {
            (row.partner_id.name, row.company_id.name):
            (row.complaint_count, row.promise_count, row.revenue_12m) for row in rows.sudo()}

    def test_each_company_risks_what_it_sold(self):
        ours, theirs = self.here.name, "Otter Prints"
        angry_here = {("Horizon Books", ours): (1, 0, 300)}
        self.assertEqual(self.at_risk(self.emile, self.both), angry_here)
        self.assertEqual(self.at_risk(self.olga, self.otter.ids), {})
        self.in_otter['gem.crm.complaint'].create([
            {'name': name, 'partner_id': self.horizon.id} for name in ("Torn", "Torn again")])
        angry_there = {("Horizon Books", theirs): (2, 0, 70)}
        broken = {("Juniper Cafe", theirs): (0, 1, 90)}
        self.in_otter['gem.crm.promise'].create({
            'move_id': self.sold_by_otter[1].id, 'amount': 90, 'date': date(2026, 3, 5),
            'date_made': date(2026, 3, 2)})
        for user, companies, seen in (
            (self.emile, self.both, angry_here | angry_there | broken),
            (self.emile, self.here.ids, angry_here),
            (self.emile, self.otter.ids, angry_there | broken),
            (self.olga, self.otter.ids, angry_there | broken),
            (self.amelie, self.both, angry_here | angry_there),
            (self.bruno, self.here.ids, {}),
        ):
            with self.subTest(user=user.name, companies=companies):
                self.assertEqual(self.at_risk(user, companies), seen)

    def test_the_row_opens_what_is_behind_it(self):
        """In the companies that are chosen, no others."""
        theirs = self.in_otter['gem.crm.complaint'].create(
            {'name': "Torn", 'partner_id': self.horizon.id})
        promise = self.in_otter['gem.crm.promise'].create({
            'move_id': self.sold_by_otter[0].id, 'amount': 70, 'date': date(2026, 3, 5),
            'date_made': date(2026, 3, 2)})
        self.env.flush_all()
        for companies, complaints in ((self.otter.ids, theirs),
                                      (self.here.ids, self.complaint)):
            env = self.env(user=self.chloe, context={'allowed_company_ids': companies})
            [row] = env['gem.crm.revenue.risk'].search([('partner_id', '=', self.horizon.id)])
            self.assertEqual(
                env['gem.crm.complaint'].search(row.action_open_complaints()['domain']).sudo(),
                complaints.sudo())
            found = env['gem.crm.promise'].search(row.action_open_promises()['domain'])
            self.assertEqual(found.ids, promise.ids if companies == self.otter.ids else [])

    def test_new_sales_count_where_they_were_made(self):
        self.give_back(self.invoice(200), 50, '2026-03-10')
        self.refresh()
        self.assertEqual(
            self.at_risk(self.emile, self.both), {
                ("Horizon Books", self.here.name): (1, 0, 450)})
