from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# Last day of each age, in days after the due date.
AGES = [(30, 'd30'), (60, 'd60'), (90, 'd90'), (120, 'd120')]


class GemCrmReceivable(models.Model):
    """What customers owe by due date, disputed beside undisputed: one row per open instalment.

    A row is a posted journal item on a receivable account that is not settled; those of credit
    notes and of payments on account are negative. What is disputed or promised of an invoice
    is laid on its instalments from the first that is due.
    """
    _name = 'gem.crm.receivable'
    _description = "Receivable"
    _auto = False
    _order = 'date_due, id'
    _rec_name = 'move_name'
    _depends = {
        'account.account': ['account_type'],
        'account.move': ['name', 'move_type', 'invoice_date', 'invoice_user_id'],
        'account.move.line': [
            'account_id', 'amount_residual', 'amount_residual_currency', 'company_id',
            'currency_id', 'date', 'date_maturity', 'move_id', 'parent_state', 'partner_id',
            'reconciled',
        ],
        'gem.crm.dispute': ['amount', 'move_id', 'state'],
        'gem.crm.promise': ['amount', 'move_id', 'paid', 'state', 'line_id'],
        'res.partner': ['commercial_partner_id'],
    }

    move_id = fields.Many2one('account.move', string="Invoice", readonly=True)
    move_name = fields.Char(string="Number", readonly=True)
    line_id = fields.Many2one('account.move.line', string="Instalment", readonly=True)
    partner_id = fields.Many2one('res.partner', string="Customer", readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    currency_id = fields.Many2one('res.currency', string="Currency of the Invoice", readonly=True)
    company_currency_id = fields.Many2one(related='company_id.currency_id')
    user_id = fields.Many2one('res.users', string="Salesperson", readonly=True)
    date = fields.Date(string="Invoice Date", readonly=True)
    date_due = fields.Date(string="Due", readonly=True)
    days_late = fields.Integer(
        readonly=True, aggregator='max',
        help="Days since the due date; none before it.",
    )
    age = fields.Selection(
        [
            ('d0', "Not due"),
            ('d30', "1–30 days late"),
            ('d60', "31–60 days late"),
            ('d90', "61–90 days late"),
            ('d120', "91–120 days late"),
            ('more', "More than 120 days late"),
        ],
        readonly=True,
    )
    amount = fields.Monetary(
        string="Owed", readonly=True, currency_field='company_currency_id',
        help="What is left to pay, in the company's currency as booked.",
    )
    amount_currency = fields.Monetary(
        string="Owed, in Currency of the Invoice", readonly=True, aggregator=None,
    )
    disputed = fields.Monetary(readonly=True, currency_field='company_currency_id')
    undisputed = fields.Monetary(readonly=True, currency_field='company_currency_id')
    promised = fields.Monetary(
        readonly=True, currency_field='company_currency_id',
        help="What is still to come of pending promises.",
    )

    @property
    def _table_query(self):
        today = fields.Date.context_today(self)
        return SQL(
            """
                WITH disputed AS (
                    SELECT move_id, SUM(amount) AS amount
                      FROM gem_crm_dispute WHERE state = 'open' GROUP BY move_id
                ), promised AS (
                    SELECT move_id, line_id, SUM(amount - paid) AS amount
                      FROM gem_crm_promise WHERE state = 'pending' GROUP BY move_id, line_id
                ), open_line AS (
                    SELECT line.id, line.move_id, line.partner_id, line.company_id,
                           line.currency_id, line.date, line.amount_residual,
                           line.amount_residual_currency,
                           COALESCE(line.date_maturity, line.date) AS date_due,
                           SUM(GREATEST(line.amount_residual_currency, 0)) OVER (
                               PARTITION BY line.move_id
                               ORDER BY COALESCE(line.date_maturity, line.date), line.id
                           ) - GREATEST(line.amount_residual_currency, 0) AS due_before
                      FROM account_move_line line
                      JOIN account_account account ON account.id = line.account_id
                     WHERE account.account_type = 'asset_receivable'
                       AND line.parent_state = 'posted'
                       AND line.reconciled IS NOT TRUE
                       AND line.amount_residual <> 0
                ), share AS (
                    SELECT open_line.*,
                           CASE WHEN amount_residual_currency > 0
                                THEN amount_residual / amount_residual_currency ELSE 0
                            END AS rate,
                           LEAST(GREATEST(COALESCE(disputed.amount, 0) - due_before, 0),
                                 GREATEST(amount_residual_currency, 0)) AS disputed,
                           LEAST(GREATEST(COALESCE(whole.amount, 0) - due_before, 0)
                                   + COALESCE(instalment.amount, 0),
                                 GREATEST(amount_residual_currency, 0)) AS promised
                      FROM open_line
                 LEFT JOIN disputed ON disputed.move_id = open_line.move_id
                 LEFT JOIN promised whole ON whole.move_id = open_line.move_id
                                         AND whole.line_id IS NULL
                 LEFT JOIN promised instalment ON instalment.line_id = open_line.id
                )
                SELECT share.id,
                       share.id AS line_id,
                       share.move_id,
                       move.name AS move_name,
                       contact.commercial_partner_id AS partner_id,
                       share.company_id,
                       share.currency_id,
                       move.invoice_user_id AS user_id,
                       COALESCE(move.invoice_date, share.date) AS date,
                       share.date_due,
                       GREATEST(%(today)s - share.date_due, 0) AS days_late,
                       CASE WHEN share.date_due >= %(today)s THEN 'd0' %(ages)s ELSE 'more'
                        END AS age,
                       share.amount_residual AS amount,
                       share.amount_residual_currency AS amount_currency,
                       ROUND(share.disputed * rate, currency.decimal_places) AS disputed,
                       share.amount_residual - ROUND(share.disputed * rate,
                                                     currency.decimal_places) AS undisputed,
                       ROUND(share.promised * rate, currency.decimal_places) AS promised
                  FROM share
                  JOIN account_move move ON move.id = share.move_id
                  JOIN res_partner contact ON contact.id = share.partner_id
                  JOIN res_company company ON company.id = share.company_id
                  JOIN res_currency currency ON currency.id = company.currency_id
            """,
            today=today,
            ages=SQL(" ").join(
                SQL("WHEN %s - share.date_due <= %s THEN %s", today, days, age)
                for days, age in AGES
            ),
        )

    def action_promise(self):
        """Return the action that records a promise to pay this instalment, or its invoice."""
        self.ensure_one()
        if self.amount <= 0:
            raise UserError(self.env._(
                "%(document)s is in the customer's favour: there is nothing to promise. Choose an "
                "invoice.", document=self.move_name,
            ))
        has_several = self.search_count([('move_id', '=', self.move_id.id)], limit=2) > 1
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Promise to pay %(invoice)s", invoice=self.move_name),
            'res_model': 'gem.crm.promise',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {
                'default_move_id': self.move_id.id,
                'default_line_id': has_several and self.line_id.id,
                'gem_one_invoice': True,
            },
        }

    @api.readonly
    def action_open_invoice(self):
        """Return the action that shows the invoice, or the promise of those who may not see it."""
        self.ensure_one()
        if not self.env['account.move'].has_access('read'):
            return self.action_promise()
        return {
            'type': 'ir.actions.act_window',
            'res_model': 'account.move',
            'res_id': self.move_id.id,
            'views': [(False, 'form')],
        }
