from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = 'base.partner.merge.automatic.wizard'

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Keep the correspondence of all of them, and each message once."""
        self._gem_forget_profiles(src_partners, dst_partner)
        Correspondence = self.env['gem.crm.correspondence'].sudo()
        customers = Correspondence.search([('partner_id', 'in', src_partners.ids)])
        customers._fold_into(dst_partner.commercial_partner_id.id)
        result = super()._update_foreign_keys(src_partners, dst_partner)
        # What was of a customer is of the company of the contact that is kept.
        dst_partner._gem_records_follow({dst_partner: dst_partner})
        # Foreign keys are moved behind the ORM's back.
        for name in ('gem_newsletter', 'gem_sales_status_id'):
            self.env.add_to_compute(dst_partner._fields[name], dst_partner)
        return result

    def _gem_forget_profiles(self, src_partners, dst_partner):
        """Have what is computed computed again, rather than carried over."""
        merged = src_partners | dst_partner
        self.env['gem.crm.profile.mark']._mark(merged.commercial_partner_id.ids)
        for model in ('gem.crm.profile', 'gem.crm.habit'):
            self.env[model].sudo().search([('partner_id', 'in', src_partners.ids)]).unlink()
        self.env['gem.crm.profile.history'].sudo()._fold(src_partners.ids, dst_partner.id)
