"""Statements of the pages: one line each, or one in full."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from magnes.computed import compute
from magnes.knowledge.ledger import Statement
from magnes.report.answers.paragraphs import Claim, Heading, Piece, cited, liner
from magnes.report.wording import amount, marked
from magnes.statements import VERDICTS, conflicts, is_open, verdicts
from magnes.text import Language, in_language, translate

__all__ = ["claim_in_full", "claims_list", "totals"]


def claims_list(rows: Iterable[Statement], language: Language, *, with_conflicts: bool) -> Iterator[Claim]:
    """Return id, verdict and text of every statement, with the ids it contradicts when asked."""
    for row in rows:
        verdict = translate(f"verdict.{row.verdict}", language)
        others = row.conflicts if with_conflicts else ()
        yield Claim(row.id, verdict, in_language(row, "text", language), others)


def totals(rows: Iterable[Statement], language: Language) -> str:
    """Return how many statements have each verdict, and how many the engine could still compute."""
    found = list(rows)
    count = verdicts(found)
    parts = [f"{count[name]} {translate(f'verdict.{name}', language)}" for name in VERDICTS if count[name]]
    still = sum(map(is_open, found))
    return translate("answer.claims_total", language, count=len(found), parts=", ".join(parts), open=still)


def claim_in_full(row: Statement, language: Language) -> Iterator[Piece]:
    """Return everything that is known of one statement."""
    line = liner(language)
    place = translate("answer.page", language, page=row.page, section=in_language(row, "section", language))
    yield Heading(place, row.id)
    yield line("states", in_language(row, "text", language))
    yield line("verdict", translate(f"verdict.{row.verdict}", language))
    yield line("better", in_language(row, "better", language))
    for other in conflicts(row):
        yield line("contradicts", f"{other.id}: {in_language(other, 'text', language)}")
    for found in compute(row):
        text = f"{in_language(found, 'says', language)}: {amount(found.result, language)}"
        yield line("computed", marked(text, language, verified=found.result.verified))
    if is_open(row):
        yield line("computed", translate("answer.still_open", language))
    yield cited(row.sources, language, verified=row.verified)
