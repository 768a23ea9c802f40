"""Statements of the pages: one line each, or one in full."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from magnes.computed import compute
from magnes.knowledge.ledger import Statement
from magnes.report.answers.paragraphs import WIDTH, liner, sources_line, titled
from magnes.report.wording import amount, marked
from magnes.statements import VERDICTS, conflicts, is_open, verdicts
from magnes.text import Language, in_language, translate

__all__ = ["claim_in_full", "claims_list", "totals"]

ID_CELLS, VERDICT_CELLS = 8, 20


def claims_list(rows: Iterable[Statement], language: Language, *, with_conflicts: bool) -> Iterator[str]:
    """Return id, verdict and text of every statement, with the ids it contradicts when asked."""
    for row in rows:
        verdict = translate(f"verdict.{row.verdict}", language)
        tail = f" ↔ {' '.join(row.conflicts)}" if with_conflicts and row.conflicts else ""
        head = f"{row.id:<{ID_CELLS}}{verdict:<{VERDICT_CELLS}}"
        indent = " " * len(head)
        text = in_language(row, "text", language) + tail
        lines = textwrap.wrap(text, WIDTH - len(head), break_long_words=False, break_on_hyphens=False)
        yield head + lines[0]
        yield from (indent + line for line in lines[1:])


def totals(rows: Iterable[Statement], language: Language) -> str:
    """Return how many statements have each verdict, and how many the engine could still compute."""
    found = list(rows)
    count = verdicts(found)
    parts = [f"{count[name]} {translate(f'verdict.{name}', language)}" for name in VERDICTS if count[name]]
    still = sum(map(is_open, found))
    return translate("answer.claims_total", language, count=len(found), parts=", ".join(parts), open=still)


def claim_in_full(row: Statement, language: Language) -> Iterator[str]:
    """Return everything that is known of one statement."""
    line = liner(language)
    place = translate("answer.page", language, page=row.page, section=in_language(row, "section", language))
    yield from titled(place, row.id)
    yield from line("states", in_language(row, "text", language))
    yield from line("verdict", translate(f"verdict.{row.verdict}", language))
    yield from line("better", in_language(row, "better", language))
    for other in conflicts(row):
        yield from line("contradicts", f"{other.id}: {in_language(other, 'text', language)}")
    for found in compute(row):
        text = f"{in_language(found, 'says', language)}: {amount(found.result, language)}"
        yield from line("computed", marked(text, language, verified=found.result.verified))
    if is_open(row):
        yield from line("computed", translate("answer.still_open", language))
    yield from sources_line(row.sources, language, verified=row.verified)
