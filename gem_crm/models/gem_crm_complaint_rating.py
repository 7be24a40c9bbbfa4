from odoo import api, models


class GemCrmComplaint(models.Model):
    """Asks customers how satisfied they are with what was made of their complaint."""
    _inherit = 'gem.crm.complaint'

    @api.model_create_multi
    def create(self, vals_list):
        complaints = super().create([{'rating_last_value': 0} | vals for vals in vals_list])
        # Nobody rated them yet: neither is that looked up, nor each row written once more.
        self.env.remove_to_compute(self._fields['rating_last_value'], complaints)
        return complaints

    def _rating_get_partner(self):
        return self.contact_id or super()._rating_get_partner()

    def action_view_rating(self):
        """Return the action that shows how the customer rated what was made of the complaint."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Ratings"),
            'res_model': 'rating.rating',
            'views': [(False, 'list'), (False, 'form')],
            'domain': [
                ('res_model', '=', self._name), ('res_id', '=', self.id), ('consumed', '=', True),
            ],
            'context': {'create': False},
        }

    def _after_closing(self):
        self._request_rating()
        return super()._after_closing()

    def _request_rating(self):
        """Send the customers of answered complaints the request to rate the answer, once."""
        template = self.env.ref(
            'gem_crm.mail_template_complaint_rating', raise_if_not_found=False)
        if not template:
            return
        for company, complaints in self.grouped('company_id').items():
            if not self.env['gem.crm.complaint.policy']._get_for(company).asks_rating:
                continue
            for complaint in complaints:
                # sudo: the customer's address, whoever may read it
                customer = complaint.sudo()._rating_get_partner()
                if complaint.date_answered and customer.email and customer.active:
                    complaint.rating_send_request(
                        template, lang=customer.lang, force_send=False)
