"""Tell what is being done, and for how long."""
import sys
import threading
import time
from contextlib import contextmanager


@contextmanager
def step(title):
    """Show ``title`` while the block runs, then how long it took."""
    start = time.monotonic()
    done = threading.Event()
    ticker = threading.Thread(target=_tick, args=(title, start, done), daemon=True)
    if sys.stdout.isatty():
        ticker.start()
    else:
        say(f'…           {title}')
    mark = '✗'
    try:
        yield
        mark = '✓'
    finally:
        done.set()
        if ticker.is_alive():
            ticker.join()
        _show(mark, title, start, end='\n')


def say(sentence):
    """Print a line at once, also when the output is a file or a pipe."""
    print(sentence, flush=True)


def _tick(title, start, done):
    while not done.wait(0.5):
        _show('…', title, start, end='')


def _show(mark, title, start, end):
    back = '\r' if sys.stdout.isatty() else ''
    seconds = time.monotonic() - start
    print(f'{back}{mark} {seconds:6.1f} s  {title}', end=end, flush=True)
