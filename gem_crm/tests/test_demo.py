import logging
from collections import Counter
from datetime import date, timedelta
from unittest.mock import patch

from odoo import SUPERUSER_ID, fields
from odoo.modules import Manifest
from odoo.tests import BaseCase, TransactionCase
from odoo.tools import convert_file

from odoo.addons.gem_crm.demo import french, story


class TestStory(BaseCase):
    """Whatever the day, the story of the demo data is the same."""

    days = (date(2026, 1, 1), date(2026, 8, 16), date(2028, 2, 29))

    def purchases(self, today):
        by_customer = {key: [] for key in story.CUSTOMERS}
        for purchase in story.invoices(today):
            by_customer[purchase.customer].append(purchase)
        return by_customer

    def silence(self, purchases, today):
        return (today - purchases[-1].date).days

    def test_same_day_same_story(self):
        self.assertEqual(story.invoices(self.days[0]), story.invoices(self.days[0]))

    def test_two_years_until_today(self):
        for today in self.days:
            purchases = story.invoices(today)
            self.assertEqual(purchases, sorted(purchases, key=lambda purchase: purchase.date))
            self.assertGreater(purchases[0].date, today - timedelta(days=2 * 365 + 1))
            self.assertLessEqual(purchases[-1].date, today)
            self.assertTrue(250 <= len(purchases) <= 350, len(purchases))
            self.assertFalse([p for p in purchases if not p.lines or p.date.weekday() > 4])

    def test_characters(self):
        for today in self.days:
            told = self.purchases(today)
            months = Counter(purchase.date.month for purchase in told['quatrevents'])
            self.assertEqual(set(months), {8, 9}, "the school buys when the school year starts")
            self.assertEqual(len(told['lafleur']), 1)
            self.assertGreater(self.silence(told['vieuxpont'], today), 265, "lost")
            self.assertGreater(self.silence(told['bellerive'], today), 80, "slipping away")
            self.assertLess(self.silence(told['erables'], today), 30, "regular")
            self.assertGreater(told['nomade'][0].date, today - timedelta(days=45), "new")

            middle = today - timedelta(days=365)
            recent = [purchase for purchase in told['quai'] if purchase.date > middle]
            self.assertGreater(len(recent), 1.5 * (len(told['quai']) - len(recent)), "growing")
            self.assertGreater(
                len([purchase for purchase in told['maree'] if purchase.returned]),
                len(told['maree']) / 5, "much comes back")


class TestDemo(TransactionCase):
    """The demo data in a company that has none yet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env['res.company'].create({
            'name': "Wholesaler", 'country_id': cls.env.ref('base.ca').id,
        })
        cls.env['res.users'].browse(SUPERUSER_ID).company_ids += company
        cls.env = cls.env(user=SUPERUSER_ID, context={'allowed_company_ids': company.ids})
        cls.company = cls.env.company
        cls.demo = cls.env['gem.crm.demo']
        # 'update': what the database has from its own demo data stays as it is.
        for path in Manifest.for_addon('gem_crm')['demo']:
            convert_file(cls.env, 'gem_crm', path, {}, mode='update', noupdate=True)
        for key in story.CUSTOMERS:  # a payment term is of one company
            customer = cls.env.ref(f'gem_crm.res_partner_demo_{key}')
            customer.property_payment_term_id = cls.env.ref('account.account_payment_term_30days')

    def moves(self, *keys):
        customers = [self.env.ref(f'gem_crm.res_partner_demo_{key}').id for key in keys]
        return self.env['account.move'].search([
            ('company_id', '=', self.company.id),
            ('move_type', 'in', ('out_invoice', 'out_refund')),
            ('partner_id', 'in', customers),
        ], order='invoice_date, id')

    def test_without_chart_of_accounts(self):
        with self.assertLogs('odoo.addons.gem_crm.demo', logging.INFO) as logs:
            self.demo._load()
        self.assertIn("Wholesaler has no chart of accounts", logs.output[0])
        self.assertFalse(self.moves(*story.CUSTOMERS))

    def test_invoices(self):
        self.env['account.chart.template'].try_loading('generic_coa', self.company)
        mails = self.env['mail.mail'].search_count([])
        keys = ('vieuxpont', 'bellerive', 'maree', 'nomade', 'saintaubin')
        with patch.dict(story.CUSTOMERS, {key: story.CUSTOMERS[key] for key in keys}, clear=True):
            self.demo._load()
            moves = self.moves(*keys)
            self.demo._load()
            self.assertEqual(self.moves(*keys), moves, "a second call adds nothing")
        self.assertEqual(self.env['mail.mail'].search_count([]), mails)

        today = fields.Date.context_today(self.demo)
        self.assertLessEqual(moves[-1].invoice_date, today)
        draft = moves.filtered(lambda move: move.state != 'posted')
        self.assertRecordValues(draft, [{
            'state': 'draft',
            'partner_id': self.env.ref('gem_crm.res_partner_demo_nomade').id,
        }])

        lost = self.moves('vieuxpont')
        self.assertEqual(lost[-2:].mapped('payment_state'), ['not_paid', 'not_paid'])
        self.assertEqual(set(lost[:-2].mapped('payment_state')), {'paid'})
        self.assertLess(max(lost.mapped('invoice_date_due')), today, "overdue")
        self.assertEqual(self.moves('bellerive')[-1].payment_state, 'partial')

        credit_notes = self.moves('maree').filtered(lambda move: move.move_type == 'out_refund')
        self.assertGreater(len(credit_notes), 4)
        for credit_note in credit_notes:
            self.assertLess(credit_note.amount_total, credit_note.reversed_entry_id.amount_total)
            self.assertFalse(credit_note.amount_residual)

        paid_late = self.moves('saintaubin').filtered(lambda move: move.payment_state == 'paid')
        self.assertGreater(len(paid_late), 20)
        for invoice in paid_late:
            paid_on = max(invoice.line_ids.matched_credit_ids.mapped('max_date'))
            self.assertGreater(paid_on, invoice.invoice_date_due)
            self.assertLessEqual(paid_on, today)

    def test_complaints_are_about_invoices(self):
        """What was done at the installation, where there is a chart of accounts."""
        self.env['account.chart.template'].try_loading('generic_coa', self.company)
        keys = ('maree', 'saintaubin', 'quatrevents', 'bellerive')
        with patch.dict(story.CUSTOMERS, {key: story.CUSTOMERS[key] for key in keys}, clear=True):
            self.demo._load()
        complaints = self.env['gem.crm.complaint'].union(
            *(self.demo._complaint(key) for key, *_rest in story.CLAIMS))
        complaints.line_ids.filtered(lambda line: not line.credit_line_id).unlink()
        complaints.dispute_ids.complaint_id = False
        self.env.cr.execute("DELETE FROM gem_crm_complaint_line WHERE complaint_id = ANY(%s)",
                            [complaints.ids])
        self.env.cr.execute("UPDATE gem_crm_complaint SET company_id = %s WHERE id = ANY(%s)",
                            [self.company.id, complaints.ids])
        self.env.invalidate_all()
        self.demo._claim()
        self.assertEqual(
            {key: self.demo._complaint(key).line_ids.state for key, *_rest in story.CLAIMS},
            {'maree': 'accepted', 'saintaubin': 'claimed', 'quatrevents': 'drafted',
             'bellerive_1': 'credited'})
        self.assertTrue(self.demo._complaint('maree').dispute_ids)
        lines = complaints.line_ids
        self.demo._claim()
        self.assertEqual(complaints.line_ids, lines, "a second call adds nothing")

    def test_upgrade_of_an_older_database(self):
        """A file whose records Odoo takes for deleted ones, and demo records that need them."""
        demo = self.env['gem.crm.comparison'].search([])
        demo.unlink()
        self.env['gem.crm.comparison.criterion'].search([]).unlink()
        path = 'data/gem_crm_comparison_criterion_data.xml'
        convert_file(self.env, 'gem_crm', path, {}, mode='update', noupdate=True)
        self.assertFalse(self.env['gem.crm.comparison.criterion'].search([]))
        convert_file(
            self.env, 'gem_crm', 'data/gem_crm_seed_data.xml', {}, mode='update', noupdate=False)
        self.assertIn("Price", self.env['gem.crm.comparison.criterion'].search([]).mapped('name'))
        convert_file(self.env, 'gem_crm', 'demo/gem_crm_complaint_demo.xml', {}, mode='update',
                     noupdate=True)
        self.assertEqual(len(self.env['gem.crm.comparison'].search([])), len(demo))

        self.env['gem.crm.comparison'].search([]).unlink()
        self.env.ref('gem_crm.gem_crm_comparison_criterion_price').unlink()
        self.env['gem.crm.seed']._complete()
        self.assertNotIn(
            "Price", self.env['gem.crm.comparison.criterion'].search([]).mapped('name'),
            "what somebody deletes stays away")

    def test_told_in_french(self):
        self.env['res.lang']._activate_lang('fr_FR')
        self.env.ref('base.user_admin').lang = 'fr_FR'
        mails = self.env['mail.mail'].search_count([])
        note = self.env.ref('gem_crm.gem_crm_note_demo_erables')
        note.name = "Somebody's own words"
        self.demo._tell()
        self.assertEqual(note.name, "Somebody's own words")
        need = self.env.ref('gem_crm.gem_crm_need_demo_erables')
        self.assertEqual(need.name, "Les nouveaux romans deux semaines avant la saison")
        answer = self.env['gem.crm.correspondence'].search(
            [('message_id', '=', self.env.ref(
                'gem_crm.mail_message_demo_erables_autumn_answer').id)])
        self.assertEqual(answer.subject, "Re: Les romans de la saison")
        self.assertIn("table d'entrée", answer.preview)
        novel = self.env.ref('gem_crm.product_product_demo_snow')
        self.assertEqual(novel.with_context(lang='fr_FR').name, "Neige sur le fleuve")
        self.assertEqual(novel.with_context(lang='en_US').name, "Snow on the River")
        self.assertEqual(self.env['mail.mail'].search_count([]), mails, "nothing is sent")
        for model in (
            'gem.crm.complaint', 'gem.crm.discussion', 'gem.crm.need', 'gem.crm.note',
            'mail.message',
        ):
            for record in self.env[model].browse(self.env['ir.model.data'].search([
                ('module', '=', 'gem_crm'), ('name', 'ilike', '_demo_'), ('model', '=', model),
            ]).mapped('res_id')):
                name = record.subject if model == 'mail.message' else record.name
                self.assertNotIn(name, french.TEXTS, "English is left")
