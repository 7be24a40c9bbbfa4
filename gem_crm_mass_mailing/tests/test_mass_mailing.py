from ast import literal_eval

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.gem_crm.tests.test_gem_crm_habit import ProductsCommon


@tagged('post_install', '-at_install')
class TestMassMailing(ProductsCommon):
    """Adds to the cast Dora, who follows all customers and writes mailings.

    Horizon and Lynx have an e-mail address; Lynx has refused the newsletter. Juniper has the
    address of a mailing contact. Kayak has none.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dora = new_test_user(
            cls.env, 'dora', name="Dora Lind",
            groups='gem_crm.gem_crm_group_user_all,mass_mailing.group_mass_mailing_user,'
                   'base.group_partner_manager')
        cls.horizon.email = 'books@horizon.example'
        cls.juniper.email = '"Juniper" <Hello@Juniper.example>'
        cls.lynx.email = 'lynx@lofts.example'
        cls.kayak.email = False
        cls.env['gem.crm.consent'].create({'partner_id': cls.lynx.id, 'decision': 'accepted'})
        cls.env['gem.crm.consent'].create({'partner_id': cls.lynx.id, 'decision': 'refused'})
        cls.known = cls.env['mailing.contact'].with_user(cls.dora).create(
            {'name': "Juniper", 'email': 'hello@juniper.example'})
        cls.segment = cls.env['gem.crm.segment'].create({
            'name': "These Four", 'domain': repr([('id', 'in', cls.customers.ids)])})

    def make_list(self, customers):
        Profile = self.env['gem.crm.profile'].with_user(self.dora)
        action = Profile.action_mailing_from_finder(self.lantern.ids, customers.ids)
        return self.env['mailing.list'].with_user(self.dora).browse(action['res_id'])

    def test_mailing_list_from_the_finder(self):
        mailing_list = self.make_list(self.customers)
        self.assertEqual(mailing_list.name, f"Interested in {self.lantern.display_name}")
        self.assertEqual(
            sorted(mailing_list.contact_ids.mapped('email_normalized')),
            ['books@horizon.example', 'hello@juniper.example'])
        self.assertIn(self.known, mailing_list.contact_ids)

    def test_one_contact_for_an_address(self):
        self.kayak.email = 'BOOKS@horizon.example'
        mailing_list = self.make_list(self.horizon | self.kayak)
        self.assertEqual(len(mailing_list.contact_ids), 1)
        self.assertEqual(len(self.make_list(self.horizon).contact_ids), 1)
        self.assertEqual(self.known.search_count(
            [('email_normalized', '=', 'books@horizon.example')]), 1)

    def test_nobody_may_be_written_to(self):
        with self.assertRaisesRegex(UserError, "refused the newsletter"):
            self.make_list(self.kayak | self.lynx)

    def test_the_finder_offers_lists_to_who_may_make_them(self):
        Profile = self.env['gem.crm.profile']
        for user, may in ((self.dora, True), (self.chloe, False)):
            found = Profile.with_user(user).get_interested_customers(self.lantern.ids)
            self.assertEqual(found['can_make_mailing'], may)
        with self.assertRaises(AccessError):
            Profile.with_user(self.chloe).action_mailing_from_finder(
                self.lantern.ids, self.horizon.ids)

    def test_mailing_to_a_segment(self):
        action = self.segment.with_user(self.dora).action_make_mailing()
        Mailing = self.env['mailing.mailing'].with_user(self.dora).with_context(**action['context'])
        with Form(Mailing) as form:
            form.subject = "New lanterns"
        mailing = form.record
        self.assertEqual(mailing.mailing_model_real, 'res.partner')
        self.assertEqual(
            self.env['res.partner'].with_user(self.dora).search(
                literal_eval(mailing.mailing_domain)),
            self.horizon | self.juniper)
        self.assertEqual(
            sorted(mailing._get_remaining_recipients()), sorted((self.horizon | self.juniper).ids))

    def test_who_has_left_the_segment_is_not_written_to(self):
        action = self.segment.with_user(self.dora).action_make_mailing()
        domain = literal_eval(action['context']['default_mailing_domain'])
        self.segment.domain = repr([('id', '=', self.juniper.id)])
        self.assertEqual(self.env['res.partner'].search(domain), self.juniper)

    def test_mailings_are_for_who_may_write_them(self):
        with self.assertRaises(AccessError):
            self.segment.with_user(self.chloe).action_make_mailing()
