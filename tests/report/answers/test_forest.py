"""Effects in words and pictures: the dot lies in its interval, no effect is where it should be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magnes.knowledge.indications import Effect, Indication
from magnes.knowledge.load import table
from magnes.report.answers.forest import CELLS, RATIOS, dot_line, effect_words, forest_spec, forest_svg

EFFECTS = [(row.id, effect) for row in table(Indication) for effect in row.effects]


def effect(measure: str, value: float, low: float, high: float) -> Effect:
    return Effect.model_validate({
        "outcome_nl": "x", "outcome_en": "x", "measure": measure, "better": "lower", "value": value, "low": low,
        "high": high, "unit": "1", "sources": ("A",), "verified": True,
    })  # fmt: skip


@given(st.sampled_from(["MD", "RR", "OR"]), st.lists(st.floats(0.01, 50), min_size=3, max_size=3))
def test_the_dot_lies_between_the_ends(measure: str, values: list[float]) -> None:
    # catches: value and bound exchanged, a picture wider than its room
    low, value, high = sorted(values)
    line = dot_line(effect(measure, value, low, high), "en").removeprefix("better ").removesuffix(" worse")
    assert len(line) == CELLS + 1
    assert "●" in line
    if "├" in line and "┤" in line:
        assert line.index("├") < line.index("●") < line.index("┤")


def test_no_effect_is_inside_only_when_the_interval_holds_it() -> None:
    # catches: a ratio drawn around 0, a difference around 1
    assert "┼" in dot_line(effect("RR", 1.04, 0.9, 1.2), "nl")
    assert "┼" in dot_line(effect("MD", -9.59, -23.14, 3.97), "nl")
    assert "┊" in dot_line(effect("RR", 0.41, 0.29, 0.58), "nl")
    assert dot_line(effect("count", 5, 4, 6), "nl") == ""


@pytest.mark.parametrize(("name", "one"), EFFECTS, ids=[f"{name}-{place}" for place, (name, _) in enumerate(EFFECTS)])
def test_every_effect_can_be_told_in_both_languages(name: str, one: Effect) -> None:
    # catches: a measure without a word, a decimal point in Dutch
    for language in ("nl", "en"):
        words = effect_words(one, language)  # type: ignore[arg-type]
        assert words
        assert one.low is None or "None" not in words
    assert one.measure not in RATIOS or one.value > 0


def test_the_chart_has_a_panel_per_interval_and_words() -> None:
    # catches: a picture that nobody can read aloud
    row = next(row for row in table(Indication) if row.id == "EV34")
    drawn = [one for one in row.effects if dot_line(one, "nl")]
    assert len(forest_spec(row.effects, "nl", 400)["vconcat"]) == len(drawn) >= 2
    svg = forest_svg([row], "nl")
    assert svg.startswith("<svg")
    assert 'role="img"' in svg.split(">")[0]
    assert "<title>" in svg
    assert "-9,59" in svg


def test_a_bound_beside_no_effect_is_not_rounded_onto_it() -> None:
    # catches: an interval that ends at -0.001 shown as reaching 0, and "-0"
    words = effect_words(effect("MD", -0.21, -0.41, -0.001), "en")
    assert "-0.001" in words
    assert "-0 " not in effect_words(effect("MD", 0.0, -0.5, 0.5), "en")


def test_better_stands_on_the_side_where_it_is() -> None:
    # catches: more sleep drawn as worse
    longer = effect("MD", 16, 2, 30).model_copy(update={"better": "higher"})
    assert dot_line(longer, "en").startswith("worse")
    assert dot_line(effect("MD", -2, -3, -1), "nl").startswith("beter")


def test_effects_of_one_measure_share_a_scale() -> None:
    # catches: two blood pressures on two scales, so that the smaller effect looks larger
    alike = [effect("MD", -2, -3.6, -0.4), effect("MD", -1.3, -4, 1.5), effect("RR", 0.5, 0.3, 0.9)]
    panels = forest_spec(alike, "nl", 400)["vconcat"]
    domains = [panel["layer"][0]["encoding"]["x"]["scale"]["domain"] for panel in panels]
    assert domains[0] == domains[1] != domains[2]
    for panel, domain in zip(panels, domains, strict=True):
        (values,) = panel["data"]["values"]
        assert domain[0] < min(values["low"], values["null"])
        assert max(values["high"], values["null"]) < domain[1]


def test_what_is_not_drawn_is_counted() -> None:
    # catches: an effect without interval that vanishes from the picture
    bare = effect("MD", 1, 0, 2).model_copy(update={"low": None, "high": None})
    assert "1" in forest_spec([bare, effect("MD", 1, 0, 2)], "nl", 400)["title"]["subtitle"][1]
