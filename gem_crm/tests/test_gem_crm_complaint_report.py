from datetime import datetime

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.gem_crm.tests.test_gem_crm_complaint_line import ClaimCommon


@tagged('post_install', '-at_install')
class TestComplaintReport(ClaimCommon):
    """Exact numbers: several lines, refunds, drafts, two companies, two currencies."""

    def rows(self, complaints, user=None, **context):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env['gem.crm.complaint.report'].with_user(user or self.chloe).with_context(
            **context).search([('complaint_id', 'in', complaints.ids)], order='id')

    def test_cost_of_a_complaint(self):
        policy = self.env['gem.crm.complaint.policy']
        policy.create({'company_id': self.env.company.id, 'hour_rate': 40})
        freight = self.invoice(move_type='in_invoice', partner=self.kayak)
        complaint = self.complaint.with_user(self.emile).sudo()
        complaint.cost_ids = [
            Command.create({'kind': 'replacement', 'amount': 25}),
            Command.create({'kind': 'freight', 'amount': 12.5, 'move_id': freight.id}),
            Command.create({'kind': 'hours', 'hours': 1.5}),
        ]
        self.assertEqual(complaint.cost_ids.mapped('amount'), [25, 12.5, 60])
        self.assertEqual(complaint.cost_ids[1].action_open_source()['res_id'], freight.id)
        with self.assertRefused(UserError, "names no document as its source"):
            complaint.cost_ids[0].action_open_source()
        with self.assertRefused(UserError, "No document in the books"):
            complaint.copy().action_view_cost_sources()
        eur = self.setup_other_currency('EUR', rates=[('2026-01-01', 2.0)])
        first = self.invoice_of((10, 10, [self.tax_20]), (2, 50, []))
        second = self.invoice_of((10, 10, [self.tax_20]), currency_id=eur.id)
        for line, quantity in zip(
            first.invoice_line_ids | second.invoice_line_ids, (3, 1, 4), strict=True,
        ):
            self.claim(line, quantity, quantity)
        action = complaint.with_user(self.emile).action_credit()
        self.assertEqual((complaint.credited, complaint.cost), (0, 97.5), "drafts cost nothing")
        credit_notes = self.env['account.move'].search(action['domain'])
        credit_notes.action_post()
        sources = complaint.with_user(self.emile).action_view_cost_sources()
        self.assertEqual(self.env['account.move'].search(sources['domain']), credit_notes | freight)
        # 3 × 10 + 50, and 4 × 10 at 2 to 1, without taxes
        self.assertEqual((complaint.credited, complaint.cost), (100, 197.5))
        self.assertRecordValues(self.rows(complaint), [{
            'cost_credit': 100, 'cost_replacement': 25, 'cost_freight': 12.5, 'cost_hours': 60,
            'cost_other': 0, 'cost': 197.5, 'product_id': self.product_a.id,
            'product_categ_id': self.product_a.categ_id.id, 'is_open': 1,
            'partner_id': self.horizon.id, 'account_manager_id': self.amelie.id,
        }])

    def test_two_companies_and_two_currencies(self):
        eur = self.setup_other_currency('EUR', rates=[('2026-01-01', 2.0)])
        elsewhere = self.env['res.company'].create({'name': "Otter Prints", 'currency_id': eur.id})
        self.chloe.company_ids |= elsewhere
        ours, theirs = self.complaint.sudo(), self.env['gem.crm.complaint'].create({
            'name': "Torn", 'partner_id': self.horizon.id, 'company_id': elsewhere.id,
        })
        for complaint in ours | theirs:
            complaint.cost_ids = [Command.create({'kind': 'other', 'amount': 10})] * 2
        both = (self.env.company | elsewhere).ids
        self.assertEqual(self.rows(ours | theirs).mapped('cost'), [20], "one company at a time")
        self.assertEqual(
            self.rows(ours | theirs, allowed_company_ids=both).mapped('cost'), [20, 10])
        totals = self.env['gem.crm.complaint.report'].with_user(self.chloe).with_context(
            allowed_company_ids=both)._read_group(
            [('complaint_id', 'in', (ours | theirs).ids)], [], ['__count', 'cost:sum'])
        self.assertEqual(totals, [(2, 30)])

    def test_the_vendor_is_one_of_the_company_and_of_the_variant(self):
        elsewhere = self.env['res.company'].create({'name': "Otter Prints"})
        self.chloe.company_ids |= elsewhere
        colour = self.env['product.attribute'].create({'name': "Colour", 'value_ids': [
            Command.create({'name': "Red"}), Command.create({'name': "Blue"})]})
        template = self.env['product.template'].create({
            'name': "Atlas", 'attribute_line_ids': [Command.create({
                'attribute_id': colour.id, 'value_ids': [Command.set(colour.value_ids.ids)]})]})
        red, blue = template.product_variant_ids
        vendors = self.env['res.partner'].create([
            {'name': name} for name in ("Of Otter Prints", "Of the red one", "Of everybody")])
        theirs, of_red, of_all = vendors
        self.env['product.supplierinfo'].create([
            {'product_tmpl_id': template.id, 'partner_id': theirs.id, 'sequence': 1,
             'company_id': elsewhere.id},
            {'product_tmpl_id': template.id, 'partner_id': of_red.id, 'sequence': 2,
             'product_id': red.id},
            {'product_tmpl_id': template.id, 'partner_id': of_all.id, 'sequence': 3},
        ])
        complaints = self.env['gem.crm.complaint'].create([
            {'name': "Torn", 'partner_id': self.horizon.id, 'product_id': product.id,
             'company_id': company.id}
            for product, company in (
                (red, self.env.company), (blue, self.env.company), (blue, elsewhere))])
        rows = self.rows(complaints, allowed_company_ids=(self.env.company | elsewhere).ids)
        self.assertEqual(
            rows.mapped(lambda row: row.supplier_id.name),
            ["Of the red one", "Of everybody", "Of Otter Prints"])

    def test_deadlines_kept(self):
        """Each of the four: 100 where met in time, 0 where late, nothing where there is none."""
        early, late, open_late, none = self.env['gem.crm.complaint'].create([
            {'name': name, 'partner_id': self.horizon.id, 'date_received': '2026-03-16 08:00:00'}
            for name in ("Early", "Late", "Open and late", "Without deadlines")
        ])
        self.env.flush_all()
        for complaint, by, met in (
            (early, '2026-03-17', '2026-03-17'), (late, '2026-03-17', '2026-03-18'),
            (open_late, '2026-03-17', None), (none, None, '2026-03-17'),
        ):
            self.env.cr.execute(
                """
                    UPDATE gem_crm_complaint
                       SET date_acknowledge_by = %(by)s, date_acknowledged = %(met)s,
                           date_emergency_by = %(by)s, date_emergency = %(met)s,
                           date_answer_by = %(by)s, date_first_answered = %(met)s,
                           date_resolve_by = %(by)s, date_closed = %(met)s
                     WHERE id = %(id)s
                """, {'id': complaint.id, 'by': by, 'met': met})
        names = ['acknowledgement_kept', 'emergency_kept', 'answer_kept', 'resolution_kept']
        self.assertRecordValues(self.rows(early | late | open_late), [
            dict.fromkeys(names, 100), dict.fromkeys(names, 0), dict.fromkeys(names, 0)])
        [means] = self.env['gem.crm.complaint.report'].with_user(self.chloe)._read_group(
            [('complaint_id', 'in', (early | late | open_late | none).ids)], [],
            [f'{name}:avg' for name in names])
        self.assertEqual([round(mean, 2) for mean in means], [33.33] * 4, "of three, not of four")

    def test_times_and_satisfaction(self):
        quick, late, waiting, lost = self.env['gem.crm.complaint'].create([
            {'name': name, 'partner_id': self.horizon.id, 'date_received': '2026-03-16 08:00:00'}
            for name in ("Quick", "Late", "Waiting", "Lost")
        ])
        self.env.flush_all()
        self.env.cr.execute(
            """
                UPDATE gem_crm_complaint
                   SET date_first_answered = answered, date_answer_by = by,
                       answer_hours = hours, reopen_count = reopened, active = shown
                  FROM (VALUES (%s, timestamp '2026-03-16 10:00', timestamp '2026-03-17', 2, 1,
                                true),
                               (%s, timestamp '2026-03-18 10:00', timestamp '2026-03-17', 18, 0,
                                true),
                               (%s, NULL, timestamp '2026-03-17', 0, 0, true),
                               (%s, NULL, timestamp '2026-03-17', 0, 0, false)
                       ) told(complaint_id, answered, by, hours, reopened, shown)
                 WHERE id = told.complaint_id
            """, [quick.id, late.id, waiting.id, lost.id])
        self.env['rating.rating'].create([
            {'res_model_id': self.env['ir.model']._get_id('gem.crm.complaint'),
             'res_id': quick.id, 'rating': rating, 'consumed': consumed}
            for rating, consumed in ((5, True), (3, True), (1, False))
        ])
        self.assertRecordValues(self.rows(quick | late | waiting | lost), [
            {'answer_hours': 2, 'answer_kept': 100, 'satisfaction': 4, 'reopen_count': 1},
            {'answer_hours': 18, 'answer_kept': 0, 'satisfaction': 0, 'reopen_count': 0},
            {'answer_hours': 0, 'answer_kept': 0, 'satisfaction': 0, 'reopen_count': 0},
        ])
        [(hours, kept, satisfaction)] = self.env['gem.crm.complaint.report'].with_user(
            self.chloe)._read_group(
            [('complaint_id', 'in', (quick | late | waiting).ids)], [],
            ['answer_hours:avg', 'answer_kept:avg', 'satisfaction:avg'])
        self.assertEqual((hours, round(kept, 2), satisfaction), (10, 33.33, 4))
        self.assertFalse(self.rows(quick, user=self.bruno))
        self.assertFalse(self.rows(quick, user=self.emile), "not about an invoice")

    def test_revenue_at_risk(self):
        Risk = self.env['gem.crm.revenue.risk'].with_user(self.emile)
        mine = [('partner_id', 'in', (self.horizon | self.juniper | self.kayak).ids)]
        invoice = self.invoice(800, partner=self.juniper)
        self.invoice(300)
        self.env['gem.crm.profile']._refresh(
            (self.horizon | self.juniper | self.kayak).ids, self.env.company)
        self.env.flush_all()
        self.assertRecordValues(Risk.search(mine), [{
            'partner_id': self.horizon.id, 'complaint_count': 1, 'promise_count': 0,
            'revenue_12m': 300}])
        promise = self.Promise.create({
            'move_id': invoice.id, 'amount': 10, 'date': '2026-03-10', 'date_made': '2026-03-05'})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(promise.state, 'broken')
        rows = Risk.search(mine)
        self.assertRecordValues(rows, [
            {'partner_id': self.juniper.id, 'complaint_count': 0, 'promise_count': 1,
             'revenue_12m': 800},
            {'partner_id': self.horizon.id, 'complaint_count': 1, 'promise_count': 0,
             'revenue_12m': 300},
        ])
        self.assertEqual(
            self.env['gem.crm.promise'].search(rows[0].action_open_promises()['domain']), promise)
        self.assertEqual(
            self.env['gem.crm.complaint'].search(rows[1].action_open_complaints()['domain']),
            self.complaint)
        self.pay(invoice, 800, '2026-03-12')
        self.complaint.sudo().date_closed = datetime(2026, 3, 19)
        self.env.flush_all()
        self.assertFalse(Risk.search(mine), "paid after all, and closed")
