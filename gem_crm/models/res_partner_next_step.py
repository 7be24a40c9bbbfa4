from odoo import api, fields, models
from odoo.tools import SQL

from .res_partner import CRM_USER
from .res_partner_figures import search_figure


class ResPartner(models.Model):
    """What a customer needs, and what they are owed next."""
    _inherit = 'res.partner'

    gem_need_ids = fields.One2many(
        'gem.crm.need', 'partner_id', string="Needs", groups=CRM_USER,
    )
    gem_note_ids = fields.One2many(
        'gem.crm.note', 'partner_id', string="Follow-up Notes", groups=CRM_USER,
    )
    gem_next_note_id = fields.Many2one(
        'gem.crm.note',
        string="Next Step",
        compute='_compute_gem_next_note_id',
        search=search_figure('gem_next_note_id'),
        groups=CRM_USER,
        help="The first follow-up note that is still to be done.",
    )
    gem_next_date = fields.Date(
        string="Next Step On",
        compute='_compute_gem_next_note_id',
        search=search_figure('gem_next_date'),
        groups=CRM_USER,
    )
    gem_next_user_id = fields.Many2one(
        'res.users',
        string="Next Step By",
        compute='_compute_gem_next_note_id',
        search=search_figure('gem_next_user_id'),
        groups=CRM_USER,
    )

    @api.depends('gem_note_ids.date_due', 'gem_note_ids.date_done', 'gem_note_ids.name')
    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_gem_next_note_id(self):
        notes = self.env['gem.crm.note']
        if customers := self.commercial_partner_id:
            query = notes._search([('partner_id', 'in', customers.ids), ('date_done', '=', False)])
            notes = notes.browse(row[0] for row in self.env.execute_query(SQL(
                """
                    SELECT DISTINCT ON (partner_id) id
                      FROM gem_crm_note
                     WHERE id IN %s
                  ORDER BY partner_id, date_due, id
                """,
                query.subselect(),
            )))
        next_by_customer = {note.partner_id: note for note in notes}
        for partner in self:
            note = next_by_customer.get(partner.commercial_partner_id, notes.browse())
            partner.gem_next_note_id = note
            partner.gem_next_date = note.date_due
            partner.gem_next_user_id = note.user_id

    @api.model
    def _gem_figures(self):
        return super()._gem_figures() | {
            'gem_next_note_id': ('_gem_next_note_rows', 'id'),
            'gem_next_date': ('_gem_next_note_rows', 'date_due'),
            'gem_next_user_id': ('_gem_next_note_rows', 'user_id'),
        }

    def _gem_next_note_rows(self):
        notes = self.env['gem.crm.note']._search([('date_done', '=', False)])
        notes.order = SQL("gem_crm_note.partner_id, gem_crm_note.date_due, gem_crm_note.id")
        first = notes.select(SQL("DISTINCT ON (gem_crm_note.partner_id) gem_crm_note.*"))
        return SQL("(%s)", first), 'commercial_partner_id'
