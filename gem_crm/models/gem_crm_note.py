from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .gem_crm_kind_mixin import KINDS
from .gem_crm_status import CLOSING_STATES

# A field is also chosen with another one, by the page a note is begun on.
CHOSEN_WITH = {'date_due': ('default_calendar_start',)}
CUSTOMER_DOCUMENTS = ('out_invoice', 'out_refund', 'out_receipt')


class GemCrmNote(models.Model):
    """A follow-up note: what is to be done for a customer, by whom, by when."""
    _name = 'gem.crm.note'
    _description = "Follow-up Note"
    _inherit = [
        'gem.crm.contact.mixin', 'gem.crm.customer.mixin', 'gem.crm.reference.mixin',
        'gem.crm.batch.thread.mixin',
    ]
    # The customer's next step is the first of its open notes in this order.
    _order = 'date_done desc, date_due, id'
    _rec_names_search = ['name', 'reference']
    _check_company_auto = True

    name = fields.Char(string="Summary")
    kind = fields.Selection(KINDS, required=True, default='sales')
    action_id = fields.Many2one(
        'gem.crm.action',
        compute='_compute_action_id',
        store=True,
        precompute=True,
        readonly=False,
        domain="[('kind', '=', kind)]",
        index='btree_not_null',
        ondelete='restrict',
    )
    status_id = fields.Many2one(
        'gem.crm.status',
        compute='_compute_status_id',
        compute_sudo=False,  # the defaults of the context are lost in superuser mode
        store=True,
        precompute=True,
        readonly=False,
        copy=False,
        domain="[('kind', '=', kind)]",
        group_expand='_group_expand_status_id',
        ondelete='restrict',
        tracking=True,
    )
    state = fields.Selection(related='status_id.state')
    refusal_reason_id = fields.Many2one(
        'gem.crm.refusal.reason',
        compute='_compute_refusal_reason_id',
        store=True,
        precompute=True,
        readonly=False,
        copy=False,
        index='btree_not_null',
        ondelete='restrict',
        tracking=True,
    )
    user_id = fields.Many2one(
        'res.users',
        string="Assigned To",
        compute='_compute_user_id',
        compute_sudo=False,
        store=True,
        precompute=True,
        readonly=False,
        domain=[('share', '=', False)],
        ondelete='restrict',
        tracking=True,
    )
    date_due = fields.Date(
        string="Due",
        compute='_compute_date_due',
        compute_sudo=False,
        store=True,
        precompute=True,
        readonly=False,
        copy=False,
        index=True,
        tracking=True,
    )
    hour_due = fields.Float(
        string="At",
        copy=False,
        help="The hour, on the clock of whoever the note is assigned to. Empty: at any time.",
    )
    date_done = fields.Date(string="Done On", copy=False, tracking=True)
    outcome = fields.Text(copy=False, tracking=True)
    priority = fields.Selection(
        [('0', "Normal"), ('1', "Important"), ('2', "Very important"), ('3', "Urgent")],
        default='0',
    )
    description = fields.Html(string="Details")
    move_id = fields.Many2one(
        'account.move',
        string="Invoice",
        domain="[('commercial_partner_id', '=', partner_id), "
               f"('move_type', 'in', {CUSTOMER_DOCUMENTS})]",
        check_company=True,
        index='btree_not_null',
        ondelete='set null',
    )
    active = fields.Boolean(default=True)

    _says_something = models.Constraint(
        "CHECK (action_id IS NOT NULL OR COALESCE(name, '') <> '')",
        "Choose an action, or write what is to be done.",
    )
    _hour_of_day = models.Constraint(
        'CHECK (hour_due >= 0 AND hour_due < 24)',
        "The hour must be between 0:00 and 23:59.",
    )
    # Each matches _order behind what one of the pages filters on.
    _order_idx = models.Index('(date_done DESC, date_due, id)')
    _kind_idx = models.Index('(kind, date_done DESC, date_due, id)')
    _user_idx = models.Index('(user_id, date_done DESC, date_due, id)')
    _partner_idx = models.Index('(partner_id, date_done DESC, date_due, id)')
    _status_idx = models.Index('(status_id, date_done DESC, date_due, id)')

    # ------------------------------------------------------------
    # What is proposed
    # ------------------------------------------------------------

    def _is_proposing(self, name):
        """Whether a default may be proposed in this field: the note is new, it is not."""
        self.ensure_one()
        chosen = self.env.context.keys() & {f'default_{name}', *CHOSEN_WITH.get(name, ())}
        return not self._origin and not (self[name] and chosen)

    @api.depends('kind')
    def _compute_action_id(self):
        for note in self:
            note.action_id = note.action_id._of_kind(note.kind)

    @api.depends('kind', 'partner_id')
    def _compute_status_id(self):
        first = {kind: self.env['gem.crm.status']._first(kind) for kind, _label in KINDS}
        for note in self:
            if note.status_id and note.status_id.kind != note.kind:
                note.status_id = (
                    note.status_id._of_kind(note.kind) or note._default_status_id(first))
            elif note._is_proposing('status_id'):
                note.status_id = note._default_status_id(first)
            else:
                note.status_id = note.status_id

    def _default_status_id(self, first):
        """Return the status proposed for this note, given the first one of each kind."""
        self.ensure_one()
        return first[self.kind]

    @api.depends('status_id')
    def _compute_refusal_reason_id(self):
        for note in self:
            refused = note.status_id.state == 'refused'
            note.refusal_reason_id = refused and note.refusal_reason_id

    @api.depends('action_id', 'partner_id')
    def _compute_user_id(self):
        for note in self:
            if note._is_proposing('user_id'):
                proposed = note.action_id._assignee(note.partner_id)
                note.user_id = proposed or note.user_id or self.env.user
            else:
                note.user_id = note.user_id

    @api.depends('action_id')
    def _compute_date_due(self):
        today = fields.Date.context_today(self)
        for note in self:
            if note._is_proposing('date_due'):
                note.date_due = today + timedelta(days=note.action_id.delay)
            else:
                note.date_due = note.date_due

    @api.depends('name', 'action_id')
    def _compute_display_name(self):
        for note in self:
            note.display_name = note.name or note.action_id.name

    @api.model
    def _group_expand_status_id(self, statuses, domain):
        kind = self.env.context.get('default_kind')
        return statuses.search([('kind', '=', kind)] if kind else [])

    # ------------------------------------------------------------
    # What is refused
    # ------------------------------------------------------------

    @api.constrains('kind', 'action_id', 'status_id')
    def _check_kind(self):
        labels = dict(self._fields['kind']._description_selection(self.env))
        for note in self:
            for choice in filter(None, (note.action_id, note.status_id)):
                if choice.kind != note.kind:
                    raise ValidationError(self.env._(
                        "“%(choice)s” is for notes of the kind “%(its_kind)s”, and this note is of "
                        "the kind “%(kind)s”. Choose another one, or change the kind of the note.",
                        choice=choice.name, its_kind=labels[choice.kind], kind=labels[note.kind],
                    ))

    @api.constrains('status_id', 'refusal_reason_id')
    def _check_refusal_reason_id(self):
        for note in self:
            if note.status_id.state == 'refused' and not note.refusal_reason_id:
                raise ValidationError(self.env._(
                    "Why did %(customer)s refuse? Open the note and choose the refusal reason "
                    "together with the status “%(status)s”.",
                    customer=note.partner_id.display_name, status=note.status_id.name,
                ))

    @api.constrains('partner_id', 'move_id')
    def _check_move_id(self):
        # sudo: most users of CRM follow-up read no invoices
        for note in self.sudo().filtered('move_id'):
            # Of its partner: a merge writes the invoice's own link as it finds it.
            if (
                note.move_id.partner_id.commercial_partner_id != note.partner_id
                or note.move_id.move_type not in CUSTOMER_DOCUMENTS
            ):
                raise ValidationError(self.env._(
                    "%(invoice)s is no invoice of %(customer)s.",
                    invoice=note.move_id.display_name, customer=note.partner_id.display_name,
                ))

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # An empty cell of an import is no status: the default one is.
        vals_list = [
            vals if vals.get('status_id', True)
            else {name: value for name, value in vals.items() if name != 'status_id'}
            for vals in vals_list
        ]
        notes = super().create(vals_list)
        today = fields.Date.context_today(self)
        notes.filtered(lambda note: note._is_closed_by_status() and not note.date_done).write(
            {'date_done': today})
        return notes

    def write(self, vals):
        if 'status_id' not in vals or 'date_done' in vals:
            return super().write(vals)
        closed_before = self.filtered(lambda note: note._is_closed_by_status())
        result = super().write(vals)
        closed = self.filtered(lambda note: note._is_closed_by_status())
        closed.filtered(lambda note: not note.date_done).write(
            {'date_done': fields.Date.context_today(self)})
        (closed_before - closed).write({'date_done': False})
        return result

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_done(self):
        """Mark the notes as done today."""
        self._mark_done()

    def action_reopen(self):
        """Put the notes back among what is to be done."""
        for kind, notes in self.grouped('kind').items():
            closed = notes.filtered(lambda note: note._is_closed_by_status())
            if first := self.env['gem.crm.status']._first(kind):
                closed.status_id = first
            notes.filtered('date_done').write({'date_done': False})

    def action_assign_to_me(self):
        """Assign the notes to the current user."""
        self.user_id = self.env.user

    # ------------------------------------------------------------
    # Business
    # ------------------------------------------------------------

    def _mark_done(self, **vals):
        """Mark the notes as done today, with these other values.

        The status of an internal note says where the task stands, and follows. The status
        of a sales note says where the customer stands: a call that was made changes none.
        """
        vals['date_done'] = fields.Date.context_today(self)
        todo = self.filtered(lambda note: not note.date_done)
        tasks = todo.filtered(
            lambda note: note.kind == 'internal' and not note._is_closed_by_status())
        done = self.env['gem.crm.status']._first('internal', 'done') if tasks else None
        if done:
            tasks.write(vals | {'status_id': done.id})
            todo -= tasks
        todo.write(vals)

    def _is_closed_by_status(self):
        self.ensure_one()
        return self.status_id.state in CLOSING_STATES

    def _is_late(self):
        """Whether this note is still to be done after its due date."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        return bool(not self.date_done and self.date_due and self.date_due < today)
