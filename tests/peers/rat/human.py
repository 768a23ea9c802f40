"""The questions of the fault table put to our own model; ``python tests/peers/rat/human.py`` writes the page."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).parents[1]))

from rat.faults import Fault, faults

from magnes.body import rates
from magnes.body.baseline import reference_values, solved, start
from magnes.body.gut import Sittings, day_numbers
from magnes.body.model import DAILY, MEALS
from magnes.body.solve import Bolus, run
from magnes.body.steady import settled
from magnes.body.trace import derivatives

PAGE = Path(__file__).parents[3] / "docs" / "validation" / "rat_model.md"


def ours() -> dict[str, str | float]:
    """Our own value for each row of the fault table."""
    p = solved(reference_values())
    found: dict[str, str | float] = {}
    for percent in (100, 50, 25, 10):
        body, state = at_rest_on(percent / 100, p)
        found[f"a-{percent}"] = rates.absorbed_in_a_day(state, body) / body.intake_mmol_per_day
    body, state = at_rest_on(1.0, p)
    absorbed = rates.absorbed_in_a_day(state, body)
    bone = rates.into_bone_surface(state, body) + rates.into_bone_crystal(state, body)
    bone -= rates.out_of_bone_surface(state, body) + rates.out_of_bone_crystal(state, body)
    leaves = rates.urine(state, body) + rates.gut_loss(state, body) + rates.sweat(state, body)
    found |= {"b-fixed": bone / absorbed, "b-fixed-day": bone, "b-urine": leaves / absorbed}
    found |= speeds(p)
    drift = day_without_half(p)
    blood = p["serum_mmol_per_l"] * p["plasma_volume_l"]
    found |= {"c-drift": drift, "c-drift-share": drift / blood}
    for percent in (25, 10):
        low = p | day_numbers(Sittings.meals(p["reference_intake_mmol_per_day"] * percent / 100), p)
        calcium = run(DAILY, low, start(p), [0.0, 21.0])[:, DAILY.names.index("calcium")]
        found[f"d-{percent}"] = f"{calcium[1] / calcium[0] - 1:+.3f} after three weeks"
    width = 9 ** (1 / p["secretion_steepness"]) - 9 ** (-1 / p["secretion_steepness"])
    found |= {"e-0.4": width * p["secretion_half_mmol_per_l"], "e-0.4-share": width}
    return found | {"e-2.5": "no such switch", "e-2.5-share": "no such switch"}


def at_rest_on(share: float, p: dict[str, float]) -> tuple[SimpleNamespace, SimpleNamespace]:
    """Parameters and steady state on a share of the reference intake."""
    body = p | day_numbers(Sittings.meals(p["reference_intake_mmol_per_day"] * share), p)
    return SimpleNamespace(**body), SimpleNamespace(**settled(body))


def speeds(p: dict[str, float]) -> dict[str, float]:
    """Gain of a pool over the net flow into it, off the steady state."""
    body, state = SimpleNamespace(**p), SimpleNamespace(**start(p) | {"extracellular": 7.0, "calcium": 30.0})
    change = derivatives(DAILY, state, body)
    found = {}
    for key, name in (("c-mg", "extracellular"), ("c-ca", "calcium")):
        into = sum(flow.rate(state, body) for flow in DAILY.flows if flow.target == name)
        out = sum(flow.rate(state, body) for flow in DAILY.flows if flow.source == name)
        found[key] = change[name] / (into - out)
    none = SimpleNamespace(**p | {"vitamin_d_factor": 0.0})
    found["c-d3"] = -rates.calcitriol_change(state, none) / (p["calcitriol_per_day"] * state.calcitriol)
    return found


def day_without_half(p: dict[str, float]) -> float:
    """Magnesium that went nowhere on the first day after the intake is halved [mmol]."""
    half = p["reference_intake_mmol_per_day"] / 2
    doses = [Bolus(hour / 24, "gut_upper", half / 3) for hour in (8.0, 12.5, 18.0)]
    path = run(MEALS, p, start(p), [0.0, 1.0], boluses=doses)
    total = path[:, [i for i, state in enumerate(MEALS.states) if state.element == "Mg"]].sum(axis=1)
    return float(total[1] - total[0] - half)


def shown(value: str | float | None) -> str:
    """A cell."""
    if value is None or isinstance(value, str):
        return value or ""
    return "0" if abs(value) < 1e-9 else f"{value:.3g}"


def page(rows: tuple[Fault, ...]) -> str:
    """The fault table as Markdown."""
    head = """# The published rat model beside ours

Written by `python tests/peers/rat/human.py`. Dutta and Layton 2024 (iScience 27:111077) is the published model of
magnesium and calcium in the rat. Our own transcription of its equations reproduces its nine steady states to 4e-10 and
its time courses to 2e-9 (`tests/peers/test_rat_model.py`; bounds of the issue: 1e-6 and 1e-5). The table shows what
follows from its equations, and what ours say to the same question. Ours is of people: the calcium of rats on little
magnesium rises, that of people falls a little in three weeks (Fatemi 1991: -2 %).

| id | question | rat model | possible | ours |
|---|---|---|---|---|
"""
    lines = [
        f"| {row.id} | {row.quantity} [{row.unit}] | {shown(row.rat)} | {row.possible} | {shown(row.ours)} |"
        for row in rows
    ]
    return head + "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(faults(ours())), encoding="utf-8")
    print(PAGE)
