"""The system's Chromium, and a watch over everything that a page asks for and complains of."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request

__all__ = ["LOCALES", "NARROW", "PATIENCE_MS", "WIDE", "Watch", "chromium", "launched", "visiting"]

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
LOCALES = {"nl": "nl-NL", "en": "en-GB"}
WIDE, NARROW = (1280, 900), (360, 740)
PATIENCE_MS = 240_000  # the first status and plan of a person are worked out on slow, shared cores


@dataclass
class Watch:
    """What went wrong behind a page: other hosts, messages of the console, answers above 499."""

    address: str
    others: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def requested(self, request: Request) -> None:
        """Note a request that leaves this server."""
        if not request.url.startswith((f"{self.address}/", "data:", "blob:")):
            self.others.append(request.url)

    def said(self, message: ConsoleMessage) -> None:
        """Note errors and warnings; a form that came back with problems (422) is an answer, no mistake."""
        if message.type in ("error", "warning") and "status of 422" not in message.text:
            self.console.append(f"{message.type}: {message.text}")

    def answered(self, response: Any) -> None:
        """Note an answer that is a mistake of ours."""
        if response.status >= 500:
            self.failed.append(f"{response.status} {response.url}")

    def clean(self) -> None:
        """Assert that nothing was noted."""
        assert (self.others, self.console, self.failed) == ([], [], [])


def chromium() -> str:
    """Return the path of a Chromium of this system, or nothing."""
    named = os.environ.get("CHROMIUM", "")
    return named or next((path for path in map(shutil.which, NAMES) if path), "")


def launched(playwright: Playwright) -> Browser:
    """Start the browser."""
    return playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))


@contextmanager
def visiting(
    browser: Browser, address: str, language: str = "nl", size: tuple[int, int] = WIDE, **options: Any
) -> Iterator[tuple[Page, Watch]]:
    """Open a page of a new visitor; what goes wrong behind it fails the test at the end."""
    context: BrowserContext = browser.new_context(
        base_url=address,
        locale=LOCALES[language],
        viewport={"width": size[0], "height": size[1]},
        **options,
    )
    context.set_default_timeout(PATIENCE_MS)
    watch = Watch(address)
    context.on("request", watch.requested)
    context.on("response", watch.answered)
    context.on("console", watch.said)
    context.on("weberror", lambda error: watch.console.append(f"exception: {error.error}"))
    try:
        yield context.new_page(), watch
        watch.clean()
    finally:
        context.close()
