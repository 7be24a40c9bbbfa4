from odoo.tests import tagged

from ..hooks import uninstall_hook
from .common import FollowUpCommon
from .test_gem_crm_dispute import InvoicingCommon


@tagged('post_install', '-at_install')
class TestUninstallHook(FollowUpCommon):

    def test_nothing_of_ours_keeps_a_record_from_being_deleted(self):
        referral = self.env.ref('gem_crm.gem_crm_referral_staff')
        kind = self.env['gem.crm.need.kind'].search([], limit=1)
        self.horizon.write({
            'gem_referral_id': referral.id, 'gem_account_manager_id': self.bruno.id,
        })
        self.env['gem.crm.need'].create({
            'partner_id': self.juniper.id, 'name': "Mornings only", 'kind_id': kind.id,
        })

        uninstall_hook(self.env)

        referral.unlink()
        kind.unlink()
        self.bruno.unlink()
        self.juniper.unlink()

    def test_numbering_of_each_company_goes(self):
        otter = self.env['res.company'].create({'name': "Otter Prints"})
        numbering = self.env['ir.sequence'].search([('code', '=like', 'gem.crm.%')])
        self.assertIn(otter, numbering.company_id)
        uninstall_hook(self.env)
        self.assertFalse(numbering.exists())


@tagged('post_install', '-at_install')
class TestUninstallHookInvoices(InvoicingCommon):

    def test_disputed_invoices_are_reminded_of_again(self):
        disputed, kept_out = self.invoice(), self.invoice()
        kept_out.no_followup = True
        self.dispute(disputed)
        self.dispute(kept_out)
        self.assertTrue(disputed.no_followup)
        uninstall_hook(self.env)
        self.assertFalse(disputed.no_followup)
        self.assertTrue(kept_out.no_followup, "somebody chose so before")
