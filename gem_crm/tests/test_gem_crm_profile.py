from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged, users
from odoo.tools import SQL

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.base.models.ir_cron import IrCron
from odoo.addons.gem_crm.models import gem_crm_profile
from odoo.addons.gem_crm.tests.common import FollowUpCommon


class ProfileCommon(FollowUpCommon, AccountTestInvoicingCommon):
    """Adds to the cast: Lynx Lofts, brought by Ines; a second company, Otter Prints.

    The users of the cast work in the company of the invoices.
    """

    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.env.ref('gem_crm.gem_crm_group_manager')

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data['company']
        cls.otter = cls.setup_other_company(name="Otter Prints")['company']
        cast = cls.amelie | cls.bruno | cls.chloe | cls.diane | cls.emile | cls.felix
        cast.write({
            'company_ids': [Command.link(cls.company.id), Command.link(cls.otter.id)],
            'company_id': cls.company.id,
        })
        cls.lynx = cls.env['res.partner'].create({
            'name': "Lynx Lofts", 'is_company': True, 'user_id': cls.bruno.id,
            'gem_referrer_id': cls.ines.id,
        })
        cls.customers = cls.horizon | cls.juniper | cls.kayak | cls.lynx
        cls.Profile = cls.env['gem.crm.profile']
        cls.env.cr.flush()
        cls.env.cr.execute("DELETE FROM gem_crm_profile_mark")

    @classmethod
    def invoice(cls, partner, amount, move_type='out_invoice', post=True, **vals):
        """Return an invoice of one untaxed line."""
        move = cls.env['account.move'].create({
            'move_type': move_type,
            'partner_id': partner.id,
            'invoice_date': '2026-01-15',
            'invoice_line_ids': [Command.create({
                'name': "Books", 'price_unit': amount, 'tax_ids': [Command.clear()],
            })],
            **vals,
        })
        if post:
            move.action_post()
        return move

    def marks(self):
        """Return the pending marks as pairs of ids, and forget them."""
        self.env.flush_all()
        self.env.cr.flush()
        self.env.cr.execute("DELETE FROM gem_crm_profile_mark RETURNING customer, company")
        return set(self.env.cr.fetchall())

    def run_cron(self):
        self.env.flush_all()
        self.env.cr.flush()
        with self.enter_registry_test_mode():
            self.env.ref('gem_crm.gem_crm_profile_cron_marked').method_direct_trigger()
        self.env.invalidate_all()

    def revenues(self, company=None):
        customers = self.customers.with_company(company or self.company)
        return customers.mapped('gem_revenue')


@tagged('post_install', '-at_install')
class TestGemCrmProfileFigures(ProfileCommon):

    def refresh(self):
        self.Profile._refresh(self.customers.ids, self.company)
        self.Profile._refresh(self.customers.ids, self.otter)

    def test_revenue_is_what_was_posted_less_credit_notes(self):
        self.invoice(self.horizon, 1000)
        self.invoice(self.ines, 250.5)
        self.invoice(self.horizon, 300, 'out_refund')
        self.invoice(self.horizon, 7, post=False)
        self.invoice(self.horizon, 9).button_cancel()
        self.invoice(self.horizon, 11, 'in_invoice')
        self.invoice(self.juniper, 40, 'out_refund')
        self.refresh()
        self.assertEqual(self.revenues(), [950.5, -40.0, 0.0, 0.0])

    def test_revenue_is_untaxed(self):
        self.invoice(self.horizon, 100, invoice_line_ids=[Command.create({
            'name': "Books", 'price_unit': 100, 'tax_ids': [Command.set(self.tax_sale_a.ids)],
        })])
        self.refresh()
        self.assertEqual(self.revenues()[0], 100.0)

    def test_partial_credit_note(self):
        invoice = self.invoice(self.horizon, 1000)
        self.env['account.move.reversal'].with_context(
            active_model='account.move', active_ids=invoice.ids,
        ).create({'journal_id': invoice.journal_id.id}).reverse_moves()
        credit_note = invoice.reversal_move_ids
        credit_note.invoice_line_ids.price_unit = 120
        self.refresh()
        self.assertEqual(self.revenues()[0], 1000.0, "a draft credit note does not exist")
        credit_note.action_post()
        self.refresh()
        self.assertEqual(self.revenues()[0], 880.0)

    def test_revenue_per_company_in_its_currency_as_booked(self):
        euro = self.setup_other_currency('EUR', rates=[('2026-01-01', 2.0), ('2026-06-01', 4.0)])
        self.invoice(self.horizon, 500, currency_id=euro.id)
        self.invoice(
            self.horizon, 80, company_id=self.otter.id,
            journal_id=self.env['account.journal'].search([
                ('company_id', '=', self.otter.id), ('type', '=', 'sale')], limit=1).id)
        self.refresh()
        self.assertEqual(self.revenues(), [250.0, 0.0, 0.0, 0.0])
        self.assertEqual(self.revenues(self.otter), [80.0, 0.0, 0.0, 0.0])
        self.assertEqual(self.horizon.gem_currency_id, self.company.currency_id)

    def test_contact_has_no_profile_of_its_own(self):
        self.Profile._refresh((self.horizon | self.ines).ids, self.company)
        self.assertEqual(self.horizon.gem_profile_id.partner_id, self.horizon)
        self.assertFalse(self.ines.gem_profile_id)

    def test_neither_colleagues_nor_ourselves_are_customers(self):
        ours = self.amelie.partner_id | self.company.partner_id
        self.Profile._refresh(ours.ids, self.company)
        self.assertFalse(ours.gem_profile_id)
        self.Profile._refresh(self.gaby.partner_id.commercial_partner_id.ids, self.company)
        self.assertTrue(self.horizon.gem_profile_id)

    def test_customer_of_another_company(self):
        self.kayak.company_id = self.otter
        self.refresh()
        self.assertFalse(self.kayak.gem_profile_id)
        self.assertTrue(self.kayak.with_company(self.otter).gem_profile_id)
        branch = self.env['res.company'].create({'name': "Otter Annex", 'parent_id': self.otter.id})
        self.Profile._refresh(self.kayak.ids, branch)
        self.assertTrue(self.kayak.with_company(branch).gem_profile_id, "a branch serves it too")

    def test_only_what_changed_is_written(self):
        self.invoice(self.horizon, 10)
        self.refresh()

        def places():
            """Where each row is in its table: a row that is written moves."""
            self.env.cr.execute(
                "SELECT partner_id, ctid FROM gem_crm_profile WHERE partner_id IN %s"
                " AND company_id = %s", [tuple(self.customers.ids), self.company.id])
            return dict(self.env.cr.fetchall())

        before = places()
        self.refresh()
        self.assertEqual(places(), before)
        self.invoice(self.juniper, 20)
        self.refresh()
        moved = {customer for customer, place in places().items() if place != before[customer]}
        self.assertEqual(moved, {self.juniper.id})


@tagged('post_install', '-at_install')
class TestGemCrmProfileRefresh(ProfileCommon):

    def test_from_the_invoice_to_the_figure(self):
        invoice = self.invoice(self.ines, 100)
        self.run_cron()
        self.assertEqual(self.revenues(), [100.0, 0.0, 0.0, 0.0])
        invoice.button_draft()
        self.run_cron()
        self.assertEqual(self.revenues()[0], 0.0)
        invoice.invoice_line_ids.price_unit = 70
        invoice.action_post()
        self.run_cron()
        self.assertEqual(self.revenues()[0], 70.0)
        invoice.button_cancel()
        self.run_cron()
        self.assertEqual(self.revenues()[0], 0.0)
        invoice = self.invoice(self.horizon, 30)
        self.run_cron()
        invoice.with_context(force_delete=True).unlink()
        self.run_cron()
        self.assertEqual(self.revenues()[0], 0.0)

    def test_what_marks(self):
        self.marks()
        everywhere = {(self.horizon.id, None)}
        draft = self.invoice(self.horizon, 100, post=False)
        self.assertNotIn((self.horizon.id, self.company.id), self.marks(), "a draft is nothing")
        draft.action_post()
        self.assertIn((self.horizon.id, self.company.id), self.marks())
        need = self.env['gem.crm.need'].create({'partner_id': self.ines.id, 'name': "Bags"})
        self.assertEqual(self.marks(), everywhere)
        need.state = 'met'
        self.assertEqual(self.marks(), everywhere)
        need.partner_id = self.juniper
        self.assertEqual(self.marks(), everywhere | {(self.juniper.id, None)})
        need.unlink()
        self.assertEqual(self.marks(), {(self.juniper.id, None)})
        self.env['gem.crm.consent'].create({'partner_id': self.horizon.id})
        self.assertIn((self.horizon.id, None), self.marks())
        self.horizon.comment = "No criterion looks at this."
        self.assertFalse(self.marks())
        self.horizon.phone = "555-0100"
        self.assertEqual(self.marks(), everywhere)
        self.horizon.user_id = self.bruno
        self.assertLessEqual(everywhere, self.marks(), "the account manager follows")
        self.horizon.category_id = [Command.create({'name': "Regular"})]
        self.assertEqual(self.marks(), everywhere)
        new = self.env['res.partner'].create({'name': "Moose Mill"})
        self.assertEqual(self.marks(), {(new.id, None)})
        self.env['gem.crm.completeness.criterion'].search([], limit=1).weight += 1
        self.assertEqual(self.marks(), {(None, None)})

    def test_one_insert_per_transaction(self):
        self.marks()
        with patch.object(
            type(self.env['gem.crm.profile.mark']), '_insert_collected', autospec=True,
            side_effect=type(self.env['gem.crm.profile.mark'])._insert_collected,
        ) as insert:
            for customer in self.customers:
                customer.phone = "555-0100"
            self.customers.city = "Quebec"
            self.env.flush_all()
            self.assertEqual(insert.call_count, 0)
            self.env.cr.flush()
            self.assertEqual(insert.call_count, 1)
        self.assertLessEqual({(customer.id, None) for customer in self.customers}, self.marks())

    def test_rolled_back_change_leaves_no_mark(self):
        self.marks()
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.horizon.phone = "555-0100"
            self.env.flush_all()
            raise ZeroDivisionError
        self.assertFalse(self.marks())

    def test_customer_who_joins_a_company(self):
        self.invoice(self.kayak, 60)
        self.invoice(self.juniper, 5)
        self.run_cron()
        self.assertEqual(self.revenues(), [0.0, 5.0, 60.0, 0.0])
        self.kayak.write({'is_company': False, 'parent_id': self.juniper.id})
        self.run_cron()
        self.assertFalse(self.kayak.gem_profile_id)
        self.assertEqual(self.juniper.gem_revenue, 65.0)
        self.kayak.parent_id = self.horizon
        self.run_cron()
        self.assertEqual(self.revenues(), [60.0, 5.0, 0.0, 0.0])

    def test_deleted_customer(self):
        self.Profile._refresh(self.kayak.ids, self.company)
        profile = self.kayak.gem_profile_id
        self.assertTrue(profile)
        self.kayak.unlink()
        self.assertFalse(profile.exists())
        self.customers -= self.kayak
        self.run_cron()

    def test_merged_customers(self):
        self.invoice(self.kayak, 60)
        self.invoice(self.juniper, 5)
        self.env['gem.crm.need'].create({'partner_id': self.kayak.id, 'name': "Maps"})
        self.run_cron()
        before = self.juniper.gem_completeness
        self.env['base.partner.merge.automatic.wizard']._merge(
            (self.juniper | self.kayak).ids, self.juniper)
        self.assertFalse(self.kayak.exists())
        self.customers -= self.kayak
        self.run_cron()
        self.assertEqual(self.juniper.gem_revenue, 65.0)
        self.assertEqual(self.juniper.gem_completeness, before + 20)
        self.assertEqual(self.Profile.search_count([
            ('partner_id', '=', self.juniper.id), ('company_id', '=', self.company.id)]), 1)

    def test_killed_run_goes_on_where_it_was(self):
        """Two batches of two customers; the server dies after the first one is committed."""
        for customer in self.customers:
            self.invoice(customer, 10)
        self.marks()
        self.env['gem.crm.profile.mark']._mark(self.customers.ids)
        self.env.cr.flush()
        remaining = iter([float('inf'), 0])
        with patch.object(gem_crm_profile, 'BATCH_SIZE', 2), \
                patch.object(IrCron, '_commit_progress', lambda *a, **kw: next(remaining)):
            self.Profile._cron_refresh_marked()
        self.assertEqual(sorted(self.revenues()), [0.0, 0.0, 10.0, 10.0])
        self.assertEqual(self.env['gem.crm.profile.mark'].search_count([]), 2)
        self.run_cron()
        self.assertEqual(self.revenues(), [10.0] * 4)
        self.assertEqual(self.env['gem.crm.profile.mark'].search_count([]), 0)

    def test_killed_batch_keeps_its_marks(self):
        self.marks()
        self.env['gem.crm.profile.mark']._mark(self.customers.ids)
        with patch.object(type(self.Profile), '_write_figures', side_effect=InterruptedError), \
                self.assertRaises(InterruptedError), self.env.cr.savepoint():
            self.Profile._refresh(self.env['gem.crm.profile.mark']._take(10)[1][None], self.company)
        self.assertEqual(self.marks(), {(customer.id, None) for customer in self.customers})

    def test_everybody(self):
        self.invoice(self.lynx, 45)
        self.marks()
        with self.enter_registry_test_mode():
            self.env.ref('gem_crm.gem_crm_profile_cron_everybody').method_direct_trigger()
        self.run_cron()
        self.assertEqual(self.revenues(), [0.0, 0.0, 0.0, 45.0])
        self.assertTrue(all(self.customers.with_company(self.otter).mapped('gem_profile_id')))
        self.assertEqual(self.env['gem.crm.profile.mark'].search_count([]), 0)

    def test_everybody_is_found_at_once(self):
        """Not one by one, however many profiles there are for the memory that there is."""
        self.env.cr.execute("SET LOCAL work_mem = '64kB'")
        self.env.cr.execute("SET LOCAL enable_hashagg = off")
        plan = self.env.execute_query(SQL(
            "EXPLAIN %s", self.env['gem.crm.profile.mark']._everybody_sql()))
        self.assertNotIn('SubPlan', str(plan))

    def test_many_marks_are_known_to_the_planner(self):
        """It thought the table as empty as by day, and stood still on 100,000 marks."""
        self.marks()
        self.env['gem.crm.profile.mark']._mark(self.customers.ids)
        with patch.object(gem_crm_profile, 'MANY', 4):
            self.run_cron()
        self.env.cr.execute(
            "SELECT reltuples FROM pg_class WHERE oid = 'gem_crm_profile_mark'::regclass")
        self.assertEqual(self.env.cr.fetchone(), (4.0,))

    def test_nights_that_found_no_time_do_not_add_up(self):
        Mark = self.env['gem.crm.profile.mark']
        for _night in range(2):
            Mark._mark_everybody()
            Mark._mark(self.lynx.ids, self.company.id)
            self.env.cr.precommit.run()
            Mark._expand()
        marked = Mark.search([('customer', '=', self.lynx.id)])
        self.assertEqual(marked.mapped('company'), [0])
        self.assertEqual(Mark.search_count([('customer', '=', 0)]), 1)


@tagged('post_install', '-at_install')
class TestGemCrmProfileReaders(ProfileCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for customer, amount in (
            (cls.horizon, 100), (cls.juniper, 300), (cls.kayak, 200), (cls.lynx, 50),
        ):
            cls.invoice(customer, amount)
        cls.env['gem.crm.need'].create({'partner_id': cls.kayak.id, 'name': "Maps"})
        today = fields.Date.today()
        cls.env['gem.crm.note'].create([
            {'partner_id': cls.juniper.id, 'name': "Visit",
             'date_due': fields.Date.add(today, days=3)},
            {'partner_id': cls.juniper.id, 'name': "Call",
             'date_due': fields.Date.add(today, days=-3), 'user_id': cls.bruno.id},
            {'partner_id': cls.horizon.id, 'name': "Call", 'date_due': today,
             'user_id': cls.amelie.id},
        ])
        cls.Profile._refresh(cls.customers.ids, cls.company)

    def found(self, login_user, domain=(), order='name'):
        Partner = self.env['res.partner'].with_user(login_user).with_company(self.company)
        domain = [('id', 'in', self.customers.ids), *domain]
        return Partner.search(domain, order=order).mapped('name')

    def test_lists_sorted_by_figures(self):
        chloe = self.chloe
        self.assertEqual(self.found(chloe, order='gem_revenue'), [
            "Lynx Lofts", "Horizon Books", "Kayak Club", "Juniper Cafe"])
        self.assertEqual(self.found(chloe, order='gem_revenue DESC'), [
            "Juniper Cafe", "Kayak Club", "Horizon Books", "Lynx Lofts"])
        self.assertEqual(self.found(chloe, order='gem_completeness DESC, name')[-1], "Lynx Lofts")
        self.assertEqual(self.found(chloe, order='gem_next_date, name'), [
            "Juniper Cafe", "Horizon Books", "Kayak Club", "Lynx Lofts"])
        self.assertEqual(self.found(chloe, order='gem_next_date DESC, name'), [
            "Horizon Books", "Juniper Cafe", "Kayak Club", "Lynx Lofts"], "unknown comes last")

    def test_lists_filtered_by_figures(self):
        chloe = self.chloe
        self.assertEqual(
            self.found(chloe, [('gem_revenue', '>', 100)]), ["Juniper Cafe", "Kayak Club"])
        self.assertEqual(self.found(chloe, [('gem_next_date', '<', 'today')]), ["Juniper Cafe"])
        self.assertEqual(self.found(chloe, [('gem_next_date', '=', 'today')]), ["Horizon Books"])
        self.assertEqual(
            self.found(chloe, [('gem_next_date', '=', False)]), ["Kayak Club", "Lynx Lofts"])
        self.assertEqual(
            self.found(chloe, [('gem_next_user_id', '=', self.bruno.id)]), ["Juniper Cafe"])
        self.assertEqual(
            self.found(chloe, [('gem_next_note_id.name', '=', "Visit")]), [], "not the next one")

    def test_lists_grouped_by_figures(self):
        Partner = self.env['res.partner'].with_user(self.chloe).with_company(self.company)
        [total] = Partner.formatted_read_group(
            [('id', 'in', (self.customers | self.ines).ids)], [], ['gem_revenue:sum', '__count'])
        self.assertEqual((total['gem_revenue:sum'], total['__count']), (650.0, 5))
        groups = Partner.formatted_read_group(
            [('id', 'in', self.customers.ids)], ['gem_next_user_id'], ['gem_revenue:sum'])
        self.assertEqual(
            {group['gem_next_user_id'] and group['gem_next_user_id'][1]: group['gem_revenue:sum']
             for group in groups},
            {"Amelie Roy": 100.0, "Bruno Petit": 300.0, False: 250.0})

    def test_figures_are_described_without_their_queries(self):
        """A client asks for all fields with its first view: that must not build our joins."""
        Partner = self.env['res.partner'].with_user(self.chloe)
        refuse = AssertionError("a query was built")
        with (
            patch.object(type(Partner), '_gem_profile_rows', side_effect=refuse),
            patch.object(type(Partner), '_gem_next_note_rows', side_effect=refuse),
        ):
            described = Partner.fields_get(
                ['gem_revenue', 'gem_next_date'], ['sortable', 'groupable', 'aggregator'])
        self.assertEqual(
            described['gem_revenue'], {'sortable': True, 'groupable': True, 'aggregator': 'sum'})
        self.assertTrue(described['gem_next_date']['groupable'])

    def test_figures_of_another_s_customers_stay_theirs(self):
        self.assertEqual(self.found(self.amelie, [('gem_revenue', '>', 0)]), [
            "Horizon Books", "Kayak Club"])
        self.assertEqual(self.found(self.amelie, order='gem_revenue DESC, name')[:2], [
            "Kayak Club", "Horizon Books"])
        self.assertEqual(self.juniper.with_user(self.amelie).gem_revenue, 0.0)
        self.assertFalse(self.juniper.with_user(self.amelie).gem_profile_id)

    @users('emile', 'felix', 'gaby')
    def test_figures_are_for_crm_users(self):
        Partner = self.env['res.partner']
        for name in ('gem_profile_id', 'gem_completeness', 'gem_revenue', 'gem_next_date'):
            with self.assertRaises(AccessError):
                self.horizon.with_env(self.env).read([name])
            with self.assertRaises(AccessError):
                Partner.search([], order=name)
            with self.assertRaises(AccessError):
                Partner.search([(name, '!=', False)])
            with self.assertRaises(AccessError):
                Partner.formatted_read_group([], [], [f'{name}:max'])

    def test_as_many_queries_for_five_as_for_fifty(self):
        customers = self.env['res.partner'].create([{'name': f"Customer {i}"} for i in range(55)])
        self.env['gem.crm.note'].create([
            {'partner_id': customer.id, 'name': "Call"} for customer in customers])
        self.Profile._refresh(customers.ids, self.company)
        names = ['gem_completeness', 'gem_revenue', 'gem_next_date']
        specification = {name: {} for name in names}
        counts = []
        for chosen in (customers[:5], customers[5:]):
            self.env.invalidate_all()
            Partner = chosen.with_user(self.chloe).with_company(self.company)
            Partner.web_search_read([('id', 'in', chosen.ids)], specification)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            Partner.web_search_read(
                [('id', 'in', chosen.ids)], specification, order='gem_revenue DESC')
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_customers_brought(self):
        """Lynx was brought by Ines, who is Horizon's."""
        self.env['res.partner'].create({'name': "Luc", 'parent_id': self.lynx.id})
        self.kayak.gem_referrer_id = self.horizon
        for reader, count, revenue in ((self.chloe, 2, 250.0), (self.amelie, 2, 200.0)):
            with self.subTest(reader=reader.name):
                horizon = self.horizon.with_user(reader)
                self.assertEqual(horizon.gem_referred_count, count)
                self.assertEqual(horizon.gem_referred_revenue, revenue)
                action = horizon.gem_action_open_referred()
                brought = self.env['res.partner'].with_user(reader).search(action['domain'])
                self.assertEqual(brought, self.lynx | self.kayak)
                self.assertEqual(sum(brought.mapped('gem_revenue')), revenue)
        self.assertEqual(self.juniper.with_user(self.chloe).gem_referred_count, 0)

    def test_revenue_opens_its_invoices(self):
        self.invoice(self.ines, 30, 'out_refund')
        self.invoice(self.horizon, 7, post=False)
        self.invoice(self.juniper, 8)
        with self.assertRaises(AccessError):
            self.horizon.with_user(self.amelie).gem_action_open_revenue()
        self.amelie.group_ids += self.env.ref('account.group_account_invoice')
        action = self.horizon.with_user(self.amelie).gem_action_open_revenue()
        moves = self.env['account.move'].with_user(self.amelie).search(action['domain'])
        self.assertEqual(sorted(moves.mapped('amount_untaxed_signed')), [-30.0, 100.0])

    def test_profile_is_read_only_for_everybody(self):
        for user in (self.amelie, self.chloe, self.diane):
            profile = self.horizon.with_user(user).gem_profile_id
            for operation in ('write', 'create', 'unlink'):
                self.assertFalse(profile.has_access(operation))
