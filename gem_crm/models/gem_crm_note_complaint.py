from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

MEASURES = [
    ('emergency', "Emergency"),
    ('corrective', "Corrective"),
    ('preventive', "Preventive"),
]


class GemCrmNote(models.Model):
    """What a note does about a complaint: at once, against its cause, or for the future."""
    _inherit = 'gem.crm.note'

    complaint_id = fields.Many2one(
        'gem.crm.complaint',
        domain="[('partner_id', '=', partner_id)]",
        check_company=True,
        index='btree_not_null',
        ondelete='restrict',
    )
    measure = fields.Selection(
        MEASURES,
        tracking=True,
        help="Emergency: what eases the customer's trouble at once. Corrective: what removes the "
             "cause. Preventive: what keeps it from happening elsewhere.",
    )
    effect = fields.Selection(
        [('yes', "It worked"), ('partly', "It worked in part"), ('no', "It did not work")],
        string="Did It Work?",
        copy=False,
        tracking=True,
        help="Looked at later, when there was time for it to show.",
    )
    date_checked = fields.Date(
        string="Checked On",
        compute='_compute_date_checked',
        store=True,
        readonly=False,
        copy=False,
    )

    _measure_of_complaint = models.Constraint(
        'CHECK (measure IS NULL OR complaint_id IS NOT NULL)',
        "A measure belongs to a complaint. Choose the complaint, or empty the measure.",
    )

    @api.depends('effect')
    def _compute_date_checked(self):
        today = fields.Date.context_today(self)
        for note in self:
            note.date_checked = note.effect and (note.date_checked or today)

    @api.constrains('partner_id', 'complaint_id')
    def _check_complaint_id(self):
        for note in self.filtered('complaint_id'):
            # sudo: whose complaint it is decides, whoever may read it
            complaint = note.complaint_id.sudo()
            if complaint.partner_id and complaint.partner_id != note.partner_id:
                raise ValidationError(self.env._(
                    "The complaint “%(complaint)s” is not of %(customer)s.",
                    complaint=complaint.display_name, customer=note.partner_id.display_name,
                ))

    @api.constrains('measure', 'effect', 'date_done')
    def _check_effect(self):
        for note in self:
            if note.effect and not (note.measure and note.date_done):
                raise ValidationError(self.env._(
                    "Whether “%(note)s” worked is checked once this measure is done.",
                    note=note.display_name,
                ))

    @api.model_create_multi
    def create(self, vals_list):
        notes = super().create(vals_list)
        notes.complaint_id._update_emergency()
        return notes

    def write(self, vals):
        before = self.complaint_id if 'complaint_id' in vals else self.browse().complaint_id
        if 'date_done' in vals and not vals['date_done']:
            # What is to be done again has not worked, nor failed.
            vals = dict(vals, effect=False)
        result = super().write(vals)
        if not vals.keys().isdisjoint(('complaint_id', 'measure', 'date_done', 'active')):
            (before | self.complaint_id)._update_emergency()
        return result

    def unlink(self):
        complaints = self.complaint_id
        result = super().unlink()
        complaints._update_emergency()
        return result

    def action_open_complaint(self):
        """Return the action that shows the complaint of this note, or opens one from it."""
        self.ensure_one()
        action = {
            'type': 'ir.actions.act_window',
            'name': self.env._("Complaint"),
            'res_model': 'gem.crm.complaint',
            'views': [(False, 'form')],
        }
        if self.complaint_id:
            return action | {'res_id': self.complaint_id.id}
        return action | {
            'context': {
                'default_partner_id': self.partner_id.id,
                'default_contact_id': self.contact_id.id,
                'default_company_id': (self.company_id or self.env.company).id,
                'default_name': self.display_name,
                'default_description': self.description,
                'default_channel': 'note',
                'default_other_note_ids': [Command.link(self.id)],
            },
        }
