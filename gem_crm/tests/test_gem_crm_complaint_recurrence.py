from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from odoo.addons.gem_crm.tests.test_gem_crm_complaint_deadline import MONDAY, DeadlineCommon
from odoo.addons.gem_crm.tests.test_gem_crm_complaint_line import ClaimCommon


@tagged('post_install', '-at_install')
class TestComplaintRecurrence(DeadlineCommon):

    def test_complaints_that_come_again_are_pointed_out(self):
        product = self.env['product.product'].create({'name': "Lantern"})
        with freeze_time('2025-06-01 10:00:00'):
            self._complaint(name="Long ago")
        with freeze_time('2026-01-05 10:00:00'):
            same_customer = self._complaint(name="Same customer", cause_id=self.cause.id)
            same_product = self._complaint(
                user=self.chloe, name="Same product", partner_id=self.kayak.id,
                product_id=product.id)
            out_of_sight = self._complaint(
                user=self.chloe, name="Bruno's", partner_id=self.juniper.id,
                product_id=product.id)
            none = self._complaint(name="None", product_id=product.id)
            none.action_cancel()
        with freeze_time(MONDAY):
            complaint = self._complaint(product_id=product.id, cause_id=self.cause.id)
        mine = complaint.with_user(self.amelie)
        self.assertEqual(mine.recurrence_count, 2)
        self.assertEqual(
            mine.recurrence_text, "1 of this customer, 1 about this product, and 1 with this cause")
        found = self.Complaint.search(mine.action_view_similar()['domain'])
        self.assertEqual(found, complaint | same_customer | same_product)
        self.assertEqual(complaint.with_user(self.chloe).recurrence_count, 3, out_of_sight.name)
        self.policy.recurrence_months = 1
        self.env.invalidate_all()
        self.assertEqual(mine.recurrence_count, 0)


@tagged('post_install', '-at_install')
class TestRecurrenceOfClaims(ClaimCommon):
    """What is claimed on invoices is complained about, as the complaint's own product is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['gem.crm.complaint.policy'].create({
            'company_id': cls.env.company.id, 'recurrence_months': 6})

    def _complaint(self, partner, product=None, claimed=()):
        """Return a complaint about a product, with claims on an invoice of others."""
        complaint = self.env['gem.crm.complaint'].create({
            'name': "Torn", 'partner_id': partner.id, 'product_id': product and product.id})
        if claimed:
            invoice = self.invoice(partner=partner, invoice_line_ids=[
                Command.create({'product_id': product.id, 'price_unit': 10, 'tax_ids': [
                    Command.clear()]}) for product in claimed])
            complaint.line_ids = [
                Command.create({'move_line_id': line.id, 'quantity': 1})
                for line in invoice.invoice_line_ids]
        return complaint.with_user(self.chloe)

    def test_claimed_products_come_again(self):
        atlas, globe = self.product_a, self.product_b
        claimed = self._complaint(self.juniper, claimed=(atlas, atlas, globe))
        own = self._complaint(self.kayak, product=atlas)
        self.assertEqual(
            (claimed.recurrence_text, own.recurrence_text),
            ("1 about this product", "1 about this product"))
        self.assertEqual(
            own.search(own.action_view_similar()['domain']), claimed | own, "each sees the other")
        both = self._complaint(self.horizon, claimed=(globe,))
        self.env.invalidate_all()
        self.assertEqual(both.recurrence_text, "1 of this customer and 1 about this product")
        self.assertEqual(claimed.recurrence_text, "2 about this product", "by either product")
        own.product_id = False
        self.env.invalidate_all()
        self.assertEqual((claimed.recurrence_count, own.recurrence_count), (1, 0))
        claimed.sudo().line_ids.filtered(lambda line: line.product_id == globe).unlink()
        self.assertEqual(claimed.recurrence_count, 0, "known without reading it again")
        self.assertEqual(both.with_user(self.amelie).recurrence_count, 1, "her own customer's")

    def test_many_are_looked_up_as_one_is(self):
        complaints = self.env['gem.crm.complaint'].concat(*(
            self._complaint(self.juniper, claimed=(self.product_a,)) for _number in range(12)))
        complaints = complaints.with_user(self.chloe)

        def queries(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some.mapped('recurrence_count')
            return self.cr.sql_log_count - before
        queries(complaints)
        self.assertEqual(queries(complaints), queries(complaints[0]))
        self.assertEqual(complaints.mapped('recurrence_count'), [11] * 12)
