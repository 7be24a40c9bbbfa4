from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from odoo.addons.gem_crm.models import gem_crm_tag_rule
from odoo.addons.gem_crm.tests.test_gem_crm_segment import SegmentCommon


@tagged('post_install', '-at_install')
class TestGemCrmTagRule(SegmentCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tag = cls.env['res.partner.category'].create({'name': "Large customer"})
        cls.rule = cls.env['gem.crm.tag.rule'].create({
            'category_id': cls.tag.id, 'segment_id': cls.large.id, 'user_id': cls.chloe.id,
        })

    def run_rules(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref('gem_crm.gem_crm_tag_rule_cron').method_direct_trigger()
        self.env.invalidate_all()

    def tagged(self):
        return self.tag.with_context(active_test=False).partner_ids & self.customers

    def earn(self, customer, amount):
        self.invoice(customer, amount, 'out_invoice' if amount > 0 else 'out_refund')
        self.Profile._refresh(self.customers.ids, self.company)

    def history(self):
        rows = self.env['gem.crm.tag.assignment'].search([('rule_id', '=', self.rule.id)])
        return {(row.partner_id, bool(row.until), row.is_set) for row in rows}

    def test_comes_and_goes_with_the_segment(self):
        self.run_rules()
        self.assertEqual(self.tagged(), self.horizon | self.lynx)
        self.assertEqual(self.rule.customer_count, 2)
        self.earn(self.kayak, 3000)
        self.invoice(self.horizon, 600, 'out_refund')
        self.Profile._refresh(self.customers.ids, self.company)
        self.run_rules()
        self.assertEqual(self.tagged(), self.kayak | self.lynx)
        self.assertEqual(self.history(), {
            (self.horizon, True, True), (self.kayak, False, True), (self.lynx, False, True)})

    def test_tag_given_by_hand_stays(self):
        self.tag.partner_ids = self.horizon | self.juniper
        self.run_rules()
        self.assertEqual(self.tagged(), self.horizon | self.juniper | self.lynx)
        self.invoice(self.horizon, 600, 'out_refund')
        self.invoice(self.lynx, 4500, 'out_refund')
        self.Profile._refresh(self.customers.ids, self.company)
        self.run_rules()
        self.assertEqual(self.tagged(), self.horizon | self.juniper)

    def test_tag_taken_away_by_hand_stays_away(self):
        self.run_rules()
        self.tag.partner_ids -= self.lynx
        self.run_rules()
        self.run_rules()
        self.assertEqual(self.tagged(), self.horizon)
        # given again by hand, it is that person's
        self.tag.partner_ids |= self.lynx
        self.invoice(self.lynx, 4500, 'out_refund')
        self.Profile._refresh(self.customers.ids, self.company)
        self.run_rules()
        self.assertEqual(self.tagged(), self.horizon | self.lynx)

    def test_applied_twice_changes_nothing(self):
        self.run_rules()
        before = self.env['gem.crm.tag.assignment'].search([]).ids
        self.run_rules()
        self.assertEqual(self.env['gem.crm.tag.assignment'].search([]).ids, before)

    def test_batches(self):
        self.patch(gem_crm_tag_rule, 'BATCH_SIZE', 1)
        self.run_rules()
        self.assertEqual(self.tagged(), self.horizon | self.lynx)

    def test_archived_rule_takes_its_tags_back(self):
        self.tag.partner_ids = self.juniper
        self.run_rules()
        with self.assertRefused(UserError, "2 customers have the tag"):
            self.rule.unlink()
        self.rule.active = False
        self.run_rules()
        self.assertEqual(self.tagged(), self.juniper)
        self.rule.unlink()

    def test_who_has_left_changes_nothing(self):
        """The rule of an archived user neither gives nor takes, and says why."""
        self.run_rules()
        self.chloe.active = False
        self.invoice(self.horizon, 600, 'out_refund')
        self.Profile._refresh(self.customers.ids, self.company)
        self.run_rules()
        self.assertEqual(self.tagged(), self.horizon | self.lynx)
        self.assertIn("has left", self.rule.problem)

    def test_sees_no_more_than_its_person(self):
        """A rule seen as Amelie tags no customer of Bruno's by a figure she may not read."""
        self.rule.user_id = self.amelie
        self.run_rules()
        self.assertEqual(self.tagged(), self.horizon)

    def test_each_company_has_its_figures(self):
        self.rule.segment_id.company_id = self.otter
        self.run_rules()
        self.assertFalse(self.tagged())

    def test_one_rule_per_tag(self):
        with self.assertRaises(IntegrityError), mute_logger('odoo.sql_db'):
            self.rule.copy()

    def test_segment_that_sets_a_tag_is_the_administrators(self):
        mine = self.Segment.with_user(self.chloe).create({
            'name': "Mine", 'domain': "[('gem_revenue', '>', 10)]",
        })
        self.large.domain = f"[('gem_segment_ids', 'in', {mine.ids})]"
        with self.assertRefused(AccessError, "The tag “Large customer” follows this segment"):
            mine.domain = "[]"
        mine.with_user(self.diane).domain = "[('gem_revenue', '>', 100)]"
        self.run_rules()
        self.assertEqual(self.tagged(), self.horizon | self.juniper | self.lynx)

    def test_marks_the_customers(self):
        """Having a tag may count in the completeness of a customer."""
        self.marks()
        self.rule._apply()
        self.assertEqual(
            {customer for customer, _company in self.marks()}, set((self.horizon | self.lynx).ids))

    def test_statements_do_not_grow(self):
        self.env.flush_all()
        self.rule._apply()
        self.env['res.partner'].create([
            {'name': f"Customer {n}", 'gem_account_manager_id': self.bruno.id} for n in range(40)
        ])
        self.rule.segment_id = self.brunos
        self.env.flush_all()
        with self.assertQueryCount(12):
            joined, _left = self.rule._apply()
        self.assertEqual(joined, 41)

    @users('amelie')
    def test_history_of_own_customers(self):
        self.rule.sudo()._apply()
        rows = self.env['gem.crm.tag.assignment'].search([('rule_id', '=', self.rule.id)])
        self.assertEqual(rows.partner_id, self.horizon.with_env(self.env))

    def test_merged_customers(self):
        self.run_rules()
        merge = self.env['base.partner.merge.automatic.wizard'].create({
            'partner_ids': [Command.set((self.horizon | self.juniper).ids)],
            'dst_partner_id': self.juniper.id,
        })
        merge.action_merge()
        self.assertEqual(self.tagged(), self.juniper | self.lynx)
        self.Profile._refresh(self.customers.ids, self.company)
        self.run_rules()
        self.assertEqual(self.tagged(), self.juniper | self.lynx, "1,200 together")
