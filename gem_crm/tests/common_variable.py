from odoo.addons.gem_crm.tests.common import FollowUpCommon

NOTE = 'gem.crm.note'


class VariableCommon(FollowUpCommon):
    """One variable of each type, and notes that have values of them.

    The dropdown's options are Cold, Warm and Hot in this order, made in another one.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ('en_US', 'fr_FR'):
            cls.env['res.lang']._activate_lang(code)
        cls.Note = cls.env[NOTE]
        cls.Variable = cls.env['gem.crm.variable']
        cls.Option = cls.env['gem.crm.variable.option']
        cls.text, cls.currency, cls.date, cls.number, cls.dropdown = cls.Variable.create([
            {'name': "Règle d'or", 'type': 'text'},
            {'name': "Budget", 'type': 'currency'},
            {'name': "Next fair", 'type': 'date'},
            {'name': "Score", 'type': 'number', 'decimals': 1, 'aggregator': 'avg'},
            {'name': "Warmth", 'type': 'dropdown'},
        ])
        cls.hot, cls.warm, cls.cold = cls.Option.create([
            {'variable_id': cls.dropdown.id, 'name': name, 'sequence': sequence}
            for name, sequence in (("Hot", 3), ("Warm", 2), ("Cold", 1))
        ])
        cls.low, cls.empty, cls.high, cls.middle = cls.Note.create([
            cls.note_vals("low", x_gem_regle_d_or="a", x_gem_budget=-5, x_gem_score=1.5,
                          x_gem_next_fair='2026-01-31', x_gem_warmth=cls.cold.id),
            cls.note_vals("empty"),
            cls.note_vals("high", x_gem_regle_d_or="c", x_gem_budget=100, x_gem_score=9,
                          x_gem_next_fair='2026-03-01', x_gem_warmth=cls.hot.id),
            cls.note_vals("middle", x_gem_regle_d_or="b", x_gem_budget=20.5, x_gem_score=3,
                          x_gem_next_fair='2026-01-15', x_gem_warmth=cls.warm.id),
        ])
        cls.notes = cls.low | cls.empty | cls.high | cls.middle
        variables = cls.text | cls.currency | cls.date | cls.number | cls.dropdown
        cls.names = variables.mapped('field_name')

    def setUp(self):
        # Added before the savepoint of super, so that it runs after that is rolled back.
        self.addCleanup(self._read_columns_again)
        super().setUp()

    def _read_columns_again(self):
        if self.registry.registry_invalidated:
            self.registry._setup_models__(self.cr, [NOTE])

    @classmethod
    def note_vals(cls, name, **vals):
        return {
            'partner_id': cls.horizon.id, 'name': name, 'user_id': cls.amelie.id,
            'company_id': cls.env.company.id, **vals,
        }
