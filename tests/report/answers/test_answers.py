"""Answers as text: complete in both languages, inside the width, with sources and marks."""

from __future__ import annotations

import re

import pytest

from magnes.advice.evidence import Applicability
from magnes.graph import why
from magnes.knowledge.indications import Indication
from magnes.knowledge.ledger import Cause, Function, Sign
from magnes.knowledge.load import table
from magnes.report.answers.claims import claim_in_full, claims_list, totals
from magnes.report.answers.evidence import evidence_in_full
from magnes.report.answers.paragraphs import WIDTH, labelled, lines
from magnes.report.answers.why import explained
from magnes.statements import claims
from magnes.text import LANGUAGES, Language


def sound(told: list[str]) -> None:
    assert told
    for line in told:
        assert len(line) <= WIDTH or " " not in line.strip(), line
        assert not re.search(r"\bNone\b(?! of)", line), line
        assert "{" not in line


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_statement_in_full(language: Language) -> None:
    # catches: a text missing in one language, a placeholder left open
    for row in claims():
        told = list(lines(claim_in_full(row, language)))
        sound(told)
        assert row.id in told[0]
    sound(list(lines(claims_list(claims(), language, with_conflicts=True))))
    assert "326" in totals(claims(), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_indication_in_full(language: Language) -> None:
    # catches: as above, and an unverified number shown as read
    for row in table(Indication):
        told = list(lines(evidence_in_full(row, language, Applicability(holds="no", reasons=("hospital_only",)))))
        sound(told)
        text = "\n".join(told)
        mark = "(niet geverifieerd)" if language == "nl" else "(not verified)"
        if not all(effect.verified for effect in row.effects):
            assert mark in " ".join(text.split()), row.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_node_explained(language: Language) -> None:
    # catches: a sign of too much without its threshold, a node that cannot be told
    for row in (*table(Sign), *table(Function), *table(Cause)):
        for one in why(row.id):
            sound(list(lines(explained(one, language))))


def test_labels_longer_than_their_column_take_a_line() -> None:
    # catches: a label that runs into its text
    assert list(labelled("x" * 30, "y")) == ["x" * 30, " " * 22 + "y"]
    assert list(labelled("x", "")) == []
