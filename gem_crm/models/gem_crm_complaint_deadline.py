from odoo import api, fields, models

from .gem_crm_complaint_policy import DEADLINES

# deadline: (field of its date, field that says when it was met)
DATES = {
    'acknowledge': ('date_acknowledge_by', 'date_acknowledged'),
    'emergency': ('date_emergency_by', 'date_emergency'),
    'answer': ('date_answer_by', 'date_answered'),
    'resolve': ('date_resolve_by', 'date_closed'),
}
# Once they are met, they stay as they stood then: what comes later makes nothing early or late.
# The first answer's is kept apart, as a new one may be expected; the end's is met at the end.
STAYING = ('acknowledge', 'emergency')
# what a complaint's deadlines follow from, in a company
SPANS_OF = (
    'category_id', 'severity', 'is_safety_risk', 'date_received', 'date_reopened',
    'waiting_hours', 'waited_before_reopening', 'needs_no_emergency',
)


class GemCrmComplaint(models.Model):
    """Until when a complaint is to be acknowledged, met at once, answered and resolved.

    The clock runs in the company's working hours, from the receipt on, and stands still
    while the complaint waits for the customer.
    """
    _inherit = 'gem.crm.complaint'

    date_acknowledge_by = fields.Datetime(
        string="Acknowledge By", compute='_compute_deadlines', store=True, precompute=True)
    date_emergency_by = fields.Datetime(
        string="Emergency Measure By", compute='_compute_deadlines', store=True, precompute=True)
    date_answer_by = fields.Datetime(
        string="Answer By", compute='_compute_deadlines', store=True, precompute=True)
    date_resolve_by = fields.Datetime(
        string="Resolve By", compute='_compute_deadlines', store=True, precompute=True)
    needs_no_emergency = fields.Boolean(
        string="No Emergency Measure Needed", copy=False, tracking=True)
    date_emergency = fields.Datetime(
        string="Emergency Measure Taken", readonly=True, copy=False)
    deadline = fields.Datetime(
        string="Next Deadline", compute='_compute_deadline', store=True, precompute=True)
    deadline_kind = fields.Selection(
        DEADLINES, string="Due Next", compute='_compute_deadline', store=True, precompute=True)
    date_waiting_since = fields.Datetime(
        string="Waiting for the Customer Since", readonly=True, copy=False)
    waiting_hours = fields.Float(
        string="Waited for the Customer (working hours)", readonly=True, copy=False)
    date_reopened = fields.Datetime(string="Reopened", readonly=True, copy=False)
    waited_before_reopening = fields.Float(readonly=True, copy=False)
    date_first_answered = fields.Datetime(string="First Answer", readonly=True, copy=False)
    date_first_answer_by = fields.Datetime(
        string="First Answer By",
        readonly=True,
        copy=False,
        help="The deadline as it stood when the first answer was given: later ones change nothing.",
    )
    answer_hours = fields.Float(
        string="Answered In (working hours)",
        compute='_compute_answer_hours',
        store=True,
        precompute=True,
        aggregator='avg',
        help="From the receipt to the first answer, without what was spent waiting for the "
             "customer.",
    )
    resolution_hours = fields.Float(
        string="Resolved In (working hours)",
        compute='_compute_resolution_hours',
        store=True,
        precompute=True,
        aggregator='avg',
        help="From the receipt to the end, without what was spent waiting for the customer.",
    )

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.model
    def _precomputed_together(self):
        ahead = [by for by, _done in DATES.values()]
        done = [done for _by, done in DATES.values()]
        return super()._precomputed_together() + [(
            [*ahead, 'deadline', 'deadline_kind', 'answer_hours', 'resolution_hours'],
            ['company_id', 'stage_id', *SPANS_OF, *done, 'date_first_answered'],
        )]

    @api.depends('company_id', *SPANS_OF)
    def _compute_deadlines(self):
        for company, complaints in self.grouped('company_id').items():
            lines = self.env['gem.crm.complaint.policy']._get_for(company).deadline_ids
            spans = {complaint: complaint._deadline_spans(lines) for complaint in complaints}
            planned = company._gem_plan(
                span for ahead in spans.values() for span in ahead.values() if span)
            for complaint, ahead in spans.items():
                for deadline, (by, done) in DATES.items():
                    if not (deadline in STAYING and complaint[done] and complaint._origin[by]):
                        complaint[by] = planned.get(ahead[deadline], False)

    def _deadline_spans(self, lines):
        """Return from when on how many working hours may pass until each deadline.

        :param lines: the deadlines of the company
        :return: {deadline: (date, hours), or None if there is no such deadline}
        """
        line = self._deadline_line(lines)
        return {
            deadline: self._deadline_span(deadline, hours) if hours else None
            for deadline in DATES for hours in [line._hours(deadline)]
        }

    def _deadline_span(self, deadline, hours):
        """Return from when on how many working hours may pass until a deadline."""
        if deadline == 'emergency' and self.needs_no_emergency:
            return None
        if self.date_reopened and deadline in ('answer', 'resolve'):
            # A new answer is expected, and has its time.
            return self.date_reopened, hours + self.waiting_hours - self.waited_before_reopening
        return self.date_received and (self.date_received, hours + self.waiting_hours)

    def _deadline_line(self, lines):
        """Return the one of the lines of deadlines that is this complaint's."""
        self.ensure_one()
        # Where somebody may be hurt, nothing is more urgent.
        severity = '4' if self.is_safety_risk else self.severity
        return lines._choose(severity, self.category_id._origin)

    @api.depends('date_acknowledge_by', 'date_emergency_by', 'date_answer_by', 'date_resolve_by',
                 'date_acknowledged', 'date_emergency', 'date_answered', 'date_closed')
    def _compute_deadline(self):
        for (date, _order, kind), complaints in self.grouped(
                lambda complaint: complaint._next_deadline()).items():
            complaints.deadline = date
            complaints.deadline_kind = kind

    def _next_deadline(self):
        """Return the date of the next deadline, its place in the process, and which it is."""
        ahead = [] if self.date_closed else [
            (self[by], order, deadline)
            for order, (deadline, (by, done)) in enumerate(DATES.items())
            if self[by] and not self[done]
        ]
        return min(ahead, default=(False, 0, False))

    # The waiting hours are those until then: what comes later changes nothing.
    @api.depends('date_received', 'date_first_answered')
    def _compute_answer_hours(self):
        self._compute_hours('date_first_answered', 'answer_hours')

    @api.depends('date_received', 'date_closed')
    def _compute_resolution_hours(self):
        cancelled = self.filtered(lambda complaint: complaint.stage_id.state == 'cancelled')
        cancelled.resolution_hours = 0
        (self - cancelled)._compute_hours('date_closed', 'resolution_hours')

    def _compute_hours(self, done, name):
        """Set the field ``name`` to the hours of work from the receipt to the date ``done``."""
        for company, complaints in self.grouped('company_id').items():
            ended = complaints.filtered(lambda c: c.date_received and c[done])
            hours = company._gem_working_hours(
                (complaint.date_received, complaint[done]) for complaint in ended)
            (complaints - ended)[name] = 0.0
            for complaint in ended:
                worked = hours[complaint.date_received, complaint[done]]
                complaint[name] = max(0.0, worked - complaint.waiting_hours)

    # ------------------------------------------------------------
    # Stages
    # ------------------------------------------------------------

    def _stage_effects(self, stage, now, rested):
        vals = super()._stage_effects(stage, now, rested)
        if stage.is_waiting:
            if not self.date_waiting_since:
                vals['date_waiting_since'] = now
        elif self.date_waiting_since:
            vals |= {
                'date_waiting_since': False,
                'waiting_hours': round(self.waiting_hours + rested, 4),
            }
        return vals
