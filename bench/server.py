"""An Odoo server under measure, and the requests sent to it."""
import json
import re
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass

import requests

from odoo.sql_db import db_connect

START_TIMEOUT = 120
# How Odoo's log tells of a request: its path, and the number of its SQL queries.
PERFORMANCE = re.compile(r'"POST (?P<path>[^\s#]+)\S* HTTP/[\d.]+" 200 - (?P<queries>\d+) ')


@dataclass
class Cost:
    """What one request cost."""

    wall: float  # milliseconds, as the client sees them
    cpu: float  # milliseconds, of Odoo and of its PostgreSQL connections
    queries: int


class Server:
    """An Odoo server on one database, as a context manager."""

    def __init__(self, database, port, log, host='127.0.0.1'):
        self.database = database
        self.url = f'http://{host}:{port}'
        self._command = [
            sys.executable, '-m', 'odoo', '-d', database, f'--db-filter=^{database}$',
            f'--http-port={port}', f'--http-interface={host}', '--workers=0',
            '--max-cron-threads=0', f'--logfile={log}',
        ]
        self._log_path = log

    def __enter__(self):
        with suppress(requests.ConnectionError):
            requests.get(f'{self.url}/web/health', timeout=START_TIMEOUT)
            raise RuntimeError(f"{self.url} is another server's: choose another --port")
        self._log_path.unlink(missing_ok=True)
        self._process = subprocess.Popen(self._command)
        try:
            self._wait()
            self._log = self._log_path.open()
        except BaseException:
            self._process.terminate()
            raise
        return self

    def __exit__(self, *exception):
        self._log.close()
        self._process.terminate()
        self._process.wait()

    def _wait(self):
        deadline = time.monotonic() + START_TIMEOUT
        while self._process.poll() is None and time.monotonic() < deadline:
            try:
                requests.get(f'{self.url}/web/health', timeout=START_TIMEOUT)
                return
            except requests.ConnectionError:
                time.sleep(0.2)
        raise RuntimeError(f"Odoo did not start on {self.database}: see {self._log_path}")

    def login(self, login, password):
        """Return a session of that user."""
        session = requests.Session()
        answer = session.post(f'{self.url}/web/session/authenticate', json={'params': {
            'db': self.database, 'login': login, 'password': password,
        }}).json()
        if 'error' in answer:
            raise RuntimeError(f"{login} cannot log in on {self.database}: {answer['error']}")
        return session

    def send(self, session, request):
        """Send a recorded request; return its result and its cost."""
        body = json.dumps(request.body).encode()
        self._log.read()
        pids = self._backends()
        cpu = self._cpu(pids)
        start = time.perf_counter()
        answer = session.post(
            self.url + request.path, body, headers={'Content-Type': 'application/json'},
        )
        wall = time.perf_counter() - start
        cpu = sum(seconds - cpu.get(pid, 0) for pid, seconds in self._cpu(pids).items())
        answer.raise_for_status()
        answer = answer.json()
        if 'error' in answer:
            raise RuntimeError(f"{request.path} failed on {self.database}: {answer['error']}")
        return answer['result'], Cost(wall * 1000, cpu * 1000, self._queries(request.path))

    def _queries(self, path):
        deadline = time.monotonic() + 5
        text = ''
        while time.monotonic() < deadline:
            text += self._log.read()
            for match in PERFORMANCE.finditer(text):
                if match['path'] == path:
                    return int(match['queries'])
            time.sleep(0.001)
        raise RuntimeError(f"Odoo logged no request {path}: see {self._log_path}")

    def _backends(self):
        """Return the process ids of this database's PostgreSQL connections."""
        with db_connect('postgres').cursor() as cr:
            cr.execute(
                "SELECT pid FROM pg_stat_activity"
                " WHERE datname = %s AND backend_type = 'client backend'",
                [self.database],
            )
            return [pid for [pid] in cr.fetchall()]

    def _cpu(self, backends):
        """Return the seconds of processor time that the server has used so far, by process."""
        seconds = {}
        for pid in (self._process.pid, *backends):
            # A connection that is closed meanwhile has no clock any more.
            with suppress(OSError):
                # Linux: the clock that clock_getcpuclockid() returns, to the nanosecond.
                seconds[pid] = time.clock_gettime(~pid << 3 | 2)
        return seconds
