"""Usual intake of one person from a few days and a fitted population: a normal distribution on the Box-Cox scale.

u given the days ~ N(c S, between / (1 + n r)), r = between / within, c = r / (1 + n r), S the sum of residuals. The
rule of IOM 2000 (``magnes.need``) takes the days alone; with one to three days it is too sure, because an unusual day
pulls it all the way. Both are given side by side. Shares of a population never come from these means: they lie too
close together (``usual.distribution`` is for that).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from magnes.errors import Problems
from magnes.estimate import Z90, Record
from magnes.need import MOST_DAYS, adequacy_probability
from magnes.population.days import Days
from magnes.population.usual.boxcox import transform
from magnes.population.usual.design import INTERCEPT, LATER_DAY, WEEKEND
from magnes.population.usual.fit import UsualFit, day_precision, linear_predictor
from magnes.population.usual.mixture import Parameters, Roots, usual_mean
from magnes.population.usual.prevalence import probability_approach

__all__ = ["PersonUsual", "Posterior", "RecalledDay", "assess_person", "posterior"]

WANTED_WIDTH = 0.5  # of the 90 % interval, relative to the middle, unless asked otherwise (MAGNES-DESIGN)

Floats = NDArray[np.float64]


class RecalledDay(Record):
    """One day of a person: ``later`` when it is not the first recall of the method that the population was asked."""

    intake_mg: float
    weekend: bool = False
    later: bool = False


class PersonUsual(Record):
    """What a few days say of one person [mg/d]; ``low_mg`` to ``high_mg`` holds 90 % of what is likely.

    ``p_reaches_ear``: usual intake at or above the EAR. ``p_adequate``: at or above the own requirement (normal around
    the EAR, CV 10 %). ``p_adequate_iom``: the same by the rule of IOM 2000, from the days alone; ``None`` without a
    day-to-day SD. ``days_needed``: days in all after which the 90 % interval is no wider than ``width_mg``; ``None``
    when 30 are not enough.
    """

    n_days: int
    mean_of_days_mg: float
    usual_mg: float
    median_mg: float
    low_mg: float
    high_mg: float
    ear_mg: float
    p_reaches_ear: float
    p_adequate: float
    p_adequate_iom: float | None
    width_mg: float
    days_needed: int | None


@dataclass(frozen=True)
class Posterior:
    """Where people lie on the Box-Cox scale after their days: normal, ``centre`` (people,) and ``sd`` (people,)."""

    fitted: UsualFit
    centre: Floats
    sd: Floats

    def mean(self) -> Floats:
        """Mean of usual intake [mg/d], (people,)."""
        at = Parameters.of(self.fitted)
        each = Parameters(*(np.repeat(values, len(self.centre), axis=0) for values in at))  # a set for each person
        return usual_mean(self.centre, each, self.sd)

    def quantile(self, share: float) -> Floats:
        """Usual intake [mg/d] below which it lies with this probability, (people,)."""
        places = self.centre + ndtri(share) * self.sd
        return np.asarray(usual_mean(places[None], Parameters.of(self.fitted))[0])

    def below(self, threshold_mg: ArrayLike) -> Floats:
        """Probability that usual intake is below each threshold: (K,) -> (people, K)."""
        roots = Roots(Parameters.of(self.fitted), self.fitted.min_amount_mg / 2)
        found = (roots.of(mg, slice(1)) for mg in np.atleast_1d(np.asarray(threshold_mg, dtype=float)).tolist())
        places = np.array([-np.inf if place is None else place[0] for place in found])
        return np.asarray(ndtr((places - self.centre[:, None]) / self.sd[:, None]))

    def adequate(self, ear_mg: float) -> Floats:
        """Probability that usual intake is at or above the own requirement, (people,)."""
        return 1 - probability_approach(self.below, ear_mg)


def posterior(days: Days, fitted: UsualFit) -> Posterior:
    """Return where each person of these days lies; they need not be the people of the fit, with the same covariates."""
    residual = transform(days.intake_mg, fitted.lam) - linear_predictor(days, fitted, all_days=True)
    precision = day_precision(days, fitted)
    total, count = (np.add.reduceat(part, days.starts) for part in (precision * residual, precision))
    return _posterior(fitted, linear_predictor(days, fitted), total, count)


def _posterior(fitted: UsualFit, predictor: Floats, total: Floats, count: Floats) -> Posterior:
    """Return the posterior from residuals and days, both counted by the precision of the day."""
    ratio = fitted.var_between / fitted.var_within
    centre = predictor + ratio / (1 + count * ratio) * total
    return Posterior(fitted, centre, np.sqrt(fitted.var_between / (1 + count * ratio)))


def assess_person(
    fitted: UsualFit,
    days: Sequence[RecalledDay],
    *,
    ear_mg: float,
    columns: Mapping[str, float] | None = None,
    sd_within_mg: float | None = None,
    width_mg: float | None = None,
) -> PersonUsual:
    """Say what these days tell of one person from the population of the fit.

    ``columns``: value of each column of the model that is of people (names as in ``fitted.beta``, a group is
    ``<covariate>: <value>`` with 1 or 0). ``sd_within_mg``: day-to-day SD for the rule of IOM 2000. ``width_mg``:
    wanted width of the 90 % interval, half of the median unless given. Days still to come are taken to leave the middle
    where it is. Raises ``InputProblems`` for no days, an intake that is not above 0 and other columns than the fit has.
    """
    predictor = _predictor(fitted, columns or {}, days, ear_mg)
    shift = [fitted.beta.get(LATER_DAY, 0.0) * day.later + fitted.beta.get(WEEKEND, 0.0) * day.weekend for day in days]
    intake = np.array([day.intake_mg for day in days])
    precision = np.array([1 / fitted.weekend_variance_ratio if day.weekend else 1.0 for day in days])
    total = precision @ (transform(intake, fitted.lam) - predictor - np.array(shift))
    found = _posterior(fitted, np.array([predictor]), np.array([total]), np.array([precision.sum()]))
    low, median, high = (float(found.quantile(share)[0]) for share in (0.05, 0.5, 0.95))
    wanted = WANTED_WIDTH * median if width_mg is None else width_mg
    iom = None
    if sd_within_mg is not None:
        iom = float(adequacy_probability(intake.mean(), len(days), ear_mg, sd_within_mg))
    return PersonUsual(
        n_days=len(days),
        mean_of_days_mg=float(intake.mean()),
        usual_mg=float(found.mean()[0]),
        median_mg=median,
        low_mg=low,
        high_mg=high,
        ear_mg=ear_mg,
        p_reaches_ear=1 - float(found.below(ear_mg)[0, 0]),
        p_adequate=float(found.adequate(ear_mg)[0]),
        p_adequate_iom=iom,
        width_mg=wanted,
        days_needed=_days_needed(found, len(days), float(precision.sum()), wanted),
    )


def _predictor(fitted: UsualFit, columns: Mapping[str, float], days: Sequence[RecalledDay], ear_mg: float) -> float:
    """Return x'b of a person on a first recall and a weekday, after a look at all that was given."""
    needed = [name for name in fitted.beta if name not in (INTERCEPT, LATER_DAY, WEEKEND)]
    problems = Problems()
    for name in sorted({*needed} ^ {*columns}):
        problems.add("usual_columns", field=name, found=", ".join(columns), accepted=", ".join(needed))
    if not days:
        problems.add("days_none", field="days", found=0)
    for number, day in enumerate(days, 1):
        if not 0 < day.intake_mg < np.inf:
            problems.add("cell", line=number, field="intake_mg", found=day.intake_mg, accepted="> 0")
    if not 0 < ear_mg < np.inf:
        problems.add("cell", field="ear_mg", found=ear_mg, accepted="> 0")
    problems.stop()
    return fitted.beta[INTERCEPT] + sum(fitted.beta[name] * columns[name] for name in needed)


def _days_needed(found: Posterior, done: int, count: float, width_mg: float) -> int | None:
    """Fewest days in all, at least those done, after which the 90 % interval has this width around the same middle."""
    ratio = found.fitted.var_between / found.fitted.var_within
    more = np.arange(max(MOST_DAYS - done, 0) + 1)  # of weekdays
    sd = np.sqrt(found.fitted.var_between / (1 + (count + more) * ratio))
    at = Parameters.of(found.fitted)
    ends = found.centre[0] + Z90 * np.array([[-1.0], [1.0]]) * sd
    low, high = (usual_mean(side[None], at)[0] for side in ends)
    enough = np.flatnonzero(high - low <= width_mg)
    return done + int(more[enough[0]]) if len(enough) else None
