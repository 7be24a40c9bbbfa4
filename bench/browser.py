"""What the web client asks the server when it opens a page, recorded from Chromium."""
import json
import os
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import requests
import websocket

START_TIMEOUT = 30
# The first page of a database builds its assets.
PAGE_TIMEOUT = 300
QUIET = 2
OPTIONS = [
    '--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run',
    '--disable-background-networking', '--remote-debugging-port=0', '--window-size=1366,768',
    '--remote-allow-origins=*',
]


@dataclass
class Request:
    """One request of the web client."""

    path: str
    body: dict

    @property
    def method(self):
        """Return the name of the method called on a model, or None."""
        return self.body.get('params', {}).get('method')

    def changed(self, args=None, **kwargs):
        """Return this request with other positional arguments, or other named ones."""
        params = self.body['params']
        return Request(self.path, self.body | {'params': params | {
            'args': params['args'] if args is None else args,
            'kwargs': params['kwargs'] | kwargs,
        }})


class Browser:
    """A Chromium without window, as a context manager."""

    def __enter__(self):
        executable = os.environ.get('CHROMIUM') or shutil.which('chromium')
        if not executable:
            raise RuntimeError("No Chromium: install Debian's chromium, or set CHROMIUM.")
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._process = subprocess.Popen(
            [executable, *OPTIONS, f'--user-data-dir={self._profile.name}', 'about:blank'],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        self._id = 0
        self._events = []
        try:
            self._connect()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *exception):
        self._socket.close()
        self._stop()

    def _stop(self):
        self._process.terminate()
        self._process.wait()
        self._profile.cleanup()

    def _connect(self):
        port_file = Path(self._profile.name, 'DevToolsActivePort')
        deadline = time.monotonic() + START_TIMEOUT
        while not port_file.exists() or not port_file.read_text():
            if time.monotonic() > deadline:
                raise RuntimeError("Chromium did not start.")
            time.sleep(0.1)
        port = port_file.read_text().split()[0]
        [page] = [
            target for target in requests.get(f'http://127.0.0.1:{port}/json').json()
            if target['type'] == 'page'
        ]
        self._socket = websocket.create_connection(
            page['webSocketDebuggerUrl'], timeout=PAGE_TIMEOUT,
        )
        self._do('Network.enable')
        self._do('Page.enable')

    def _do(self, method, **params):
        """Send a DevTools command; return its result, keeping the events that come first."""
        self._id += 1
        self._socket.send(json.dumps({'id': self._id, 'method': method, 'params': params}))
        while True:
            message = json.loads(self._socket.recv())
            if message.get('id') == self._id:
                if 'error' in message:
                    raise RuntimeError(f"{method}: {message['error']['message']}")
                return message['result']
            self._events.append(message)

    def record(self, session, url, selector):
        """Open a page as the user of ``session``, until it shows ``selector`` and is quiet.

        :return: the requests that it sent
        """
        self._do('Network.clearBrowserCookies')
        for name, value in session.cookies.items():
            self._do('Network.setCookie', name=name, value=value, url=url)
        self._do('Page.navigate', url='about:blank')
        self._events.clear()
        self._do('Page.navigate', url=url)
        shown = f'Boolean(document.querySelector({json.dumps(selector)}))'
        deadline = time.monotonic() + PAGE_TIMEOUT
        quiet_since, seen = time.monotonic(), 0
        while time.monotonic() < deadline:
            time.sleep(0.1)
            ready = self._do('Runtime.evaluate', expression=shown)['result'].get('value')
            sent = len(list(self._requests()))
            if not ready or sent != seen:
                quiet_since, seen = time.monotonic(), sent
            elif time.monotonic() - quiet_since > QUIET:
                return list(self._requests())
        what = "never ceased to send requests" if ready else f"never showed {selector}"
        raise RuntimeError(f"{url} {what}.")

    def _requests(self):
        for event in self._events:
            if event['method'] == 'Network.requestWillBeSent':
                request = event['params']['request']
                if request['method'] == 'POST' and 'json' in request['headers'].get(
                        'Content-Type', ''):
                    yield Request(urlsplit(request['url']).path, json.loads(request['postData']))
