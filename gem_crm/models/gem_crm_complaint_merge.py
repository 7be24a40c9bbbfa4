from odoo import fields, models


class GemCrmComplaint(models.Model):
    """Complaints written down twice: one of them takes over."""
    _inherit = 'gem.crm.complaint'

    merged_into_id = fields.Many2one(
        'gem.crm.complaint', readonly=True, copy=False, index='btree_not_null',
        ondelete='restrict',
    )
    merged_ids = fields.One2many('gem.crm.complaint', 'merged_into_id', string="Merged Complaints")

    def _get_survivor(self):
        """Return the complaint that took over from this one: itself, if none did."""
        complaint = self
        seen = set()
        while complaint.merged_into_id and complaint.id not in seen:
            seen.add(complaint.id)
            complaint = complaint.merged_into_id
        return complaint
