"""Every page that a visitor can reach by links, one of each kind: later pages are found without a list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from chrome import PATIENCE_MS
from playwright.sync_api import Error, Page, expect
from web_seed import FILLED_DAY

__all__ = ["LINKS", "crawl", "settle", "shape"]

LINKS = "Array.from(document.querySelectorAll('a[href]'), link => link.href)"
DATED = re.compile(r"\d{4}-\d\d-\d\d|\d+")
WORKING = "[data-events], .htmx-request"  # a computation that goes on; an answer on its way


def shape(url: str) -> str:
    """Return what two pages of one kind share: the path without numbers and dates, and the names of what is asked.

    Of things on one shelf (a topic of the evidence, a source) one stands for all.
    """
    parts = urlsplit(url)
    path = DATED.sub("#", parts.path)
    shelf = re.fullmatch(r"/(?!people)([^/]+)/[^/]+", path)
    asked = sorted({pair.partition("=")[0] for pair in parts.query.split("&") if pair})
    return (f"/{shelf[1]}/*" if shelf else path) + ("?" + "&".join(asked) if asked else "")


def settle(page: Page) -> None:
    """Wait until what a page works out in the background has arrived."""
    expect(page.locator(WORKING)).to_have_count(0, timeout=PATIENCE_MS)


def crawl(page: Page) -> Iterator[tuple[str, int]]:
    """Go to one page of each kind and yield its path and status, with the page open on it; of the days a filled one."""
    waiting = ["/", FILLED_DAY]
    seen = {shape(one) for one in waiting}
    while waiting:
        path = waiting.pop(0)
        try:
            response = page.goto(path)
        except Error as error:
            if "Download is starting" in error.message:
                continue
            raise
        assert response is not None, path
        settle(page)
        yield path, response.status
        for link in page.evaluate(LINKS):
            parts = urlsplit(link)
            if parts.netloc != urlsplit(page.url).netloc or shape(link) in seen:
                continue
            seen.add(shape(link))
            waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))
