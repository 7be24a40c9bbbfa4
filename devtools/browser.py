"""A Chromium to look at pages with, driven through its DevTools protocol.

    with Browser(url) as browser:
        browser.login('demo', lang='fr_FR')
        browser.open('/odoo/contacts')
        browser.click("Azure Interior")
        browser.picture('card.png')
"""
import base64
import json
import os
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from . import chromium, python_env
from .errors import Problem
from .paths import DEV
from .process import die_with_parent

python_env.make_importable()

import websocket  # noqa: E402

PATIENCE = 90  # seconds: machines are busy at times
SIZES = {'desktop': (1400, 900), 'phone': (390, 844)}
QUIET = 0.4  # seconds without a request or a change, after which a page is drawn
DRAWN = """
    document.readyState === 'complete' && document.fonts.status === 'loaded'
    && !document.querySelector('.o_loading_indicator, .o_blockUI')
    && (!document.querySelector('.o_web_client')
        || !!document.querySelector('.o_action_manager > *'))
"""
# The smallest visible element with that selector, or else that text.
FIND = """
    (() => {
        const visible = node => node.checkVisibility({visibilityProperty: true});
        let nodes = [];
        try { nodes = [...document.querySelectorAll(TARGET)]; } catch { /* it is a text */ }
        nodes = nodes.filter(visible);
        if (!nodes.length) {
            const text = node => (node.innerText || node.value || '').trim();
            nodes = [...document.querySelectorAll('body *')]
                .filter(node => text(node) === TARGET && visible(node)).reverse();
        }
        return nodes[0];
    })()
"""


class Browser:
    """One page of a fresh, headless Chromium; relative addresses start at ``url``."""

    def __init__(self, url):
        self.url = url
        self.pending = set()  # the requests that await their answer
        self.errors = []  # what the page wrote to the console as an error

    def __enter__(self):
        self.profile = tempfile.TemporaryDirectory(prefix='gem_crm-', ignore_cleanup_errors=True)
        options = [
            '--headless=new', '--remote-debugging-port=0', f'--user-data-dir={self.profile.name}',
            '--disable-gpu', '--disable-background-networking', '--disable-dev-shm-usage',
            '--disable-extensions', '--hide-scrollbars', '--no-first-run',
            '--remote-allow-origins=*',
        ]
        if os.geteuid() == 0:
            options.append('--no-sandbox')  # which root cannot have
        self.process = subprocess.Popen(
            [chromium.ensure(), *options, 'about:blank'], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=die_with_parent,
        )
        self.socket = websocket.create_connection(self._page_address(), timeout=PATIENCE)
        self.last = 0
        for domain in ('Page', 'Runtime', 'Log', 'Network'):
            self.send(f'{domain}.enable')
        self.size('desktop')
        return self

    def __exit__(self, *_exception):
        self.socket.close()
        self.process.terminate()
        self.process.wait()
        self.profile.cleanup()

    def login(self, login, password=None, lang=None):
        """Log in; the password is the login unless told; then speak ``lang``."""
        self.open('/web/login')
        if self.run('localStorage.length'):
            # Else the page proposes those who logged in before.
            self.run('localStorage.clear()')
            self.open('/web/login')
        self.fill('input[name=login]', login)
        self.fill('input[name=password]', password or login)
        self.run("document.querySelector('.oe_login_form').submit()")
        # A customer comes into the portal.
        self.wait('.o_web_client, .o_portal_my_home')
        if lang:
            self.rpc('res.users', 'write', [[self.user()], {'lang': lang}])

    def user(self):
        """Return the id of the user who is logged in."""
        return self._post('/web/session/get_session_info', {})['uid']

    def rpc(self, model, method, args, **kwargs):
        """Call a model's method as the user who is logged in."""
        params = {'model': model, 'method': method, 'args': args, 'kwargs': kwargs}
        return self._post(f'/web/dataset/call_kw/{model}/{method}', params)

    def size(self, size):
        """Set the size of the page: desktop, phone or WIDTHxHEIGHT; a narrow one is a phone's."""
        width, height = SIZES.get(size) or map(int, size.split('x'))
        self.send(
            'Emulation.setDeviceMetricsOverride', width=width, height=height,
            deviceScaleFactor=1, mobile=width < 600,
        )
        self.send('Emulation.setTouchEmulationEnabled', enabled=width < 600)

    def dark(self, dark=True):
        """Choose dark or light colours; the server must have web_dark_mode."""
        self.rpc('res.users', 'write', [[self.user()], {'dark_mode': dark}])

    def open(self, path):
        """Open an address and wait until the page is drawn."""
        self.send('Page.navigate', url=path if '://' in path else self.url + path)
        self.settle()

    def wait(self, target):
        """Wait for a selector or a text to be on the page."""
        self._until(f'!!{self._find(target)}', f"“{target}” does not appear on the page.")
        self.settle()

    def settle(self):
        """Wait until the page has been drawn and waits for nothing."""
        end = time.monotonic() + PATIENCE
        quiet_since = time.monotonic()
        while time.monotonic() < quiet_since + QUIET:
            if not self.run(DRAWN) or self.pending:
                quiet_since = time.monotonic()
            if time.monotonic() > end:
                self._give_up("The page goes on loading.")
            time.sleep(0.05)

    def click(self, target):
        """Click on the element with that selector or that text."""
        self.wait(target)
        x, y = self.run(f"""
            (() => {{
                const node = {self._find(target)};
                node.scrollIntoView({{block: 'center', behavior: 'instant'}});
                const box = node.getBoundingClientRect();
                return [box.x + box.width / 2, box.y + box.height / 2];
            }})()
        """)
        for kind in ('mouseMoved', 'mousePressed', 'mouseReleased'):
            button = 'none' if kind == 'mouseMoved' else 'left'
            self.send('Input.dispatchMouseEvent', type=kind, x=x, y=y, button=button, clickCount=1)
        self.settle()

    def fill(self, target, text):
        """Replace the text of an input, as if typed."""
        self.wait(target)
        self.run(f"(node => {{ node.focus(); node.select?.(); }})({self._find(target)})")
        self.send('Input.insertText', text=text)

    def run(self, script):
        """Return the value of a JavaScript expression; a promise is awaited."""
        answer = self.send(
            'Runtime.evaluate', expression=script, returnByValue=True, awaitPromise=True,
        )
        if 'exceptionDetails' in answer:
            raise Problem(
                f"The page says: {answer['exceptionDetails']['exception'].get('description')}",
                f"It was asked: {script.strip()}",
            )
        return answer['result'].get('value')

    def picture(self, path, full=False):
        """Save what is seen, or the ``full`` page, as a PNG file."""
        options = {}
        if full:
            content = self.send('Page.getLayoutMetrics')['cssContentSize']
            options = {'captureBeyondViewport': True, 'clip': {**content, 'scale': 1}}
        data = self.send('Page.captureScreenshot', format='png', **options)['data']
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_bytes(base64.b64decode(data))

    def send(self, method, **params):
        """Send a command of the DevTools protocol; return its result."""
        sent = self._tell(method, **params)
        while True:
            message = json.loads(self.socket.recv())
            if message.get('id') == sent:
                if 'error' in message:
                    raise Problem(f"Chromium refuses {method}: {message['error']['message']}", "")
                return message['result']
            self._note(message.get('method'), message.get('params', {}))

    def _tell(self, method, **params):
        """Send a command and return its number: the answer comes with it."""
        self.last += 1
        self.socket.send(json.dumps({'id': self.last, 'method': method, 'params': params}))
        return self.last

    def _note(self, event, params):
        """Remember an event that tells of a request or of an error."""
        match event:
            case 'Page.javascriptDialogOpening':  # Leave without saving? Yes.
                self._tell('Page.handleJavaScriptDialog', accept=True)
            case 'Page.frameStartedLoading':
                self.pending.clear()  # those of the page that is left
            case 'Network.requestWillBeSent':
                self.pending.add(params['requestId'])
            case 'Network.loadingFinished' | 'Network.loadingFailed':
                self.pending.discard(params['requestId'])
            case 'Runtime.exceptionThrown':
                details = params['exceptionDetails']
                self.errors.append(details.get('exception', {}).get('description', details['text']))
            case 'Log.entryAdded' if params['entry']['level'] == 'error':
                self.errors.append(f"{params['entry']['text']} {params['entry'].get('url', '')}")

    def _until(self, condition, sentence):
        """Wait for a JavaScript expression to be true."""
        end = time.monotonic() + PATIENCE
        while not self.run(condition):
            if time.monotonic() > end:
                self._give_up(sentence)
            time.sleep(0.1)

    def _give_up(self, sentence):
        """Raise a Problem that shows the page."""
        picture = DEV / 'browser.png'
        self.picture(picture)
        raise Problem(sentence, f"Look at {picture}. {' '.join(self.errors[-3:])}")

    def _find(self, target):
        return FIND.replace('TARGET', json.dumps(target))

    def _post(self, path, params):
        """Call one of Odoo's JSON routes from the page."""
        answer = self.run(f"""
            fetch({json.dumps(path)}, {{
                method: 'POST',
                headers: {{'Content-Type': 'application/json'}},
                body: JSON.stringify({{params: {json.dumps(params)}}}),
            }}).then(response => response.json())
        """)
        if 'error' in answer:
            raise Problem(f"Odoo refuses {path}: {answer['error']['data']['message']}", "")
        return answer['result']

    def _page_address(self):
        """Return the web socket of the first page."""
        port_file = Path(self.profile.name, 'DevToolsActivePort')
        end = time.monotonic() + PATIENCE
        while not (port_file.exists() and port_file.read_text().strip()):
            if time.monotonic() > end or self.process.poll() is not None:
                raise Problem("Chromium does not start.", "Try it: chromium --headless")
            time.sleep(0.1)
        port = port_file.read_text().split()[0]
        with urllib.request.urlopen(f'http://127.0.0.1:{port}/json/list') as answer:
            pages = json.load(answer)
        return next(page['webSocketDebuggerUrl'] for page in pages if page['type'] == 'page')
