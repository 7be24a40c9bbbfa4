from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

# Days whose lines say what is popular now.
POPULAR_DAYS = 60
# Of each customer, or invoice, at most so many products are compared with each other.
COMPARED = 100
LIKE_EACH = 10
# Fewer in common may be chance.
IN_COMMON = 2
LEARN_AGAIN_DAYS = 7


class GemCrmProductSales(models.Model):
    """How a product sells in a company. Learned by night."""
    _name = 'gem.crm.product.sales'
    _description = "Sales of a Product"
    _order = 'lines_recent desc, id'
    _rec_name = 'product_id'
    _log_access = False

    product_id = fields.Many2one(
        'product.product', required=True, readonly=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, ondelete='cascade')
    lines_recent = fields.Integer(
        string="Lines, 60 Days", readonly=True, help="Lines of invoices of the last 60 days.")
    lines = fields.Integer(
        string="Lines, 24 Months", readonly=True, help="Lines of invoices of the last 24 months.")

    _product_unique = models.UniqueIndex("(company_id, product_id)")

    @api.model
    def _sold_sql(self, company):
        """Return the query of the lines that count in habits, of the last 24 months."""
        return SQL(
            """
                SELECT contact.commercial_partner_id AS customer, move.id AS move_id,
                       line.product_id, COALESCE(move.invoice_date, move.date) AS day
                  FROM account_move move
                  JOIN res_partner contact ON contact.id = move.partner_id
                  JOIN account_move_line line ON line.move_id = move.id
                  JOIN product_product product ON product.id = line.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
                 WHERE %s AND template.gem_in_habits
            """,
            self._is_sold_sql(company),
        )

    def _is_sold_sql(self, company):
        """Return the condition on ``line`` and ``move``: sold in the last 24 months."""
        today = self.env['gem.crm.profile']._today()
        return SQL(
            """
                move.company_id = %s
                AND move.state = 'posted'
                AND move.move_type = 'out_invoice'
                AND COALESCE(move.invoice_date, move.date) BETWEEN %s AND %s
                AND line.display_type = 'product'
                AND line.quantity > 0
            """,
            company.id, today - relativedelta(years=2), today,
        )

    @api.model
    def _learn(self, company):
        """Learn how products sell, and once a week which are alike, from the company's invoices."""
        today = self.env['gem.crm.profile']._today()
        Likeness = self.env['gem.crm.product.likeness']
        self.env.cr.execute(SQL(
            """
                WITH former AS (
                    DELETE FROM gem_crm_product_sales WHERE company_id = %(company)s
                )
                INSERT INTO gem_crm_product_sales (product_id, company_id, lines_recent, lines)
                     SELECT sold.product_id, %(company)s, sold.lines_recent, sold.lines
                       FROM (SELECT line.product_id, COUNT(*) AS lines, COUNT(*) FILTER (
                                        WHERE COALESCE(move.invoice_date, move.date) > %(recent)s
                                    ) AS lines_recent
                               FROM account_move move
                               JOIN account_move_line line ON line.move_id = move.id
                              WHERE %(is_sold)s
                           GROUP BY line.product_id) AS sold
                       JOIN product_product product ON product.id = sold.product_id
                       JOIN product_template template ON template.id = product.product_tmpl_id
                      WHERE template.gem_in_habits
                ON CONFLICT (company_id, product_id)
              DO UPDATE SET lines_recent = EXCLUDED.lines_recent, lines = EXCLUDED.lines
            """,
            company=company.id, recent=today - timedelta(days=POPULAR_DAYS),
            is_sold=self._is_sold_sql(company),
        ))
        if not Likeness.sudo().search_count([
            ('company_id', '=', company.id),
            ('learned_on', '>', today - timedelta(days=LEARN_AGAIN_DAYS)),
        ], limit=1):
            Likeness._learn(company)
        self.invalidate_model()


class GemCrmProductLikeness(models.Model):
    """How alike two products are, by who buys both: the cosine.

    Customers (or invoices) with both over the square root of those with the one times those
    with the other: 1 if always together, 0 if never. Only the ten products that are most like
    each are kept.
    """
    _name = 'gem.crm.product.likeness'
    _description = "Likeness of Products"
    _order = 'likeness desc, id'
    _rec_name = 'product_id'
    _log_access = False

    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, index=True, ondelete='cascade')
    product_id = fields.Many2one(
        'product.product', required=True, readonly=True, ondelete='cascade')
    other_id = fields.Many2one(
        'product.product', string="Other Product", required=True, readonly=True, index=True,
        ondelete='cascade')
    kind = fields.Selection(
        [('customer', "Bought by the same customers"), ('invoice', "Bought together")],
        required=True,
        readonly=True,
    )
    likeness = fields.Float(readonly=True, digits=(4, 3), aggregator=None)
    learned_on = fields.Date(readonly=True)

    _product_idx = models.Index("(product_id, company_id, kind)")

    @api.model
    def _learn(self, company):
        """Compare all products that the company has sold anew."""
        Profile = self.env['gem.crm.profile']
        Profile._drop_temporary('gem_sold')
        Profile._temporary('gem_sold', 'customer, move_id, product_id', self.env[
            'gem.crm.product.sales']._sold_sql(company))
        self.env.cr.execute(SQL(
            "DELETE FROM gem_crm_product_likeness WHERE company_id = %s", company.id))
        for kind, key in (('customer', 'customer'), ('invoice', 'move_id')):
            self.env.cr.execute(SQL(
                """
                    WITH bought AS MATERIALIZED (
                        SELECT key, product_id
                          FROM (SELECT %(key)s AS key, product_id,
                                       row_number() OVER (
                                           PARTITION BY %(key)s ORDER BY MAX(day) DESC, product_id
                                       ) AS number
                                  FROM gem_sold
                              GROUP BY %(key)s, product_id) AS numbered
                         WHERE number <= %(compared)s
                    ), buyers AS (
                        SELECT product_id, COUNT(*) AS n FROM bought GROUP BY product_id
                    ), common AS (
                        SELECT a.product_id, b.product_id AS other_id, COUNT(*) AS n
                          FROM bought a
                          JOIN bought b ON b.key = a.key AND b.product_id <> a.product_id
                      GROUP BY 1, 2
                        HAVING COUNT(*) >= %(in_common)s
                    ), ranked AS (
                        SELECT common.product_id, other_id,
                               ROUND((common.n / sqrt(mine.n * theirs.n))::numeric, 3) AS likeness,
                               row_number() OVER (
                                   PARTITION BY common.product_id
                                   ORDER BY common.n / sqrt(mine.n * theirs.n) DESC, other_id
                               ) AS number
                          FROM common
                          JOIN buyers mine ON mine.product_id = common.product_id
                          JOIN buyers theirs ON theirs.product_id = other_id
                    )
                    INSERT INTO gem_crm_product_likeness
                                (company_id, product_id, other_id, kind, likeness, learned_on)
                         SELECT %(company)s, product_id, other_id, %(kind)s, likeness, %(today)s
                           FROM ranked
                          WHERE number <= %(each)s
                """,
                key=SQL.identifier(key), compared=COMPARED, in_common=IN_COMMON, each=LIKE_EACH,
                company=company.id, kind=kind, today=self.env['gem.crm.profile']._today(),
            ))
        self.invalidate_model()


class GemCrmProfile(models.Model):
    _inherit = 'gem.crm.profile'

    def _rank_beside(self, company):
        self.env['gem.crm.product.sales']._learn(company)
        return super()._rank_beside(company)
