from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .gem_crm_complaint import SEVERITIES

# The deadlines of a complaint: what each is called.
DEADLINES = [
    ('acknowledge', "Acknowledgement"),
    ('emergency', "Emergency measure"),
    ('answer', "Answer"),
    ('resolve', "Resolution"),
]
ESCALATIONS = [
    ('manager', "Account manager of the customer"),
    ('person', "Always the same person"),
    ('administrators', "Administrators of CRM follow-up"),
]


class GemCrmComplaintPolicy(models.Model):
    """How a company deals with complaints: how fast, who is told, what counts as recurring."""
    _name = 'gem.crm.complaint.policy'
    _description = "Complaint Rules"
    _order = 'company_id, id'
    _check_company_auto = True

    name = fields.Char(compute='_compute_name', export_string_translation=False)
    company_id = fields.Many2one(
        'res.company',
        index='btree_not_null',
        ondelete='cascade',
        help="Empty: for all companies that have no rules of their own.",
    )
    warning_hours = fields.Float(
        string="Warn Before",
        default=4,
        required=True,
        help="In working hours before a deadline.",
    )
    escalation = fields.Selection(
        ESCALATIONS,
        string="Missed Deadlines Go To",
        default='manager',
        required=True,
        help="The next person after the handler. If it is the handler, or nobody, administrators "
             "of CRM follow-up are told.",
    )
    escalation_user_id = fields.Many2one(
        'res.users',
        string="Person",
        domain=[('share', '=', False)],
        index='btree_not_null',
        ondelete='restrict',
    )
    recurrence_months = fields.Integer(
        string="Recurring Within (months)",
        default=12,
        required=True,
        help="Complaints of the same customer, about the same product or with the same cause "
             "within so many months are pointed out.",
    )
    asks_rating = fields.Boolean(
        string="Ask How Satisfied Customers Are",
        default=True,
        help="An e-mail asks the customer when an answered complaint is closed.",
    )
    deadline_ids = fields.One2many('gem.crm.complaint.deadline', 'policy_id', string="Deadlines")

    _one_per_company = models.UniqueIndex(
        '(COALESCE(company_id, 0))',
        "This company already has rules for complaints. Change those.",
    )
    _not_negative = models.Constraint(
        'CHECK (warning_hours >= 0 AND recurrence_months >= 0)',
        "Hours and months cannot be negative.",
    )

    @api.depends('company_id')
    def _compute_name(self):
        for policy in self:
            policy.name = policy.company_id.name or self.env._("All companies")

    @api.constrains('escalation', 'escalation_user_id')
    def _check_escalation_user_id(self):
        for policy in self:
            if policy.escalation == 'person' and not policy.escalation_user_id:
                raise ValidationError(self.env._(
                    "Choose the person to whom missed deadlines go."))

    @api.model
    def _get_for(self, company):
        """Return the rules of this company, in superuser mode; none if there are none."""
        # sudo: rules are for everybody
        return self.sudo().search(
            [('company_id', 'in', (company.id, False))], order='company_id', limit=1)


class GemCrmComplaintDeadline(models.Model):
    """How many working hours a complaint of a severity and category may take, step by step."""
    _name = 'gem.crm.complaint.deadline'
    _description = "Complaint Deadline"
    _order = 'severity desc, category_id, id'

    policy_id = fields.Many2one(
        'gem.crm.complaint.policy', required=True, index=True, ondelete='cascade',
    )
    company_id = fields.Many2one(related='policy_id.company_id', store=True, index=True)
    severity = fields.Selection(SEVERITIES, help="Empty: of any severity, or not assessed yet.")
    category_id = fields.Many2one(
        'gem.crm.complaint.category',
        index='btree_not_null',
        ondelete='restrict',
        help="Empty: of any category.",
    )
    acknowledge_hours = fields.Float(string="Acknowledge Within")
    emergency_hours = fields.Float(string="Emergency Measure Within")
    answer_hours = fields.Float(string="Answer Within")
    resolve_hours = fields.Float(string="Resolve Within")
    escalation = fields.Selection(
        ESCALATIONS, string="Missed: To", help="Empty: to whom the other ones go.",
    )
    escalation_user_id = fields.Many2one(
        'res.users',
        string="Person",
        domain=[('share', '=', False)],
        index='btree_not_null',
        ondelete='restrict',
    )

    _one_per_kind = models.UniqueIndex(
        "(policy_id, COALESCE(severity, ''), COALESCE(category_id, 0))",
        "There is already a line for this severity and category. Change that one.",
    )
    _not_negative = models.Constraint(
        'CHECK (acknowledge_hours >= 0 AND emergency_hours >= 0 AND answer_hours >= 0 '
        'AND resolve_hours >= 0)',
        "Hours cannot be negative.",
    )

    @api.depends('severity', 'category_id')
    def _compute_display_name(self):
        severities = dict(self._fields['severity']._description_selection(self.env))
        for line in self:
            line.display_name = ", ".join(filter(None, (
                severities.get(line.severity), line.category_id.name,
            ))) or self.env._("Any complaint")

    @api.constrains('escalation', 'escalation_user_id')
    def _check_escalation_user_id(self):
        for line in self:
            if line.escalation == 'person' and not line.escalation_user_id:
                raise ValidationError(self.env._(
                    "Choose the person to whom missed deadlines of “%(line)s” go.",
                    line=line.display_name,
                ))

    def _choose(self, severity, category):
        """Return the line for a complaint: the first that says most, its severity before all."""
        by_kind = {(line.severity or False, line.category_id.id): line for line in self}
        for kind in ((severity, category.id), (severity, False), (False, category.id),
                     (False, False)):
            if kind in by_kind:
                return by_kind[kind]
        return self.browse()

    def _hours(self, deadline):
        """Return the working hours of one of the deadlines; 0 if there is none."""
        return self[f'{deadline}_hours'] if self else 0
