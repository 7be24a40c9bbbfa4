from odoo import api, fields, models
from odoo.tools import SQL

# Each batch may read all invoices once; a killed run loses one batch, some seconds of work.
BATCH_SIZE = 50000
INVOICE_TYPES = ('out_invoice', 'out_refund')


class GemCrmProfile(models.Model):
    """Everything computed about a customer, for one company.

    Nobody writes here: changes of a customer leave marks (``gem.crm.profile.mark``),
    a scheduled action computes the marked customers, and everybody is computed by
    night, for what changes without being noticed.
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
        index=True,
        ondelete='cascade',
    )
    currency_id = fields.Many2one(related='company_id.currency_id', string="Currency")
    completeness = fields.Integer(
        readonly=True,
        aggregator='avg',
        help="How much of what the company wants to know about the customer is known, in percent.",
    )
    revenue = fields.Monetary(
        readonly=True,
        help="Posted customer invoices less credit notes, without taxes, since the beginning, "
             "in the company's currency as booked.",
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
        IrCron._commit_progress(remaining=Mark.search_count([]))
        # pylint: disable-next=no-search-all; each company has its own figures
        companies = self.env['res.company'].search([])
        while True:
            count, customers = Mark._take(BATCH_SIZE)
            for company in companies:
                if ids := customers.get(None, []) + customers.get(company.id, []):
                    self._refresh(ids, company)
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
    def _refresh(self, customer_ids, company):
        """Compute the profiles of these customers for the company.

        :param customer_ids: ids of partners; those who are no customers lose their profile
        """
        self.env.flush_all()
        # Compiling these statements takes several times as long as running them.
        self.env.cr.execute("SET LOCAL jit = off")
        batch = SQL("batch(id) AS MATERIALIZED (SELECT DISTINCT unnest(%s::int[]))", customer_ids)
        self._refresh_rows(batch, company)
        for columns, figures in self._figures(company):
            self._refresh_figures(batch, company, columns, figures)
        self.invalidate_model()
        self.env['res.partner']._gem_invalidate_profile()

    def _refresh_rows(self, batch, company):
        """Give each customer of the batch one row, and nobody else."""
        self.env.execute_query(SQL(
            """
                WITH %(batch)s,
                customer AS (
                    SELECT partner.id
                      FROM batch
                      JOIN res_partner partner ON partner.id = batch.id
                     WHERE partner.commercial_partner_id = partner.id
                       AND partner.partner_share
                       AND (partner.company_id IS NULL OR partner.company_id IN %(companies)s)
                       AND partner.id NOT IN (SELECT partner_id FROM res_company)
                ),
                former AS (
                    DELETE FROM gem_crm_profile profile
                          USING batch
                          WHERE profile.partner_id = batch.id
                            AND profile.company_id = %(company)s
                            AND profile.partner_id NOT IN (SELECT id FROM customer)
                )
                INSERT INTO gem_crm_profile (partner_id, company_id, computed_on)
                     SELECT id, %(company)s, %(now)s
                       FROM customer
                      WHERE NOT EXISTS (SELECT FROM gem_crm_profile profile
                                         WHERE profile.partner_id = customer.id
                                           AND profile.company_id = %(company)s)
                   ORDER BY id
                ON CONFLICT DO NOTHING
                  RETURNING id
            """,
            batch=batch,
            # a branch serves its parent's customers
            companies=tuple(company.parent_ids.ids),
            company=company.id,
            now=self.env.cr.now(),
        ))

    def _refresh_figures(self, batch, company, columns, figures):
        """Write the figures that are no longer what they were."""
        self.env.execute_query(SQL(
            """
                WITH %(batch)s, figures AS (%(figures)s)
              UPDATE gem_crm_profile profile
                 SET %(assignments)s, computed_on = %(now)s
                FROM figures
               WHERE profile.partner_id = figures.id
                 AND profile.company_id = %(company)s
                 AND (%(old)s) IS DISTINCT FROM (%(new)s)
           RETURNING profile.id
            """,
            batch=batch,
            figures=figures,
            assignments=SQL(", ").join(
                SQL("%s = %s", SQL.identifier(column), SQL.identifier('figures', column))
                for column in columns
            ),
            old=SQL(", ").join(SQL.identifier('profile', column) for column in columns),
            new=SQL(", ").join(SQL.identifier('figures', column) for column in columns),
            company=company.id,
            now=self.env.cr.now(),
        ))

    @api.model
    def _figures(self, company):
        """Return how to compute each figure.

        :return: list of (columns, query); the query gives the columns for each ``id`` of
            the table ``batch``
        """
        return [
            (['completeness'], self.env['gem.crm.completeness.criterion']._score_sql(company)),
            (['revenue'], self._revenue_sql(company)),
        ]

    def _revenue_sql(self, company):
        # By today's company of the contact: what a contact bought before joining counts.
        return SQL(
            """
                SELECT batch.id, COALESCE(SUM(move.amount_untaxed_signed), 0) AS revenue
                  FROM batch
             LEFT JOIN (res_partner contact
                        JOIN account_move move ON move.partner_id = contact.id
                                              AND move.company_id = %s
                                              AND move.state = 'posted'
                                              AND move.move_type IN %s)
                    ON contact.commercial_partner_id = batch.id
              GROUP BY batch.id
            """,
            company.id, INVOICE_TYPES,
        )
