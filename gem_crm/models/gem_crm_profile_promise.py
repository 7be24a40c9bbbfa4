from odoo import api, fields, models
from odoo.tools import SQL, formatLang

# Fewer promises that came due say nothing of how they are kept.
JUDGED = 2
WEAK_KEPT = 50


class GemCrmProfile(models.Model):
    """What the customer disputes, and how he keeps his promises to pay."""
    _inherit = 'gem.crm.profile'

    disputed = fields.Monetary(
        readonly=True, help="Amounts of invoices that the customer disputes now.")
    promised = fields.Monetary(
        readonly=True, help="What the customer has promised to pay, and is not due yet.")
    promise_count = fields.Integer(
        string="Promises", readonly=True, help="Promises to pay that came due.")
    promise_kept = fields.Integer(
        string="Promises Kept",
        readonly=True,
        aggregator='avg',
        help="How many of the promises to pay that came due were kept in full, in percent.",
    )

    @api.model
    def _facts(self, company):
        return super()._facts(company) + [
            (['disputed'], SQL(
                """
                    SELECT partner_id AS id, SUM(amount_company) AS disputed
                      FROM gem_crm_dispute
                     WHERE state = 'open' AND company_id = %s
                       AND partner_id IN (SELECT id FROM gem_batch)
                  GROUP BY partner_id
                """,
                company.id,
            )),
            (['promised', 'promise_count', 'promise_kept'], SQL(
                """
                    SELECT partner_id AS id,
                           SUM(amount_company) FILTER (WHERE state = 'pending') AS promised,
                           NULLIF(COUNT(*) FILTER (
                               WHERE state IN ('kept', 'partly', 'broken')), 0)::int
                               AS promise_count,
                           ROUND(100.0 * COUNT(*) FILTER (WHERE state = 'kept') / NULLIF(
                               COUNT(*) FILTER (WHERE state IN ('kept', 'partly', 'broken')), 0)
                           )::int AS promise_kept
                      FROM gem_crm_promise
                     WHERE company_id = %s AND partner_id IN (SELECT id FROM gem_batch)
                  GROUP BY partner_id
                """,
                company.id,
            )),
        ]

    @api.model
    def _weak_credit_sql(self):
        return super()._weak_credit_sql() + [SQL(
            "fact.promise_count >= %s AND fact.promise_kept < %s", JUDGED, WEAK_KEPT)]

    def _credit_reasons(self):
        reasons = super()._credit_reasons()
        if self.promise_count:
            reasons.append(self.env._(
                "Of %(count)s promises to pay, %(share)s %% were kept.",
                count=self.promise_count, share=self.promise_kept,
            ))
        if self.promised:
            reasons.append(self.env._(
                "%(amount)s promised.",
                amount=formatLang(self.env, self.promised, currency_obj=self.currency_id),
            ))
        if self.disputed:
            reasons.append(self.env._(
                "%(amount)s disputed.",
                amount=formatLang(self.env, self.disputed, currency_obj=self.currency_id),
            ))
        return reasons
