from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.gem_crm.tests.common import FollowUpCommon


@tagged('post_install', '-at_install')
class TestUniqueName(FollowUpCommon):

    def test_translated_and_archived_names_are_taken(self):
        self.env['res.lang']._activate_lang('fr_FR')
        for model in ('gem.crm.referral', 'gem.crm.need.kind', 'gem.crm.department'):
            with self.subTest(model=model):
                choices = self.env[model].with_user(self.diane)
                french = choices.with_context(lang='fr_FR')
                choice = choices.create({'name': "Packaging"})
                choice.with_context(lang='fr_FR').name = "Emballage"
                choice.active = False
                with self.assertRefused(ValidationError, "already in this list"):
                    choices.create({'name': "Packaging"})
                with self.assertRefused(ValidationError, "Emballage"):
                    french.create({'name': "Emballage"})
