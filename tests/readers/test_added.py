"""Supplements written in one word on the command line."""

import datetime as dt

import pytest

from magnes.errors import InputProblems
from magnes.person import Person, Supplement
from magnes.readers.added import read_added

NOBODY = Person(age_years=40, sex="female")
TAKES = NOBODY.model_copy(update={"supplements": (Supplement(salt="citrate", elemental_mg=100, times=(dt.time(8),)),)})


def codes(*texts: str, person: Person = NOBODY) -> list[str]:
    with pytest.raises(InputProblems) as error:
        read_added(texts, person)
    return [problem.code for problem in error.value.problems]


def test_a_dose_is_read_with_both_decimal_signs() -> None:
    # catches: a comma that becomes a thousand, a time that is lost
    for amount in ("112.5", "112,5"):
        (dose,) = read_added([f"Citraat:{amount}@8:00, 20.30"], NOBODY)
        assert dose.elemental_mg == 112.5
        assert dose.times == (dt.time(8), dt.time(20, 30))


def test_what_is_wrong_is_told_all_at_once() -> None:
    # catches: a problem that shows only when the first is mended
    assert codes("citrate", "citrte:150@08:00", "citrate:1.234@08:00", "citrate:9000@25:00") == [
        "dose_words",
        "salt_unknown",
        "number_ambiguous",
        "number_range",
        "time_invalid",
    ]


@pytest.mark.parametrize("text", ["citrate:150", "citrate@08:00", ":150@08:00", "citrate:150@", ""])
def test_half_a_dose_is_no_dose(text: str) -> None:
    # catches: a dose without amount or time that silently becomes nothing
    assert codes(text) == ["dose_words"]


def test_a_dose_that_stands_twice_is_refused() -> None:
    # catches: double doses, also beside what is taken already
    assert codes("citrate:150@08:00", "citrate:100@08:00") == ["dose_twice"]
    assert codes("citrate:150@08:00", person=TAKES) == ["dose_twice"]
    assert len(read_added(["citrate:150@09:00"], TAKES)) == 1
