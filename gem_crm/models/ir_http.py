from odoo import models

from .res_partner import CRM_USER


class IrHttp(models.AbstractModel):
    _inherit = 'ir.http'

    def session_info(self):
        """Tell the web client whether to offer CRM follow-up on pages of other apps."""
        return super().session_info() | {'gem_crm_user': self.env.user.has_group(CRM_USER)}
