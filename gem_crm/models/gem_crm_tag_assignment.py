from odoo import api, fields, models
from odoo.tools import SQL


class GemCrmTagAssignment(models.Model):
    """That a customer was in the segment of a tag's rule: since when, until when."""
    _name = 'gem.crm.tag.assignment'
    _description = "Tag Set by a Rule"
    _rec_name = 'partner_id'
    _order = 'since desc, id desc'
    _log_access = False

    rule_id = fields.Many2one(
        'gem.crm.tag.rule', required=True, readonly=True, index=True, ondelete='cascade',
    )
    category_id = fields.Many2one(related='rule_id.category_id', string="Tag")
    partner_id = fields.Many2one(
        'res.partner',
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        # Nothing here was typed, so nothing is lost with the customer.
        ondelete='cascade',
    )
    since = fields.Datetime(required=True, readonly=True)
    until = fields.Datetime(readonly=True, help="Empty: still in the segment.")
    is_set = fields.Boolean(
        string="Set by the Rule",
        readonly=True,
        help="No: the tag was there before, or somebody took it away.",
    )

    _open_unique = models.UniqueIndex('(rule_id, partner_id) WHERE until IS NULL')
    _since_idx = models.Index('(rule_id, since DESC, id DESC)')

    @api.model
    def _notice_what_was_taken_away(self, rule):
        """Remember whose tag was taken away by hand: it is no longer the rule's."""
        self.env.execute_query(SQL(
            """
                UPDATE gem_crm_tag_assignment assignment
                   SET is_set = FALSE
                 WHERE rule_id = %(rule)s
                   AND until IS NULL
                   AND is_set
                   AND NOT EXISTS (SELECT FROM res_partner_res_partner_category_rel tagged
                                    WHERE tagged.category_id = %(category)s
                                      AND tagged.partner_id = assignment.partner_id)
             RETURNING id
            """,
            rule=rule.id, category=rule.category_id.id,
        ))
        self.invalidate_model()

    @api.model
    def _begin(self, rule, members, limit):
        """Give the tag to those who joined the segment, and return their ids."""
        return self._changed(SQL(
            """
                WITH joined AS MATERIALIZED (
                    SELECT member.id
                      FROM (%(members)s) AS member(id)
                     WHERE NOT EXISTS (SELECT FROM gem_crm_tag_assignment assignment
                                        WHERE assignment.rule_id = %(rule)s
                                          AND assignment.until IS NULL
                                          AND assignment.partner_id = member.id)
                  ORDER BY member.id
                     LIMIT %(limit)s
                ), tagged AS (
                    INSERT INTO res_partner_res_partner_category_rel (category_id, partner_id)
                         SELECT %(category)s, id FROM joined
                    ON CONFLICT DO NOTHING
                      RETURNING partner_id
                )
                INSERT INTO gem_crm_tag_assignment (rule_id, partner_id, since, is_set)
                     SELECT %(rule)s, id, %(now)s, id IN (SELECT partner_id FROM tagged)
                       FROM joined
                  RETURNING partner_id
            """,
            members=members, rule=rule.id, category=rule.category_id.id, limit=limit,
            now=self.env.cr.now(),
        ))

    @api.model
    def _end(self, rule, members, limit):
        """Take the tag from those who left the segment, and return their ids."""
        return self._changed(SQL(
            """
                WITH members AS MATERIALIZED (%(members)s),
                gone AS MATERIALIZED (
                    SELECT id
                      FROM gem_crm_tag_assignment
                     WHERE rule_id = %(rule)s
                       AND until IS NULL
                       AND NOT EXISTS (SELECT FROM members AS member (id)
                                        WHERE member.id = partner_id)
                  ORDER BY id
                     LIMIT %(limit)s
                ), ended AS (
                    UPDATE gem_crm_tag_assignment assignment
                       SET until = %(now)s
                      FROM gone
                     WHERE gone.id = assignment.id
                 RETURNING assignment.partner_id, assignment.is_set
                ), untagged AS (
                    DELETE FROM res_partner_res_partner_category_rel tagged
                          USING ended
                          WHERE tagged.category_id = %(category)s
                            AND tagged.partner_id = ended.partner_id
                            AND ended.is_set
                )
                SELECT partner_id FROM ended
            """,
            members=members, rule=rule.id, category=rule.category_id.id, limit=limit,
            now=self.env.cr.now(),
        ))

    @api.model
    def _changed(self, statement):
        ids = [row[0] for row in self.env.execute_query(statement)]
        self.invalidate_model()
        return ids
