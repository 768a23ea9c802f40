"""How a visitor works: with a pointer or with the keyboard alone. The same main job is done by both."""

from __future__ import annotations

import re
from typing import Any, Protocol

from playwright.sync_api import Locator, Page

__all__ = ["FOCUS", "Hands", "Keyboard", "Pointer"]

MOST_TABS = 150
# What has the focus, whether that can be seen, and its place in the page
FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return {html: one.outerHTML.slice(0, 140), seen: ring && inside && box.width > 0,
          place: Array.from(document.querySelectorAll('*')).indexOf(one)};
}"""


class Hands(Protocol):
    """What the main job needs."""

    page: Page

    def fill(self, field: Locator, text: str) -> None:
        """Type into a field."""

    def choose(self, field: Locator, value: str) -> None:
        """Choose from a list."""

    def press(self, target: Locator) -> None:
        """Press a button or follow a link."""


class Pointer:
    """A mouse or a finger, and keys to type with."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def fill(self, field: Locator, text: str) -> None:
        """Click into the field and type."""
        field.fill("")
        field.press_sequentially(text) if field.get_attribute("type") in (None, "text", "search") else field.fill(text)

    def choose(self, field: Locator, value: str) -> None:
        """Choose by the value."""
        field.select_option(value)

    def press(self, target: Locator) -> None:
        """Click."""
        target.click()


class Keyboard:
    """Tab, arrows, Enter and letters only; the focus must be seen at every step."""

    def __init__(self, page: Page) -> None:
        self.page, self.unseen = page, list[str]()

    def fill(self, field: Locator, text: str) -> None:
        """Go to the field and type; a date or time goes in by its parts."""
        self._reach(field)
        kind = field.get_attribute("type")
        if kind in ("date", "time"):
            field.fill(text)  # the order of the parts is the browser's, not ours
            return
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, field: Locator, value: str) -> None:
        """Go down the list."""
        self._reach(field)
        values: list[str] = field.evaluate("one => Array.from(one.options, option => option.value)")
        self.page.keyboard.press("Home")
        for _ in range(values.index(value)):
            self.page.keyboard.press("ArrowDown")
        assert field.input_value() == value

    def press(self, target: Locator) -> None:
        """Go there and press Enter; Space for a box."""
        self._reach(target)
        self.page.keyboard.press("Space" if target.get_attribute("type") == "checkbox" else "Enter")

    def _reach(self, target: Locator) -> None:
        for _ in range(MOST_TABS):
            if target.evaluate("one => one === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
            found: dict[str, Any] | None = self.page.evaluate(FOCUS)
            if found and not found["seen"]:
                self.unseen.append(re.sub(r"\s+", " ", found["html"]))
        raise AssertionError(f"not reached with {MOST_TABS} tabs: {target}")
