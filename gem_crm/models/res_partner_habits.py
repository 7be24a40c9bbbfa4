from odoo import api, fields, models
from odoo.tools import format_date, format_datetime, formatLang

from .res_partner import CRM_USER

MOST_HABITS = 12
STATE_TONES = {'on_time': 'success', 'due': 'warning', 'late': 'danger', 'dropped': 'secondary'}
LOYALTY_TONES = {'loyal': 'success', 'switching': 'warning', 'occasional': 'secondary'}
CREDIT_TONES = {'strong': 'success', 'normal': 'secondary', 'weak': 'danger'}


class ResPartner(models.Model):
    """What a customer usually buys, for the eyes of people."""
    _inherit = 'res.partner'

    gem_habit_ids = fields.One2many(
        'gem.crm.habit', 'partner_id', string="Habits", groups=CRM_USER,
    )

    @api.readonly
    def gem_get_habits(self):
        """Return what this customer usually buys, in words, for the current company.

        :return: dict with ``chips`` (``text``, ``tone``, ``title``), ``habits`` (texts, ``tone``
            and the twelve ``months``), ``more`` (how many are not shown), ``recommendations``
            (``product_id``, ``product``, ``kind``, ``reason``), ``missing`` (a sentence, when
            there is nothing to show), ``computed_on`` and ``can_explain``
        """
        self.ensure_one()
        self._gem_check_may_read_figures()
        customer = self.commercial_partner_id
        profile = customer.gem_profile_id
        domain = [
            ('partner_id', '=', customer.id), ('company_id', '=', self.env.company.id),
            ('kind', '=', 'product'),
        ]
        Habit = self.env['gem.crm.habit']
        habits = Habit.search(domain, limit=MOST_HABITS)
        count = len(habits)
        if count == MOST_HABITS:
            count = Habit.search_count(domain)
        return {
            'chips': customer._gem_habit_chips(profile),
            'habits': [habit._in_words() for habit in habits],
            'more': count - len(habits),
            'recommendations': customer._gem_recommendations(6) if profile.date_last else [],
            'missing': "" if habits else customer._gem_habits_missing(profile),
            'computed_on': profile.computed_on and format_datetime(
                self.env, profile.computed_on, dt_format='short'),
            'can_explain': self.env['account.move'].has_access('read'),
        }

    def _gem_habits_missing(self, profile):
        if not profile:
            return self.env._(
                "Nothing was computed for this customer yet. Choose Recompute, or wait a moment.")
        if not profile.date_last:
            return self.env._(
                "No invoice was posted for this customer. With the first ones, their habits "
                "appear here by themselves.")
        if profile.purchase_count == 1:
            return self.env._(
                "One purchase, on %(date)s. A habit needs two days on which the same product was "
                "bought.", date=format_date(self.env, profile.date_last))
        return self.env._(
            "%(count)s purchases, but no product was bought on two different days. Habits need "
            "invoice lines with products.", count=profile.purchase_count)

    def _gem_habit_chips(self, profile):
        """Return what to know of the customer's ways, in few words each."""
        def label(name):
            return dict(profile._fields[name]._description_selection(self.env))[profile[name]]

        chips = []
        if profile.interval_days:
            chips.append({'text': self.env._(
                "Buys every %(days)s days", days=round(profile.interval_days))})
        if profile.basket:
            chips.append({'text': self.env._("%(amount)s a time", amount=formatLang(
                self.env, profile.basket, currency_obj=profile.currency_id))})
        if profile.loyalty:
            chips.append({
                'text': label('loyalty'), 'tone': LOYALTY_TONES[profile.loyalty],
                'title': profile._fields['loyalty']._description_help(self.env),
            })
        if profile.credit_class:
            chips.append({
                'text': self.env._("Credit: %(class)s", **{'class': label('credit_class')}),
                'tone': CREDIT_TONES[profile.credit_class],
                'title': "\n".join(filter(None, (profile.credit_reasons, profile.credit_advice))),
            })
        if profile.profitability == 'unprofitable':
            chips.append({'text': label('profitability'), 'tone': 'danger'})
        return chips

    def gem_action_view_habits(self):
        """Return the action that opens all habits of this customer."""
        self.ensure_one()
        return dict(
            self.env['ir.actions.act_window']._for_xml_id('gem_crm.gem_crm_habit_action'),
            display_name=self.env._("Habits of %(customer)s", customer=self.display_name),
            domain=[('partner_id', '=', self.commercial_partner_id.id)],
            context={},
        )

    def gem_action_open(self):
        """Return the action that opens this customer, the follow-up first."""
        return self._gem_form_action()

    @api.readonly
    def gem_get_line(self):
        """Return what somebody who writes an invoice should know of its customer.

        :return: list of dicts ``text`` and optionally ``tone``; empty if nothing is known
        """
        self.ensure_one()
        self._gem_check_may_read_figures()
        customer = self.commercial_partner_id
        profile = customer.gem_profile_id
        parts = []
        if profile.abc or profile.rfm:
            parts.append({'text': " · ".join(filter(None, (
                profile.abc and profile.abc.upper(), profile.rfm, profile.rfm_segment_id.name)))})
        for fact in customer._gem_fact_attrition():
            parts.append({'text': fact['value'], 'tone': fact['tone']})
        for fact in customer._gem_fact_next_purchase():
            parts.append({'text': fact['detail']})
        if profile.overdue > 0:
            parts.append({
                'text': self.env._("%(amount)s overdue", amount=formatLang(
                    self.env, profile.overdue, currency_obj=profile.currency_id)),
                'tone': 'danger',
            })
        return parts


class GemCrmHabit(models.Model):
    """A habit in words."""
    _inherit = 'gem.crm.habit'

    def _in_words(self):
        self.ensure_one()
        return {
            'id': self.id,
            'product_id': self.product_id.id,
            'name': self.display_name,
            'times': self.times,
            'quantity': self.env._(
                "%(quantity)s %(unit)s",
                quantity=formatLang(
                    self.env, self.quantity, digits=0 if self.quantity >= 10 else 1),
                unit=self.product_id.uom_id.name,
            ),
            'rhythm': self.env._("every %(days)s days", days=round(self.interval_days)),
            'last': format_date(self.env, self.date_last),
            'next': format_date(self.env, self.date_next) if self.date_next else "",
            'state': dict(self._fields['state']._description_selection(self.env))[self.state],
            'tone': STATE_TONES[self.state],
            'months': self.months,
        }
