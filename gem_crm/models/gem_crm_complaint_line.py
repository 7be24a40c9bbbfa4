from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_compare, formatLang

from .gem_crm_invoice_mixin import OWED_DOCUMENTS

DECISIONS = ('accepted_quantity', 'accepted_amount')


class GemCrmComplaintLine(models.Model):
    """A line of a posted invoice that a customer claims on: for how much, and what we accept.

    It is part of a complaint, of a dispute, or of both. Amounts are at the prices of the
    invoice: with the taxes that these prices include, without those added to them.
    """
    _name = 'gem.crm.complaint.line'
    _description = "Claimed Invoice Line"
    _inherit = ['gem.crm.customer.mixin']
    _order = 'id desc'
    _rec_name = 'reason'
    _check_company_auto = True

    partner_id = fields.Many2one(readonly=True)
    company_id = fields.Many2one(required=True, readonly=True)
    complaint_id = fields.Many2one(
        'gem.crm.complaint',
        compute='_compute_complaint_id',
        store=True,
        precompute=True,
        readonly=False,
        check_company=True,
        index='btree_not_null',
        ondelete='cascade',
    )
    dispute_id = fields.Many2one(
        'gem.crm.dispute', check_company=True, index='btree_not_null', ondelete='cascade',
    )
    move_line_id = fields.Many2one(
        'account.move.line',
        string="Invoice Line",
        required=True,
        domain="[('display_type', '=', 'product'), ('parent_state', '=', 'posted'), "
               f"('move_id.move_type', 'in', {OWED_DOCUMENTS}), "
               "('move_id.commercial_partner_id', '=', partner_id)]",
        index=True,
        ondelete='restrict',
    )
    move_id = fields.Many2one(
        related='move_line_id.move_id', string="Invoice", store=True, precompute=True, index=True,
    )
    product_id = fields.Many2one(
        related='move_line_id.product_id', string="Product", store=True, precompute=True,
        index='btree_not_null',
    )
    description = fields.Char(related='move_line_id.name', string="On the Invoice")
    invoiced_quantity = fields.Float(related='move_line_id.quantity', string="Invoiced")
    price_unit = fields.Float(related='move_line_id.price_unit', string="Price")
    currency_id = fields.Many2one(
        related='move_line_id.currency_id', string="Currency", store=True, precompute=True,
    )
    company_currency_id = fields.Many2one(
        related='company_id.currency_id', string="Company Currency")
    quantity = fields.Float(
        string="Claimed Quantity",
        digits='Product Unit',
        compute='_compute_quantity',
        store=True,
        precompute=True,
        readonly=False,
    )
    amount = fields.Monetary(
        string="Claimed Amount",
        compute='_compute_amount',
        store=True,
        precompute=True,
        readonly=False,
        help="At the prices of the invoice. Less, if the customer keeps the goods and asks for a "
             "part of the price.",
    )
    reason_id = fields.Many2one(
        'gem.crm.dispute.reason',
        compute='_compute_reason_id',
        store=True,
        precompute=True,
        readonly=False,
        index='btree_not_null',
        ondelete='restrict',
    )
    reason = fields.Char(string="Remark")
    accepted_quantity = fields.Float(digits='Product Unit', copy=False)
    accepted_amount = fields.Monetary(
        compute='_compute_accepted_amount',
        store=True,
        precompute=True,
        readonly=False,
        copy=False,
        help="At the prices of the invoice. Less, to give a part of the price back.",
    )
    accepted_by_id = fields.Many2one(
        'res.users', string="Decided By", readonly=True, copy=False, ondelete='restrict',
    )
    accepted_on = fields.Datetime(string="Decided On", readonly=True, copy=False)
    is_refused = fields.Boolean(string="Refused", readonly=True, copy=False)
    credit_line_id = fields.Many2one(
        'account.move.line', string="Line of the Credit Note", readonly=True, copy=False,
        index='btree_not_null', ondelete='set null',
    )
    credit_move_id = fields.Many2one(
        related='credit_line_id.move_id', string="Credit Note", store=True, index='btree_not_null',
    )
    state = fields.Selection(
        [
            ('claimed', "Claimed"),
            ('refused', "Refused"),
            ('accepted', "Accepted"),
            ('drafted', "Credit note drafted"),
            ('credited', "Credited"),
        ],
        string="Status",
        compute='_compute_state',
        store=True,
        precompute=True,
        index=True,
    )
    expected = fields.Monetary(
        string="Credit Expected, in Company Currency",
        compute='_compute_expected',
        store=True,
        currency_field='company_currency_id',
        help="What is accepted and not credited yet, without taxes, at the rate of the invoice.",
    )

    _of_a_complaint_or_dispute = models.Constraint(
        'CHECK (complaint_id IS NOT NULL OR dispute_id IS NOT NULL)',
        "Claim a line in a complaint or in a dispute.",
    )
    _positive = models.Constraint(
        'CHECK (quantity > 0 AND amount >= 0 AND accepted_quantity >= 0 AND accepted_amount >= 0)',
        "Quantities and amounts of a claim must be more than zero.",
    )

    # ------------------------------------------------------------
    # What is proposed and computed
    # ------------------------------------------------------------

    @api.depends('dispute_id.complaint_id')
    def _compute_complaint_id(self):
        for line in self:
            line.complaint_id = line.dispute_id.complaint_id or line.complaint_id

    @api.depends('dispute_id.reason_id')
    def _compute_reason_id(self):
        for line in self:
            line.reason_id = line.reason_id or line.dispute_id.reason_id

    @api.depends('accepted_quantity')
    def _compute_quantity(self):
        for line in self:
            # What is accepted was claimed.
            line.quantity = max(line.quantity, line.accepted_quantity)

    @api.depends('quantity', 'move_line_id')
    def _compute_amount(self):
        for line in self:
            line.amount = line._price_of(line.quantity)

    @api.depends('accepted_quantity', 'move_line_id')
    def _compute_accepted_amount(self):
        for line in self:
            line.accepted_amount = line._price_of(line.accepted_quantity)

    @api.depends('accepted_quantity', 'is_refused', 'credit_line_id.parent_state')
    def _compute_state(self):
        for line in self:
            if line.credit_line_id.parent_state == 'posted':
                line.state = 'credited'
            elif line.credit_line_id.parent_state == 'draft':
                line.state = 'drafted'
            elif line.accepted_quantity:
                line.state = 'accepted'
            else:
                line.state = 'refused' if line.is_refused else 'claimed'

    @api.depends('accepted_amount', 'state', 'move_line_id')
    def _compute_expected(self):
        for line in self:
            if line.state not in ('accepted', 'drafted'):
                line.expected = 0
                continue
            origin = line.move_line_id
            full = line._price_of(origin.quantity)
            share = line.accepted_amount / full if full else 0
            line.expected = line.company_currency_id.round(share * abs(origin.balance))

    @api.depends('move_line_id')
    def _compute_display_name(self):
        for line in self:
            # sudo: the names of invoice lines, for those who read no invoices
            line.display_name = line.sudo().move_line_id.display_name

    def _price_of(self, quantity):
        """Return what ``quantity`` of the invoice line costs, at the prices of the invoice."""
        self.ensure_one()
        # sudo: claims are written by people who read no invoices
        line = self.sudo().move_line_id
        return line.currency_id.round(
            quantity * line.price_unit * (1 - line.discount / 100)) if line else 0

    # ------------------------------------------------------------
    # What is refused
    # ------------------------------------------------------------

    @api.constrains('move_line_id', 'complaint_id', 'dispute_id')
    def _check_move_line_id(self):
        # sudo: as above
        for line in self.sudo():
            move = line.move_id
            if (
                move.move_type not in OWED_DOCUMENTS or move.state != 'posted'
                or line.move_line_id.display_type != 'product'
            ):
                raise ValidationError(self.env._(
                    "Only lines of posted customer invoices can be claimed. Choose one of these.",
                ))
            customer = line.complaint_id.partner_id or line.dispute_id.partner_id
            if line.partner_id != customer:
                raise ValidationError(self.env._(
                    "%(invoice)s is an invoice of %(invoiced)s, not of %(customer)s.",
                    invoice=move.name, invoiced=line.partner_id.display_name,
                    customer=customer.display_name or self.env._("nobody known"),
                ))
            if line.dispute_id and line.dispute_id.move_id != move:
                raise ValidationError(self.env._(
                    "The dispute is about %(invoice)s: only lines of it can be claimed there.",
                    invoice=line.dispute_id.move_id.name,
                ))

    @api.constrains('quantity', 'amount', 'accepted_quantity', 'accepted_amount')
    def _check_not_more_than_claimed(self):
        for line in self:
            if (
                line._exceeds(line.quantity, line.sudo().invoiced_quantity)
                or line.currency_id.compare_amounts(
                    line.amount, line._price_of(line.quantity)) > 0
            ):
                raise ValidationError(self.env._(
                    "%(line)s: %(invoiced)s was invoiced at %(price)s. No more can be claimed.",
                    line=line.display_name, invoiced=line.sudo().invoiced_quantity,
                    price=line._money(line._price_of(1)),
                ))
            if (
                line._exceeds(line.accepted_quantity, line.quantity)
                or line.currency_id.compare_amounts(
                    line.accepted_amount, line._price_of(line.accepted_quantity)) > 0
            ):
                raise ValidationError(self.env._(
                    "%(line)s: %(quantity)s is claimed at %(price)s. No more can be accepted.",
                    line=line.display_name, quantity=line.quantity,
                    price=line._money(line._price_of(1)),
                ))

    def _exceeds(self, quantity, limit):
        # sudo: the precision of the invoice's unit
        precision = self.sudo().move_line_id.product_uom_id.rounding or 0.01
        return float_compare(quantity, limit, precision_rounding=precision) > 0

    def _money(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(self._with_decision(self._with_invoice_line(vals_list)))
        lines.filtered('accepted_quantity')._check_not_more_than_invoiced()
        return lines

    def write(self, vals):
        if any(name in vals for name in DECISIONS):
            if credited := self.filtered('credit_line_id'):
                raise UserError(self.env._(
                    "%(line)s is on the credit note already. Delete the draft of the credit note "
                    "first, or claim the rest on a line of its own.",
                    line=credited[0].display_name,
                ))
            [vals] = self._with_decision([vals])
        result = super().write(vals)
        if any(name in vals for name in DECISIONS):
            self._check_not_more_than_invoiced()
        return result

    def unlink(self):
        # sudo: as for refusing
        disputes = self.sudo().dispute_id
        result = super().unlink()
        disputes._end_if_settled()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_credited(self):
        for line in self.filtered('credit_line_id'):
            raise UserError(self.env._(
                "%(line)s is credited by %(credit_note)s, and stays as its reason.",
                line=line.display_name, credit_note=line.sudo().credit_move_id.display_name,
            ))

    @api.model
    def _with_invoice_line(self, vals_list):
        """Return ``vals_list`` with the customer and the company of each invoice line."""
        # sudo: as above
        origins = self.env['account.move.line'].sudo().browse(
            {vals['move_line_id'] for vals in vals_list if vals.get('move_line_id')})
        known = {
            line.id: {
                'partner_id': line.move_id.commercial_partner_id.id,
                'company_id': line.company_id.id,
            }
            for line in origins
        }
        return [dict(vals, **known.get(vals.get('move_line_id'), {})) for vals in vals_list]

    @api.model
    def _with_decision(self, vals_list):
        """Return ``vals_list`` with who decided, and when, where something is accepted."""
        return [
            dict(
                vals, is_refused=False,
                accepted_by_id=self.env.uid, accepted_on=self.env.cr.now(),
            ) if any(vals.get(name) for name in DECISIONS) else vals
            for vals in vals_list
        ]

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_accept(self):
        """Accept what is claimed, as it is claimed."""
        for line in self.filtered(lambda line: line.state in ('claimed', 'refused')):
            line.write({'accepted_quantity': line.quantity, 'accepted_amount': line.amount})

    def action_refuse(self):
        """Refuse what is claimed and not accepted."""
        refused = self.filtered(lambda line: line.state in ('claimed', 'accepted'))
        refused.write({'accepted_quantity': 0, 'accepted_amount': 0})
        refused.write({
            'is_refused': True, 'accepted_by_id': self.env.uid, 'accepted_on': self.env.cr.now(),
        })
        # sudo: who may refuse the last claim of a dispute ends it by it
        refused.sudo().dispute_id._end_if_settled()
