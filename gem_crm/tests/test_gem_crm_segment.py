from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged, users

from odoo.addons.gem_crm.tests.test_gem_crm_profile import ProfileCommon


class SegmentCommon(ProfileCommon):
    """Adds to the cast: who was invoiced how much.

    Horizon 1,000, Juniper 200, Kayak nothing, Lynx 5,000.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice(cls.horizon, 1000)
        cls.invoice(cls.juniper, 200)
        cls.invoice(cls.lynx, 5000)
        cls.Profile._refresh(cls.customers.ids, cls.company)
        cls.Segment = cls.env['gem.crm.segment']
        cls.large = cls.Segment.create({
            'name': "Large", 'domain': "[('gem_revenue', '>=', 1000)]",
        })
        cls.brunos = cls.Segment.create({
            'name': "Bruno's", 'domain': f"[('gem_account_manager_id', '=', {cls.bruno.id})]",
        })

    def members(self, segment, user=None):
        """Return the customers of the cast who are in the segment, as the user sees them."""
        Partner = self.env['res.partner'].with_user(user or self.chloe)
        found = Partner.search([('gem_segment_ids', 'in', segment.ids)])
        return found.with_env(self.env) & self.customers


@tagged('post_install', '-at_install')
class TestGemCrmSegment(SegmentCommon):

    def test_conditions_on_customer_and_figures(self):
        self.assertEqual(self.members(self.large), self.horizon | self.lynx)
        self.assertEqual(self.members(self.brunos), self.juniper | self.lynx)

    def test_nested(self):
        both = self.Segment.create({
            'name': "Large but not Bruno's",
            'domain': f"[('gem_segment_ids', 'in', {self.large.ids}), "
                      f"('gem_segment_ids', 'not in', {self.brunos.ids})]",
        })
        self.assertEqual(both.part_ids, self.large | self.brunos)
        self.assertEqual(self.members(both), self.horizon)
        deeper = self.Segment.create({
            'name': "The others",
            'domain': f"['!', ('gem_segment_ids', 'in', {both.ids})]",
        })
        self.assertEqual(self.members(deeper), self.customers - self.horizon)

    def test_contacts_are_in_no_segment(self):
        nobody = self.Segment.create({'name': "All", 'domain': "[]"})
        found = self.env['res.partner'].search([('gem_segment_ids', 'in', nobody.ids)])
        self.assertIn(self.horizon, found)
        self.assertNotIn(self.ines, found)
        self.assertNotIn(self.company.partner_id, found)

    def test_segments_of_a_customer(self):
        self.env.invalidate_all()
        customers = self.customers.with_user(self.chloe)
        mine = self.large | self.brunos
        self.assertEqual(
            [c.gem_segment_ids.with_env(self.env) & mine for c in customers],
            [self.large, self.brunos, self.Segment, self.large | self.brunos])
        self.assertIn(self.large, self.ines.with_user(self.chloe).gem_segment_ids)

    def test_in_none(self):
        (self.Segment.search([]) - self.large).active = False
        found = self.env['res.partner'].search([('gem_segment_ids', '=', False)])
        self.assertEqual(found & self.customers, self.juniper | self.kayak)

    def test_search_by_name(self):
        found = self.env['res.partner'].search([('gem_segment_ids', 'ilike', "Larg")])
        self.assertEqual(found & self.customers, self.horizon | self.lynx)

    def test_live_count_in_one_statement(self):
        segments = (self.large | self.brunos).with_user(self.chloe)
        before = segments.mapped('customer_count')
        self.env['res.partner'].create({'name': "Magpie", 'user_id': self.bruno.id})
        self.env.invalidate_all()
        self.env.flush_all()
        self.env.user.has_group('base.group_user')
        segments.mapped('domain')
        with self.assertQueryCount(3):
            after = segments.mapped('customer_count')
        self.assertEqual([b - a for a, b in zip(before, after, strict=True)], [0, 1])

    def test_figures_of_the_current_company(self):
        self.invoice(self.kayak, 9000, company_id=self.otter.id, journal_id=self.env[
            'account.journal'].search([
                ('type', '=', 'sale'), ('company_id', '=', self.otter.id)], limit=1).id)
        self.Profile._refresh(self.customers.ids, self.otter)
        Partner = self.env['res.partner'].with_user(self.chloe)
        in_large = [('gem_segment_ids', 'in', self.large.ids), ('id', 'in', self.customers.ids)]
        self.assertEqual(
            Partner.with_context(allowed_company_ids=self.company.ids).search(in_large),
            self.horizon | self.lynx)
        self.assertEqual(
            Partner.with_context(allowed_company_ids=self.otter.ids).search(in_large), self.kayak)

    def test_reader_of_own_customers_sees_no_figures_of_others(self):
        """Amelie asks for large customers: Bruno's figures are not hers to read."""
        self.assertEqual(self.members(self.large, self.amelie), self.horizon)

    def test_circle_is_refused(self):
        second = self.Segment.create({
            'name': "Second", 'domain': f"[('gem_segment_ids', 'in', {self.large.ids})]",
        })
        third = self.Segment.create({
            'name': "Third", 'domain': f"[('gem_segment_ids', 'not in', {second.ids})]",
        })
        for part in (self.large, second, third):
            with self.assertRefused(ValidationError, "would be made of itself"):
                self.large.domain = f"[('gem_segment_ids', 'in', {part.ids})]"

    def test_circle_through_a_contact_is_refused(self):
        with self.assertRefused(ValidationError, "would be made of itself"):
            self.large.domain = (
                f"[('child_ids', 'any', [('gem_segment_ids', 'in', {self.large.ids})])]")

    def test_what_makes_no_sense_is_refused(self):
        for domain in (
            "[('nothing', '=', 1)]", "nonsense", "[('name', '=', uid)]", "[1]",
            "[('gem_segment_ids', 'ilike', 'Large')]", "[('gem_segment_ids.name', '=', 'Large')]",
            "[('gem_revenue', '>', 'much')]", "__import__('os').system('true')",
        ):
            with self.subTest(domain=domain), \
                    self.assertRefused(ValidationError, "cannot be used"):
                self.large.domain = domain

    def test_part_of_another_company_is_refused(self):
        self.large.company_id = self.otter
        with self.assertRefused(ValidationError, "is for Otter Prints only"):
            self.Segment.create({
                'name': "Whole", 'domain': f"[('gem_segment_ids', 'in', {self.large.ids})]",
            })

    def test_part_is_not_deleted(self):
        self.Segment.create({
            'name': "Whole", 'domain': f"[('gem_segment_ids', 'in', {self.large.ids})]",
        })
        with self.assertRefused(UserError, "“Whole” is made of this segment"):
            self.large.unlink()

    def test_deleted_part_in_an_old_search(self):
        """A saved search may speak of a segment that is gone: it finds nobody."""
        gone = self.large.ids
        self.large.unlink()
        self.assertFalse(self.env['res.partner'].search([('gem_segment_ids', 'in', gone)]))

    def test_copy_has_a_name_of_its_own(self):
        self.assertEqual(self.large.copy().name, "Large (copy)")

    @users('chloe')
    def test_users_of_all_customers_keep_their_own(self):
        Segment = self.env['gem.crm.segment']
        mine = Segment.create({'name': "Mine", 'domain': "[('city', '=', 'Laval')]"})
        mine.name = "Ours"
        with self.assertRaises(AccessError):
            Segment.browse(self.large.id).name = "Smaller"
        mine.unlink()

    @users('amelie')
    def test_users_of_own_customers_make_none(self):
        with self.assertRaises(AccessError):
            self.env['gem.crm.segment'].create({'name': "Mine", 'domain': "[]"})

    def test_no_more_is_asked_than_the_writer_may_read(self):
        """Chloe reads no invoices."""
        with self.assertRefused(ValidationError, "not allowed to read"):
            self.Segment.with_user(self.chloe).create({
                'name': "Debtors", 'domain': "[('invoice_ids', 'any', [('state', '=', 'posted')])]",
            })

    def test_no_more_is_told_than_the_reader_may_read(self):
        debtors = self.Segment.create({
            'name': "Debtors", 'domain': "[('invoice_ids', 'any', [('state', '=', 'posted')])]",
        })
        self.assertEqual(debtors.with_user(self.chloe).customer_count, 0)
        with self.assertRaises(AccessError):
            self.members(debtors, self.chloe)

    @users('chloe')
    def test_customers_open(self):
        action = self.env['gem.crm.segment'].browse(self.large.id).action_view_customers()
        found = self.env['res.partner'].search(action['domain'])
        self.assertEqual(found.with_env(self.customers.env) & self.customers,
                         self.horizon | self.lynx)
