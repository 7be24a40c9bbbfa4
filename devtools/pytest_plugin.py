"""A skipped test proves nothing: make it a failure, unless pyproject.toml says why it may skip.

Odoo skips a whole class in silence where a browser or a package is missing.
"""
import logging

import pytest


def pytest_addoption(parser):
    parser.addini(
        'allowed_skips', type='linelist',
        help="tests that may be skipped, one by line: the node id's end, a colon, the reason",
    )
    parser.addoption(
        '--refuse-warnings', action='store_true', help="a warning in the log fails the test",
    )


@pytest.fixture(autouse=True)
def refuse_warnings(request, caplog):
    """Some of Odoo's lint tests only warn."""
    yield
    if request.config.getoption('--refuse-warnings'):
        warnings = [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING]
        if warnings:
            pytest.fail('\n'.join(warnings))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    _refuse_skip((yield).get_result(), item.config)


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report(collector):
    _refuse_skip((yield).get_result(), collector.config)


def _refuse_skip(report, config):
    """Turn a report of a skip into one of a failure, unless it is expected."""
    expected_failure = hasattr(report, 'wasxfail')
    if report.skipped and not expected_failure and not _allowed(report.nodeid, config):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = 'failed'
        report.longrepr = f"Unexpected skip. {reason}"


def _allowed(nodeid, config):
    allowed = (line.partition(': ')[0] for line in config.getini('allowed_skips'))
    return any(nodeid.endswith(end) for end in allowed)
