"""Lists of what can be asked: nothing is left out, and certainty stands under what was found."""

from __future__ import annotations

import pytest

from magnes.knowledge.indications import Indication
from magnes.knowledge.ledger import Cause, Function, Sign
from magnes.knowledge.load import table
from magnes.report.answers.names import graph_names, indication_names
from magnes.report.answers.paragraphs import WIDTH
from magnes.text import Language


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_name_stands_in_its_list_once(language: Language) -> None:
    # catches: a kind or an outcome without heading, whose rows then fall out
    first = [line.split(" ")[0] for line in graph_names(language)]
    nodes = [*table(Sign), *table(Function), *table(Cause)]
    assert [word for word in first if word in {node.id for node in nodes}] == [node.id for node in nodes]
    listed = [line.split(" ")[0] for line in indication_names(language) if line.startswith("EV")]
    assert sorted(listed) == sorted(row.id for row in table(Indication))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_line_is_wider_than_the_screen(language: Language) -> None:
    # catches: a long name that pushes the certainty out of its column
    assert max(map(len, indication_names(language))) <= WIDTH


def test_moderate_certainty_of_no_effect_reads_as_no_effect() -> None:
    # catches: cramps among what helps
    lines = list(indication_names("en"))
    cramps = next(place for place, line in enumerate(lines) if "cramp" in line and "moderate" in line)
    headings = [line for line in lines[:cramps] if line.endswith("Certainty")]
    assert headings[-1].startswith("No effect that matters")


def test_what_is_done_in_hospital_says_so() -> None:
    # catches: a drip that reads as something to buy
    lines = [line for line in indication_names("nl") if line.startswith(("EV04", "EV02", "EV34"))]
    assert [("(ziekenhuis)" in line) for line in sorted(lines)] == [True, True, False]
