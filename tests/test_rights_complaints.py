"""Who may do what with a complaint about an invoice, and with all that hangs on it.

The sample of test_rights.py is about no invoice, and nobody handles it. This one is about an
invoice of Horizon Books, Amelie's customer, which lets accountants in; and Bruno handles it,
who has no right to the customer.
"""
import test_rights as matrix

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

ALL, row = matrix.ALL, matrix.row

RIGHTS = {
    'gem.crm.complaint': row(gaby='r', emile='r', amelie='rcw', bruno='rw', chloe='rcw', diane=ALL),
    'gem.crm.complaint.alert': row(amelie='r', bruno='r', chloe='r', diane='r'),
    'gem.crm.complaint.cost': row(emile=ALL, amelie=ALL, bruno=ALL, chloe=ALL, diane=ALL),
    'gem.crm.complaint.line': row(emile=ALL, amelie=ALL, bruno=ALL, chloe=ALL, diane=ALL),
    'gem.crm.complaint.report': row(emile='r', amelie='r', bruno='r', chloe='r', diane='r'),
    # Whoever handles a complaint writes down what it takes, whoever manages the customer.
    'gem.crm.comparison': row(amelie=ALL, bruno=ALL, chloe=ALL, diane=ALL),
    'gem.crm.note': row(amelie=ALL, bruno='rcw', chloe=ALL, diane=ALL),
    # What the customer owes is no business of theirs.
    'gem.crm.dispute': row(emile='rcw', amelie='r', chloe='r', diane=ALL),
    # This one was recorded by Amelie.
    'gem.crm.promise': row(emile='rcw', amelie='rcw', chloe='rc', diane=ALL),
}


@tagged('post_install', '-at_install')
class TestRightsOfComplaints(matrix.RightsCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Complaint = cls.env['gem.crm.complaint']
        # What is created beside it is about an invoice as well, and handled by Bruno.
        cls.complaint = Complaint.create(
            cls.sample('gem.crm.complaint', 'seen') | {'user_id': cls.bruno.id})
        of_it = {'complaint_id': cls.complaint.id}
        for model in set(RIGHTS) - {'gem.crm.complaint', 'gem.crm.complaint.report',
                                    'gem.crm.promise'}:
            sample = cls.samples[model]
            cls.samples[model] = (sample() if callable(sample) else sample) | of_it
        cls.records = {
            model: cls.env[model].create(cls.sample(model, 'seen'))
            for model in set(RIGHTS) & set(cls.samples) - {'gem.crm.complaint', 'gem.crm.promise'}}
        cls.env.flush_all()
        cls.records |= {
            'gem.crm.complaint': cls.complaint,
            'gem.crm.complaint.report':
                cls.env['gem.crm.complaint.report'].browse(cls.complaint.id),
            'gem.crm.promise': cls.env['gem.crm.promise'].create(
                cls.sample('gem.crm.promise', 'seen') | {'user_id': cls.amelie.id}),
        }

    def test_each_role_does_what_its_row_says(self):
        for model, rights in RIGHTS.items():
            for login in matrix.ROLES:
                with self.subTest(model=model, role=login), mute_logger(*matrix.SILENT):
                    self.assertEqual(
                        self._allowed(self.records[model], login), set(rights[login]),
                        f"{model}, {login}")

    def test_without_its_invoice_it_is_no_accountant_s(self):
        self.records['gem.crm.complaint.line'].unlink()
        self.records['gem.crm.dispute'].unlink()
        for model in ('gem.crm.complaint', 'gem.crm.complaint.report', 'gem.crm.complaint.cost'):
            with self.subTest(model=model), mute_logger(*matrix.SILENT):
                self.assertEqual(self._allowed(self.records[model], 'emile'), set())

    def test_once_somebody_else_handles_it_bruno_is_out(self):
        self.complaint.user_id = self.amelie
        for model in RIGHTS:
            with self.subTest(model=model), mute_logger(*matrix.SILENT):
                self.assertEqual(self._allowed(self.records[model], 'bruno'), set())

    def test_merging_is_for_those_who_write_both(self):
        other = self.env['gem.crm.complaint'].create(self.sample('gem.crm.complaint', 'other'))
        both = self.complaint | other
        for login in matrix.ROLES:
            merge = self.env['gem.crm.complaint.merge'].with_user(getattr(self, login))
            with self.subTest(role=login), mute_logger(*matrix.SILENT):
                if login in ('amelie', 'chloe', 'diane'):
                    continue
                with self.assertRaises(AccessError):
                    merge.create({
                        'complaint_ids': [(6, 0, both.ids)], 'survivor_id': other.id,
                    }).action_merge()
        merge = self.env['gem.crm.complaint.merge'].with_user(self.amelie)
        merge.create({'complaint_ids': [(6, 0, both.ids)], 'survivor_id': other.id}).action_merge()
        self.assertEqual(self.complaint.merged_into_id, other)
