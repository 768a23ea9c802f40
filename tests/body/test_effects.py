"""Medicines and conditions on the body: the right factor once, in the right direction, as large as published."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from magnes.body.baseline import reference_values
from magnes.body.effects import ASSUMPTIONS, Modifiers, at_share, body_effect, drawn, inputs, modifiers, with_factors
from magnes.body.experiments import of_effects, predictions
from magnes.body.experiments.base import Body
from magnes.body.experiments.clinic import factors_of, serum_after
from magnes.knowledge.body_effects import BodyEffect, ConditionEffect, MedicineEffect
from magnes.knowledge.clinical import Interaction
from magnes.knowledge.load import located, table
from magnes.knowledge.targets import Target
from magnes.person import Medicine, Person


def person(*names: str, **more: Any) -> Person:
    given = {"age_years": 60, "sex": "female"} | more
    return Person(medicines=tuple(Medicine(name=name) for name in names), **given)


def keys(found: Modifiers) -> list[str]:
    return [row.id for row in found.effects]


@pytest.fixture(scope="module")
def body() -> Body:
    return Body(reference_values())


def test_a_healthy_person_has_no_factors() -> None:
    # catches: an effect that everybody gets
    found = modifiers(person("paracetamol", "a name of nothing"))
    assert (found.factors, found.effects, found.assumptions, found.values) == ({}, (), (), {})


def test_two_medicines_of_one_class_count_once() -> None:
    # catches: omeprazole and pantoprazole as two losses
    one, two = modifiers(person("omeprazol")), modifiers(person("omeprazol", "pantoprazol"))
    assert one.factors == two.factors
    assert keys(two) == ["BE-PPI"]
    assert "effects_multiply" not in two.assumptions


def test_two_classes_on_one_parameter_multiply_and_say_so() -> None:
    # catches: the last effect in the place of the first
    found = modifiers(person("omeprazol", "famotidine"))
    first, second = body_effect("BE-PPI"), body_effect("BE-H2")
    factor = found.factors["gut_active_factor"]
    assert factor.value == pytest.approx(first.value * second.value)
    assert factor.low < first.low * second.value
    assert set(factor.sources) == {*first.sources, *second.sources}
    assert not factor.verified
    assert found.assumptions == ("effects_multiply", "effects_established", "effect_at_any_dose")


def test_fixed_combinations_have_both_effects() -> None:
    # catches: a thiazide that hides in a combination
    found = modifiers(Person(age_years=60, sex="male", medicines=(Medicine(name="x", atc="C03EA01"),)))
    assert keys(found) == ["BE-AMILORIDE", "BE-THIAZIDE"]
    assert found.factors["kidney_distal_factor"].value == pytest.approx(1, abs=0.1)


def test_the_longest_prefix_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    # catches: a group that overrules its own member
    group = body_effect("BE-THIAZIDE")
    member = group.model_copy(update={"id": "BE-X", "atc": ("C03AA03",), "value": 0.5, "low": 0.4})
    monkeypatch.setattr("magnes.body.effects.table", lambda kind: (group, member) if kind is MedicineEffect else ())
    monkeypatch.setattr("magnes.body.effects.inputs", lambda: frozenset())
    monkeypatch.setattr("magnes.body.effects._unit", lambda _: "1")
    assert keys(modifiers(person("hydrochloorthiazide"))) == ["BE-X"]
    assert keys(modifiers(person("indapamide"))) == ["BE-THIAZIDE"]


def test_siblings_are_not_met() -> None:
    # catches: bismuth with antibiotics as an acid blocker; spironolactone as amiloride; a name that is only near
    assert keys(modifiers(Person(age_years=60, sex="male", medicines=(Medicine(name="x", atc="A02BD08"),)))) == []
    assert keys(modifiers(person("spironolacton", "omeprazool"))) == []


def test_one_family_counts_once() -> None:
    # catches: a short bowel that loses its length and then a share of that to malabsorption
    found = modifiers(person(conditions=("short-bowel", "malabsorption")))
    assert "BE-MALABSORPTION" not in keys(found)
    assert found.factors["gut_active_factor"].value == body_effect("BE-SHORT-BOWEL-ACTIVE").value
    assert keys(modifiers(person(conditions=("diabetes", "diabetes-type-2")))) == ["BE-DIABETES"]


def test_dialysis_is_an_amount_not_a_factor() -> None:
    # catches: a clearance that multiplies 0; both kinds of dialysis at once
    found = modifiers(person(conditions=("dialysis",)))
    assert found.values == {
        name: body_effect(key).value
        for name, key in (("dialysis_l_per_day", "BE-HAEMODIALYSIS"), ("dialysate_mmol_per_l", "BE-HAEMODIALYSATE"))
    }
    assert found.factors["dialysis_l_per_day"].unit == "L/d"
    assert {"haemodialysis", "dialysis_weekly_mean"} <= set(found.assumptions)
    p = with_factors({"dialysis_l_per_day": 0.0, "kidney_loop_factor": 2.0}, {"dialysis_l_per_day": 5.0})
    assert p == {"dialysis_l_per_day": 5.0, "kidney_loop_factor": 2.0}


def test_pregnancy_grows_with_the_months() -> None:
    # catches: a child of nine months in the first weeks; a measured filtration raised once more
    early, late = (modifiers(person(age_years=30, pregnant=True, trimester=number)) for number in (1, 3))
    for name in ("gfr_l_per_day", "magnesium_volume_l", "child_mmol_per_day"):
        assert early.factors[name].value < late.factors[name].value
    assert early.factors["kidney_setpoint_factor"].value > late.factors["kidney_setpoint_factor"].value
    assert "second_trimester" in modifiers(person(conditions=("pregnancy",))).assumptions
    assert "second_trimester" not in late.assumptions
    measured = modifiers(person(age_years=30, pregnant=True, egfr_ml_min_1_73m2=140))
    assert "gfr_l_per_day" not in measured.factors
    assert "gfr_relative" not in measured.factors


def test_child_before_and_after_birth_add_up() -> None:
    # catches: inputs that multiply: 0.1 x 1 mmol a day
    both = modifiers(person(age_years=30, pregnant=True, lactating=True, trimester=3)).factors["child_mmol_per_day"]
    milk = modifiers(person(age_years=30, lactating=True))
    assert both.value > milk.factors["child_mmol_per_day"].value > 0.5
    assert "exclusive_breastfeeding" in milk.assumptions


def test_effects_come_and_go() -> None:
    # catches: a factor that stays after its medicine
    found = modifiers(person("omeprazol", "famotidine"))
    row = body_effect("BE-PPI")
    assert at_share(row, row.share_at(0)) == 1
    assert at_share(row, row.share_at(1e4)) == pytest.approx(row.value)
    assert row.value < at_share(row, row.share_at(14)) < 1
    assert at_share(row, row.share_at(1e4, 100)) == pytest.approx(1)
    assert found.tail_days("gut_active_factor") == body_effect("BE-PPI").offset_days
    assert found.tail_days("kidney_loop_factor") == 0
    lasting = body_effect("BE-SHORT-BOWEL-ACTIVE")
    assert lasting.share_at(1e4, 1e4) == pytest.approx(1)
    assert body_effect("BE-HAEMODIALYSIS").share_at(1, 1) == 0


def test_draws_stay_where_a_parameter_can_be() -> None:
    # catches: a loop of Henle that takes back more than is filtered; bounds that do not hold nine draws of ten
    normal = np.random.default_rng(3).standard_normal(20_000)
    factors = modifiers(person("cisplatine", "omeprazol")).factors
    for name, factor in factors.items():
        draws = drawn(name, factor, normal)
        inside = np.mean((draws >= factor.low) & (draws <= factor.high))
        assert inside == pytest.approx(0.9, abs=0.01), name
        assert np.median(draws) == pytest.approx(factor.value, rel=0.02)
    assert drawn("kidney_loop_factor", factors["kidney_loop_factor"], normal).max() == 1
    nothing = factors["gut_active_factor"].model_copy(update={"value": 0.0, "low": 0.0})
    assert drawn("gut_active_factor", nothing, normal).max() == 0


LOWERS, RAISES = "medicine_lowers_mg", "medicine_raises_mg"


@pytest.mark.parametrize("row", table(MedicineEffect), ids=lambda row: row.id)
def test_serum_goes_the_way_that_the_ledger_says(body: Body, row: MedicineEffect) -> None:
    # catches: a factor on the wrong side of 1, or on a flow that works the other way
    file = next(at.file for at in located(MedicineEffect) if at.row.id == row.id)
    directions = {at.row.direction for at in located(Interaction) if at.file == file}
    change = serum_after(body, factors_of(row.id), 60) - body.p["serum_mmol_per_l"]
    assert directions or file == "medicines/h2-antagonists.toml"
    if RAISES in directions:
        assert change > 0
    else:
        assert change < 0


def test_factors_are_those_that_the_published_effects_ask_for(body: Body) -> None:
    # catches: model/body.csv fitted again without tools/calibrate_effects.py
    rows = {row.id: row for row in table(Target)}
    tuned = {row.target for row in (*table(MedicineEffect), *table(ConditionEffect)) if row.target}
    said = predictions(body, tuned)
    assert set(said) == tuned <= of_effects()
    for key, value in said.items():
        row = rows[key]
        low, wanted, high = (float(number or 0) for number in (row.low, row.value, row.high))
        assert abs(value - wanted) < 0.1 * (high - low), f"{key}: run tools/calibrate_effects.py"


def test_all_codes_and_numbers_are_known() -> None:
    # catches: an assumption that no text can tell; an interval that does not hold its value
    everything = person(
        "omeprazol",
        age_years=30,
        pregnant=True,
        lactating=True,
        conditions=("dialysis", "malabsorption", "short-bowel"),
    )
    found = modifiers(everything)
    assert set(found.assumptions) <= set(ASSUMPTIONS)
    assert {"dialysis_l_per_day", "child_mmol_per_day"} <= inputs()
    rows: list[BodyEffect] = [*table(MedicineEffect), *table(ConditionEffect)]
    assert all(row.low <= row.value <= row.high for row in rows)
    assert len({row.id for row in rows}) == len(rows)
    assert all(np.isfinite(factor.high) for factor in found.factors.values())
    zero = body_effect("BE-GITELMAN").model_copy(update={"value": 0.0, "low": 0.0})
    assert modifiers_of(zero).factors["kidney_distal_factor"].value == 0


def modifiers_of(row: BodyEffect) -> Modifiers:
    """Return the modifiers of someone with this effect alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("magnes.body.effects._of_conditions", lambda _: iter([row, row]))
        return modifiers(person())
