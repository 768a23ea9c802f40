"""axe-core on the page that is open: rules of WCAG 2.0 to 2.2, levels A and AA, and its best practices."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

__all__ = ["VENDOR", "violations"]

VENDOR = Path(__file__).parent / "vendor"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
# `target-size` (24 by 24 px, or as much room around) has to be asked for
RUN = """async rules => (await axe.run(document, {
  runOnly: rules, rules: {'target-size': {enabled: true}}, resultTypes: ['violations']})).violations"""


@cache
def _script() -> str:
    return (VENDOR / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """Return what axe finds wrong: rule, element and what to do."""
    page.evaluate(_script() + ";undefined")
    return [
        f"{found['id']}: {node['html'][:160]} {' '.join(node['failureSummary'].split())[:260]}"
        for found in page.evaluate(RUN, list(RULES))
        for node in found["nodes"]
    ]
