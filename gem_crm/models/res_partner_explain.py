from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.exceptions import AccessError
from odoo.fields import Domain

YEAR = relativedelta(years=1)
TWO_YEARS = relativedelta(years=2)


class ResPartner(models.Model):
    """The invoices behind each figure, and computing the figures of one customer at once."""
    _inherit = 'res.partner'

    def gem_action_explain(self, figure):
        """Open the invoices and credit notes that a figure of the customer is made of.

        :param figure: name of a column of gem.crm.profile
        """
        self.ensure_one()
        self._gem_check_knows()
        self.env['account.move'].check_access('read')
        field = self.env['gem.crm.profile']._fields[figure]
        action = self.gem_action_open_revenue()
        action['name'] = self.env._(
            "%(figure)s of %(customer)s",
            figure=field._description_string(self.env), customer=self.display_name,
        )
        action['domain'] = Domain(action['domain']) & self._gem_explain_domain(figure)
        action['domain'] = list(action['domain'])
        return action

    def _gem_explain_domain(self, figure):
        """Return which of the customer's posted invoices make a figure."""
        today = self.env['gem.crm.profile']._today()
        months = self.env.company.gem_abc_months
        since = {
            'revenue_12m': YEAR, 'cost_12m': YEAR, 'margin_12m': YEAR, 'margin_rate': YEAR,
            'margin_is_estimated': YEAR, 'profitability': YEAR, 'loyalty_months': YEAR,
            'revenue_24m': TWO_YEARS, 'revenue_previous_12m': TWO_YEARS,
            'revenue_trend': TWO_YEARS, 'basket': TWO_YEARS, 'loyalty': TWO_YEARS,
            'loyalty_gaps': TWO_YEARS, 'loyalty_kept': TWO_YEARS, 'purchase_count_24m': TWO_YEARS,
            'abc': relativedelta(months=months), 'abc_revenue': relativedelta(months=months),
            'payment_trend': YEAR, 'payment_days_late': YEAR, 'payment_on_time': YEAR,
        }
        domain = Domain('invoice_date', '<=', today)
        if figure in ('overdue', 'overdue_days'):
            return domain & Domain('move_type', '=', 'out_invoice') & Domain(
                'line_ids', 'any', [
                    ('display_type', '=', 'payment_term'), ('amount_residual', '>', 0),
                    ('date_maturity', '<', today)])
        if figure.startswith('payment_'):
            # by when they were paid
            return domain & Domain('move_type', '=', 'out_invoice') & Domain(
                'line_ids.matched_credit_ids.max_date', '>', today - YEAR)
        if figure in since:
            domain &= Domain('invoice_date', '>', today - since[figure])
        if figure == 'revenue_previous_12m':
            domain &= Domain('invoice_date', '<=', today - YEAR)
        if figure in (
            'date_first', 'date_last', 'purchase_count', 'purchase_count_24m', 'interval_days',
            'interval_spread', 'rhythm_ratio', 'date_next', 'date_next_from', 'date_next_until',
            'is_overdue', 'fading', 'activity', 'chance', 'attrition', 'lifecycle',
            'rfm_recency', 'rfm_frequency', 'loyalty_months', 'loyalty_gaps',
        ):
            domain &= Domain('move_type', '=', 'out_invoice') & Domain(
                'amount_untaxed_signed', '>', 0)
        return domain

    def _gem_check_knows(self):
        """Raise unless the user may read the profiles of these customers."""
        self._gem_check_may_read_figures()
        if self.env.su or self.env.user.has_group('gem_crm.gem_crm_group_user_all'):
            return
        if others := self.commercial_partner_id.filtered(lambda p: not p.gem_is_followed_by_me):
            raise AccessError(self.env._(
                "What is known about %(customer)s is for those who follow this customer.",
                customer=others[0].display_name,
            ))

    def gem_action_explain_habit(self, product_id):
        """Open the invoices on which the customer bought a product."""
        self.ensure_one()
        action = self.gem_action_explain('purchase_count')
        product = self.env['product.product'].browse(product_id)
        action['name'] = self.env._(
            "%(product)s, bought by %(customer)s",
            product=product.display_name, customer=self.display_name,
        )
        action['domain'] = list(Domain(action['domain']) & Domain(
            'invoice_line_ids', 'any', [
                ('product_id', '=', product_id), ('quantity', '>', 0)]))
        return action

    def gem_action_recompute(self):
        """Compute the customers' figures for the current company at once."""
        self._gem_check_knows()
        # sudo: who may read the figures may have them brought up to date
        self.env['gem.crm.profile'].sudo()._refresh(
            self.commercial_partner_id.ids, self.env.company)
        return True


class GemCrmProfile(models.Model):
    _inherit = 'gem.crm.profile'

    def gem_action_recompute(self):
        """Compute these customers' figures for the current company at once."""
        return self.partner_id.gem_action_recompute()
