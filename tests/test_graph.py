"""Why: questions find their signs, functions and causes; every node hangs in the graph."""

from __future__ import annotations

import pytest

from magnes.errors import InputProblems
from magnes.graph import MAGNESIUM, node_name, why
from magnes.knowledge.ledger import Cause, Function, Link, Sign, Term
from magnes.knowledge.load import table
from magnes.report.answers.paragraphs import lines
from magnes.report.answers.why import explained

QUESTIONS = [
    ("Waarom heb ik 's nachts krampen?", {"SY10"}),
    ("why do I have cramps at night?", {"SY10"}),
    ("krampen", {"SY10"}),
    ("SY34", {"SY34"}),
    ("vermoeidheid", {"SY04"}),
    ("alcohol", {"DC04"}),
    ("PTH", {"FN17"}),
]


@pytest.mark.parametrize(("question", "expected"), QUESTIONS)
def test_questions_find_what_they_name(question: str, expected: set[str]) -> None:
    # catches: an everyday word that leads nowhere, or to half the table
    found = {one.node.id for one in why(question)}
    assert expected <= found
    assert len(found) <= 3


def test_cramps_show_mechanism_evidence_and_what_else() -> None:
    # catches: a mechanism told without the trials that contradict it
    (cramps,) = why("kramp")
    assert [link.to for link in cramps.paths[0]][-1] == "SY10"
    assert cramps.paths[0][0].from_ == MAGNESIUM
    assert cramps.evidence is not None
    assert cramps.evidence.id == "EV34"
    assert cramps.evidence.effect == "no-meaningful-effect"
    assert isinstance(cramps.node, Sign)
    assert cramps.node.other_nl
    assert "C1-052" in cramps.statements


def test_an_unknown_word_names_the_nearest() -> None:
    # catches: a guess instead of a question back
    with pytest.raises(InputProblems) as caught:
        why("krammpen")
    assert caught.value.problems[0].code == "name_unknown"
    assert caught.value.problems[0].nearest


def reached(start: set[str]) -> set[str]:
    found, waiting = set(start), list(start)
    while waiting:
        here = waiting.pop()
        for link in table(Link):
            if link.from_ == here and link.to not in found:
                found.add(link.to)
                waiting.append(link.to)
    return found


def test_every_function_and_sign_hangs_in_the_graph() -> None:
    # catches: a node that nothing leads to, so that its answer has no mechanism
    names = {MAGNESIUM, *(term.name for term in table(Term))}
    assert {row.id for row in table(Function)} <= reached({MAGNESIUM})
    assert {row.id for row in table(Sign) if row.category != "alarm"} <= reached(names)


def test_every_cause_leads_somewhere() -> None:
    # catches: a cause without a flow or a link
    starts = {link.from_ for link in table(Link)}
    assert {row.id for row in table(Cause)} <= starts


def test_every_explanation_can_be_told() -> None:
    # catches: a node without a name in one language
    for row in (*table(Sign), *table(Function), *table(Cause)):
        (one,) = [found for found in why(row.id) if found.node.id == row.id]
        for path in one.paths:
            for link in path:
                assert node_name(link.from_, "nl")
                assert node_name(link.to, "en")


def test_the_surest_way_comes_first() -> None:
    # catches: a contradicted mechanism told first
    order = ("strong", "moderate", "weak", "none", "contradicted")
    for row in table(Sign):
        (one,) = [found for found in why(row.id) if found.node.id == row.id]
        weakest = [max(order.index(link.evidence) for link in path) for path in one.paths]
        assert weakest == sorted(weakest)


def test_red_flags() -> None:
    # catches: a seizure that is answered with food advice
    flagged = {row.id for row in table(Sign) if row.red_flag}
    assert {"SY14", "SY31", "SY32", "SY33", "SY37", "SY38"} <= flagged
    assert not {"SY04", "SY10", "SY24", "SY34"} & flagged


ALARMS = ["pijn op de borst", "ik krijg geen lucht", "flauwvallen", "beroerte", "ik wil dood", "chest pain", "trombose"]


@pytest.mark.parametrize("question", ALARMS)
def test_alarms_are_told_whom_to_call_and_nothing_of_magnesium(question: str) -> None:
    # catches: a rare magnesium cause told to somebody who should call now
    (one,) = why(question)
    assert isinstance(one.node, Sign)
    assert one.node.category == "alarm"
    assert one.node.red_flag
    assert one.paths == ()
    told = " ".join(" ".join(lines(explained(one, "nl"))).split())
    assert "112" in told
    assert "→" not in told
