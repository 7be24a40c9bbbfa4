from collections import defaultdict
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_datetime

from .gem_crm_complaint_deadline import DATES
from .gem_crm_complaint_policy import DEADLINES

BATCH = 50


class GemCrmComplaintAlert(models.Model):
    """That somebody was told of a deadline: once before it, and once when it was missed."""
    _name = 'gem.crm.complaint.alert'
    _description = "Complaint Deadline Alert"
    _order = 'date desc, id desc'

    complaint_id = fields.Many2one(
        'gem.crm.complaint', required=True, index=True, ondelete='cascade',
    )
    deadline = fields.Selection(DEADLINES, required=True)
    step = fields.Selection(
        [('warned', "Warned before"), ('escalated', "Told when missed")], required=True,
    )
    user_id = fields.Many2one('res.users', string="Who", index='btree_not_null',
                              ondelete='set null')
    date = fields.Datetime(required=True, default=fields.Datetime.now)

    _once = models.UniqueIndex('(complaint_id, deadline, step)')

    @api.depends('deadline', 'step', 'user_id')
    def _compute_display_name(self):
        for alert in self:
            labels = [
                dict(alert._fields[name]._description_selection(self.env)).get(alert[name], '')
                for name in ('deadline', 'step')
            ]
            alert.display_name = " – ".join(filter(None, (*labels, alert.user_id.name)))


class GemCrmComplaint(models.Model):
    """Warns whoever handles a complaint before a deadline, and tells the next one after it."""
    _inherit = 'gem.crm.complaint'

    alert_ids = fields.One2many('gem.crm.complaint.alert', 'complaint_id', string="Alerts")

    def _after_reopening(self):
        # A new answer is expected by a new date: of that one, people are told again.
        self.env['gem.crm.complaint.alert'].sudo().search([
            ('complaint_id', 'in', self.ids), ('deadline', 'in', ('answer', 'resolve')),
        ]).unlink()
        return super()._after_reopening()

    @api.model
    def _cron_alert(self):
        """Warn of deadlines to come and escalate missed ones, a batch at a time."""
        commit = self.env['ir.cron']._commit_progress
        due = self._alerts_due()
        commit(remaining=len(due))
        for start in range(0, len(due), BATCH):
            batch = due[start:start + BATCH]
            complaints = self.browse(complaint_id for complaint_id, _d, _s in batch)
            # Whoever works on one of these just now may well be answering it: later.
            free = complaints.try_lock_for_update()
            self._alert([
                (self.browse(complaint_id), deadline, step)
                for complaint_id, deadline, step in batch if complaint_id in free._ids
            ])
            if not commit(len(batch)):
                return

    @api.model
    def _alerts_due(self):
        """Return triples (complaint id, deadline, step) of what is to be told now."""
        now = fields.Datetime.now()
        running = Domain([('date_closed', '=', False), ('date_waiting_since', '=', False)])
        companies = self._read_group(running & Domain('deadline', '!=', False), ['company_id'])
        due = []
        for [company] in companies:
            policy = self.env['gem.crm.complaint.policy']._get_for(company)
            horizon = now
            if policy.warning_hours:
                span = (now, policy.warning_hours)
                horizon = company._gem_plan([span])[span] or now + timedelta(days=1)
            for deadline, (by, done) in DATES.items():
                for step, domain in (
                    ('escalated', Domain(by, '<=', now)),
                    ('warned', Domain(by, '>', now) & Domain(by, '<=', horizon)),
                ):
                    complaints = self.search(
                        running & domain
                        & Domain('company_id', '=', company.id) & Domain(done, '=', False)
                        & Domain('alert_ids', 'not any', [
                            ('deadline', '=', deadline), ('step', '=', step)]),
                        order='id',
                    )
                    due += [(complaint_id, deadline, step) for complaint_id in complaints.ids]
        return due

    @api.model
    def _alert(self, alerts):
        """Tell people of deadlines, and remember that they were told.

        :param alerts: triples (complaint, deadline, step), still to be told
        """
        told, vals_list = defaultdict(list), []
        for complaint, deadline, step in alerts:
            by, done = DATES[deadline]
            if complaint.date_closed or complaint[done] or not complaint[by]:
                # Done since the list was made.
                continue
            users = complaint._next_persons() if step == 'escalated' else complaint.user_id
            users = users or complaint._next_persons()
            for user in users:
                told[user, step].append((complaint, deadline))
            vals_list.append({
                'complaint_id': complaint.id, 'deadline': deadline, 'step': step,
                'user_id': users[:1].id,
            })
        self.env['gem.crm.complaint.alert'].create(vals_list)
        todo = []
        for (user, step), deadlines in told.items():
            self._tell_deadlines(user, step, deadlines)
            if step == 'escalated':
                todo += [(user, *deadline) for deadline in deadlines]
        self._plan_escalated(todo)

    def _next_persons(self):
        """Return the users who are told when the handler misses a deadline.

        The next person after the handler: as the deadline says, else as the company's rules
        say; administrators of CRM follow-up where that is nobody, or the handler again.
        """
        self.ensure_one()
        policy = self.env['gem.crm.complaint.policy']._get_for(self.company_id)
        line = self._deadline_line(policy.deadline_ids)
        rule = line if line.escalation else policy
        person = self.env['res.users']
        if rule.escalation == 'manager':
            person = self.sudo().partner_id.gem_in_charge_id or self.account_manager_id
        elif rule.escalation == 'person':
            person = rule.escalation_user_id
        if person.active and person != self.user_id and self.company_id in person.company_ids:
            return person
        administrators = self.env.ref('gem_crm.gem_crm_group_manager').sudo().user_ids
        others = administrators.filtered(
            lambda user: user != self.user_id and self.company_id in user.company_ids
            and user._is_internal() and not user._is_superuser())
        return others or administrators.filtered('active')

    def _plan_escalated(self, todo):
        """Put missed deadlines into the clocks of those who are told.

        :param todo: triples (user, complaint, deadline)
        """
        if not todo:
            return
        labels = self._deadline_labels
        model_id = self.env['ir.model']._get_id(self._name)
        activity_type = self.env['mail.activity']._default_activity_type_for_model(self._name)
        self.env['mail.activity'].with_context(mail_activity_quick_update=True).create([
            {
                'res_model_id': model_id,
                'res_id': complaint.id,
                'user_id': user.id,
                'activity_type_id': activity_type.id,
                'date_deadline': fields.Date.context_today(self.with_context(tz=user.tz)),
                'summary': self.with_context(lang=user.lang).env._(
                    "Deadline missed: %(deadline)s", deadline=labels(user.lang)[deadline]),
                'automated': True,
            }
            for user, complaint, deadline in todo
        ])

    @api.model
    def _deadline_labels(self, lang):
        """Return the name of each deadline in a language."""
        field = self.with_context(lang=lang)._fields['deadline_kind']
        return dict(field._description_selection(self.with_context(lang=lang).env))

    @api.model
    def _tell_deadlines(self, user, step, deadlines):
        """Notify a user of deadlines, missed or to come: once for all of them."""
        here = self.with_context(lang=user.lang, tz=user.tz)
        labels = self._deadline_labels(user.lang)
        lines = Markup().join(
            Markup('<li><a href="%s">%s</a>%s: %s, %s</li>') % (
                f'/odoo/complaints/{complaint.id}',
                complaint.display_name,
                f" – {complaint.partner_id.display_name}" if complaint.partner_id else "",
                labels[deadline],
                format_datetime(here.env, complaint[DATES[deadline][0]], dt_format='short'),
            )
            for complaint, deadline in deadlines
        )
        subject = (
            here.env._("Complaints: %(count)s deadlines missed", count=len(deadlines))
            if step == 'escalated' else
            here.env._("Complaints: %(count)s deadlines soon", count=len(deadlines))
        )
        self.env['mail.thread'].message_notify(
            partner_ids=user.partner_id.ids, subject=subject,
            body=Markup('<ul>%s</ul>') % lines,
        )
