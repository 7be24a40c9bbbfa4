from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date, formatLang

BATCH_SIZE = 500
# A payment made on the promised day is in the books with the next bank statements.
DAYS_UNTIL_NOTE = 2


class GemCrmPromise(models.Model):
    """Promises whose day passed: a broken one becomes a note for who is in charge, once."""
    _inherit = 'gem.crm.promise'

    broken_note_id = fields.Many2one(
        'gem.crm.note',
        string="Note to the Account Manager",
        readonly=True,
        copy=False,
        index='btree_not_null',
        ondelete='set null',
    )
    is_told = fields.Boolean(
        string="Account Manager Told", readonly=True, copy=False,
        help="A note was written once; deleting it does not bring it back.",
    )

    _untold_idx = models.Index("(date, id) WHERE state IN ('partly', 'broken') AND NOT is_told")

    @api.model
    def _cron_decide(self):
        """Find the promises whose day passed, and tell who is in charge of broken ones, once."""
        today = fields.Date.context_today(self)
        IrCron = self.env['ir.cron']
        passed = Domain('state', '=', 'pending') & Domain('date', '<', today)
        untold = (
            Domain('state', 'in', ('partly', 'broken')) & Domain('is_told', '=', False)
            & Domain('date', '<', today - timedelta(days=DAYS_UNTIL_NOTE))
        )
        IrCron._commit_progress(
            remaining=self.search_count(passed) + self.search_count(untold))
        while promises := self.search(passed, limit=BATCH_SIZE, order='id'):
            promises._have_decided()
            if not IrCron._commit_progress(len(promises)):
                return
        while promises := self.search(untold, limit=BATCH_SIZE, order='date, id'):
            promises._tell_account_manager()
            if not IrCron._commit_progress(len(promises)):
                return

    def _tell_account_manager(self):
        """Write a note for who is in charge of the customer of each of these promises."""
        notes = self.env['gem.crm.note'].create([promise._note_vals() for promise in self])
        for promise, note in zip(self, notes, strict=True):
            # sudo: nobody types it, whoever the scheduled action runs as
            promise.sudo().write({'broken_note_id': note.id, 'is_told': True})

    def _note_vals(self):
        self.ensure_one()
        in_charge = self.partner_id.gem_in_charge_id or self.user_id
        promise = self.with_context(lang=in_charge.lang or self.env.lang)
        what = {
            'invoice': promise.move_id.name,
            'amount': formatLang(promise.env, promise.amount, currency_obj=promise.currency_id),
            'paid': formatLang(promise.env, promise.paid, currency_obj=promise.currency_id),
            'date': format_date(promise.env, promise.date),
        }
        return {
            'partner_id': self.partner_id.id,
            'company_id': self.company_id.id,
            'contact_id': self.contact_id.id if self.contact_id != self.partner_id else False,
            'move_id': self.move_id.id,
            'kind': 'internal',
            'user_id': in_charge.id,
            'name': promise.env._(
                "Broken promise: %(amount)s of %(invoice)s by %(date)s", **what,
            ) if self.state == 'broken' else promise.env._(
                "Promise partly kept: %(paid)s of the %(amount)s of %(invoice)s by %(date)s",
                **what,
            ),
        }
