from odoo import api, fields, models
from odoo.tools import SQL

from .gem_crm_profile_mark import ALL_RANKS

# Each batch may read all invoices once; a killed run loses one batch, some seconds of work.
BATCH_SIZE = 100_000
INVOICE_TYPES = ('out_invoice', 'out_refund')
# So many customers, or new rows, at once need a plan that is not made for a few.
MANY = 1000


class GemCrmProfile(models.Model):
    """Everything computed about a customer, for one company.

    Nobody writes here: changes of a customer leave marks (``gem.crm.profile.mark``),
    a scheduled action computes the marked customers, and everybody is computed by
    night, for what changes without being noticed.

    Each family of figures has a file. What is read from the documents is a *fact*
    (``_facts``); what follows from the facts of the same customer, today's date and the
    company's scale (``gem.crm.profile.scale``) is *derived* (``_derived``). Only learning the
    scale looks at all customers together, so that one invoice costs the same whatever the
    number of customers.
    """
    _name = 'gem.crm.profile'
    _description = "Customer Profile"
    _rec_name = 'partner_id'
    _order = 'id'
    _log_access = False

    partner_id = fields.Many2one(
        'res.partner',
        string="Customer",
        required=True,
        readonly=True,
        # Nothing here was typed, so nothing is lost with the customer.
        ondelete='cascade',
    )
    company_id = fields.Many2one(
        'res.company',
        required=True,
        readonly=True,
        ondelete='cascade',
    )
    currency_id = fields.Many2one(related='company_id.currency_id', string="Currency")
    completeness = fields.Integer(
        readonly=True,
        aggregator='avg',
        help="How much of what the company wants to know about the customer is known, in percent.",
    )
    computed_on = fields.Datetime(
        readonly=True,
        help="When a figure last changed. They are all computed again every night.",
    )

    _partner_company_unique = models.Constraint(
        'UNIQUE (partner_id, company_id)',
        "A customer has one profile per company.",
    )

    # ------------------------------------------------------------
    # When
    # ------------------------------------------------------------

    @api.model
    def _cron_refresh_marked(self):
        """Compute the marked customers, a batch per transaction.

        A batch's marks and figures are committed together: what is killed starts again.
        """
        IrCron = self.env['ir.cron']
        Mark = self.env['gem.crm.profile.mark']
        Mark._expand()
        remaining = Mark.search_count([])
        if remaining >= MANY:
            # The table is empty by day: a plan for that compares each mark with each other.
            self.env.cr.execute("ANALYZE gem_crm_profile_mark")
        IrCron._commit_progress(remaining=remaining)
        # pylint: disable-next=no-search-all; each company has its own figures
        companies = self.env['res.company'].search([])
        while True:
            count, customers = Mark._take(BATCH_SIZE)
            for company in companies:
                ids = customers.get(None, []) + customers.get(company.id, [])
                if customer_ids := [customer for customer in ids if customer != ALL_RANKS]:
                    self._refresh(customer_ids, company)
                if ALL_RANKS in ids:
                    self._rank(company)
            if not count or not IrCron._commit_progress(count):
                break

    @api.model
    def _cron_refresh_everybody(self):
        """Have every profile computed."""
        self.env['gem.crm.profile.mark']._mark_everybody()

    # ------------------------------------------------------------
    # What
    # ------------------------------------------------------------

    @api.model
    def _today(self):
        """Return the day the figures are told from."""
        return fields.Date.context_today(self)

    @api.model
    def _refresh(self, customer_ids, company):
        """Compute the profiles of these customers for the company.

        :param customer_ids: ids of partners; those who are no customers lose their profile
        """
        self.env.flush_all()
        self._set_planner(len(customer_ids))
        self._gather(customer_ids, company)
        self._join_all_at_once(len(customer_ids))
        self._refresh_rows(company)
        self._write_figures(company, self._facts_query(company))
        self._refresh_beside(company)
        self.invalidate_model()
        self.env['res.partner']._gem_invalidate_profile()

    @api.model
    def _rank(self, company):
        """Learn the company's scale anew, and what it makes of the facts of its customers."""
        self.env.flush_all()
        self._set_planner(MANY)
        self._join_all_at_once(MANY)
        self.env['gem.crm.profile.scale']._learn(company)
        self._write_figures(company, self._stored_query(company))
        self._rank_beside(company)
        self.invalidate_model()
        self.env['res.partner']._gem_invalidate_profile()

    def _set_planner(self, count):
        """Have PostgreSQL plan for so many customers, until the end of the transaction."""
        # Compiling these statements takes several times as long as running them.
        self.env.cr.execute("SET LOCAL jit = off")
        if count >= MANY:
            # What each customer has bought on each day comes in order. To sort it once more in
            # memory costs little; in a hash of 4 MB it would be written to the disk in parts.
            self.env.cr.execute("SET LOCAL work_mem = '128MB'")
            self.env.cr.execute("SET LOCAL enable_hashagg = off")

    def _join_all_at_once(self, count):
        """Have PostgreSQL join the figures of so many customers at once, not one by one.

        It knows nothing of tables that are new, or that a killed run has filled for nothing: it
        would look for each of a million habits among all the others.
        """
        if count >= MANY:
            self.env.cr.execute("SET LOCAL enable_nestloop = off")

    def _gather(self, customer_ids, company):
        """Collect what the facts are made of, once for all of them, in temporary tables.

        ``gem_batch(id)``: the customers. ``gem_move``: their posted invoices and credit notes
        until today. ``gem_day``: their days with any of these; a day with an invoice of a
        positive net is a purchase, ``gap`` days after the one before. ``gem_line``: the lines
        of products and of instalments. ``gem_bought``: what a customer has bought on a day.
        ``gem_pair``: each product a customer has bought.
        """
        self._drop_temporary(
            'gem_batch', 'gem_move', 'gem_day', 'gem_line', 'gem_bought', 'gem_pair')
        self._temporary('gem_batch', 'id', SQL(
            "SELECT DISTINCT unnest(%s::int[]) AS id", customer_ids))
        self._temporary('gem_move', 'customer, id', self._moves_sql(company))
        self._temporary('gem_day', 'customer', self._days_sql())
        self._temporary('gem_line', 'customer, id', self._lines_sql(company))
        self._temporary('gem_bought', 'customer, product_id, categ_id, day', self._bought_sql())
        self._temporary('gem_pair', 'customer', self._pairs_sql('product_id'))

    def _drop_temporary(self, *tables):
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", SQL(", ").join(
            SQL("pg_temp.%s", SQL.identifier(table)) for table in tables)))

    def _temporary(self, table, keys, query):
        """Keep the result of a query until the end of the transaction.

        :param str keys: the columns that it is joined or grouped by
        """
        name = SQL.identifier(table)
        self.env.cr.execute(SQL("CREATE TEMPORARY TABLE %s ON COMMIT DROP AS %s", name, query))
        # Without, the planner reads all invoices for one customer. Of the other columns it
        # need not know: looking at them takes longer than some of the figures.
        self.env.cr.execute(SQL("ANALYZE %s (%s)", name, SQL(", ").join(
            map(SQL.identifier, keys.split(', ')))))

    def _moves_sql(self, company):
        # By today's company of the contact: what a contact bought before joining counts.
        return SQL(
            """
                SELECT gem_batch.id AS customer,
                       move.id,
                       COALESCE(move.invoice_date, move.date) AS day,
                       move.move_type = 'out_invoice' AS is_invoice,
                       move.amount_untaxed_signed AS revenue,
                       move.move_type = 'out_invoice'
                           AND move.amount_untaxed_signed > 0 AS is_purchase
                  FROM gem_batch
                  JOIN res_partner contact ON contact.commercial_partner_id = gem_batch.id
                  JOIN account_move move ON move.partner_id = contact.id
                 WHERE move.company_id = %s
                   AND move.state = 'posted'
                   AND move.move_type IN %s
                   AND COALESCE(move.invoice_date, move.date) <= %s
            """,
            company.id, INVOICE_TYPES, self._today(),
        )

    def _days_sql(self):
        return SQL(
            """
                SELECT customer, day, revenue, is_purchase,
                       CASE WHEN is_purchase THEN day - MAX(day) FILTER (WHERE is_purchase) OVER (
                           PARTITION BY customer ORDER BY day
                           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) END AS gap
                  FROM (SELECT customer, day, SUM(revenue) AS revenue,
                               bool_or(is_purchase) AS is_purchase
                          FROM gem_move
                      GROUP BY customer, day) AS day
            """
        )

    def _refresh_rows(self, company):
        """Give each customer of the batch one row, and nobody else."""
        self.env.cr.execute(SQL(
            """
                WITH customer AS (
                    SELECT partner.id
                      FROM gem_batch
                      JOIN res_partner partner ON partner.id = gem_batch.id
                     WHERE partner.commercial_partner_id = partner.id
                       AND partner.partner_share
                       AND (partner.company_id IS NULL OR partner.company_id IN %(companies)s)
                       AND partner.id NOT IN (SELECT partner_id FROM res_company)
                ),
                former AS (
                    DELETE FROM gem_crm_profile profile
                          USING gem_batch
                          WHERE profile.partner_id = gem_batch.id
                            AND profile.company_id = %(company)s
                            AND NOT EXISTS (SELECT FROM customer
                                             WHERE customer.id = profile.partner_id)
                )
                INSERT INTO gem_crm_profile (partner_id, company_id, computed_on)
                     SELECT id, %(company)s, %(now)s
                       FROM customer
                      WHERE NOT EXISTS (SELECT FROM gem_crm_profile profile
                                         WHERE profile.partner_id = customer.id
                                           AND profile.company_id = %(company)s)
                   ORDER BY id
                ON CONFLICT DO NOTHING
            """,
            # a branch serves its parent's customers
            companies=tuple(company.parent_ids.ids),
            company=company.id,
            now=self.env.cr.now(),
        ))
        self._analyze_new('gem_crm_profile', 'partner_id, company_id')

    def _analyze_new(self, table, keys):
        """Have PostgreSQL look at a table into which many rows have just been inserted.

        Before, it plans for the few that were there: one by one, where all at once is right.
        """
        if self.env.cr.rowcount >= MANY:
            self.env.cr.execute(SQL("ANALYZE %s (%s)", SQL.identifier(table), SQL(", ").join(
                map(SQL.identifier, keys.split(', ')))))

    def _facts_query(self, company):
        """Return the query of the facts of the batch."""
        names, joins = [SQL("gem_batch.id")], [SQL("gem_batch")]
        for number, (columns, query) in enumerate(self._facts(company)):
            family = SQL.identifier(f'family_{number}')
            names += [SQL("%s.%s", family, SQL.identifier(column)) for column in columns]
            joins.append(SQL("LEFT JOIN (%s) %s ON %s.id = gem_batch.id", query, family, family))
        return SQL("SELECT %s FROM %s", SQL(", ").join(names), SQL(" ").join(joins))

    def _stored_query(self, company):
        """Return the query of the facts as they stand, of all customers of the company."""
        columns = [column for columns, _query in self._facts(company) for column in columns]
        return SQL(
            "SELECT partner_id AS id, %s FROM gem_crm_profile WHERE company_id = %s",
            SQL(", ").join(map(SQL.identifier, columns)), company.id,
        )

    def _write_figures(self, company, facts):
        """Write the figures that are no longer what they were, and what classes were before."""
        columns = [column for names, _query in self._facts(company) for column in names]
        figures = facts
        for step in self._derived(company):
            columns += step
            figures = SQL("SELECT fact.*, %s FROM (%s) AS fact", SQL(", ").join(
                SQL("%s AS %s", expression, SQL.identifier(column))
                for column, expression in step.items()
            ), figures)
        assignments = [
            SQL("%s = %s", SQL.identifier(column), SQL.identifier('figure', column))
            for column in columns
        ]
        for column, (previous, since) in self._drifting().items():
            changed = SQL("profile.%(name)s IS DISTINCT FROM figure.%(name)s",
                          name=SQL.identifier(column))
            assignments += [
                SQL("%(previous)s = CASE WHEN %(changed)s THEN profile.%(name)s "
                    "ELSE profile.%(previous)s END", name=SQL.identifier(column),
                    previous=SQL.identifier(previous), changed=changed),
                SQL("%(since)s = CASE WHEN %(changed)s THEN %(today)s::date "
                    "ELSE profile.%(since)s END", since=SQL.identifier(since),
                    changed=changed, today=self._today()),
            ]
        self.env.cr.execute(SQL(
            """
                WITH figure AS MATERIALIZED (%(figures)s), changed AS (
                    UPDATE gem_crm_profile profile
                       SET %(assignments)s, computed_on = %(now)s
                      FROM figure
                     WHERE profile.partner_id = figure.id
                       AND profile.company_id = %(company)s
                       AND (%(old)s) IS DISTINCT FROM (%(new)s)
                 RETURNING profile.*
                )
                %(copy)s
            """,
            figures=figures,
            copy=self.env['gem.crm.profile.daily']._copy_sql('changed'),
            assignments=SQL(", ").join(assignments),
            old=SQL(", ").join(SQL.identifier('profile', column) for column in columns),
            new=SQL(", ").join(SQL.identifier('figure', column) for column in columns),
            company=company.id,
            now=self.env.cr.now(),
        ))

    @api.model
    def _facts(self, company):
        """Return how to read each fact from the documents.

        :return: list of (columns, query); the query gives the columns for each ``id`` of
            the table ``gem_batch``, and may read the other tables of ``_gather``
        """
        return [
            (['completeness'], self.env['gem.crm.completeness.criterion']._score_sql(company)),
        ]

    @api.model
    def _derived(self, company):
        """Return what follows from the facts, step by step.

        :return: list of {column: SQL expression}, which may use ``fact.id``, each fact and
            what the steps before have derived, as ``fact.column``
        """
        return []

    @api.model
    def _drifting(self):
        """Return the classes whose change is remembered.

        :return: {column: (column of the class before, column of the day it changed)}
        """
        return {}

    def _refresh_beside(self, company):
        """Compute what else is known about the batch, in other tables."""

    def _rank_beside(self, company):
        """Compute what else depends on all customers of the company."""
