from odoo import api, fields, models
from odoo.tools import format_date

from .gem_crm_profile_abc import ABC
from .gem_crm_profile_rhythm import ATTRITION, ATTRITION_TONES
from .res_partner import CRM_USER
from .res_partner_figures import search_figure

KNOWN = (
    'date_first', 'basket', 'revenue_previous_12m', 'revenue_24m', 'revenue_trend',
    'interval_days', 'rhythm_ratio', 'is_overdue', 'date_next_from', 'date_next_until',
    'rfm_recency', 'rfm_frequency', 'rfm_monetary', 'abc_previous', 'abc_since',
    'attrition_previous', 'attrition_since',
)


class ResPartner(models.Model):
    """Whether a customer comes as usual, and what changed, in lists and in the band."""
    _inherit = 'res.partner'

    gem_date_first = fields.Date(
        string="First Purchase",
        compute='_compute_gem_figures',
        search=search_figure('gem_date_first'),
        groups=CRM_USER,
    )
    gem_basket = fields.Monetary(
        string="Average Basket",
        compute='_compute_gem_figures',
        search=search_figure('gem_basket'),
        currency_field='gem_currency_id',
        aggregator='avg',
        groups=CRM_USER,
        help="Revenue of the last 24 months for each purchase made in them.",
    )
    gem_revenue_previous_12m = fields.Monetary(
        string="Revenue, 12 Months Before",
        compute='_compute_gem_figures',
        search=search_figure('gem_revenue_previous_12m'),
        currency_field='gem_currency_id',
        groups=CRM_USER,
    )
    gem_revenue_24m = fields.Monetary(
        string="Revenue, 24 Months",
        compute='_compute_gem_figures',
        search=search_figure('gem_revenue_24m'),
        currency_field='gem_currency_id',
        groups=CRM_USER,
    )
    gem_revenue_trend = fields.Integer(
        string="Revenue Trend",
        compute='_compute_gem_figures',
        search=search_figure('gem_revenue_trend'),
        aggregator='avg',
        groups=CRM_USER,
        help="Revenue of the last 12 months against that of the 12 months before, in percent.",
    )
    gem_interval_days = fields.Float(
        string="Usual Interval",
        compute='_compute_gem_figures',
        search=search_figure('gem_interval_days'),
        digits=(8, 1),
        aggregator='avg',
        groups=CRM_USER,
        help="Days between two purchases, on average.",
    )
    gem_rhythm_ratio = fields.Float(
        string="Silence Against Rhythm",
        compute='_compute_gem_figures',
        search=search_figure('gem_rhythm_ratio'),
        digits=(8, 1),
        aggregator='avg',
        groups=CRM_USER,
        help="Days since the last purchase for one of the customer's own usual interval: "
             "at 2, he should have come twice.",
    )
    gem_is_overdue = fields.Boolean(
        string="Late Against Rhythm",
        compute='_compute_gem_figures',
        search=search_figure('gem_is_overdue'),
        groups=CRM_USER,
        help="The last purchase is longer ago than the customer's usual interval and its spread.",
    )
    gem_date_next_from = fields.Date(
        string="Next Purchase From",
        compute='_compute_gem_figures',
        search=search_figure('gem_date_next_from'),
        groups=CRM_USER,
    )
    gem_date_next_until = fields.Date(
        string="Next Purchase Until",
        compute='_compute_gem_figures',
        search=search_figure('gem_date_next_until'),
        groups=CRM_USER,
    )
    gem_rfm_recency = fields.Integer(
        string="Recency Score",
        compute='_compute_gem_figures',
        search=search_figure('gem_rfm_recency'),
        aggregator='avg',
        groups=CRM_USER,
    )
    gem_rfm_frequency = fields.Integer(
        string="Frequency Score",
        compute='_compute_gem_figures',
        search=search_figure('gem_rfm_frequency'),
        aggregator='avg',
        groups=CRM_USER,
    )
    gem_rfm_monetary = fields.Integer(
        string="Monetary Score",
        compute='_compute_gem_figures',
        search=search_figure('gem_rfm_monetary'),
        aggregator='avg',
        groups=CRM_USER,
    )
    gem_abc_previous = fields.Selection(
        ABC,
        string="ABC Before",
        compute='_compute_gem_figures',
        search=search_figure('gem_abc_previous'),
        groups=CRM_USER,
    )
    gem_abc_since = fields.Date(
        string="ABC Since",
        compute='_compute_gem_figures',
        search=search_figure('gem_abc_since'),
        groups=CRM_USER,
    )
    gem_attrition_previous = fields.Selection(
        ATTRITION,
        string="Attrition Before",
        compute='_compute_gem_figures',
        search=search_figure('gem_attrition_previous'),
        groups=CRM_USER,
    )
    gem_attrition_since = fields.Date(
        string="Attrition Since",
        compute='_compute_gem_figures',
        search=search_figure('gem_attrition_since'),
        groups=CRM_USER,
    )

    @api.model
    def _gem_profile_figures(self):
        return super()._gem_profile_figures() | {f'gem_{column}': column for column in KNOWN}

    # ------------------------------------------------------------
    # In the band
    # ------------------------------------------------------------

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
