from odoo import api, models

from . import french

FIELDS = {
    'gem.crm.comparison': ('words',),
    'gem.crm.complaint': (
        'name', 'description', 'expectation', 'restatement', 'answer', 'lesson',
    ),
    'gem.crm.complaint.cost': ('name',),
    'gem.crm.correspondence': ('subject', 'description'),
    'gem.crm.discussion': ('name',),
    'gem.crm.need': ('name',),
    'gem.crm.note': ('name', 'description', 'outcome'),
    'mail.message': ('subject', 'body'),
    'product.category': ('name',),
    'product.product': ('name',),
    'rating.rating': ('feedback',),
    'res.partner': ('name', 'function'),
}
ANSWER = "Re: "


class GemCrmDemo(models.AbstractModel):
    """Tells the story of the demo data in the language of its readers."""
    _inherit = 'gem.crm.demo'

    @api.model
    def _tell(self):
        """Tell the story in French where the administrator speaks French."""
        if (self.env.ref('base.user_admin').lang or '').startswith('fr'):
            self._tell_in_french()

    @api.model
    def _tell_in_french(self):
        """Put French texts in the place of the English ones that nobody has changed."""
        for data in self.env['ir.model.data'].search([
            ('module', '=like', 'gem_crm%'), ('name', 'ilike', '_demo_'),
            ('model', 'in', list(FIELDS)),
        ], order='id'):
            # Nobody follows this: no tracking. Mails are not sent again.
            record = self.env[data.model].with_context(tracking_disable=True).browse(data.res_id)
            names = FIELDS[data.model]
            english = record.with_context(lang='en_US').read(names)[0] if record.exists() else {}
            if french_vals := {
                name: text for name in names if (text := self._french(english.get(name)))
            }:
                for lang in self._french_languages(record, names):
                    record.with_context(lang=lang).write(french_vals)

    def _french_languages(self, record, names):
        """Return the languages to write in: French ones where a text is kept in each language."""
        if any(record._fields[name].translate for name in names):
            return [code for code, _name in self.env['res.lang'].get_installed()
                    if code.startswith('fr')]
        return ['en_US']

    def _french(self, text):
        text = str(text or '')
        if text.startswith(ANSWER) and (subject := self._french(text.removeprefix(ANSWER))):
            return ANSWER + subject
        return french.TEXTS.get(text)
