"""Take one picture of a page: ./dev shot /odoo/contacts --click "Azure Interior"

Each time on a fresh copy of the demo database, or on the server that runs on --port.
"""
from contextlib import contextmanager

from .. import oca, templates
from ..progress import say
from ..server import Serving
from ..workshop import databases

# OdooBot greets everybody, in the middle of the first picture.
NO_GREETING = "UPDATE res_users SET odoobot_state = 'disabled'"


def add_arguments(parser):
    parser.add_argument('path', help="address of the page, without the host")
    parser.add_argument('-o', '--output', default='.dev/shot.png', help="(.dev/shot.png)")
    parser.add_argument('--user', default='admin', help="who looks (admin)")
    parser.add_argument('--lang', help="in which language: fr_FR")
    parser.add_argument('--size', default='desktop', help="desktop, phone or 1024x768 (desktop)")
    parser.add_argument('--dark', action='store_true', help="in dark colours")
    parser.add_argument('--full', action='store_true', help="the whole page, not what is seen")
    parser.add_argument(
        '--click', action='append', default=[], metavar='TARGET',
        help="click on a text or CSS selector first; can be repeated",
    )
    parser.add_argument('--wait', metavar='TARGET', help="wait for a text or CSS selector")
    parser.add_argument('--port', type=int, help="of a server that already runs")


def main(args):
    with _address(args) as url:
        # Not before the virtual environment is there.
        from ..browser import Browser
        with Browser(url) as browser:
            browser.size(args.size)
            browser.login(args.user, lang=args.lang)
            if args.dark:
                browser.dark()
            browser.open(args.path)
            for target in args.click:
                browser.click(target)
            if args.wait:
                browser.wait(args.wait)
            browser.picture(args.output, full=args.full)
    say(args.output)
    for error in browser.errors:
        say(f"console: {error}")


@contextmanager
def _address(args):
    if args.port:
        yield f'http://localhost:{args.port}'
    else:
        with demo_server(dark=args.dark, lang=args.lang) as server:
            yield server.url


@contextmanager
def demo_server(dark=False, lang=None):
    """Serve a fresh copy of the demo database, with dark colours to choose if ``dark``.

    :param lang: the language of the demo data, English or French
    """
    with databases() as dbs:
        name = dbs.name('screens')
        dbs.clone(templates.with_addons(dbs), name)
        dbs.server.sql(NO_GREETING, name)
        if dark:
            dbs.more_addons = [oca.ensure(oca.DARK)]
            dbs.run_odoo(name, '--init', 'web_dark_mode', log='dark')
        if lang and lang.startswith('fr'):
            templates.tell_in_french(dbs, name)
        with Serving(dbs, name) as server:
            yield server
        dbs.drop(name)
