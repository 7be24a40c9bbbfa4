import doctest

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from odoo.addons.gem_crm.core import shares
from odoo.addons.gem_crm.tests.common import FollowUpCommon


@tagged('post_install', '-at_install')
class TestGemCrmCompleteness(FollowUpCommon):
    """Needs count 50, a manager 30 and an e-mail 20, in every company but Otter Prints."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Criterion = cls.env['gem.crm.completeness.criterion']
        cls.Criterion.with_context(active_test=False).search([]).unlink()
        cls.needs, cls.manager, cls.email = cls.Criterion.create([
            {'name': "Needs", 'weight': 50, 'domain': "[('gem_need_ids', '!=', False)]"},
            {'name': "Account manager", 'weight': 30,
             'domain': "[('gem_account_manager_id', '!=', False)]"},
            {'name': "E-mail", 'weight': 20, 'domain': "[('email', '!=', False)]"},
        ])
        cls.otter = cls.env['res.company'].create({'name': "Otter Prints"})
        cls.customers = cls.horizon | cls.juniper | cls.kayak

    def completeness(self, company=None):
        """Return the computed completeness of Horizon, Juniper and Kayak."""
        company = company or self.env.company
        self.env['gem.crm.profile']._refresh(self.customers.ids, company)
        return self.customers.with_company(company).mapped('gem_completeness')

    def test_split_points(self):
        self.assertEqual(doctest.testmod(shares).failed, 0)

    def test_score(self):
        self.assertEqual(self.completeness(), [50, 30, 0])
        self.env['gem.crm.need'].create({'partner_id': self.ines.id, 'name': "Early delivery"})
        self.assertEqual(self.completeness(), [100, 30, 0])

    def test_archived_need_is_no_need(self):
        need = self.env['gem.crm.need'].create({'partner_id': self.horizon.id, 'name': "Late"})
        need.active = False
        self.assertEqual(self.completeness(), [50, 30, 0])

    def test_archived_customer_is_still_known(self):
        self.horizon.active = False
        self.assertEqual(self.completeness(), [50, 30, 0])

    def test_need_of_another_company_is_unknown_here(self):
        self.env['gem.crm.need'].create({
            'partner_id': self.kayak.id, 'name': "Posters", 'company_id': self.otter.id})
        self.env['gem.crm.need'].create({
            'partner_id': self.juniper.id, 'name': "Menus", 'company_id': False})
        self.assertEqual(self.completeness(), [50, 80, 0])
        self.assertEqual(self.completeness(self.otter), [50, 80, 50])
        self.needs.domain = "[('gem_need_ids', '=', False)]"
        self.assertEqual(self.completeness(), [100, 30, 50])
        self.needs.domain = "[('gem_need_ids.state', '=', 'open')]"
        self.assertEqual(self.completeness(), [50, 80, 0])

    def test_explanation_adds_up(self):
        self.assertEqual(self.kayak.gem_get_completeness(), {
            'score': 0,
            'missing': [
                {'name': "Needs", 'loss': 50},
                {'name': "Account manager", 'loss': 30},
                {'name': "E-mail", 'loss': 20},
            ],
        })
        self.assertEqual(self.ines.gem_get_completeness(), {
            'score': 50, 'missing': [{'name': "Needs", 'loss': 50}],
        }, "a contact's card is its company's")
        (self.needs | self.manager | self.email).weight = 1
        explained = self.juniper.gem_get_completeness()
        self.assertEqual(explained['score'], 33)
        self.assertEqual([missing['loss'] for missing in explained['missing']], [34, 33])
        self.assertEqual(self.completeness(), [66, 33, 0])

    def test_explanation_speaks_the_reader_s_language(self):
        self.env['res.lang']._activate_lang('fr_FR')
        self.needs.with_context(lang='fr_FR').name = "Besoins"
        explained = self.horizon.with_context(lang='fr_FR').gem_get_completeness()
        self.assertEqual(explained['missing'][0]['name'], "Besoins")

    @users('amelie', 'bruno', 'chloe', 'diane')
    def test_explanation_for_who_may_read_the_customer(self):
        horizon = self.horizon.with_env(self.env)
        self.assertEqual(horizon.gem_get_completeness()['score'], 50)

    @users('emile', 'felix', 'gaby')
    def test_explanation_is_for_crm_users(self):
        with self.assertRaises(AccessError):
            self.horizon.with_env(self.env).gem_get_completeness()

    def test_no_criterion_nothing_missing(self):
        self.Criterion.search([]).unlink()
        self.assertEqual(self.completeness(), [100, 100, 100])
        self.assertEqual(self.kayak.gem_get_completeness(), {'score': 100, 'missing': []})

    def test_company_with_its_own_criteria(self):
        Criterion = self.Criterion.with_user(self.diane)
        with self.assertRaises(AccessError):
            self.Criterion.with_user(self.chloe).action_adapt_to_my_company()
        self.needs.with_context(lang='fr_FR').name = "Besoins"
        Criterion.action_adapt_to_my_company()
        own = Criterion.search([('company_id', '=', self.env.company.id)])
        self.assertEqual(own.mapped('weight'), [50, 30, 20])
        self.assertEqual(own[0].with_context(lang='fr_FR').name, "Besoins")
        with self.assertRefused(UserError, "already has criteria of its own"):
            Criterion.action_adapt_to_my_company()
        own[:2].unlink()
        self.assertEqual(self.completeness(), [100, 0, 0], "only its own count")
        self.assertEqual(self.completeness(self.otter), [50, 30, 0], "the shared ones elsewhere")
        self.assertEqual(self.horizon.gem_get_completeness(), {'score': 100, 'missing': []})
        own[2:].active = False
        self.assertEqual(self.completeness(), [50, 30, 0], "none left: the shared ones again")

    def test_share(self):
        self.assertEqual(self.needs.share, 0.5)
        self.Criterion.create({'name': "Tags", 'weight': 100, 'company_id': self.otter.id})
        self.assertEqual(self.needs.share, 0.5, "another company's criteria do not count")
        self.email.active = False
        self.env.invalidate_all()
        self.assertEqual((self.needs | self.email).mapped('share'), [0.625, 0.0])

    def test_condition_must_make_sense(self):
        for domain in (
            "[('no_such_field', '=', 1)]", "[('name', 'resembles', 'x')]", "('name'", "name",
            "42", "[('email', '!=', uid)]", "[('id', '>', 'ten')]", "[('display_name.x', '=', 1)]",
        ):
            with self.subTest(domain=domain), mute_logger('odoo.domains'), \
                    self.assertRefused(ValidationError, "cannot be used"):
                self.needs.domain = domain

    def test_condition_tells_nothing_its_author_may_not_read(self):
        with self.assertRefused(ValidationError, "not allowed to read"):
            self.needs.with_user(self.diane).domain = "[('invoice_ids.narration', 'ilike', 'x')]"

    def test_weight_is_positive(self):
        with mute_logger('odoo.sql_db'), self.assertRaisesRegex(Exception, 'weight_positive'):
            self.needs.weight = 0
            self.env.flush_all()

    def test_criterion_of_an_application_that_left_is_ignored(self):
        self.env.cr.execute(
            "UPDATE gem_crm_completeness_criterion SET domain = %s WHERE id = %s",
            ["[('gone_field', '=', 1)]", self.needs.id])
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        with self.assertLogs('odoo.addons.gem_crm', 'WARNING'):
            self.assertEqual(self.completeness(), [100, 60, 0])
