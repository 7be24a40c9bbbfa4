from odoo import api, fields, models
from odoo.tools import SQL, sql

# What a day changes for most customers, whether anything happens or not.
DAILY = (
    'activity', 'chance', 'date_next', 'date_next_from', 'date_next_until', 'rhythm_ratio',
)
# Percent of a page that rows fill: the rest is for what they will be tomorrow.
FILL_FACTOR = 50


class GemCrmProfileDaily(models.Model):
    """The figures that change every night once more, for lists to be sorted by them.

    An index in the table of profiles on any of them would have each of its indexes written
    every night for each customer. Here are few; there, every other figure can have one.
    """
    _name = 'gem.crm.profile.daily'
    _description = "Customer Figures of the Day"
    _rec_name = 'partner_id'
    _order = 'id'
    _log_access = False

    profile_id = fields.Many2one(
        'gem.crm.profile', required=True, readonly=True, ondelete='cascade')
    partner_id = fields.Many2one(
        'res.partner', string="Customer", required=True, readonly=True, index=True,
        ondelete='cascade')
    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, ondelete='cascade')
    activity = fields.Float(readonly=True, digits=(10, 3), aggregator='avg')
    chance = fields.Integer(string="Chance to Buy", readonly=True, aggregator='avg')
    date_next = fields.Date(string="Next Purchase", readonly=True)
    date_next_from = fields.Date(string="Next Purchase From", readonly=True)
    date_next_until = fields.Date(string="Next Purchase Until", readonly=True)
    rhythm_ratio = fields.Float(
        string="Silence Against Rhythm", readonly=True, digits=(8, 1), aggregator='avg')

    _profile_unique = models.UniqueIndex('(profile_id)')

    def _auto_init(self):
        result = super()._auto_init()
        _index(self, DAILY)
        return result

    @api.model
    def _copy_sql(self, changed):
        """Return the statement that copies these figures of profiles that have changed.

        :param str changed: the name of a query of rows of the table of profiles
        """
        kept = [SQL.identifier('gem_crm_profile_daily', column) for column in DAILY]
        new = [SQL.identifier('excluded', column) for column in DAILY]
        columns = SQL(", ").join(map(SQL.identifier, DAILY))
        return SQL(
            """
                INSERT INTO gem_crm_profile_daily (profile_id, partner_id, company_id, %(columns)s)
                     SELECT id, partner_id, company_id, %(columns)s FROM %(changed)s
                ON CONFLICT (profile_id) DO UPDATE SET (%(columns)s) = (%(new)s)
                      WHERE (%(kept)s) IS DISTINCT FROM (%(new)s)
            """,
            columns=columns, changed=SQL.identifier(changed), kept=SQL(", ").join(kept),
            new=SQL(", ").join(new),
        )

    @api.model
    def _join_customers(self, query, customers, column):
        """Join these figures of the current company to a query of customers.

        :param str customers: alias of the table of customers
        :param str column: the figure
        :return: SQL of the figure, None if it is not of the day
        """
        if column not in DAILY:
            return None
        daily = query.make_alias(customers, 'daily')
        query.add_join('JOIN', daily, self._table, SQL(
            "%s = %s AND %s = %s",
            SQL.identifier(daily, 'partner_id'), SQL.identifier(customers, 'id'),
            SQL.identifier(daily, 'company_id'), self.env.company.id))
        figure = SQL.identifier(daily, column)
        query.add_where(SQL("%s IS NOT NULL", figure))
        return figure


class GemCrmProfile(models.Model):
    """Profiles in the order of any figure that is not of the day."""
    _inherit = 'gem.crm.profile'

    def _auto_init(self):
        result = super()._auto_init()
        self.env.cr.execute(SQL(
            "ALTER TABLE gem_crm_profile SET (fillfactor = %s)", SQL(str(FILL_FACTOR))))
        figures = self.env['res.partner']._gem_profile_figures().values()
        _index(self, sorted(set(figures).difference(DAILY)))
        return result


def _index(model, columns):
    """Make the indexes by which a company's customers are found in the order of each column."""
    for column in columns:
        sql.create_index(
            model.env.cr, sql.make_index_name(model._table, column), model._table,
            ['company_id', column, 'partner_id'])
