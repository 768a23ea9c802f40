"""Every page that links lead to: axe, phone width, sizes of targets, nothing from elsewhere, no complaints."""

from __future__ import annotations

import pytest
from axe import violations
from chrome import NARROW, WIDE, visiting
from crawl import crawl
from playwright.sync_api import Browser
from web_server import Server

pytestmark = pytest.mark.browser

LEAST_TARGET_PX = 24
# What can be pressed and is smaller than 24 by 24 px; links within a sentence are exempt (WCAG 2.5.8), and so is a
# small control whose label is large enough to press.
SMALL = """least => Array.from(document.querySelectorAll(`a[href], button, input:not([type=hidden]),
  select, textarea, summary`)).filter(one => {
    const box = one.getBoundingClientRect();
    if (!box.width || !box.height || (box.width >= least && box.height >= least)) return false;
    if (getComputedStyle(one).clipPath !== 'none' || one.closest('.skip')) return false;
    if (one.tagName === 'A' && getComputedStyle(one).display === 'inline') {
      const around = one.closest('p, dd, td, th, figcaption, blockquote, li, text');
      if (around && around.textContent.trim() !== one.textContent.trim()) return false;
    }
    return !Array.from(one.labels || []).some(label => label.getBoundingClientRect().height >= least);
  }).map(one => one.outerHTML.slice(0, 140) + ' ' + JSON.stringify(one.getBoundingClientRect()))"""
WIDTH = "document.scrollingElement.scrollWidth"
# What sticks out, to find the cause
WIDER = """limit => Array.from(document.querySelectorAll('main *')).filter(one =>
  one.getBoundingClientRect().right > limit + 1).slice(0, 3).map(one => one.outerHTML.slice(0, 140))"""


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_page_is_accessible_wide_and_narrow(browser: Browser, example: Server, language: str) -> None:
    # catches: a link that leads nowhere; a page without names, contrast or order; sideways scrolling or tiny targets
    # on a phone; a page in the other language; a request to another host; a refused or failing script
    wrong, seen = [], []
    with visiting(browser, example.address, language) as (page, _):
        for path, status in crawl(page):
            seen.append(path)
            if status != 200:
                wrong.append(f"{path}: answered {status}")
            if page.locator("html").get_attribute("lang") != language:
                wrong.append(f"{path}: not in {language}")
            for size in (WIDE, NARROW):
                page.set_viewport_size({"width": size[0], "height": size[1]})
                wrong += [f"{path} at {size[0]} px: {one}" for one in violations(page)]
            if page.evaluate(WIDTH) > NARROW[0]:
                wrong.append(f"{path} is {page.evaluate(WIDTH)} px wide: {page.evaluate(WIDER, NARROW[0])}")
            wrong += [f"{path}: small: {one}" for one in page.evaluate(SMALL, LEAST_TARGET_PX)]
            page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
        print(f"{len(seen)} pages: {', '.join(seen)}")
        assert not wrong, "\n".join(wrong)
        assert len(seen) > 15
