from odoo import api, models
from odoo.tools import format_date


class ResPartner(models.Model):
    """The band above a customer's follow-up: what to know before reading on."""
    _inherit = 'res.partner'

    @api.readonly
    def gem_get_follow_up_band(self):
        """Return the facts shown in the band of this customer, in their order.

        :return: a list of dicts: ``name``, ``label``, ``value`` (text for people),
            and optionally ``tone`` (a Bootstrap text colour) or ``badge`` (the value's
            ``text_color`` and ``background_color``), ``detail`` (a second line) and
            ``action`` (the name of a method of the customer that returns the window action
            with the records behind the fact).
        :rtype: list[dict]
        """
        self.ensure_one()
        self.check_access('read')
        return self.commercial_partner_id._gem_follow_up_facts()

    def _gem_follow_up_facts(self):
        """Return the band's facts. To be extended where a concept has one to show."""
        self.ensure_one()
        return [*self._gem_fact_in_charge(), *self._gem_fact_next_step()]

    def _gem_fact_in_charge(self):
        user = self.gem_in_charge_id
        if not user:
            return [{
                'name': 'in_charge', 'label': self.env._("In charge"),
                'value': self.env._("Nobody"), 'tone': 'warning',
            }]
        fact = {'name': 'in_charge', 'label': self.env._("In charge"), 'value': user.name}
        if user != self.gem_account_manager_id:
            fact['detail'] = self.env._(
                "deputy of %(manager)s until %(date)s",
                manager=self.gem_account_manager_id.name or self.env._("nobody"),
                date=format_date(self.env, self.gem_deputy_until),
            ) if self.gem_deputy_until else self.env._(
                "deputy of %(manager)s",
                manager=self.gem_account_manager_id.name or self.env._("nobody"),
            )
        return [fact]

    def _gem_fact_next_step(self):
        note = self.gem_next_note_id
        if not note:
            return [{
                'name': 'next_step', 'label': self.env._("Next step"),
                'value': self.env._("None planned"), 'tone': 'warning',
            }]
        fact = {
            'name': 'next_step', 'label': self.env._("Next step"), 'value': note.display_name,
            'action': 'gem_action_open_next_step',
            'detail': ", ".join(filter(None, (
                format_date(self.env, note.date_due), note.user_id.name))),
        }
        if note._is_late():
            fact['tone'] = 'danger'
        return [fact]

    def gem_action_open_next_step(self):
        """Return the action that opens the next step of this customer in a dialog."""
        self.ensure_one()
        note = self.commercial_partner_id.gem_next_note_id
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Next step"),
            'res_model': note._name,
            'res_id': note.id,
            'views': [(False, 'form')],
            'target': 'new',
        }
