from datetime import timedelta

from odoo import Command, fields
from odoo.tests import HttpCase, tagged

from odoo.addons.gem_crm.tests.test_gem_crm_profile import ProfileCommon


@tagged('post_install', '-at_install')
class TestKnowledgeTours(ProfileCommon, HttpCase):
    """Horizon takes diaries every 30 days, and has been silent for 50; they speak French."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('fr_FR')
        (cls.amelie | cls.chloe).lang = 'fr_FR'
        (cls.amelie | cls.chloe).company_ids = cls.company
        stationery = cls.env['product.category'].create({'name': "Stationery"})
        diary, _new_diary = cls.env['product.product'].create([
            {'name': name, 'categ_id': stationery.id} for name in ("Diary", "Diary of next year")
        ])
        today = fields.Date.today()
        for days in (140, 110, 80, 50):
            cls.invoice(cls.horizon, 0, invoice_date=today - timedelta(days=days),
                        invoice_line_ids=[Command.create({
                            'product_id': diary.id, 'quantity': 20, 'price_unit': 5,
                            'tax_ids': [Command.clear()],
                        })])
        cls.Profile._refresh(cls.customers.ids, cls.company)
        cls.Profile._rank(cls.company)

    def test_late_against_the_rhythm_in_french(self):
        self.start_tour('/odoo/crm-due', 'gem_crm_late', login='amelie')
        note = self.horizon.gem_note_ids
        self.assertEqual((note.name, note.user_id), ("Demander pour les agendas", self.amelie))

    def test_finder_to_notes_in_french(self):
        self.start_tour('/odoo/crm-finder', 'gem_crm_finder', login='chloe')
        note = self.horizon.gem_note_ids
        self.assertEqual((note.name, note.user_id),
                         ("Présenter Diary of next year", self.amelie))

    def test_drawn_pages_in_french(self):
        self.start_tour('/odoo/crm-due', 'gem_crm_drawn_pages', login='chloe')
