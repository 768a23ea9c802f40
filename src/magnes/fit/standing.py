"""``standing``: how a person stands, as chances by cut-off, and which measurement would tell most. Never a diagnosis.

Serum is what the person has on average over days and hours, not what one tube held. With an albumin it is the serum
that the same unbound magnesium would give at normal albumin: the cut-offs come from people with normal albumin.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from magnes.body.baseline import reference_values
from magnes.body.course import estimate_of
from magnes.body.scenario import ALBUMIN, Drawn
from magnes.estimate import Z90, Estimate, Record, merge_sources
from magnes.fit.data import MEASURABLE, Datum, log_predicted, method_log_sd, relative_sd
from magnes.fit.individual import BOUND, Individual
from magnes.knowledge.names import lab_test
from magnes.status import CUT_OFFS, lab_bound, lab_reference

__all__ = ["Chances", "DatumFit", "NextMeasurement", "Standing", "standing"]

Array = NDArray[np.float64]
SERUM = "serum-magnesium"
ADEQUATE_FROM = "LAB07"  # 0.85 mmol/L: below it, and above a lower cut-off, is marginal
FEW_BODIES = 150  # enough for a correlation
SOURCES = ("MAGNES-FIT", "MAGNES-DESIGN")


class Chances(Record):
    """Chances that usual serum is low (below ``cut_off``), marginal (up to 0.85), adequate or high (``high_from``)."""

    cut_off: Estimate
    high_from: Estimate
    low: float
    marginal: float
    adequate: float
    high: float


class DatumFit(Record):
    """A laboratory value, what people of this kind would have, and what the fitted bodies have on average.

    ``surprise``: how far the value lies from what people of this kind and the other values foretell, in SD.
    """

    test: str
    date: dt.date | None
    measured: Estimate
    expected: Estimate
    fitted: Estimate | None
    surprise: float


class NextMeasurement(Record):
    """What one more measurement of a test would tell of usual serum: bits, and how much narrower its interval gets."""

    test: str
    bits: float
    narrower: float


class Standing(Record):
    """How a person stands: a risk indication.

    ``basis``: people of this kind (no laboratory value), bodies fitted to the values, or the serum value alone because
    the values contradict the model (``chance`` below ``bound``; ``contradicts`` is the place of the datum that is
    farthest out). ``shrinkage``: share of the difference between people that is still open, by parameter.
    """

    basis: Literal["people_like_this", "fitted", "measured_alone", "contradicted"]
    serum: Estimate
    at_normal_albumin: bool
    chances: tuple[Chances, ...]
    absorbed: Estimate | None
    urine: Estimate | None
    data: tuple[DatumFit, ...]
    chance: float
    bound: float
    contradicts: int | None
    shrinkage: Mapping[str, float]
    next_measurements: tuple[NextMeasurement, ...]
    draws: int
    effective_draws: float
    seed: int
    flags: tuple[str, ...]
    assumed: tuple[str, ...]
    sources: tuple[str, ...]


def standing(found: Individual) -> Standing:
    """Say how the person of a fit stands."""
    basis = _basis(found)
    serum = _measured_serum(found) if basis == "measured_alone" else serum_of(found.drawn)
    known = basis in ("people_like_this", "fitted")
    amounts = found.now() if known else {}
    sources = merge_sources(
        (SOURCES, *(row.sources for row in found.scenario.before.effects), _lab_sources(found.data))
    )
    return Standing(
        basis=basis,
        serum=estimate_of(serum, "mmol/L", sources),
        at_normal_albumin=_albumin_known(found),
        chances=_chances(serum) if basis != "contradicted" else (),
        absorbed=estimate_of(amounts["absorbed"], "mg/d", sources) if known else None,
        urine=estimate_of(amounts["urine"], "mg/d", sources) if known else None,
        data=tuple(_datum(found, place) for place in range(len(found.data))),
        chance=found.chance,
        bound=BOUND,
        contradicts=found.least_expected if found.refused else None,
        shrinkage={name: left for name, left in found.shrinkage.items() if name.split()[0] in ("person", "intake")},
        next_measurements=next_measurements(found) if known else (),
        draws=len(found.drawn.eats),
        effective_draws=found.effective,
        seed=found.seed,
        flags=found.scenario.anchored.flags,
        assumed=(*found.scenario.anchored.assumed, *found.scenario.before.assumptions),
        sources=sources,
    )


def serum_of(drawn: Drawn) -> Array:
    """Usual serum of bodies [mmol/L], at normal albumin."""
    return np.asarray(np.exp(log_predicted(SERUM, drawn.start, drawn.before)) * at_normal_albumin(drawn))


def at_normal_albumin(drawn: Drawn) -> Any:
    """Factor from serum to what it would be at normal albumin with the same unbound magnesium."""
    return drawn.before["ultrafilterable_share"] / reference_values()["ultrafilterable_share"]


def next_measurements(found: Individual) -> tuple[NextMeasurement, ...]:
    """Order tests by what one more value of each would tell of usual serum, were all normal on the log scale."""
    some = found.drawn.some(slice(0, FEW_BODIES))
    target = np.log(serum_of(some))
    measured = {datum.test for datum in found.data}
    rows = []
    for test in MEASURABLE:
        shown = log_predicted(test, some.start, some.before)
        # a method that has been used before shifts the next value as it did the last: that part is left out
        method = 0.0 if test in measured else method_log_sd(test)
        spread = float(np.var(shown)) + method**2 + relative_sd(test) ** 2
        explained = float(np.cov(target, shown)[0, 1]) ** 2 / (float(np.var(target, ddof=1)) * spread)
        left = 1 - min(explained, 1 - 1e-9)
        rows.append(NextMeasurement(test=test, bits=-math.log2(left) / 2, narrower=1 - math.sqrt(left)))
    return tuple(sorted(rows, key=lambda row: -row.bits))


def _basis(found: Individual) -> Literal["people_like_this", "fitted", "measured_alone", "contradicted"]:
    if not found.data:
        return "people_like_this"
    if not found.refused:
        return "fitted"
    return "measured_alone" if any(datum.test == SERUM for datum in found.data) else "contradicted"


def _measured_serum(found: Individual) -> Array:
    """Even percentiles of usual serum from the values alone, every level equally likely beforehand."""
    logs = [datum.log_value for datum in found.data if datum.test == SERUM]
    spread = relative_sd(SERUM) / math.sqrt(len(logs))
    places = (np.arange(999) + 1) / 1000
    from scipy.special import ndtri

    return np.asarray(np.exp(np.mean(logs) + spread * ndtri(places)) * at_normal_albumin(found.drawn))


def _chances(serum: Array) -> tuple[Chances, ...]:
    rows = []
    high = lab_bound("high", next(lab_reference(row) for side, row in CUT_OFFS[SERUM] if side == "high"))
    adequate = lab_bound("low", lab_reference(ADEQUATE_FROM)).value
    for side, row in CUT_OFFS[SERUM]:
        if side == "low":
            cut_off = lab_bound(side, lab_reference(row))
            below, marginal = np.mean(serum < cut_off.value), np.mean(serum < adequate)
            above = float(np.mean(serum > high.value))
            rows.append(
                Chances(
                    cut_off=cut_off,
                    high_from=high,
                    low=float(below),
                    marginal=float(marginal - below),
                    adequate=float(1 - marginal - above),
                    high=above,
                )
            )
    return tuple(rows)


def _datum(found: Individual, place: int) -> DatumFit:
    datum, known = found.data[place], found.laplace
    if known is None:
        raise ValueError("data without a fit")
    own = math.exp(Z90 * datum.log_sd)
    measured = Estimate(
        value=datum.value,
        low=datum.value / own,
        high=datum.value * own,
        unit=datum.unit,
        sources=("USER", *_lab_sources([datum])),
        verified=False,
    )
    prior_sd = math.hypot(float(np.linalg.norm(known.prior_slopes[place])), datum.log_sd)
    expected, fitted_sd = float(known.prior_predicted[place]), _fitted_log_sd(found, place)
    fitted = None if found.refused else _log_normal(float(known.predicted[place]), fitted_sd, datum.unit)
    return DatumFit(
        test=datum.test,
        date=datum.date,
        measured=measured,
        expected=_log_normal(expected, prior_sd, datum.unit),
        fitted=fitted,
        surprise=float(known.surprises[place]),
    )


def _fitted_log_sd(found: Individual, place: int) -> float:
    if found.laplace is None:
        return 0.0
    slopes = found.laplace.slopes[place]
    return math.sqrt(float(slopes @ found.laplace.covariance @ slopes))


def _log_normal(log_value: float, log_sd: float, unit: str) -> Estimate:
    low, value, high = (math.exp(log_value + side * Z90 * log_sd) for side in (-1, 0, 1))
    return Estimate(value=value, low=low, high=high, unit=unit, sources=SOURCES, verified=False)


def _lab_sources(data: Iterable[Datum]) -> tuple[str, ...]:
    tests = [lab_test(datum.test) for datum in data]
    return merge_sources((*test.analytical_sources, *test.within_person_sources) for test in tests)


def _albumin_known(found: Individual) -> bool:
    return any(result.test == ALBUMIN for result in found.scenario.person.labs)
