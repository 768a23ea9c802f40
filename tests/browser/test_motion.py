"""Who asks for less motion gets none."""

from __future__ import annotations

import pytest
from chrome import visiting
from crawl import crawl
from playwright.sync_api import Browser
from web_server import Server

pytestmark = pytest.mark.browser

MOVING = """() => Array.from(document.querySelectorAll('*')).filter(one => {
    const style = getComputedStyle(one);
    return `${style.transitionDuration},${style.animationDuration}`.split(',').some(told => parseFloat(told) > 0.01)
      || style.scrollBehavior === 'smooth';
  }).map(one => one.outerHTML.slice(0, 120))"""


def test_nothing_moves_for_who_asks_for_less_motion(browser: Browser, example: Server) -> None:
    # catches: a transition, animation or smooth scrolling outside the media query that asks first
    moving = {}
    with visiting(browser, example.address, reduced_motion="reduce") as (page, _):
        for path, _ in crawl(page):
            found = page.evaluate(MOVING)
            if found:
                moving[path] = found[:3]
    assert not moving


def test_the_check_sees_motion_where_nobody_asked(browser: Browser, example: Server) -> None:
    # catches: a check above that never finds anything
    with visiting(browser, example.address, reduced_motion="no-preference") as (page, _):
        page.goto("/")
        assert page.evaluate(MOVING)
