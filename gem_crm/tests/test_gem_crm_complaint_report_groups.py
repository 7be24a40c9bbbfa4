from ast import literal_eval
from datetime import datetime

from freezegun import freeze_time
from lxml import etree

from odoo import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.gem_crm.tests.test_gem_crm_complaint_line import ClaimCommon


class ReportCommon(ClaimCommon):
    """The company works from 9 to 12 and from 13 to 18, Monday to Friday, in UTC.

    It answers within 16 hours of work and settles within 40. Cups come from Moose Pottery,
    or else from Lynx; tea from Lynx alone; nobody knows where string comes from.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.resource_calendar_id = cls.env['resource.calendar'].create({
            'name': "Nine to six", 'tz': 'UTC', 'company_id': cls.env.company.id,
            'attendance_ids': [Command.clear()] + [
                Command.create({
                    'name': "Work", 'dayofweek': str(day), 'hour_from': start, 'hour_to': end,
                    'day_period': period})
                for day in range(5)
                for start, end, period in ((9, 12, 'morning'), (13, 18, 'afternoon'))
            ],
        })
        cls.env['gem.crm.complaint.policy'].create({
            'company_id': cls.env.company.id,
            'deadline_ids': [Command.create({'answer_hours': 16, 'resolve_hours': 40})],
        })
        cls.chloe.tz = 'UTC'
        cls.moose, cls.lynx = cls.env['res.partner'].create([
            {'name': "Moose Pottery"}, {'name': "Lynx"}])
        cls.crockery, cls.drinks = cls.env['product.category'].create([
            {'name': "Crockery"}, {'name': "Drinks"}])
        cls.cups, cls.tea, cls.string = cls.env['product.product'].create([
            {'name': "Cups", 'categ_id': cls.crockery.id, 'seller_ids': [
                Command.create({'partner_id': cls.lynx.id, 'sequence': 2}),
                Command.create({'partner_id': cls.moose.id, 'sequence': 1})]},
            {'name': "Tea", 'categ_id': cls.drinks.id, 'seller_ids': [
                Command.create({'partner_id': cls.lynx.id})]},
            {'name': "String", 'categ_id': cls.crockery.id},
        ])
        cls.bookshop, cls.regular = cls.env['res.partner.category'].create([
            {'name': "Bookshop"}, {'name': "Regular"}])
        cls.retail, cls.food = cls.env['res.partner.industry'].create([
            {'name': "Books by retail"}, {'name': "Food by hand"}])
        cls.canada, cls.france = cls.env.ref('base.ca'), cls.env.ref('base.fr')
        cls.quebec = cls.env.ref('base.state_ca_qc')
        cls.horizon.write({
            'country_id': cls.canada.id, 'state_id': cls.quebec.id, 'industry_id': cls.retail.id,
            'category_id': [Command.set((cls.bookshop | cls.regular).ids)]})
        cls.juniper.write({
            'country_id': cls.france.id, 'industry_id': cls.food.id,
            'category_id': [Command.set(cls.bookshop.ids)]})
        cls.Report = cls.env['gem.crm.complaint.report']

    @classmethod
    def received(cls, on, customer, **vals):
        with freeze_time(on):
            return cls.env['gem.crm.complaint'].create({
                'name': f"Received on {on}", 'partner_id': customer.id, **vals})

    @classmethod
    def answer(cls, complaint, on):
        with freeze_time(on):
            complaint.answer = "<p>We are sorry.</p>"
            complaint.action_answered()
            cls.env.flush_all()

    @classmethod
    def close(cls, complaint, on):
        with freeze_time(on):
            complaint.write({
                'outcome': 'justified', 'cause_id': complaint.cause_id.id or
                cls.env['gem.crm.complaint.cause'].create({'name': f"Rain on {on}"}).id})
            complaint.action_close()
            cls.env.flush_all()

    def setUp(self):
        super().setUp()
        # What is late is late by the clock of the database.
        self.patch(self.cr, 'now', lambda: datetime(2026, 3, 20))

    def sold(self, product, quantity, price, **vals):
        return self.invoice(invoice_line_ids=[Command.create({
            'product_id': product.id, 'quantity': quantity, 'price_unit': price,
            'tax_ids': [Command.set(self.tax_20.ids)]})], **vals).invoice_line_ids

    def credited(self, complaint, *claims, post=True, user=None):
        """Accept (line, quantity) in a complaint, draft the credit note and post it."""
        lines = self.env['gem.crm.complaint.line'].with_user(user or self.emile).create([
            {'complaint_id': complaint.id, 'move_line_id': line.id, 'quantity': quantity,
             'accepted_quantity': quantity}
            for line, quantity in claims])
        lines.action_credit()
        if post:
            lines.credit_move_id.action_post()
        return lines.credit_move_id

    def groups(self, complaints, by, *measures, user=None, **context):
        """Return {value: (count, *measures)} of the analysis grouped by a field."""
        self.env.flush_all()
        self.env.invalidate_all()
        rows = self.Report.with_user(user or self.chloe).with_context(
            **context)._read_group(
            [('complaint_id', 'in', complaints.ids)], [by], ['__count', *measures])
        return {
            (value.sudo().display_name if hasattr(value, 'ids') else value): (
                tuple(figures) if measures else figures[0])
            for value, *figures in rows}


@tagged('post_install', '-at_install')
class TestComplaintReportGroups(ReportCommon):
    """A quarter of complaints, looked at from each side; each counts once in the whole."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Two hours of Monday to Tuesday, answered in 10 hours and settled in 25.
        cls.quick = cls.received(
            '2026-03-02 09:00:00', cls.ines, channel='email', severity='3')
        cls.answer(cls.quick, '2026-03-03 11:00:00')
        cls.close(cls.quick, '2026-03-05 10:00:00')
        # Answered late, after 23 hours; closed after 25, and reopened the day after.
        cls.late = cls.received(
            '2026-03-04 14:00:00', cls.juniper, channel='phone', severity='1',
            product_id=cls.tea.id)
        cls.answer(cls.late, '2026-03-09 12:00:00')
        cls.close(cls.late, '2026-03-09 15:00:00')
        with freeze_time('2026-03-10 10:00:00'):
            cls.late.action_reopen()
        # Never answered.
        cls.silent = cls.received(
            '2026-02-27 16:00:00', cls.kayak, channel='letter', severity='3',
            product_id=cls.string.id)
        # Nobody is late yet.
        cls.fresh = cls.received(
            '2026-03-19 15:00:00', cls.horizon, channel='phone', product_id=cls.tea.id)
        cls.all = cls.quick | cls.late | cls.silent | cls.fresh

    def setUp(self):
        super().setUp()
        quick = self.quick
        self.credited(quick, (self.sold(self.cups, 10, 10), 3), (self.sold(self.tea, 2, 50), 1))
        quick.cost_ids = [
            Command.create({'kind': 'freight', 'amount': 4.5}),
            Command.create({'kind': 'freight', 'amount': 8})]
        self.late.cost_ids = [Command.create({'kind': 'replacement', 'amount': 30})]
        # Drafts, and what is a draft again, cost nothing.
        string = self.sold(self.string, 9, 7, partner=self.kayak)
        self.credited(self.silent, (string, 1)).button_draft()
        self.credited(self.silent, (string, 2), post=False)
        quick.rating_apply(4, token=quick._rating_get_access_token())
        # Who the customer is today changes nothing of who they were.
        self.horizon.write({
            'industry_id': self.food.id, 'country_id': self.france.id, 'state_id': False,
            'category_id': [Command.clear()], 'user_id': self.bruno.id})

    def test_each_complaint_is_one_row(self):
        rows = self.Report.with_user(self.chloe).search(
            [('complaint_id', 'in', self.all.ids)], order='id')
        self.assertRecordValues(rows, [
            {'complaint_id': self.quick.id, 'answer_hours': 10, 'resolution_hours': 25,
             'answer_kept': 100, 'resolution_kept': 100, 'satisfaction': 4, 'reopen_count': 0,
             'is_open': 0, 'cost_credit': 80, 'cost_freight': 12.5, 'cost_replacement': 0,
             'cost': 92.5, 'product_id': self.cups.id},
            {'complaint_id': self.late.id, 'answer_hours': 23, 'resolution_hours': 0,
             'answer_kept': 0, 'resolution_kept': 0, 'satisfaction': 0, 'reopen_count': 1,
             'is_open': 1, 'cost_credit': 0, 'cost_freight': 0, 'cost_replacement': 30,
             'cost': 30, 'product_id': self.tea.id},
            {'complaint_id': self.silent.id, 'answer_hours': 0, 'resolution_hours': 0,
             'answer_kept': 0, 'resolution_kept': 0, 'satisfaction': 0, 'reopen_count': 0,
             'is_open': 1, 'cost_credit': 0, 'cost_freight': 0, 'cost_replacement': 0,
             'cost': 0, 'product_id': self.string.id},
            {'complaint_id': self.fresh.id, 'answer_hours': 0, 'resolution_hours': 0,
             'answer_kept': 0, 'resolution_kept': 0, 'satisfaction': 0, 'reopen_count': 0,
             'is_open': 1, 'cost_credit': 0, 'cost_freight': 0, 'cost_replacement': 0,
             'cost': 0, 'product_id': self.tea.id},
        ])

    def test_means_are_of_those_that_have_the_figure(self):
        [(count, opened, reopened, answer, resolution, in_time, settled, satisfaction, cost)] = (
            self.Report.with_user(self.chloe)._read_group(
                [('complaint_id', 'in', self.all.ids)], [], [
                    '__count', 'is_open:sum', 'reopen_count:sum', 'answer_hours:avg',
                    'resolution_hours:avg', 'answer_kept:avg', 'resolution_kept:avg',
                    'satisfaction:avg', 'cost:sum']))
        self.assertEqual((count, opened, reopened, cost), (4, 3, 1, 122.5))
        self.assertEqual((answer, resolution, satisfaction), (16.5, 25, 4))
        # Of the three whose answer, and whose end, was due: one in time.
        self.assertEqual((round(in_time, 2), round(settled, 2)), (33.33, 33.33))
        self.assertEqual(self.groups(self.all, 'severity', 'answer_kept:avg', 'answer_hours:avg'), {
            '3': (2, 50, 10), '1': (1, 0, 23), False: (1, False, False)})

    def test_by_product_its_category_and_its_supplier(self):
        self.assertEqual(self.groups(self.all, 'product_id', 'cost:sum'), {
            "Cups": (1, 92.5), "Tea": (2, 30), "String": (1, 0)})
        self.assertEqual(self.groups(self.all, 'product_categ_id', 'cost:sum'), {
            "Crockery": (2, 92.5), "Drinks": (2, 30)})
        self.assertEqual(self.groups(self.all, 'supplier_id', 'cost:sum'), {
            "Moose Pottery": (1, 92.5), "Lynx": (2, 30), False: (1, 0)})

    def test_by_where_and_who_the_customer_was(self):
        self.assertEqual(self.groups(self.all, 'country_id', 'cost:sum'), {
            "Canada": (2, 92.5), "France": (1, 30), False: (1, 0)})
        self.assertEqual(self.groups(self.all, 'country_state_id', 'cost:sum'), {
            self.quebec.display_name: (2, 92.5), False: (2, 30)})
        self.assertEqual(self.groups(self.all, 'industry_id', 'cost:sum'), {
            "Books by retail": (2, 92.5), "Food by hand": (1, 30), False: (1, 0)})
        self.assertEqual(self.groups(self.all, 'account_manager_id', 'cost:sum'), {
            "Amelie Roy": (2, 92.5), "Bruno Petit": (1, 30), False: (1, 0)})
        # A customer of two types counts in each of them, and once in the whole.
        self.assertEqual(self.groups(self.all, 'partner_category_ids', 'cost:sum'), {
            "Bookshop": (3, 122.5), "Regular": (2, 92.5), False: (1, 0)})
        found = self.Report.with_user(self.chloe).search_count(
            [('complaint_id', 'in', self.all.ids),
             ('partner_category_ids', 'in', (self.bookshop | self.regular).ids)])
        self.assertEqual(found, 3)

    def test_by_how_it_came_and_how_bad_it_is(self):
        self.assertEqual(
            self.groups(self.all, 'channel'), {'email': 1, 'phone': 2, 'letter': 1})
        self.assertEqual(self.groups(self.all, 'severity'), {'3': 2, '1': 1, False: 1})

    def test_by_month_of_who_looks(self):
        midnight = self.received('2026-03-01 02:00:00', self.horizon)
        months = {datetime(2026, 2, 1): 1, datetime(2026, 3, 1): 4}
        self.assertEqual(self.groups(self.all | midnight, 'date_received:month'), months)
        # In Québec it was still February.
        self.assertEqual(
            self.groups(self.all | midnight, 'date_received:month', tz='America/Toronto'),
            {datetime(2026, 2, 1): 2, datetime(2026, 3, 1): 3})

    def test_every_choice_of_the_page_groups(self):
        """Amelie, who handed Horizon Books over, sees nobody's complaint alone, from any side."""
        arch = self.Report.with_user(self.amelie).get_view(
            self.env.ref('gem_crm.gem_crm_complaint_report_view_search').id)['arch']
        fields = {
            literal_eval(node.get('context'))['group_by']
            for node in etree.fromstring(arch).iterfind('.//group/filter')}
        self.assertEqual(len(fields), 14)
        for field in fields:
            with self.subTest(field=field):
                self.assertEqual(
                    list(self.groups(self.all, field, user=self.amelie).values()), [1])


@tagged('post_install', '-at_install')
class TestComplaintReportCompanies(ReportCommon):
    """A second company, which keeps its books in euros: two to a dollar."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.eur = cls.setup_other_currency('EUR', rates=[('2026-01-01', 2.0)])
        cls.otter = cls._create_company(name="Otter Prints", currency_id=cls.eur.id)
        cls.env['res.currency.rate'].create({
            'name': '2026-01-01', 'currency_id': cls.usd.id, 'company_id': cls.otter.id,
            'rate': 0.5})
        cls.both = (cls.env.company | cls.otter).ids
        (cls.chloe | cls.emile).company_ids |= cls.otter
        cls.olga = new_test_user(
            cls.env, 'olga', 'gem_crm.gem_crm_group_user_all', name="Olga Weber",
            company_id=cls.otter.id, company_ids=[Command.set(cls.otter.ids)])

    def test_each_company_s_credit_notes_in_the_currency_of_who_looks(self):
        ours = self.received('2026-03-02 09:00:00', self.horizon)
        theirs = self.received('2026-03-02 09:00:00', self.horizon, company_id=self.otter.id)
        # In dollars 30, and in euros 40, which were 20 dollars.
        self.credited(
            ours, (self.sold(self.cups, 10, 10), 3),
            (self.sold(self.tea, 10, 10, currency_id=self.eur.id), 4))
        otter = {'allowed_company_ids': self.otter.ids}
        with_otter = self.env(context=dict(self.env.context, **otter))
        invoice = with_otter['account.move'].create({
            'move_type': 'out_invoice', 'partner_id': self.horizon.id,
            'invoice_date': '2026-03-01', 'invoice_line_ids': [
                Command.create({'name': name, 'quantity': 5, 'price_unit': 20,
                                'tax_ids': [Command.clear()]}) for name in ("Plates", "Bowls")]})
        invoice.action_post()
        self.assertEqual((invoice.company_id, invoice.currency_id), (self.otter, self.eur))
        lines = self.env['gem.crm.complaint.line'].with_user(self.emile).with_context(
            allowed_company_ids=self.both)
        for line, quantity in zip(invoice.invoice_line_ids, (2, 1), strict=True):
            lines |= lines.create({
                'complaint_id': theirs.id, 'move_line_id': line.id, 'quantity': quantity,
                'accepted_quantity': quantity})
        lines.action_credit()
        credit_note = lines.credit_move_id
        self.assertRecordValues(credit_note, [{
            'company_id': self.otter.id, 'currency_id': self.eur.id, 'amount_total': 60,
            'journal_id': invoice.journal_id.id}])
        credit_note.action_post()
        self.assertEqual(invoice.amount_residual, 140)
        theirs.cost_ids = [Command.create({'kind': 'other', 'amount': 10})]
        self.assertEqual((ours.credited, theirs.credited, theirs.cost), (50, 60, 70))

        def costs(user, **context):
            return self.groups(ours | theirs, 'company_id', 'cost_credit:sum', 'cost:sum',
                               user=user, **context)
        company = self.env.company.name
        self.assertEqual(
            costs(self.chloe, allowed_company_ids=self.both),
            {company: (1, 50, 50), "Otter Prints": (1, 30, 35)})
        self.assertEqual(
            costs(self.chloe, allowed_company_ids=self.both[::-1]),
            {company: (1, 100, 100), "Otter Prints": (1, 60, 70)}, "in euros")
        self.assertEqual(
            costs(self.chloe, allowed_company_ids=self.env.company.ids), {company: (1, 50, 50)})
        self.assertEqual(
            costs(self.olga, allowed_company_ids=self.otter.ids), {"Otter Prints": (1, 60, 70)})
