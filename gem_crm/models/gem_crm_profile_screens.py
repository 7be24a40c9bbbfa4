from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .gem_crm_habit import MONTHS
from .gem_crm_profile_rhythm import ATTRITION_TONES

SCORES = range(1, 6)
# Points of a curve: no screen shows more.
POINTS = 100
# Products in the calendar: more would not be read.
MOST_ROWS = 40


class GemCrmProfile(models.Model):
    """What the pages of the menu Knowledge show, each in one request."""
    _inherit = 'gem.crm.profile'

    def action_open_customer(self):
        """Return the action that opens the customer of this profile."""
        self.ensure_one()
        return self.partner_id._gem_form_action()

    @api.model
    def _page_domain(self, scope, segment_id):
        """Return the profiles a page is about.

        :param str scope: ``mine`` for the customers in the reader's charge today, or ``all``
        :param int segment_id: those of this segment only, if there is one
        """
        domain = Domain('company_id', '=', self.env.company.id) & Domain('purchase_count', '>', 0)
        customers = self._page_customers(scope, segment_id)
        return domain if customers.is_true() else domain & Domain('partner_id', 'any', customers)

    @api.model
    def _page_customers(self, scope, segment_id):
        customers = Domain.TRUE
        if scope == 'mine':
            customers &= Domain('gem_in_charge_id', '=', self.env.uid)
        if segment_id:
            customers &= Domain('gem_segment_ids', 'in', [segment_id])
        return customers

    @api.model
    def _page(self, scope, segment_id, **figures):
        """Return what every page needs besides its own figures."""
        # pylint: disable-next=no-search-all; a list to choose from
        segments = self.env['gem.crm.segment'].search([])
        return {
            'views': {
                kind: self.env.ref(f'gem_crm.res_partner_view_{kind}_customer').id
                for kind in ('list', 'kanban', 'form', 'search')
            },
            'currency_id': self.env.company.currency_id.id,
            'segments': [{'id': segment.id, 'name': segment.name} for segment in segments],
            'customers': list(
                self.env['res.partner']._gem_customers_domain()
                & self._page_customers(scope, segment_id)),
            **figures,
        }

    @api.model
    @api.readonly
    def get_rfm_grid(self, scope='all', segment_id=False):
        """Return the customers by recency and frequency, and by named segment.

        :return: dict with ``cells``, a list of dicts ``recency``, ``frequency``, ``count``,
            ``revenue``, all 25 of them; ``named``, a list of dicts of the RFM segments that
            hold somebody; ``count`` and ``revenue`` of all; and what every page has. Revenue is
            that of 12 months.
        """
        domain = self._page_domain(scope, segment_id)
        found = {
            (recency, frequency): (count, revenue)
            for recency, frequency, count, revenue in self._read_group(
                domain, ['rfm_recency', 'rfm_frequency'], ['__count', 'revenue_12m:sum'])
        }
        named = self._read_group(
            domain, ['rfm_segment_id'], ['__count', 'revenue_12m:sum'])
        cells = []
        for frequency in reversed(SCORES):
            for recency in SCORES:
                count, revenue = found.get((recency, frequency), (0, 0.0))
                cells.append({
                    'recency': recency, 'frequency': frequency,
                    'count': count, 'revenue': revenue,
                })
        return self._page(
            scope, segment_id,
            cells=cells,
            count=sum(cell['count'] for cell in cells),
            revenue=sum(cell['revenue'] for cell in cells),
            named=[
                {
                    'id': segment.id, 'name': segment.name, 'advice': segment.advice or "",
                    'text_color': segment.text_color,
                    'background_color': segment.background_color,
                    'count': count, 'revenue': revenue,
                }
                for segment, count, revenue in sorted(named, key=lambda row: row[0].sequence)
                if segment
            ],
        )

    @api.model
    @api.readonly
    def get_abc_curve(self, scope='all', segment_id=False):
        """Return how the revenue of 12 months is spread over the customers, the largest first.

        :return: dict with ``points``, pairs of percents (of the customers, of the revenue);
            ``classes``, a list of dicts ``abc``, ``label``, ``count``, ``revenue``; ``moved``,
            how many went ``up`` and ``down`` in the last 31 days; and what every page has
        """
        domain = self._page_domain(scope, segment_id) & Domain('abc', '!=', False)
        query = self._search(domain)
        revenue = self._field_to_sql(self._table, 'abc_revenue', query)
        rows = self.env.execute_query(self._curve_sql(query, revenue))
        labels = dict(self._fields['abc']._description_selection(self.env))
        by_class = {
            name: (count, revenue)
            for name, count, revenue in self._read_group(
                domain, ['abc'], ['__count', 'abc_revenue:sum'])
        }
        recent = (
            self._page_domain(scope, segment_id)
            & Domain('abc_since', '>=', 'today -31d')
            & Domain('abc_previous', '!=', False)
        )
        moved = self._read_group(recent, ['abc_previous', 'abc'], ['__count'])
        # 'a' sorts before 'b'; who is in no class any more comes last
        up = sum(count for before, now, count in moved if (now or 'z') < before)
        down = sum(count for before, now, count in moved if (now or 'z') > before)
        return self._page(
            scope, segment_id,
            points=[[0, 0], *([float(x), float(y)] for x, y in rows)],
            classes=[
                {
                    'abc': name, 'label': label,
                    'count': by_class.get(name, (0, 0.0))[0],
                    'revenue': by_class.get(name, (0, 0.0))[1],
                }
                for name, label in labels.items()
            ],
            moved={'up': up, 'down': down},
        )

    def _curve_sql(self, query, revenue):
        ranked = query.select(
            SQL("row_number() OVER (ORDER BY %s DESC, gem_crm_profile.id) AS rank", revenue),
            SQL("SUM(%s) OVER (ORDER BY %s DESC, gem_crm_profile.id) AS so_far",
                revenue, revenue),
            SQL("COUNT(*) OVER () AS count"),
            SQL("SUM(%s) OVER () AS total", revenue),
        )
        return SQL(
            """
                SELECT ROUND(100.0 * rank / count, 2), ROUND(100.0 * so_far / total, 2)
                  FROM (%s) AS ranked
                 WHERE rank * %s / count > (rank - 1) * %s / count
              ORDER BY rank
            """,
            ranked, POINTS, POINTS,
        )

    @api.model
    @api.readonly
    def get_attrition(self, scope='all', segment_id=False):
        """Return how many customers stay and leave, today and month by month.

        :return: dict with ``states``, a list of dicts ``attrition``, ``label``, ``tone``,
            ``count``, ``revenue`` (of 24 months); ``months``, as the history counts them;
            ``count`` of all; and what every page has
        """
        domain = self._page_domain(scope, segment_id) & Domain('attrition', '!=', False)
        found = {
            state: (count, revenue)
            for state, count, revenue in self._read_group(
                domain, ['attrition'], ['__count', 'revenue_24m:sum'])
        }
        states = [
            {
                'attrition': state, 'label': label, 'tone': ATTRITION_TONES[state],
                'count': found.get(state, (0, 0.0))[0],
                'revenue': found.get(state, (0, 0.0))[1],
            }
            for state, label in self._fields['attrition']._description_selection(self.env)
        ]
        months = self.env['gem.crm.profile.history']._rates(
            self._page_customers(scope, segment_id))
        return self._page(
            scope, segment_id,
            states=states,
            count=sum(state['count'] for state in states),
            # the first month has nothing to be compared with
            months=[
                dict(row, month=fields.Date.to_string(row['month'])) for row in months[1:]
            ],
        )

    @api.model
    @api.readonly
    def get_seasons(self, scope='all', segment_id=False, kind='product'):
        """Return in which months of the year the customers buy what.

        :param str kind: ``product`` or ``category``
        :return: dict with ``rows``, a list of dicts ``id``, ``name`` and the twelve ``months``
            (purchases), what is bought most often first; ``is_cut``, whether there are more;
            and what every page has
        """
        field = 'product_id' if kind == 'product' else 'categ_id'
        domain = Domain('company_id', '=', self.env.company.id) & Domain('kind', '=', kind)
        customers = self._page_customers(scope, segment_id)
        if not customers.is_true():
            domain &= Domain('partner_id', 'any', customers)
        found = self.env['gem.crm.habit']._read_group(
            domain, [field], [f'{month}:sum' for month in MONTHS],
            order='times:sum DESC', limit=MOST_ROWS + 1,
        )
        return self._page(
            scope, segment_id,
            company_id=self.env.company.id,
            rows=[
                {'id': thing.id, 'name': thing.display_name, 'months': list(months)}
                for thing, *months in found[:MOST_ROWS]
            ],
            is_cut=len(found) > MOST_ROWS,
        )
