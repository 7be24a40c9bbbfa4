from odoo import api, models
from odoo.exceptions import AccessError

CRM_USER = 'gem_crm.gem_crm_group_user'
CRM_MANAGER = 'gem_crm.gem_crm_group_manager'
CRM_READER = 'gem_crm.gem_crm_group_user,gem_crm.gem_crm_group_accountant'
# Partners are read on every page of Odoo: ours come with the first of them that is asked for.
PREFETCH = 'gem_crm'


class ResPartner(models.Model):
    """The customer is the commercial entity: its contacts are followed with it."""
    _inherit = 'res.partner'

    @api.model
    def _gem_follow_up_fields(self):
        """Return the names of the fields that say how a customer is followed.

        Only users of CRM follow-up change them, those of own customers on theirs.
        """
        return []

    @api.model_create_multi
    def create(self, vals_list):
        follow_up = set(self._gem_follow_up_fields())
        if not self.env.su and any(not follow_up.isdisjoint(vals) for vals in vals_list):
            self._check_gem_follow_up_access()
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and not vals.keys().isdisjoint(self._gem_follow_up_fields()):
            self._check_gem_follow_up_access()
        before = {}
        if 'parent_id' in vals or 'is_company' in vals:
            before = {partner: partner.commercial_partner_id for partner in self.sudo()}
        result = super().write(vals)
        self._gem_records_follow(before)
        return result

    def _check_gem_follow_up_access(self):
        """Raise unless the user may change how these customers are followed."""
        user = self.env.user
        if not user.has_group(CRM_USER):
            raise AccessError(self.env._(
                "Only users of CRM follow-up may say how a customer is followed."
            ))
        if user.has_group('gem_crm.gem_crm_group_user_all'):
            return
        if others := self.commercial_partner_id.filtered(lambda p: not p.gem_is_followed_by_me):
            raise AccessError(self.env._(
                "%(customer)s is followed by %(manager)s. Ask them, or an administrator of CRM "
                "follow-up, to change it.",
                customer=others[0].display_name,
                manager=others[0].gem_account_manager_id.display_name,
            ))

    def _gem_records_follow(self, before):
        """Give the records of customers who became contacts to their new company."""
        for partner, customer in before.items():
            if customer == partner != partner.commercial_partner_id:
                for model in self.env['gem.crm.customer.mixin']._models():
                    records = model.sudo().with_context(active_test=False).search(
                        [('partner_id', '=', partner.id)])
                    with self.env.protecting(model._kept_when_followed(), records):
                        records.write({'partner_id': partner.commercial_partner_id.id})
