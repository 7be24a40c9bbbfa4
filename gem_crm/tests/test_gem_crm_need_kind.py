from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.gem_crm.tests.common import FollowUpCommon


@tagged('post_install', '-at_install')
class TestNeedKind(FollowUpCommon):
    """The colours of a badge, on the simplest of the models that have them."""

    def test_colours_as_typed_by_people(self):
        kind = self.env['gem.crm.need.kind'].with_user(self.diane).create({
            'name': "Packaging", 'text_color': 'ffffff', 'background_color': ' #19a754 ',
        })
        self.assertEqual(kind.text_color, '#FFFFFF')
        self.assertEqual(kind.background_color, '#19A754')
        kind.text_color = '#abcdef'
        self.assertEqual(kind.text_color, '#ABCDEF')

    def test_nothing_but_a_colour(self):
        kind = self.env['gem.crm.need.kind'].create({'name': "Packaging"})
        for wrong in ('red', '#FFF', '#GGGGGG', '#FFFFFF;background:url(x)', '#FFFFFF\n'):
            with self.subTest(colour=wrong), mute_logger('odoo.sql_db'), \
                    self.assertRefused(IntegrityError, "color_hex"):
                # Around the ORM too: the database itself must refuse.
                self.env.cr.execute(
                    "UPDATE gem_crm_need_kind SET text_color = %s WHERE id = %s",
                    [wrong, kind.id])
