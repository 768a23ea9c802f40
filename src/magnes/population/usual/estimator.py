"""``UsualIntake``: fit and distribution in the manner of scikit-learn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, Self

import numpy as np

from magnes.errors import Problems
from magnes.population.days import Days
from magnes.population.replicates import bootstrap, fay_brr, jackknife
from magnes.population.usual.design import default_terms
from magnes.population.usual.distribution import PERCENTILES, Distribution, distribution
from magnes.population.usual.fit import FEW_REPEATS, ReplicateFits, UsualFit, fit, fit_replicates
from magnes.population.usual.guards import Guard, fit_guards, stop
from magnes.population.usual.shape import shape_guards

if TYPE_CHECKING:
    import polars as pl

__all__ = ["UsualIntake", "with_replicates"]

Method = Literal["fay-brr", "jackknife", "bootstrap"]
BOOTSTRAPS = 200


class UsualIntake:
    """Usual intake of a nutrient that is eaten every day: the one-part model of NCI, exact and without sampling.

    ``lam``: Box-Cox parameter, fitted unless given. ``weekend``, ``sequence``: take weekend days and later recalls as
    different, when the days can tell; ``weekend_variance``: weekend days differ in spread too. ``replicates``: how
    standard errors are made, unless the days have replicate weights of their own; ``bootstraps`` and ``seed`` are for
    the bootstrap. Without strata and PSU of the people, the bootstrap draws people.

    >>> import numpy as np
    >>> import polars as pl
    >>> random = np.random.default_rng(1)
    >>> usual = np.repeat(random.normal(300, 50, 200), 2)
    >>> eaten = usual * random.lognormal(0, 0.3, 400)
    >>> table = pl.DataFrame({"person": np.arange(400) // 2, "day": np.arange(400) % 2 + 1, "intake_mg": eaten})
    >>> found = UsualIntake().fit(Days.from_frame(table)).distribution(ear=265.0)
    >>> found.select(pl.col("mean", "p5", "pct_below_EAR").round(1)).row(0)
    (300.1, 232.3, 22.1)
    """

    def __init__(
        self,
        lam: float | None = None,
        *,
        weekend: bool = True,
        sequence: bool = True,
        weekend_variance: bool = False,
        replicates: Method | None = None,
        bootstraps: int = BOOTSTRAPS,
        seed: int = 1,
    ) -> None:
        self.lam = lam
        self.weekend = weekend
        self.sequence = sequence
        self.weekend_variance = weekend_variance
        self.replicates: Method | None = replicates
        self.bootstraps = bootstraps
        self.seed = seed

    days_: Days
    fit_: UsualFit
    guards_: tuple[Guard, ...]
    replicate_fits_: ReplicateFits | None

    def fit(self, days: Days, covariates: Sequence[str] | None = None) -> Self:
        """Fit; ``covariates`` are the names of those that enter the model, all unless given.

        Sets ``fit_``, ``replicate_fits_``, ``days_`` and ``guards_``: the warnings of ``guards`` and ``shape``, to be
        shown with every result. Raises ``InputProblems`` as ``usual.fit.fit`` and ``replicates`` do, and for what the
        guards refuse.
        """
        if days.replicate_weights is None and self.replicates is not None:
            days = with_replicates(days, self.replicates, bootstraps=self.bootstraps, seed=self.seed)
        of_day = default_terms(days, sequence=self.sequence, weekend=self.weekend)[len(days.covariates.columns) :]
        names = days.covariates.columns if covariates is None else covariates
        self.days_ = days
        self.fit_ = fit(days, (*names, *of_day), self.lam, weekend_variance=self.weekend_variance)
        shape = shape_guards(days, self.fit_) if self.fit_.n_repeated >= FEW_REPEATS else ()  # few people have no shape
        self.guards_ = stop((*fit_guards(self.fit_), *shape))
        self.replicate_fits_ = fit_replicates(days, self.fit_)
        return self

    def results(
        self,
        by: str | None = None,
        ear: str | float | Mapping[str, float] | None = None,
        percentiles: Sequence[float] = PERCENTILES,
    ) -> Distribution:
        """Return what ``distribution`` shows, with the value of every replicate: for paired differences."""
        return distribution(self.days_, self.fit_, self.replicate_fits_, by=by, ear=ear, percentiles=percentiles)

    def distribution(
        self,
        by: str | None = None,
        ear: str | float | Mapping[str, float] | None = None,
        percentiles: Sequence[float] = PERCENTILES,
    ) -> pl.DataFrame:
        """Return the distribution of usual intake in each group, as in ``usual.distribution.distribution``."""
        return self.results(by, ear, percentiles).frame()


def with_replicates(days: Days, method: Method, *, bootstraps: int = BOOTSTRAPS, seed: int = 1) -> Days:
    """Return the days with weights of replicates. Take parts of the people (``Days.take``) after this, not before.

    Without strata all people are in one; without PSU every person is one. Raises ``InputProblems`` when balanced
    replicates are asked without strata and PSU, and for a stratum with one unit.
    """
    problems = Problems()
    if method == "fay-brr" and (days.strata is None or days.psu is None):
        problems.add("replicates_without_design", field="strata, psu", found=method)
    problems.stop()
    strata = np.zeros(days.n_persons) if days.strata is None else days.strata
    psu = np.arange(days.n_persons) if days.psu is None else days.psu
    if method == "fay-brr":
        return days.with_replicates(fay_brr(strata, psu))
    if method == "jackknife":
        return days.with_replicates(jackknife(strata, psu))
    return days.with_replicates(bootstrap(strata, psu, bootstraps, seed))
