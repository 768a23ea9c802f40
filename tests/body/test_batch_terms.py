"""Rewritten rates are the traced rates; JAX runs the same equations."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from magnes.body import baseline, trace
from magnes.body.batch_numpy import CALLS, FixedTerms
from magnes.body.batch_terms import rates_source, split_of
from magnes.body.model import DAILY, MEALS, Mode

both_modes = pytest.mark.parametrize("mode", [DAILY, MEALS], ids=lambda mode: mode.name)


@pytest.fixture(scope="module")
def body() -> dict[str, Any]:
    return baseline.solved(baseline.reference_values())


def drawn(mode: Mode, body: dict[str, Any], seed: int) -> tuple[dict[str, float], dict[str, float]]:
    """Return states and parameters near those of the reference adult."""
    draw, rest = np.random.default_rng(seed), baseline.start(body)
    parameters = {name: float(body[name]) * draw.uniform(0.8, 1.2) for name in trace.rates(mode)[0].parameters}
    return {name: (float(rest[name]) + 0.1) * draw.uniform(0.6, 1.4) for name in mode.names}, parameters


@both_modes
def test_rewriting_changes_nothing(mode: Mode, body: dict[str, Any]) -> None:
    parts = split_of(mode)
    source, rows = rates_source(parts)
    rates, room = trace.compiled(source, "rates", CALLS), np.empty((rows, 1))
    for seed in range(20):
        states, parameters = drawn(mode, body, seed)
        _which, fixed = FixedTerms(mode).of(parameters, None)
        found = np.broadcast_arrays(*rates(list(states.values()), fixed, room))
        right = trace.rates(mode)[1](list(states.values()), list(parameters.values()))
        np.testing.assert_allclose(np.concatenate(found), right, rtol=1e-11, atol=1e-11)


@both_modes
def test_rewriting_saves_work(mode: Mode) -> None:
    """A term that a step could be spared is cheap to bring in by accident."""
    names = [node.name for node in split_of(mode).nodes if id(node) in split_of(mode).moving]
    assert names.count("div") <= 13
    assert names.count("exp") <= 15
    assert names.count("log") <= 8
    assert len(names) <= 260


def test_fixed_terms_by_parameter(body: dict[str, Any]) -> None:
    """Only terms that rest on a parameter change with it; they are the ones that are told."""
    _states, parameters = drawn(DAILY, body, 0)
    terms, less = FixedTerms(DAILY), parameters | {"intake_mmol_per_day": 1.0}
    _all, before = terms.of(parameters, None)
    _all, after = terms.of(less, None)
    which, some = terms.of(less, {"intake_mmol_per_day"})
    assert which == tuple(i for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b)
    assert some == tuple(after[i] for i in which)


@both_modes
def test_jax(mode: Mode, body: dict[str, Any]) -> None:
    """Derivatives run under ``jit`` and ``grad`` as they stand, in double precision."""
    jax = pytest.importorskip("jax", reason="needs jax")
    states, parameters = drawn(mode, body, 1)

    def change(s: Any, p: Any) -> Any:
        return trace.derivatives(mode, SimpleNamespace(**s), SimpleNamespace(**p))

    right = trace.rates(mode)[1](list(states.values()), list(parameters.values()))
    with jax.enable_x64(True):
        found = jax.jit(change)(states, parameters)
        np.testing.assert_allclose([float(found[name]) for name in mode.names], right, rtol=1e-12, atol=1e-12)
        slope = jax.jit(jax.grad(lambda s, p: change(s, p)["extracellular"]))(states, parameters)["extracellular"]
    width = 1e-4
    near = [change(states | {"extracellular": states["extracellular"] + h}, parameters) for h in (width, -width)]
    assert slope == pytest.approx((near[0]["extracellular"] - near[1]["extracellular"]) / (2 * width), rel=1e-6)
