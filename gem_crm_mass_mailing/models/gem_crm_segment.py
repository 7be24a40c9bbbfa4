from odoo import api, models


class GemCrmSegment(models.Model):
    """A mailing to those who are in a segment when it is sent."""
    _inherit = 'gem.crm.segment'

    @api.model
    def _may_be_written_to(self):
        """Return the domain, as a list, of the customers who may get a mailing."""
        return [
            ('email', '!=', False),
            # who said no is not written to
            ('gem_newsletter', 'not in', ('refused', 'withdrawn')),
        ]

    def action_make_mailing(self):
        """Return the action that opens a new mailing to the customers of this segment."""
        self.ensure_one()
        self.env['mailing.mailing'].check_access('create')
        domain = [('gem_segment_ids', 'in', self.ids), *self._may_be_written_to()]
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Mailing to %(segment)s", segment=self.name),
            'res_model': 'mailing.mailing',
            'views': [(False, 'form')],
            'context': {
                'default_name': self.name,
                'default_mailing_model_id': self.env['ir.model']._get_id('res.partner'),
                'default_mailing_domain': repr(domain),
            },
        }
