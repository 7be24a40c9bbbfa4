from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# Customers gained or lost per transaction: a killed run loses no more work than that.
BATCH_SIZE = 5000


class GemCrmTagRule(models.Model):
    """A tag that follows a segment: who is in the segment has it, who leaves it loses it.

    What people do by hand stands. A tag that was there before is not taken away, and one
    that somebody took away is not given again until the customer has left the segment.
    """
    _name = 'gem.crm.tag.rule'
    _description = "Tag That Follows a Segment"
    _order = 'sequence, id'

    name = fields.Char(related='category_id.name')
    category_id = fields.Many2one(
        'res.partner.category', string="Tag", required=True, ondelete='cascade',
    )
    segment_id = fields.Many2one(
        'gem.crm.segment',
        string="Of the Customers In",
        required=True,
        index=True,
        ondelete='restrict',
    )
    user_id = fields.Many2one(
        'res.users',
        string="Seen As",
        required=True,
        default=lambda self: self.env.user,
        domain=[('share', '=', False)],
        ondelete='restrict',
        help="The rule sees the customers and figures that this person may read, in all of "
             "their companies.",
    )
    assignment_ids = fields.One2many('gem.crm.tag.assignment', 'rule_id', string="History")
    customer_count = fields.Integer(string="Tags Set", compute='_compute_customer_count')
    problem = fields.Char(compute='_compute_problem', help="Why the rule changes nothing now.")
    applied_on = fields.Datetime(
        string="Last Applied", readonly=True, copy=False,
        help="Rules are applied every night, and when they change.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _category_unique = models.UniqueIndex(
        '(category_id) WHERE active',
        "This tag already follows a segment. Change that rule, or archive it first.",
    )

    def _compute_customer_count(self):
        counts = dict(self.env['gem.crm.tag.assignment']._read_group(
            [('rule_id', 'in', self.ids), ('until', '=', False), ('is_set', '=', True)],
            ['rule_id'], ['__count'],
        ))
        for rule in self:
            rule.customer_count = counts.get(rule, 0)

    @api.depends('active', 'user_id', 'segment_id')
    def _compute_problem(self):
        for rule in self:
            if not rule.active:
                rule.problem = False
            elif not rule.user_id.active:
                rule.problem = self.env._(
                    "%(user)s has left. Choose another person.", user=rule.user_id.name)
            elif not rule.segment_id.with_user(rule.user_id)._is_usable():
                rule.problem = self.env._(
                    "%(user)s may not read what the segment asks, or it makes no sense any more. "
                    "Correct the segment, or choose another person.", user=rule.user_id.name)
            else:
                rule.problem = False

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self._apply_soon()
        return rules

    def write(self, vals):
        if 'category_id' in vals:
            for rule in self:
                if rule.assignment_ids and rule.category_id.id != vals['category_id']:
                    raise UserError(self.env._(
                        "This rule has already set the tag “%(tag)s”. "
                        "Archive it, and add a rule for the other tag.",
                        tag=rule.category_id.name,
                    ))
        result = super().write(vals)
        if not vals.keys().isdisjoint(('segment_id', 'user_id', 'active')):
            self._apply_soon()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_set(self):
        for rule in self:
            if rule.customer_count:
                raise UserError(self.env._(
                    "%(count)s customers have the tag “%(tag)s” from this rule. "
                    "Archive it, so that it takes its tags back.",
                    count=rule.customer_count, tag=rule.category_id.name,
                ))

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_apply(self):
        """Apply these rules now, and say what was done."""
        self.check_access('write')
        gained = lost = 0
        for rule in self:
            rule_gained, rule_lost = rule._apply()
            gained += rule_gained
            lost += rule_lost
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'type': 'success',
                'message': self.env._(
                    "%(gained)s customers got the tag, %(lost)s lost it.",
                    gained=gained, lost=lost,
                ),
                'next': {'type': 'ir.actions.client', 'tag': 'soft_reload'},
            },
        }

    def action_view_customers(self):
        """Return the action that opens the customers who have the tag."""
        return dict(
            self.env['ir.actions.act_window']._for_xml_id('gem_crm.res_partner_action_customer'),
            display_name=", ".join(self.category_id.mapped('name')),
            domain=[*self.env['res.partner']._gem_customers_domain(),
                    ('category_id', 'in', self.category_id.ids)],
            context={'create': False},
        )

    # ------------------------------------------------------------
    # How they are applied
    # ------------------------------------------------------------

    @api.model
    def _apply_soon(self):
        # Missing only while the module installs or uninstalls itself.
        cron = self.env.ref('gem_crm.gem_crm_tag_rule_cron', raise_if_not_found=False)
        if cron:
            # sudo: crons are the system's
            cron.sudo()._trigger()

    @api.model
    def _cron_apply(self):
        """Apply all rules. What is killed starts again, and does nothing twice."""
        IrCron = self.env['ir.cron']
        # pylint: disable-next=no-search-all; settings; an archived rule takes its tags back
        rules = self.with_context(active_test=False).search([]).filtered(
            lambda rule: rule.active or rule.customer_count)
        IrCron._commit_progress(remaining=len(rules))
        for rule in rules:
            while sum(rule._apply(BATCH_SIZE)):
                # what the batch did is kept; the rule itself is not finished yet
                if not IrCron._commit_progress():
                    return
            if not IrCron._commit_progress(1):
                return

    def _apply(self, limit=None):
        """Bring the tag of this rule up to its segment.

        :param int limit: how many customers may gain or lose it at most
        :return: pair (how many joined the segment, how many left it)
        """
        self.ensure_one()
        if self.problem:
            # Whose segment cannot be asked keep their tags.
            return 0, 0
        Assignment = self.env['gem.crm.tag.assignment'].sudo()
        self.env.flush_all()
        Assignment._notice_what_was_taken_away(self)
        members = self._members_sql()
        left = Assignment._end(self, members, limit)
        joined = Assignment._begin(self, members, limit) if self.active else []
        changed = [*joined, *left]
        # sudo: nobody writes here, and everybody may read it
        self.sudo().applied_on = self.env.cr.now()
        if changed:
            self.env['res.partner'].invalidate_model(['category_id'])
            self.env['res.partner.category'].invalidate_model(['partner_ids'])
            self.env['gem.crm.profile.mark']._mark(changed)
        return len(joined), len(left)

    def _members_sql(self):
        """Return a query of the ids of those who are to have the tag, as ``user_id`` sees them."""
        queries = []
        for company in self.user_id.company_ids if self.active else ():
            if self.segment_id.company_id in (company, company.browse()):
                # Not as the scheduler: conditions are people's, and see what they may see.
                partners = self.env['res.partner'].with_user(self.user_id)
                partners = partners.with_context(allowed_company_ids=company.ids)
                domain = self.segment_id.with_env(partners.env)._customers()
                queries.append(partners._search(domain).select())
        return SQL(" UNION ").join(queries or [SQL("SELECT NULL::int WHERE FALSE")])

