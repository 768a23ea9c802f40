"""The body model for other programs: Antimony text to read, SBML (level 3) to run; both from the lists of ``model``.

States are species [mmol], flows reactions [mmol/day], signals parameters with a rate rule, doses and changes events.
Quantities that the model has a name for (``serum_mmol_per_l``, ``pth``) are assignment rules of that name. A flow is
called ``flow_urine``, since ``urine`` is where it goes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from itertools import groupby
from typing import Any

from magnes.body.formulas import Formulas, number, unit_of
from magnes.body.model import Mode
from magnes.body.solve import Bolus, Change
from magnes.errors import InputProblems, Problem

__all__ = ["DEFINITIONS", "antimony", "equations", "sbml", "translated"]

DEFINITIONS = """\
  unit mmol = 1e-3 mole
  unit day = 86400 second
  unit per_day = 1 / day
  unit mmol_per_day = mmol / day
  unit mmol_per_l = mmol / litre
  unit l_per_day = litre / day
  unit substance = mmol
  unit extent = mmol
  unit volume = litre
  unit time_unit = day"""


def antimony(
    mode: Mode,
    parameters: Mapping[str, Any],
    start: Mapping[str, Any],
    boluses: Sequence[Bolus] = (),
    changes: Sequence[Change] = (),
) -> str:
    """Return the model with these parameters and this start (at day 0) as Antimony text."""
    return "\n".join(_lines(mode, parameters, start, boluses, changes, ""))


def sbml(
    mode: Mode,
    parameters: Mapping[str, Any],
    start: Mapping[str, Any],
    boluses: Sequence[Bolus] = (),
    changes: Sequence[Change] = (),
) -> str:
    """Return the model as SBML level 3, every number with its unit, so that a program can check units.

    Raises ``InputProblems`` with code ``extra_missing`` when the package ``antimony`` is not installed.
    """
    return translated("\n".join(_lines(mode, parameters, start, boluses, changes, " dimensionless")), mode.name)


def translated(text: str, name: str) -> str:
    """Return the model ``magnes_<name>`` of an Antimony text as SBML; raises as ``sbml``."""
    try:
        translator = import_module("antimony")  # an extra: nobody needs it to run the model here
    except ImportError:
        problem = Problem("extra_missing", found="antimony", accepted="pip install 'magnes[sbml]'")
        raise InputProblems([problem]) from None
    translator.clearPreviousLoads()
    if translator.loadAntimonyString(text) < 0:
        raise RuntimeError(f"Antimony refuses our own text: {translator.getLastError()}")
    return str(translator.getSBMLString(f"magnes_{name}"))


def _lines(
    mode: Mode,
    parameters: Mapping[str, Any],
    start: Mapping[str, Any],
    boluses: Sequence[Bolus],
    changes: Sequence[Change],
    dimension: str,
) -> Iterator[str]:
    formulas = Formulas(mode, dimension)
    yield f"// Magnesium in the human body, mode {mode.name}. Written by magnes from its lists of states and flows."
    yield f"model magnes_{mode.name}()"
    yield DEFINITIONS
    yield from beginning(mode, {name: number(start[name]) for name in mode.names})
    yield "\n  // Parameters of this body"
    for name in formulas.parameters:
        yield f"  {name} = {number(parameters[name])} {unit_of(name)}"
    yield from equations(formulas, mode)
    if boluses or changes:
        yield "\n  // Doses and changes"
        yield from _events({name: float(parameters[name]) for name in formulas.parameters}, boluses, changes)
    yield "end\n"


def beginning(mode: Mode, amounts: Mapping[str, str]) -> Iterator[str]:
    """Lines of what there is at day 0, each a number or a formula."""
    yield "\n  // Amounts [mmol] and signals [1] at day 0"
    yield "  compartment body = 1 litre"
    for state in mode.states:
        yield f"  substanceOnly species {state.name} in body = {amounts[state.name]}"
        yield f'  {state.name} is "{state.element}: {state.meaning}"'
    for signal in mode.signals:
        yield f"  {signal.name} = {amounts[signal.name]} dimensionless"
        yield f'  {signal.name} is "{signal.meaning}"'


def equations(formulas: Formulas, mode: Mode) -> Iterator[str]:
    """Lines of the quantities, flows and signals of a mode."""
    yield "\n  // Quantities"
    for name, formula in formulas.rules.items():
        yield f"  {name} := {formula}"
    for name, unit in formulas.units.items():
        yield f"  {name} has {unit}"
    yield "\n  // Flows [mmol/day]"
    for flow in mode.flows:
        ends = " => ".join("" if name == "outside" else name for name in (flow.source, flow.target))
        yield f"  flow_{flow.name}: {ends}; {formulas.flows[flow.name]}"
    yield "\n  // Signals [1/day]"
    for name, formula in formulas.signals.items():
        yield f"  {name}' = {formula}"


def _events(now: dict[str, float], boluses: Sequence[Bolus], changes: Sequence[Change]) -> Iterator[str]:
    """One event for all that happens at one time: two events at once would have no order."""
    happenings: list[Bolus | Change] = sorted((*changes, *boluses), key=lambda one: one.day)
    for place, (day, group) in enumerate(groupby(happenings, key=lambda one: one.day), start=1):
        added: dict[str, float] = {}
        new: dict[str, float] = {}
        for one in group:
            if isinstance(one, Bolus):
                added[one.state] = added.get(one.state, 0.0) + float(one.mmol)
            else:
                values = {name: float(value) for name, value in one.parameters.items() if name in now}
                new |= {name: value for name, value in values.items() if value != now[name]}
                now |= values
        parts = [f"{name} = {number(value)} {unit_of(name)}" for name, value in new.items()]
        parts += [f"{state} = {state} + {number(amount)} mmol" for state, amount in added.items()]
        if parts:
            when = f"(time >= {number(day)} day), t0=false, fromTrigger=false"
            yield f"  event_{place}: at {when}: {', '.join(parts)}"
