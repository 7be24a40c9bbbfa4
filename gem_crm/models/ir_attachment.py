from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from .gem_crm_complaint_address import COMPLAINT


class IrAttachment(models.Model):
    """The files of a complaint: the customer sees those of the messages that they see."""
    _inherit = 'ir.attachment'

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or not self.env.user.share:
            return result
        forbidden, error = result or (self.browse(), None)
        hidden = (self - forbidden)._gem_hidden()
        if not hidden:
            return result
        return forbidden | hidden, error or (lambda: AccessError(self.env._(
            "Sorry, this file is not for you to see.")))

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        query = super()._search(domain, *args, bypass_access=bypass_access, **kwargs)
        if not (self.env.su or bypass_access or not self.env.user.share or query.is_empty()):
            query.add_where(SQL("(%s)", self._gem_shown_sql(query.table)))
        return query

    def _gem_hidden(self):
        """Return those of these attachments that are a complaint's own, and not in what it says.

        The user is one of the portal, or nobody known.
        """
        if not self.ids:
            return self
        shown = {row[0] for row in self.env.execute_query(SQL(
            "SELECT id FROM ir_attachment WHERE id = ANY(%s) AND %s",
            self.ids, self._gem_shown_sql('ir_attachment'),
        ))}
        return self.filtered(lambda attachment: attachment.id and attachment.id not in shown)

    @api.model
    def _gem_shown_sql(self, table):
        """Return the condition that a row of ``table`` is no hidden file of a complaint."""
        return SQL(
            """
            (%(table)s.res_model IS DISTINCT FROM %(model)s
             OR %(table)s.public
             OR %(table)s.create_uid = %(uid)s
             OR EXISTS (
                SELECT 1
                  FROM message_attachment_rel rel
                  JOIN mail_message message ON message.id = rel.message_id
             LEFT JOIN mail_message_subtype subtype ON subtype.id = message.subtype_id
                 WHERE rel.attachment_id = %(table)s.id
                   AND message.model = %(model)s
                   AND message.is_internal IS NOT TRUE
                   AND subtype.internal IS FALSE
             ))
            """,
            table=SQL.identifier(table), model=COMPLAINT, uid=self.env.uid,
        )
