"""Let several ./dev commands run in one checkout without treading on each other.

The locks are the kernel's (flock): a killed command leaves none behind.
"""
import fcntl
from contextlib import contextmanager

from .errors import Problem
from .paths import DEV
from .progress import say


@contextmanager
def waiting_for(name):
    """Hold the lock ``name``; wait for it when another command has it."""
    with _lock_file(name) as file:
        if not try_lock(file, fcntl.LOCK_EX):
            say(f"… waiting for another ./dev command of this checkout ({name})")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def alone(name):
    """Hold the lock ``name``; it is a Problem when another command has it."""
    with _lock_file(name) as file:
        if not try_lock(file, fcntl.LOCK_EX):
            raise Problem(
                f"Another `./dev {name}` is running in this checkout.",
                "Stop it first, or use a second checkout (`git worktree add`).",
            )
        yield


@contextmanager
def sharing(name, last_one):
    """Be one of the users of ``name``; the last to leave calls ``last_one``."""
    with _lock_file(name) as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        try:
            yield
        finally:
            if try_lock(file, fcntl.LOCK_EX):
                last_one()


def try_lock(file, kind):
    """Take the lock on ``file`` without waiting; return whether it was had."""
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _lock_file(name):
    (DEV / 'lock').mkdir(parents=True, exist_ok=True)
    with (DEV / 'lock' / name).open('w') as file:
        yield file
