from odoo import api, models
from odoo.tools import SQL

from ..core.likeness import price_likeness, rarity, word_likeness, words

# What each way of being alike weighs; all of them together make 1.
WEIGHTS = {'words': 0.6, 'category': 0.2, 'price': 0.1, 'tags': 0.1}
# A customer who bought nothing alike still counts a little, by what he buys at all.
FLOOR = 0.1
ALIKE = 200
# The product itself is no more alike: its logarithm would not exist.
ALIKE_ENOUGH = 0.95
LEAST = 0.15
# Shorter words, such as the, pour or with, would tell of no need.
TELLING_WORD = 5


class GemCrmProfile(models.Model):
    """The finder: which customers would be interested in a product, new ones too.

    Score: the customer's recent lines (each counts half as much every 13 weeks)
    × (0.1 + likeness of the products he has bought), which is 1 less what each of them is
    unlike, multiplied: two that are half alike are 0.75. Likeness is by the words of
    the name, the category, the tags and the price; variants of one product, and products that
    are bought by the same customers, are alike at once. Who declared a need in words of the
    product's name comes before who did not.
    """
    _inherit = 'gem.crm.profile'

    @api.model
    def _find_customers(self, products, limit=200):
        """Return the customers who would be interested in any of the products.

        Only customers of the current company whom the user may see.

        :param products: record set of product.product
        :return: list of dicts, the best first: ``partner_id``, ``score`` and ``reasons``, a
            list of sentences
        """
        if not products:
            return []
        alike = self._alike_products(products)
        needs = self._needs_for(products)
        readable = self._search([
            ('company_id', '=', self.env.company.id), ('partner_id.active', '=', True)])
        rows = self.env.execute_query(SQL(
            """
                WITH alike AS MATERIALIZED (
                    SELECT * FROM unnest(%(products)s::int[], %(likenesses)s::float8[])
                        AS alike (product_id, likeness)
                ), bought AS (
                    SELECT DISTINCT contact.commercial_partner_id AS customer,
                           alike.product_id, alike.likeness
                      FROM alike
                      JOIN account_move_line line ON line.product_id = alike.product_id
                      JOIN account_move move ON move.id = line.move_id
                      JOIN res_partner contact ON contact.id = move.partner_id
                     WHERE move.company_id = %(company)s
                       AND move.state = 'posted'
                       AND move.move_type = 'out_invoice'
                       AND COALESCE(move.invoice_date, move.date) <= %(today)s
                       AND line.display_type = 'product'
                       AND line.quantity > 0
                ), best AS (
                    SELECT customer,
                           (array_agg(product_id ORDER BY likeness DESC, product_id))[1]
                               AS product_id,
                           1 - exp(SUM(ln(1 - LEAST(likeness, %(alike_enough)s)))) AS likeness
                      FROM bought
                  GROUP BY customer
                ), need AS (
                    SELECT unnest(%(in_need)s::int[]) AS customer
                )
                  SELECT profile.partner_id,
                         (COALESCE(profile.lines_recent, 0)
                          + (need.customer IS NOT NULL)::int)
                         * (%(floor)s + COALESCE(best.likeness, 0)
                            + (need.customer IS NOT NULL)::int) AS score,
                         best.product_id
                    FROM (%(readable)s) AS profile
               LEFT JOIN best ON best.customer = profile.partner_id
               LEFT JOIN need ON need.customer = profile.partner_id
                   WHERE profile.lines_recent > 0 OR need.customer IS NOT NULL
                ORDER BY score DESC, profile.partner_id
                   LIMIT %(limit)s
            """,
            products=list(alike), likenesses=[likeness for likeness, _why in alike.values()],
            company=self.env.company.id, today=self._today(),
            in_need=list(needs), floor=FLOOR, limit=limit, alike_enough=ALIKE_ENOUGH,
            readable=readable.select(SQL("partner_id"), SQL("lines_recent")),
        ))
        names = self._names_of_alike({product for _partner, _score, product in rows if product})
        seasons = self._seasons_of(rows)
        result = []
        for partner, score, product in rows:
            reasons = []
            if partner in needs:
                reasons.append(self.env._("Declared need: %(need)s.", need=needs[partner]))
            if product:
                reasons.append(self._alike_reason(alike[product][1], names[product]))
            if (partner, product) in seasons:
                reasons.append(self.env._("Usually buys it in this month."))
            if not reasons:
                reasons.append(self.env._("Buys much of late, though nothing like it yet."))
            result.append({'partner_id': partner, 'score': round(score, 3), 'reasons': reasons})
        return result

    def _alike_reason(self, why, name):
        if why == 'same':
            return self.env._("Has bought it: %(product)s.", product=name)
        if why == 'bought':
            return self.env._(
                "Has bought %(product)s, which the same customers buy.", product=name)
        if why == 'category':
            return self.env._("Has bought %(product)s, of the same category.", product=name)
        if why == 'tags':
            return self.env._("Has bought %(product)s, with the same tags.", product=name)
        return self.env._("Has bought %(product)s, which is much alike.", product=name)

    def _names_of_alike(self, product_ids):
        # sudo: the names of what is sold are no secret to who sells it
        products = self.env['product.product'].sudo().browse(product_ids)
        return {product.id: product.display_name for product in products}

    def _alike_products(self, products):
        """Return the products sold that are most like any of these.

        :return: {product id: (likeness from 0 to 1, what makes it alike most)}
        """
        # sudo: likeness needs all that is sold, and shows nothing of it but names
        products = products.sudo()
        sold = self.env['gem.crm.product.sales'].sudo().search([
            ('company_id', '=', self.env.company.id)]).product_id
        known = {product: self._traits(product) for product in sold | products}
        rare = rarity([traits['words'] for traits in known.values()])
        sizes = {}
        for traits in known.values():
            sizes[traits['category']] = sizes.get(traits['category'], 0) + 1
        alike = {}
        for target in products:
            for other in sold:
                likeness, why = self._likeness(
                    target, other, known[target], known[other], rare,
                    # a category that holds everything says nothing
                    1 - sizes[known[target]['category']] / len(known),
                )
                if likeness > alike.get(other.id, (LEAST,))[0]:
                    alike[other.id] = (likeness, why)
        for row in self.env['gem.crm.product.likeness'].sudo().search([
            ('product_id', 'in', products.ids), ('company_id', '=', self.env.company.id),
            ('kind', '=', 'customer'),
        ]):
            if row.likeness > alike.get(row.other_id.id, (0,))[0]:
                alike[row.other_id.id] = (row.likeness, 'bought')
        best = sorted(alike.items(), key=lambda item: (-item[1][0], item[0]))[:ALIKE]
        return dict(best)

    def _traits(self, product):
        return {
            'words': words(product.name),
            'category': product.categ_id.id,
            'price': product.lst_price,
            'tags': set(product.all_product_tag_ids.ids),
        }

    def _likeness(self, target, other, mine, theirs, rare, category_weight):
        """Return how alike two products are, and what makes them so most."""
        if target == other:
            return 1.0, 'same'
        if target.product_tmpl_id == other.product_tmpl_id:
            return 1.0, 'words'
        tags = mine['tags'] | theirs['tags']
        parts = {
            'words': word_likeness(mine['words'], theirs['words'], rare),
            'category': category_weight * (mine['category'] == theirs['category']),
            'price': price_likeness(mine['price'], theirs['price']),
            'tags': len(mine['tags'] & theirs['tags']) / len(tags) if tags else 0,
        }
        weighed = {why: WEIGHTS[why] * part for why, part in parts.items()}
        return sum(weighed.values()), max(weighed, key=weighed.get)

    def _needs_for(self, products):
        """Return what customers need in words of the products' names: {customer id: need}."""
        wanted = {
            word for product in products.sudo() for word in words(product.name)
            if len(word) >= TELLING_WORD
        }
        return {
            need.partner_id.id: need.name
            for need in self.env['gem.crm.need'].search([('state', '=', 'open')])
            if wanted & words(need.name)
        }

    def _seasons_of(self, rows):
        """Return the (customer, product) of rows that are a habit of this month."""
        month = f'month_{self._today().month}'
        habits = self.env['gem.crm.habit'].search([
            ('partner_id', 'in', [partner for partner, _score, product in rows if product]),
            ('product_id', 'in', [product for _partner, _score, product in rows if product]),
            ('company_id', '=', self.env.company.id),
            (month, '>', 1),
        ])
        return {(habit.partner_id.id, habit.product_id.id) for habit in habits
                if habit[month] >= habit.times / 3}
