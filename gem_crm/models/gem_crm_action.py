from odoo import api, fields, models
from odoo.exceptions import ValidationError


class GemCrmAction(models.Model):
    """What is to be done in a note: call, ship, send a sample…"""
    _name = 'gem.crm.action'
    _description = "Note Action"
    _inherit = ['gem.crm.kind.mixin']

    assignee = fields.Selection(
        [
            ('me', "Whoever writes the note"),
            ('manager', "Who is in charge of the customer"),
            ('fixed', "Always the same person"),
        ],
        string="Assign To",
        required=True,
        default='me',
        help="To whom a new note with this action is proposed.",
    )
    user_id = fields.Many2one(
        'res.users',
        string="Person",
        domain=[('share', '=', False)],
        index='btree_not_null',
        ondelete='restrict',
    )
    delay = fields.Integer(
        string="Due After (days)",
        default=0,
        aggregator=None,  # the delays of several actions make no sum
        help="How many days after it was written a new note with this action is due.",
    )
    activity_type_id = fields.Many2one(
        'mail.activity.type',
        domain=[('res_model', 'in', (False, 'gem.crm.note'))],
        index='btree_not_null',
        ondelete='set null',
        help="How the note is shown among the activities of whoever it is assigned to.",
    )
    mail_template_id = fields.Many2one(
        'mail.template',
        string="E-mail When Done",
        domain=[('model', '=', 'gem.crm.note')],
        index='btree_not_null',
        ondelete='set null',
        help="Proposed for sending when a note with this action is done, "
             "for example the price list after a call.",
    )

    _delay_not_negative = models.Constraint(
        'CHECK (delay >= 0)',
        "A note cannot be due before it was written.",
    )

    @api.constrains('assignee', 'user_id')
    def _check_user_id(self):
        for action in self:
            if action.assignee == 'fixed' and not action.user_id:
                raise ValidationError(self.env._(
                    "Choose the person to whom “%(action)s” is always assigned.",
                    action=action.name,
                ))

    def _assignee(self, customer):
        """Return the user to whom a new note about ``customer`` is proposed, if not to its writer.

        :rtype: ResUsers
        """
        if self.assignee == 'fixed':
            return self.user_id
        if self.assignee == 'manager':
            return customer.gem_in_charge_id
        return self.env['res.users']
