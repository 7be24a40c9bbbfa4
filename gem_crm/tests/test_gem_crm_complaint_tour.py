from odoo import http
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.gem_crm.tests.common import FollowUpCommon

MAIL = """\
From: Jules Beaulieu <jules@beaulieu.example.com>
To: reclamations@example.com
Subject: Colis mouillés
Message-ID: <wet-parcels@beaulieu.example.com>
Date: Mon, 02 Mar 2026 10:00:00 +0000
Content-Type: text/plain; charset=utf-8

Trois colis sur dix sont arrivés mouillés.
"""


@tagged('post_install', '-at_install')
class TestComplaintTour(FollowUpCommon, HttpCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('fr_FR')
        cls.chloe.lang = 'fr_FR'
        # Nothing else waits to be sorted.
        cls.env['gem.crm.complaint'].search([]).active = False
        cls.env['gem.crm.competitor'].create({'name': "Lynx et fils"})

    def test_from_an_incoming_mail_to_a_rated_closing(self):
        """A handler sorts an e-mail, does all that is to be done, and the customer is satisfied."""
        with mute_logger('odoo.addons.mail.models.mail_thread'):
            complaint = self.env['gem.crm.complaint'].browse(
                self.env['mail.thread'].sudo().message_process('gem.crm.complaint', MAIL))
        self.assertFalse(complaint.partner_id)
        self.start_tour('/odoo/complaints-to-sort', 'gem_crm_complaint', login='chloe')
        self.assertRecordValues(complaint, [{
            'partner_id': self.horizon.id, 'user_id': self.chloe.id, 'state': 'closed',
            'severity': '3', 'outcome': 'justified',
            'expectation': "De nouveaux colis avant vendredi",
            'deadline': False,
        }])
        self.assertTrue(complaint.date_emergency)
        self.assertEqual(complaint.measure_ids.mapped('measure'), ['emergency'])
        self.assertEqual(complaint.comparison_ids.verdict, 'better')
        self.assertIn("Deux nouveaux colis", complaint.answer)

        # The customer presses a smiley of the e-mail, and confirms.
        rating = complaint.rating_ids
        self.assertEqual(rating.partner_id, self.horizon)
        self.authenticate(None, None)
        page = self.url_open(f'/rate/{rating.access_token}/5')
        self.assertEqual(page.status_code, 200)
        self.url_open(f'/rate/{rating.access_token}/submit_feedback', data={
            'rate': '5', 'feedback': "Merci !", 'csrf_token': http.Request.csrf_token(self),
        }, method='POST')
        self.assertRecordValues(complaint, [{
            'rating_last_value': 5, 'rating_last_feedback': "Merci !",
        }])
        [fact] = self.horizon.with_user(self.chloe)._gem_fact_complaints()
        self.assertIn("100 %", fact['detail'])
