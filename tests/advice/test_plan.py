"""Worked cases that a Dutch pharmacist would know, as data files; and what holds for every plan."""

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import pytest

from magnes.advice.plan import PARTS, Plan, plan
from magnes.advice.timetable import NoTimetable
from magnes.diary import resolve
from magnes.readers.diary_csv import read_diary
from magnes.readers.person_toml import read_person

CASES = sorted((Path(__file__).parent.parent / "cases" / "pharmacist").glob("*.toml"))


def made(case: dict[str, Any], folder: Path) -> Plan:
    (folder / "p.toml").write_text(case["person"], encoding="utf-8")
    eaten = None
    if "diary" in case:
        (folder / "d.csv").write_text(case["diary"].lstrip(), encoding="utf-8")
        eaten = resolve(read_diary(folder / "d.csv"))
    person = read_person(folder / "p.toml", today=dt.date(2026, 11, 22))
    return plan(person, eaten, draws=150)


def times(found: Plan, name: str) -> list[float]:
    assert not isinstance(found.timetable, NoTimetable)
    return [
        moment.time.hour + moment.time.minute / 60
        for moment in found.timetable.moments
        for taking in moment.takings
        if found.timetable.items[taking.item].name == name
    ]


@pytest.fixture(scope="module", params=CASES, ids=lambda path: path.stem)
def worked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Plan]:
    case = tomllib.loads(request.param.read_text(encoding="utf-8"))
    return case, made(case, tmp_path_factory.mktemp("case"))


def test_there_are_twelve() -> None:
    assert len(CASES) == 12


def test_findings_are_those_of_the_case(worked: tuple[dict[str, Any], Plan]) -> None:
    case, found = worked
    codes = {finding.code for finding in found.findings} | {f"{one.code} {one.rule}" for one in found.findings}
    assert [name for name in case["findings"] if name not in codes] == [], case["because"]


def test_gates_and_dose_are_those_of_the_case(worked: tuple[dict[str, Any], Plan]) -> None:
    case, found = worked
    gates = found.dose.gates
    if "blocked" in case:
        assert [gate.code for gate in gates.blocked] == case["blocked"], case["because"]
    if "to_whom" in case:
        assert gates.blocked[0].to_whom == case["to_whom"]
    if "dose" in case:
        assert bool(found.dose.options) is case["dose"], case["because"]
    assert {gate.rule for gate in gates.cautions} >= set(case.get("cautions", ()))
    assert not (gates.blocked and found.dose.options)
    for option in found.dose.options:
        assert option.dose_mg <= gates.most_mg_per_day + 1e-9
        assert option.serum_high.value < 1.03


def test_standing_is_that_of_the_case(worked: tuple[dict[str, Any], Plan]) -> None:
    case, found = worked
    if "basis" in case:
        assert found.standing.basis == case["basis"], case["because"]
    if "chance_low" in case:
        low, high = case["chance_low"]
        assert low <= found.standing.chances[1].low <= high, case["because"]


def test_clock_times_are_those_of_the_case(worked: tuple[dict[str, Any], Plan]) -> None:
    case, found = worked
    for one, other, hours in case.get("apart", ()):
        apart = [abs(a - b) for a in times(found, one) for b in times(found, other)]
        assert apart, (one, other)
        assert min(min(gap, 24 - gap) for gap in apart) >= hours - 1e-9, (one, other)
    for name in case.get("not_placed", ()):
        assert times(found, name) == []


def test_food_is_that_of_the_case(worked: tuple[dict[str, Any], Plan]) -> None:
    case, found = worked
    if "foods" in case:
        assert found.foods is not None
        assert found.foods.status == case["foods"], case["because"]
    moves = [move.to_nl.casefold() for option in (found.foods.options if found.foods else ()) for move in option.moves]
    if "foods_never" in case:
        assert moves
    assert [name for name in moves if any(word in f"{name} " for word in case.get("foods_never", ()))] == []


def test_steps_are_six_and_in_order(worked: tuple[dict[str, Any], Plan]) -> None:
    case, found = worked
    gains = [step.gain.value if step.gain else 0.0 for step in found.steps]
    assert gains == sorted(gains, reverse=True)
    assert {step.code for step in found.steps} == {"food", "medicines", "stress", "sweat", "supplement", "measure"}
    first = case.get("first_steps", [])
    assert [step.code for step in found.steps[: len(first)]] == first
    sweat = next(step for step in found.steps if step.code == "sweat")
    assert float(sweat.facts["lost_mg"]) <= case.get("most_sweat_mg", 40)
    assert all(step.sources and step.statements for step in found.steps)


def test_each_part_is_told_as_it_begins(tmp_path: Path) -> None:
    # catches: progress that stands still for seconds
    said: list[str] = []
    (tmp_path / "p.toml").write_text('age_years = 40\nsex = "male"\n', encoding="utf-8")
    found = plan(read_person(tmp_path / "p.toml"), draws=60, told=said.append)
    assert tuple(said) == PARTS
    assert found.foods is None
    assert set(found.as_dict()) == {"standing", "foods", "dose", "forecasts", "timetable", "steps"}


def test_a_dose_that_fits_nowhere_in_the_day_is_not_shown(tmp_path: Path) -> None:
    # catches: 250 mg an hour after ciprofloxacin, beside a timetable that says it cannot be
    (tmp_path / "p.toml").write_text(
        'age_years = 50\nsex = "male"\negfr_ml_min_1_73m2 = 90\n'
        '[[medicines]]\nname = "ciprofloxacine"\ntimes = ["07:00", "12:00", "17:00", "22:00"]\nfixed = true\n'
        '[[labs]]\ntest = "serum magnesium"\nvalue = 0.71\nunit = "mmol/L"\n',
        encoding="utf-8",
    )
    found = plan(read_person(tmp_path / "p.toml"), draws=60)
    assert found.dose.options == ()
    assert "no_clock_time" in found.dose.remarks
    assert times(found, "ciprofloxacine") == [7, 12, 17, 22]


def test_magnesium_behind_a_stop_is_nowhere(tmp_path: Path) -> None:
    # catches: a laxative with magnesium placed in the day of somebody without kidneys
    (tmp_path / "p.toml").write_text(
        'age_years = 70\nsex = "male"\negfr_ml_min_1_73m2 = 20\n'
        '[[medicines]]\nname = "magnesiumhydroxide"\nelemental_mg = 300\ntimes = ["08:00", "20:00"]\n',
        encoding="utf-8",
    )
    found = plan(read_person(tmp_path / "p.toml"), draws=60)
    assert found.stopped
    assert found.forecasts == ()
    assert times(found, "magnesiumhydroxide") == []
    assert found.dose.options == ()


def test_times_of_the_dose_are_those_of_the_day(worked: tuple[dict[str, Any], Plan]) -> None:
    # catches: three clock times for one tablet on one page
    _, found = worked
    if found.dose.options:
        first = found.dose.options[0]
        assert [time.hour + time.minute / 60 for time in first.times] == times(found, first.salt)


def test_a_chosen_cut_off_is_what_the_dose_aims_at(tmp_path: Path) -> None:
    # catches: a choice of the user that ends before the plan
    (tmp_path / "p.toml").write_text(
        'age_years = 50\nsex = "male"\n[[labs]]\ntest = "serum magnesium"\nvalue = 0.78\nunit = "mmol/L"\n'
        "date = 2026-11-01\n",
        encoding="utf-8",
    )
    person = read_person(tmp_path / "p.toml", today=dt.date(2026, 11, 22))
    aims = [
        [target.wanted.value for target in plan(person, cut_off_mmol_per_l=cut, draws=100).dose.targets]
        for cut in (None, 0.85)
    ]
    assert aims == [[], [0.85]]
