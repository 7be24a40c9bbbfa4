from odoo import api, fields, models

SCORE = range(1, 6)
LIMITS = ('recency_from', 'recency_to', 'frequency_from', 'frequency_to',
          'monetary_from', 'monetary_to')


class GemCrmRfmSegment(models.Model):
    """A name for a part of the grid of recency, frequency and monetary scores.

    Of several segments that hold a cell, the first in their order gives it its name.
    """
    _name = 'gem.crm.rfm.segment'
    _description = "RFM Segment"
    _inherit = ['gem.crm.badge.mixin']

    recency_from = fields.Integer(required=True, default=1)
    recency_to = fields.Integer(required=True, default=5)
    frequency_from = fields.Integer(required=True, default=1)
    frequency_to = fields.Integer(required=True, default=5)
    monetary_from = fields.Integer(string="Money From", required=True, default=1)
    monetary_to = fields.Integer(string="Money To", required=True, default=5)
    advice = fields.Char(translate=True, help="What to do with these customers, in a sentence.")

    _scores = models.Constraint(
        'CHECK (recency_from BETWEEN 1 AND recency_to AND recency_to <= 5'
        ' AND frequency_from BETWEEN 1 AND frequency_to AND frequency_to <= 5'
        ' AND monetary_from BETWEEN 1 AND monetary_to AND monetary_to <= 5)',
        "Scores go from 1 to 5, and “from” is not above “to”.",
    )

    @api.model
    def _grid(self):
        """Return the ids of the segments of the 125 cells, from 111, 112… to 555."""
        # pylint: disable-next=no-search-all; settings, few by nature
        segments = self.sudo().search([])
        return [
            next((segment.id for segment in segments if segment._holds(*cell)), None)
            for cell in ((r, f, m) for r in SCORE for f in SCORE for m in SCORE)
        ]

    def _holds(self, recency, frequency, monetary):
        return (self.recency_from <= recency <= self.recency_to
                and self.frequency_from <= frequency <= self.frequency_to
                and self.monetary_from <= monetary <= self.monetary_to)

    @api.model_create_multi
    def create(self, vals_list):
        self.env['gem.crm.profile.mark']._mark_ranks()
        return super().create(vals_list)

    def write(self, vals):
        if not vals.keys().isdisjoint((*LIMITS, 'sequence', 'active')):
            self.env['gem.crm.profile.mark']._mark_ranks()
        return super().write(vals)

    def unlink(self):
        self.env['gem.crm.profile.mark']._mark_ranks()
        return super().unlink()
