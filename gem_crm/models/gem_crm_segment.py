from ast import literal_eval

from psycopg2 import Error as DatabaseError

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, mute_logger

from .res_partner import CRM_MANAGER


class GemCrmSegment(models.Model):
    """A named set of customers, by conditions on them and on what is computed about them.

    A segment may be a condition of another one. Nobody is written into it: each reader
    sees who meets the conditions now, among the customers and figures they may read, for
    their current company.
    """
    _name = 'gem.crm.segment'
    _description = "Customer Segment"
    _inherit = ['gem.crm.unique.name.mixin']
    _order = 'sequence, id'

    name = fields.Char(string="Segment")
    description = fields.Text(translate=True, help="Who is meant, and what for.")
    domain = fields.Char(
        string="Customers Who",
        required=True,
        default='[]',
        help="The conditions that a customer meets to be in the segment.",
    )
    part_ids = fields.Many2many(
        'gem.crm.segment',
        'gem_crm_segment_part_rel', 'segment_id', 'part_id',
        string="Made Of",
        compute='_compute_part_ids',
        store=True,
        # as it is written: a part may belong to a company of which the writer is not
        compute_sudo=True,
        help="The segments that the conditions speak of.",
    )
    company_id = fields.Many2one(
        'res.company',
        index='btree_not_null',
        ondelete='cascade',
        help="Empty: a segment for all companies, each with its own figures.",
    )
    tag_rule_ids = fields.One2many(
        'gem.crm.tag.rule', 'segment_id', string="Tags It Sets", context={'active_test': False},
    )
    customer_count = fields.Integer(
        string="Customers",
        compute='_compute_customer_count',
        help="How many customers are in the segment now, as far as you may read what it asks.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    # ------------------------------------------------------------
    # Who is in it
    # ------------------------------------------------------------

    @api.depends('domain')
    def _compute_part_ids(self):
        for segment in self:
            try:
                part_ids = segment._part_ids_in(segment._parse_domain())
            except (ValueError, TypeError, SyntaxError):
                part_ids = []  # refused by the constraint
            segment.part_ids = self.browse(part_ids).exists()

    @api.depends('domain')
    @api.depends_context('uid', 'company')
    def _compute_customer_count(self):
        self.customer_count = 0
        Partner = self.env['res.partner']
        usable = self.filtered(lambda segment: segment._is_usable())
        if usable:
            # all of them in one statement
            [counts] = self.env.execute_query(SQL("SELECT %s", SQL(", ").join(
                SQL("(%s)", Partner._search(segment._customers()).select(SQL("COUNT(*)")))
                for segment in usable
            )))
            for segment, count in zip(usable, counts, strict=True):
                segment.customer_count = count

    def _parse_domain(self):
        return Domain(literal_eval(self.domain))

    @api.model
    def _part_ids_in(self, domain):
        """Return the ids of the segments that ``domain`` speaks of, at whatever depth.

        :raise ValueError: it speaks of a segment in another way than by choosing it
        """
        ids = set()
        for condition in domain.iter_conditions():
            path = condition.field_expr.split('.')
            if 'gem_segment_ids' in path:
                values = condition.value
                values = values if isinstance(values, (list, tuple, set)) else [values]
                is_choice = (
                    path[-1] == 'gem_segment_ids'
                    and condition.operator in ('in', 'not in', '=', '!=')
                    and all(type(value) is int for value in values)
                )
                if not is_choice:
                    raise ValueError(condition)
                ids.update(values)
            elif condition.operator in ('any', 'not any'):
                ids.update(self._part_ids_in(Domain(condition.value)))
        return sorted(ids)

    def _customers(self):
        """Return the domain of the customers who are in one of these segments."""
        # sudo: what a segment means is no secret, and its reader asks it
        return self.env['res.partner']._gem_customers_domain() & Domain.OR(
            segment._parse_domain() for segment in self.sudo()
        )

    def _is_usable(self):
        """Tell whether the reader may ask who is in it, and the conditions still make sense."""
        try:
            self.env['res.partner']._search(self._customers())
        except (ValueError, UserError):  # and AccessError, which is one
            return False
        return True

    # ------------------------------------------------------------
    # What is refused
    # ------------------------------------------------------------

    @api.constrains('domain')
    def _check_domain(self):
        Partner = self.env['res.partner'].with_user(self.env.uid)
        for segment in self:
            try:
                segment._part_ids_in(segment._parse_domain())
            except (ValueError, TypeError, SyntaxError) as error:
                raise segment._unusable() from error
            # Lest somebody else closes a circle at the same moment.
            # sudo: nothing of the parts is told
            segment.part_ids.sudo().lock_for_update()
            if segment._has_cycle('part_ids'):
                raise ValidationError(self.env._(
                    "“%(name)s” would be made of itself. "
                    "Take the segment out of its own conditions, or out of those it is made of.",
                    name=segment.name,
                ))
            # sudo: which company a part is for, whoever may read it
            for part in segment.part_ids.sudo():
                if part.company_id and part.company_id != segment.company_id:
                    raise ValidationError(self.env._(
                        "“%(part)s” is for %(company)s only. "
                        "Make “%(name)s” a segment of that company too, or choose another part.",
                        part=part.name, company=part.company_id.name, name=segment.name,
                    ))
            try:
                query = Partner._search(segment._customers(), limit=1)
                with mute_logger('odoo.sql_db'), self.env.cr.savepoint():
                    self.env.execute_query(query.select())
            except AccessError as error:
                raise ValidationError(self.env._(
                    "The segment “%(name)s” asks for something you are not allowed to read.\n\n"
                    "%(reason)s",
                    name=segment.name, reason=error,
                )) from error
            except (ValueError, TypeError, UserError, DatabaseError) as error:
                raise segment._unusable() from error

    def _unusable(self):
        return ValidationError(self.env._(
            "The conditions of the segment “%(name)s” cannot be used: %(domain)s\n"
            "Choose them again with the editor, and segments by choosing them from the list.",
            name=self.name, domain=self.domain,
        ))

    @api.constrains('company_id')
    def _check_company_id(self):
        # sudo: the segments of other companies count
        whole = self.sudo().with_context(active_test=False).search([('part_ids', 'in', self.ids)])
        (self | whole.with_env(self.env))._check_domain()

    def write(self, vals):
        if 'domain' in vals or 'company_id' in vals:
            self._check_may_change_meaning()
        return super().write(vals)

    def _check_may_change_meaning(self):
        """Raise unless the user may change whom these segments, and so the tags, are about."""
        if self.env.su or self.env.user.has_group(CRM_MANAGER):
            return
        # sudo: a tag may hang on a segment of somebody else that is made of this one
        rules = self.sudo()._with_wholes().tag_rule_ids
        if rules:
            raise AccessError(self.env._(
                "The tag “%(tag)s” follows this segment. "
                "Ask an administrator of CRM follow-up to change it, or make a copy.",
                tag=rules[0].category_id.name,
            ))

    def _with_wholes(self):
        """Return these segments, and all that are made of them."""
        found = self
        while wholes := self.with_context(active_test=False).search(
            [('part_ids', 'in', found.ids), ('id', 'not in', found.ids)],
        ):
            found |= wholes
        return found

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_tag(self):
        # sudo: who may delete a segment may not read the rules
        if rule := self.sudo().tag_rule_ids[:1]:
            raise UserError(self.env._(
                "The tag “%(tag)s” follows the segment “%(name)s”. "
                "Delete that rule first, or archive this segment.",
                tag=rule.category_id.name, name=rule.segment_id.name,
            ))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_part(self):
        # sudo: the segments of other companies count
        whole = self.sudo().with_context(active_test=False).search(
            [('part_ids', 'in', self.ids), ('id', 'not in', self.ids)], limit=1)
        if whole:
            raise UserError(self.env._(
                "“%(name)s” is made of this segment. Change its conditions first, or archive this "
                "segment.",
                name=whole.name,
            ))

    def copy_data(self, default=None):
        return [
            vals if 'name' in (default or {})
            else dict(vals, name=self.env._("%(name)s (copy)", name=segment.name))
            for segment, vals in zip(self, super().copy_data(default), strict=True)
        ]

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_view_customers(self):
        """Return the action that opens the customers of these segments."""
        return dict(
            self.env['ir.actions.act_window']._for_xml_id('gem_crm.res_partner_action_customer'),
            display_name=", ".join(self.mapped('name')),
            domain=[*self.env['res.partner']._gem_customers_domain(),
                    ('gem_segment_ids', 'in', self.ids)],
            context={'create': False},
        )

    def action_make_notes(self):
        """Return the action that makes a note per customer, for whoever is in charge."""
        return self.env['gem.crm.note.batch']._action_for(
            [('gem_segment_ids', 'in', self.ids)], name=", ".join(self.mapped('name')))
