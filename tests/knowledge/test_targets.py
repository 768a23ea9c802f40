"""The targets of the body model: all of them, each with its numbers, its citation and its use."""

from __future__ import annotations

import math
from collections import Counter

import pytest

from magnes.knowledge.load import table
from magnes.knowledge.targets import Target

ROWS = {row.id: row for row in table(Target)}
# Numbers that the raw table does not have; it ends at MG268
ABSENT = {
    39, 43, 44, 54, 55, 57, 58, 59, 66, 68, 69, 70, 85, 86, 94, 95, 101, 103, 113, 116, 127, 138, 143, 145, 155, 158,
    165, 168, 169, 170, 175,
}  # fmt: skip
WITHOUT_NUMBERS = {"MG034", "MG035", "MG071", "MG146", "MG147"}


def test_no_target_is_dropped_doubled_or_renamed() -> None:
    # catches: a row lost in an import or an edit, also when another takes its place
    assert [row.id for row in table(Target)] == [f"MG{number:03}" for number in range(1, 269) if number not in ABSENT]
    assert len(table(Target)) == 237


def test_the_split_between_calibration_and_validation_is_kept() -> None:
    # catches: a target held back for validation that is tuned on
    counts = Counter((row.use, row.verified) for row in table(Target))
    assert counts == {
        ("calibrate", True): 83,
        ("calibrate", False): 4,
        ("validate", True): 138,
        ("validate", False): 12,
    }
    assert {row.id for row in table(Target) if row.use == "calibrate" and not row.verified} == {
        "MG034",
        "MG063",
        "MG071",
        "MG109",
    }


def test_numbers_add_up() -> None:
    # catches: a number that moved, zeros for blanks, a column shifted by one
    for name, total in {"value": 3761.037, "low": 2981.4258, "high": 4765.4302}.items():
        found = [getattr(row, name) for row in table(Target)]
        assert {row.id for row, number in zip(table(Target), found, strict=True) if number is None} == WITHOUT_NUMBERS
        assert math.fsum(number for number in found if number is not None) == pytest.approx(total, abs=1e-6)


def test_what_has_no_number_was_not_read() -> None:
    # catches: a paper that nobody found, counted as evidence
    assert not any(ROWS[key].verified for key in WITHOUT_NUMBERS)
    assert {row.id for row in table(Target) if not row.unit} == {"MG071", "MG146", "MG147"}


def test_each_kind_of_identifier_has_its_column() -> None:
    # catches: a DOI lost because the cell began with a PMID
    counts = {name: sum(bool(getattr(row, name)) for row in table(Target)) for name in ("pmid", "doi", "pmc", "note")}
    assert counts == {"pmid": 93, "doi": 92, "pmc": 16, "note": 0}
    bone, rooney = ROWS["MG004"], ROWS["MG202"]
    assert (bone.pmid, bone.doi, bone.pmc) == ("4584344", "10.1172/JCI107500", "")
    assert (rooney.pmid, rooney.doi, rooney.pmc) == ("", "10.3390/nu12010263", "PMC7019442")
    assert ROWS["MG015"].citation == "Jiao 2026 J Nutr (abstract)"


def test_a_fall_stays_a_fall() -> None:
    # catches: the sign of a difference lost on the way
    thiazide = ROWS["MG152"]
    assert (thiazide.value, thiazide.low, thiazide.high, thiazide.unit) == (-0.018, -0.028, -0.01, "mmol/L")
    assert sum(row.value is not None and row.value < 0 for row in table(Target)) == 17


def test_what_is_no_quantity_does_not_look_like_one() -> None:
    # catches: "oxide is absorbed worst" fitted as the number 1, days read as a ratio
    units = Counter(row.unit for row in table(Target))
    assert {row.id for row in table(Target) if row.unit in ("{rank}", "{qualitative}")} == {
        "MG065",
        "MG067",
        "MG098",
        "MG108",
    }
    assert (units["{ratio}"], units["d"], units["wk"], units["mmol/L{GF}"]) == (22, 4, 3, 3)
    assert ROWS["MG032"].unit == "h{slowest}"
