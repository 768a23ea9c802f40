"""Antimony text of the model, read back by a small reader of our own; other programs read it in ``tests/peers``."""

from __future__ import annotations

import math
import random
import re
import sys
from typing import Any

import pytest

from magnes.body.baseline import reference_values, solved, start
from magnes.body.export import DEFINITIONS, antimony, sbml
from magnes.body.formulas import Formulas, unit_of
from magnes.body.model import DAILY, MEALS, Mode
from magnes.body.solve import Bolus, Change
from magnes.body.trace import rates
from magnes.errors import InputProblems

MODES = pytest.mark.parametrize("mode", [MEALS, DAILY], ids=lambda mode: mode.name)


@pytest.fixture(scope="module")
def body() -> dict[str, Any]:
    return solved(reference_values())


def read_back(text: str) -> dict[str, float]:
    """Rate of change of every species and signal in an Antimony text, at its start."""
    given = re.findall(r"^  (?:substanceOnly species )?(\w+)(?: in body)? = (\S+)", text, re.M)
    names = {name: float(value) for name, value in given}

    def value(formula: str) -> float:
        return float(eval(formula.replace("^", "**"), {"ln": math.log, "exp": math.exp, "sqrt": math.sqrt}, names))  # noqa: S307

    for name, formula in re.findall(r"^  (\w+) := (.+)", text, re.M):
        names[name] = value(formula)
    change = dict.fromkeys(re.findall(r"species (\w+)", text), 0.0)
    for source, target, formula in re.findall(r"^  flow_\w+: (\w*) => (\w*); (.+)", text, re.M):
        for name, sign in ((source, -1), (target, 1)):
            if name:
                change[name] += sign * value(formula)
    return change | {name: value(formula) for name, formula in re.findall(r"^  (\w+)' = (.+)", text, re.M)}


@MODES
def test_the_text_says_the_same_rates_of_change(mode: Mode, body: dict[str, Any]) -> None:
    # catches: wrong brackets, a flow that is left out or turned round, a rule before what it rests on
    traced, function = rates(mode)
    rest = start(body)
    random.seed(1)
    for _ in range(10):
        state = {name: rest[name] * random.uniform(0.5, 1.5) + random.uniform(0, 0.1) for name in traced.states}
        found = read_back(antimony(mode, body, state))
        wanted = function([state[name] for name in traced.states], [body[name] for name in traced.parameters])
        assert list(found) == list(traced.states)
        for name, rate in zip(traced.states, wanted, strict=True):
            assert found[name] == pytest.approx(rate, rel=1e-12, abs=1e-12), name


@MODES
def test_every_flow_signal_and_parameter_is_there_with_a_unit(mode: Mode, body: dict[str, Any]) -> None:
    # catches: a parameter lost on the way, a unit that the text does not define
    text = antimony(mode, body, start(body))
    assert re.findall(r"^  flow_(\w+):", text, re.M) == [flow.name for flow in mode.flows]
    assert re.findall(r"^  (\w+)' =", text, re.M) == [signal.name for signal in mode.signals]
    defined = {"dimensionless", "litre", *re.findall(r"unit (\w+)", DEFINITIONS)}
    found = {name: (float(value), unit) for name, value, unit in re.findall(r"^  (\w+) = (\S+) (\w+)$", text, re.M)}
    for name in rates(mode)[0].parameters:
        assert found[name] == (body[name], unit_of(name))
        assert unit_of(name) in defined
    assert set(re.findall(r" has (\w+)$", text, re.M)) <= defined


def test_quantities_carry_the_words_of_the_model() -> None:
    # catches: a formula without names that nobody can read
    formulas = Formulas(MEALS)
    assert formulas.rules["serum_mmol_per_l"] == "ultrafilterable_mmol_per_l / ultrafilterable_share"
    assert formulas.flows["urine"] == "gfr_l_per_day * escaped"
    assert formulas.units["escaped"] == "mmol_per_l"
    assert max(map(len, [*formulas.flows.values(), *formulas.signals.values()])) < 250


def test_what_happens_at_one_time_is_one_event(body: dict[str, Any]) -> None:
    # catches: one of two doses lost, since events of one time have no order; parameters that did not change written
    lost = {**body, "kidney_loop_factor": 0.5}
    boluses = [Bolus(2.5, "gut_upper", 3.0), Bolus(0.0, "gut_upper", 1.0), Bolus(2.5, "gut_upper", 0.25)]
    changes = [Change(2.5, lost), Change(4.0, lost)]
    text = antimony(MEALS, body, start(body), boluses, changes)
    events = re.findall(r"event_\d: at \(time >= (\S+) day\), t0=false, fromTrigger=false: (.+)", text)
    assert events == [
        ("0", "gut_upper = gut_upper + 1 mmol"),
        ("2.5", "kidney_loop_factor = 0.5 dimensionless, gut_upper = gut_upper + 3.25 mmol"),
    ]


def test_sbml_needs_its_extra(body: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    # catches: a traceback for somebody who has the base package
    monkeypatch.setitem(sys.modules, "antimony", None)
    with pytest.raises(InputProblems) as raised:
        sbml(DAILY, body, start(body))
    (problem,) = raised.value.problems
    assert (problem.code, problem.found) == ("extra_missing", "antimony")
    assert "magnes[sbml]" in problem.accepted
