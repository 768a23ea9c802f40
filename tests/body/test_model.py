"""The equations themselves: conserved, at rest at the baseline, right units, no question about a value."""

import ast
import inspect
from types import SimpleNamespace

import numpy as np
import pint
import pytest

from magnes.body import rates
from magnes.body.baseline import reference_values, solved, start
from magnes.body.gut import Sittings
from magnes.body.model import DAILY, MEALS, Mode
from magnes.body.trace import derivatives, graph_of, python_source
from magnes.body.trace import rates as traced_rates
from magnes.knowledge.body_parameters import BodyParameter
from magnes.knowledge.ledger import Term
from magnes.knowledge.load import table
from magnes.knowledge.records import Source

MODES = pytest.mark.parametrize("mode", [DAILY, MEALS], ids=lambda mode: mode.name)
NAMED = SimpleNamespace


def anywhere(seed: int = 0) -> tuple[dict[str, float], dict[str, float]]:
    """A body far from rest, with every input in use."""
    p = solved(reference_values())
    p |= {"infusion_mmol_per_day": 3.0, "child_mmol_per_day": 1.0, "dialysis_l_per_day": 20.0}
    random = np.random.default_rng(seed)
    s = {name: (value or 1.0) * random.uniform(0.6, 1.5) for name, value in start(p).items()}
    return p, s


@MODES
def test_what_leaves_one_place_arrives_in_another(mode: Mode) -> None:
    # catches: a flow counted twice, a flow without a target, a rate added to a state beside the flows
    p, s = anywhere()
    change = derivatives(mode, NAMED(**s), NAMED(**p))
    for element in ("Mg", "Ca", "K"):
        inside = {state.name for state in mode.states if state.element == element}
        enters = sum(f.rate(NAMED(**s), NAMED(**p)) for f in mode.flows if f.source == "outside" and f.target in inside)
        leaves = sum(f.rate(NAMED(**s), NAMED(**p)) for f in mode.flows if f.target == "outside" and f.source in inside)
        assert sum(change[name] for name in inside) == pytest.approx(enters - leaves, abs=1e-10)


@MODES
def test_flows_join_places_of_one_element(mode: Mode) -> None:
    # catches: magnesium that turns into calcium
    element = {state.name: state.element for state in mode.states}
    for flow in mode.flows:
        assert len({element[name] for name in (flow.source, flow.target) if name != "outside"}) == 1, flow.name


def test_the_healthy_body_is_at_rest() -> None:
    # catches: a gain that is not solved, a factor that is not 1 at baseline
    p = solved(reference_values())
    change = derivatives(DAILY, NAMED(**start(p)), NAMED(**p))
    sinks = {state.name for state in DAILY.states if state.sink}
    assert {name: rate for name, rate in change.items() if abs(rate) > 1e-9} == {
        name: change[name] for name in sinks - {"dialysate", "child"}
    }


def test_other_anchors_are_at_rest_too() -> None:
    # catches: an inversion that holds for the reference adult alone
    values = reference_values() | {"serum_mmol_per_l": 0.78, "gfr_l_per_day": 110.0, "labile_mmol": 60.0}
    p = solved(values, Sittings.meals(9.0))
    change = derivatives(DAILY, NAMED(**start(p)), NAMED(**p))
    assert max(abs(change[state.name]) for state in DAILY.states if not state.sink) < 1e-9


def test_rates_ask_no_question_about_a_value() -> None:
    # catches: an `if`, a comparison or a clip, which arrays, symbols and gradients cannot follow
    tree = ast.parse(inspect.getsource(rates))
    banned = (ast.If, ast.IfExp, ast.Compare, ast.BoolOp, ast.While, ast.For, ast.Try)
    assert [type(node).__name__ for node in ast.walk(tree) if isinstance(node, banned)] == []
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert not called & {"min", "max", "abs", "round", "int", "float"}


@MODES
def test_lists_refer_to_what_exists(mode: Mode) -> None:
    # catches: a flow between places that are not there, an unknown source or term
    known = {state.name for state in mode.states} | {"outside"}
    keys, terms = {row.key for row in table(Source)}, {row.name for row in table(Term)}
    for flow in mode.flows:
        assert {flow.source, flow.target} <= known, flow.name
        assert flow.term in terms, flow.name
        assert set(flow.sources) <= keys, flow.name
    for signal in mode.signals:
        assert set(signal.sources) <= keys, signal.name


def test_every_parameter_is_used() -> None:
    # catches: a parameter in the table that moves nothing
    used = {name for mode in (DAILY, MEALS) for name in graph_of(mode).parameters}
    inverted = {
        "serum_mmol_per_l",
        "ultrafilterable_share",
        "reference_intake_mmol_per_day",
        "plasma_volume_l",
        "interstitial_volume_l",
        "receptor_half_share",
        "albumin_g_per_l",  # anchors
        "phytate_half_mmol",  # experiments with bread
        "phytate_power",
        "oxalate_share_left",
        "muscle_mmol",
    }
    assert {row.name for row in table(BodyParameter)} <= used | inverted


@MODES
def test_equations_run_on_quantities(mode: Mode) -> None:
    # catches: a rate in the wrong unit, an exponent with a unit, a sum of litres and mmol
    units = pint.UnitRegistry()
    p, s = anywhere()
    table_units = {row.name: row.unit for row in table(BodyParameter)}
    made = {
        "distal_capacity": "mmol/L",
        "baseline_sensed": "mmol/L",
        "day_half_strength": "1",
        "day_passive_mmol": "mmol/d",
        "day_active_mmol": "mmol/d",
    }
    endings = (
        ("_mmol_per_l", "mmol/L"),
        ("_mmol_per_day", "mmol/d"),
        ("_per_day", "1/d"),
        ("_mmol", "mmol"),
        ("_l", "L"),
    )

    def unit(name: str) -> str:
        ending = next((unit for end, unit in endings if name.endswith(end)), "1")
        found = made.get(name) or table_units.get(name, ending)
        return found.replace("/d", "/day").replace("L", "liter")

    quantities = {name: units.Quantity(value, unit(name)) for name, value in p.items()}
    states = {state.name: units.Quantity(s[state.name], "mmol") for state in mode.states}
    signals = {signal.name: units.Quantity(s[signal.name], "") for signal in mode.signals}
    change = derivatives(mode, NAMED(**states, **signals), NAMED(**quantities))
    plain = derivatives(mode, NAMED(**s), NAMED(**p))
    for name, rate in change.items():
        assert rate.check("[substance]/[time]" if name in states else "1/[time]"), (name, rate.units)
        assert rate.to_base_units().magnitude == pytest.approx(
            units.Quantity(plain[name], "mmol/day" if name in states else "1/day").to_base_units().magnitude
        )


@MODES
def test_arrays_say_what_numbers_say(mode: Mode) -> None:
    # catches: a rate that is right for one person only
    p, s = anywhere(1)
    other = anywhere(2)[1]
    both = {name: np.array([s[name], other[name]]) for name in s}
    together = derivatives(mode, NAMED(**both), NAMED(**p))
    for i, each in enumerate((s, other)):
        alone = derivatives(mode, NAMED(**each), NAMED(**p))
        assert {name: np.broadcast_to(rate, 2)[i] for name, rate in together.items()} == pytest.approx(alone, rel=1e-12)


@MODES
def test_traced_code_is_the_model(mode: Mode) -> None:
    # catches: an operation that the tracer writes wrongly, an order of names that slips
    p, s = anywhere(3)
    traced, function = traced_rates(mode)
    found = function([s[name] for name in traced.states], [p[name] for name in traced.parameters])
    plain = derivatives(mode, NAMED(**s), NAMED(**p))
    assert dict(zip(traced.states, found, strict=True)) == pytest.approx(plain, rel=1e-12)


def test_traced_code_has_no_term_twice() -> None:
    # catches: a tracer that lets equal terms through, which doubles the work of every solver
    traced = graph_of(MEALS)
    lines = [
        line.partition(" = ")[2] for line in python_source(traced, traced.derivatives).splitlines() if " = " in line
    ]
    assert len(lines) == len(set(lines))
