"""Read the command line, call the command, and tell failures in a sentence."""
import argparse
import errno
import importlib
import os
import signal
import sys

from .errors import DISK_FULL, Problem

COMMANDS = [
    'run', 'test', 'suites', 'bench', 'shell', 'db', 'psql', 'lint', 'i18n', 'shot',
    'screenshots', 'wheel', 'clean',
]


def main():
    """Run one command; return the exit code."""
    # A polite kill ends like Ctrl-C, and Ctrl-C works in the background too.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)
    os.umask(0o022)  # for the user who runs PostgreSQL when this is root
    parser, modules = _parser()
    args, rest = parser.parse_known_args()
    if rest and not getattr(modules[args.command], 'TAKES_ANYTHING', False):
        parser.error(f"unknown arguments: {' '.join(rest)}")
    args.rest = rest[1:] if rest[:1] == ['--'] else rest
    try:
        return modules[args.command].main(args) or 0
    except Problem as problem:
        return _tell(problem)
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on where this one was.", file=sys.stderr)
        return 130
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return _tell(DISK_FULL)
        if error.errno in (errno.EACCES, errno.EPERM):
            return _tell(Problem(
                f"{error.filename} belongs to someone else.",
                "Run the command as the user who ran it first, or remove .dev as that user.",
            ))
        raise


def _parser():
    parser = argparse.ArgumentParser(
        prog='./dev', description="Run, test and package the add-ons of this repository.",
    )
    commands = parser.add_subparsers(dest='command', required=True, metavar='COMMAND')
    modules = {}
    for name in COMMANDS:
        module = modules[name] = importlib.import_module(f'devtools.commands.{name}')
        summary = module.__doc__.splitlines()[0]
        command = commands.add_parser(name, help=summary, description=module.__doc__)
        module.add_arguments(command)
    return parser, modules


def _tell(problem):
    print(f"\n{problem.sentence}\n→ {problem.what_to_do}", file=sys.stderr)
    return 1
