"""The flow of a day: what goes in comes out or stays, in the record, in the table and in the picture."""

from __future__ import annotations

import dataclasses
import re
from xml.etree import ElementTree

import pytest

from magnes.fit.flow import FlowOfDay, flow_of_a_day
from magnes.fit.individual import Individual
from magnes.report.flow import flow_rows, flow_svg
from magnes.text import LANGUAGES, Language, number, translate

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def out_of_rest(like_her: Individual) -> Individual:
    """More sweat than at rest, and dialysis fluid with more magnesium than blood: tissue and fluid give."""
    more = {"dialysis_l_per_day": 20.0, "dialysate_mmol_per_l": 0.9, "sweat_mmol_per_day": 8.0}
    return dataclasses.replace(
        like_her, drawn=dataclasses.replace(like_her.drawn, before={**like_her.drawn.before, **more})
    )


def by_ends(found: FlowOfDay) -> dict[tuple[str, str], float]:
    return {(flow.source, flow.target): flow.mg_per_day for flow in found.flows}


@pytest.mark.parametrize("who", ["fitted", "like_her", "little_albumin", "out_of_rest"])
def test_what_goes_in_comes_out_or_is_kept(who: str, request: pytest.FixtureRequest) -> None:
    # catches: a loss that is counted twice or not at all, a supplement that vanishes
    found = flow_of_a_day(request.getfixturevalue(who))
    for place in ("bowel", "blood"):
        assert found.out_of(place) == pytest.approx(found.into(place), rel=1e-6)


def test_the_flows_are_those_of_the_course(fitted: Individual) -> None:
    # catches: another body or another unit than the other answers have; something kept at rest
    found, now = by_ends(flow_of_a_day(fitted)), fitted.now()
    assert found["bowel", "blood"] == pytest.approx(now["absorbed"].mean())
    assert found["blood", "urine"] == pytest.approx(now["urine"].mean())
    stool = found["bowel", "not_absorbed"] + found["blood", "gut_loss"]
    assert stool == pytest.approx(now["stool"].mean())
    assert found["blood", "kept"] == 0


def test_products_are_as_they_were_written_down(fitted: Individual, like_her: Individual) -> None:
    # catches: a product that food's uncertainty scales, a medicine shown as a supplement
    found = by_ends(flow_of_a_day(fitted))
    assert found["supplement", "bowel"] == pytest.approx(150)
    assert found["medicine", "bowel"] == pytest.approx(40)
    assert {source for source, target in by_ends(flow_of_a_day(like_her)) if target == "bowel"} == {"food"}


def test_tissue_and_dialysis_may_give(out_of_rest: Individual) -> None:
    # catches: a flow below nothing, or one drawn the wrong way round
    found = by_ends(flow_of_a_day(out_of_rest))
    assert found["dialysis", "blood"] > 0
    assert found["kept", "blood"] > 0
    assert ("blood", "kept") not in found
    drawn = flow_svg(out_of_rest, "en")
    assert "as much as they give" not in drawn
    assert "tissue and bone to blood" in drawn


def test_values_that_contradict_the_model_have_no_flow(refused: Individual) -> None:
    # catches: the day of people like this shown as this person's
    with pytest.raises(ValueError, match="no flow"):
        flow_of_a_day(refused)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_says_every_flow(fitted: Individual, language: Language) -> None:
    # catches: a row with another amount, or in the other language
    rows = flow_rows(fitted, language).rows
    flows = flow_of_a_day(fitted).flows
    for row, flow in zip(rows, flows, strict=True):
        ends = (translate(f"flow.place.{place}", language) for place in (flow.source, flow.target))
        assert tuple(cell.text for cell in row[:2]) == tuple(ends)
        digits = 0 if flow.mg_per_day >= 10 or flow.mg_per_day == 0 else 1
        assert row[2].text == number(flow.mg_per_day, language, digits)


@pytest.mark.parametrize("who", ["fitted", "out_of_rest"])
@pytest.mark.parametrize("width", [760, 360])
def test_bands_are_as_wide_as_what_they_carry(who: str, width: int, request: pytest.FixtureRequest) -> None:
    # catches: a band for which the eye reads another amount than the number beside it
    individual = request.getfixturevalue(who)
    root = ElementTree.fromstring(flow_svg(individual, "nl", width))  # noqa: S314 - our own picture
    numbers = [list(map(float, re.findall(r"-?\d+\.\d+", path.get("d", "")))) for path in root.iter(f"{SVG}path")]
    widths = sorted(way[9] - way[7] for way in numbers)  # right edge: its upper and its lower end
    amounts = sorted(flow.mg_per_day for flow in flow_of_a_day(individual).flows if flow.mg_per_day >= 0.05)
    assert len(widths) == len(amounts)
    scale = widths[-1] / amounts[-1]
    assert widths == pytest.approx([scale * amount for amount in amounts], abs=0.03)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [760, 360])
def test_the_picture_says_what_it_shows_and_fits(fitted: Individual, language: Language, width: int) -> None:
    # catches: a picture without words, letters that are cut off or too small
    root = ElementTree.fromstring(flow_svg(fitted, language, width))  # noqa: S314 - our own picture
    description = root.find(f"{SVG}desc")
    assert description is not None
    for row in flow_rows(fitted, language).rows:
        if row[2].text != "0":
            assert row[2].text in (description.text or "")
    for text in root.iter(f"{SVG}text"):
        assert float(text.get("font-size", "0")) >= 11
        assert 0 <= float(text.get("x", "-1")) <= width
