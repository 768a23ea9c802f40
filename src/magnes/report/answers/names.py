"""Lists of what can be asked: the names of the graph, and those of the indications with how sure each is."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from magnes.knowledge.indications import Indication
from magnes.knowledge.ledger import Cause, Function, Sign
from magnes.knowledge.load import table
from magnes.report.answers.paragraphs import WIDTH, titled
from magnes.text import Language, in_language, translate

__all__ = ["graph_groups", "graph_names", "indication_groups", "indication_name", "indication_names"]

ID_CELLS = 8
CERTAINTY_CELLS = 14
OUTCOMES = ("established-use", "benefit", "small-benefit", "uncertain", "no-meaningful-effect", "not-studied", "harm")


def graph_groups(language: Language) -> tuple[tuple[str, tuple[Sign | Function | Cause, ...]], ...]:
    """Return signs, functions and causes, each group with its heading."""
    kinds: tuple[tuple[str, tuple[Sign | Function | Cause, ...]], ...] = (
        ("signs", table(Sign)),
        ("functions", table(Function)),
        ("causes", table(Cause)),
    )
    return tuple((translate(f"answer.{kind}", language), rows) for kind, rows in kinds)


def graph_names(language: Language) -> Iterator[str]:
    """Return every sign, function and cause under its heading, with its id."""
    for place, (heading, rows) in enumerate(graph_groups(language)):
        if place:
            yield ""
        yield from titled(heading)
        yield from (f"{row.id:<{ID_CELLS}}{in_language(row, 'name', language)}" for row in rows)


def indication_groups(language: Language) -> Iterator[tuple[str, list[Indication]]]:
    """Return what was found, with the indications of which that was found, by name."""
    for effect in OUTCOMES:
        rows = [row for row in table(Indication) if row.effect == effect]
        heading = translate(f"outcome.{effect}", language)
        if rows:
            ordered = sorted(rows, key=lambda row: indication_name(row, language).casefold())
            yield heading[:1].upper() + heading[1:], ordered


def indication_names(language: Language) -> Iterator[str]:
    """Return every indication under what was found, with the certainty of it at the right.

    Without the headings "moderate" beside cramps would read as if they helped.
    """
    width = WIDTH - ID_CELLS - CERTAINTY_CELLS
    for place, (heading, rows) in enumerate(indication_groups(language)):
        if place:
            yield ""
        yield from titled(heading, translate("answer.certainty", language))
        for row in rows:
            certainty = translate(f"certainty.{row.certainty}", language)
            first, *rest = textwrap.wrap(indication_name(row, language), width)
            yield f"{row.id:<{ID_CELLS}}{first:<{width}}{certainty:>{CERTAINTY_CELLS}}"
            yield from (" " * ID_CELLS + line for line in rest)


def indication_name(row: Indication, language: Language) -> str:
    """Name of an indication; what is done in hospital only says so."""
    mark = f" ({translate('answer.hospital', language)})" if row.advice == "hospital-only" else ""
    return in_language(row, "name", language) + mark
