"""``flow_of_a_day``: where the magnesium of one day comes from and where it goes, in the bodies of a fit."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from magnes.body import rates
from magnes.estimate import Record, merge_sources
from magnes.fit.individual import Individual
from magnes.units import MAGNESIUM_G_PER_MOL

__all__ = ["Flow", "FlowOfDay", "Place", "flow_of_a_day"]

Place = Literal[
    "food", "supplement", "medicine", "bowel", "not_absorbed", "blood", "urine", "sweat", "gut_loss", "child",
    "dialysis", "kept",
]  # fmt: skip
NOISE = 1e-7  # of what is absorbed: the solver's error at rest
# What may run either way: less than nothing out is in
BOTH_WAYS: tuple[Place, ...] = ("dialysis", "kept")


class Flow(Record):
    """Magnesium from one place to the next [mg/d]."""

    source: Place
    target: Place
    mg_per_day: Annotated[float, Field(ge=0)]


class FlowOfDay(Record):
    """Flows of the day at rest before any change: means over the bodies, so that they add up.

    ``kept`` is what tissue and bone take, as a target, or give, as a source; at rest it is close to nothing.
    """

    flows: tuple[Flow, ...]
    draws: int
    sources: tuple[str, ...]

    def into(self, place: Place) -> float:
        """All that comes into a place [mg/d]."""
        return sum(flow.mg_per_day for flow in self.flows if flow.target == place)

    def out_of(self, place: Place) -> float:
        """All that leaves a place [mg/d]."""
        return sum(flow.mg_per_day for flow in self.flows if flow.source == place)


def flow_of_a_day(found: Individual) -> FlowOfDay:
    """Follow the magnesium of a day from the plate to urine, sweat and stool.

    Raises ``ValueError`` for a fit whose data contradict the model: its bodies are not this person's.
    """
    if found.refused:
        raise ValueError("the laboratory values contradict the model: no flow")
    s, p = SimpleNamespace(**found.drawn.start), SimpleNamespace(**found.drawn.before)
    eaten = _eaten(found)
    absorbed = _mean(rates.absorbed_in_a_day(s, p), found)
    lost: dict[Place, float] = {
        "urine": _mean(rates.urine(s, p), found),
        "gut_loss": _mean(rates.gut_loss(s, p), found),
        "sweat": _mean(rates.sweat(s, p), found),
        "dialysis": _mean(rates.dialysed(s, p), found),
        "child": _mean(rates.to_child(s, p), found),
    }
    kept = absorbed - sum(lost.values())
    lost["kept"] = kept if abs(kept) > NOISE * absorbed else 0.0
    flows = [Flow(source=name, target="bowel", mg_per_day=amount) for name, amount in eaten.items() if amount > 0]
    flows += [
        Flow(source="bowel", target="not_absorbed", mg_per_day=sum(eaten.values()) - absorbed),
        Flow(source="bowel", target="blood", mg_per_day=absorbed),
    ]
    for place, amount in lost.items():
        if amount < 0 and place in BOTH_WAYS:
            flows.append(Flow(source=place, target="blood", mg_per_day=-amount))
        elif amount or place == "kept":
            flows.append(Flow(source="blood", target=place, mg_per_day=amount))
    effects = (row.sources for row in found.scenario.before.effects)
    return FlowOfDay(
        flows=tuple(flows),
        draws=len(found.drawn.eats),
        sources=merge_sources((("MAGNES-FIT", "MAGNES-DESIGN"), *effects)),
    )


def _eaten(found: Individual) -> Mapping[Place, float]:
    """Magnesium swallowed [mg/d]: food as much as these bodies eat of it, products as they were written down."""
    days = found.scenario.diet_before
    food = sum(day.food.total_mmol for day in days) / len(days) * found.drawn.eats
    products = sum(day.products.total_mmol for day in days) / len(days) * MAGNESIUM_G_PER_MOL
    known = found.scenario.intake.medicines
    medicines = min(known.value if known else 0.0, products)
    return {"food": _mean(food, found), "supplement": products - medicines, "medicine": medicines}


def _mean(mmol_per_day: Any, found: Individual) -> float:
    """Mean over the bodies [mg/d]; a number is that of all of them."""
    return float(np.mean(np.broadcast_to(mmol_per_day, np.shape(found.drawn.eats)))) * MAGNESIUM_G_PER_MOL
