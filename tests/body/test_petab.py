"""The calibration as a PEtab problem: which rows are in it, gains that follow, observables that say what ours say."""

from __future__ import annotations

import csv
import math
import random
import re
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from magnes.apps.cli.main import cli
from magnes.body.baseline import reference_values, solved, start
from magnes.body.experiments import of_effects, predictions
from magnes.body.experiments.base import Body
from magnes.body.formulas import quantities, unit_of
from magnes.body.model import DAILY
from magnes.body.petab import estimated, held, included, left_out, tables, write
from magnes.body.petab_model import HABIT, OWN, RENAMED, baseline, model_text, numbers
from magnes.body.petab_rows import FROM_PERSON, SAID, UNSAID, WHY_NOT, Setting, settings
from magnes.body.solve import run
from magnes.errors import InputProblems
from magnes.knowledge.load import table
from magnes.knowledge.targets import Target
from magnes.text import LANGUAGES

IN_MODEL = re.compile(r"^  (?:substanceOnly species )?(\w+)(?: in body)? (?::?=)", re.M)
NAMES = re.compile(r"[A-Za-z_]\w*")
MATHS = {"ln": math.log, "exp": math.exp, "sqrt": math.sqrt}


@cache
def files() -> Mapping[str, list[dict[str, str]]]:
    found = {name: content for name, content in tables().items() if name.endswith(".tsv")}
    return {name: list(csv.DictReader(content.splitlines(), delimiter="\t")) for name, content in found.items()}


def value(formula: str, names: Mapping[str, Any]) -> float:
    return float(eval(formula.replace("^", "**"), {**MATHS}, dict(names)))  # noqa: S307


def followed(changed: Mapping[str, float]) -> dict[str, float]:
    """All parameters of the model to fit with some numbers changed, in the order of its initial assignments."""
    names = {**numbers(), **changed}
    for name, formula in baseline().follow.items():
        names[name] = value(formula, names)
    return names


def test_rows_kept_back_never_appear_and_all_others_are_accounted_for() -> None:
    # catches: a model judged on what it was fitted to, a row that drops out in silence
    use = {row.id: row.use for row in table(Target)}
    inside = [row["observableId"].removeprefix("obs_") for row in files()["measurements.tsv"]]
    outside = [row["id"] for row in files()["not_included.tsv"]]
    assert {use[key] for key in (*inside, *outside, *SAID, *WHY_NOT)} == {"calibrate"}
    assert sorted([*inside, *outside]) == sorted(key for key in use if use[key] == "calibrate")
    assert all(row["reason"] not in ("", UNSAID) for row in files()["not_included.tsv"])


def test_measurements_are_rows_that_our_own_fit_reads() -> None:
    # catches: a row of a paper that nobody read, a factor of a medicine fitted with the body
    for row in included():
        assert row.verified
        assert row.id not in of_effects()
    said = {row["observableId"].removeprefix("obs_"): float(row["measurement"]) for row in files()["measurements.tsv"]}
    assert said == {row.id: row.value for row in included()}
    assert all(row.verified is False for row, reason in left_out() if "not read" in reason)


def test_tables_refer_to_what_is_there() -> None:
    # catches: a formula with a name that the model has not, a condition that nothing measures
    in_model = set(IN_MODEL.findall(model_text()))
    for row in files()["observables.tsv"]:
        assert set(NAMES.findall(row["observableFormula"])) - {"sqrt", "e"} <= in_model, row
        assert float(row["noiseFormula"]) > 0
    conditions, observables = files()["conditions.tsv"], files()["observables.tsv"]
    assert set(conditions[0]) - {"conditionId", "conditionName"} <= set(numbers())
    measured = files()["measurements.tsv"]
    assert {row["simulationConditionId"] for row in measured} == {row["conditionId"] for row in conditions}
    assert [row["observableId"] for row in measured] == [row["observableId"] for row in observables]
    assert not {row["parameterId"] for row in files()["parameters.tsv"]} & set(conditions[0])


def test_parameters_are_the_fitted_ones_within_their_bounds() -> None:
    # catches: a prior on the wrong scale, a gut parameter that moves while the numbers of the day stand still
    for row, line in zip(estimated(), files()["parameters.tsv"], strict=True):
        low, nominal, high = (float(line[name]) for name in ("lowerBound", "nominalValue", "upperBound"))
        assert line["parameterId"] == row.name
        assert low < nominal < high
        assert nominal == row.value
        mean, width = map(float, line["objectivePriorParameters"].split(";"))
        assert math.exp(mean) == pytest.approx(row.prior_centre, rel=1e-6)
        assert (width, line["parameterScale"]) == (row.prior_log_sd, "log")
        assert math.log(high / low) == pytest.approx(7 * width, rel=1e-4)
    assert {"absorption_max_mmol_per_day", "absorption_half_mmol", "passive_share"} <= set(held())
    assert "gut_loss_mmol_per_day" not in held()


def test_gains_follow_like_ours() -> None:
    # catches: a gain frozen at the values of the table, a second text of the equations of the baseline
    random.seed(1)
    for _ in range(10):
        moved = {row.name: row.value * random.uniform(0.8, 1.25) for row in estimated()}
        ours = solved({**reference_values(), **moved, "serum_mmol_per_l": 0.78, "gfr_l_per_day": 150.0})
        names = followed({**moved, RENAMED["serum_mmol_per_l"]: 0.78, "gfr_l_per_day": 150.0})
        for name in set(names) & set(ours):
            assert names[name] == pytest.approx(ours[name], rel=1e-12), name
        assert {"distal_capacity", "calcium_threshold_mmol_per_l", "baseline_potassium_urine_mmol_per_day"} <= set(ours)
        for state, amount in start(ours).items():
            if state in baseline().amounts and state in DAILY.names:
                assert value(baseline().amounts[state], names) == pytest.approx(amount, rel=1e-12, abs=1e-12), state


def test_units_of_what_follows() -> None:
    # catches: a gain whose formula has another unit than its name says
    for name, unit in baseline().units.items():
        if not name.startswith("rest_"):
            assert unit == unit_of(name), name


def test_a_condition_says_all_that_differs() -> None:
    # catches: an experiment that changes a parameter for which the condition table has no column
    free = {RENAMED.get(name, name) for name in FROM_PERSON}
    for key, setting in settings().items():
        names = followed(setting.overrides)
        for name, amount in setting.p.items():
            new = RENAMED.get(name, name)
            if new in names:
                assert names[new] == pytest.approx(amount, rel=1e-12), (key, name)
        habits = {new: numbers()[new] for new in HABIT.values() if new not in free}
        assert {new: names[new] for new in habits} == habits
        assert set(setting.overrides) == free | set(OWN)


def at_day(setting: Setting, day: float) -> dict[str, float]:
    """All that a formula can speak of, on a day of a simulation of ours."""
    p, names = dict(setting.p), followed(setting.overrides)
    rest = {**start(p), "extracellular": start(p)["extracellular"] * names["start_relative"]}
    states = dict(rest)
    if day > 0:
        stops = [0.0, *([names["urine_from_day"]] if names["urine_from_day"] > 0 else []), day]
        path = run(DAILY, p, rest, stops)
        states = dict(zip(DAILY.names, path[-1], strict=True))
        states["urine"] -= path[-2][DAILY.names.index("urine")]
    said = {name: rate for name, rate in quantities().items() if name not in names and name not in states}
    s, body = SimpleNamespace(**states), SimpleNamespace(**p, gut_upper=0.0, gut_lower=0.0)
    s.gut_upper = s.gut_lower = s.gut_solid = 0.0
    return {**names, **{name: rate(s, body) for name, rate in said.items()}, **states}


def test_observables_say_what_our_experiments_say() -> None:
    # catches: another dose, day, diet or formula than in ``experiments``
    ours = predictions(Body(reference_values()), [row.id for row in included()])
    places, all_settings = {(said.setting, said.day) for said in SAID.values()}, settings()
    known = {(key, day): at_day(all_settings[key], day) for key, day in places}
    for row in included():
        said = SAID[row.id]
        assert value(said.formula, known[said.setting, said.day]) == pytest.approx(ours[row.id], rel=1e-5), row.id


def test_the_same_text_every_time() -> None:
    # catches: a set in no order, a date
    first = tables()
    assert first == tables()
    assert model_text() == model_text()
    assert str(len(included())) in first["README.md"]


def test_it_needs_its_extra(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # catches: half a folder for somebody who has the base package, or a traceback
    monkeypatch.setitem(sys.modules, "antimony", None)
    with pytest.raises(InputProblems) as raised:
        write(tmp_path / "petab")
    assert raised.value.problems[0].code == "extra_missing"
    assert not (tmp_path / "petab").exists()
    for language in LANGUAGES:
        result = CliRunner().invoke(cli, ["body", "petab", str(tmp_path / "x")], env={"MAGNES_LANG": language})
        assert result.exit_code == 1
        assert "pip install 'magnes[sbml]'" in result.output


def test_the_verb_writes_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # catches: a verb that says what it did not do; numbers of the wrong thing
    told = SimpleNamespace(
        clearPreviousLoads=lambda: None,
        loadAntimonyString=lambda text: len(text),
        getSBMLString=lambda name: f"<sbml>{name}</sbml>",
    )
    monkeypatch.setitem(sys.modules, "antimony", told)
    folder = tmp_path / "new" / "petab"
    result = CliRunner().invoke(cli, ["body", "petab", str(folder)], env={"MAGNES_LANG": "en"})
    assert result.exit_code == 0
    assert f"{len(included())} measurements. {len(left_out())} rows" in result.output
    assert {path.name for path in folder.iterdir()} == {*tables(), "model.xml"}
    assert (folder / "model.xml").read_text(encoding="utf-8") == "<sbml>magnes_to_fit</sbml>"
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    for place in (" ", str(file)):
        assert CliRunner().invoke(cli, ["body", "petab", place]).exit_code == 1
