from odoo import api, fields, models
from odoo.exceptions import UserError

from .res_partner import CRM_USER

CHANNELS = [
    ('phone', "Phone"),
    ('email', "E-mail"),
    ('letter', "Letter"),
    ('visit', "Visit"),
    ('portal', "Customer portal"),
    ('note', "Follow-up note"),
]
SEVERITIES = [
    ('1', "Minor"),
    ('2', "Moderate"),
    ('3', "Serious"),
    ('4', "Critical"),
]
OUTCOMES = [
    ('justified', "Justified"),
    ('partly', "Partly justified"),
    ('unjustified', "Not justified"),
    ('withdrawn', "Withdrawn by the customer"),
]


class GemCrmComplaint(models.Model):
    """A complaint of a customer, handled as ISO 10002 says: from its receipt to its lesson.

    Without a customer, it waits to be sorted: whoever wrote it is not known yet.
    """
    _name = 'gem.crm.complaint'
    _description = "Complaint"
    _inherit = [
        'gem.crm.contact.mixin', 'gem.crm.customer.mixin', 'gem.crm.reference.mixin',
        'gem.crm.batch.thread.mixin', 'rating.mixin', 'portal.mixin',
    ]
    # Open ones first, as they have no date of closing; then what is due next.
    _order = 'date_closed desc, deadline, id'
    _rec_names_search = ['reference', 'name']
    _check_company_auto = True
    _mail_post_access = 'read'

    name = fields.Char(string="Subject", required=True, index='trigram', tracking=True)
    # As people type it, in either case: searched together with the subject, by one index each.
    reference = fields.Char(index='trigram')
    partner_id = fields.Many2one(required=False, tracking=True)
    email_from = fields.Char(
        string="Written From",
        copy=False,
        help="The address that the complaint came from, if it came by e-mail.",
    )
    company_id = fields.Many2one(required=True)
    user_id = fields.Many2one(
        'res.users',
        string="Handler",
        compute='_compute_user_id',
        compute_sudo=False,
        store=True,
        precompute=True,
        readonly=False,
        domain=[('share', '=', False)],
        ondelete='restrict',
        tracking=True,
    )
    stage_id = fields.Many2one(
        'gem.crm.complaint.stage',
        default=lambda self: self.env['gem.crm.complaint.stage']._first('received'),
        required=True,
        copy=False,
        group_expand='_read_group_expand_full',
        ondelete='restrict',
        tracking=True,
    )
    state = fields.Selection(related='stage_id.state')
    channel = fields.Selection(CHANNELS, required=True, default='phone')
    description = fields.Html(string="What the Customer Says")
    expectation = fields.Text(
        string="What the Customer Expects", help="In the customer's own words.",
    )
    restatement = fields.Text(
        string="As We Understood It",
        help="What the customer was told to have it confirmed.",
    )
    is_restated = fields.Boolean(
        string="Confirmed by the Customer",
        tracking=True,
        help="It was said again in our words, and the customer agreed that this is what they mean.",
    )

    category_id = fields.Many2one(
        'gem.crm.complaint.category', index='btree_not_null', ondelete='restrict', tracking=True,
    )
    severity = fields.Selection(SEVERITIES, tracking=True)
    is_safety_risk = fields.Boolean(
        string="Safety Risk",
        tracking=True,
        help="Somebody may be hurt: by the product itself, or because it is missing.",
    )
    product_id = fields.Many2one(
        'product.product', check_company=True, ondelete='restrict',
    )
    lot = fields.Char(string="Lot or Serial Number")

    cause_id = fields.Many2one(
        'gem.crm.complaint.cause', ondelete='restrict', tracking=True,
    )
    outcome = fields.Selection(OUTCOMES, copy=False, tracking=True)
    answer = fields.Html(string="Answer to the Customer", copy=False)
    no_answer_reason = fields.Char(
        string="Why There Is No Answer",
        copy=False,
        tracking=True,
        help="A complaint is closed with an answer sent, or with the reason why there is none.",
    )
    lesson = fields.Text(string="What We Learned", copy=False)

    date_received = fields.Datetime(
        string="Received", required=True, default=fields.Datetime.now, copy=False,
    )
    date_acknowledged = fields.Datetime(
        string="Acknowledged", readonly=True, copy=False, tracking=True)
    date_answered = fields.Datetime(string="Answered", readonly=True, copy=False, tracking=True)
    date_closed = fields.Datetime(string="Closed", readonly=True, copy=False)
    closed_user_id = fields.Many2one(
        'res.users', string="Closed By", readonly=True, copy=False, ondelete='set null')
    active = fields.Boolean(default=True)

    # Each matches _order behind what one of the pages filters on.
    _order_idx = models.Index('(date_closed DESC, deadline, id)')
    _stage_idx = models.Index('(stage_id, date_closed DESC, deadline, id)')
    _user_idx = models.Index('(user_id, date_closed DESC, deadline, id)')
    _partner_idx = models.Index('(partner_id, date_closed DESC, deadline, id)')
    _product_idx = models.Index('(product_id, date_received) WHERE product_id IS NOT NULL')
    _cause_idx = models.Index('(cause_id, date_received) WHERE cause_id IS NOT NULL')

    # ------------------------------------------------------------
    # What is proposed
    # ------------------------------------------------------------

    @api.model
    def _precomputed_together(self):
        return super()._precomputed_together() + [(['user_id'], ['category_id'])]

    @api.depends('category_id')
    def _compute_user_id(self):
        writer = self.env.user
        if self.env.su or not writer.has_group(CRM_USER):
            writer = self.env['res.users']
        by_default = 'default_user_id' in self.env.context
        for user, complaints in self.grouped(lambda complaint: (
            complaint.user_id if complaint._origin or by_default and complaint.user_id
            else complaint.category_id.user_id or complaint.user_id or writer
        )).items():
            complaints.user_id = user

    @api.depends('reference', 'name')
    def _compute_display_name(self):
        for complaint in self:
            complaint.display_name = " ".join(filter(None, (complaint.reference, complaint.name)))

    # ------------------------------------------------------------
    # What is refused
    # ------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kept(self):
        for complaint in self:
            if complaint.state != 'cancelled':
                raise UserError(self.env._(
                    "“%(complaint)s” is kept, as what was answered to a customer is. Cancel it "
                    "first if it is no complaint; only cancelled ones can be deleted.",
                    complaint=complaint.display_name,
                ))
            # The database deletes claims with their complaint, and asks none of them.
            # sudo: what is credited counts, whoever may read it
            if credited := complaint.sudo().line_ids.filtered('credit_line_id'):
                raise UserError(self.env._(
                    "“%(complaint)s” is the reason of %(credit_note)s, and is kept with it.",
                    complaint=complaint.display_name,
                    credit_note=credited[0].credit_move_id.display_name,
                ))

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_assign_to_me(self):
        """Have the current user handle the complaints."""
        self.user_id = self.env.user
