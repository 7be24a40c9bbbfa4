from odoo import api, models
from odoo.tools import convert_file

# What companies choose from, by the file that it comes with. Records that were deleted do not
# come back with an upgrade, and for Odoo records of a version yet to come are deleted ones.
SEEDS = {
    'gem.crm.comparison.criterion': 'data/gem_crm_comparison_criterion_data.xml',
    'gem.crm.complaint.category': 'data/gem_crm_complaint_category_data.xml',
    'gem.crm.complaint.cause': 'data/gem_crm_complaint_cause_data.xml',
    'gem.crm.complaint.stage': 'data/gem_crm_complaint_stage_data.xml',
    'gem.crm.dispute.reason': 'data/gem_crm_dispute_reason_data.xml',
}


class GemCrmSeed(models.AbstractModel):
    """Gives an upgraded database what a new one begins with."""
    _name = 'gem.crm.seed'
    _description = "First Choices of a Company"

    @api.model
    def _complete(self):
        """Create the choices of models that have none: those that an upgrade brought."""
        for model, path in SEEDS.items():
            if not self.env[model].with_context(active_test=False).search_count([], limit=1):
                convert_file(self.env, 'gem_crm', path, {}, mode='init', noupdate=True)
