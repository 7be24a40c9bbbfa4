from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError

# A message with more links than this is read by nobody.
TOLD_AT_MOST = 50


class GemCrmContactMixin(models.AbstractModel):
    """A record about a customer that names one of its contacts.

    ``partner_id``, the customer, is the field of the model. It stands before the customer
    mixin, which replaces a contact by its company.
    """
    _name = 'gem.crm.contact.mixin'
    _description = "Record That Names a Contact"

    contact_id = fields.Many2one(
        'res.partner',
        domain="[('commercial_partner_id', '=', partner_id), ('id', '!=', partner_id)]",
        index='btree_not_null',
        ondelete='restrict',
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(self._with_contact(vals_list))

    @api.model
    def _with_contact(self, vals_list):
        """Return ``vals_list`` where a customer that is a contact is named as contact too."""
        partners = self.env['res.partner'].browse(
            {vals['partner_id'] for vals in vals_list if vals.get('partner_id')})
        # sudo: a contact's company may be out of reach
        contacts = set(partners.filtered(lambda p: p != p.sudo().commercial_partner_id).ids)
        return [
            {'contact_id': vals['partner_id'], **vals}
            if vals.get('partner_id') in contacts else vals
            for vals in vals_list
        ]

    @api.constrains('partner_id', 'contact_id')
    def _check_contact_id(self):
        for record in self.filtered('contact_id'):
            # sudo: whose contact it is decides, whoever may read it
            if record.contact_id.sudo().commercial_partner_id != record.partner_id:
                raise ValidationError(self.env._(
                    "%(contact)s is no contact of %(customer)s.",
                    contact=record.contact_id.display_name,
                    customer=record.partner_id.display_name or self.env._("nobody"),
                ))

    @api.model
    def _mail_get_partner_fields(self, introspect_fields=False):
        return ['contact_id', 'partner_id']

    def _tell(self, user, subject):
        """Notify a user of these records, with a link to each: once for all."""
        links = Markup().join(
            Markup('<li><a href="/odoo/%s/%s">%s</a>%s</li>') % (
                self._name,
                record.id,
                record.display_name,
                # sudo: the name of the customer is shown, whoever may read it
                f" – {record.sudo().partner_id.display_name}" if record.partner_id else "",
            )
            for record in self[:TOLD_AT_MOST]
        )
        self.env['mail.thread'].message_notify(
            partner_ids=user.partner_id.ids,
            subject=subject,
            body=Markup('<ul>%s</ul>') % links,
        )
