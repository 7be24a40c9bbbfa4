from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.gem_crm.tests.test_gem_crm_complaint_deadline import MONDAY, DeadlineCommon


@tagged('post_install', '-at_install')
class TestComplaintMeasure(DeadlineCommon):

    def _measure(self, complaint, **vals):
        return self.env['gem.crm.note'].with_user(self.amelie).create({
            'name': "Send new ones by courier", 'kind': 'internal', 'measure': 'emergency',
            'partner_id': self.horizon.id, 'complaint_id': complaint.id, **vals,
        })

    @freeze_time(MONDAY)
    def test_emergency_measure_meets_its_deadline_when_done(self):
        complaint = self._complaint(severity='3')
        complaint.action_acknowledge()
        measure = self._measure(complaint)
        self.assertFalse(complaint.date_emergency, "planned is not done")
        self.assertEqual(complaint.deadline_kind, 'emergency')
        measure.action_done()
        self.assertTrue(complaint.date_emergency)
        self.assertEqual(complaint.deadline_kind, 'answer')
        measure.action_reopen()
        self.assertFalse(complaint.date_emergency)
        measure.action_done()
        measure.unlink()
        self.assertFalse(complaint.date_emergency)

    @freeze_time(MONDAY)
    def test_corrective_measure_is_checked_later(self):
        complaint = self._complaint()
        measure = self._measure(complaint, measure='corrective', name="Stronger boxes")
        self.assertEqual(complaint.measure_ids, measure)
        with self.assertRefused(ValidationError, "is checked once this measure is done"):
            measure.effect = 'yes'
        measure.action_done()
        self.assertFalse(complaint.date_emergency)
        with freeze_time('2026-05-04 10:00:00'):
            measure.effect = 'partly'
            self.assertEqual(measure.date_checked, date(2026, 5, 4))
        measure.action_reopen()
        self.assertFalse(measure.effect, "what is to be done again has not worked")
        self.assertFalse(measure.date_checked)

    def test_measure_belongs_to_the_customer_s_complaint(self):
        complaint = self._complaint()
        with self.assertRefused(ValidationError, "is not of Kayak Club"):
            self._measure(complaint, partner_id=self.kayak.id)

    def test_handler_takes_measures_for_whoever_complains(self):
        complaint = self._complaint(user_id=self.bruno.id)
        form = Form(complaint.with_user(self.bruno))
        with form.measure_ids.new() as line:
            line.measure = 'emergency'
            line.name = "Send new ones by courier"
        form.save()
        self.assertRecordValues(complaint.measure_ids, [{
            'partner_id': self.horizon.id, 'kind': 'internal', 'user_id': self.bruno.id,
        }])
        complaint.measure_ids.with_user(self.bruno).action_done()
        self.assertTrue(complaint.date_emergency)
        with self.assertRaises(AccessError):
            self.env['gem.crm.note'].with_user(self.bruno).create({
                'name': "Call", 'partner_id': self.horizon.id,
            })

    def test_complaint_is_opened_from_a_note(self):
        note = self.env['gem.crm.note'].with_user(self.amelie).create({
            'name': "Ines says the parcels were wet", 'partner_id': self.horizon.id,
            'contact_id': self.ines.id, 'description': "<p>All three.</p>",
        })
        action = note.action_open_complaint()
        form = Form(self.Complaint.with_user(self.amelie).with_context(**action['context']))
        complaint = form.save()
        self.assertRecordValues(complaint, [{
            'name': "Ines says the parcels were wet", 'partner_id': self.horizon.id,
            'contact_id': self.ines.id, 'channel': 'note', 'description': "<p>All three.</p>",
        }])
        self.assertEqual(note.complaint_id, complaint)
        self.assertEqual(note.action_open_complaint()['res_id'], complaint.id)

    def test_deleted_complaint_leaves_the_notes(self):
        complaint = self._complaint()
        measure = self._measure(complaint)
        complaint.action_cancel()
        complaint.with_user(self.diane).unlink()
        self.assertRecordValues(measure, [{'complaint_id': False, 'measure': False}])


@tagged('post_install', '-at_install')
class TestCompetition(DeadlineCommon):

    def test_what_the_customer_compares(self):
        otto = self.env['gem.crm.competitor'].with_user(self.amelie).create({'name': "Otto & Co"})
        price = self.env['gem.crm.comparison.criterion'].create({'name': "Rebates"})
        product = self.env['product.product'].create({'name': "Lantern"})
        complaint = self._complaint(product_id=product.id)
        form = Form(complaint.with_user(self.amelie))
        with form.comparison_ids.new() as line:
            line.competitor_id = otto
            line.criterion_id = price
            line.verdict = 'better'
            line.words = "They give ten percent."
        form.save()
        comparison = complaint.comparison_ids
        self.assertRecordValues(comparison, [{
            'partner_id': self.horizon.id, 'product_id': product.id, 'user_id': self.amelie.id,
            'words': "They give ten percent.",
        }])
        self.assertEqual(comparison.display_name, "Otto & Co – Rebates – They are better")
        self.assertEqual(otto.comparison_count, 1)
        alone = self.env['gem.crm.comparison'].with_user(self.amelie).create({
            'partner_id': self.kayak.id, 'competitor_id': otto.id, 'criterion_id': price.id,
            'verdict': 'worse',
        })
        found = alone.search(otto.action_view_comparisons()['domain'])
        self.assertEqual(found, alone | comparison.with_user(self.amelie))
        with self.assertRefused(ValidationError, "already in this list"):
            self.env['gem.crm.competitor'].create({'name': "Otto & Co"})
