from odoo.tests import HttpCase, tagged

from odoo.addons.gem_crm.tests.common import FollowUpCommon


@tagged('post_install', '-at_install')
class TestTours(FollowUpCommon, HttpCase):

    def test_follow_up_in_french(self):
        """An account manager writes down a day's work on a customer, and finds it again."""
        self.env['res.lang']._activate_lang('fr_FR')
        self.amelie.lang = 'fr_FR'
        self.start_tour('/odoo/customer-follow-up', 'gem_crm_follow_up', login='amelie')
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
