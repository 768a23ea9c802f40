"""The power goes while somebody types: at most the field being typed is gone."""

from __future__ import annotations

from pathlib import Path

import pytest
from chrome import visiting
from crawl import settle
from playwright.sync_api import Browser, expect
from web_seed import FILLED_DAY, seed
from web_server import start

pytestmark = pytest.mark.browser


def test_a_crash_takes_at_most_the_field_being_typed(browser: Browser, tmp_path: Path) -> None:
    # catches: lines that are saved only together or on leaving the page; a save told before it is on disk; a page that
    # forgets what stands in a field when the save fails
    data = tmp_path / "magnes.sqlite"
    seed(data)
    server = start(data)
    port = int(server.address.rpartition(":")[2])
    try:
        with visiting(browser, server.address) as (page, watch):
            page.goto(FILLED_DAY)
            amounts = page.locator("form.line:not(.new) [name=amount]")
            for place, amount in ((0, "41"), (1, "42")):
                amounts.nth(place).fill(amount)
                with page.expect_response("**/diary/lines/*") as saved:
                    page.keyboard.press("Tab")
                assert saved.value.status < 400
                settle(page)
            before = amounts.nth(2).input_value()
            amounts.nth(2).fill("43")
            server.kill()
            page.keyboard.press("Tab")
            expect(page.locator("form.line:not(.new)").nth(2)).to_be_visible()
            assert amounts.nth(2).input_value() == "43"
            watch.console.clear()  # that the server was away is what happened here
            server = start(data, port=port)
            page.goto(FILLED_DAY)
            assert [amounts.nth(place).input_value() for place in range(3)] == ["41", "42", before]
    finally:
        server.stop()
