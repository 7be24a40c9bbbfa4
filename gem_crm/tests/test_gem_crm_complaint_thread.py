from odoo.tests import tagged

from odoo.addons.gem_crm.tests.test_gem_crm_complaint import ComplaintCommon


@tagged('post_install', '-at_install')
class TestComplaintThread(ComplaintCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Complaint = cls.Complaint.with_context(tracking_disable=False)

    def _told(self, user):
        return self.env['mail.message'].search_count([
            ('message_type', '=', 'user_notification'), ('partner_ids', 'in', user.partner_id.ids),
        ])

    def test_handler_follows_and_is_told_once(self):
        told = self._told(self.bruno)
        complaints = self.Complaint.with_user(self.amelie).create([
            {'name': f"Complaint {i}", 'partner_id': self.horizon.id, 'user_id': self.bruno.id}
            for i in range(3)
        ])
        self.assertEqual(self._told(self.bruno), told + 1, "one message for the three")
        for complaint in complaints:
            self.assertIn(self.bruno.partner_id, complaint.message_partner_ids)
        told = self._told(self.chloe)
        complaints[0].user_id = self.chloe
        self.assertEqual(self._told(self.chloe), told + 1)
        self.assertIn(self.chloe.partner_id, complaints[0].message_partner_ids)
        mine = self._complaint()
        self.assertEqual(mine.user_id, self.amelie)
        self.assertFalse(self._told(self.amelie), "one need not tell oneself")

    def test_facts_of_the_customer_are_those_of_that_day(self):
        quebec = self.env.ref('base.state_ca_qc')
        tag = self.env['res.partner.category'].create({'name': "Bookshop"})
        industry = self.env['res.partner.industry'].create({'name': "Books"})
        self.horizon.write({
            'country_id': quebec.country_id.id, 'state_id': quebec.id, 'industry_id': industry.id,
            'category_id': [(6, 0, tag.ids)],
        })
        complaint = self._complaint()
        self.horizon.write({
            'country_id': self.env.ref('base.fr').id, 'state_id': False, 'industry_id': False,
            'category_id': [(5, 0, 0)], 'user_id': self.bruno.id,
        })
        self.assertRecordValues(complaint, [{
            'country_id': quebec.country_id.id, 'country_state_id': quebec.id,
            'industry_id': industry.id, 'partner_category_ids': tag.ids,
            'account_manager_id': self.amelie.id,
        }])

    def test_queries_do_not_grow_with_the_complaints(self):
        def queries(action):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            result = action()
            self.env.flush_all()
            self.cr.precommit.run()
            return self.cr.sql_log_count - before, result

        def create(count):
            return self.Complaint.create([
                {'partner_id': (self.horizon | self.kayak)[i % 2].id, 'name': f"Complaint {i}",
                 'user_id': self.bruno.id}
                for i in range(count)
            ])

        create(2)  # caches of the registry
        few, _complaints = queries(lambda: create(10))
        many, complaints = queries(lambda: create(200))
        self.assertLess(many - few, 0.1 * 190, f"{few} for 10, {many} for 200")
        for stage in (self.investigating, self.waiting, self.investigating, self.cancelled):
            few, _result = queries(lambda stage=stage: complaints[:10].write(
                {'stage_id': stage.id}))
            many, _result = queries(lambda stage=stage: complaints[10:].write(
                {'stage_id': stage.id}))
            self.assertLess(many - few, 0.1 * 180, f"{few} for 10, {many} for 190")

    def test_stage_changes_of_many_are_tracked(self):
        complaints = self.Complaint.create([{'name': f"Complaint {i}"} for i in range(3)])
        self.env.flush_all()
        self.cr.precommit.run()
        complaints.write({'stage_id': self.investigating.id})
        self.env.flush_all()
        self.cr.precommit.run()
        for complaint in complaints.sudo():
            self.assertEqual(
                complaint.message_ids.tracking_value_ids.mapped('new_value_char'),
                ["Under investigation"])

    def test_merged_customers_keep_their_complaints(self):
        complaint = self._complaint(partner_id=self.kayak.id)
        comparison = self.env['gem.crm.comparison'].create({
            'partner_id': self.kayak.id, 'complaint_id': complaint.id,
            'competitor_id': self.env['gem.crm.competitor'].create({'name': "Otto"}).id,
            'criterion_id': self.env['gem.crm.comparison.criterion'].create({'name': "Rebate"}).id,
        })
        wizard = self.env['base.partner.merge.automatic.wizard'].create({})
        wizard._merge((self.kayak | self.horizon).ids, self.horizon)
        self.env.invalidate_all()
        self.assertEqual(complaint.partner_id, self.horizon)
        self.assertEqual(comparison.partner_id, self.horizon)

    def test_contact_that_joins_a_company_brings_its_complaints(self):
        tag = self.env['res.partner.category'].create({'name': "Alone"})
        lone = self.env['res.partner'].create({
            'name': "Jules", 'country_id': self.env.ref('base.fr').id, 'category_id': tag.ids})
        self.kayak.country_id = self.env.ref('base.ca')
        complaint = self._complaint(user=self.chloe, partner_id=lone.id)
        lone.parent_id = self.kayak
        self.assertRecordValues(complaint, [{
            'partner_id': self.kayak.id,
            # as he was when he complained
            'country_id': self.env.ref('base.fr').id, 'partner_category_ids': tag.ids,
        }])

    def test_companies_keep_to_themselves(self):
        otter = self.env['res.company'].create({'name': "Otter Prints"})
        self.chloe.company_ids += otter
        there = self.Complaint.with_user(self.chloe).with_company(otter).create(
            {'name': "Theirs", 'partner_id': self.horizon.id})
        self.assertEqual(there.company_id, otter)
        self.assertFalse(self.Complaint.with_user(self.amelie).search([('id', '=', there.id)]))
        here = self.Complaint.with_user(self.chloe).with_context(
            allowed_company_ids=self.env.company.ids)
        self.assertFalse(here.search([('id', '=', there.id)]))
