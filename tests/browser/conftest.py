"""A browser and servers for the tests marked ``browser``; they run with ``make test-browser`` only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from chrome import PATIENCE_MS, chromium, launched
from playwright.sync_api import Browser, expect, sync_playwright
from web_seed import seed
from web_server import Server, serving


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what needs a browser, unless it was asked for by its marker and there is one."""
    asked = "browser" in config.getoption("markexpr", "")
    why = "" if asked and chromium() else "no Chromium here" if asked else "`make test-browser` runs these"
    for item in items:
        if why and item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=why))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return one browser for all tests; each test is a visitor of its own in it."""
    expect.set_options(timeout=PATIENCE_MS / 8)
    with sync_playwright() as playwright:
        found = launched(playwright)
        yield found
        found.close()


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server with the invented example person, for tests that only read."""
    data = tmp_path_factory.mktemp("example") / "magnes.sqlite"
    seed(data)
    with serving(data) as server:
        yield server


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Server]:
    """Return a server with an empty database, for one test."""
    with serving(tmp_path / "magnes.sqlite") as server:
        yield server
