from odoo.tests import freeze_time, tagged

from odoo.addons.gem_crm.models.gem_crm_profile_daily import DAILY
from odoo.addons.gem_crm.tests.test_gem_crm_knowledge import TODAY, KnowledgeCommon


@freeze_time(TODAY)
@tagged('post_install', '-at_install')
class TestGemCrmProfileDaily(KnowledgeCommon):

    def daily(self):
        """Return the figures of the day as they stand, by customer."""
        self.env.invalidate_all()
        return {
            daily.partner_id: {name: daily[name] for name in DAILY}
            for daily in self.env['gem.crm.profile.daily'].search([
                ('partner_id', 'in', self.customers.ids), ('company_id', '=', self.company.id)])
        }

    def profiles(self):
        return {
            customer: {name: customer.gem_profile_id[name] for name in DAILY}
            for customer in self.customers
        }

    def test_each_figure_of_a_list_has_an_index(self):
        """And none in the table of profiles is written because a day has passed."""
        self.env.cr.execute("""
            SELECT tablename, indexdef FROM pg_indexes
             WHERE tablename IN ('gem_crm_profile', 'gem_crm_profile_daily')
        """)
        indexes = self.env.cr.fetchall()
        for name, column in self.env['res.partner']._gem_profile_figures().items():
            with self.subTest(figure=name):
                table = 'gem_crm_profile_daily' if column in DAILY else 'gem_crm_profile'
                self.assertIn(table, [
                    table for table, index in indexes
                    if index.endswith(f'(company_id, {column}, partner_id)')
                ])
        for table, index in indexes:
            if table == 'gem_crm_profile':
                self.assertFalse([name for name in DAILY if name in index], index)

    def test_night_after_night(self):
        self.assertEqual(self.daily(), self.profiles())
        before = self.daily()
        with freeze_time('2026-11-21'):
            self.compute()
            self.assertEqual(self.daily(), self.profiles())
        self.assertLess(self.daily()[self.lynx]['activity'], before[self.lynx]['activity'])
        self.assertEqual(self.daily()[self.kayak], before[self.kayak])

    def test_an_invoice(self):
        self.buy(self.juniper, 0, 20)
        self.run_cron()
        self.assertEqual(self.daily(), self.profiles())
        self.assertEqual(self.daily()[self.juniper]['date_next'],
                         self.juniper.gem_profile_id.date_next)

    def test_customers_who_merge_or_go(self):
        self.lynx.gem_referrer_id = False
        self.env['base.partner.merge.automatic.wizard']._merge(
            (self.horizon | self.lynx).ids, self.horizon)
        self.kayak.unlink()
        self.customers -= self.lynx | self.kayak
        self.run_cron()
        self.assertEqual(self.daily(), self.profiles())
        found = self.env['res.partner'].with_user(self.chloe).search(
            [('id', 'in', self.customers.ids)], order='gem_activity desc', limit=1)
        self.assertEqual(found, self.horizon)
