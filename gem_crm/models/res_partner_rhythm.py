from odoo import models
from odoo.tools import format_date

from .gem_crm_profile_rhythm import ATTRITION_TONES


class ResPartner(models.Model):
    """Whether a customer comes as usual, and what changed, in the band."""
    _inherit = 'res.partner'

    def _gem_follow_up_facts(self):
        return [
            *super()._gem_follow_up_facts(),
            *self._gem_fact_standing(),
            *self._gem_fact_next_purchase(),
            *self._gem_fact_attrition(),
        ]

    def _gem_fact_standing(self):
        if not self.gem_abc and not self.gem_rfm:
            return []
        segment = self.gem_rfm_segment_id
        fact = {
            'name': 'standing',
            'label': self.env._("ABC and RFM"),
            'value': " · ".join(filter(None, (
                dict(self._fields['gem_abc']._description_selection(self.env)).get(self.gem_abc),
                self.gem_rfm,
            ))),
            'detail': segment.name or "",
        }
        if self.env['account.move'].has_access('read'):
            fact['action'] = 'gem_action_explain_standing'
        if self.gem_abc_previous and self.gem_abc_since:
            labels = dict(self._fields['gem_abc']._description_selection(self.env))
            fact['detail'] = ", ".join(filter(None, (fact['detail'], self.env._(
                "was %(before)s until %(date)s",
                before=labels[self.gem_abc_previous],
                date=format_date(self.env, self.gem_abc_since),
            ))))
        return [fact]

    def _gem_fact_next_purchase(self):
        if not self.gem_date_last:
            return []
        fact = {
            'name': 'next_purchase',
            'label': self.env._("Next purchase"),
            'detail': self.env._(
                "last one on %(date)s", date=format_date(self.env, self.gem_date_last)),
        }
        if self.env['account.move'].has_access('read'):
            fact['action'] = 'gem_action_explain_next_purchase'
        if not self.gem_interval_days:
            fact['value'] = self.env._("Unknown after one purchase")
            return [fact]
        fact['detail'] = self.env._(
            "usually every %(days)s days, last one on %(date)s",
            days=round(self.gem_interval_days),
            date=format_date(self.env, self.gem_date_last),
        )
        if not self.gem_date_next:
            return [dict(fact, value=self.env._("Not expected any more"), tone='danger')]
        if self.gem_is_overdue:
            return [dict(fact, value=self.env._("Late"), tone='danger')]
        if self.gem_date_next_from and self.gem_date_next_until:
            fact['value'] = self.env._(
                "%(start)s to %(end)s",
                start=format_date(self.env, self.gem_date_next_from, date_format='d MMM'),
                end=format_date(self.env, self.gem_date_next_until, date_format='d MMM'),
            )
        else:
            fact['value'] = format_date(self.env, self.gem_date_next)
        return [fact]

    def _gem_fact_attrition(self):
        if not self.gem_attrition:
            return []
        details = []
        if self.gem_rhythm_ratio >= 1.5:
            details.append(self.env._(
                "silent for %(ratio)s of their usual intervals",
                ratio=self.env['ir.qweb.field.float'].value_to_html(
                    self.gem_rhythm_ratio, {'precision': 1}),
            ))
        if self.gem_chance:
            details.append(self.env._(
                "%(chance)s of 100 like them buy within 90 days", chance=self.gem_chance))
        fact = {
            'name': 'attrition',
            'label': self.env._("Will they stay?"),
            'value': dict(
                self._fields['gem_attrition']._description_selection(self.env)
            )[self.gem_attrition],
            'tone': ATTRITION_TONES[self.gem_attrition],
            'detail': ", ".join(details),
        }
        if self.env['account.move'].has_access('read'):
            fact['action'] = 'gem_action_explain_attrition'
        return [fact]

    def gem_action_explain_standing(self):
        """Open the invoices that the customer's class and scores are made of."""
        return self.gem_action_explain('abc')

    def gem_action_explain_next_purchase(self):
        """Open the invoices that the customer's next purchase is expected from."""
        return self.gem_action_explain('date_next')

    def gem_action_explain_attrition(self):
        """Open the invoices that tell whether the customer is leaving."""
        return self.gem_action_explain('attrition')

    def _gem_form_action(self):
        """Return the action that opens this customer, the follow-up first."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.display_name,
            'res_model': self._name,
            'res_id': self.id,
            'views': [(self.env.ref('gem_crm.res_partner_view_form_customer').id, 'form')],
        }
