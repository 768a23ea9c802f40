"""The design of a virtual trial: what is refused, all at once, with line and nearest word."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from magnes.errors import InputProblems
from magnes.population.trial_spec import SCHEMA_FILE, Dose, design_of, read_trial, schema

GOOD = """
title = "a trial"
days = 84
measure_days = [28, 84]
adherence = 0.9

[people]
number = 40

[arms.control]

[arms.citrate]
salt = "citrate"
elemental_mg = 150
times_per_day = 2
"""
BAD = """
days = "x"
endpont = "serum"
endpoint = "serim"
adherence = 1.5

[people]
nummer = 5

[arms.control]

[arms.citrate]
salt = "citrat"
elemental_mg = 5000
route = "intravenous"
elementalmg = 1
"""
ARMS = {"control": None, "citrate": Dose("citrate", elemental_mg=300)}


def written(folder: Path, text: str) -> Path:
    path = folder / "trial.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refused(**design: object) -> dict[str, str]:
    with pytest.raises(InputProblems) as caught:
        design_of(**{"arms": ARMS, **design})  # type: ignore[arg-type]
    return {problem.field: problem.code for problem in caught.value.problems}


def test_a_file_is_read(tmp_path: Path) -> None:
    # catches: an empty arm that becomes a dose of nothing, arms in another order than the file has
    found = read_trial(written(tmp_path, GOOD))
    assert list(found.arms.items()) == [("control", None), ("citrate", Dose("citrate", 150.0, 2))]
    assert found.visits == (0, 28, 84)
    assert found.people.number == 40
    assert found.arms["citrate"].mg_per_day == 300


def test_all_problems_at_once_with_line_and_nearest(tmp_path: Path) -> None:
    # catches: a reader that stops at the first problem, or loses the line of a field in a table of tables
    with pytest.raises(InputProblems) as caught:
        read_trial(written(tmp_path, BAD))
    found = {problem.field: problem for problem in caught.value.problems}
    assert {field: (problem.code, problem.line) for field, problem in found.items()} == {
        "days": ("number_invalid", 2),
        "endpont": ("field_unknown", 3),
        "endpoint": ("choice_unknown", 4),
        "adherence": ("number_range", 5),
        "people.nummer": ("field_unknown", 8),
        "arms.citrate.salt": ("salt_unknown", 13),
        "arms.citrate.elemental_mg": ("number_range", 14),
        "arms.citrate.route": ("trial_not_oral", 15),
        "arms.citrate.elementalmg": ("field_unknown", 16),
    }
    assert found["endpont"].nearest[0] == "endpoint"
    assert found["arms.citrate.salt"].nearest[0] == "citrate"
    assert found["arms.citrate.elementalmg"].nearest[0] == "elemental_mg"


@pytest.mark.parametrize("route", ["iv", "intravenous", "im", "skin"])
def test_what_is_not_taken_by_mouth_is_refused(route: str) -> None:
    # catches: an arm with an infusion
    arms = {"control": None, "sulfate": Dose("sulfate", 300, route=route)}
    assert refused(arms=arms) == {"arms.sulfate.route": "trial_not_oral"}


def test_salts_for_the_skin_and_food_are_refused() -> None:
    # catches: bath salt or almonds as a dose
    arms = {"none": None, "bath": Dose("transdermal", 300), "water": Dose("mineral-water", 300)}
    assert refused(arms=arms) == {"arms.bath.salt": "salt_not_oral", "arms.water.salt": "salt_is_food"}


@pytest.mark.parametrize(
    ("design", "problems"),
    [
        ({"arms": {"control": None}}, {"arms": "trial_arms"}),
        ({"ratio": (1, 2, 3)}, {"ratio": "trial_ratio"}),
        ({"ratio": (1, 1), "design": "crossover"}, {"ratio": "trial_ratio"}),
        ({"days": 28, "measure_days": (14, 29)}, {"measure_days": "number_range"}),
        ({"adherence": 0.9, "adherence_sd": 0.31}, {"adherence_sd": "number_range"}),
        ({"endpoint": "balance", "assay_error": 0.05}, {"assay_error": "trial_balance_error"}),
        ({"dropout_per_month": 1.0}, {"dropout_per_month": "number_range"}),
        ({"assay_error": float("nan")}, {"assay_error": "number_invalid"}),
        (
            {"days": 7, "measure_days": (8,), "ratio": (1,), "adherence": 0.9, "adherence_sd": 0.4},
            {"measure_days": "number_range", "ratio": "trial_ratio", "adherence_sd": "number_range"},
        ),
        ({"measure_days": (-1,)}, {"measure_days.0": "number_range"}),
    ],
)
def test_designs_that_cannot_be(design: dict[str, object], problems: dict[str, str]) -> None:
    # catches: a design that would run and mean something else
    assert refused(**design) == problems


def test_the_schema_is_the_committed_one() -> None:
    # catches: a field that changed without the contract
    committed = json.loads((files("magnes.population") / SCHEMA_FILE).read_text(encoding="utf-8"))
    assert committed == schema()


def test_the_schema_takes_and_refuses_what_the_reader_does(tmp_path: Path) -> None:
    # catches: a schema of something else than the files
    import tomllib

    judge = Draft202012Validator(schema())
    good, bad = tomllib.loads(GOOD), tomllib.loads(BAD)
    assert list(judge.iter_errors(good)) == []
    assert len(list(judge.iter_errors(bad))) > 3
    assert read_trial(written(tmp_path, GOOD)).model_dump(mode="json")["days"] == 84


@pytest.mark.parametrize("guide", ["guide.md", "handleiding.md"])
def test_the_trial_of_the_guide_can_be_read(guide: str, tmp_path: Path) -> None:
    # catches: a documented field that the reader refuses
    text = (Path(__file__).parents[2] / "docs" / guide).read_text(encoding="utf-8")
    block = next(part for part in re.findall(r"```toml\n(.*?)```", text, re.S) if "[arms." in part)
    assert set(read_trial(written(tmp_path, block)).arms) == {"control", "citrate"}


def test_an_arm_may_have_the_name_of_a_field(tmp_path: Path) -> None:
    # catches: the name of an arm taken for the field of a dose
    with pytest.raises(InputProblems) as caught:
        read_trial(written(tmp_path, '[arms.none]\n[arms.salt]\nsalt = "citrate"\nelemental_mg = 100\nsaltt = 1\n'))
    assert [(one.code, one.field, one.nearest[0]) for one in caught.value.problems] == [
        ("field_unknown", "arms.salt.saltt", "salt")
    ]
