from odoo.tests import tagged

from odoo.addons.web.tests import test_js


@tagged('post_install', '-at_install')
class TestJs(test_js.HOOTCommon):

    # The tests of the class itself are Odoo's own.
    test_generate_hoot_hash = None
    test_get_hoot_filter = None

    def setUp(self):
        self._test_params = [('+', '@gem_crm')]
        super().setUp()

    def test_unit_tests_in_the_browser(self):
        self.browser_js(
            f'/web/tests?headless&loglevel=2&preset=desktop&timeout=15000{self.hoot_filters}',
            "", "", login='admin', timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=test_js.unit_test_error_checker,
        )
