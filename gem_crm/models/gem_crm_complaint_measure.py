from odoo import fields, models


class GemCrmComplaint(models.Model):
    """What is done about a complaint: notes, each with somebody who does it by a day."""
    _inherit = 'gem.crm.complaint'

    note_ids = fields.One2many('gem.crm.note', 'complaint_id', string="Follow-up Notes")
    measure_ids = fields.One2many(
        'gem.crm.note', 'complaint_id', string="Measures", domain=[('measure', '!=', False)],
    )
    other_note_ids = fields.One2many(
        'gem.crm.note', 'complaint_id', string="Other Notes", domain=[('measure', '=', False)],
    )

    def _update_emergency(self):
        """Have the complaints know whether an emergency measure was taken, and since when."""
        if not self:
            return
        # sudo: somebody else's note counts as well
        taken = self.env['gem.crm.note'].sudo()._read_group(
            [
                ('complaint_id', 'in', self.ids),
                ('measure', '=', 'emergency'),
                ('date_done', '!=', False),
            ],
            ['complaint_id'],
        )
        met = self.browse().union(*(complaint for [complaint] in taken))
        complaints = self.sudo()
        complaints.filtered(lambda c: c in met and not c.date_emergency).write(
            {'date_emergency': fields.Datetime.now()})
        undone = complaints.filtered(lambda c: c not in met and c.date_emergency)
        undone.date_emergency = False
        # It stayed as it was when the measure was taken; what was waited since counts again.
        self.env.add_to_compute(self._fields['date_emergency_by'], undone)

    def unlink(self):
        # What a note did is not lost with the complaint it was done for.
        self.note_ids.write({'complaint_id': False, 'measure': False, 'effect': False})
        return super().unlink()
