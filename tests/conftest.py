"""Runs the lanes (lanes.py) within pytest, also under xdist."""

import os
from collections.abc import Iterator

import lanes
import pytest


def _lanes_of(item: pytest.Item) -> list[str]:
    return [name for mark in item.iter_markers("lane") for name in mark.args]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        names = _lanes_of(item)
        if unknown := set(names) - set(lanes.LANES):
            raise pytest.UsageError(f"{item.nodeid}: no such lane: {', '.join(sorted(unknown))}")
        item.user_properties += [("lane", name) for name in names]
        # one worker runs all of LibreOffice, so that its session fixture and cache exist once
        if any(name.startswith("libreoffice") for name in names):
            item.add_marker(pytest.mark.xdist_group("libreoffice"))


def pytest_runtest_setup(item: pytest.Item) -> None:
    for name in _lanes_of(item):
        if reason := lanes.missing(name):
            pytest.skip(f"lane {name}: {reason}")


@pytest.fixture(scope="session")
def soffice(tmp_path_factory: pytest.TempPathFactory) -> lanes.Office:
    """LibreOffice; for tests of the lanes libreoffice and libreoffice-24.8."""
    return lanes.Office(tmp_path_factory.mktemp("soffice"))


def _absent(config: pytest.Config) -> dict[str, str]:
    """The lanes of which no test ran; in the controlling process only."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    reports = [r for kind in ("passed", "failed") for r in reporter.stats.get(kind, [])] if reporter else []
    return lanes.not_run(v for r in reports if r.when == "call" for k, v in r.user_properties if k == "lane")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    worker = hasattr(session.config, "workerinput")
    if (
        not worker
        and os.environ.get("CI")
        and session.exitstatus == pytest.ExitCode.OK
        and _absent(session.config).keys() - lanes.ELSEWHERE
    ):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_unconfigure(config: pytest.Config) -> Iterator[None]:
    """After pytest's own closing line, the very last one."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    speaks = reporter and not hasattr(config, "workerinput") and not config.option.collectonly
    line = lanes.closing_line(_absent(config)) if speaks else None
    yield
    if line:
        print(line)
