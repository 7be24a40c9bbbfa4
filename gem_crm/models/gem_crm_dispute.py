from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command, Domain
from odoo.tools import formatLang

BATCH_SIZE = 500


class GemCrmDispute(models.Model):
    """An amount of an invoice that the customer contests.

    While one is open, nobody is reminded of the invoice (``account.move.no_followup``, which
    is given back to what it was). Nothing else of the invoice is ever written.
    """
    _name = 'gem.crm.dispute'
    _description = "Dispute of an Invoice"
    _inherit = ['gem.crm.invoice.mixin', 'gem.crm.batch.thread.mixin']
    _order = 'state desc, date_since desc, id desc'
    _rec_name = 'description'
    _rec_names_search = ['description', 'partner_id']
    _check_company_auto = True

    amount = fields.Monetary(
        string="Disputed",
        compute='_compute_amount',
        store=True,
        precompute=True,
        readonly=False,
        tracking=True,
        help="With taxes, in the currency of the invoice. All that is left to pay, or a part of "
             "it.",
    )
    amount_company = fields.Monetary(
        string="Disputed, in Company Currency",
        compute='_compute_amount_company',
        store=True,
        currency_field='company_currency_id',
        help="At the rate of the invoice.",
    )
    reason_id = fields.Many2one(
        'gem.crm.dispute.reason', required=True, index=True, ondelete='restrict', tracking=True,
    )
    description = fields.Text(help="What the customer says.")
    user_id = fields.Many2one(
        'res.users',
        string="In Charge",
        default=lambda self: self.env.user,
        domain=[('share', '=', False)],
        index='btree_not_null',
        ondelete='restrict',
        tracking=True,
        help="Who settles it with the customer.",
    )
    complaint_id = fields.Many2one(
        'gem.crm.complaint',
        domain="[('partner_id', '=', partner_id), ('company_id', '=', company_id)]",
        check_company=True,
        index='btree_not_null',
        ondelete='set null',
        tracking=True,
        help="The complaint that the dispute is part of; it ends with it. Empty: none.",
    )
    line_ids = fields.One2many(
        'gem.crm.complaint.line',
        'dispute_id',
        string="Claimed Lines",
        help="Which lines of the invoice, and what of them is accepted. Lines without a quantity "
             "are not kept.",
    )
    date_since = fields.Date(
        string="Since", required=True, default=fields.Date.context_today, copy=False,
    )
    date_until = fields.Date(
        string="Until",
        copy=False,
        tracking=True,
        help="The last day of the dispute. It ends by itself the day after. Empty: until "
             "somebody ends it.",
    )
    state = fields.Selection(
        [('open', "Open"), ('ended', "Ended")],
        string="Status",
        compute='_compute_state',
        store=True,
        precompute=True,
        index=True,
        tracking=True,
    )
    date_ended = fields.Datetime(string="Ended On", readonly=True, copy=False)
    ended_by_id = fields.Many2one(
        'res.users', readonly=True, copy=False, ondelete='restrict',
    )
    ended_how = fields.Selection(
        [
            ('hand', "By hand"),
            ('date', "Its last day passed"),
            ('complaint', "With its complaint"),
            ('credit', "With its credit note"),
            ('paid', "Nothing is left to pay"),
            ('cancel', "The invoice was cancelled"),
        ],
        string="How It Ended",
        readonly=True,
        copy=False,
        tracking=True,
    )
    no_followup_before = fields.Boolean(
        string="Was Already Out of Reminders",
        readonly=True,
        copy=False,
        help="What the invoice goes back to when its last dispute ends.",
    )

    _positive_amount = models.Constraint(
        'CHECK (amount > 0)', "The disputed amount must be more than zero.",
    )
    _until_after_since = models.Constraint(
        'CHECK (date_until >= date_since)', "A dispute cannot end before it began.",
    )
    _open_idx = models.Index("(move_id) WHERE state = 'open'")

    # ------------------------------------------------------------
    # What is proposed and computed
    # ------------------------------------------------------------

    @api.depends('move_id')
    def _compute_amount(self):
        for dispute in self:
            if dispute.move_id and not dispute.amount:
                dispute.amount = dispute._amount_left()
            else:
                dispute.amount = dispute.amount

    @api.depends('amount', 'move_id.invoice_currency_rate')
    def _compute_amount_company(self):
        for dispute in self:
            rate = dispute.move_id.invoice_currency_rate or 1
            dispute.amount_company = dispute.company_currency_id.round(dispute.amount / rate)

    @api.depends('date_ended')
    def _compute_state(self):
        for dispute in self:
            dispute.state = 'ended' if dispute.date_ended else 'open'

    @api.depends('move_id', 'amount')
    def _compute_display_name(self):
        for dispute in self:
            # sudo: the invoice's name, for those who read no invoices
            dispute.display_name = self.env._(
                "%(invoice)s: %(amount)s disputed",
                invoice=dispute.sudo().move_id.name,
                amount=formatLang(self.env, dispute.amount, currency_obj=dispute.currency_id),
            )

    # ------------------------------------------------------------
    # What is refused
    # ------------------------------------------------------------

    @api.constrains('move_id', 'amount', 'date_ended')
    def _check_amount(self):
        opened = self.filtered(lambda dispute: not dispute.date_ended)
        opened._check_is_owed()
        # sudo: all disputes of the invoice count, whoever may read them
        by_move = self.sudo()._open_of(opened.move_id).grouped('move_id')
        for move, disputes in by_move.items():
            disputed = sum(disputes.mapped('amount'))
            if move.currency_id.compare_amounts(disputed, move.amount_residual) > 0:
                others = sum((disputes - self.sudo()).mapped('amount'))
                raise ValidationError(self._sentence_too_much(move, others))

    def _sentence_too_much(self, move, others):
        def money(amount):
            return formatLang(self.env, amount, currency_obj=move.currency_id)
        if not move.amount_residual:
            return self.env._(
                "Nothing is left to pay on %(invoice)s, so that nothing of it can be disputed. "
                "To pay money back, open a complaint and claim lines of the invoice.",
                invoice=move.name,
            )
        if not others:
            return self.env._(
                "%(residual)s is left to pay on %(invoice)s: no more than that can be disputed.",
                residual=money(move.amount_residual), invoice=move.name,
            )
        return self.env._(
            "%(residual)s is left to pay on %(invoice)s, and %(others)s of it is disputed "
            "already: no more than %(left)s can be disputed besides.",
            residual=money(move.amount_residual), invoice=move.name, others=money(others),
            left=money(max(0, move.amount_residual - others)),
        )

    @api.constrains('complaint_id', 'partner_id')
    def _check_complaint_id(self):
        # sudo: accountants read complaints about invoices only
        for dispute in self.sudo().filtered('complaint_id'):
            if dispute.complaint_id.partner_id != dispute.partner_id:
                raise ValidationError(self.env._(
                    "“%(complaint)s” is no complaint of %(customer)s. Choose one of theirs.",
                    complaint=dispute.complaint_id.display_name,
                    customer=dispute.partner_id.display_name,
                ))

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if 'line_ids' in fields and values.get('move_id') and not values.get('line_ids'):
            move = self.env['account.move'].browse(values['move_id'])
            if move.has_access('read'):
                values['line_ids'] = [
                    Command.create({'move_line_id': line.id, 'quantity': 0})
                    for line in move._gem_claimable_lines()
                ]
        return values

    @api.model_create_multi
    def create(self, vals_list):
        disputes = super().create([self._without_empty_lines(vals) for vals in vals_list])
        disputes._stop_reminders()
        return disputes

    def write(self, vals):
        return super().write(self._without_empty_lines(vals))

    @api.model
    def _without_empty_lines(self, vals):
        """Return ``vals`` without the proposed lines of which nothing is claimed."""
        if not vals.get('line_ids'):
            return vals
        return dict(vals, line_ids=[
            command for command in vals['line_ids']
            if command[0] != Command.CREATE
            or command[2].get('quantity') or command[2].get('accepted_quantity')
        ])

    @api.ondelete(at_uninstall=False)
    def _unlink_end(self):
        # The database deletes claims with their dispute, and asks none of them.
        # sudo: what is credited counts, whoever may read it
        self.sudo().line_ids._unlink_except_credited()
        self._end('hand')

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_end(self):
        """End the disputes by hand."""
        self.check_access('write')
        self._end('hand')

    def action_reopen(self):
        """Open again disputes that were ended too early."""
        ended = self.filtered('date_ended')
        ended.write({'date_ended': False, 'ended_by_id': False, 'ended_how': False})
        today = fields.Date.context_today(self)
        ended.filtered(lambda d: d.date_until and d.date_until < today).date_until = False
        ended._stop_reminders()

    def action_claim_all(self):
        """Claim the lines of the invoice that are not claimed yet, whole, to be lowered."""
        self.ensure_one()
        # Those who read no invoices do not dispute them either.
        self.env['gem.crm.complaint.line'].create([
            {'dispute_id': self.id, 'move_line_id': line.id, 'quantity': line.quantity}
            for line in self.move_id._gem_claimable_lines() - self.line_ids.move_line_id
        ])

    def action_credit(self):
        """Draft the credit note of what is accepted, and show it."""
        return self.line_ids.action_credit()

    # ------------------------------------------------------------
    # Business
    # ------------------------------------------------------------

    @api.model
    def _open_of(self, moves):
        """Return the open disputes of these invoices."""
        return self.search([('move_id', 'in', moves.ids), ('state', '=', 'open')])

    def _amount_left(self):
        """Return what of the invoice is neither paid nor disputed by another dispute."""
        self.ensure_one()
        others = self._open_of(self.move_id) - self._origin
        return max(0, self.move_id.amount_residual - sum(others.mapped('amount')))

    def _end(self, how):
        """End those of the disputes that are open, and leave a trace of it.

        :param str how: one of the values of ``ended_how``
        """
        opened = self.filtered(lambda dispute: not dispute.date_ended)
        opened.write({
            'date_ended': self.env.cr.now(), 'ended_by_id': self.env.uid, 'ended_how': how,
        })
        opened._give_reminders_back()

    def _end_if_settled(self):
        """End those of the disputes whose claims are all decided, and credited if accepted.

        Where nothing is credited, the customer may insist: somebody ends it by hand.
        """
        for dispute in self:
            states = set(dispute.line_ids.mapped('state'))
            if 'credited' in states and states <= {'credited', 'refused'}:
                dispute._end('credit')

    def _come_back(self):
        """Open again those of the disputes of which something is left to pay."""
        for dispute in self:
            if left := dispute._amount_left():
                dispute.amount = min(dispute.amount, left)
                dispute.action_reopen()

    def _stop_reminders(self):
        """Take the invoices out of reminders, and remember what they were before."""
        # sudo: who may dispute an invoice may stop its reminders, and nothing else of it
        disputes = self.sudo()
        opened = self.sudo()._open_of(disputes.move_id)
        for move, ours in disputes.grouped('move_id').items():
            others = opened.filtered(lambda d, move=move: d.move_id == move) - ours
            # What somebody chose before the first of them is what counts.
            ours.no_followup_before = (
                others[0].no_followup_before if others else move.no_followup)
        disputes.move_id._gem_set_no_followup(True)

    def _give_reminders_back(self):
        """Give invoices without an open dispute back to what they were."""
        # sudo: as above
        disputes = self.sudo()
        still = disputes._open_of(disputes.move_id).move_id
        for move, ours in disputes.grouped('move_id').items():
            if move not in still:
                move._gem_set_no_followup(ours[0].no_followup_before)

    @api.model
    def _cron_end(self):
        """End the disputes whose last day passed, or whose invoice is settled, in batches."""
        today = fields.Date.context_today(self)
        causes = {
            'date': Domain('date_until', '<', today),
            'paid': Domain('move_id.amount_residual', '=', 0) & Domain(
                'move_id.state', '=', 'posted'),
        }
        IrCron = self.env['ir.cron']
        opened = Domain('state', '=', 'open')
        IrCron._commit_progress(
            remaining=self.search_count(opened & Domain.OR(causes.values())))
        for how, domain in causes.items():
            while disputes := self.search(opened & domain, limit=BATCH_SIZE, order='id'):
                disputes._end(how)
                if not IrCron._commit_progress(len(disputes)):
                    return
