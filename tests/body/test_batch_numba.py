"""The fast engine gives what the NumPy engine gives, and nothing of it is needed."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from magnes.body import baseline, batch, batch_numba, solve
from magnes.body.batch_kernel import kernel_source
from magnes.body.batch_real import DOUBLE, SINGLE, Precision
from magnes.body.batch_terms import split_of
from magnes.body.model import DAILY, MEALS, Mode
from magnes.errors import InputProblems

PEOPLE = 37  # not a multiple of what is done at once
DAYS = np.arange(6.0)

installed = pytest.mark.skipif(importlib.util.find_spec("numba") is None, reason="needs the extra crowd")
both_modes = pytest.mark.parametrize("mode", [DAILY, MEALS], ids=lambda mode: mode.name)


@pytest.fixture(scope="module", autouse=True)
def _compiled_once(request: pytest.FixtureRequest) -> Any:
    """What is compiled stays in pytest's cache between runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAGNES_CACHE", str(request.config.cache.mkdir("magnes")))
        yield


@pytest.fixture(scope="module")
def crowd() -> dict[str, Any]:
    draw = np.random.default_rng(11)
    values = baseline.reference_values()
    for name in ("gfr_l_per_day", "absorption_max_mmol_per_day", "labile_mmol", "reference_intake_mmol_per_day"):
        values[name] = values[name] * np.exp(draw.normal(0, 0.2, PEOPLE))
    return baseline.solved(values)


def told(mode: Mode, crowd: dict[str, Any]) -> dict[str, Any]:
    """Return doses, a change and, in daily mode, what differs every day."""
    state = "gut_upper" if mode is MEALS else "extracellular"
    doses = np.linspace(1, 8, PEOPLE)
    happens: dict[str, Any] = {
        "boluses": [solve.Bolus(0.0, state, 2.0), solve.Bolus(2.3, state, doses)],
        "changes": [solve.Change(1.5, {"kidney_loop_factor": np.linspace(1, 0.8, PEOPLE)}), solve.Change(3.0, crowd)],
    }
    if mode is DAILY:
        shares = np.random.default_rng(5).uniform(0.5, 1.5, (5, PEOPLE))
        names = ("intake_mmol_per_day", "day_active_mmol", "day_passive_mmol")
        happens["daily"] = {name: crowd[name] * shares for name in names}
    return happens


def run(mode: Mode, crowd: dict[str, Any], engine: str, rtol: float, **more: Any) -> Any:
    return batch.run(mode, crowd, baseline.start(crowd), DAYS, engine=engine, rtol=rtol, **(told(mode, crowd) | more))


@installed
@both_modes
def test_as_numpy(mode: Mode, crowd: dict[str, Any]) -> None:
    """In double precision to 1e-6, in single precision to its own error."""
    right = run(mode, crowd, "numpy", 1e-8)
    if mode is DAILY:  # the other kernel has the same lines, and compiling takes a while
        np.testing.assert_allclose(run(mode, crowd, "numba", 1e-8), right, rtol=1e-7, atol=1e-7)
    single = run(mode, crowd, "numba", 1e-6)
    serum = mode.names.index("extracellular")
    np.testing.assert_allclose(single[:, serum], right[:, serum], rtol=4e-6)
    np.testing.assert_allclose(single, right, rtol=1e-5, atol=1e-5)


@installed
@both_modes
def test_error_at_the_default(mode: Mode, crowd: dict[str, Any]) -> None:
    right, found = run(mode, crowd, "numpy", 1e-8), run(mode, crowd, "numba", batch.RTOL)
    serum = mode.names.index("extracellular")
    np.testing.assert_allclose(found[:, serum], right[:, serum], rtol=5e-5)
    np.testing.assert_allclose(found, right, rtol=1e-4, atol=1e-4)


@installed
def test_a_person_does_not_depend_on_the_others(crowd: dict[str, Any]) -> None:
    together = run(DAILY, crowd, "numba", batch.RTOL, threads=1)
    np.testing.assert_array_equal(run(DAILY, crowd, "numba", batch.RTOL, block=5, threads=3), together)
    order = np.random.default_rng(2).permutation(PEOPLE)

    def some(people: Any, value: Any) -> Any:
        return np.asarray(value)[..., people] if np.ndim(value) else value

    happens = told(DAILY, crowd)
    for people in (order, [20]):
        shuffled = {name: some(people, value) for name, value in crowd.items()}
        again = {
            "boluses": [solve.Bolus(b.day, b.state, some(people, b.mmol)) for b in happens["boluses"]],
            "changes": [
                solve.Change(c.day, {name: some(people, value) for name, value in c.parameters.items()})
                for c in happens["changes"]
            ],
            "daily": {name: rows[:, people] for name, rows in happens["daily"].items()},
        }
        found = batch.run(DAILY, shuffled, baseline.start(shuffled), DAYS, engine="numba", **again)
        np.testing.assert_array_equal(found, together[..., people])


@installed
@pytest.mark.parametrize(("real", "close"), [(SINGLE, 3e-7), (DOUBLE, 1e-15)], ids=["single", "double"])
def test_exponential_and_logarithm(real: Precision, close: float) -> None:
    """Right to a few last bits over the whole range; no number without a logarithm gets one."""
    from numba import njit

    module = sys.modules[batch_numba.kernel(DAILY, real).__module__]
    exp, log = (njit(lambda x, f=function: np.array([f(one) for one in x])) for function in (module.exp, module.log))
    powers = np.linspace(*real.exp_range, 4001).astype(real.real)[1:-1]
    np.testing.assert_allclose(exp(powers), np.exp(powers.astype(float)), rtol=close * 10)
    numbers = np.exp(powers)
    np.testing.assert_allclose(log(numbers), np.log(numbers.astype(float)), rtol=close, atol=close)
    assert np.isnan(log(np.array([0.0, -1.0, np.nan], dtype=real.real))).all()
    assert np.isnan(exp(np.array([np.nan], dtype=real.real))).all()


@installed
def test_terms_too_large_for_single_precision(crowd: dict[str, Any]) -> None:
    """A very steep switch is left to double precision."""
    steep = {"secretion_steepness": 60.0, "resistance_steepness": 60.0}
    found = run(DAILY, crowd | steep, "numba", batch.RTOL, changes=())
    np.testing.assert_allclose(found, run(DAILY, crowd | steep, "numpy", batch.RTOL, changes=()), rtol=1e-7)


@installed
def test_failure_names_the_person(crowd: dict[str, Any]) -> None:
    lost = np.where(np.arange(PEOPLE) == 23, np.nan, 9.0)
    for engine in ("numpy", "numba"):
        with pytest.raises(solve.SolverError, match=r"day 0 to 1: no step is small enough for person 23"):
            batch.run(DAILY, crowd, baseline.start(crowd) | {"extracellular": lost}, DAYS, engine=engine)


def test_choice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Few people: NumPy. Many: compiled, if the extra is there. Compiled before: sooner."""
    found = {"numba": True}
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: found.get(name))
    monkeypatch.setenv("MAGNES_CACHE", str(tmp_path))
    assert not batch_numba.is_worth_it(DAILY, 1e-5, 10, 100.0)
    assert not batch_numba.is_worth_it(DAILY, 1e-5, 500, 100.0)
    assert batch_numba.is_worth_it(DAILY, 1e-5, 10_000, 100.0)
    (tmp_path / "__pycache__").mkdir()
    name, _text = batch_numba._text(DAILY, SINGLE)
    (tmp_path / "__pycache__" / f"{name}.advance-69.py311.nbi").touch()
    assert batch_numba.is_worth_it(DAILY, 1e-5, 500, 100.0)
    found.clear()
    assert not batch_numba.is_worth_it(DAILY, 1e-5, 10_000, 100.0)


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch, crowd: dict[str, Any]) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    batch_numba.kernel.cache_clear()
    with pytest.raises(InputProblems, match="numba") as caught:
        batch.run(DAILY, crowd, baseline.start(crowd), [0.0, 1.0], engine="numba")
    assert caught.value.problems[0].code == "extra_missing"
    assert "magnes[crowd]" in caught.value.problems[0].accepted


def test_cache_that_cannot_be_written(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    assert batch_numba._written(blocked / "folder", "kernel.py", "x = 1\n") is None
    assert batch_numba._written(tmp_path, "kernel.py", "x = 1\n") == tmp_path / "kernel.py"
    assert batch_numba._written(tmp_path, "kernel.py", "x = 2\n") == tmp_path / "kernel.py"
    assert (tmp_path / "kernel.py").read_text() == "x = 2\n"


def test_one_text_for_one_model() -> None:
    """The text, and so the name of what is compiled, is the same at each start."""
    assert kernel_source(split_of(DAILY), SINGLE) == kernel_source(split_of.__wrapped__(DAILY), SINGLE)


@pytest.mark.parametrize(
    ("platform", "variable", "end"),
    [("linux", "XDG_CACHE_HOME", "magnes"), ("win32", "LOCALAPPDATA", "magnes"), ("darwin", "HOME", "Caches/magnes")],
)
def test_cache_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, platform: str, variable: str, end: str) -> None:
    monkeypatch.delenv("MAGNES_CACHE")
    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.setenv(variable, str(tmp_path))
    folder = batch_numba.cache_folder()
    assert folder.is_relative_to(tmp_path)
    assert folder.as_posix().endswith(end)
