from collections import defaultdict
from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from .gem_crm_profile import INVOICE_TYPES
from .gem_crm_profile_rhythm import BAND_SIZE, BANDS, HORIZON

# The median customer's interval where nobody bought twice.
DEFAULT_INTERVAL = 91


class Step(NamedTuple):
    value: float  # from here on
    result: int  # what this means: a score, a chance in percent
    tie: int  # id of the customer with this value who comes last


class Scale(dict):
    """The steps of each figure of a company, the lowest value first: {figure: [Step]}."""

    def steps(self, figure):
        return self.get(figure, [])

    def interval(self):
        """Return the interval of the median customer, in days."""
        return float(self['interval'][0].value) if 'interval' in self else DEFAULT_INTERVAL

    def step_sql(self, figure, value, lowest=None):
        """Return the result of the last step that the value reaches, as SQL.

        :param lowest: the result of a value below all steps; that of the first step if None
        """
        steps = self.steps(figure)
        if not steps:
            return SQL("NULL::int")
        results = [steps[0].result if lowest is None else lowest, *(s.result for s in steps)]
        return SQL(
            "(%s::int[])[1 + width_bucket(%s, %s::numeric[])]",
            results, value, [step.value for step in steps],
        )


class GemCrmProfileScale(models.Model):
    """What the figures of all customers of a company together say: where a score begins.

    Learned by night; a customer whose figures change in between is compared with it.
    """
    _name = 'gem.crm.profile.scale'
    _description = "Scale of Customer Figures"
    _order = 'company_id, figure, value, id'
    _rec_name = 'figure'
    _log_access = False

    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, index=True, ondelete='cascade')
    figure = fields.Char(required=True, readonly=True, help="The figure of the profile.")
    value = fields.Float(
        string="From", required=True, readonly=True, digits=0, aggregator=None,
        help="The lowest value of the step; of recency, days from 2000-01-01.",
    )
    result = fields.Integer(
        readonly=True, aggregator=None, help="The score, or the chance in percent.",
    )
    tie = fields.Integer(
        string="Up to Customer", readonly=True, aggregator=None,
        help="Of customers with just this value, those up to this id reach the step.",
    )
    sample = fields.Integer(
        string="Customers", readonly=True, help="The customers it was learned from.",
    )

    @api.model
    def _of(self, company):
        """Return the company's scale."""
        scale = defaultdict(list)
        for figure, *step in self.env.execute_query(SQL(
            """
                SELECT figure, value, result, tie FROM gem_crm_profile_scale
                 WHERE company_id = %s
              ORDER BY figure, value, result DESC
            """,
            company.id,
        )):
            scale[figure].append(Step(*step))
        return Scale(scale)

    @api.model
    def _learn(self, company):
        """Learn the company's scale from the facts of its profiles, and from its invoices."""
        self._learn_from(company, 'interval', self._interval_sql(company))
        for figure, value in self.env['gem.crm.profile']._rfm_values().items():
            self._learn_from(company, figure, self._quintile_sql(company, value))
        self._learn_from(company, 'abc', self._abc_sql(company))
        self._learn_from(company, 'chance', self._chance_sql(company))
        self.invalidate_model()

    def _learn_from(self, company, figure, query):
        """Replace the steps of a figure.

        :param query: gives value, result, tie and sample of each step
        """
        self.env.cr.execute(SQL(
            """
                WITH former AS (
                    DELETE FROM gem_crm_profile_scale WHERE company_id = %(company)s
                                                        AND figure = %(figure)s
                )
                INSERT INTO gem_crm_profile_scale
                            (company_id, figure, value, result, tie, sample)
                     SELECT %(company)s, %(figure)s, value, result, tie, sample
                       FROM (%(query)s) AS step (value, result, tie, sample)
                      WHERE value IS NOT NULL
                   ORDER BY value
            """,
            company=company.id, figure=figure, query=query,
        ))

    def _interval_sql(self, company):
        # Whole days: an interval that moves a little every night would move every activity.
        return SQL(
            """
                SELECT ROUND(percentile_cont(0.5) WITHIN GROUP (ORDER BY interval_days)),
                       NULL::int, NULL::int, COUNT(interval_days)::int
                  FROM gem_crm_profile
                 WHERE company_id = %s AND purchase_count > 1
                HAVING COUNT(interval_days) > 0
            """,
            company.id,
        )

    def _quintile_sql(self, company, value):
        return SQL(
            """
                SELECT MIN(value), score, NULL::int, COUNT(*)::int
                  FROM (SELECT value,
                               (5 * (rank() OVER (ORDER BY value) - 1) / COUNT(*) OVER ())::int + 1
                               AS score
                          FROM (SELECT %s AS value
                                  FROM gem_crm_profile fact
                                 WHERE company_id = %s AND purchase_count > 0) AS customer
                       ) AS ranked
              GROUP BY score
            """,
            value, company.id,
        )

    def _abc_sql(self, company):
        return SQL(
            """
                SELECT MIN(revenue), class,
                       (array_agg(customer ORDER BY revenue, customer DESC))[1], COUNT(*)::int
                  FROM (SELECT customer, revenue,
                               CASE WHEN before < total * %(a)s / 100 THEN 1
                                    WHEN before < total * %(b)s / 100 THEN 2 END AS class
                          FROM (SELECT partner_id AS customer,
                                       abc_revenue AS revenue,
                                       SUM(abc_revenue) OVER (
                                           ORDER BY abc_revenue DESC, partner_id
                                           ROWS UNBOUNDED PRECEDING) - abc_revenue AS before,
                                       SUM(abc_revenue) OVER () AS total
                                  FROM gem_crm_profile
                                 WHERE company_id = %(company)s AND abc_revenue > 0) AS running
                       ) AS classified
                 WHERE class IS NOT NULL
              GROUP BY class
            """,
            company=company.id, a=company.gem_abc_a, b=company.gem_abc_b,
        )

    def _chance_sql(self, company):
        """How many bought within 90 days, by what their activity was 90 days ago.

        By chance, a band may have bought less than the one below it: both have the mean of both
        then, so that nobody's chance falls as he buys more (isotonic regression by its min-max
        formula, Barlow et al. 1972: the highest, from a band at or below, of the lowest mean up
        to a band at or above).

        A single band would give everybody the same chance, the lost ones too: then none is given.
        """
        Profile = self.env['gem.crm.profile']
        then = Profile._today() - timedelta(days=HORIZON)
        interval = self._of(company).interval()
        return SQL(
            """
                WITH day AS (
                    SELECT contact.commercial_partner_id AS customer,
                           COALESCE(move.invoice_date, move.date) AS day
                      FROM account_move move
                      JOIN res_partner contact ON contact.id = move.partner_id
                     WHERE move.company_id = %(company)s
                       AND move.state = 'posted'
                       AND move.move_type IN %(types)s
                       AND move.move_type = 'out_invoice'
                       AND move.amount_untaxed_signed > 0
                       AND COALESCE(move.invoice_date, move.date) <= %(today)s
                  GROUP BY 1, 2
                ), fact AS (
                    SELECT customer,
                           MIN(day) FILTER (WHERE day <= %(then)s) AS date_first,
                           MAX(day) FILTER (WHERE day <= %(then)s) AS date_last,
                           COUNT(*) FILTER (WHERE day <= %(then)s) AS purchase_count,
                           %(fading)s FILTER (WHERE day <= %(then)s) AS fading,
                           MAX(day) > %(then)s AS has_bought
                      FROM day
                     WHERE customer IN (SELECT partner_id FROM gem_crm_profile
                                         WHERE company_id = %(company)s)
                  GROUP BY customer
                    HAVING MIN(day) <= %(then)s
                ), scored AS (
                    SELECT ROUND((%(activity)s)::numeric, 3) AS activity, has_bought FROM fact
                ), banded AS (
                    SELECT *, LEAST(%(bands)s, GREATEST(COUNT(*) OVER () / %(size)s, 1))
                                  * (rank() OVER (ORDER BY activity) - 1) / COUNT(*) OVER () AS band
                      FROM scored
                ), band AS (
                    SELECT band, MIN(activity) AS activity, COUNT(*)::int AS size,
                           SUM(has_bought::int) AS bought,
                           SUM(COUNT(*)) OVER so_far AS customers,
                           SUM(SUM(has_bought::int)) OVER so_far AS buyers
                      FROM banded
                  GROUP BY band
                    WINDOW so_far AS (ORDER BY band)
                )
                SELECT activity, (
                           SELECT ROUND(100 * MAX(mean))::int
                             FROM (SELECT MIN((last.buyers - first.buyers + first.bought)
                                      / (last.customers - first.customers + first.size)) AS mean
                                     FROM band AS first, band AS last
                                    WHERE first.band <= band.band AND last.band >= band.band
                                 GROUP BY first.band) AS mean
                       ), NULL::int, size
                  FROM band
                 WHERE (SELECT COUNT(*) FROM fact) >= 2 * %(size)s
            """,
            company=company.id, types=INVOICE_TYPES, today=Profile._today(), then=then,
            fading=Profile._fading_sql(then), activity=Profile._activity_sql(
                'fact', then, interval), bands=BANDS, size=BAND_SIZE,
        )
