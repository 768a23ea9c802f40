"""Suggestions while typing, with a server that answers late."""

from __future__ import annotations

import time

import pytest
from chrome import visiting
from consultation import SUGGESTED
from playwright.sync_api import Browser, Route, expect
from web_server import Server

pytestmark = pytest.mark.browser


def test_a_late_answer_does_not_move_the_list_under_the_finger(browser: Browser, example: Server) -> None:
    # catches: a list that is replaced after the arrow key, so that Enter saves the half-typed word as a food
    def late(route: Route) -> None:
        time.sleep(0.6)
        route.continue_()

    with visiting(browser, example.address) as (page, _):
        page.goto("/people/1/diary")
        lines = page.locator("form.line:not(.new)").count()
        page.route("**/search/**q=bana*", late)
        food = page.locator("#l0-food")
        food.press_sequentially("ban")
        expect(page.locator(SUGGESTED).first).to_be_visible()
        shown = page.locator(SUGGESTED).first.get_attribute("data-value")
        food.press_sequentially("a")
        page.wait_for_timeout(150)  # past the pause after a letter: the search for four letters is on its way
        page.keyboard.press("ArrowDown")
        page.wait_for_timeout(900)
        page.keyboard.press("Enter")
        expect(food).to_have_value(shown or "nothing was shown")
        assert page.locator("form.line:not(.new)").count() == lines
