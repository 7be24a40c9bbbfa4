from odoo import api, fields, models
from odoo.tools import SQL

# What was said is answered while it is said.
CONVERSATIONS = ('call', 'meeting', 'visit')


class GemCrmCorrespondence(models.Model):
    """Whether what was received awaits an answer, or when it was answered."""
    _inherit = 'gem.crm.correspondence'

    answer_state = fields.Selection(
        [
            ('awaited', "Awaiting Our Answer"),
            ('answered', "Answered"),
            ('not_needed', "No Answer Needed"),
        ],
        string="Answer",
        compute='_compute_answer_state',
        store=True,
        precompute=True,
    )
    answered_on = fields.Datetime(readonly=True, copy=False)
    days_waiting = fields.Integer(
        string="Waiting (Days)", compute='_compute_days_waiting',
    )

    _awaited_idx = models.Index("(partner_id, date) WHERE answer_state = 'awaited'")

    @api.model
    def _facts(self):
        return super()._facts() | {'answered_on': False}

    @api.model
    def _unchangeable(self):
        return super()._unchangeable() | {'answer_state'}

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {name: value for name, value in vals.items() if name != 'answer_state'}
                for vals in vals_list
            ]
        entries = super().create(vals_list)
        entries._settle_answers()
        return entries

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint(['partner_id', 'direction', 'channel', 'date']):
            self.exists()._settle_answers()
        return result

    @api.depends('direction', 'channel', 'is_automatic')
    def _compute_answer_state(self):
        for entry in self:
            awaited = (
                entry.direction == 'in'
                and entry.channel not in CONVERSATIONS
                and not entry.is_automatic
            )
            entry.answer_state = awaited and 'awaited'

    @api.depends('answer_state', 'date')
    def _compute_days_waiting(self):
        today = fields.Date.context_today(self)
        for entry in self:
            entry.days_waiting = entry.answer_state == 'awaited' and (
                today - fields.Datetime.context_timestamp(entry, entry.date).date()
            ).days

    def _settle_answers(self):
        """Mark what these entries answer, and those of them that were answered already.

        What is sent answers what was received before about the same document; what is
        sent about no document answers everything received from the customer before.
        """
        self.flush_model()
        for side in ('in', 'out'):
            entries = self.filtered(lambda entry, side=side: entry.direction == side)
            if not entries:
                continue
            self.env.execute_query(SQL(
                """
                WITH answer AS (
                    SELECT DISTINCT ON (received.id) received.id, sent.date
                      FROM gem_crm_correspondence received
                      JOIN gem_crm_correspondence sent
                        ON sent.partner_id = received.partner_id
                       AND sent.direction = 'out'
                       AND sent.is_automatic IS NOT TRUE
                       AND sent.date >= received.date
                       AND (sent.res_model IS NULL
                            OR (sent.res_model, sent.res_id)
                               = (received.res_model, received.res_id))
                     WHERE received.answer_state = 'awaited'
                       AND %(side)s.id = ANY(%(ids)s)
                  ORDER BY received.id, sent.date
                )
                UPDATE gem_crm_correspondence received
                   SET answer_state = 'answered', answered_on = answer.date
                  FROM answer
                 WHERE received.id = answer.id
             RETURNING received.id
                """,
                side=SQL.identifier('received' if side == 'in' else 'sent'),
                ids=entries.ids,
            ))
        self.invalidate_model(['answer_state', 'answered_on'])

    def action_no_answer_needed(self):
        """Stop waiting for an answer to these entries."""
        self._change_answer('awaited', 'not_needed')

    def action_await_answer(self):
        """Wait for an answer to these entries again."""
        self._change_answer('not_needed', 'awaited')

    def _change_answer(self, before, after):
        self.browse().check_access('write')
        self.check_access('read')
        # Messages are nobody's to change; whether they await an answer is.
        entries = self.sudo().filtered(lambda entry: entry.answer_state == before)
        entries.write({'answer_state': after})
