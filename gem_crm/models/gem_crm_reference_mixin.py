from odoo import api, fields, models


class GemCrmReferenceMixin(models.AbstractModel):
    """A record with a number of its own, by which people find it again."""
    _name = 'gem.crm.reference.mixin'
    _description = "Record With a Reference"

    reference = fields.Char(readonly=True, copy=False, index='btree_not_null')

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(self._with_reference(vals_list))

    @api.model
    def _with_reference(self, vals_list):
        """Return ``vals_list`` with a reference each, numbered by company."""
        by_company = {}
        for index, vals in enumerate(vals_list):
            company_id = vals.get('company_id', self.env.company.id)
            by_company.setdefault(company_id, []).append(index)
        vals_list = list(vals_list)
        for company_id, indexes in by_company.items():
            # sudo: sequences are the administrator's
            sequence = self.env['ir.sequence'].sudo().search(
                [('code', '=', self._name), ('company_id', 'in', (company_id, False))],
                order='company_id', limit=1,
            )
            if not sequence:
                continue
            references = sequence._gem_next_batch(len(indexes))
            for index, reference in zip(indexes, references, strict=True):
                vals_list[index] = dict(vals_list[index], reference=reference)
        return vals_list

    @api.model
    def _create_sequences(self, companies=None):
        """Give each of the companies a sequence of its own, made like the shared one.

        :param companies: all of them if none are given
        """
        # sudo: sequences are the administrator's
        Sequence = self.env['ir.sequence'].sudo()
        shared = Sequence.search([('code', '=', self._name), ('company_id', '=', False)], limit=1)
        if not shared:
            return
        having = Sequence.search([('code', '=', self._name)]).company_id
        if companies is None:
            companies = self.env['res.company'].sudo().search([('id', 'not in', having.ids)])
        for company in companies - having:
            shared.copy({'company_id': company.id, 'name': shared.name, 'number_next': 1})
