from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .gem_crm_profile_rhythm import HALF_LIFE

# What the weight of a habit counts from, so that it need not be written again as days pass.
EPOCH = '2020-01-01'


class GemCrmProfile(models.Model):
    """Which products the customer has bought."""
    _inherit = 'gem.crm.profile'

    product_count = fields.Integer(
        string="Products Bought",
        readonly=True,
        aggregator='avg',
        help="How many different products the customer has bought, without services such as "
             "postage that count in no habit.",
    )

    lines_recent = fields.Float(
        string="Recent Lines",
        readonly=True,
        digits=(10, 2),
        aggregator='sum',
        help="The invoice lines of the customer, each counting half as much every 13 weeks: how "
             "much he buys of late.",
    )

    def _lines_sql(self, company):
        """Return the query of the lines of ``gem_move``: products, and instalments to pay.

        Quantities are in the product's unit of measure, negative when sent back; the cost, of
        the last 12 months only, is in the company's currency. It is the one of the day of
        posting, or today's where that was not kept.
        """
        # Hardly a line is in another unit than its product's: no division for the others.
        in_unit = SQL(
            """
                CASE WHEN line.product_uom_id = template.uom_id THEN 1
                     ELSE COALESCE(uom.factor / product_uom.factor, 1) END
            """
        )
        returned = SQL("CASE WHEN gem_move.is_invoice THEN 1 ELSE -1 END")
        return SQL(
            """
                SELECT gem_move.customer,
                       gem_move.day,
                       gem_move.is_invoice,
                       line.display_type = 'product' AS is_product,
                       CASE WHEN line.display_type = 'payment_term' THEN line.id END AS id,
                       line.product_id,
                       template.categ_id,
                       line.display_type = 'product' AND template.gem_in_habits
                           AND gem_move.is_invoice AND line.quantity > 0
                           AS is_habit,
                       -- float8: a third of the time that numeric takes in sums
                       (line.quantity * %(in_unit)s)::float8 * %(returned)s AS quantity,
                       CASE WHEN gem_move.day > %(year)s THEN COALESCE(
                           line.gem_unit_cost,
                           (product.standard_price ->> %(company)s)::numeric * %(in_unit)s
                       ) * line.quantity * %(returned)s END AS cost,
                       line.gem_unit_cost IS NULL AND line.product_id IS NOT NULL AS is_estimated,
                       CASE WHEN line.display_type = 'payment_term' THEN line.date_maturity END
                           AS date_maturity,
                       CASE WHEN line.display_type = 'payment_term' THEN line.amount_residual END
                           AS amount_residual
                  FROM gem_move
                  JOIN account_move_line line ON line.move_id = gem_move.id
                                             AND line.display_type IN ('product', 'payment_term')
             LEFT JOIN product_product product ON product.id = line.product_id
             LEFT JOIN product_template template ON template.id = product.product_tmpl_id
             LEFT JOIN uom_uom uom ON uom.id = line.product_uom_id
             LEFT JOIN uom_uom product_uom ON product_uom.id = template.uom_id
            """,
            company=str(company.id), in_unit=in_unit, returned=returned,
            year=self._today() - relativedelta(years=1),
        )

    def _bought_sql(self):
        """Return the query of what each customer has bought on each day, of ``gem_line``."""
        return SQL(
            """
                SELECT customer, product_id, MIN(categ_id) AS categ_id, day,
                       SUM(quantity) AS quantity, COUNT(*) AS lines
                  FROM gem_line
                 WHERE is_habit
              GROUP BY customer, product_id, day
            """
        )

    def _pairs_sql(self, key):
        """Return the query of what each customer has bought, by product or by category.

        ``weight`` is the binary logarithm of the purchases, each worth twice one that was 91
        days before: of two habits, the one bought oftener of late is heavier.

        :param key: the column of ``gem_bought`` that says what
        """
        months = SQL(", ").join(
            SQL("(COUNT(*) FILTER (WHERE month = %s))::int AS %s", month,
                SQL.identifier(f'month_{month}'))
            for month in range(1, 13)
        )
        bought, category = SQL("gem_bought"), SQL(" MIN(categ_id) AS categ_id,")
        if key == 'categ_id':
            category = SQL()
            bought = SQL(
                """
                    (SELECT customer, categ_id, day, SUM(quantity) AS quantity
                       FROM gem_bought GROUP BY customer, categ_id, day)
                """)
        return SQL(
            """
                SELECT customer, %(key)s,%(category)s
                       COUNT(*)::int AS times,
                       ROUND(AVG(quantity)::numeric, 2) AS quantity,
                       MIN(day) AS date_first,
                       MAX(day) AS date_last,
                       ROUND((MAX(day) - MIN(day))::numeric / NULLIF(COUNT(*) - 1, 0), 1)
                           AS interval_days,
                       -- float8: a numeric logarithm takes 20 times as long
                       ROUND((ln(SUM(power(
                           2::float8, (day - %(epoch)s::date)::float8 / %(half)s
                       ))) / ln(2::float8))::numeric, 3) AS weight,
                       %(months)s
                  FROM (SELECT *, EXTRACT(month FROM day)::int AS month
                          FROM %(bought)s AS bought) AS day
              GROUP BY customer, %(key)s
            """,
            key=SQL.identifier(key), epoch=EPOCH, half=HALF_LIFE, months=months,
            category=category, bought=bought,
        )

    @api.model
    def _facts(self, company):
        return super()._facts(company) + [(['product_count'], SQL(
            """
                SELECT customer AS id, COUNT(*)::int AS product_count
                  FROM gem_pair
              GROUP BY customer
            """
        )), (['lines_recent'], SQL(
            """
                SELECT customer AS id,
                       ROUND(SUM(
                           lines * power(0.5::float8, (%s::date - day)::float8 / %s)
                       )::numeric, 2) AS lines_recent
                  FROM gem_bought
              GROUP BY customer
            """,
            self._today(), HALF_LIFE,
        ))]

    @api.model
    def _usual_products(self, customer_ids, company, limit=10):
        """Return what these customers are most likely to buy again, without any advice.

        Score: purchases, each counting half as much every 13 weeks, × ln(1 + lines of the
        product that the company sold in the last 60 days); then what sells best now.

        :return: {customer id: ids of products, the likeliest first}
        """
        self.env.flush_all()
        self._gather(customer_ids, company)
        rows = self.env.execute_query(SQL(
            """
                WITH own AS (
                    SELECT customer, pair.product_id, COALESCE(sales.lines_recent, 0) AS recent,
                           power(2::float8, weight - (%(today)s::date - %(epoch)s::date)
                               / %(half)s::float8) * ln(1 + COALESCE(sales.lines_recent, 0))
                               AS score
                      FROM gem_pair pair
                 LEFT JOIN gem_crm_product_sales sales
                        ON sales.product_id = pair.product_id AND sales.company_id = %(company)s
                ), popular AS (
                    SELECT product_id, lines_recent AS recent
                      FROM gem_crm_product_sales
                     WHERE company_id = %(company)s
                  ORDER BY lines_recent DESC, product_id
                     LIMIT %(limit)s
                ), candidate AS (
                    SELECT customer, product_id, score, recent FROM own
                     UNION ALL
                    SELECT gem_batch.id, product_id, 0, recent FROM gem_batch, popular
                     WHERE NOT EXISTS (SELECT FROM own WHERE own.customer = gem_batch.id
                                                         AND own.product_id = popular.product_id)
                ), ranked AS (
                    SELECT *, row_number() OVER (
                        PARTITION BY customer ORDER BY score DESC, recent DESC, product_id
                    ) AS number
                      FROM candidate
                )
                  SELECT customer, array_agg(product_id ORDER BY number)
                    FROM ranked
                   WHERE number <= %(limit)s
                GROUP BY customer
            """,
            today=self._today(), epoch=EPOCH, half=HALF_LIFE, company=company.id, limit=limit,
        ))
        return dict(rows)
