"""The figures of all customers of a company, as plain SQL that reads the invoices itself.

What a person would write who wants them once, and keeps no profile: the measure of what the
product may take. Figures that come of the same rows are in one statement; what products each
customer buys is read once, for habits and for all that follows from them.
"""
import re
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.tools import SQL

# The days on which a customer bought, or was credited. Each statement that needs them reads them.
DAYS = """
    SELECT contact.commercial_partner_id AS customer,
           COALESCE(move.invoice_date, move.date) AS day,
           SUM(move.amount_untaxed_signed) AS revenue,
           bool_or(move.move_type = 'out_invoice' AND move.amount_untaxed_signed > 0)
               AS is_purchase
      FROM account_move move
      JOIN res_partner contact ON contact.id = move.partner_id
     WHERE move.company_id = %(company)s
       AND move.state = 'posted'
       AND move.move_type IN ('out_invoice', 'out_refund')
       AND COALESCE(move.invoice_date, move.date) <= %(today)s
  GROUP BY 1, 2
"""
PURCHASES = """
    SELECT DISTINCT contact.commercial_partner_id AS customer,
           COALESCE(move.invoice_date, move.date) AS day
      FROM account_move move
      JOIN res_partner contact ON contact.id = move.partner_id
     WHERE move.company_id = %(company)s
       AND move.state = 'posted'
       AND move.move_type = 'out_invoice'
       AND move.amount_untaxed_signed > 0
       AND COALESCE(move.invoice_date, move.date) <= %(today)s
"""
BOUGHT = """
    SELECT contact.commercial_partner_id AS customer,
           COALESCE(move.invoice_date, move.date) AS day,
           line.product_id, template.categ_id,
           line.quantity * CASE WHEN line.product_uom_id = template.uom_id THEN 1
               ELSE COALESCE(uom.factor / product_uom.factor, 1) END AS quantity
      FROM account_move move
      JOIN res_partner contact ON contact.id = move.partner_id
      JOIN account_move_line line ON line.move_id = move.id
      JOIN product_product product ON product.id = line.product_id
      JOIN product_template template ON template.id = product.product_tmpl_id
 LEFT JOIN uom_uom uom ON uom.id = line.product_uom_id
 LEFT JOIN uom_uom product_uom ON product_uom.id = template.uom_id
     WHERE move.company_id = %(company)s
       AND move.state = 'posted'
       AND move.move_type = 'out_invoice'
       AND COALESCE(move.invoice_date, move.date) <= %(today)s
       AND line.display_type = 'product'
       AND line.quantity > 0
       AND template.gem_in_habits
"""
MONTHS = ", ".join(
    f"(COUNT(*) FILTER (WHERE month = {month}))::int AS month_{month}" for month in range(1, 13))
# By {key}: the products, or the categories, that each customer has bought.
PAIRS = """
    SELECT customer, {key},
           COUNT(*)::int AS times,
           ROUND(AVG(quantity), 2) AS quantity,
           MAX(day) AS date_last,
           ROUND((MAX(day) - MIN(day))::numeric / NULLIF(COUNT(*) - 1, 0), 1) AS interval_days,
           SUM(lines * power(0.5::float8, (%(today)s::date - day)::float8 / 91)) AS lines_recent,
           ROUND((ln(SUM(power(2::float8, (day - '2020-01-01'::date)::float8 / 91)))
               / ln(2::float8))::numeric, 3) AS score,
           {months}
      FROM (SELECT customer, {key}, day, SUM(quantity) AS quantity, COUNT(*) AS lines,
                   EXTRACT(month FROM day)::int AS month
              FROM ({bought}) AS bought
          GROUP BY customer, {key}, day) AS day
  GROUP BY customer, {key}
"""

STATEMENTS = {
    "money and RFM": f"""
        SELECT *,
               5 * (rank() OVER (ORDER BY date_last) - 1) / COUNT(*) OVER () + 1
                   AS rfm_recency,
               5 * (rank() OVER (ORDER BY purchase_count) - 1) / COUNT(*) OVER () + 1
                   AS rfm_frequency,
               5 * (rank() OVER (ORDER BY revenue) - 1) / COUNT(*) OVER () + 1 AS rfm_monetary
          FROM (SELECT customer,
                       MIN(day) FILTER (WHERE is_purchase) AS date_first,
                       MAX(day) FILTER (WHERE is_purchase) AS date_last,
                       COUNT(*) FILTER (WHERE is_purchase) AS purchase_count,
                       SUM(revenue) AS revenue,
                       COALESCE(SUM(revenue) FILTER (WHERE day > %(year)s), 0) AS revenue_12m,
                       SUM(revenue) FILTER (
                           WHERE day > %(two_years)s AND day <= %(year)s) AS revenue_previous_12m,
                       SUM(revenue) FILTER (WHERE day > %(two_years)s) AS revenue_24m,
                       SUM(revenue) FILTER (WHERE day > %(two_years)s) / NULLIF(COUNT(*) FILTER (
                           WHERE day > %(two_years)s AND is_purchase), 0) AS basket
                  FROM ({DAYS}) AS day
              GROUP BY customer
                HAVING bool_or(is_purchase)) AS customer
    """,
    "ABC over 12 months": """
        SELECT customer, abc_revenue,
               CASE WHEN running - abc_revenue < 0.80 * total THEN 'a'
                    WHEN running - abc_revenue < 0.95 * total THEN 'b' ELSE 'c' END AS abc
          FROM (SELECT customer, abc_revenue,
                       SUM(abc_revenue) OVER (ORDER BY abc_revenue DESC, customer
                                              ROWS UNBOUNDED PRECEDING) AS running,
                       SUM(abc_revenue) OVER () AS total
                  FROM (SELECT contact.commercial_partner_id AS customer,
                               SUM(move.amount_untaxed_signed) AS abc_revenue
                          FROM account_move move
                          JOIN res_partner contact ON contact.id = move.partner_id
                         WHERE move.company_id = %(company)s
                           AND move.state = 'posted'
                           AND move.move_type IN ('out_invoice', 'out_refund')
                           AND COALESCE(move.invoice_date, move.date) > %(year)s
                           AND COALESCE(move.invoice_date, move.date) <= %(today)s
                      GROUP BY 1) AS customer
                 WHERE abc_revenue > 0) AS ranked
    """,
    "rhythm, activity, attrition": f"""
        WITH purchase AS (
            SELECT customer, day, day - LAG(day) OVER (PARTITION BY customer ORDER BY day) AS gap
              FROM ({PURCHASES}) AS purchase
        ), rhythm AS (
            SELECT customer,
                   MIN(day) AS date_first, MAX(day) AS date_last, COUNT(*) AS purchase_count,
                   ROUND(AVG(gap), 1) AS interval_days,
                   ROUND(stddev_samp(gap), 1) AS interval_spread,
                   ROUND(SUM(power(0.5::float8, (%(today)s::date - day)::float8 / 91))::numeric, 3)
                       AS fading
              FROM purchase
          GROUP BY customer
        ), median AS (
            SELECT ROUND(percentile_cont(0.5) WITHIN GROUP (ORDER BY interval_days)) AS days
              FROM rhythm WHERE purchase_count > 1
        )
        SELECT rhythm.*,
               ROUND((%(today)s::date - date_last) / interval_days, 1) AS rhythm_ratio,
               ROUND((fading * LEAST(1, 2 * (date_last - date_first + 2 * median.days)
                   / NULLIF((%(today)s::date - date_last) * (purchase_count + 1), 0)))::numeric, 3)
                   AS activity,
               CASE WHEN %(today)s::date - date_last > GREATEST(%(lapsed)s, 2 * interval_days)
                    THEN 'lost'
                    WHEN purchase_count < 3 THEN 'active'
                    WHEN ROUND((%(today)s::date - date_last) / interval_days, 1) > %(lost)s
                    THEN 'lost'
                    WHEN ROUND((%(today)s::date - date_last) / interval_days, 1) > %(risk)s
                    THEN 'risk'
                    WHEN ROUND((%(today)s::date - date_last) / interval_days, 1) > %(slowing)s
                    THEN 'slowing' ELSE 'active' END AS attrition
          FROM rhythm, median
    """,
    "loyalty": f"""
        SELECT customer,
               COUNT(DISTINCT (%(today)s::date - day) * 12 / 366) FILTER (WHERE day > %(year)s)
                   AS loyalty_months,
               COUNT(*) FILTER (WHERE gap > 2 * usual) AS loyalty_gaps,
               COUNT(*) AS purchase_count_24m
          FROM (SELECT customer, day, gap, AVG(gap) OVER (PARTITION BY customer) AS usual
                  FROM (SELECT customer, day,
                               day - LAG(day) OVER (PARTITION BY customer ORDER BY day) AS gap
                          FROM ({PURCHASES}) AS purchase) AS gap) AS purchase
         WHERE day > %(two_years)s
      GROUP BY customer
    """,
    "chance to buy": f"""
        WITH median AS (
            SELECT ROUND(percentile_cont(0.5) WITHIN GROUP (ORDER BY interval_days)) AS days
              FROM gem_crm_profile WHERE company_id = %(company)s AND purchase_count > 1
        ), rhythm AS (
            SELECT customer, MIN(day) AS date_first,
                   MAX(day) FILTER (WHERE day <= %(then)s) AS date_last,
                   COUNT(*) FILTER (WHERE day <= %(then)s) AS purchase_count,
                   SUM(power(0.5::float8, (%(then)s::date - day)::float8 / 91))
                       FILTER (WHERE day <= %(then)s) AS fading,
                   MAX(day) > %(then)s AS has_bought
              FROM ({PURCHASES}) AS purchase
          GROUP BY customer
            HAVING MIN(day) <= %(then)s
        )
        SELECT band, MIN(activity) AS activity, ROUND(AVG(100 * has_bought::int)) AS chance
          FROM (SELECT ntile(20) OVER (ORDER BY activity) AS band, activity, has_bought
                  FROM (SELECT has_bought,
                               fading * LEAST(1, 2 * (date_last - date_first + 2 * median.days)
                                   / NULLIF((%(then)s::date - date_last) * (purchase_count + 1), 0))
                                   AS activity
                          FROM rhythm, median) AS scored) AS banded
      GROUP BY band
    """,
    "cost and margin": """
        SELECT contact.commercial_partner_id AS customer,
               ROUND(SUM(COALESCE(
                   line.gem_unit_cost,
                   (product.standard_price ->> %(company)s::text)::numeric
                       * CASE WHEN line.product_uom_id = template.uom_id THEN 1
                              ELSE COALESCE(uom.factor / product_uom.factor, 1) END
               ) * CASE WHEN move.move_type = 'out_refund' THEN -line.quantity
                        ELSE line.quantity END), 2) AS cost_12m
          FROM account_move move
          JOIN res_partner contact ON contact.id = move.partner_id
          JOIN account_move_line line ON line.move_id = move.id
     LEFT JOIN product_product product ON product.id = line.product_id
     LEFT JOIN product_template template ON template.id = product.product_tmpl_id
     LEFT JOIN uom_uom uom ON uom.id = line.product_uom_id
     LEFT JOIN uom_uom product_uom ON product_uom.id = template.uom_id
         WHERE move.company_id = %(company)s
           AND move.state = 'posted'
           AND move.move_type IN ('out_invoice', 'out_refund')
           AND COALESCE(move.invoice_date, move.date) > %(year)s
           AND COALESCE(move.invoice_date, move.date) <= %(today)s
           AND line.display_type = 'product'
      GROUP BY 1
    """,
    "payments": """
        SELECT customer,
               COUNT(*) AS payment_count,
               ROUND(SUM(late * amount) / NULLIF(SUM(amount), 0), 1) AS payment_days_late,
               ROUND(100 * SUM(amount) FILTER (WHERE late = 0) / NULLIF(SUM(amount), 0))
                   AS payment_on_time,
               ROUND(SUM(late * amount) FILTER (WHERE date > %(half)s)
                       / NULLIF(SUM(amount) FILTER (WHERE date > %(half)s), 0)
                   - SUM(late * amount) FILTER (WHERE date <= %(half)s)
                       / NULLIF(SUM(amount) FILTER (WHERE date <= %(half)s), 0), 1)
                   AS payment_trend
          FROM (SELECT contact.commercial_partner_id AS customer, partial.amount,
                       partial.max_date AS date,
                       GREATEST(partial.max_date - line.date_maturity, 0) AS late
                  FROM account_partial_reconcile partial
                  JOIN account_move_line line ON line.id = partial.debit_move_id
                  JOIN account_move move ON move.id = line.move_id
                  JOIN res_partner contact ON contact.id = move.partner_id
                  JOIN account_move_line other ON other.id = partial.credit_move_id
                  JOIN account_move payment ON payment.id = other.move_id
                 WHERE move.company_id = %(company)s
                   AND move.state = 'posted'
                   AND move.move_type = 'out_invoice'
                   AND line.display_type = 'payment_term'
                   AND payment.move_type NOT IN ('out_refund', 'out_invoice')
                   AND partial.max_date > %(year)s
                   AND partial.max_date <= %(today)s) AS payment
      GROUP BY customer
    """,
    "overdue": """
        SELECT contact.commercial_partner_id AS customer,
               SUM(line.amount_residual) AS overdue,
               %(today)s::date - MIN(line.date_maturity) AS overdue_days
          FROM account_move move
          JOIN res_partner contact ON contact.id = move.partner_id
          JOIN account_move_line line ON line.move_id = move.id
         WHERE move.company_id = %(company)s
           AND move.state = 'posted'
           AND move.move_type = 'out_invoice'
           AND COALESCE(move.invoice_date, move.date) <= %(today)s
           AND line.display_type = 'payment_term'
           AND line.amount_residual > 0
           AND line.date_maturity < %(today)s
      GROUP BY 1
    """,
    "habits by product": PAIRS.format(
        key='product_id', months=MONTHS, bought=BOUGHT),
    "habits by category": PAIRS.format(
        key='categ_id', months=MONTHS, bought=BOUGHT) + " HAVING COUNT(*) > 1",
    # from the habits by product, which have just been found
    "products, habits kept, recent lines": """
        SELECT customer,
               COUNT(*) AS product_count,
               ROUND(SUM(lines_recent)::numeric, 2) AS lines_recent,
               100 * COUNT(*) FILTER (
                   WHERE times > 1 AND date_last > %(two_years)s
                     AND %(today)s::date - date_last <= 3 * interval_days
               ) / NULLIF(COUNT(*) FILTER (WHERE times > 1 AND date_last > %(two_years)s), 0)
                   AS loyalty_kept
          FROM pg_temp.plain_habits_by_product
      GROUP BY customer
    """,
    "sales of products": """
        SELECT sold.*
          FROM (SELECT line.product_id, COUNT(*) AS lines, COUNT(*) FILTER (
                           WHERE COALESCE(move.invoice_date, move.date) > %(recent)s
                       ) AS lines_recent
                  FROM account_move move
                  JOIN account_move_line line ON line.move_id = move.id
                 WHERE move.company_id = %(company)s
                   AND move.state = 'posted'
                   AND move.move_type = 'out_invoice'
                   AND COALESCE(move.invoice_date, move.date) BETWEEN %(two_years)s AND %(today)s
                   AND line.display_type = 'product'
                   AND line.quantity > 0
              GROUP BY line.product_id) AS sold
          JOIN product_product product ON product.id = sold.product_id
          JOIN product_template template ON template.id = product.product_tmpl_id
         WHERE template.gem_in_habits
    """,
    "revenue of the month": """
        SELECT contact.commercial_partner_id AS customer,
               SUM(move.amount_untaxed_signed) AS revenue
          FROM account_move move
          JOIN res_partner contact ON contact.id = move.partner_id
         WHERE move.company_id = %(company)s
           AND move.state = 'posted'
           AND move.move_type IN ('out_invoice', 'out_refund')
           AND move.invoice_date BETWEEN %(month)s AND %(today)s
      GROUP BY 1
    """,
}

# Figures that must be the product's own, customer by customer: {statement: columns of the profile}.
SAME = {
    "money and RFM": (
        'date_first', 'date_last', 'purchase_count', 'revenue', 'revenue_12m', 'basket',
        'rfm_recency', 'rfm_frequency', 'rfm_monetary'),
    "ABC over 12 months": ('abc_revenue', 'abc'),
    "rhythm, activity, attrition": (
        'interval_days', 'interval_spread', 'fading', 'rhythm_ratio', 'activity', 'attrition'),
    "loyalty": ('loyalty_months', 'loyalty_gaps', 'purchase_count_24m'),
    "cost and margin": ('cost_12m',),
    "payments": ('payment_count', 'payment_days_late', 'payment_on_time', 'payment_trend'),
    "overdue": ('overdue', 'overdue_days'),
    "products, habits kept, recent lines": ('product_count', 'lines_recent', 'loyalty_kept'),
}

# Sums of powers differ in the last digit with the order of the rows.
ROUNDED = ('basket', 'fading', 'activity', 'lines_recent')


def statements(company, today):
    """Return the statements by name, for a company as of a day."""
    values = {
        'company': company.id, 'today': today,
        'year': today - relativedelta(years=1),
        'two_years': today - relativedelta(years=2),
        'half': today - relativedelta(months=6),
        'then': today - timedelta(days=90),
        'recent': today - timedelta(days=60),
        'month': today.replace(day=1),
        'lapsed': company.gem_lapsed_days, 'lost': company.gem_lost_intervals,
        'risk': company.gem_risk_intervals, 'slowing': company.gem_slowing_intervals,
    }
    return {
        name: SQL(text, **{key: value for key, value in values.items() if f'%({key})s' in text})
        for name, text in STATEMENTS.items()
    }


def differing(cr, company, name):
    """Return how many customers have another figure in their profile than in a result.

    :param name: the statement whose result is in its table
    :return: {column: number of customers}, of those that differ
    """
    found = {}
    for column in SAME[name]:
        cr.execute(SQL(
            """
                SELECT COUNT(*)
                  FROM %(plain)s AS plain
                  JOIN gem_crm_profile profile ON profile.partner_id = plain.customer
                                              AND profile.company_id = %(company)s
                 WHERE plain.%(column)s IS DISTINCT FROM profile.%(column)s
                   AND COALESCE(ABS(plain.%(column)s - profile.%(column)s), 1) > 0.005
            """ if column in ROUNDED else
            """
                SELECT COUNT(*)
                  FROM %(plain)s AS plain
                  JOIN gem_crm_profile profile ON profile.partner_id = plain.customer
                                              AND profile.company_id = %(company)s
                 WHERE plain.%(column)s IS DISTINCT FROM profile.%(column)s
            """,
            plain=table(name), company=company.id, column=SQL.identifier(column)))
        if count := cr.fetchone()[0]:
            found[column] = count
    return found


def table(name):
    """Return the temporary table of a statement's result."""
    return SQL.identifier('plain_' + re.sub(r'\W+', '_', name.lower()))
