from odoo.tests import tagged

from ..hooks import uninstall_hook
from .common import FollowUpCommon


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
