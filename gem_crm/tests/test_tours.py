from odoo.tests import HttpCase, tagged

from odoo.addons.gem_crm.tests.common import FollowUpCommon


def prospect_notes(case, names):
    """Return sales notes on Horizon Books for Amélie, who takes it for a prospect."""
    status = case.env.ref('gem_crm.gem_crm_status_sales_prospect')
    return case.env['gem.crm.note'].create([
        {'partner_id': case.horizon.id, 'name': name, 'user_id': case.amelie.id,
         'status_id': status.id}
        for name in names
    ])


@tagged('post_install', '-at_install')
class TestTours(FollowUpCommon, HttpCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('fr_FR')
        (cls.amelie | cls.diane).lang = 'fr_FR'

    def test_follow_up_in_french(self):
        """An account manager writes down a day's work on a customer, and finds it again."""
        self.start_tour(
            '/odoo/customer-follow-up', 'gem_crm_follow_up', login='amelie', timeout=300)
        need = self.horizon.gem_need_ids
        self.assertEqual(need.mapped('name'), ["Delivery before nine"])
        self.assertEqual(need.create_uid, self.amelie)
        discussion = self.env['gem.crm.discussion'].search([('partner_id', '=', self.horizon.id)])
        self.assertEqual(discussion.concerned_ids, self.bruno)
        self.assertEqual(discussion.copy_ids, self.chloe)
        self.assertEqual(discussion.last_user_id, self.amelie)
        call = self.env['gem.crm.correspondence'].search([('partner_id', '=', self.horizon.id)])
        self.assertEqual((call.channel, call.user_id), ('call', self.amelie))
        self.assertEqual(self.horizon.gem_newsletter, 'accepted')
        self.assertTrue(self.horizon.gem_note_ids.date_done)

    def test_tab_is_edited_with_the_contact(self):
        """The tab's fields, which are read when it is opened, are saved with the contact."""
        fair = self.env['gem.crm.referral'].create({'name': "Trade Fair"})
        self.start_tour(
            '/odoo/action-contacts.action_contacts/new', 'gem_crm_follow_up_form', login='chloe')
        lynx = self.env['res.partner'].search([('name', '=', "Lynx Library")])
        self.assertEqual(lynx.gem_account_manager_id, self.bruno)
        self.assertEqual(lynx.gem_referral_id, fair)
        self.assertEqual(lynx.gem_deputy_id, self.amelie, "the first choice was discarded")

    def test_notes_in_french(self):
        """An administrator shapes the notes, a user works with them, the customer shows it."""
        self.start_tour('/odoo/crm-settings', 'gem_crm_note_settings', login='diane', timeout=300)
        status = self.env['gem.crm.status'].search([('name', '=', "Négociation")])
        self.assertEqual((status.kind, status.background_color), ('sales', '#FFE08A'))
        budget, warmth = self.env['gem.crm.variable'].search(
            [('name', 'in', ("Budget", "Chaleur"))], order='name')
        self.assertEqual((budget.type, warmth.type), ('currency', 'dropdown'))
        self.assertEqual(
            [(option.name, option.background_color) for option in warmth.option_ids],
            [("Froid", '#CFE2FF'), ("Tiède", '#FFE08A'), ("Brûlant", '#FFD0C2')])

        self.start_tour(
            '/odoo/action-gem_crm.gem_crm_note_action_sales', 'gem_crm_note', login='amelie',
            timeout=300)
        notes = self.env['gem.crm.note'].search([('partner_id', '=', self.horizon.id)])
        self.assertEqual(sorted(notes.mapped(budget.field_name)), [50, 100, 250, 300, 500])
        self.assertEqual(self.horizon.gem_sales_status_id, status)
        self.start_tour(
            f'/odoo/res.partner/{self.horizon.id}', 'gem_crm_note_customer', login='amelie')

    def test_refusal_in_french(self):
        """A card is dragged to the refused ones, a row is set to refused, then two at once."""
        notes = prospect_notes(self, ["Offre", "Relance", "Devis A", "Devis B"])
        self.start_tour(
            '/odoo/action-gem_crm.gem_crm_note_action_sales?view_type=kanban',
            'gem_crm_note_refusal', login='amelie')
        price = self.env.ref('gem_crm.gem_crm_refusal_reason_price')
        self.assertEqual(notes.mapped('state'), ['refused'] * 4)
        self.assertEqual(notes.mapped('refusal_reason_id'), price)
        self.assertTrue(all(note.refusal_reason_id for note in notes))


@tagged('post_install', '-at_install')
class TestToursOnAPhone(FollowUpCommon, HttpCase):
    browser_size = '390x844'
    touch_enabled = True

    def test_notes(self):
        prospect_notes(self, ["Offre", "Relance"])
        self.start_tour(
            '/odoo/action-gem_crm.gem_crm_note_action_sales', 'gem_crm_note_on_a_phone',
            login='amelie')
