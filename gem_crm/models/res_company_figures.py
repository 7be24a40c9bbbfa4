from odoo import api, fields, models
from odoo.exceptions import ValidationError

# What the derived figures of a company depend on.
THRESHOLDS = (
    'gem_new_days', 'gem_lapsed_days', 'gem_slowing_intervals', 'gem_risk_intervals',
    'gem_lost_intervals', 'gem_abc_a', 'gem_abc_b',
)


class ResCompany(models.Model):
    """Where the classes of customers begin, for each company."""
    _inherit = 'res.company'

    gem_new_days = fields.Integer(
        string="New Customer For",
        default=90,
        help="Days after the first purchase during which a customer is called new.",
    )
    gem_lapsed_days = fields.Integer(
        string="Lapsed After",
        default=365,
        help="Days without a purchase after which a customer has lapsed, unless he usually "
             "takes more than half as long.",
    )
    gem_slowing_intervals = fields.Float(
        string="Slowing After",
        default=2,
        help="So many of his usual intervals without a purchase, and a customer is slowing.",
    )
    gem_risk_intervals = fields.Float(
        string="At Risk After",
        default=3,
        help="So many of his usual intervals without a purchase, and a customer is at risk.",
    )
    gem_lost_intervals = fields.Float(
        string="Lost After",
        default=6,
        help="So many of his usual intervals without a purchase, and a customer is lost.",
    )
    gem_abc_months = fields.Integer(
        string="ABC Period",
        default=12,
        help="The months whose revenue makes a customer A, B or C.",
    )
    gem_abc_a = fields.Integer(
        string="A Up To",
        default=80,
        help="The largest customers who make so many percent of the revenue together are A.",
    )
    gem_abc_b = fields.Integer(
        string="B Up To",
        default=95,
        help="The next ones, up to so many percent of the revenue, are B. All others are C.",
    )

    @api.constrains('gem_new_days', 'gem_lapsed_days', 'gem_abc_months')
    def _check_gem_periods(self):
        for company in self:
            if min(company.gem_new_days, company.gem_lapsed_days, company.gem_abc_months) < 1:
                raise ValidationError(self.env._(
                    "The periods that customers are judged by must be at least one day or month."
                ))

    @api.constrains('gem_slowing_intervals', 'gem_risk_intervals', 'gem_lost_intervals')
    def _check_gem_intervals(self):
        for company in self:
            if not (1 <= company.gem_slowing_intervals < company.gem_risk_intervals
                    < company.gem_lost_intervals):
                raise ValidationError(self.env._(
                    "A customer is slowing before he is at risk, and at risk before he is lost: "
                    "enter rising numbers of intervals, from 1 on."
                ))

    @api.constrains('gem_abc_a', 'gem_abc_b')
    def _check_gem_abc(self):
        for company in self:
            if not 0 < company.gem_abc_a < company.gem_abc_b < 100:
                raise ValidationError(self.env._(
                    "The limits of A and B are percentages of the revenue: A must be more than "
                    "0, B more than A and less than 100."
                ))

    def write(self, vals):
        result = super().write(vals)
        Mark = self.env['gem.crm.profile.mark']
        for company in self:
            if 'gem_abc_months' in vals:
                Mark._mark_everybody(company.id)
            elif not vals.keys().isdisjoint(THRESHOLDS):
                Mark._mark_ranks(company.id)
        return result
