from odoo import models
from odoo.tools import SQL


class IrSequence(models.Model):
    _inherit = 'ir.sequence'

    def _gem_next_batch(self, count):
        """Return the next ``count`` numbers; in one query where gaps are allowed.

        :rtype: list[str]
        """
        self.ensure_one()
        if self.implementation != 'standard' or self.use_date_range:
            return [self._next() for _number in range(count)]
        rows = self.env.execute_query(SQL(
            "SELECT nextval(%s) FROM generate_series(1, %s)", f'ir_sequence_{self.id:03}', count,
        ))
        prefix, suffix = self._get_prefix_suffix()
        return [f'{prefix}{number:0{self.padding}d}{suffix}' for [number] in rows]
