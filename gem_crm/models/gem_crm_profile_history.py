from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .gem_crm_profile import INVOICE_TYPES
from .gem_crm_profile_abc import ABC
from .gem_crm_profile_purchase import LIFECYCLES
from .gem_crm_profile_rhythm import ATTRITION

# Told from the invoices when the add-on comes.
MONTHS_BACK = 24


class GemCrmProfileHistory(models.Model):
    """How a customer stood at the end of a month, or stands in the running one.

    Written by night; the first night of a month closes the one before, whose last day no
    night of its own has seen. The months before the add-on came are told from the invoices,
    without ranks, which nobody took down.
    """
    _name = 'gem.crm.profile.history'
    _description = "Customer Profile by Month"
    _order = 'month desc, id'
    _rec_name = 'partner_id'
    _log_access = False

    partner_id = fields.Many2one(
        'res.partner', string="Customer", required=True, readonly=True, ondelete='cascade')
    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, index=True, ondelete='cascade')
    currency_id = fields.Many2one(related='company_id.currency_id')
    month = fields.Date(required=True, readonly=True, help="The first day of the month.")
    lifecycle = fields.Selection(LIFECYCLES, readonly=True)
    attrition = fields.Selection(ATTRITION, readonly=True)
    rfm = fields.Char(string="RFM", readonly=True)
    abc = fields.Selection(ABC, string="ABC", readonly=True)
    revenue = fields.Monetary(
        readonly=True,
        help="Posted customer invoices less credit notes, without taxes, of the month.",
    )

    _month_unique = models.UniqueIndex("(company_id, month, partner_id)")
    _partner_idx = models.Index("(partner_id, month)")

    @api.model
    def _write_month(self, company):
        """Write how the company's customers stand this month."""
        month = self.env['gem.crm.profile']._today().replace(day=1)
        [[open_month]] = self.sudo()._read_group(
            [('company_id', '=', company.id)], [], ['month:max'])
        if not open_month:
            self._reconstruct(company, month)
            open_month = month
        # Nights that were missed leave no month out.
        while open_month <= month:
            self._write_rows(company, open_month)
            open_month += relativedelta(months=1)
        self.invalidate_model()

    def _write_rows(self, company, month):
        """Write a month of the customers who had bought by its end."""
        today = self.env['gem.crm.profile']._today()
        columns = ('lifecycle', 'attrition', 'rfm', 'abc', 'revenue')
        self.env.cr.execute(SQL(
            """
                WITH sales AS (
                    SELECT contact.commercial_partner_id AS customer,
                           SUM(move.amount_untaxed_signed) AS revenue
                      FROM account_move move
                      JOIN res_partner contact ON contact.id = move.partner_id
                     WHERE move.company_id = %(company)s
                       AND move.state = 'posted'
                       AND move.move_type IN %(types)s
                       AND move.invoice_date BETWEEN %(month)s AND %(until)s
                  GROUP BY 1
                ), new AS (
                    SELECT profile.partner_id, lifecycle, attrition, rfm, abc,
                           COALESCE(sales.revenue, 0) AS revenue
                      FROM gem_crm_profile profile
                 LEFT JOIN sales ON sales.customer = profile.partner_id
                     WHERE company_id = %(company)s AND lifecycle <> 'potential'
                       AND date_first <= %(until)s
                ), changed AS (
                    UPDATE gem_crm_profile_history history
                       SET %(set)s
                      FROM new
                     WHERE history.company_id = %(company)s
                       AND history.month = %(month)s
                       AND history.partner_id = new.partner_id
                       AND (%(old)s) IS DISTINCT FROM (%(new)s)
                )
                INSERT INTO gem_crm_profile_history
                            (partner_id, company_id, month, %(names)s)
                     SELECT partner_id, %(company)s, %(month)s, %(names)s
                       FROM new
                      WHERE NOT EXISTS (SELECT FROM gem_crm_profile_history history
                                         WHERE history.company_id = %(company)s
                                           AND history.month = %(month)s
                                           AND history.partner_id = new.partner_id)
            """,
            company=company.id, types=INVOICE_TYPES, month=month,
            until=min(today, month + relativedelta(months=1, days=-1)),
            names=SQL(", ").join(map(SQL.identifier, columns)),
            old=SQL(", ").join(SQL.identifier('history', name) for name in columns),
            new=SQL(", ").join(SQL.identifier('new', name) for name in columns),
            set=SQL(", ").join(
                SQL("%s = %s", SQL.identifier(name), SQL.identifier('new', name))
                for name in columns),
        ))

    def _reconstruct(self, company, month):
        """Tell the months before this one from the invoices."""
        Profile = self.env['gem.crm.profile']
        last_day = SQL("(month.month + interval '1 month' - interval '1 day')::date")
        self.env.cr.execute(SQL(
            """
                WITH move AS MATERIALIZED (
                    SELECT contact.commercial_partner_id AS customer,
                           COALESCE(move.invoice_date, move.date) AS day,
                           move.amount_untaxed_signed AS revenue,
                           move.move_type = 'out_invoice'
                               AND move.amount_untaxed_signed > 0 AS is_purchase
                      FROM account_move move
                      JOIN res_partner contact ON contact.id = move.partner_id
                     WHERE move.company_id = %(company)s
                       AND move.state = 'posted'
                       AND move.move_type IN %(types)s
                       AND contact.commercial_partner_id IN (
                           SELECT partner_id FROM gem_crm_profile WHERE company_id = %(company)s)
                ), month AS (
                    SELECT generate_series(%(first)s::date, %(before)s::date,
                                           interval '1 month')::date AS month
                ), purchase AS (
                    -- how it stood from this purchase to the next one
                    SELECT customer, day AS date_last,
                           MIN(day) OVER customer AS date_first,
                           COUNT(*) OVER (customer ORDER BY day) AS purchase_count,
                           LEAD(day) OVER (customer ORDER BY day) AS next_day
                      FROM (SELECT DISTINCT customer, day FROM move WHERE is_purchase) AS day
                    WINDOW customer AS (PARTITION BY customer)
                ), fact AS (
                    SELECT month.month, %(last_day)s AS day, purchase.*,
                           ROUND((date_last - date_first)::numeric
                               / NULLIF(purchase_count - 1, 0), 1) AS interval_days
                      FROM month
                      JOIN purchase ON purchase.date_last <= %(last_day)s
                                   AND (purchase.next_day IS NULL
                                        OR purchase.next_day > %(last_day)s)
                ), lived AS (
                    SELECT fact.*, %(lifecycle)s AS lifecycle,
                           ROUND((fact.day - date_last) / interval_days, 1) AS rhythm_ratio
                      FROM fact
                ), sales AS (
                    SELECT customer, date_trunc('month', day)::date AS month,
                           SUM(revenue) AS revenue
                      FROM move
                  GROUP BY 1, 2
                )
                INSERT INTO gem_crm_profile_history
                            (partner_id, company_id, month, lifecycle, attrition, revenue)
                     SELECT fact.customer, %(company)s, fact.month, fact.lifecycle,
                            %(attrition)s, COALESCE(sales.revenue, 0)
                       FROM lived AS fact
                  LEFT JOIN sales ON sales.customer = fact.customer
                                 AND sales.month = fact.month
                   ORDER BY fact.month, fact.customer
            """,
            company=company.id, types=INVOICE_TYPES,
            first=month - relativedelta(months=MONTHS_BACK),
            before=month - relativedelta(months=1),
            last_day=last_day,
            lifecycle=Profile._lifecycle_sql(company, SQL("fact.day")),
            attrition=Profile._attrition_sql(company),
        ))

    @api.model
    def _fold(self, partner_ids, into_id):
        """Give the months of merged customers to the one that is left.

        Revenues add up; of classes, which nobody can tell now, those of the one left stay.
        """
        self.env.flush_all()
        self.env.cr.execute(SQL(
            """
                WITH former AS (
                    DELETE FROM gem_crm_profile_history WHERE partner_id IN %(merged)s
                      RETURNING company_id, month, lifecycle, attrition, rfm, abc, revenue
                )
                INSERT INTO gem_crm_profile_history AS history
                            (partner_id, company_id, month, lifecycle, attrition, rfm, abc, revenue)
                     SELECT %(into)s, company_id, month, MIN(lifecycle), MIN(attrition), MAX(rfm),
                            MIN(abc), SUM(revenue)
                       FROM former
                   GROUP BY company_id, month
                ON CONFLICT (company_id, month, partner_id)
              DO UPDATE SET revenue = history.revenue + EXCLUDED.revenue
            """,
            merged=tuple(partner_ids), into=into_id,
        ))
        self.invalidate_model()

    @api.model
    def _rates(self, partner_domain, months=MONTHS_BACK):
        """Return how many customers were lost and kept, month by month.

        :param partner_domain: of the customers; only those the user may read count
        :param months: how many, up to the running one
        :return: list of dicts, the oldest month first: ``month``, ``customers`` (at its
            beginning, those not lost), ``lost`` of them at its end, ``won_back`` (were lost
            and are no longer), ``new`` (first purchase), ``attrition`` and ``retention`` in
            percent of ``customers``
        """
        company = self.env.company
        first = self.env['gem.crm.profile']._today().replace(day=1) - relativedelta(
            months=months - 1)
        partners = self.env['res.partner']._search(partner_domain)
        rows = self._search([
            ('company_id', '=', company.id),
            ('month', '>=', first - relativedelta(months=1)),
            ('partner_id', 'in', partners),
        ])
        self.flush_model()
        return [
            {
                'month': month, 'customers': customers, 'lost': lost, 'won_back': won_back,
                'new': new,
                'attrition': round(100 * lost / customers, 1) if customers else 0,
                'retention': round(100 - 100 * lost / customers, 1) if customers else 0,
            }
            for month, customers, lost, won_back, new in self.env.execute_query(SQL(
                """
                    WITH stood AS MATERIALIZED (%(rows)s)
                      SELECT month.month::date,
                             COUNT(*) FILTER (WHERE before.attrition <> 'lost'),
                             COUNT(*) FILTER (WHERE before.attrition <> 'lost'
                                                AND stood.attrition = 'lost'),
                             COUNT(*) FILTER (WHERE before.attrition = 'lost'
                                                AND stood.attrition <> 'lost'),
                             COUNT(*) FILTER (WHERE before.partner_id IS NULL
                                                AND stood.partner_id IS NOT NULL)
                        FROM generate_series(%(first)s::date, %(first)s::date
                                 + %(months)s * interval '1 month', interval '1 month') AS month
                        JOIN stood ON stood.month = month.month::date
                   LEFT JOIN stood AS before ON before.partner_id = stood.partner_id
                         AND before.month = (month.month - interval '1 month')::date
                    GROUP BY month.month
                    ORDER BY month.month
                """,
                rows=rows.select(*(
                    SQL.identifier(rows.table, name)
                    for name in ('partner_id', 'month', 'attrition'))),
                first=first, months=months - 1,
            ))
        ]


class GemCrmProfile(models.Model):
    _inherit = 'gem.crm.profile'

    def _rank_beside(self, company):
        self.env['gem.crm.profile.history']._write_month(company)
        return super()._rank_beside(company)
