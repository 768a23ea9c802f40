"""Lists of what can be asked: the names of the graph, and those of the indications with how sure each is."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from magnes.knowledge.indications import Indication
from magnes.knowledge.ledger import Cause, Function, Sign
from magnes.knowledge.load import table
from magnes.report.answers.paragraphs import WIDTH, titled
from magnes.text import Language, in_language, translate

__all__ = ["graph_names", "indication_names"]

ID_CELLS = 8
CERTAINTY_CELLS = 14
OUTCOMES = ("established-use", "benefit", "small-benefit", "uncertain", "no-meaningful-effect", "not-studied", "harm")


def graph_names(language: Language) -> Iterator[str]:
    """Return every sign, function and cause under its heading, with its id."""
    kinds: tuple[tuple[str, Iterable[Sign | Function | Cause]], ...] = (
        ("signs", table(Sign)),
        ("functions", table(Function)),
        ("causes", table(Cause)),
    )
    for place, (kind, rows) in enumerate(kinds):
        if place:
            yield ""
        yield from titled(translate(f"answer.{kind}", language))
        yield from (f"{row.id:<{ID_CELLS}}{in_language(row, 'name', language)}" for row in rows)


def indication_names(language: Language) -> Iterator[str]:
    """Return every indication under what was found, with the certainty of it at the right.

    Without the headings "moderate" beside cramps would read as if they helped.
    """
    width = WIDTH - ID_CELLS - CERTAINTY_CELLS
    groups = ((effect, [row for row in table(Indication) if row.effect == effect]) for effect in OUTCOMES)
    for place, (effect, rows) in enumerate((effect, rows) for effect, rows in groups if rows):
        if place:
            yield ""
        heading = translate(f"outcome.{effect}", language)
        yield from titled(heading[:1].upper() + heading[1:], translate("answer.certainty", language))
        for row in sorted(rows, key=lambda row: _indication_name(row, language).casefold()):
            certainty = translate(f"certainty.{row.certainty}", language)
            first, *rest = textwrap.wrap(_indication_name(row, language), width)
            yield f"{row.id:<{ID_CELLS}}{first:<{width}}{certainty:>{CERTAINTY_CELLS}}"
            yield from (" " * ID_CELLS + line for line in rest)


def _indication_name(row: Indication, language: Language) -> str:
    """Name of an indication; what is done in hospital only says so."""
    mark = f" ({translate('answer.hospital', language)})" if row.advice == "hospital-only" else ""
    return in_language(row, "name", language) + mark
