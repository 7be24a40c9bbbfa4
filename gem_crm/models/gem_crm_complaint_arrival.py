import logging

from psycopg2 import OperationalError

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

BATCH = 50
CRON = 'gem_crm.gem_crm_complaint_cron_arrival'


class GemCrmComplaint(models.Model):
    """What is done about mails a moment after they arrived, for all of them together."""
    _inherit = 'gem.crm.complaint'

    is_to_acknowledge = fields.Boolean(
        string="About to Be Acknowledged",
        readonly=True,
        copy=False,
        help="It came by e-mail, and is acknowledged in a moment.",
    )

    _to_acknowledge_idx = models.Index('(id) WHERE is_to_acknowledge')

    @api.model_create_multi
    def create(self, vals_list):
        complaints = super().create(vals_list)
        if any(vals.get('is_to_acknowledge') for vals in vals_list):
            cron_id = self.env['ir.model.data']._xmlid_to_res_id(CRON)
            # sudo: whoever runs the gateway
            self.env['ir.cron'].sudo().browse(cron_id)._trigger()
        return complaints

    @api.model
    def _is_acknowledged(self, address_id, company_id):
        """Whether the complaint that the mail in the context opens is acknowledged by itself.

        :param address_id: the address of complaints that it came to, if there is one
        :param company_id: the company that it came to
        """
        mail = self.env.context.get('gem_mail')
        if not mail or mail.wants_no_answer():
            return False
        address = self.env['gem.crm.complaint.address'].sudo().browse(address_id or [])
        return (address or mail.address_of(self.env['res.company'].browse(company_id))).acknowledges

    @api.model
    def _cron_arrival(self):
        """Acknowledge what came by e-mail, and have it known which addresses work."""
        self.env['gem.crm.complaint.delivery']._reset_bounces()
        waiting = self.search([('is_to_acknowledge', '=', True)], order='id')
        commit = self.env['ir.cron']._commit_progress
        commit(remaining=len(waiting))
        for start in range(0, len(waiting), BATCH):
            batch = waiting[start:start + BATCH]
            # Whoever works on one of these just now may well be acknowledging it: later.
            batch.try_lock_for_update()._acknowledge_by_itself()
            if not commit(len(batch)):
                return
        if waiting and (queue := self.env.ref(
                'mail.ir_cron_mail_scheduler_action', raise_if_not_found=False)):
            # Once an hour would be late for this.
            queue._trigger()

    def _acknowledge_by_itself(self):
        """Acknowledge without anybody who could mend the template: it never stops a complaint."""
        for complaint in self.filtered(lambda complaint: not complaint.date_closed):
            complaint._acknowledge_or_say_why()
        self.filtered('is_to_acknowledge').is_to_acknowledge = False

    def _acknowledge_or_say_why(self):
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._acknowledge()
        except OperationalError:
            raise
        except Exception as error:  # one complaint is not to keep the others waiting
            _logger.warning("A complaint could not be acknowledged: %r", error)
            self._message_log(body=self.env._(
                "The acknowledgement could not be written: %(error)s Look at its template, then "
                "acknowledge this complaint by hand.", error=str(error).partition('\n')[0],
            ))
