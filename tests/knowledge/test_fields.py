"""Field types of the records: intervals, lists, flags and signed terms."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from magnes.knowledge.fields import Flag, Interval, Intervals, Keys, Number, Positive, Signed

READS = [
    ("300", [("", 300, 300)]),
    ("600..700", [("", 600, 700)]),
    ("50..", [("", 50, None)]),
    ("..20", [("", None, 20)]),
    ("female=300;male=350", [("female", 300, 300), ("male", 350, 350)]),
    ("a_1=-0.5..1.25", [("a_1", -0.5, 1.25)]),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), READS)
def test_intervals_are_read(text: str, expected: list[tuple[str, float, float]]) -> None:
    # catches: an open end read as closed, a label lost
    found = TypeAdapter(Intervals).validate_python(text)
    assert [(one.label, one.low, one.high) for one in found] == expected


@pytest.mark.parametrize("text", ["x", "5..4", "a=", "1-2", "..", "1..2..3", "1,5"])
def test_what_is_no_interval_is_refused(text: str) -> None:
    # catches: bounds in each other's place, a decimal comma
    with pytest.raises(ValidationError):
        TypeAdapter(Intervals).validate_python(text)


def test_an_interval_is_left_as_it_is() -> None:
    # catches: records that cannot be built in code
    one = Interval(low=1, high=2)
    assert TypeAdapter(Intervals).validate_python((one,)) == (one,)


def test_lists_and_flags() -> None:
    # catches: an empty entry kept as a key, a word taken for yes
    assert TypeAdapter(Keys).validate_python(" A; B ;;") == ("A", "B")
    assert [TypeAdapter(Flag).validate_python(word) for word in ("yes", "no", "n/a", True)] == [
        True,
        False,
        False,
        True,
    ]
    with pytest.raises(ValidationError):
        TypeAdapter(Flag).validate_python("perhaps")


@pytest.mark.parametrize("text", ["kidney_dct", "+", "-Kidney", "+a b"])
def test_a_term_without_its_direction_is_refused(text: str) -> None:
    # catches: an effect whose sign was forgotten
    with pytest.raises(ValidationError):
        TypeAdapter(Signed).validate_python(text)


@pytest.mark.parametrize(("kind", "value"), [(Number, "nan"), (Number, "inf"), (Positive, "-1"), (Positive, "nan")])
def test_numbers_that_are_none(kind: object, value: str) -> None:
    # catches: nan, which passes every comparison
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(value)
