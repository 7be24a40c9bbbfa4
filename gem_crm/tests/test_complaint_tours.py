import re

from odoo.tests import HttpCase, tagged

from odoo.addons.gem_crm.tests.test_gem_crm_complaint_gateway import GatewayCommon


@tagged('post_install', '-at_install')
class TestComplaintTours(GatewayCommon, HttpCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('fr_FR')
        # Stages, categories, causes and e-mail templates are data: their French is loaded.
        cls.env['ir.module.module']._load_module_terms(['gem_crm'], ['fr_FR'])
        cls.amelie.lang = cls.ines.lang = 'fr_FR'
        # The stages are those that come with the add-on, rather than those of the other tests.
        stages = cls.env['gem.crm.complaint.stage'].with_context(active_test=False).search([])
        for stage in stages:
            stage.active = bool(stage.get_external_id()[stage.id])
        # The handler of this tour acknowledges by hand.
        cls.address.acknowledges = False

    def test_from_an_email_to_a_rated_closing_in_french(self):
        """A complaint comes by e-mail, is handled step by step, closed, and rated."""
        complaint = self._receive(self._mail(
            "Bonjour,\n\nTrois colis sur dix sont arrivés mouillés.\n\nInes",
            Subject="Colis mouillés"))
        self.start_tour(
            '/odoo/complaints-to-sort', 'gem_crm_complaint', login='amelie', timeout=300)
        delivery = self.env.ref('gem_crm.gem_crm_complaint_category_delivery')
        packaging = self.env.ref('gem_crm.gem_crm_complaint_cause_packaging')
        self.assertRecordValues(complaint, [{
            'state': 'closed', 'user_id': self.amelie.id, 'category_id': delivery.id,
            'severity': '3', 'is_restated': True,
            'expectation': "Trois colis neufs avant vendredi", 'cause_id': packaging.id,
            'outcome': 'justified', 'lesson': "Un film sous chaque palette",
            'closed_user_id': self.amelie.id,
        }])
        self.assertTrue(complaint.date_acknowledged)
        self.assertTrue(complaint.date_emergency)
        self.assertTrue(complaint.date_answered)
        self.assertIn("trois colis neufs", complaint.answer)

        request = self.env['mail.mail'].search([
            ('model', '=', complaint._name), ('res_id', '=', complaint.id),
        ], order='id desc', limit=1)
        self.assertEqual(request.recipient_ids, self.ines)
        link = re.search(r'/rate/\w+/5', request.body_html)[0]
        self.start_tour(link, 'gem_crm_complaint_rate', login=None)
        self.assertRecordValues(complaint, [{
            'rating_last_value': 5, 'rating_last_feedback': "Réponse le jour même !"}])
        self.start_tour(
            f'/odoo/complaints/{complaint.id}', 'gem_crm_complaint_rated', login='amelie')
