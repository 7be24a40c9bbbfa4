from odoo import api, fields, models
from odoo.tools import SQL

# In the place of a customer: how all of them compare.
ALL_RANKS = 0


class GemCrmProfileMark(models.Model):
    """A customer whose profile is to be computed again.

    Marks are only ever inserted and deleted, so that saving a customer or posting
    an invoice never waits for, nor fails because of, somebody else doing the same.
    What happens in one transaction is collected and inserted at its end at once.
    """
    _name = 'gem.crm.profile.mark'
    _description = "Customer Profile to Compute"
    _order = 'id'
    _log_access = False

    # Plain numbers: a foreign key would lock the customer's row at each insert.
    customer = fields.Integer(
        string="Customer ID",
        help="The customer, or one of its contacts. Empty: every customer. "
             "0: how all of them compare.",
    )
    company = fields.Integer(string="Company ID", help="Empty: every company.")

    @api.model
    def _mark(self, customer_ids, company_id=None):
        """Have the profiles of these customers computed soon after the transaction.

        :param customer_ids: iterable of ids of customers, or of their contacts
        :param company_id: id of the company concerned, all of them if none
        """
        self._collect((customer_id, company_id) for customer_id in customer_ids)

    @api.model
    def _mark_everybody(self, company_id=None):
        """Have every profile (of the company) computed soon after the transaction."""
        self._collect([(None, company_id)])

    @api.model
    def _mark_ranks(self, company_id=None):
        """Have all customers (of the company) compared again soon after the transaction."""
        self._collect([(ALL_RANKS, company_id)])

    def _collect(self, marks):
        precommit = self.env.cr.precommit
        if self._name not in precommit.data:
            precommit.data[self._name] = set()
            precommit.add(self._insert_collected)
        precommit.data[self._name].update(marks)

    def _insert_collected(self):
        if marks := self.env.cr.precommit.data.pop(self._name):
            customers, companies = map(list, zip(*marks, strict=True))
            self.env.execute_query(SQL(
                """
                    INSERT INTO gem_crm_profile_mark (customer, company)
                         SELECT * FROM unnest(%s::int[], %s::int[])
                      RETURNING id
                """,
                customers, companies,
            ))
            # Missing only while the module installs or uninstalls itself.
            cron = self.env.ref('gem_crm.gem_crm_profile_cron_marked', raise_if_not_found=False)
            if cron:
                cron.sudo()._trigger()

    @api.model
    def _expand(self):
        """Replace the marks of everybody by one mark per customer, and one to compare them.

        What was marked before is among everybody: nights that found no time do not add up.
        """
        self.env.cr.execute(SQL(
            """
                DELETE FROM gem_crm_profile_mark mark
                      USING gem_crm_profile_mark everybody
                      WHERE mark.customer IS NOT NULL
                        AND everybody.customer IS NULL
                        AND (everybody.company IS NULL OR everybody.company = mark.company)
            """))
        self.env.cr.execute(SQL(
            """
                WITH everybody AS (
                    DELETE FROM gem_crm_profile_mark WHERE customer IS NULL RETURNING company
                ), scope AS (
                    -- once for all companies is enough
                    SELECT DISTINCT company FROM everybody
                     WHERE company IS NULL
                        OR NOT EXISTS (SELECT FROM everybody WHERE company IS NULL)
                )
                INSERT INTO gem_crm_profile_mark (customer, company)
                     SELECT customer, company
                       FROM (SELECT customer.id AS customer, scope.company
                               FROM scope, (%(customers)s) AS customer
                              UNION ALL
                             SELECT %(ranks)s, company FROM scope) AS mark
                   ORDER BY customer = %(ranks)s, customer
            """,
            ranks=ALL_RANKS, customers=self._everybody_sql(),
        ))

    @api.model
    def _everybody_sql(self):
        """Return the query of the ids of all customers, and of those who were."""
        # Not "or among the profiles": for each partner all profiles were read, once they were
        # too many for the memory of a hash.
        return SQL(
            """
                SELECT id FROM res_partner WHERE commercial_partner_id = id
                 UNION
                SELECT partner_id FROM gem_crm_profile
            """
        )

    @api.model
    def _take(self, limit):
        """Delete the oldest marks, and return whom they are about.

        Contacts give their company, and themselves: they may have been customers.

        :param limit: how many marks at most
        :return: pair (number of marks, {company id or None: ids of customers, and ALL_RANKS})
        """
        rows = self.env.execute_query(SQL(
            """
                WITH oldest AS MATERIALIZED (
                      SELECT id FROM gem_crm_profile_mark
                       WHERE customer IS NOT NULL
                    ORDER BY id LIMIT %s
                  FOR UPDATE SKIP LOCKED
                ), taken AS (
                    DELETE FROM gem_crm_profile_mark WHERE id IN (SELECT id FROM oldest)
                      RETURNING customer, company
                )
                  SELECT taken.company,
                         COUNT(*),
                         array_agg(DISTINCT partner.id)
                             || array_agg(DISTINCT partner.commercial_partner_id)
                             || array_agg(DISTINCT taken.customer)
                                FILTER (WHERE taken.customer = %s)
                    FROM taken
               LEFT JOIN res_partner partner ON partner.id = taken.customer
                GROUP BY taken.company
            """,
            limit, ALL_RANKS,
        ))
        customers = {
            company: sorted({customer for customer in ids if customer is not None})
            for company, _count, ids in rows
        }
        return sum(count for _company, count, _ids in rows), customers
