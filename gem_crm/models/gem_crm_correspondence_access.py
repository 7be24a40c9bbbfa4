from functools import partial

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL


class GemCrmCorrespondence(models.Model):
    """Who may read: what hangs on a document is for those who may read the document."""
    _inherit = 'gem.crm.correspondence'

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs):
        """Leave out what hangs on documents the user may not read."""
        query = super()._search(
            domain, offset, limit, order, bypass_access=bypass_access, **kwargs)
        if not (self.env.su or bypass_access or query.is_empty()):
            query.add_where(self._readable_documents_sql(query))
        return query

    @api.model
    def _readable_documents_sql(self, query):
        res_model = self._field_to_sql(self._table, 'res_model', query)
        res_id = self._field_to_sql(self._table, 'res_id', query)
        conditions = [SQL("%s IS NULL", res_model)]
        for name in self._document_models():
            if name not in self.env or not self.env[name].has_access('read'):
                continue
            documents = self.env[name].with_context(active_test=False)._search(Domain.TRUE)
            if documents.is_empty():
                continue
            documents.add_where(SQL("%s = %s", SQL.identifier(documents.table, 'id'), res_id))
            documents.limit = 1
            # A page asks for few documents of a table that has many: not EXISTS, for
            # which PostgreSQL may read the whole table first.
            conditions.append(SQL(
                "(%s = %s AND (%s))", res_model, name, documents.select(SQL("TRUE")),
            ))
        return SQL("(%s)", SQL(" OR ").join(conditions))

    @api.model
    def _document_models(self):
        """Return the models of the documents, by stepping through their index."""
        return [name for [name] in self.env.execute_query(SQL(
            """
            WITH RECURSIVE model(name) AS (
                SELECT MIN(res_model) FROM gem_crm_correspondence
                UNION ALL
                SELECT (SELECT MIN(res_model)
                          FROM gem_crm_correspondence
                         WHERE res_model > model.name)
                  FROM model
                 WHERE model.name IS NOT NULL
            )
            SELECT name FROM model WHERE name IS NOT NULL
            """,
            to_flush=self._fields['res_model'],
        ))]

    def _check_access(self, operation):
        """Refuse what hangs on documents the user may not read, also by id."""
        result = super()._check_access(operation)
        entries = self - result[0] if result else self
        if not any(entries._ids):
            return result
        found = self._search([('id', 'in', entries.ids)], active_test=False)
        if forbidden := entries - self.browse(found.get_result_ids()):
            if result:
                return result[0] + forbidden, result[1]
            return forbidden, partial(AccessError, self.env._(
                "You may not read the documents that this correspondence is about.",
            ))
        return result
