"""The reference adult scaled to people: plausible bodies, what is assumed, what is refused."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from magnes.body import rates
from magnes.body.anchors import ASSUMED, FLAGS, anchors
from magnes.body.baseline import reference_values, solved, start
from magnes.body.size import Size, reference_size
from magnes.errors import InputProblems
from magnes.knowledge.body_parameters import BodyParameter
from magnes.knowledge.load import table
from magnes.knowledge.targets import Target
from magnes.person import Person

MG = 24.305
WHO: dict[str, dict[str, Any]] = {
    "reference man": {"age_years": 35, "sex": "male", "weight_kg": 70, "height_cm": 175},
    "toddler": {"age_years": 1.5, "sex": "female"},
    "child of 8": {"age_years": 8, "sex": "male", "weight_kg": 27, "height_cm": 130},
    "girl of 15": {"age_years": 15, "sex": "female"},
    "small woman": {"age_years": 30, "sex": "female", "weight_kg": 46, "height_cm": 150},
    "tall man": {"age_years": 40, "sex": "male", "weight_kg": 105, "height_cm": 202},
    "heavy woman": {"age_years": 50, "sex": "female", "weight_kg": 130, "height_cm": 165},
    "woman of 85": {"age_years": 85, "sex": "female", "weight_kg": 58, "height_cm": 156},
}


def healthy(**given: Any) -> tuple[SimpleNamespace, SimpleNamespace]:
    """Return states and parameters of a healthy person at rest."""
    p = solved(anchors(Person(**given)).values)
    return SimpleNamespace(**start(p)), SimpleNamespace(**p)


def target(key: str) -> Target:
    return next(row for row in table(Target) if row.id == key)


def test_the_reference_adult_is_itself() -> None:
    # catches: a scale that is not 1 for the adult that the parameters are of
    found = anchors(Person(**WHO["reference man"]))
    shift = found.values["serum_mmol_per_l"] - reference_values()["serum_mmol_per_l"]
    assert shift == pytest.approx(0.0075)
    assert {**found.values, "serum_mmol_per_l": 0} == pytest.approx({**reference_values(), "serum_mmol_per_l": 0})
    assert found.current["gfr_relative"] == 1
    assert found.flags == ()


@pytest.mark.parametrize("given", WHO.values(), ids=WHO)
def test_healthy_people_are_plausible(given: dict[str, Any]) -> None:
    # catches: a pool, intake or filtration that does not grow with the others
    s, p = healthy(**given)
    size = anchors(Person(**given)).size
    row = target("MG020" if given["age_years"] < 18 else "MG014")
    assert (row.low or 9) < rates.serum_mmol_per_l(s, p) < (row.high or 0)
    assert 0.02 < rates.fractional_excretion(s, p) < 0.05  # MG075
    assert 0.7 < rates.urine(s, p) * MG / (0.27 * p.reference_intake_mmol_per_day * MG) < 1.3  # a quarter of intake
    pools = sum(getattr(s, name) for name in ("extracellular", "labile", "muscle", "red_cells", "bone_surface"))
    assert 13 < (pools + s.bone_crystal) / size.lean_kg < 20  # 19 mmol/kg fat-free mass; less bone in old women
    assert 60 < p.gfr_l_per_day / 1.44 / size.surface_m2 * 1.73 < 115
    assert 60 < p.reference_intake_mmol_per_day * MG < 450


def test_every_scale_grows_with_the_body() -> None:
    # catches: a column of body.csv that nobody applies; a small body with the pools of a large one
    small, tall = (anchors(Person(**WHO[who])).values for who in ("small woman", "tall man"))
    scaled = [row.name for row in table(BodyParameter) if row.scale]
    assert {row.scale for row in table(BodyParameter)} == {"", "lean", "bone", "energy", "bsa", "gfr"}
    assert all(small[name] < tall[name] for name in scaled)
    same = [row.name for row in table(BodyParameter) if not row.scale and row.name != "serum_mmol_per_l"]
    assert all(small[name] == tall[name] for name in same)


def test_bone_is_lost_by_women_and_filtration_by_all() -> None:
    # catches: an old body with the skeleton and kidneys of a young one
    young, old = (Size("female", age, 65, 165) for age in (40, 75))
    assert old.bone_kg / young.bone_kg == pytest.approx(0.7)
    assert Size("female", 95, 65, 165).bone_kg == Size("female", 80, 65, 165).bone_kg
    assert Size("male", 75, 65, 165).bone_kg == pytest.approx(Size("male", 40, 65, 165).bone_kg)
    assert old.filtration / young.filtration == pytest.approx(1 - 0.8 * 35 / 107)
    assert Size("male", 8, 30, 130).lean_kg < 0.9 * Size("male", 35, 30, 130).lean_kg


def test_what_is_own_comes_after_the_healthy_body() -> None:
    # catches: a poor kidney taken for the healthy one, which would leave serum where it was
    person = Person(**WHO["woman of 85"])
    ill = anchors(
        person.model_copy(update={"egfr_ml_min_1_73m2": 20.0, "sport_hours_per_week": 7.0}),
        habitual_intake_mmol_per_day=9,
        albumin_g_per_l=25,
    )
    well = anchors(person)
    assert ill.values == well.values
    assert ill.current["gfr_l_per_day"] < 0.3 * well.current["gfr_l_per_day"]
    assert ill.current["gfr_relative"] == pytest.approx(ill.current["gfr_l_per_day"] / well.current["gfr_l_per_day"])
    assert ill.current["intake_mmol_per_day"] == 9
    assert ill.current["ultrafilterable_share"] > ill.values["ultrafilterable_share"]
    assert ill.current["magnesium_volume_l"] < solved(ill.values)["magnesium_volume_l"]
    assert ill.current["sweat_mmol_per_day"] - ill.values["sweat_mmol_per_day"] == pytest.approx(1.2 * 0.14)
    assert "normal_albumin" in well.assumed
    assert "normal_albumin" not in ill.assumed


def test_a_poor_kidney_raises_serum_and_low_albumin_lowers_it() -> None:
    # catches: own values with the wrong sign
    def serum(**given: Any) -> float:
        found = anchors(Person(**WHO["reference man"], **given.pop("person", {})), **given)
        p = {**solved(found.values), **found.current}
        s = SimpleNamespace(**start(solved(found.values)))
        return float(rates.serum_mmol_per_l(s, SimpleNamespace(**p)))

    assert serum(albumin_g_per_l=25) < serum() - 0.05


def test_missing_size_is_typical_and_said() -> None:
    # catches: a default that nobody is told of; a tall person with the weight of a short one
    typical = anchors(Person(age_years=30, sex="female"))
    assert typical.assumed[:2] == ("typical_height", "typical_weight")
    assert (typical.size.weight_kg, typical.size.height_cm) == (70.0, 163.3)
    tall = anchors(Person(age_years=30, sex="female", height_cm=180))
    assert tall.size.bmi == pytest.approx(typical.size.bmi)
    assert anchors(Person(age_years=95, sex="male")).size.weight_kg == 78.4
    assert "reference_intake" in tall.assumed


@pytest.mark.parametrize(
    ("conditions", "code", "low", "high"),
    [
        (("chronic-kidney-disease",), "filtration_of_kidney_disease", 0.3, 0.6),
        (("kidney-failure", "chronic-kidney-disease"), "filtration_of_kidney_failure", 0.05, 0.15),
        (("dialysis", "anuria"), "filtration_on_dialysis", 0.02, 0.1),
        ((), "healthy_filtration_for_age", 1, 1),
    ],
)
def test_a_kidney_disease_without_a_number(conditions: tuple[str, ...], code: str, low: float, high: float) -> None:
    # catches: kidney disease read as a healthy kidney because no eGFR was given
    found = anchors(Person(**WHO["reference man"], conditions=conditions))
    assert code in found.assumed
    assert low <= found.current["gfr_relative"] <= high


FLAGGED = [
    ({"age_years": 17, "sex": "male"}, {}, "age_under_18"),
    ({"age_years": 81, "sex": "male"}, {}, "age_over_80"),
    ({"age_years": 30, "sex": "male", "weight_kg": 45, "height_cm": 180}, {}, "bmi_below_16"),
    ({"age_years": 30, "sex": "male", "weight_kg": 160, "height_cm": 180}, {}, "bmi_above_45"),
    ({"age_years": 30, "sex": "male", "egfr_ml_min_1_73m2": 14}, {}, "egfr_below_15"),
    ({"age_years": 30, "sex": "male", "egfr_ml_min_1_73m2": 0, "conditions": ("dialysis",)}, {}, "dialysis"),
    ({"age_years": 30, "sex": "female", "pregnant": True}, {}, "pregnant"),
    ({"age_years": 30, "sex": "female", "conditions": ("breastfeeding",)}, {}, "lactating"),
    ({"age_years": 30, "sex": "male"}, {"albumin_g_per_l": 15}, "albumin_outside_20_50"),
    ({"age_years": 30, "sex": "male"}, {"habitual_intake_mmol_per_day": 1}, "intake_below_50_mg"),
    ({"age_years": 30, "sex": "male"}, {"habitual_intake_mmol_per_day": 50}, "intake_above_1000_mg"),
]


@pytest.mark.parametrize(("person", "given", "code"), FLAGGED, ids=[case[2] for case in FLAGGED])
def test_what_lies_outside_the_people_studied_is_flagged(person: Any, given: Any, code: str) -> None:
    # catches: an answer for someone whom the model was never held against, without a word
    assert anchors(Person(**person), **given).flags[-1] == code


def test_all_codes_are_known() -> None:
    # catches: a code that no text can tell
    assert {case[2] for case in FLAGGED} <= set(FLAGS)
    given = Person(age_years=9, sex="female", conditions=("dialysis",))
    assert set(anchors(given).assumed) <= set(ASSUMED)


@pytest.mark.parametrize(
    ("person", "given", "fields"),
    [
        ({"age_years": 0.5, "sex": "male"}, {}, ["age_years"]),
        ({"age_years": 30, "sex": "male", "weight_kg": 1.5, "height_cm": 30}, {}, ["weight_kg", "height_cm"]),
        ({"age_years": 30, "sex": "male", "weight_kg": 20, "height_cm": 190}, {}, ["weight_kg"]),
        ({"age_years": 30, "sex": "male", "egfr_ml_min_1_73m2": 0}, {}, ["egfr_ml_min_1_73m2"]),
        ({"age_years": 30, "sex": "male"}, {"habitual_intake_mmol_per_day": 420}, ["habitual_intake_mmol_per_day"]),
        ({"age_years": 30, "sex": "male"}, {"habitual_intake_mmol_per_day": -1}, ["habitual_intake_mmol_per_day"]),
        (
            {"age_years": 30, "sex": "male", "sport_hours_per_week": 120},
            {"albumin_g_per_l": 420},
            ["sport_hours_per_week", "albumin_g_per_l"],
        ),
    ],
)
def test_what_no_body_can_be_is_refused(person: Any, given: Any, fields: list[str]) -> None:
    # catches: grams typed as milligrams that end in a number; only the first problem told
    with pytest.raises(InputProblems) as caught:
        anchors(Person(**person), **given)
    problems = caught.value.problems
    assert [problem.field for problem in problems] == fields
    assert all(problem.code == "number_range" and problem.found and problem.accepted for problem in problems)


def test_a_kidney_at_rest_needs_dialysis() -> None:
    # catches: a refusal that does not say what would be right
    with pytest.raises(InputProblems, match=r"2 … 250 mL/min/1\.73 m²; conditions = \[\"dialysis\"\]"):
        anchors(Person(age_years=60, sex="male", egfr_ml_min_1_73m2=1))


def test_other_reference_adults_come_through_as_arrays() -> None:
    # catches: a parameter set of the posterior that is lost on the way
    person = Person(**WHO["small woman"], egfr_ml_min_1_73m2=60)
    values = reference_values() | {"labile_mmol": np.array([100.0, 120.0]), "gfr_l_per_day": np.array([150.0, 170.0])}
    found = anchors(person, reference=values)
    own = anchors(person, reference={**values, "labile_mmol": 120.0, "gfr_l_per_day": 170.0})
    assert found.values["labile_mmol"][1] == own.values["labile_mmol"]
    assert found.current["gfr_relative"][1] == pytest.approx(own.current["gfr_relative"])


def test_the_reference_size() -> None:
    # catches: a reference adult other than that of body.csv
    size = reference_size()
    assert (size.sex, size.weight_kg, size.height_cm) == ("male", 70, 175)
    assert size.surface_m2 == pytest.approx(1.845, abs=1e-3)
