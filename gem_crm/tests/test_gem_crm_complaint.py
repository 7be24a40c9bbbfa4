from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.gem_crm.tests.common import FollowUpCommon


class ComplaintCommon(FollowUpCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Complaint = cls.env['gem.crm.complaint']
        Stage = cls.env['gem.crm.complaint.stage']
        Stage.with_context(active_test=False).search([]).active = False
        (cls.received, cls.acknowledged, cls.investigating, cls.waiting, cls.answered,
         cls.closed, cls.cancelled) = Stage.create([
            {'name': name, 'state': state, 'is_waiting': waiting, 'sequence': sequence}
            for sequence, (name, state, waiting) in enumerate((
                ("Received", 'received', False),
                ("Acknowledged", 'acknowledged', False),
                ("Under investigation", 'investigating', False),
                ("Waiting", 'investigating', True),
                ("Answered", 'answered', False),
                ("Closed", 'closed', False),
                ("Cancelled", 'cancelled', False),
            ))
        ])
        cls.cause = cls.env['gem.crm.complaint.cause'].create({'name': "Thin boxes"})
        cls.delivery = cls.env['gem.crm.complaint.category'].create({'name': "Delivery by train"})

    @classmethod
    def _complaint(cls, user=None, **vals):
        return cls.Complaint.with_user(user or cls.amelie).create({
            'name': "Wet parcels", 'partner_id': cls.horizon.id, **vals,
        })


@tagged('post_install', '-at_install')
class TestComplaint(ComplaintCommon):

    def test_complaint_is_received(self):
        complaint = self._complaint(partner_id=self.ines.id, channel='letter')
        self.assertRecordValues(complaint, [{
            'partner_id': self.horizon.id, 'contact_id': self.ines.id,
            'stage_id': self.received.id, 'state': 'received', 'user_id': self.amelie.id,
            'company_id': self.env.company.id, 'date_closed': False,
        }])
        self.assertEqual(complaint.display_name, f"{complaint.reference} Wet parcels")

    def test_each_company_counts_for_itself(self):
        otter = self.env['res.company'].create({'name': "Otter Prints"})
        first, second = self.Complaint.with_company(otter).create([
            {'name': "Too late"}, {'name': "Too early"},
        ])
        self.assertEqual([first.reference, second.reference], ["C00001", "C00002"])
        ours = self.Complaint.create([{'name': "Lost"}, {'name': "Found"}])
        numbers = [int(complaint.reference.lstrip('C')) for complaint in ours]
        self.assertEqual(numbers[1] - numbers[0], 1, "the other company's are no gap here")

    def test_category_says_who_handles_it(self):
        self.delivery.user_id = self.bruno
        self.assertEqual(self._complaint(category_id=self.delivery.id).user_id, self.bruno)
        complaint = self._complaint(category_id=self.delivery.id, user_id=self.chloe.id)
        self.assertEqual(complaint.user_id, self.chloe, "chosen by hand")
        complaint = self._complaint()
        complaint.category_id = self.delivery
        self.assertEqual(complaint.user_id, self.amelie, "somebody handles it already")

    def test_nobody_known_complains(self):
        """What came from an unknown sender is seen by everybody, and sorted by anyone."""
        complaint = self.Complaint.create({'name': "Where is my parcel?", 'channel': 'email'})
        self.assertFalse(complaint.partner_id)
        found = complaint.with_user(self.bruno)
        self.assertEqual(found.name, "Where is my parcel?")
        found.partner_id = self.juniper
        self.assertEqual(complaint.partner_id, self.juniper)
        self.assertFalse(self.Complaint.with_user(self.amelie).search([
            ('id', '=', complaint.id)]), "it is Bruno's customer who complains")

    def test_stage_tells_the_dates(self):
        complaint = self._complaint()
        complaint.stage_id = self.acknowledged
        self.assertTrue(complaint.date_acknowledged)
        self.assertFalse(complaint.date_closed)
        complaint.stage_id = self.cancelled
        self.assertTrue(complaint.date_closed)
        complaint.stage_id = self.investigating
        self.assertFalse(complaint.date_closed)

    def test_contact_is_the_customer_s(self):
        with self.assertRefused(ValidationError, "Ines Cote is no contact of Juniper Cafe"):
            self._complaint(user=self.chloe, partner_id=self.juniper.id, contact_id=self.ines.id)

    def test_complaints_are_kept(self):
        complaint = self._complaint()
        with self.assertRefused(UserError, "only cancelled ones can be deleted"):
            complaint.with_user(self.diane).unlink()
        complaint.stage_id = self.cancelled
        complaint.with_user(self.diane).unlink()
        self.assertFalse(complaint.exists())

    def test_a_cause_is_a_tree(self):
        Cause = self.env['gem.crm.complaint.cause']
        delivery = Cause.create({'name': "Transport"})
        carrier = Cause.create({'name': "Carrier", 'parent_id': delivery.id})
        self.assertEqual(carrier.display_name, "Transport / Carrier")
        complaint = self._complaint(cause_id=carrier.id)
        self.assertEqual(
            self.Complaint.search([('cause_id', 'child_of', delivery.id)]), complaint)
        with self.assertRefused(UserError, "Recursion"):
            delivery.parent_id = carrier

    def test_a_cause_is_found_by_its_name_or_what_it_is_part_of(self):
        Cause = self.env['gem.crm.complaint.cause']
        transport = Cause.create({'name': "Transport"})
        carrier = Cause.create({'name': "Carrier of parcels", 'parent_id': transport.id})
        Cause.create({'name': "Carrier of parcels"})

        def found(name, operator='ilike'):
            return Cause.browse(row[0] for row in Cause.name_search(name, operator=operator))

        self.assertEqual(found("transp"), transport | carrier)
        self.assertEqual(len(found("of parcels")), 2)
        self.assertEqual(found("Transport / Carrier of parcels", '='), carrier)
        complaint = self._complaint(cause_id=carrier.id)
        self.assertEqual(self.Complaint.search([('cause_id', 'ilike', "transp")]), complaint)
