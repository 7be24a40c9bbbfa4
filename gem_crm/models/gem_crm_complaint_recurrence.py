from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL, format_list

# What complaints have in common when they recur.
COMMON = ('partner_id', 'product_id', 'cause_id')


class GemCrmComplaint(models.Model):
    """Points out complaints that come again: same customer, product or cause."""
    _inherit = 'gem.crm.complaint'

    recurrence_count = fields.Integer(
        string="Similar Complaints", compute='_compute_recurrence')
    recurrence_text = fields.Char(compute='_compute_recurrence', export_string_translation=False)

    @api.depends('partner_id', 'product_id', 'cause_id', 'date_received', 'company_id',
                 'line_ids.product_id')
    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_recurrence(self):
        similar = self._similar()
        for complaint in self:
            found = similar.get(complaint._origin.id, {})
            complaint.recurrence_count = len(set().union(*found.values()))
            complaint.recurrence_text = complaint._recurrence_sentence(found)

    def _similar(self):
        """Return the complaints that have something in common, shortly before or after.

        :return: {id: {field: set of ids of the others}}, of those the user may read
        """
        similar = defaultdict(dict)
        Policy = self.env['gem.crm.complaint.policy']
        for company, complaints in self._origin.grouped('company_id').items():
            months = Policy._get_for(company).recurrence_months
            if not months or not complaints.ids:
                continue
            complaints.flush_model([*COMMON, 'date_received'])
            complaints.line_ids.flush_model(['complaint_id', 'product_id'])
            readable = self._search([
                ('company_id', '=', company.id), ('stage_id.state', '!=', 'cancelled'),
            ]).subselect()
            for name in COMMON:
                rows = self.env.execute_query(SQL(
                    """
                      SELECT one.id, array_agg(other.id)
                        FROM (%(values)s) one
                        JOIN (%(values)s) other
                          ON other.value = one.value
                         AND other.id != one.id
                         AND other.date_received BETWEEN one.date_received - %(span)s::interval
                                                     AND one.date_received + %(span)s::interval
                       WHERE one.id IN %(ids)s AND other.id IN %(readable)s
                    GROUP BY one.id
                    """,
                    values=self._values_sql(name), span=f"{months} months", ids=complaints._ids,
                    readable=readable,
                ))
                for complaint_id, others in rows:
                    similar[complaint_id][name] = set(others)
        return similar

    @api.model
    def _values_sql(self, name):
        """Return the query of what complaints have in a field: (id, date_received, value)."""
        values = SQL(
            "SELECT id, date_received, %s AS value FROM gem_crm_complaint", SQL.identifier(name))
        if name != 'product_id':
            return values
        # What is claimed on invoices is complained about as well.
        return SQL(
            """
                %s UNION ALL
                SELECT claimed.id, claimed.date_received, line.product_id
                  FROM gem_crm_complaint_line line
                  JOIN gem_crm_complaint claimed ON claimed.id = line.complaint_id
            """,
            values,
        )

    def _recurrence_sentence(self, found):
        """Return what is said of the complaints in common, by the field they have in common."""
        if not found:
            return False
        parts = {
            'partner_id': lambda count: self.env._("%(count)s of this customer", count=count),
            'product_id': lambda count: self.env._("%(count)s about this product", count=count),
            'cause_id': lambda count: self.env._("%(count)s with this cause", count=count),
        }
        return format_list(self.env, [
            parts[name](len(others)) for name, others in found.items()
        ])

    def action_view_similar(self):
        """Return the action that shows the complaints that have something in common."""
        self.ensure_one()
        found = self._similar().get(self.id, {})
        action = self.env['ir.actions.act_window']._for_xml_id('gem_crm.gem_crm_complaint_action')
        return action | {
            'name': self.env._("Similar Complaints"),
            'domain': [('id', 'in', sorted(set().union(*found.values(), self.ids)))],
            'context': {},
        }
