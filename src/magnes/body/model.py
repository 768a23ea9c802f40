"""The body model as in a paper: states, flows, signals; their rates stand in ``rates``.

Every flow has one source and one target, so magnesium is kept by construction. The same lists give the solvers, the
tracers, the diagram, the table and the SBML.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from magnes.body import rates

__all__ = ["DAILY", "FLOWS", "LUMEN", "MEALS", "SIGNALS", "STATES", "Flow", "Mode", "Signal", "State"]

Rate = Callable[[Any, Any], Any]


@dataclass(frozen=True, slots=True)
class State:
    """An amount [mmol] of an element in one place. ``sink``: what leaves the body is added up there."""

    name: str
    element: str
    meaning: str
    sink: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """A rate [mmol/day] from one state to another; ``outside`` is the world. ``term``: name in ``model/terms.csv``."""

    name: str
    source: str
    target: str
    rate: Rate
    term: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Signal:
    """A massless state, 1 at baseline, with its rate of change [1/day]."""

    name: str
    rate: Rate
    meaning: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mode:
    """The flows, states and signals that one resolution solves."""

    name: str
    states: tuple[State, ...]
    flows: tuple[Flow, ...]
    signals: tuple[Signal, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all dynamic values, in order."""
        return (*(state.name for state in self.states), *(signal.name for signal in self.signals))


LUMEN = (
    State("gut_solid", "Mg", "undissolved salt in the bowel"),
    State("gut_upper", "Mg", "dissolved in the upper bowel"),
    State("gut_lower", "Mg", "dissolved in the lower bowel"),
)
STATES = (
    State("extracellular", "Mg", "plasma, fluid between cells and what exchanges with it within the hour"),
    State("labile", "Mg", "soft tissue that exchanges within days"),
    State("muscle", "Mg", "muscle and other tissue that exchanges within months"),
    State("red_cells", "Mg", "red blood cells"),
    State("bone_surface", "Mg", "surface of bone"),
    State("bone_crystal", "Mg", "bone crystal"),
    State("calcium", "Ca", "calcium of plasma and fluid between cells"),
    State("calcium_exchangeable", "Ca", "exchangeable calcium of bone"),
    State("potassium", "K", "exchangeable potassium"),
    State("stool", "Mg", "lost with stool", sink=True),
    State("urine", "Mg", "lost with urine", sink=True),
    State("skin", "Mg", "lost with sweat", sink=True),
    State("dialysate", "Mg", "taken by dialysis", sink=True),
    State("child", "Mg", "given to a child", sink=True),
)
SIGNALS = (
    Signal("conservation", rates.conservation_change, "conservation of magnesium by the kidney (TRPM6)", ("SUTTON93",)),
    Signal("calcitriol", rates.calcitriol_change, "active vitamin D", ("FATEMI91",)),
    Signal("gland", rates.gland_change, "capacity of the parathyroid", ("MAGNES-DESIGN",)),
)
FLOWS = (
    Flow("gut_loss", "extracellular", "stool", rates.gut_loss, "gut_loss", ("SHILS64",)),
    Flow("into_labile", "extracellular", "labile", rates.into_labile, "tissue_uptake", ("AVIOLI66",)),
    Flow("out_of_labile", "labile", "extracellular", rates.out_of_labile, "tissue_uptake", ("AVIOLI66",)),
    Flow("into_muscle", "extracellular", "muscle", rates.into_muscle, "tissue_uptake", ("SILVER60",)),
    Flow("out_of_muscle", "muscle", "extracellular", rates.out_of_muscle, "tissue_uptake", ("SILVER60",)),
    Flow("into_red_cells", "extracellular", "red_cells", rates.into_red_cells, "tissue_uptake", ("FATEMI91",)),
    Flow("out_of_red_cells", "red_cells", "extracellular", rates.out_of_red_cells, "tissue_uptake", ("FATEMI91",)),
    Flow("into_bone_surface", "extracellular", "bone_surface", rates.into_bone_surface, "bone_exchange", ("ALFREY73",)),
    Flow(
        "out_of_bone_surface",
        "bone_surface",
        "extracellular",
        rates.out_of_bone_surface,
        "bone_exchange",
        ("ALFREY73",),
    ),
    Flow(
        "into_bone_crystal", "extracellular", "bone_crystal", rates.into_bone_crystal, "bone_resorption", ("AVIOLI66",)
    ),
    Flow(
        "out_of_bone_crystal",
        "bone_crystal",
        "extracellular",
        rates.out_of_bone_crystal,
        "bone_resorption",
        ("AVIOLI66",),
    ),
    Flow("urine", "extracellular", "urine", rates.urine, "kidney_dct", ("RUDE80", "SEO08-MAGNESIUM-METABOLISM")),
    Flow("sweat", "extracellular", "skin", rates.sweat, "sweat", ("SWEAT75",)),
    Flow("dialysis", "extracellular", "dialysate", rates.dialysed, "dialysis", ("MAGNES-DESIGN",)),
    Flow("to_child", "extracellular", "child", rates.to_child, "gut_loss", ("DOREA00",)),
    Flow("infusion", "outside", "extracellular", rates.infused, "magnesium_load", ("GULLESTAD94",)),
    Flow("calcium_absorbed", "outside", "calcium", rates.calcium_absorbed, "calcium_balance", ("MAGNES-DESIGN",)),
    Flow("calcium_gut_loss", "calcium", "outside", rates.calcium_gut_loss, "calcium_balance", ("MAGNES-DESIGN",)),
    Flow("calcium_urine", "calcium", "outside", rates.calcium_urine, "calcium_balance", ("MAGNES-DESIGN",)),
    Flow("calcium_into_bone", "calcium", "outside", rates.calcium_into_bone, "calcium_balance", ("MAGNES-DESIGN",)),
    Flow("calcium_out_of_bone", "outside", "calcium", rates.calcium_out_of_bone, "bone_resorption", ("MAGNES-DESIGN",)),
    Flow(
        "calcium_onto_bone",
        "calcium",
        "calcium_exchangeable",
        rates.calcium_onto_bone,
        "calcium_balance",
        ("PETERSON10",),
    ),
    Flow(
        "calcium_off_bone",
        "calcium_exchangeable",
        "calcium",
        rates.calcium_off_bone,
        "calcium_balance",
        ("PETERSON10",),
    ),
    Flow("potassium_in", "outside", "potassium", rates.potassium_in, "potassium_loss", ("MAGNES-DESIGN",)),
    Flow("potassium_urine", "potassium", "outside", rates.potassium_urine, "potassium_loss", ("HUANG07",)),
)
MEALS = Mode(
    "meals",
    (*LUMEN, *STATES),
    (
        Flow("dissolution", "gut_solid", "gut_upper", rates.dissolution, "gut_dissolution", ("FIROZ01",)),
        Flow("solid_lost", "gut_solid", "stool", rates.solid_lost, "gut_transit", ("MAGNES-DESIGN",)),
        Flow("uptake_upper", "gut_upper", "extracellular", rates.uptake_upper, "gut_active_absorption", ("FINE91",)),
        Flow("uptake_lower", "gut_lower", "extracellular", rates.uptake_lower, "gut_active_absorption", ("FINE91",)),
        Flow("moved_on", "gut_upper", "gut_lower", rates.moved_on, "gut_transit", ("MAGNES-DESIGN",)),
        Flow("lumen_lost", "gut_lower", "stool", rates.lumen_lost, "gut_transit", ("MAGNES-DESIGN",)),
        *FLOWS,
    ),
    (*SIGNALS, Signal("gut_signal", rates.gut_signal_in_meals, "magnesium that the gut has taken up", ("SUTTON93",))),
)
DAILY = Mode(
    "daily",
    STATES,
    (
        Flow("absorbed", "outside", "extracellular", rates.absorbed_in_a_day, "gut_active_absorption", ("FINE91",)),
        Flow("left", "outside", "stool", rates.left_in_a_day, "intake", ("FINE91",)),
        *FLOWS,
    ),
    (*SIGNALS, Signal("gut_signal", rates.gut_signal_in_a_day, "magnesium that the gut has taken up", ("SUTTON93",))),
)
