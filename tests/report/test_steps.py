"""The six steps in words: every verb has a text in both languages, numbers are those of the record."""

import pytest

from magnes.advice.steps import STATEMENTS, Step
from magnes.estimate import Estimate
from magnes.report.steps import gain_text, step_text, steps_rows, steps_text
from magnes.text import LANGUAGES, Language

GAIN = Estimate(value=0.0214, low=0.012, high=0.033, unit="mmol/L", sources=("MAGNES-FIT",), verified=False)


def step(code: str, verb: str, **facts: str | float) -> Step:
    return Step(code=code, verb=verb, gain=GAIN, facts=facts, statements=STATEMENTS[code], sources=("MAGNES-FIT",))


SWEAT = {"lost_mg": 1.7, "hot_mg": 3.4, "salt_mg": 5.03, "sweat_l_per_day": 0.5}
EVERY = (
    step("food", "do", gain_mg=121.2, closes=1.0),
    step("food", "do", gain_mg=60.4, closes=0.0),
    step("food", "keep", why="no_gap"),
    step("food", "ask", why="no_diary"),
    step("food", "not_now", why="nothing_fits"),
    step("food", "blocked"),
    step("medicines", "ask", name="omeprazol"),
    step("medicines", "keep"),
    step("stress", "no_number"),
    step("sweat", "do", **SWEAT),
    step("sweat", "keep", **SWEAT),
    step(
        "supplement", "do", salt_nl="citraat", salt_en="citrate", dose_mg=200.0, indications_nl="a", indications_en="b"
    ),
    step("supplement", "not_now"),
    step("supplement", "blocked", why="contraindicated"),
    step("measure", "do", test="serum-magnesium", narrower=0.23, low=0.58, high=0.01),
    step("measure", "not_now", test="serum-magnesium", narrower=0.23, low=0.002, high=0.001),
    step("measure", "do", why="contradicted"),
    step("measure", "do", test="serum-magnesium", narrower=0.23, low=0.002, high=0.31),
    step("sweat", "ask", **SWEAT),
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_verb_has_words(language: Language) -> None:
    # catches: a verb without a text, a placeholder that stays empty
    for one in EVERY:
        words = step_text(one, language)
        assert words
        assert "{" not in words


def test_numbers_are_those_of_the_step() -> None:
    # catches: a share shown as a percentage of a percentage, 0 % where nobody knows, a point in Dutch
    assert "121 mg" in step_text(EVERY[0], "nl")
    assert "58 %" in step_text(EVERY[14], "nl")
    assert "<1 %" in step_text(EVERY[15], "en")
    assert "31 %" in step_text(EVERY[17], "nl")
    assert "1,7 mg" in step_text(EVERY[9], "nl")
    assert "1.7 mg" in step_text(EVERY[9], "en")
    assert gain_text(GAIN, "nl") == "+0,021 mmol/L (+0,012 tot +0,033)"
    assert gain_text(None, "en") == "no number"


def test_a_change_that_rounds_to_nothing_has_no_sign() -> None:
    # catches: "-0,000"
    nothing = GAIN.model_copy(update={"value": -0.0001, "low": -0.0002, "high": 0.0001})
    assert gain_text(nothing, "nl") == "0,000 mmol/L (0,000 tot 0,000)"


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_and_table_say_the_same(language: Language) -> None:
    # catches: a table twin in another order, a step without its source
    some = (EVERY[0], EVERY[6], EVERY[8])
    text, table = steps_text(some, language), steps_rows(some, language)
    assert len(table.rows) == 3
    for place, (row, one) in enumerate(zip(table.rows, some, strict=True), start=1):
        assert f"{place}. {row[0].text}: {row[1].text}" in text
        assert row[2].text == step_text(one, language)
        assert row[1].sources == one.sources
        assert STATEMENTS[one.code][0] in text
