import logging
from base64 import b64decode, b64encode
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from ..core.incoming_mail import IncomingMail, printable
from .gem_crm_complaint_delivery import DeliveredAgain

_logger = logging.getLogger(__name__)

REASONS = [
    ('unreadable', "Could not be read"),
    ('interrupted', "Interrupted"),
    ('automatic', "Written by a machine"),
    ('loop', "Too many from one sender"),
]
# What machines wrote is of no use for longer.
MACHINES_KEPT_DAYS = 90
# As much as shows what it is about.
EXCERPT_AT_MOST = 2000


class GemCrmComplaintQuarantine(models.Model):
    """An e-mail to complaints that became none, with its source: nothing is lost.

    An administrator reads it, has it taken as a complaint, or discards it.
    """
    _name = 'gem.crm.complaint.quarantine'
    _description = "E-mail Kept Aside"
    _order = 'date desc, id desc'

    name = fields.Char(string="Subject", readonly=True)
    email_from = fields.Char(string="From", readonly=True)
    email_to = fields.Char(string="To", readonly=True)
    date = fields.Datetime(
        string="Arrived On", required=True, readonly=True, default=fields.Datetime.now)
    reason = fields.Selection(REASONS, required=True, readonly=True)
    error = fields.Char(
        string="Details", readonly=True, help="What the program said; for whoever looks into it.")
    excerpt = fields.Text(string="Text", readonly=True)
    mail_key = fields.Char(readonly=True, index='btree_not_null')
    source = fields.Binary(attachment=True, readonly=True)
    source_name = fields.Char(compute='_compute_source_name')
    complaint_id = fields.Many2one(
        'gem.crm.complaint', readonly=True, index='btree_not_null', ondelete='set null')
    company_id = fields.Many2one(
        'res.company', readonly=True, index='btree_not_null', ondelete='cascade')
    active = fields.Boolean(default=True, readonly=True)

    def _compute_source_name(self):
        for row in self:
            row.source_name = f"{row.id or 'mail'}.eml"

    def _compute_display_name(self):
        for row in self:
            row.display_name = row.name or self.env._("No subject")

    # ------------------------------------------------------------
    # Taking in
    # ------------------------------------------------------------

    @api.model
    def _take(self, mail, process):
        """Have a mail about complaints processed, whatever it is like.

        It becomes a complaint or a message of one; if that fails, a mended copy does, which
        holds the source; if that fails too, it is kept aside here.

        :param IncomingMail mail: the mail
        :param process: function that takes the source of a mail, as mail.thread's
            message_process does, and returns the id of the record
        :return: the id of the complaint, False if there is none
        """
        source = mail.raw if mail.identifier else (
            f"Message-Id: {mail.key}\r\n".encode() + mail.raw.lstrip(b'\r\n'))
        failure = None
        for attempt in (lambda: source, mail.mended):
            mail.kept_as = None
            try:
                with self.env.cr.savepoint():
                    self.env['gem.crm.complaint.delivery']._claim(mail.key, mail.sender)
                    taken = process(attempt())
                if mail.kept_as:
                    self._keep(mail, mail.kept_as)
                return taken
            except DeliveredAgain:
                _logger.info("Mail %s was delivered again", mail.key)
                return False
            except OperationalError as error:
                # Who called may forget it, or try again: it waits outside this transaction.
                with self.env.registry.cursor() as cr:
                    self.with_env(self.env(cr=cr, user=SUPERUSER_ID))._keep(
                        mail, 'interrupted', error)
                raise
            except Exception as error:  # whatever is wrong with it, it is not lost
                if mail.kept_as:
                    # It was to open nothing, and Odoo found no other way for it.
                    break
                _logger.info("Mail %s could not be taken: %r", mail.key, error)
                failure = failure or error
        with self.env.cr.savepoint():
            self.env['gem.crm.complaint.delivery']._claim(mail.key)
            self._keep(mail, mail.kept_as or 'unreadable', failure)
        return False

    @api.model
    def _keep(self, mail, reason, error=None):
        """Keep a mail aside; one that waits already, once."""
        company = self.env['gem.crm.complaint.address']._receiving(mail.recipients).company_id
        return self.sudo().search([('mail_key', '=', mail.key)], limit=1) or self.sudo().create({
            'name': mail.text('Subject'),
            'email_from': mail.text('From') or mail.sender,
            'email_to': ", ".join(mail.recipients),
            'reason': reason,
            'error': printable(f"{type(error).__name__}: {error}")[:500] if error else False,
            'excerpt': mail.body()[:EXCERPT_AT_MOST],
            'mail_key': mail.key,
            'source': b64encode(mail.raw),
            'company_id': company.id if len(company) == 1 else False,
        })

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_take(self):
        """Take these mails as complaints, or as messages of complaints."""
        self.check_access('write')
        for row in self.sudo().filtered('active'):
            complaint = row._retry()
            if not complaint:
                raise UserError(self.env._(
                    "“%(mail)s” still cannot be read. Write the complaint down by hand, then "
                    "discard this e-mail.", mail=row.display_name,
                ))
        if len(self) == 1:
            return self.action_open_complaint()
        return True

    def action_discard(self):
        """Leave these mails aside for good."""
        self.active = False

    def action_restore(self):
        """Have these mails wait again."""
        self.active = True

    def action_open_complaint(self):
        """Open the complaint that the mail became."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'res_model': 'gem.crm.complaint',
            'res_id': self.complaint_id.id,
            'views': [(False, 'form')],
        }

    def _retry(self):
        """Process the mail again, as a person's; return its complaint, empty if there is none."""
        self.ensure_one()
        mail = IncomingMail(b64decode(self.with_context(bin_size=False).source or b''))
        mail.is_forced = True
        self.env['gem.crm.complaint.delivery']._release(mail.key)
        thread = self.env['mail.thread'].with_user(SUPERUSER_ID)
        if self.company_id:
            thread = thread.with_company(self.company_id)
        thread._gem_take(mail, 'gem.crm.complaint')
        complaint = self._known_complaint(mail)
        if complaint:
            self.write({'complaint_id': complaint.id, 'active': False})
        return complaint

    def _known_complaint(self, mail):
        """Return the complaint that the mail has become meanwhile."""
        message = self.env['mail.message'].sudo().search([
            ('model', '=', 'gem.crm.complaint'), ('message_id', '=', mail.key),
        ], limit=1)
        return self.env['gem.crm.complaint'].browse(message.res_id or False).exists()

    # ------------------------------------------------------------
    # Without anybody
    # ------------------------------------------------------------

    @api.model
    def _cron_retry_interrupted(self):
        """Take the mails whose transaction was interrupted, one by one."""
        rows = self.search([('reason', '=', 'interrupted')], order='id')
        for done, row in enumerate(rows, 1):
            row._retry()
            if not self.env['ir.cron']._commit_progress(1, remaining=len(rows) - done):
                break

    @api.autovacuum
    def _gc_machines(self):
        limit = fields.Datetime.now() - timedelta(days=MACHINES_KEPT_DAYS)
        self.with_context(active_test=False).search([
            ('date', '<', limit), '|', ('active', '=', False),
            ('reason', 'in', ('automatic', 'loop')),
        ], limit=1000).unlink()
