from odoo import api, fields, models
from odoo.tools import SQL


class GemCrmCreditGuard(models.Model):
    """One row per invoice of which lines are accepted: who accepts writes it first.

    Two people who accept lines of one invoice at once cannot both write the row: the second
    waits, and then reads what the first one accepted. The posted invoice itself is not written.
    """
    _name = 'gem.crm.credit.guard'
    _description = "Guard of What Is Credited"
    _log_access = False
    _rec_name = 'move'

    # A plain number: a foreign key would lock the invoice.
    move = fields.Integer(string="Invoice ID", required=True)
    version = fields.Integer(required=True, default=1)

    _move_unique = models.UniqueIndex('(move)')

    @api.model
    def _pass(self, move_ids):
        """Let one transaction at a time go on, for each of these invoices.

        A transaction that waited fails with a serialization error, and is tried again by Odoo.
        """
        self.env.execute_query(SQL(
            """
                INSERT INTO gem_crm_credit_guard AS guard (move, version)
                     SELECT move, 1 FROM unnest(%s::int[]) AS move ORDER BY move
                ON CONFLICT (move) DO UPDATE SET version = guard.version + 1
                  RETURNING id
            """,
            list(move_ids),
        ))
