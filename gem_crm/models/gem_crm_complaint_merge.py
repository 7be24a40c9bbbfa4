from odoo import fields, models
from odoo.exceptions import UserError

from .gem_crm_complaint_deadline import DATES, STAYING

# Of a field that the survivor has nothing in, the first of the others that has something.
FILLED = (
    'partner_id', 'contact_id', 'email_from', 'address_id', 'user_id', 'category_id',
    'severity', 'product_id', 'lot', 'cause_id', 'description', 'expectation', 'restatement',
    'lesson', 'answer', 'move_id',
)

# What was said of the deadlines of one complaint is not said of another's.
NOT_MOVED = ('alert_ids',)


class GemCrmComplaint(models.Model):
    """Complaints written down twice: one of them takes over."""
    _inherit = 'gem.crm.complaint'

    merged_into_id = fields.Many2one(
        'gem.crm.complaint', readonly=True, copy=False, index='btree_not_null',
        ondelete='restrict',
    )
    merged_ids = fields.One2many(
        'gem.crm.complaint', 'merged_into_id', string="Merged Complaints",
        context={'active_test': False},
    )

    def _get_survivor(self):
        """Return the complaint that took over from this one: itself, if none did."""
        complaint = self
        seen = set()
        while complaint.merged_into_id and complaint.id not in seen:
            seen.add(complaint.id)
            complaint = complaint.merged_into_id
        return complaint

    def _merge_into(self, survivor):
        """Give everything of these complaints to another one, and archive them.

        Mails that reply to them arrive there from then on, as their messages are there.

        :param survivor: the complaint that takes over
        :raise UserError: if they are not about the same customer, or not open where it is
        """
        merged = self - survivor
        every = merged | survivor
        every.check_access('write')
        merged._check_merge(survivor)
        met = every._deadlines_met()
        survivor.write(merged._merged_values(survivor))
        # Those that are counted again from the first receipt come before those met already.
        survivor.flush_recordset()
        survivor.write(met)
        merged._move_records(survivor)
        merged._move_conversation(survivor)
        for complaint in merged:
            survivor._message_log(body=self.env._(
                "%(complaint)s was merged into this one.", complaint=complaint._get_html_link()))
            complaint._message_log(body=self.env._(
                "This was merged into %(complaint)s.", complaint=survivor._get_html_link()))
        merged.write({'merged_into_id': survivor.id, 'active': False})
        if stage := self.env['gem.crm.complaint.stage']._first('cancelled'):
            merged.filtered(lambda complaint: not complaint.date_closed).stage_id = stage

    def _check_merge(self, survivor):
        """Refuse what is no duplicate."""
        every = self | survivor
        if not self or not survivor:
            raise UserError(self.env._("Choose at least two complaints to merge."))
        # sudo: whose complaints they are decides, whoever may read the customers
        if len(every.sudo().partner_id) > 1:
            raise UserError(self.env._(
                "These complaints are not of one customer. Only those of the same customer, or "
                "of nobody known yet, can be merged."))
        if len(every.company_id) > 1:
            raise UserError(self.env._("These complaints are not of one company."))
        if every.merged_into_id:
            raise UserError(self.env._("One of these complaints was merged already."))
        if survivor.date_closed and any(not complaint.date_closed for complaint in self):
            raise UserError(self.env._(
                "“%(complaint)s” is closed, and another one is open. Keep an open one.",
                complaint=survivor.display_name,
            ))

    def _merged_values(self, survivor):
        """Return what the survivor learns from these complaints."""
        values = {}
        for name in FILLED:
            if not survivor[name] and (found := next(
                    (complaint[name] for complaint in self if complaint[name]), False)):
                values[name] = found.id if isinstance(found, models.BaseModel) else found
        if any(complaint.is_safety_risk for complaint in self):
            values['is_safety_risk'] = True
        # The clock began with the first of them.
        values['date_received'] = min((self | survivor).mapped('date_received'))
        values |= self._merged_answer(survivor)
        email_from = values.get('email_from') or survivor.email_from
        senders = [
            complaint.email_from for complaint in self
            if complaint.email_from and complaint.email_normalized
            not in (survivor.email_normalized, False) and complaint.email_from != email_from
        ]
        copied = ", ".join(filter(None, [survivor.email_cc, *self.mapped('email_cc'), *senders]))
        values['email_cc'] = ", ".join(self._mail_cc_sanitized_raw_dict(copied).values())
        return values

    def _deadlines_met(self):
        """Return when each deadline was met by the first of these, and until when it was to be."""
        values = {}
        for deadline in STAYING:
            by, done = DATES[deadline]
            if first := self.filtered(done).sorted(done)[:1]:
                values |= {by: first[by], done: first[done]}
        return values

    def _merged_answer(self, survivor):
        """Return what the survivor learns of answers that the customer has already."""
        values = {}
        if first := (self | survivor).filtered('date_first_answered').sorted(
                'date_first_answered')[:1]:
            values['date_first_answered'] = first.date_first_answered
            values['date_first_answer_by'] = first.date_first_answer_by
        # An answer of the survivor's own, not sent yet, does not become a sent one.
        if not survivor.answer and (sent := self.filtered(
                lambda complaint: complaint.answer and complaint.date_answered)[:1]):
            values |= {'answer': sent.answer, 'date_answered': sent.date_answered}
        return values

    def _move_records(self, survivor):
        """Give the records that belong to these complaints to the survivor."""
        for field in self._fields.values():
            if (
                field.type != 'one2many' or not field.comodel_name.startswith('gem.crm.')
                or field.name in NOT_MOVED
            ):
                continue
            # sudo: measures, lines and disputes follow, whoever may change them
            records = self.env[field.comodel_name].sudo().with_context(active_test=False)
            records.search([(field.inverse_name, 'in', self.ids)]).write(
                {field.inverse_name: survivor.id})

    def _move_conversation(self, survivor):
        """Give messages, files, followers, activities and ratings to the survivor."""
        ours = [('res_model', '=', self._name), ('res_id', 'in', self.ids)]
        # sudo: the whole conversation goes, and not only what this user sees of it
        env = self.sudo().env
        messages = env['mail.message'].search(
            [('model', '=', self._name), ('res_id', 'in', self.ids)])
        messages.write({'res_id': survivor.id})
        env['gem.crm.correspondence'].search(ours).write({'res_id': survivor.id})
        env['ir.attachment'].search([*ours, ('res_field', '=', False)]).write(
            {'res_id': survivor.id})
        env['mail.activity'].with_context(active_test=False).search(ours).write(
            {'res_id': survivor.id})
        env['rating.rating'].search(ours).write({'res_id': survivor.id})
        survivor._message_subscribe(partner_ids=self.sudo().message_partner_ids.ids)
        (self | survivor).invalidate_recordset(
            ['message_ids', 'activity_ids', 'rating_ids', 'message_follower_ids'])
