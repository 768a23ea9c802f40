"""With the keyboard alone: the focus goes everywhere, is always seen, and is never caught."""

from __future__ import annotations

import pytest
from chrome import visiting
from crawl import crawl
from hands import FOCUS
from playwright.sync_api import Browser, Page
from web_server import Server

pytestmark = pytest.mark.browser

MOST_STEPS = 70
PARTS = 3  # more stops in a date or time: its parts and the calendar
PARTED = "() => document.querySelectorAll('input[type=date], input[type=time]').length"
REACHABLE = """() => {
  const groups = new Set();
  return Array.from(document.querySelectorAll(`a[href], button, input, select, textarea, summary, [tabindex="0"]`))
    .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.disabled && one.tabIndex >= 0
      && one.type !== 'hidden' && (one.type !== 'radio' || !groups.has(one.name) && groups.add(one.name))).length;
}"""


def steps(page: Page) -> tuple[int, list[str]]:
    """Tab through a page (or its first part); return how many places had the focus, and where it was not seen."""
    wanted = min(page.evaluate(REACHABLE), MOST_STEPS)
    places, unseen = set(), []
    for _ in range(wanted + PARTS * page.evaluate(PARTED)):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUS)
        if found:
            places.add(found["place"])
            if not found["seen"]:
                unseen.append(found["html"])
    return max(0, wanted - len(places)), unseen


def test_the_focus_is_seen_and_goes_everywhere(browser: Browser, example: Server) -> None:
    # catches: an outline taken away, focus on something hidden or under another thing, a script that keeps the focus
    wrong = []
    with visiting(browser, example.address) as (page, _):
        for path, _ in crawl(page):
            missed, unseen = steps(page)
            wrong += [f"{path}: not seen: {one}" for one in unseen]
            wrong += [f"{path}: {missed} places not reached"] if missed > 1 else []
    assert not wrong, "\n".join(wrong)
