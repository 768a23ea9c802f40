"""The JAX engine gives what the NumPy engine gives, on the device that JAX offers here; when it is chosen."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from magnes.body import baseline, batch, batch_jax, solve
from magnes.body.batch_jax import JaxEngine
from magnes.body.batch_numpy import NumpyEngine
from magnes.body.batch_pair import FIRST_STEP
from magnes.body.batch_terms import split_of
from magnes.body.model import DAILY, MEALS
from magnes.errors import InputProblems

PEOPLE = 50
DAYS = np.arange(6.0)
MEAL_HOURS = (8, 13, 19)

installed = pytest.mark.skipif(importlib.util.find_spec("jax") is None, reason="needs the extra gpu")


@pytest.fixture(scope="module")
def crowd() -> dict[str, Any]:
    draw = np.random.default_rng(11)
    values = baseline.reference_values()
    for name in ("gfr_l_per_day", "absorption_max_mmol_per_day", "labile_mmol", "reference_intake_mmol_per_day"):
        values[name] = values[name] * np.exp(draw.normal(0, 0.2, PEOPLE))
    return baseline.solved(values)


def eaten(person: slice) -> list[solve.Bolus]:
    """Three meals a day of each person's own size, part of it held by the food."""
    draw, found = np.random.default_rng(5), []
    for day in range(5):
        for hour in MEAL_HOURS:
            free, held = draw.uniform(2, 6, PEOPLE)[person], draw.uniform(0, 1, PEOPLE)[person]
            found += [solve.Bolus(day + hour / 24, "gut_upper", free), solve.Bolus(day + hour / 24, "stool", held)]
    return found


def course(crowd: dict[str, Any], engine: str, person: slice = slice(None)) -> Any:
    """Serum, muscle and urine (days, 3, people) on meals; a change of the kidneys half-way."""
    values = {name: value[person] if np.ndim(value) else value for name, value in crowd.items()}
    loop = np.linspace(1, 0.8, PEOPLE)[person]
    return batch.run(
        MEALS,
        values,
        baseline.start(values),
        DAYS,
        boluses=eaten(person),
        changes=[solve.Change(2.6, {"kidney_loop_factor": loop})],
        engine=engine,
        keep=("extracellular", "muscle", "urine"),
    )


@installed
def test_as_numpy_on_meals_and_a_person_alone(crowd: dict[str, Any]) -> None:
    """Catches: other rates, stages or events than NumPy's; single precision; a person who depends on the others."""
    found = course(crowd, "jax")
    np.testing.assert_allclose(found, course(crowd, "numpy"), rtol=1e-6)
    for i in (0, 31, PEOPLE - 1):
        np.testing.assert_array_equal(course(crowd, "jax", slice(i, i + 1))[..., 0], found[..., i])


@installed
def test_the_same_tries_and_the_next_step(crowd: dict[str, Any]) -> None:
    """Catches: another rule for the step, a jump that forgets ``first``, a person who fills up and is not cut off."""
    parameters = {name: np.broadcast_to(crowd[name], PEOPLE) for name in split_of(MEALS).parameters}
    start = baseline.start(crowd)
    told = []
    for engine in (NumpyEngine(MEALS, 1e-5), JaxEngine(MEALS, 1e-5)):
        y = np.array([np.broadcast_to(start[name], PEOPLE) for name in MEALS.names])
        step, first, fixed = np.full(PEOPLE, FIRST_STEP), np.full(PEOPLE, FIRST_STEP), engine.fixed(PEOPLE)
        engine.renew(fixed, parameters, None)
        tries = []
        for fresh, span in ((True, 0.4), (False, 0.6), (True, 0.01)):
            y[MEALS.names.index("gut_upper")] += 5.0 * fresh
            tries.append(engine.advance(y, fixed, step, first, fresh, span))
        told.append((tries, y, step, first))
    (tries, *right), (tries_jax, *found) = told
    assert min(tries) < -3
    assert tries_jax == tries
    for one, other in zip(found, right, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-9)


@installed
def test_failure_names_the_person(crowd: dict[str, Any]) -> None:
    """Catches: a loop that never ends, or a person who only fills up named for one who fails."""
    lost = np.where(np.arange(PEOPLE) == PEOPLE - 1, np.nan, 9.0)
    with pytest.raises(solve.SolverError, match=r"day 0 to 1: no step is small enough for person 49"):
        batch.run(MEALS, crowd, baseline.start(crowd) | {"extracellular": lost}, DAYS, engine="jax")


@installed
def test_double_precision_stays_in_the_engine(crowd: dict[str, Any]) -> None:
    """Catches: a switch that changes the numbers of other programs that use JAX."""
    import jax

    before = jax.config.jax_enable_x64
    batch.run(MEALS, crowd, baseline.start(crowd), [0.0, 0.1], engine="jax")
    assert jax.config.jax_enable_x64 == before


def test_choice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Catches: JAX asked where nothing hints at a graphics processor; chosen on a processor, or for few people."""
    asked = []

    def sees(backend: str) -> None:
        def default_backend() -> str:
            asked.append(backend)
            return backend

        monkeypatch.setattr(batch_jax, "_jax", lambda: SimpleNamespace(default_backend=default_backend))

    monkeypatch.setattr(importlib.util, "find_spec", {"jax": True}.get)
    monkeypatch.setattr(batch_jax, "NVIDIA", tmp_path / "nvidia0")
    monkeypatch.delenv("MAGNES_GPU", raising=False)
    sees("gpu")
    assert not batch_jax.is_worth_it(10_000, 100.0)
    assert not asked
    (tmp_path / "nvidia0").touch()
    assert batch_jax.is_worth_it(10_000, 100.0)
    assert not batch_jax.is_worth_it(10, 100.0)
    monkeypatch.setenv("MAGNES_GPU", "0")
    assert not batch_jax.is_worth_it(10_000, 100.0)
    monkeypatch.setenv("MAGNES_GPU", "1")
    (tmp_path / "nvidia0").unlink()
    assert batch_jax.is_worth_it(10_000, 100.0)
    sees("cpu")
    assert not batch_jax.is_worth_it(10_000, 100.0)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    sees("gpu")
    assert not batch_jax.is_worth_it(10_000, 100.0)


@installed
def test_asked_for_on_the_processor(monkeypatch: pytest.MonkeyPatch, crowd: dict[str, Any]) -> None:
    """Catches: levels of rest and trials, which say that they ran on a processor, on a graphics processor."""
    monkeypatch.setattr(batch_jax, "is_worth_it", lambda _people, _days: True)
    assert isinstance(batch._engine(DAILY, 1e-4, "cpu", 10, 1.0), NumpyEngine)
    assert isinstance(batch._engine(DAILY, 1e-4, None, 10, 1.0), JaxEngine)
    monkeypatch.setattr(batch_jax, "JaxEngine", None)  # whoever takes it now fails
    days = np.array([0.0, 1.0])
    solve.follow(DAILY, crowd, baseline.start(crowd), days, crowd_rtol=1e-4)
    with pytest.raises(TypeError):
        batch.run(DAILY, crowd, baseline.start(crowd), days)


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch, crowd: dict[str, Any]) -> None:
    """Catches: an import error in the place of what to do."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(InputProblems, match="jax") as caught:
        batch.run(DAILY, crowd, baseline.start(crowd), [0.0, 1.0], engine="jax")
    assert [(one.code, one.accepted) for one in caught.value.problems] == [
        ("extra_missing", "pip install 'magnes[gpu]'")
    ]
