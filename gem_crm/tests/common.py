from contextlib import contextmanager

from odoo.tests import TransactionCase, new_test_user


class FollowUpCommon(TransactionCase):
    """The cast of the tests.

    Amelie  account manager, sees her own customers and those nobody manages
    Bruno   account manager, the same
    Chloe   sees all customers
    Diane   administrator of CRM follow-up
    Emile   accountant: invoices, and what concerns them in CRM follow-up
    Felix   employee without any CRM right
    Gaby    portal user of the company Horizon

    Horizon Books is Amelie's customer, with the contact Ines.
    Juniper Cafe is Bruno's. Kayak Club is nobody's.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The sentences are compared in English, whatever the language of the database.
        cls.env['res.lang']._activate_lang('en_US')
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True, lang='en_US'))
        cls._rename_demo_users()
        user = 'gem_crm.gem_crm_group_user'
        cls.amelie = new_test_user(cls.env, 'amelie', user, name="Amelie Roy")
        cls.bruno = new_test_user(cls.env, 'bruno', user, name="Bruno Petit")
        cls.chloe = new_test_user(
            cls.env, 'chloe', 'gem_crm.gem_crm_group_user_all', name="Chloe Martin")
        cls.diane = new_test_user(
            cls.env, 'diane', 'gem_crm.gem_crm_group_manager', name="Diane Gagnon")
        cls.emile = new_test_user(
            cls.env, 'emile', 'account.group_account_user,gem_crm.gem_crm_group_accountant',
            name="Emile Fortin")
        cls.felix = new_test_user(
            cls.env, 'felix', 'base.group_user,base.group_partner_manager', name="Felix Simard")

        Partner = cls.env['res.partner']
        cls.horizon = Partner.create({
            'name': "Horizon Books", 'is_company': True,
            'email': "info@horizon.example.com", 'user_id': cls.amelie.id,
        })
        cls.ines = Partner.create({
            'name': "Ines Cote", 'parent_id': cls.horizon.id, 'email': "ines@horizon.example.com",
        })
        cls.juniper = Partner.create({
            'name': "Juniper Cafe", 'is_company': True, 'user_id': cls.bruno.id,
        })
        cls.kayak = Partner.create({'name': "Kayak Club", 'is_company': True})
        cls.gaby = new_test_user(cls.env, 'gaby', 'base.group_portal', name="Gaby Leroux")
        cls.gaby.partner_id.parent_id = cls.horizon

    @classmethod
    def _rename_demo_users(cls):
        """Leave the logins of the cast to the cast: the demo data has people of these names."""
        for name in ('amelie', 'bruno', 'chloe', 'diane', 'emile', 'victor'):
            if user := cls.env.ref(f'gem_crm.user_demo_{name}', raise_if_not_found=False):
                user.login = f'demo_{name}'
        cls.env['res.users'].flush_model(['login'])

    @contextmanager
    def assertRefused(self, exception, sentence):
        """Assert that the block is refused with a sentence, and leaves no trace."""
        with self.assertRaises(exception) as caught:
            yield
        self.assertIn(sentence, str(caught.exception))
