"""Many people at once give what ``solve.run`` gives for each of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from magnes.body import baseline, batch, solve
from magnes.body.model import DAILY, MEALS, Mode

PEOPLE = 5
SPREAD = {  # parameters that differ between people, coefficient of variation
    "serum_mmol_per_l": 0.05,
    "loop_half_mmol_per_l": 0.05,
    "gfr_l_per_day": 0.2,
    "absorption_max_mmol_per_day": 0.25,
    "labile_mmol": 0.2,
    "gut_loss_mmol_per_day": 0.3,
    "reference_intake_mmol_per_day": 0.3,
}


@pytest.fixture(scope="module")
def crowd() -> dict[str, Any]:
    draw = np.random.default_rng(7)
    values = baseline.reference_values()
    values |= {name: values[name] * np.exp(draw.normal(0, cv, PEOPLE)) for name, cv in SPREAD.items()}
    return baseline.solved(values)


def one(values: dict[str, Any], person: int) -> dict[str, float]:
    """Return the values of one person of the crowd."""
    return {name: float(np.broadcast_to(value, PEOPLE)[person]) for name, value in values.items()}


def events(mode: Mode, crowd: dict[str, Any]) -> dict[str, Any]:
    """Boluses and changes, some for all, some different per person."""
    state = "gut_upper" if mode is MEALS else "extracellular"
    doses = np.linspace(1, 8, PEOPLE)
    worse = crowd | {"kidney_loop_factor": np.linspace(1, 0.8, PEOPLE), "intake_mmol_per_day": 4.0}
    return {
        "boluses": [solve.Bolus(0.0, state, 2.0), solve.Bolus(2.3, state, doses), solve.Bolus(4.0, state, doses / 2)],
        "changes": [solve.Change(1.5, worse), solve.Change(4.0, crowd)],
    }


def expected(mode: Mode, crowd: dict[str, Any], days: Any, told: dict[str, Any]) -> Any:
    """Return what ``solve.run`` says of each person."""
    start = baseline.start(crowd)
    found = []
    for i in range(PEOPLE):
        boluses = [solve.Bolus(b.day, b.state, float(np.broadcast_to(b.mmol, PEOPLE)[i])) for b in told["boluses"]]
        changes = [solve.Change(change.day, one(change.parameters, i)) for change in told["changes"]]
        found.append(solve.run(mode, one(crowd, i), one(start, i), days, boluses=boluses, changes=changes, rtol=1e-10))
    return np.stack(found, axis=-1)


@pytest.mark.parametrize("mode", [DAILY, MEALS], ids=lambda mode: mode.name)
def test_crowd_as_single_persons(mode: Mode, crowd: dict[str, Any]) -> None:
    days, told = [0.0, 0.25, 1.0, 2.3, 3.0, 5.0, 6.0], events(mode, crowd)
    many = batch.run(mode, crowd, baseline.start(crowd), days, rtol=1e-8, engine="numpy", **told)
    assert many.shape == (len(days), len(mode.names), PEOPLE)
    np.testing.assert_allclose(many, expected(mode, crowd, days, told), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("mode", [DAILY, MEALS], ids=lambda mode: mode.name)
def test_error_at_the_default(mode: Mode, crowd: dict[str, Any]) -> None:
    """Serum is right to 5e-5; the largest of all values to 1e-4."""
    days, told = np.arange(7.0), events(mode, crowd)
    many = batch.run(mode, crowd, baseline.start(crowd), days, engine="numpy", **told)
    right = expected(mode, crowd, days, told)
    serum = mode.names.index("extracellular")
    np.testing.assert_allclose(many[:, serum], right[:, serum], rtol=5e-5)
    np.testing.assert_allclose(many, right, rtol=1e-4, atol=1e-4)


def test_a_person_does_not_depend_on_the_others(crowd: dict[str, Any]) -> None:
    days, told = np.arange(7.0), events(DAILY, crowd)
    together = batch.run(DAILY, crowd, baseline.start(crowd), days, engine="numpy", **told)
    blocks = batch.run(DAILY, crowd, baseline.start(crowd), days, engine="numpy", block=2, **told)
    np.testing.assert_array_equal(blocks, together)
    for i in range(PEOPLE):
        alone = {
            "boluses": [solve.Bolus(b.day, b.state, np.broadcast_to(b.mmol, PEOPLE)[i]) for b in told["boluses"]],
            "changes": [solve.Change(c.day, one(c.parameters, i)) for c in told["changes"]],
        }
        row = batch.run(DAILY, one(crowd, i), one(baseline.start(crowd), i), days, engine="numpy", **alone)
        np.testing.assert_array_equal(row[..., 0], together[..., i])


def test_daily_values_are_changes(crowd: dict[str, Any]) -> None:
    eaten = np.random.default_rng(3).uniform(2, 12, (6, PEOPLE))
    share = {"day_active_mmol": 0.5, "day_passive_mmol": 0.1}
    daily = {"intake_mmol_per_day": eaten} | {name: eaten * part for name, part in share.items()}
    days, start = np.arange(7.0), baseline.start(crowd)
    changes = [solve.Change(day, crowd | {n: rows[day] for n, rows in daily.items()}) for day in range(6)]
    compact = batch.run(DAILY, crowd, start, days, daily=daily, engine="numpy")
    np.testing.assert_array_equal(compact, batch.run(DAILY, crowd, start, days, changes=changes, engine="numpy"))
    worse = solve.Change(2.5, {"kidney_loop_factor": 0.9, "intake_mmol_per_day": 0.0})  # a part, and not what is daily
    both = batch.run(DAILY, crowd, start, days, daily=daily, changes=[worse], engine="numpy")
    np.testing.assert_array_equal(both[:3], compact[:3])
    eaten_and_kept = (both[-1] - both[0])[[DAILY.names.index(s.name) for s in DAILY.states if s.element == "Mg"]].sum(0)
    np.testing.assert_allclose(eaten_and_kept, eaten.sum(0), rtol=1e-9)


def test_keep_names_what_is_wanted(crowd: dict[str, Any]) -> None:
    start = baseline.start(crowd)
    all_values = batch.run(DAILY, crowd, start, [0.0, 3.0], engine="numpy")
    kept = batch.run(DAILY, crowd, start, [0.0, 3.0], engine="numpy", keep=("urine", "extracellular"))
    np.testing.assert_array_equal(kept[:, 0], all_values[:, DAILY.names.index("urine")])
    np.testing.assert_array_equal(kept[:, 1], all_values[:, DAILY.names.index("extracellular")])


def test_refusals(crowd: dict[str, Any]) -> None:
    start = baseline.start(crowd)
    with pytest.raises(ValueError, match="intake_mmol_per_day has fewer rows than the 3 days"):
        batch.run(DAILY, crowd, start, [0, 3], daily={"intake_mmol_per_day": np.ones((2, PEOPLE))}, engine="numpy")
    with pytest.raises(solve.SolverError):
        batch.run(DAILY, crowd, start | {"extracellular": float("nan")}, [0, 3], engine="numpy")
