from odoo import api, fields, models
from odoo.tools.sql import column_exists, create_column

from .res_partner import CRM_USER, PREFETCH


class ResPartner(models.Model):
    """Whether a customer accepts the newsletter: their last answer."""
    _inherit = 'res.partner'

    gem_newsletter = fields.Selection(
        [('accepted', "Accepted"), ('refused', "Refused"), ('withdrawn', "Withdrawn")],
        string="Newsletter",
        compute='_compute_gem_newsletter',
        inverse='_inverse_gem_newsletter',
        store=True,
        copy=False,
        groups=CRM_USER,
        prefetch=PREFETCH,
        help="The customer's last answer about the newsletter. Empty: never asked.",
    )
    gem_consent_ids = fields.One2many(
        'gem.crm.consent', 'partner_id', string="Newsletter History", groups=CRM_USER,
    )

    def _auto_init(self):
        # Nobody has answered yet: spare the installation from asking for each partner.
        if not column_exists(self.env.cr, self._table, 'gem_newsletter'):
            create_column(self.env.cr, self._table, 'gem_newsletter', 'varchar')
        return super()._auto_init()

    @api.depends(
        'commercial_partner_id.gem_consent_ids.decision',
        'commercial_partner_id.gem_consent_ids.date',
    )
    def _compute_gem_newsletter(self):
        last_answer = self.env['gem.crm.consent']._last_answers(self.commercial_partner_id)
        for partner in self:
            customer = partner.commercial_partner_id._origin
            partner.gem_newsletter = last_answer.get(customer)

    def _inverse_gem_newsletter(self):
        channel = 'import' if self.env.context.get('import_file') else 'other'
        last_answer = self.env['gem.crm.consent']._last_answers(self.commercial_partner_id)
        self.env['gem.crm.consent'].create([
            {
                'partner_id': partner.id,
                'decision': partner.gem_newsletter,
                'channel': channel,
            }
            for partner in self
            if partner.gem_newsletter
            and partner.gem_newsletter != last_answer.get(partner.commercial_partner_id)
        ])
        # An empty cell of an import is no answer: the last one stands.
        unanswered = self.filtered(lambda partner: not partner.gem_newsletter)
        self.env.add_to_compute(self._fields['gem_newsletter'], unanswered)

    def gem_action_record_consent(self):
        """Return the action that records the customer's answer about the newsletter."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Answer About the Newsletter"),
            'res_model': 'gem.crm.consent',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {'default_partner_id': self.commercial_partner_id.id},
        }

    def gem_action_view_consents(self):
        """Return the action that lists the customer's answers about the newsletter."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("History of the Answers"),
            'res_model': 'gem.crm.consent',
            'views': [(False, 'list')],
            'target': 'new',
            'domain': [('partner_id', '=', self.commercial_partner_id.id)],
            'context': {'gem_one_customer': True, 'create': False},
        }

    @api.model
    def _gem_follow_up_fields(self):
        return super()._gem_follow_up_fields() + [
            'gem_newsletter',
        ]
