"""Serve a database over HTTP for as long as a block runs."""
import socket
import subprocess
import time
import urllib.error
import urllib.request

from .errors import Problem
from .paths import LOG
from .process import die_with_parent
from .progress import step

PATIENCE = 120  # seconds for the first page
GRACE = 15  # seconds to stop


class Serving:
    """Odoo serving ``database`` on ``port``, stopped at the end of the block."""

    def __init__(self, dbs, database, port=None, **options):
        self.port = port or free_port()
        self.url = f'http://localhost:{self.port}'
        self.log = LOG / f'{database}.log'
        config = dbs.write_config(database, http_port=self.port, **options)
        self.command = dbs.odoo.command('server', '--config', config)
        self.env = dbs.env()

    def __enter__(self):
        LOG.mkdir(parents=True, exist_ok=True)
        with self.log.open('wb') as log:
            # In a session of its own: Ctrl-C reaches only ./dev, which then stops Odoo once.
            self.process = subprocess.Popen(
                self.command, env=self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=die_with_parent,
            )
        try:
            with step("Starting Odoo"):
                self._await_first_page()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exception):
        self.process.terminate()
        try:
            self.process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _await_first_page(self):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            try:
                urllib.request.urlopen(f'{self.url}/web/login', timeout=PATIENCE).close()
                return
            except urllib.error.HTTPError as error:
                raise Problem(
                    f"Odoo answers its first page with an error ({error.code}).",
                    f"Its log is {self.log}.",
                ) from error
            except OSError:
                time.sleep(0.2)  # not yet listening
        raise Problem("Odoo does not start.", f"Its log is {self.log}.")


def check_port(port):
    """Refuse a port that something else uses."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(('127.0.0.1', port))
        except OSError as error:
            raise Problem(
                f"Port {port} cannot be used: {error.strerror}.",
                f"Choose another one: ./dev run --port {port + 1}",
            ) from error


def free_port():
    """Return a port that nothing uses."""
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]
