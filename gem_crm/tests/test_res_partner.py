from freezegun import freeze_time
from lxml import etree
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.gem_crm.tests.common import FollowUpCommon


@tagged('post_install', '-at_install')
class TestResPartner(FollowUpCommon):

    def test_account_manager_follows_the_salesperson_until_chosen(self):
        self.assertEqual(self.horizon.gem_account_manager_id, self.amelie)
        self.horizon.user_id = self.bruno
        self.assertEqual(self.horizon.gem_account_manager_id, self.bruno)
        self.horizon.gem_account_manager_id = self.chloe
        self.horizon.user_id = self.amelie
        self.assertEqual(self.horizon.gem_account_manager_id, self.chloe, "chosen by hand")
        self.horizon.gem_account_manager_id = False
        self.horizon.user_id = self.bruno
        self.assertEqual(self.horizon.gem_account_manager_id, self.bruno, "follows again")

    def test_salesperson_changed_on_screen_still_followed(self):
        with Form(self.horizon.with_user(self.chloe)) as form:
            form.user_id = self.bruno
        self.assertEqual(self.horizon.gem_account_manager_id, self.bruno)
        self.assertFalse(self.horizon.gem_account_manager_chosen)

    def test_contact_is_followed_as_its_company(self):
        self.assertEqual(self.ines.gem_account_manager_id, self.amelie)
        self.horizon.gem_account_manager_id = self.chloe
        self.horizon.gem_deputy_id = self.bruno
        self.assertEqual(self.ines.gem_account_manager_id, self.chloe)
        self.assertEqual(self.ines.gem_in_charge_id, self.bruno)

    def test_deputy_is_in_charge_between_two_dates(self):
        self.horizon.write({
            'gem_deputy_id': self.bruno.id,
            'gem_deputy_from': '2026-03-10', 'gem_deputy_until': '2026-03-12',
        })
        Partner = self.env['res.partner'].with_user(self.chloe)
        for day, in_charge in (
            ('2026-03-09', self.amelie), ('2026-03-10', self.bruno),
            ('2026-03-12', self.bruno), ('2026-03-13', self.amelie),
        ):
            with self.subTest(day=day), freeze_time(f'{day} 12:00:00'):
                self.horizon.invalidate_recordset(['gem_in_charge_id'])
                self.assertEqual(self.horizon.gem_in_charge_id, in_charge)
                found = Partner.search([('gem_in_charge_id', '=', in_charge.id)])
                self.assertIn(self.horizon, found)
                other = (self.amelie | self.bruno) - in_charge
                found = Partner.search([('gem_in_charge_id', 'in', other.ids)])
                self.assertNotIn(self.horizon, found)
                found = Partner.search([('gem_in_charge_id', '!=', in_charge.id)])
                self.assertNotIn(self.horizon, found)
                self.assertIn(self.kayak, found)
        with freeze_time('2026-03-11 12:00:00'):
            found = Partner.search([('gem_in_charge_id.name', 'ilike', "petit")])
            self.assertIn(self.horizon, found)

    def test_deputy_dates_in_order(self):
        with mute_logger('odoo.sql_db'), self.assertRefused(IntegrityError, "gem_deputy_dates"):
            self.horizon.write({
                'gem_deputy_id': self.bruno.id,
                'gem_deputy_from': '2026-03-12', 'gem_deputy_until': '2026-03-10',
            })
            self.env.flush_all()

    def test_customer_cannot_refer_itself(self):
        with self.assertRefused(ValidationError, "referred by itself"):
            self.horizon.gem_referrer_id = self.ines

    def test_newsletter_history_stays(self):
        horizon = self.horizon.with_user(self.amelie)
        self.assertFalse(horizon.gem_newsletter, "never asked is not refused")
        Consent = self.env['gem.crm.consent'].with_user(self.amelie)
        with self.assertRefused(UserError, "never accepted"):
            Consent.create({'partner_id': horizon.id, 'decision': 'withdrawn'})
        Consent.create({
            'partner_id': self.ines.id, 'decision': 'accepted', 'channel': 'phone',
            'date': '2026-01-05', 'user_id': self.bruno.id,
        })
        self.assertEqual(horizon.gem_newsletter, 'accepted')
        self.assertEqual(self.ines.gem_newsletter, 'accepted')
        self.assertEqual(horizon.gem_consent_ids.user_id, self.amelie, "who recorded is a fact")
        Consent.create({'partner_id': horizon.id, 'decision': 'withdrawn', 'date': '2026-02-05'})
        self.assertEqual(horizon.gem_newsletter, 'withdrawn')
        Consent.create({'partner_id': horizon.id, 'decision': 'refused', 'date': '2025-02-05'})
        self.assertEqual(horizon.gem_newsletter, 'withdrawn', "an older answer found later")
        for records in (horizon.gem_consent_ids, horizon.sudo().gem_consent_ids):
            with self.assertRaises(UserError):
                records[0].write({'decision': 'accepted'})
            with self.assertRaises(UserError):
                records.unlink()

    def test_contact_form_costs_what_it_costs_without_us(self):
        """Each field of ours in Odoo's own form would be read with every contact."""
        form = self.env.ref('base.view_partner_form')
        tab = self.env.ref('gem_crm.res_partner_view_form_follow_up')
        Partner = self.env['res.partner'].with_user(self.chloe)

        def fields_of(view):
            arch = etree.fromstring(Partner.get_view(view.id, 'form')['arch'])
            return {node.get('name') for node in arch.iter('field')}

        self.assertFalse([name for name in fields_of(form) if name.startswith('gem_')])
        self.assertIn('gem_account_manager_id', fields_of(tab))
        linked = [
            name for name in fields_of(tab) - fields_of(form)
            if Partner._fields[name].type.endswith('2many')
        ]
        self.assertFalse(linked, "the client cannot add these to a record it has read")

    def test_form_is_refused_as_without_the_follow_up(self):
        specification = {'name': {}, 'gem_account_manager_id': {'fields': {'display_name': {}}}}
        self.kayak.company_id = self.env['res.company'].create({'name': "Otter Prints"})
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self.kayak.with_user(self.chloe).web_read(specification)
        with self.assertRaises(AccessError):
            self.juniper.with_user(self.felix).web_read(specification)
        self.assertTrue(self.juniper.with_user(self.chloe).web_read(specification))

    def test_newsletter_history_of_merged_customers(self):
        self.env['gem.crm.consent'].create([
            {'partner_id': self.horizon.id, 'decision': 'refused', 'date': '2026-01-05'},
            {'partner_id': self.kayak.id, 'decision': 'accepted', 'date': '2026-02-05'},
        ])
        self.env['base.partner.merge.automatic.wizard']._merge(
            (self.horizon | self.kayak).ids, self.horizon)
        self.assertEqual(len(self.horizon.gem_consent_ids), 2)
        self.assertEqual(self.horizon.gem_newsletter, 'accepted', "the last answer of both")

    def test_newsletter_accepted_in_one_company_is_withdrawn_in_another(self):
        second = self.env['res.company'].create({'name': "Second Company"})
        self.amelie.company_ids |= second
        Consent = self.env['gem.crm.consent'].with_user(self.amelie)
        Consent.create({'partner_id': self.horizon.id, 'decision': 'accepted'})
        elsewhere = Consent.with_context(allowed_company_ids=second.ids)
        elsewhere.create({'partner_id': self.horizon.id, 'decision': 'withdrawn'})
        self.assertEqual(self.horizon.gem_newsletter, 'withdrawn')

    def test_newsletter_answers_are_imported_once(self):
        Partner = self.env['res.partner'].with_user(self.chloe)
        rows = [["Lynx Library", "accepted"], ["Mole Museum", "refused"], ["Newt Novels", ""]]
        result = Partner.with_context(import_file=True).load(['name', 'gem_newsletter'], rows)
        self.assertFalse(result['messages'])
        lynx, mole, newt = Partner.browse(result['ids'])
        self.assertEqual(lynx.gem_consent_ids.mapped('channel'), ['import'])
        self.assertEqual(mole.gem_newsletter, 'refused')
        self.assertFalse(newt.gem_newsletter)
        lynx.gem_newsletter = 'accepted'
        self.assertEqual(len(lynx.gem_consent_ids), 1, "the same answer again is no new answer")
        mole.gem_newsletter = False
        mole.flush_recordset()
        mole.invalidate_recordset()
        self.assertEqual(mole.gem_newsletter, 'refused', "an empty cell is no answer")

    def test_next_step_is_the_first_open_note(self):
        Note = self.env['gem.crm.note'].with_user(self.amelie)
        later, first = Note.create([
            {'partner_id': self.ines.id, 'name': "Send the price list", 'date_due': '2026-05-02'},
            {'partner_id': self.horizon.id, 'name': "Call back", 'date_due': '2026-04-02'},
        ])
        self.assertEqual(later.partner_id, self.horizon, "a contact's note is its company's")
        horizon = self.horizon.with_user(self.amelie)
        self.assertEqual(horizon.gem_next_note_id, first)
        self.assertEqual(self.ines.with_user(self.amelie).gem_next_note_id, first)
        first.action_done()
        self.assertEqual(horizon.gem_next_note_id, later)

    def test_own_users_change_only_their_customers(self):
        self.horizon.with_user(self.amelie).gem_deputy_id = self.bruno
        self.kayak.with_user(self.amelie).gem_account_manager_id = self.amelie
        with self.assertRefused(AccessError, "followed by Bruno"):
            self.juniper.with_user(self.amelie).gem_account_manager_id = self.amelie
        with self.assertRaises(AccessError):
            self.juniper.with_user(self.felix).gem_account_manager_id = self.felix
        self.juniper.with_user(self.chloe).gem_account_manager_id = self.amelie

    def test_records_follow_a_customer_who_joins_a_company(self):
        note = self.env['gem.crm.note'].create({'partner_id': self.kayak.id, 'name': "Visit"})
        consent = self.env['gem.crm.consent'].create({'partner_id': self.kayak.id})
        self.kayak.write({'is_company': False, 'parent_id': self.juniper.id})
        self.assertEqual((note | note).partner_id, self.juniper)
        self.assertEqual(consent.partner_id, self.juniper)
        self.assertEqual(self.juniper.gem_newsletter, 'accepted')

    def test_installed_where_customers_are(self):
        # The columns are filled by SQL then, and must agree with what the ORM computes.
        partners = self.horizon | self.ines | self.juniper | self.kayak
        expected = partners.mapped('gem_account_manager_id.id')
        self.env.flush_all()
        self.env.cr.execute(
            "ALTER TABLE res_partner DROP gem_account_manager_id, DROP gem_newsletter"
        )
        self.env.invalidate_all()
        self.registry.init_models(self.env.cr, ['res.partner'], {'module': 'gem_crm'})
        self.assertEqual(partners.mapped('gem_account_manager_id.id'), expected)
        self.assertFalse(any(partners.mapped('gem_newsletter')))
