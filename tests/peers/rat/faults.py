"""The faults of the published rat model, each computed from the model, beside what is physically possible.

``faults(ours)`` gives the table; ``ours`` maps the id of a row to our own model's value for the same question.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rat.model import (
    D3_SWITCH_MMOL_L,
    MINUTES_PER_DAY,
    PTH_SWITCH_MMOL_L,
    Array,
    Rat,
    State,
    d3_switch,
    d3_turnover_per_min,
    integrate,
    mineral_flows,
    pth_switch,
    rate,
    steady_state,
    time_course,
)
from scipy.optimize import brentq

CREATES = "absorbs more magnesium than is eaten"
FIXED = "a pool of bone that is held fixed swallows what is absorbed"
SPEED = "the amount in plasma changes at a rate of concentration"
CALCIUM = "calcium falls far where rats on little magnesium keep or raise it"
SWITCHED = "exponent 50: a curve that is an on-off switch"


@dataclass(frozen=True)
class Fault:
    """One quantity: the rat model's value, what is possible (both ends where there are any), and our own value."""

    id: str
    fault: str
    quantity: str
    unit: str
    rat: float
    possible: str
    low: float | None = None
    high: float | None = None
    ours: str | float | None = None


def faults(ours: Mapping[str, str | float] | None = None) -> tuple[Fault, ...]:
    """Return every fault, with our own value where one is given; an id that no row has is an error."""
    ours = ours or {}
    rat = Rat()
    normal = steady_state(rat)
    found = [*_absorption(rat), *_fixed_pool(normal, rat), *_speed(normal, rat), *_calcium(normal, rat), *_switches()]
    if unknown := set(ours) - {fault.id for fault in found}:
        raise KeyError(f"no fault {', '.join(sorted(unknown))}; there are {', '.join(fault.id for fault in found)}")
    return tuple(Fault(**{**vars(fault), "ours": ours.get(fault.id)}) for fault in found)


def _absorption(rat: Rat) -> list[Fault]:
    rows = []
    for percent in (100, 50, 25, 10):
        eater = rat.scaled(mg_intake=percent / 100)
        magnesium, _ = mineral_flows(steady_state(eater), eater)
        share = magnesium.absorbed / eater.mg_intake_mmol_min
        name = f"share of dietary magnesium absorbed on {percent} % of the intake"
        rows.append(Fault(f"a-{percent}", CREATES, name, "1", share, "from nothing to all of it", 0, 1))
    return rows


def _fixed_pool(normal: State, rat: Rat) -> list[Fault]:
    magnesium, _ = mineral_flows(normal, rat)
    net = magnesium.to_fixed - magnesium.resorbed
    still = "at steady state a pool gives what it takes"
    whole = "at steady state all that is absorbed leaves the body, here by urine alone"
    share = net / magnesium.absorbed
    lost = magnesium.urine / magnesium.absorbed
    return [
        Fault("b-fixed", FIXED, "net share of absorbed magnesium into the fixed pool", "1", share, still, 0, 0),
        Fault("b-fixed-day", FIXED, "net flow into the fixed pool", "mmol/d", net * MINUTES_PER_DAY, still, 0, 0),
        Fault("b-urine", FIXED, "share of absorbed magnesium into urine", "1", lost, whole, 1, 1),
    ]


def _speed(normal: State, rat: Rat) -> list[Fault]:
    once = "plasma gains what flows in, once"
    kept = "mass is neither made nor lost"
    hungry = rat.scaled(mg_intake=0.5)
    drift = mass_drift_mmol(normal, hungry, MINUTES_PER_DAY)
    share = drift / (normal.mg_mmol_l * rat.plasma_l)
    magnesium, calcium = plasma_speed(normal, hungry)
    without = rat.scaled(d3_inactive=0)  # nothing is made, so that only clearing is left
    d3 = -rate(normal, without).d3_pmol_l / (d3_turnover_per_min(normal, without) * normal.d3_pmol_l)
    step = "one day after the intake of magnesium is halved"
    return [
        Fault("c-mg", SPEED, "gain of plasma magnesium / net flow into plasma", "1", magnesium, once, 1, 1),
        Fault("c-ca", SPEED, "gain of plasma calcium / net flow into plasma", "1", calcium, once, 1, 1),
        Fault("c-d3", SPEED, "loss of calcitriol / its clearing", "1", d3, "plasma loses what is cleared, once", 1, 1),
        Fault("c-drift", SPEED, f"magnesium that went nowhere, {step}", "mmol", drift, kept, 0, 0),
        Fault("c-drift-share", SPEED, f"the same as a share of plasma magnesium, {step}", "1", share, kept, 0, 0),
    ]


def plasma_speed(state: State, rat: Rat) -> tuple[float, float]:
    """Return, for magnesium and calcium, by how much plasma moves faster than the net flow into it says."""
    moved = time_course(rat, (1.0,), state)[0]  # off the steady state, where both are zero
    magnesium, calcium = mineral_flows(moved, rat)
    change = rate(moved, rat)
    return (
        change.mg_mmol_l * rat.plasma_l / magnesium.into_plasma,
        change.ca_mmol_l * rat.plasma_l / calcium.into_plasma,
    )


def mass_drift_mmol(start: State, rat: Rat, minutes: float) -> float:
    """Return the gain of plasma and fast pool in magnesium beyond what crossed their border in this time."""

    def change(y: Array) -> tuple[float, ...]:
        state = State(*y[:-1])
        flows, _ = mineral_flows(state, rat)
        return *rate(state, rat), flows.absorbed + flows.resorbed - flows.urine - flows.to_fixed

    (end,) = integrate(change, (*start, 0.0), (minutes,))
    later = State(*end[:-1])
    gained = (later.mg_mmol_l - start.mg_mmol_l) * rat.plasma_l + later.mg_fast_mmol - start.mg_fast_mmol
    return float(gained - end[-1])


def _calcium(normal: State, rat: Rat) -> list[Fault]:
    with (Path(__file__).parent / "rat_points.csv").open(encoding="utf-8", newline="") as handle:
        seen = {
            row["scenario"]: float(row["rat_data_frac_change(from repo figure script)"])
            for row in csv.DictReader(handle)
            if row["variable"] == "Ca plasma"
        }
    rows = []
    for share in (0.25, 0.1):
        change = steady_state(rat.scaled(mg_intake=share)).ca_mmol_l / normal.ca_mmol_l - 1
        name = f"change of plasma calcium on {share * 100:.0f} % of the magnesium"
        measured = f"{seen[f'IMg_{share:g}']:+.2f} in rats, in the authors' own figure; no interval given"
        rows.append(Fault(f"d-{share * 100:.0f}", CALCIUM, name, "1", change, measured))
    return rows


def _switches() -> list[Fault]:
    bound = "no strict limit; binding at n sites has an exponent of at most n"
    curves = (("PTH", PTH_SWITCH_MMOL_L, pth_switch), ("calcitriol", D3_SWITCH_MMOL_L, d3_switch))
    rows = []
    for name, half, curve in curves:
        width = abs(_reaches(curve, 0.9, half) - _reaches(curve, 0.1, half))
        what = f"magnesium over which the {name} switch goes from 0.1 to 0.9"
        rows.append(Fault(f"e-{half:g}", SWITCHED, what, "mmol/L", width, bound))
        rows.append(Fault(f"e-{half:g}-share", SWITCHED, f"{what} / its midpoint", "1", width / half, bound))
    return rows


def _reaches(curve: Callable[[float], float], height: float, middle: float) -> float:
    """Return the magnesium where a switch stands at this height."""
    return float(brentq(lambda mg: curve(mg) - height, middle / 2, middle * 2))
