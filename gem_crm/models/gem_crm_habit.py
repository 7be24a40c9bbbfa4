from odoo import api, fields, models
from odoo.tools import SQL

from .gem_crm_profile_loyalty import DROPPED

MONTHS = [f'month_{month}' for month in range(1, 13)]
# Of the usual interval: from here on the purchase is due, and from there on late.
DUE = 0.8
LATE = 1.5


class GemCrmHabit(models.Model):
    """A product, or a category of products, that a customer has bought on two days at least.

    Computed with the profile, from posted invoices. What is bought once is no habit yet.
    """
    _name = 'gem.crm.habit'
    _description = "Customer Habit"
    _order = 'score desc, id'
    _rec_name = 'product_id'
    _log_access = False

    partner_id = fields.Many2one(
        'res.partner', string="Customer", required=True, readonly=True, index=True,
        ondelete='cascade')
    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, index=True, ondelete='cascade')
    kind = fields.Selection(
        [('product', "Product"), ('category', "Product Category")],
        required=True,
        readonly=True,
        default='product',
    )
    product_id = fields.Many2one(
        'product.product', readonly=True, index='btree_not_null', ondelete='cascade')
    categ_id = fields.Many2one(
        'product.category', string="Product Category", readonly=True, index='btree_not_null',
        ondelete='cascade')
    times = fields.Integer(
        readonly=True, help="On how many days the customer has bought it.")
    quantity = fields.Float(
        string="Usual Quantity",
        readonly=True,
        digits='Product Unit',
        aggregator='avg',
        help="How much he takes a day, on average, in the product's unit of measure.",
    )
    interval_days = fields.Float(
        string="Usual Interval",
        readonly=True,
        digits=(8, 1),
        aggregator='avg',
        help="Days between two purchases of it, on average.",
    )
    date_last = fields.Date(string="Last Time", readonly=True)
    date_next = fields.Date(
        string="Next Time",
        readonly=True,
        help="A usual interval after the last time. Empty once that day has passed.",
    )
    state = fields.Selection(
        [('on_time', "On Time"), ('due', "Expected"), ('late', "Late"), ('dropped', "Dropped")],
        string="Rhythm",
        readonly=True,
        help="Expected: from 0.8 of the usual interval on. Late: from 1.5 intervals on. Dropped: "
             "after three intervals.",
    )
    score = fields.Float(
        readonly=True,
        digits=(10, 3),
        aggregator=None,
        help="What the habit weighs: one more is a habit twice as strong. Each purchase counts "
             "half as much as one of 13 weeks later.",
    )
    month_1 = fields.Integer(string="January", readonly=True)
    month_2 = fields.Integer(string="February", readonly=True)
    month_3 = fields.Integer(string="March", readonly=True)
    month_4 = fields.Integer(string="April", readonly=True)
    month_5 = fields.Integer(string="May", readonly=True)
    month_6 = fields.Integer(string="June", readonly=True)
    month_7 = fields.Integer(string="July", readonly=True)
    month_8 = fields.Integer(string="August", readonly=True)
    month_9 = fields.Integer(string="September", readonly=True)
    month_10 = fields.Integer(string="October", readonly=True)
    month_11 = fields.Integer(string="November", readonly=True)
    month_12 = fields.Integer(string="December", readonly=True)
    months = fields.Json(
        compute='_compute_months',
        help="On how many days of each month of the year he has bought it, from January on.",
    )

    _product_unique = models.UniqueIndex(
        "(partner_id, company_id, product_id) WHERE kind = 'product'")
    _category_unique = models.UniqueIndex(
        "(partner_id, company_id, categ_id) WHERE kind = 'category'")
    _next_idx = models.Index("(date_next) WHERE date_next IS NOT NULL")

    @api.depends(*MONTHS)
    def _compute_months(self):
        for habit in self:
            habit.months = [habit[month] for month in MONTHS]

    @api.depends('product_id', 'categ_id')
    def _compute_display_name(self):
        for habit in self:
            thing = habit.product_id or habit.categ_id
            habit.display_name = thing.display_name

    # ------------------------------------------------------------
    # Computing
    # ------------------------------------------------------------

    @api.model
    def _refresh(self, company):
        """Compute the habits of the customers of ``gem_batch``, and write what changed."""
        Profile = self.env['gem.crm.profile']
        self._write_habits(company, 'product', 'product_id', SQL("SELECT * FROM gem_pair"))
        self._write_habits(
            company, 'category', 'categ_id', Profile._pairs_sql('categ_id'))
        self.invalidate_model()

    def _write_habits(self, company, kind, key, pairs):
        Profile = self.env['gem.crm.profile']
        columns = ['categ_id', 'times', 'quantity', 'interval_days', 'date_last', 'date_next',
                   'state', 'score', *MONTHS]
        silence = SQL("(%s::date - pair.date_last)", Profile._today())
        Profile._drop_temporary('gem_habit')
        Profile._temporary('gem_habit', f'customer, {key}', SQL(
            """
                SELECT pair.*, pair.weight AS score,
                       CASE WHEN %(silence)s <= interval_days
                            THEN date_last + ROUND(interval_days)::int END AS date_next,
                       CASE WHEN %(silence)s > %(dropped)s * interval_days THEN 'dropped'
                            WHEN %(silence)s > %(late)s * interval_days THEN 'late'
                            WHEN %(silence)s >= %(due)s * interval_days THEN 'due'
                            ELSE 'on_time' END AS state
                  FROM (%(pairs)s) AS pair
                 WHERE pair.times > 1
                   AND EXISTS (SELECT FROM gem_crm_profile profile
                                WHERE profile.partner_id = pair.customer
                                  AND profile.company_id = %(company)s)
            """,
            silence=silence, dropped=DROPPED, late=LATE, due=DUE, pairs=pairs,
            company=company.id,
        ))
        terms = {
            'kind': kind, 'company': company.id, 'key': SQL.identifier(key),
            'names': SQL(", ").join(map(SQL.identifier, columns)),
            'new': SQL(", ").join(SQL.identifier('new', column) for column in columns),
            'old': SQL(", ").join(SQL.identifier('habit', column) for column in columns),
            'set': SQL(", ").join(
                SQL("%s = %s", SQL.identifier(column), SQL.identifier('new', column))
                for column in columns),
        }
        self.env.cr.execute(SQL(
            """
                DELETE FROM gem_crm_habit habit
                      USING gem_batch
                      WHERE habit.partner_id = gem_batch.id
                        AND habit.company_id = %(company)s
                        AND habit.kind = %(kind)s
                        AND NOT EXISTS (SELECT FROM gem_habit new
                                         WHERE new.customer = habit.partner_id
                                           AND new.%(key)s = habit.%(key)s)
            """, **{name: terms[name] for name in ('company', 'kind', 'key')}))
        self.env.cr.execute(SQL(
            """
                UPDATE gem_crm_habit habit
                   SET %(set)s
                  FROM gem_habit new
                 WHERE habit.partner_id = new.customer
                   AND habit.%(key)s = new.%(key)s
                   AND habit.company_id = %(company)s
                   AND habit.kind = %(kind)s
                   AND (%(old)s) IS DISTINCT FROM (%(new)s)
            """, **{name: terms[name] for name in ('set', 'key', 'company', 'kind', 'old', 'new')}))
        extra = SQL("product_id, ") if kind == 'product' else SQL()
        self.env.cr.execute(SQL(
            """
                INSERT INTO gem_crm_habit (partner_id, company_id, kind, %(extra)s%(names)s)
                     SELECT customer, %(company)s, %(kind)s, %(extra)s%(new)s
                       FROM gem_habit new
                      WHERE NOT EXISTS (SELECT FROM gem_crm_habit habit
                                         WHERE habit.partner_id = new.customer
                                           AND habit.company_id = %(company)s
                                           AND habit.kind = %(kind)s
                                           AND habit.%(key)s = new.%(key)s)
                ON CONFLICT DO NOTHING
            """,
            extra=extra, **{name: terms[name] for name in (
                'company', 'kind', 'key', 'names', 'new')}))
        Profile._analyze_new('gem_crm_habit', f'partner_id, company_id, kind, {key}')


class GemCrmProfile(models.Model):
    _inherit = 'gem.crm.profile'

    def _refresh_beside(self, company):
        self.env['gem.crm.habit']._refresh(company)
        return super()._refresh_beside(company)
