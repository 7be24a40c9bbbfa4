from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import is_html_empty

from .gem_crm_complaint_stage import CLOSING_STATES

# A complaint that came to one of these was answered.
ANSWERED_STATES = ('answered', 'closed')


class GemCrmComplaint(models.Model):
    """The way of a complaint from stage to stage, to its end, and back."""
    _inherit = 'gem.crm.complaint'

    reopen_count = fields.Integer(string="Times Reopened", readonly=True, copy=False)

    # ------------------------------------------------------------
    # What is refused
    # ------------------------------------------------------------

    @api.constrains('stage_id', 'date_answered', 'no_answer_reason', 'cause_id', 'outcome')
    def _check_closing(self):
        for complaint in self.filtered(lambda complaint: complaint.stage_id.state == 'closed'):
            missing = complaint._missing_to_close()
            if missing:
                raise ValidationError(self.env._(
                    "“%(complaint)s” cannot be closed yet: %(missing)s",
                    complaint=complaint.display_name, missing=" ".join(missing),
                ))

    def _missing_to_close(self):
        """Return the sentences that say what is to be done before the complaint can be closed."""
        self.ensure_one()
        missing = []
        if not (self.date_answered or self.no_answer_reason):
            missing.append(self.env._(
                "Send the customer an answer, or write why there is none."))
        if not self.cause_id:
            missing.append(self.env._("Choose the cause."))
        if not self.outcome:
            missing.append(self.env._("Choose the outcome."))
        return missing

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        complaints = super().create(vals_list)
        for stage, moved in complaints.grouped('stage_id').items():
            if stage.state != 'received':
                moved._write_stage_effects(stage)
        return complaints

    def write(self, vals):
        if not vals.get('stage_id'):
            return super().write(vals)
        stage = self.env['gem.crm.complaint.stage'].browse(vals['stage_id'])
        moved = self.filtered(lambda complaint: complaint.stage_id != stage)
        reopened = moved.filtered('date_closed') \
            if stage.state not in CLOSING_STATES else self.browse()
        result = super().write(vals)
        moved._write_stage_effects(stage)
        reopened._after_reopening()
        if stage.state == 'closed':
            moved._after_closing()
        return result

    def _write_stage_effects(self, stage):
        """Write what it means that the complaints came to ``stage``: once for all alike."""
        now = fields.Datetime.now()
        rested = self._rested_until(now)
        alike = {}
        for complaint in self:
            vals = complaint._stage_effects(stage, now, rested[complaint])
            if vals:
                key = tuple(vals.items())
                alike[key] = alike.get(key, self.browse()) | complaint
        for vals, complaints in alike.items():
            complaints.write(dict(vals))

    def _rested_until(self, now):
        """Return for how many working hours each complaint waited, or was closed, until now."""
        rested = dict.fromkeys(self, 0)
        for company, complaints in self.grouped('company_id').items():
            resting = {
                complaint: (since, now) for complaint in complaints
                if (since := complaint.date_closed or complaint.date_waiting_since)
            }
            hours = company._gem_working_hours(resting.values())
            rested |= {complaint: hours[period] for complaint, period in resting.items()}
        return rested

    def _stage_effects(self, stage, now, rested):
        """Return the values that follow from coming to ``stage``.

        :param now: the time at which it comes there
        :param rested: for how many working hours it was closed, or waited, until then
        """
        self.ensure_one()
        vals = {}
        if stage.state == 'acknowledged' and not self.date_acknowledged:
            vals['date_acknowledged'] = now
        if stage.state == 'answered' and not self.date_answered:
            if is_html_empty(self.answer):
                raise UserError(self.env._(
                    "Write the answer to “%(complaint)s” before it counts as answered.",
                    complaint=self.display_name,
                ))
            vals |= self._answer_effects(now)
        if stage.state in CLOSING_STATES:
            if not self.date_closed:
                vals |= {'date_closed': now, 'closed_user_id': self.env.uid}
        elif self.date_closed:
            vals |= self._reopening_effects(now, rested)
        return vals

    def _answer_effects(self, now):
        """Return the values that follow from an answer given at the time ``now``."""
        vals = {'date_answered': now}
        if not self.date_first_answered:
            vals |= {
                'date_first_answered': now, 'date_first_answer_by': self.date_answer_by,
            }
        if not self.date_acknowledged:
            # Who has an answer knows that the complaint arrived.
            vals['date_acknowledged'] = now
        return vals

    def _reopening_effects(self, now, rested):
        """Return the values that take back what closing set, and begin to handle it anew.

        The cause, what was learned and the text of the answer stay, to be corrected.
        """
        waited = round(self.waiting_hours + rested, 4)
        return {
            'date_closed': False,
            'closed_user_id': False,
            'date_answered': False,
            'no_answer_reason': False,
            'outcome': False,
            'date_reopened': now,
            'reopen_count': self.reopen_count + 1,
            # Nobody worked on it while it was closed.
            'waiting_hours': waited,
            'waited_before_reopening': waited,
        }

    def _after_closing(self):
        """To be extended by what closing leads to; the complaints were just closed."""

    def _after_reopening(self):
        """To be extended by what reopening leads to; the complaints were just reopened."""

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_acknowledge(self):
        """Record that the customers know that their complaints arrived."""
        self._mark_acknowledged()

    def action_answered(self):
        """Record that the customers have their answers: on the phone, by letter…"""
        self._move_to('answered')

    def action_close(self):
        """Close the complaints."""
        self._move_to('closed')

    def action_cancel(self):
        """Put the complaints aside, which are none."""
        self._move_to('cancelled')

    def action_reopen(self):
        """Take the complaints up again."""
        self.filtered('date_closed')._move_to('investigating')

    # ------------------------------------------------------------
    # Business
    # ------------------------------------------------------------

    def _move_to(self, state):
        """Put the complaints into the first stage of the step ``state``."""
        # Also where there is nothing to move: who may not write is told so.
        self.check_access('write')
        stage = self.env['gem.crm.complaint.stage']._first(state)
        if not stage:
            labels = dict(stage._fields['state']._description_selection(self.env))
            raise UserError(self.env._(
                "There is no stage for the step “%(step)s”. Ask an administrator of CRM follow-up "
                "to add one.",
                step=labels[state],
            ))
        self.stage_id = stage

    def _mark_acknowledged(self):
        """Record that the customers know that their complaints arrived, from now on."""
        self.filtered(lambda complaint: not complaint.date_acknowledged).write(
            {'date_acknowledged': fields.Datetime.now()})
        received = self.filtered(lambda complaint: complaint.state == 'received')
        if stage := self.env['gem.crm.complaint.stage']._first('acknowledged'):
            received.stage_id = stage

    def _mark_answered(self):
        """Record that the customers were sent their answers just now."""
        now = fields.Datetime.now()
        for complaint in self:
            complaint.write(complaint._answer_effects(now))
        unanswered = self.filtered(
            lambda complaint: complaint.state not in (*ANSWERED_STATES, 'cancelled'))
        if stage := self.env['gem.crm.complaint.stage']._first('answered'):
            unanswered.stage_id = stage
