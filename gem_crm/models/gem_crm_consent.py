from odoo import api, fields, models
from odoo.exceptions import UserError


class GemCrmConsent(models.Model):
    """One answer of a customer about the newsletter.

    The answers are a history: one can be added, none can be changed or removed.
    The customer's newsletter field shows the last one.
    """
    _name = 'gem.crm.consent'
    _description = "Newsletter Consent"
    _inherit = ['gem.crm.customer.mixin']
    _order = 'date desc, id desc'

    decision = fields.Selection(
        [
            ('accepted', "Accepts the newsletter"),
            ('refused', "Refuses the newsletter"),
            ('withdrawn', "Withdrew their consent"),
        ],
        string="Answer",
        required=True,
        default='accepted',
    )
    date = fields.Date(string="Given On", required=True, default=fields.Date.context_today)
    channel = fields.Selection(
        [
            ('form', "Form"),
            ('phone', "Phone"),
            ('email', "E-mail"),
            ('contract', "Contract"),
            ('visit', "Visit"),
            ('import', "Import"),
            ('other', "Other"),
        ],
        string="How",
        required=True,
        default='phone',
    )
    user_id = fields.Many2one(
        'res.users',
        string="Recorded By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete='restrict',
    )
    note = fields.Char(string="Remark")

    _partner_date_idx = models.Index('(partner_id, date DESC, id DESC)')

    @api.constrains('date')
    def _check_date(self):
        today = fields.Date.context_today(self)
        if any(consent.date > today for consent in self):
            raise UserError(self.env._(
                "An answer about the newsletter cannot be dated in the future."
            ))

    @api.constrains('decision', 'partner_id')
    def _check_withdrawal(self):
        for consent in self.filtered(lambda c: c.decision == 'withdrawn'):
            # sudo: what was accepted in another company is withdrawn as well
            before = self.sudo().search_count([
                ('partner_id', '=', consent.partner_id.id),
                ('decision', '=', 'accepted'),
                ('date', '<=', consent.date),
            ], limit=1)
            if not before:
                raise UserError(self.env._(
                    "%(customer)s never accepted the newsletter, so there is no consent to "
                    "withdraw. Choose “Refuses the newsletter”.",
                    customer=consent.partner_id.display_name,
                ))

    @api.model
    def _last_answers(self, partners):
        """Return the last answer of each of the customers who gave one.

        :rtype: dict[ResPartner, str]
        """
        # sudo: a customer has one last answer, whoever recorded it in whichever company
        consents = self.sudo().search([('partner_id', 'in', partners._origin.ids)])
        # The newest come first, and must have the last word.
        return {consent.partner_id: consent.decision for consent in reversed(consents)}

    @api.model_create_multi
    def create(self, vals_list):
        # Who recorded it is a fact, not a choice.
        return super().create([dict(vals, user_id=self.env.uid) for vals in vals_list])

    def write(self, vals):
        if self.env.su and set(vals) == {'partner_id'}:
            return super().write(vals)  # the history follows its customer
        raise UserError(self.env._(
            "An answer about the newsletter cannot be changed. Record a new one instead."
        ))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._(
            "An answer about the newsletter cannot be deleted. Record a new one instead."
        ))
