from odoo import models
from odoo.tools import format_date, formatLang


class ResPartner(models.Model):
    """What a customer owes, contests and promised, for those who read no ledger."""
    _inherit = 'res.partner'

    def _gem_follow_up_facts(self):
        return [
            *super()._gem_follow_up_facts(),
            *self._gem_fact_receivables(),
            *self._gem_fact_promises(),
        ]

    def _gem_fact_receivables(self):
        company = self.env.company
        [(owed, disputed)] = self.env['gem.crm.receivable']._read_group(
            [('partner_id', '=', self.id), ('company_id', '=', company.id)],
            aggregates=['amount:sum', 'disputed:sum'],
        )
        if not owed and not disputed:
            return []
        # What is in the customer's favour was never due.
        [(overdue, overdue_on)] = self.env['gem.crm.receivable']._read_group(
            [
                ('partner_id', '=', self.id), ('company_id', '=', company.id),
                ('age', '!=', 'd0'), ('amount', '>', 0),
            ],
            aggregates=['amount:sum', 'date_due:min'],
        )
        details = []
        if overdue:
            details.append(self.env._(
                "%(amount)s overdue since %(date)s",
                amount=self._gem_money(overdue), date=format_date(self.env, overdue_on)))
        if disputed:
            details.append(self.env._("%(amount)s disputed", amount=self._gem_money(disputed)))
        return [{
            'name': 'receivables',
            'label': self.env._("Owes"),
            'value': self._gem_money(owed),
            'action': 'gem_action_view_receivables',
            **({'detail': ", ".join(details)} if details else {}),
            **({'tone': 'danger'} if overdue else {'tone': 'warning'} if disputed else {}),
        }]

    def _gem_fact_promises(self):
        Promise = self.env['gem.crm.promise']
        about = [('partner_id', '=', self.id), ('company_id', '=', self.env.company.id)]
        pending = Promise.search([*about, ('state', '=', 'pending')], order='date, id')
        fact = {
            'name': 'promises',
            'label': self.env._("Promised"),
            'action': 'gem_action_view_promises',
        }
        if pending:
            fact['value'] = self._gem_money(sum(pending.mapped('amount_company')))
            fact['detail'] = self.env._(
                "by %(date)s", date=format_date(self.env, pending[0].date),
            ) if len(pending) == 1 else self.env._(
                "%(count)s promises, the next by %(date)s",
                count=len(pending), date=format_date(self.env, pending[0].date))
            return [fact]
        last = Promise.search(about, order='date desc, id desc', limit=1)
        if last.state not in ('broken', 'partly'):
            return []
        return [fact | {
            'value': self.env._("Broken") if last.state == 'broken' else self.env._("Partly kept"),
            'tone': 'danger',
            'detail': self.env._(
                "%(amount)s by %(date)s",
                amount=formatLang(self.env, last.amount, currency_obj=last.currency_id),
                date=format_date(self.env, last.date)),
        }]

    def _gem_money(self, amount):
        return formatLang(self.env, amount, currency_obj=self.env.company.currency_id)

    def gem_action_view_receivables(self):
        """Return the action that shows what this customer owes, instalment by instalment."""
        return self._gem_action_of_customer('gem_crm.gem_crm_receivable_action')

    def gem_action_view_promises(self):
        """Return the action that shows what this customer promised to pay."""
        return self._gem_action_of_customer('gem_crm.gem_crm_promise_action')

    def _gem_action_of_customer(self, xml_id):
        self.ensure_one()
        customer = self.commercial_partner_id
        action = self.env['ir.actions.act_window']._for_xml_id(xml_id)
        return action | {
            'name': f"{action['name']}: {customer.display_name}",
            'domain': [('partner_id', '=', customer.id)],
            'context': {'gem_one_customer': True, 'search_default_partner_id': customer.id},
        }
