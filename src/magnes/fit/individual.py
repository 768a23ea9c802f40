"""``individual``: the bodies that a person may have, given who it is and the laboratory values that there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from magnes.body.course import observed
from magnes.body.scenario import Drawn, Scenario
from magnes.diary import Diary, Eaten, resolve
from magnes.errors import InputProblems, Problem
from magnes.fit.data import Datum, data_of
from magnes.fit.posterior import Laplace, Sample, laplace, resampled
from magnes.fit.posterior import Problem as FitProblem
from magnes.person import Person

__all__ = ["BOUND", "DRAWS", "Individual", "individual"]

Array = NDArray[np.float64]
DRAWS = 500
BOUND = 1e-3  # data that are rarer than this in people of this kind contradict the model: no fit is shown


@dataclass(frozen=True)
class Individual:
    """Bodies (``drawn``) of equal weight; ``effective``: independent draws that they are worth.

    ``laplace`` and ``z`` (scores, draws) are ``None`` without laboratory values. When those contradict the model
    (``refused``), the bodies are those of people of this kind, and the values are not in them.
    """

    scenario: Scenario
    data: tuple[Datum, ...]
    drawn: Drawn
    effective: float
    seed: int
    laplace: Laplace | None = None
    z: Array | None = None

    @property
    def chance(self) -> float:
        """Chance of data as far out as these, or farther, in people of this kind; 1 without data."""
        return 1.0 if self.laplace is None else _chance(self.laplace)

    @property
    def refused(self) -> bool:
        """Whether the data contradict the model beyond ``BOUND``."""
        return self.chance < BOUND

    @property
    def least_expected(self) -> int | None:
        """Place of the datum that the model and the other data foretell worst."""
        return None if self.laplace is None else int(np.argmax(np.abs(self.laplace.surprises)))

    @property
    def shrinkage(self) -> Mapping[str, float]:
        """Share of the prior variance that is left of each score, by name: 1 when the data say nothing about it."""
        if self.laplace is None:
            return {}
        left = np.diag(self.laplace.covariance)
        return dict(zip(self.laplace.problem.names, map(float, left), strict=True))

    def now(self) -> Mapping[str, Array]:
        """Return levels and daily amounts (draws,) of these bodies at rest, as they are named in a course."""
        path = self.scenario.follow(self.drawn, np.array([0.0, 1.0]))
        return {name: values[0] for name, values in observed(path).items()}


def individual(
    person: Person, eaten: Diary | Eaten | None = None, *, draws: int = DRAWS, seed: int = 1, nuts: bool = False
) -> Individual:
    """Fit the body model to a person's laboratory values.

    ``nuts``: sample the posterior with NumPyro's NUTS (extra ``nuts``, about a minute) in place of importance
    resampling from Laplace's normal. Without laboratory values: people of this kind. Raises ``InputProblems`` when no
    body of this kind finds a level on this diet.
    """
    scenario = Scenario.of(person, resolve(eaten) if isinstance(eaten, Diary) else eaten)
    data = data_of(person)
    found = laplace(FitProblem(scenario, data)) if data else None
    if found is None or _chance(found) < BOUND:
        _, like = scenario.levelled(scenario.scores(draws, seed))
        if like is None:
            raise InputProblems([Problem("body_no_level")])
        return Individual(scenario, data, like, float(draws), seed, found)
    sample = _by_nuts(found, draws, seed) if nuts else resampled(found, draws, seed)
    return Individual(scenario, data, sample.drawn, sample.effective, seed, found, sample.z)


def _chance(found: Laplace) -> float:
    return float(chi2.sf(found.misfit, len(found.problem.data)))


def _by_nuts(found: Laplace, draws: int, seed: int) -> Sample:
    from magnes.fit.nuts import sampled  # JAX loads only when asked for

    return sampled(found, draws, seed)
