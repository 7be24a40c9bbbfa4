from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

CRM_USER = 'gem_crm.gem_crm_group_user'
CRM_READER = 'gem_crm.gem_crm_group_user,gem_crm.gem_crm_group_accountant'


class ResPartner(models.Model):
    _inherit = 'res.partner'

    # Who is in charge
    gem_account_manager_id = fields.Many2one(
        'res.users',
        string="Account Manager",
        compute='_compute_gem_account_manager_id',
        inverse='_inverse_gem_account_manager_id',
        store=True,
        readonly=False,
        recursive=True,
        domain=[('share', '=', False)],
        index='btree_not_null',
        ondelete='restrict',
        tracking=True,
        groups=CRM_READER,
        help="Follows the salesperson until another person is chosen here. "
             "Empty it to follow the salesperson again.",
    )
    gem_account_manager_chosen = fields.Boolean(
        string="Account Manager Chosen by Hand",
        copy=False,
        groups=CRM_USER,
    )
    gem_deputy_id = fields.Many2one(
        'res.users',
        string="Deputy",
        domain=[('share', '=', False)],
        index='btree_not_null',
        ondelete='restrict',
        copy=False,
        tracking=True,
        groups=CRM_READER,
        help="In charge of the customer instead of the account manager between the two dates.",
    )
    gem_deputy_from = fields.Date(
        string="Deputy From", copy=False, tracking=True, groups=CRM_READER,
        help="Empty: from now on.",
    )
    gem_deputy_until = fields.Date(
        string="Deputy Until", copy=False, tracking=True, groups=CRM_READER,
        help="Last day included. Empty: until further notice.",
    )
    gem_in_charge_id = fields.Many2one(
        'res.users',
        string="In Charge Today",
        compute='_compute_gem_in_charge_id',
        search='_search_gem_in_charge_id',
        groups=CRM_READER,
        help="The deputy between the two dates, the account manager otherwise.",
    )
    gem_is_followed_by_me = fields.Boolean(
        string="Followed by Me",
        compute='_compute_gem_is_followed_by_me',
        search='_search_gem_is_followed_by_me',
        groups=CRM_USER,
        help="I am the account manager or today's deputy, or there is no account manager.",
    )

    # How they came
    gem_referral_id = fields.Many2one(
        'gem.crm.referral',
        string="Referred By",
        index='btree_not_null',
        ondelete='restrict',
        tracking=True,
        groups=CRM_USER,
    )
    gem_referral_is_from_customer = fields.Boolean(
        related='gem_referral_id.is_from_customer', groups=CRM_USER,
    )
    gem_referrer_id = fields.Many2one(
        'res.partner',
        string="Referring Customer",
        index='btree_not_null',
        ondelete='set null',
        tracking=True,
        groups=CRM_USER,
    )
    gem_referred_ids = fields.One2many(
        'res.partner', 'gem_referrer_id', string="Customers Brought", groups=CRM_USER,
    )

    # What they accept, need, and are owed next
    gem_newsletter = fields.Selection(
        [('accepted', "Accepted"), ('refused', "Refused"), ('withdrawn', "Withdrawn")],
        string="Newsletter",
        compute='_compute_gem_newsletter',
        inverse='_inverse_gem_newsletter',
        store=True,
        recursive=True,
        copy=False,
        groups=CRM_USER,
        help="The customer's last answer about the newsletter. Empty: never asked.",
    )
    gem_consent_ids = fields.One2many(
        'gem.crm.consent', 'partner_id', string="Newsletter History", groups=CRM_USER,
    )
    gem_need_ids = fields.One2many(
        'gem.crm.need', 'partner_id', string="Needs", groups=CRM_USER,
    )
    gem_note_ids = fields.One2many(
        'gem.crm.note', 'partner_id', string="Follow-up Notes", groups=CRM_USER,
    )
    gem_next_note_id = fields.Many2one(
        'gem.crm.note',
        string="Next Step",
        compute='_compute_gem_next_note_id',
        groups=CRM_USER,
        help="The first follow-up note that is still to be done.",
    )
    gem_next_date = fields.Date(
        string="Next Step On", compute='_compute_gem_next_note_id', groups=CRM_USER,
    )
    gem_next_user_id = fields.Many2one(
        'res.users',
        string="Next Step By",
        compute='_compute_gem_next_note_id',
        groups=CRM_USER,
    )

    _gem_deputy_dates = models.Constraint(
        'CHECK (gem_deputy_from <= gem_deputy_until)',
        "The deputy's last day comes before the first one.",
    )

    # ------------------------------------------------------------
    # Who is in charge
    # ------------------------------------------------------------

    @api.depends('user_id', 'gem_account_manager_chosen', 'parent_id.gem_account_manager_id')
    def _compute_gem_account_manager_id(self):
        for partner in self:
            if partner.parent_id and not partner.is_company:
                partner.gem_account_manager_id = partner.parent_id.gem_account_manager_id
            elif not partner.gem_account_manager_chosen:
                partner.gem_account_manager_id = partner.user_id
            else:
                partner.gem_account_manager_id = partner.gem_account_manager_id

    def _inverse_gem_account_manager_id(self):
        for partner in self:
            manager = partner.gem_account_manager_id
            partner.gem_account_manager_chosen = bool(manager) and manager != partner.user_id

    @api.depends('gem_account_manager_id', 'gem_deputy_id', 'gem_deputy_from', 'gem_deputy_until')
    def _compute_gem_in_charge_id(self):
        today = fields.Date.context_today(self)
        for partner in self:
            deputised = (
                partner.gem_deputy_id
                and (not partner.gem_deputy_from or partner.gem_deputy_from <= today)
                and (not partner.gem_deputy_until or partner.gem_deputy_until >= today)
            )
            partner.gem_in_charge_id = (
                partner.gem_deputy_id if deputised else partner.gem_account_manager_id
            )

    def _search_gem_in_charge_id(self, operator, value):
        if operator not in ('in', 'any'):
            return NotImplemented
        deputised = self._gem_deputised_today_domain()
        return (
            deputised & Domain('gem_deputy_id', operator, value)
            | ~deputised & Domain('gem_account_manager_id', operator, value)
        )

    @api.model
    def _gem_deputised_today_domain(self):
        today = fields.Date.context_today(self)
        return (
            Domain('gem_deputy_id', '!=', False)
            & (Domain('gem_deputy_from', '=', False) | Domain('gem_deputy_from', '<=', today))
            & (Domain('gem_deputy_until', '=', False) | Domain('gem_deputy_until', '>=', today))
        )

    @api.depends_context('uid')
    @api.depends('gem_account_manager_id', 'gem_in_charge_id')
    def _compute_gem_is_followed_by_me(self):
        for partner in self:
            manager = partner.gem_account_manager_id
            partner.gem_is_followed_by_me = (
                not manager or self.env.user in (manager | partner.gem_in_charge_id)
            )

    def _search_gem_is_followed_by_me(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return (
            Domain('gem_account_manager_id', 'in', [self.env.uid, False])
            | self._gem_deputised_today_domain() & Domain('gem_deputy_id', '=', self.env.uid)
        )

    # ------------------------------------------------------------
    # How they came
    # ------------------------------------------------------------

    @api.constrains('gem_referrer_id')
    def _check_gem_referrer_id(self):
        for partner in self.filtered('gem_referrer_id'):
            if partner.gem_referrer_id.commercial_partner_id == partner.commercial_partner_id:
                raise ValidationError(self.env._(
                    "%(customer)s cannot have been referred by itself. "
                    "Choose another customer.",
                    customer=partner.display_name,
                ))

    # ------------------------------------------------------------
    # What they accept, need, and are owed next
    # ------------------------------------------------------------

    @api.depends('gem_consent_ids.decision', 'gem_consent_ids.date', 'parent_id.gem_newsletter')
    def _compute_gem_newsletter(self):
        last_answer = self.env['gem.crm.consent']._last_answers(self)
        for partner in self:
            if partner.parent_id and not partner.is_company:
                partner.gem_newsletter = partner.parent_id.gem_newsletter
            else:
                partner.gem_newsletter = last_answer.get(partner._origin)

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

    @api.depends('gem_note_ids.date_due', 'gem_note_ids.date_done', 'gem_note_ids.name')
    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_gem_next_note_id(self):
        notes = self.env['gem.crm.note']
        if customers := self.commercial_partner_id:
            query = notes._search([('partner_id', 'in', customers.ids), ('date_done', '=', False)])
            notes = notes.browse(row[0] for row in self.env.execute_query(SQL(
                """
                    SELECT DISTINCT ON (partner_id) id
                      FROM gem_crm_note
                     WHERE id IN %s
                  ORDER BY partner_id, date_due, id
                """,
                query.subselect(),
            )))
        next_by_customer = {note.partner_id: note for note in notes}
        for partner in self:
            note = next_by_customer.get(partner.commercial_partner_id, notes.browse())
            partner.gem_next_note_id = note
            partner.gem_next_date = note.date_due
            partner.gem_next_user_id = note.user_id

    # ------------------------------------------------------------
    # Rules of the customer
    # ------------------------------------------------------------

    @api.model
    def _gem_follow_up_fields(self):
        """Names of the fields that say how a customer is followed."""
        return [
            'gem_account_manager_id', 'gem_account_manager_chosen',
            'gem_deputy_id', 'gem_deputy_from', 'gem_deputy_until',
            'gem_referral_id', 'gem_referrer_id', 'gem_newsletter',
        ]

    @api.model
    def _commercial_fields(self):
        # A contact is followed as its company is. The computed ones follow by themselves.
        return super()._commercial_fields() + [
            'gem_deputy_id', 'gem_deputy_from', 'gem_deputy_until',
            'gem_referral_id', 'gem_referrer_id',
        ]

    @api.model_create_multi
    def create(self, vals_list):
        follow_up = set(self._gem_follow_up_fields())
        if not self.env.su and any(not follow_up.isdisjoint(vals) for vals in vals_list):
            self._check_gem_follow_up_access()
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and not vals.keys().isdisjoint(self._gem_follow_up_fields()):
            self._check_gem_follow_up_access()
        moves = 'parent_id' in vals or 'is_company' in vals
        before = {partner: partner.commercial_partner_id for partner in self.sudo()} if moves else {}
        result = super().write(vals)
        self._gem_records_follow(before)
        return result

    def _check_gem_follow_up_access(self):
        """Raise unless the user may change how these customers are followed."""
        user = self.env.user
        if not user.has_group(CRM_USER):
            raise AccessError(self.env._(
                "Only users of CRM follow-up may say how a customer is followed."
            ))
        if user.has_group('gem_crm.gem_crm_group_user_all'):
            return
        if others := self.commercial_partner_id.filtered(lambda p: not p.gem_is_followed_by_me):
            raise AccessError(self.env._(
                "%(customer)s is followed by %(manager)s. Ask them, or an administrator of CRM "
                "follow-up, to change it.",
                customer=others[0].display_name,
                manager=others[0].gem_account_manager_id.display_name,
            ))

    def _gem_records_follow(self, before):
        """Give the records of customers who became contacts to their new company."""
        for partner, customer in before.items():
            if customer == partner != partner.commercial_partner_id:
                for model in self.env['gem.crm.customer.mixin']._models():
                    records = model.sudo().with_context(active_test=False)
                    records.search([('partner_id', '=', partner.id)]).write(
                        {'partner_id': partner.commercial_partner_id.id})
