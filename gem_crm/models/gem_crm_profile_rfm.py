from datetime import date

from odoo import api, fields, models
from odoo.tools import SQL

# What the days of the last purchases are counted from, to be compared as numbers.
EPOCH = date(2000, 1, 1)
SCORES = ('rfm_recency', 'rfm_frequency', 'rfm_monetary')


class GemCrmProfile(models.Model):
    """How recently, how often and for how much the customer buys, compared with the others.

    Each score is floor(5 × (rank − 1) / n) + 1, where customers alike share the lowest rank
    of theirs: equal customers have equal scores, and 1 exists even where most bought once.
    """
    _inherit = 'gem.crm.profile'

    rfm_recency = fields.Integer(
        string="Recency Score",
        readonly=True,
        aggregator='avg',
        help="5: among the fifth of the customers who bought most recently; 1: longest ago.",
    )
    rfm_frequency = fields.Integer(
        string="Frequency Score",
        readonly=True,
        aggregator='avg',
        help="5: among the fifth of the customers who bought most often; 1: least often.",
    )
    rfm_monetary = fields.Integer(
        string="Monetary Score",
        readonly=True,
        aggregator='avg',
        help="5: among the fifth of the customers who brought most revenue; 1: the least.",
    )
    rfm = fields.Char(
        string="RFM",
        readonly=True,
        help="The scores of recency, frequency and money, from 111 to 555.",
    )
    rfm_segment_id = fields.Many2one(
        'gem.crm.rfm.segment',
        string="RFM Segment",
        readonly=True,
        ondelete='set null',
    )
    rfm_segment_previous_id = fields.Many2one(
        'gem.crm.rfm.segment',
        string="RFM Segment Before",
        readonly=True,
        ondelete='set null',
    )
    rfm_segment_since = fields.Date(string="RFM Segment Since", readonly=True)

    @api.model
    def _rfm_values(self):
        """Return the value that each score compares."""
        return {
            'rfm_recency': SQL("(fact.date_last - %s::date)::numeric", EPOCH),
            'rfm_frequency': SQL("fact.purchase_count::numeric"),
            'rfm_monetary': SQL("fact.revenue"),
        }

    @api.model
    def _derived(self, company):
        scale = self.env['gem.crm.profile.scale']._of(company)
        segments = self.env['gem.crm.rfm.segment']._grid()
        scores = {
            column: SQL("CASE WHEN fact.purchase_count > 0 THEN %s END",
                        scale.step_sql(column, value, lowest=1))
            for column, value in self._rfm_values().items()
        }
        return super()._derived(company) + [scores, {
            'rfm': SQL("fact.rfm_recency::text || fact.rfm_frequency || fact.rfm_monetary"),
            'rfm_segment_id': SQL(
                "(%s::int[])[25 * fact.rfm_recency + 5 * fact.rfm_frequency"
                " + fact.rfm_monetary - 30]", segments,
            ),
        }]

    @api.model
    def _drifting(self):
        return super()._drifting() | {
            'rfm_segment_id': ('rfm_segment_previous_id', 'rfm_segment_since'),
        }
