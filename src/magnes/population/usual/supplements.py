"""Supplements beside food: first shrink the food to usual intake, then add the usual daily dose of each person.

P(T + S < t) = Phi((H^-1(t - S) - x'b) / sd_u), S the dose. Adding before shrinking would shrink a dose that is taken
every day as if it were chance. Users eat otherwise than others: whether one takes a supplement belongs in the model
(``with_users``).

The limit for magnesium holds for supplements and medicines alone. ``share_above_limit`` takes doses and nothing else: a
function that compares a total with the limit does not exist here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicHermiteSpline
from scipy.special import ndtr

from magnes.errors import Problems, nearest
from magnes.population.days import Days
from magnes.population.usual.design import design
from magnes.population.usual.distribution import PERCENTILES, Distribution
from magnes.population.usual.fit import ReplicateFits, UsualFit
from magnes.population.usual.groups import Cells, cells_of, ears_of, groups_of, one_ear
from magnes.population.usual.guards import Guard, guard, stop
from magnes.population.usual.mixture import Parameters, Roots, usual_mean
from magnes.population.usual.prevalence import probability_approach

if TYPE_CHECKING:
    import polars as pl

__all__ = ["USER", "SupplementDose", "share_above_limit", "supplement_guards", "total_distribution", "with_users"]

USER = "supplement_user"  # covariate: 1 for who takes magnesium in supplements or medicines
GRID = 600  # places between which the way from intake to place is a cubic with the right slopes
FAR = 7.0  # SD of levels beyond which nobody lies
STEPS = 80
CLOSE_MG = 1e-7

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SupplementDose:
    """Usual daily magnesium from supplements and medicines [mg/d] of each person of some days: (people,).

    0: takes none. NaN: not known, which is never 0.
    """

    mg_per_day: Floats

    @classmethod
    def of_people(
        cls, days: Days, frame: pl.DataFrame, *, person: str = "person", dose: str = "supplement_mg_per_day"
    ) -> SupplementDose:
        """Take the dose of each person of ``days`` from a table with the same names of people.

        Raises ``InputProblems`` for missing columns, a dose below 0 and two doses of one person.
        """
        import polars as pl

        problems = Problems()
        for name in (person, dose):
            if name not in frame.columns:
                near = nearest(name, frame.columns)
                problems.add("column_missing", field=name, found=", ".join(frame.columns), nearest=near)
        problems.stop()
        rows = frame.select(person=pl.col(person), dose=pl.col(dose).cast(pl.Float64)).unique()
        for who in rows.filter(pl.col("person").is_duplicated())["person"].unique().sort().to_list():
            problems.add("differs_within_person", field=dose, found=who)
        for value in rows.filter(pl.col("dose") < 0)["dose"].unique().sort().to_list():
            problems.add("cell", field=dose, found=value, accepted="0 … 1000000")
        problems.stop()
        known = dict(rows.drop_nulls().iter_rows())
        return cls(np.array([known.get(who, np.nan) for who in days.person.tolist()]))

    @property
    def known(self) -> NDArray[np.bool_]:
        """Of whom the dose is known: for ``Days.take`` and ``take``."""
        return np.isfinite(self.mg_per_day)

    def take(self, people: NDArray[np.bool_]) -> SupplementDose:
        """Return the doses of some of the people."""
        return SupplementDose(self.mg_per_day[people])


def with_users(days: Days, dose: SupplementDose) -> Days:
    """Return the days with the covariate ``supplement_user``; fit these, so that users may eat otherwise.

    Raises ``InputProblems`` when a dose is not known: take the people with a known dose first.
    """
    import polars as pl

    _check(days, dose)
    column = pl.Series(USER, (dose.mg_per_day > 0).astype(float))
    return replace(days, covariates=pl.DataFrame([*days.covariates.iter_columns(), column]))


def supplement_guards(fitted: UsualFit, dose: SupplementDose) -> tuple[Guard, ...]:
    """Return what speaks against a total from this fit: users that are taken to eat as others do."""
    mixed = 0 < (dose.mg_per_day > 0).mean() < 1
    return (guard("users_not_in_model"),) if mixed and USER not in fitted.terms else ()


def total_distribution(
    days: Days,
    fitted: UsualFit,
    dose: SupplementDose,
    replicates: ReplicateFits | None = None,
    *,
    by: str | None = None,
    ear: str | float | Mapping[str, float] | None = None,
    percentiles: Sequence[float] = PERCENTILES,
) -> Distribution:
    """Distribution of usual intake from food and supplements together; arguments as in ``distribution``.

    ``pct_below_EAR`` and ``pct_inadequate_prob`` count both sources. For a comparison with the limit see
    ``share_above_limit``. Raises ``InputProblems`` as ``distribution`` does and when a dose is not known.
    """
    _check(days, dose)
    names, group = groups_of(days, by)
    ears = ears_of(days, names, group, ear, by or "all")
    made = design(days, fitted.terms, fitted.beta)
    at = Parameters.of(fitted, replicates)
    weights = days.weight_sets if replicates is not None else days.weight[:, None]
    columns = np.column_stack([made.person, dose.mg_per_day])
    cells = [
        cells_of(columns[people], None if ears is None else ears[people], weights[people])
        for people in (group == number for number in range(len(names)))
    ]
    labels = ["mean", *(f"p{value:g}" for value in percentiles)]
    labels += ["pct_below_EAR", "pct_inadequate_prob"] if ears is not None else []
    values = {name: np.empty((len(names), weights.shape[1])) for name in labels}
    for one in range(weights.shape[1]):
        sums = [_Sums.of(part, at.beta[one], one) for part in cells]
        inverse = _Inverse(at.part(slice(one, one + 1)), sums, fitted.min_amount_mg / 2)
        for number, part in enumerate(sums):
            found = [np.nan] * len(labels)  # nobody of the group is left in this replicate
            if part.share.any():
                found = [inverse.mean(part), *(inverse.percentile(part, value / 100) for value in percentiles)]
                found += _below_ears(inverse, part, cells[number].ear)
            for name, value in zip(labels, found, strict=True):
                values[name][number, one] = value
    return Distribution(
        by=by or "group",
        groups=tuple(names),
        n=tuple(np.bincount(group, minlength=len(names)).tolist()),
        ear_mg=None if ears is None else tuple(one_ear(ears[group == number]) for number in range(len(names))),
        values=values,
        scale=None if replicates is None else replicates.scale,
    )


class _Sums(NamedTuple):
    """People of a group, those alike together: place without their own level, dose [mg/d], share of the weights."""

    eta: Floats
    dose: Floats
    share: Floats

    @classmethod
    def of(cls, cells: Cells, beta: Floats, one: int) -> _Sums:
        """Take one set of parameters and weights; the last column of the cells is the dose."""
        person = cells.person[:, :-1]
        weights = cells.weights[:, one]
        return cls(person @ beta[: person.shape[1]], cells.person[:, -1], weights / (weights.sum() or 1.0))

    def part(self, these: NDArray[np.bool_]) -> _Sums:
        """Return some of them, their shares of the whole group kept."""
        return _Sums(*(values[these] for values in self))


class _Inverse:
    """The way from usual intake of food [mg/d] to its place on the Box-Cox scale, for one set of parameters."""

    def __init__(self, at: Parameters, groups: Sequence[_Sums], floor_mg: float) -> None:
        self.at, self.sd, self.floor_mg = at, float(at.sd_between[0]), floor_mg
        roots = Roots(at, 0.0)
        low = roots.of(floor_mg, slice(1))
        bottom = max(
            -np.inf if low is None else float(low[0]), min(float(sums.eta.min()) for sums in groups) - FAR * self.sd
        )
        top = max(float(sums.eta.max()) for sums in groups) + FAR * self.sd
        self.places = np.linspace(bottom, max(top, bottom + self.sd), GRID)
        self.mg, slope = roots.mean(self.places)
        self.place = CubicHermiteSpline(self.mg, self.places, 1 / slope, extrapolate=False)
        self.density = self.place.derivative()

    def mean(self, sums: _Sums) -> float:
        """Mean of food and supplements [mg/d]."""
        return float(sums.share @ (usual_mean(sums.eta[None], self.at, self.at.sd_between)[0] + sums.dose))

    def below(self, sums: _Sums, thresholds_mg: Floats) -> Floats:
        """Share with food and supplements below each threshold (K,)."""
        left = thresholds_mg[:, None] - sums.dose
        inside = np.clip(left, self.mg[0], self.mg[-1])
        share = ndtr((self.place(inside) - sums.eta) / self.sd)
        share = np.where(left <= self.floor_mg, 0.0, share)
        return np.asarray(share @ sums.share)

    def _slope(self, sums: _Sums, mg: float) -> float:
        left = mg - sums.dose
        within = (left > max(self.floor_mg, self.mg[0])) & (left < self.mg[-1])
        inside = np.clip(left, self.mg[0], self.mg[-1])
        z = (self.place(inside) - sums.eta) / self.sd
        rise = np.exp(-0.5 * z**2) / (self.sd * np.sqrt(2 * np.pi)) * self.density(inside)
        return float((sums.share * within) @ rise)

    def percentile(self, sums: _Sums, target: float) -> float:
        """Intake [mg/d] below which this share lies: Newton's method within a bracket."""
        low, high = float(sums.dose.min()) + self.floor_mg, float(sums.dose.max()) + float(self.mg[-1])
        mg = float(np.clip(sums.share @ (sums.dose + np.interp(sums.eta, self.places, self.mg)), low, high))
        for _ in range(STEPS):
            excess = float(self.below(sums, np.array([mg]))[0]) - target
            low, high = (mg, high) if excess < 0 else (low, mg)
            slope = self._slope(sums, mg)
            new = mg - excess / slope if slope > 0 else low
            new = new if low < new < high else (low + high) / 2
            moved, mg = abs(new - mg), new
            if moved < CLOSE_MG:
                break
        return mg


def _below_ears(inverse: _Inverse, sums: _Sums, ears: Floats | None) -> list[float]:
    """Return the shares below the EAR and below the own requirement [%] of a group; nothing without EARs."""
    if ears is None:
        return []
    below = inadequate = 0.0
    for ear in np.unique(ears).tolist():
        cdf = partial(inverse.below, sums.part(ears == ear))
        below += float(cdf(np.array([ear]))[0])
        inadequate += float(probability_approach(cdf, ear))
    return [100 * below, 100 * inadequate]


def share_above_limit(
    days: Days,
    dose: SupplementDose,
    limit_mg: str | float | Mapping[str, float] | None,
    *,
    by: str | None = None,
) -> Distribution:
    """Weighted share [%] of people whose supplements and medicines bring more than the limit, food left out.

    Column ``pct_above_limit``; beside it ``mean`` [mg/d] and ``pct_users``. ``limit_mg``: a number, a value for each
    group or a covariate; ``None`` where there is none. People whose dose is not known do not count. The standard error
    is that of the design: the replicates of the days. Raises ``InputProblems`` for anything but a ``SupplementDose``:
    a total is never compared with this limit.
    """
    if not isinstance(dose, SupplementDose):
        stop([guard("total_against_limit", type(dose).__name__)])
    known = dose.known
    days, dose = days.take(known), dose.take(known)
    names, group = groups_of(days, by)
    problems = Problems()
    if isinstance(limit_mg, Mapping):
        for name in [name for name in names if name not in limit_mg]:
            problems.add("limit_missing", field=by or "all", found=name, accepted=", ".join(limit_mg))
    problems.stop()
    limits = ears_of(days, names, group, limit_mg, by or "all", "limit_mg")
    weights, mg = days.weight_sets, dose.mg_per_day
    told: dict[str, NDArray[Any]] = {"mean": mg, "pct_users": 100.0 * (mg > 0)}
    if limits is not None:
        told["pct_above_limit"] = 100.0 * (mg > limits)
    values = {name: np.empty((len(names), weights.shape[1])) for name in told}
    for number in range(len(names)):
        people = group == number
        whole = weights[people].sum(axis=0)
        for name, each in told.items():
            nobody = np.full_like(whole, np.nan)
            values[name][number] = np.divide(each[people] @ weights[people], whole, out=nobody, where=whole > 0)
    return Distribution(
        by=by or "group",
        groups=tuple(names),
        n=tuple(np.bincount(group, minlength=len(names)).tolist()),
        ear_mg=None,
        values=values,
        scale=None if days.replicate_weights is None else days.replicate_scale,
    )


def _check(days: Days, dose: SupplementDose) -> None:
    problems = Problems()
    if len(dose.mg_per_day) != days.n_persons:
        problems.add("dose_people", field="dose", found=len(dose.mg_per_day), accepted=str(days.n_persons))
    elif not dose.known.all():
        problems.add("dose_unknown", field="dose", found=int((~dose.known).sum()))
    problems.stop()
