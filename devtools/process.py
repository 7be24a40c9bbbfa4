"""Start other programs, and explain their failures."""
import ctypes
import os
import signal
import subprocess

from .errors import Problem, known_cause
from .paths import LOG

TAIL = 15
PR_SET_PDEATHSIG = 1


def clean_env(**changes):
    """Return this process's environment for a child, with ``changes``; None removes one."""
    # Without byte code on disk every start of Odoo would compile it again.
    env = {**os.environ, 'PYTHONDONTWRITEBYTECODE': None, **changes}
    return {name: str(value) for name, value in env.items() if value is not None}


def die_with_parent():
    """Ask Linux to end this process when the one that started it is gone, even by kill -9."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def run(command, log, stdin=subprocess.DEVNULL, **options):
    """Run ``command`` with its output in the log file ``log``; a failure is a Problem."""
    LOG.mkdir(parents=True, exist_ok=True)
    path = LOG / f'{log}.log'
    with path.open('wb') as file:
        code = subprocess.call(
            [str(word) for word in command],
            stdin=stdin, stdout=file, stderr=subprocess.STDOUT,
            preexec_fn=die_with_parent, **options,
        )
    if code:
        raise _explained(command, code, path)


def output(command, **options):
    """Return what ``command`` prints; a failure is a Problem."""
    done = subprocess.run(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, **options,
    )
    if done.returncode:
        raise Problem(
            f"`{command[0]}` failed: {(done.stderr or done.stdout).strip()}",
            "If the sentence above does not say why, run `./dev clean` and try again.",
        )
    return done.stdout


def _explained(command, code, path):
    """Return the Problem for a failed command, from what it wrote."""
    text = path.read_text(errors='replace')
    if cause := known_cause(text):
        return cause
    tail = '\n'.join(f'    {line}' for line in text.splitlines()[-TAIL:])
    return Problem(
        f"{tail}\n`{os.path.basename(str(command[0]))}` failed with code {code}.",
        f"All it said is in {path}. Once mended, run the same command again.",
    )
