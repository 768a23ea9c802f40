"""The rat model of magnesium and calcium of Dutta & Layton 2024, iScience 27:111077, doi 10.1016/j.isci.2024.111077.

Written anew from its equations; no code was taken over. It stands here as a peer, with its faults, so that they can be
computed (``faults.py``) and our own model can be asked the same things. Time in minutes, male rat.

Of each mineral: plasma, a fast pool in bone that exchanges with plasma, and a slow pool in bone that is held fixed,
receives for ever and is resorbed for ever. Hormones: PTH in the gland and in plasma, and calcitriol (1,25D).

A plasma state of the original is an amount y with concentration y / plasma_l. Here the states are concentrations, so
each rate of an amount is divided by plasma_l once, whatever the unit of that rate. Rates that are wrong in the original
are kept: calcitriol's is in pmol/L/min, the minerals' in mmol/L/min, though both change an amount, and the clearance of
PTH is called 1/min there, though it acts on a concentration to change an amount, as one in L/min does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp
from scipy.optimize import root

Array = NDArray[np.float64]
MINUTES_PER_DAY = 1440
SWITCH = 50  # exponent of the two switches
PTH_SWITCH_MMOL_L = 0.4
D3_SWITCH_MMOL_L = 2.5


@dataclass(frozen=True)
class Rat:
    """Parameters of the table; all other constants stand in the equations, as in the paper's functions."""

    plasma_l: float = 0.010
    gfr_l_min: float = 0.0012523
    ca_intake_mmol_min: float = 1.05e-3
    mg_intake_mmol_min: float = 4e-4
    ca_bound: float = 0.4  # kappa: share of the plasma's mineral bound to protein
    mg_bound: float = 0.3
    ca_to_fast_per_min: float = 0.12231
    mg_to_fast_per_min: float = 0.07364346
    ca_from_fast_per_min: float = 2.75e-4
    mg_from_fast_per_min: float = 2e-4
    ca_to_fixed_per_min: float = 6.6504e-4  # from the fast pool
    mg_to_fixed_per_min: float = 3.98353124e-4
    ca_fixed_mmol: float = 134.3622494
    mg_fixed_mmol: float = 1.604
    pth_made_pmol_min: float = 2.5296
    pth_lost_in_gland_per_min: float = 0.035
    pth_cleared_l_min: float = 0.08071
    pth_release_by_ca: float = 0.15  # gamma_Ca
    pth_release_by_mg: float = 0.01  # gamma_Mg
    pth_release_most_per_min: float = 1.034272  # beta
    pth_release_mg_mmol_l: float = 3.8
    d3_inactive_pmol_l: float = 25e3
    d3_cleared_per_min: float = 0.00803455

    def scaled(self, mg_intake: float = 1, ca_intake: float = 1, d3_inactive: float = 1) -> Rat:
        """Return this rat on a share of its intakes and of its inactive vitamin D."""
        return replace(
            self,
            mg_intake_mmol_min=self.mg_intake_mmol_min * mg_intake,
            ca_intake_mmol_min=self.ca_intake_mmol_min * ca_intake,
            d3_inactive_pmol_l=self.d3_inactive_pmol_l * d3_inactive,
        )


class State(NamedTuple):
    """What changes over time; the names and order of the time course's columns in ``COLUMNS``."""

    pth_gland_pmol: float
    pth_pmol_l: float
    d3_pmol_l: float
    mg_mmol_l: float
    ca_mmol_l: float
    ca_fast_mmol: float
    mg_fast_mmol: float


class Flows(NamedTuple):
    """Flows of one mineral in mmol/min, and the share of the filtrate that is taken back."""

    absorbed: float
    urine: float
    reabsorbed_share: float
    resorbed: float  # fixed pool -> plasma
    to_fast: float  # plasma -> fast pool
    from_fast: float
    to_fixed: float  # fast pool -> fixed pool

    @property
    def into_plasma(self) -> float:
        """Net gain of plasma."""
        return self.absorbed + self.resorbed + self.from_fast - self.to_fast - self.urine


COLUMNS = ("PTHg", "PTHp", "D3p", "Mgp", "Cap", "NCaf", "NMgf")
STORED = State(34.9891, 6.279, 153.67, 0.65, 1.25, 1.6264, 0.8)  # the steady state that the authors start from


def rises(x: float, half: float, exponent: float = 1) -> float:
    """Hill function: 0 far below ``half``, 1 far above; the power is of the ratio, so it does not overflow."""
    scaled = float((x / half) ** exponent)
    return scaled / (1 + scaled)


def falls(x: float, half: float, exponent: float = 1) -> float:
    """One less the Hill function."""
    return float(1 / (1 + (x / half) ** exponent))


def pth_switch(mg_mmol_l: float) -> float:
    """Return h: 1 where calcium governs the release of PTH, 0 where lack of magnesium does."""
    return rises(mg_mmol_l, PTH_SWITCH_MMOL_L, SWITCH)


def d3_switch(mg_mmol_l: float) -> float:
    """Return h_m: 1 where magnesium promotes the making of calcitriol, 0 where its excess inhibits it."""
    return falls(mg_mmol_l, D3_SWITCH_MMOL_L, SWITCH)


def mineral_flows(state: State, rat: Rat) -> tuple[Flows, Flows]:
    """Return the flows of magnesium and of calcium."""
    pth, d3, mg, ca = state.pth_pmol_l, state.d3_pmol_l, state.mg_mmol_l, state.ca_mmol_l
    by_d3 = rises(d3, 100, 2)
    mg_share = 0.11 + 0.47 * 7.64e-4 / (1.7e-4 + rat.mg_intake_mmol_min) + 0.12 * by_d3
    ca_share = 0.25 + 0.45 * by_d3

    proximal = falls(pth, 12, 5)
    loop = 0.7 / ((1 + (ca / 1.25) ** 4) * (1 + 0.6 * (mg / 2.5) ** 4)) + 0.3 * rises(pth, 4)
    distal = 0.8 * rises(pth, 7.25) + 0.2 * rises(d3, 160)
    mg_kept = min(0.995, (0.185 + 0.015 * proximal) + (0.66 + 0.04 * loop) + (0.08 + 0.02 * distal))
    ca_kept = min(0.995, (0.66 + 0.03 * proximal) + (0.185 + 0.015 * loop) + (0.08 + 0.02 * distal))

    ca_resorbed = 1.42e-4 + 7e-4 * (0.2 * rises(pth, 2.45, 2) + 0.8 * rises(d3, 160, 2))
    return (
        Flows(
            absorbed=rat.mg_intake_mmol_min * mg_share,
            urine=(1 - mg_kept) * rat.gfr_l_min * mg,
            reabsorbed_share=mg_kept,
            resorbed=0.025 * ca_resorbed,
            to_fast=rat.mg_to_fast_per_min * mg * rat.plasma_l,
            from_fast=rat.mg_from_fast_per_min * state.mg_fast_mmol,
            to_fixed=rat.mg_to_fixed_per_min * state.mg_fast_mmol,
        ),
        Flows(
            absorbed=rat.ca_intake_mmol_min * ca_share,
            urine=(1 - ca_kept) * rat.gfr_l_min * ca,
            reabsorbed_share=ca_kept,
            resorbed=ca_resorbed,
            to_fast=rat.ca_to_fast_per_min * ca * rat.plasma_l,
            from_fast=rat.ca_from_fast_per_min * state.ca_fast_mmol,
            to_fixed=rat.ca_to_fixed_per_min * state.ca_fast_mmol,
        ),
    )


def d3_turnover_per_min(state: State, rat: Rat) -> float:
    """Return the share of calcitriol that is cleared per minute, as the paper means it."""
    return rat.d3_cleared_per_min * (1 / (1 + 0.52 * state.pth_pmol_l) + rises(state.mg_mmol_l, 1.7, 4))


def rate(state: State, rat: Rat) -> State:
    """Return the change of each state per minute."""
    pth, d3, mg, ca = state.pth_pmol_l, state.d3_pmol_l, state.mg_mmol_l, state.ca_mmol_l
    h, h_m = pth_switch(mg), d3_switch(mg)
    by_ca = (rat.pth_release_by_ca / ca) ** 2 * (rat.pth_release_most_per_min - rises(mg, rat.pth_release_mg_mmol_l, 2))
    released = (h * by_ca + (1 - h) * rat.pth_release_by_mg * rises(mg, 0.25)) * state.pth_gland_pmol
    pth_made = rat.pth_made_pmol_min / (1 + 0.003 * d3)
    d3_by_mg = 6.6 * (h_m * rises(mg, 1.1, 4) + (1 - h_m) * falls(mg, 1.2, 4))
    d3_made = 4.4e-6 + 6e-5 * rises(pth, 3, 6) / (1 + 0.3 * ca) / (1 + 0.018 * d3) * d3_by_mg
    mg_flows, ca_flows = mineral_flows(state, rat)
    return State(
        pth_gland_pmol=pth_made - released - rat.pth_lost_in_gland_per_min * state.pth_gland_pmol,
        pth_pmol_l=(released - rat.pth_cleared_l_min * pth) / rat.plasma_l,
        d3_pmol_l=(d3_made * rat.d3_inactive_pmol_l - d3_turnover_per_min(state, rat) * d3) / rat.plasma_l,
        mg_mmol_l=(1 - rat.mg_bound) / rat.plasma_l * mg_flows.into_plasma / rat.plasma_l,
        ca_mmol_l=(1 - rat.ca_bound) / rat.plasma_l * ca_flows.into_plasma / rat.plasma_l,
        ca_fast_mmol=ca_flows.to_fast - ca_flows.from_fast - ca_flows.to_fixed,
        mg_fast_mmol=mg_flows.to_fast - mg_flows.from_fast - mg_flows.to_fixed,
    )


def integrate(change: Callable[[Array], Sequence[float]], start: Sequence[float], minutes: Sequence[float]) -> Array:
    """Return one row of states per moment, from ``start`` at minute 0."""
    first = np.asarray(start, dtype=float)
    found = solve_ivp(
        lambda _, y: change(y),
        (0, max(minutes)),
        first,
        method="LSODA",
        t_eval=minutes,
        rtol=1e-10,
        atol=1e-13 * np.maximum(first, 0.01),
    )
    if not found.success:
        raise RuntimeError(found.message)
    return np.asarray(found.y.T)


def time_course(rat: Rat, minutes: Sequence[float], start: State = STORED) -> list[State]:
    """Return the states at these moments."""
    return [State(*row) for row in integrate(lambda y: rate(State(*y), rat), start, minutes)]


def steady_state(rat: Rat, start: State = STORED) -> State:
    """Return the state where nothing changes: ninety days onward from ``start``, then solved for exactly."""
    (later,) = time_course(rat, (90 * MINUTES_PER_DAY,), start)
    scale = np.asarray(start)

    def change(x: Array) -> Array:
        return np.divide(rate(State(*x * scale), rat), scale)

    found = root(change, np.asarray(later) / scale, tol=1e-13)
    state = State(*(float(value) for value in found.x * scale))
    if max(abs(np.asarray(rate(state, rat)) / scale)) > 1e-9:
        raise RuntimeError(f"no steady state: {found.message}")
    return state
