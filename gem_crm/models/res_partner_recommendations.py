from odoo import models
from odoo.tools import SQL, format_date

from .gem_crm_profile_rhythm import HALF_LIFE

# A habit of this month: so much of its days in it, and in the months beside.
SEASON_SHARE = 0.5


class ResPartner(models.Model):
    """What to propose to a customer, each with a reason one can read."""
    _inherit = 'res.partner'

    def _gem_recommendations(self, limit=10):
        """Return what this customer may buy next from the current company.

        :return: list of dicts: ``product_id``, ``product`` (its name), ``kind`` ('due',
            'season', 'complement' or 'alike') and ``reason`` (a sentence); what he usually
            buys first, then what he has never bought
        """
        self.ensure_one()
        self._gem_check_knows()
        customer = self.commercial_partner_id
        rows = customer._gem_habits_to_propose(limit)
        rows += customer._gem_products_to_propose(max(limit - len(rows), limit // 3))
        seen, result = set(), []
        for row in rows:
            if row['product_id'] not in seen:
                seen.add(row['product_id'])
                result.append(row)
        return result[:limit + limit // 3]

    def _gem_habits_to_propose(self, limit):
        """Return the habits that are due, or of this season, the strongest first."""
        today = self.env['gem.crm.profile']._today()
        habits = self.env['gem.crm.habit'].search([
            ('partner_id', '=', self.id), ('company_id', '=', self.env.company.id),
            ('kind', '=', 'product'), ('product_id.active', '=', True),
        ])
        due, season = [], []
        for habit in habits:
            row = {'product_id': habit.product_id.id, 'product': habit.display_name}
            months = habit.months
            now = sum(months[(today.month + shift - 1) % 12] for shift in (-1, 0, 1))
            is_season = now >= SEASON_SHARE * habit.times and now > 1
            silence = (today - habit.date_last).days
            if is_season and min(silence, habit.interval_days) > 31:
                season.append(row | {'kind': 'season', 'reason': self.env._(
                    "Bought around this month %(now)s times out of %(times)s, last on %(date)s.",
                    now=now, times=habit.times, date=format_date(self.env, habit.date_last),
                )})
            elif habit.state in ('due', 'late'):
                due.append(row | {'kind': 'due', 'reason': self.env._(
                    "Takes it every %(interval)s days; the last time was %(days)s days ago.",
                    interval=round(habit.interval_days), days=silence,
                )})
        return (due + season)[:limit]

    def _gem_products_to_propose(self, limit):
        """Return products he never bought: what goes with his last ones, what his like buy."""
        rows = self.env.execute_query(SQL(
            """
                WITH bought AS MATERIALIZED (
                    SELECT line.product_id,
                           MAX(COALESCE(move.invoice_date, move.date)) AS day,
                           SUM(power(0.5::float8, (%(today)s::date
                               - COALESCE(move.invoice_date, move.date))::float8 / %(half)s))
                               AS weight
                      FROM res_partner contact
                      JOIN account_move move ON move.partner_id = contact.id
                      JOIN account_move_line line ON line.move_id = move.id
                     WHERE contact.commercial_partner_id = %(customer)s
                       AND move.company_id = %(company)s
                       AND move.state = 'posted'
                       AND move.move_type = 'out_invoice'
                       AND COALESCE(move.invoice_date, move.date) <= %(today)s
                       AND line.display_type = 'product'
                       AND line.product_id IS NOT NULL
                       AND line.quantity > 0
                  GROUP BY line.product_id
                ), proposed AS (
                    SELECT likeness.kind, likeness.other_id,
                           SUM(likeness.likeness * CASE WHEN kind = 'invoice' THEN 1
                               ELSE LEAST(bought.weight, 1) END) AS score,
                           (array_agg(likeness.product_id ORDER BY likeness.likeness DESC))[1]
                               AS because
                      FROM bought
                      JOIN gem_crm_product_likeness likeness
                        ON likeness.product_id = bought.product_id
                       AND likeness.company_id = %(company)s
                      JOIN product_product other ON other.id = likeness.other_id
                     WHERE (kind = 'customer' OR bought.day = (SELECT MAX(day) FROM bought))
                       AND likeness.other_id NOT IN (SELECT product_id FROM bought)
                       AND other.active
                  GROUP BY 1, 2
                ), ranked AS (
                    SELECT *, row_number() OVER (
                        PARTITION BY kind ORDER BY score DESC, other_id) AS number
                      FROM proposed
                )
                  SELECT kind, other_id, because FROM ranked
                   WHERE number <= %(limit)s
                ORDER BY kind = 'customer', number
            """,
            today=self.env['gem.crm.profile']._today(), half=HALF_LIFE, customer=self.id,
            company=self.env.company.id, limit=limit,
        ))
        # sudo: the names of what is sold are no secret to who sells it
        products = self.env['product.product'].sudo().browse(
            product for _kind, other, because in rows for product in (other, because))
        products.fetch(['display_name'])
        names = {product.id: product.display_name for product in products}
        result = []
        for kind, other, because in rows:
            row = {'product_id': other, 'product': names[other]}
            if kind == 'invoice':
                result.append(row | {'kind': 'complement', 'reason': self.env._(
                    "Often bought together with %(product)s, which was on his last invoice.",
                    product=names[because],
                )})
            else:
                result.append(row | {'kind': 'alike', 'reason': self.env._(
                    "Customers who buy %(product)s, as he does, buy it too.",
                    product=names[because],
                )})
        return result
