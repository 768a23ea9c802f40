"""Scores of a person given laboratory values: mode, Laplace's normal around it, and importance resampling.

Everything that is not known of a person is a vector of standard scores, so the prior is the standard normal; the data
are log-normal around what the body model predicts at rest. Gauss-Newton steps find the mode: the model is close to
linear on these scales. Laplace's normal there proposes bodies; weights correct what it misses, so that the result does
not rest on the model being linear.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

from magnes.body.draws import ensemble, stream
from magnes.body.scenario import Drawn, Scenario, Scores
from magnes.errors import InputProblems
from magnes.errors import Problem as InputProblem
from magnes.fit.data import Datum, log_predicted, method_log_sd
from magnes.knowledge.body_parameters import Variability
from magnes.knowledge.load import table

__all__ = ["Laplace", "Problem", "Sample", "laplace", "resampled"]

Array = NDArray[np.float64]
NUDGE = 1e-3  # of a score, for slopes
MOST_STEPS, SMALL_STEP = 12, 0.03  # of the way from the prior: resampling mends what is left
WIDER = 1.2  # proposals along what the data tell: tails cost little, a tail that is missing costs much
FEW = 0.15  # share of proposals that count: below it a second round starts from the first


@dataclass(frozen=True)
class Problem:
    """A person's scenario, the data, and the scores in their order."""

    scenario: Scenario
    data: tuple[Datum, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the scores: parameters, differences between people, intake, effects, methods."""
        return (
            *(f"parameter {name}" for name in ensemble().names),
            *(f"person {row.name}" for row in table(Variability)),
            "intake",
            *(f"effect {name}" for name in self.scenario.effect_names),
            *(f"method {test}" for test in self.methods),
        )

    @property
    def methods(self) -> tuple[str, ...]:
        """Tests whose method or person shifts all its values alike."""
        return tuple(dict.fromkeys(datum.test for datum in self.data if method_log_sd(datum.test) > 0))

    def scores(self, z: Any) -> Scores:
        """Rows of ``z`` (scores, ...) by name, as a scenario wants them."""
        count = len(ensemble().names)
        rest = {name: z[i] for i, name in enumerate(self.names) if i >= count and not name.startswith("method ")}
        return {"parameters": z[:count], **rest}

    def log_predicted(self, z: Any, p: Mapping[str, Any], states: Mapping[str, Any]) -> list[Any]:
        """Logarithm of what each datum should be in these bodies at rest."""
        shifts = {test: method_log_sd(test) * z[self.names.index(f"method {test}")] for test in self.methods}
        found: dict[tuple[str, float | None], Any] = {}
        for datum in self.data:
            key = (datum.test, datum.load_mg)
            if key not in found:
                found[key] = log_predicted(datum.test, states, p, datum.load_mg) + shifts.get(datum.test, 0.0)
        return [found[datum.test, datum.load_mg] for datum in self.data]

    def at(self, z: Array) -> tuple[Array, Drawn]:
        """Logarithm of what each datum should be (data, bodies) at scores (scores, bodies), and the bodies."""
        drawn = self.scenario.draw(self.scores(z))
        return np.array(np.broadcast_arrays(*self.log_predicted(z, drawn.before, drawn.start))), drawn

    @property
    def log_values(self) -> Array:
        """Logarithm of the data."""
        return np.array([datum.log_value for datum in self.data])

    @property
    def log_sds(self) -> Array:
        """SD of the logarithm of the data around the person's mean."""
        return np.array([datum.log_sd for datum in self.data])

    def misfit(self, predicted: Array) -> Array:
        """Half the sum of squares of standardised residuals: minus the log-likelihood but for a constant."""
        residuals = (self.log_values[:, None] - predicted) / self.log_sds[:, None]
        halves = np.sum(residuals**2, axis=0) / 2
        return np.where(np.isfinite(halves), halves, np.inf)  # a body without a level agrees with no data


@dataclass(frozen=True)
class Laplace:
    """The mode (scores,), slopes of the data there (data, scores), and their covariance; ``prior_log``: at z = 0."""

    problem: Problem
    mode: Array
    slopes: Array
    predicted: Array
    prior_predicted: Array
    prior_slopes: Array

    @property
    def covariance(self) -> Array:
        """Covariance of the scores (scores, scores)."""
        weighted = self.slopes / self.problem.log_sds[:, None]
        precision = np.eye(len(self.mode)) + weighted.T @ weighted
        return np.asarray(cho_solve(cho_factor(precision), np.eye(len(self.mode))))

    @property
    def misfit(self) -> float:
        """Twice the negative log density at the mode: about chi-squared with as many degrees of freedom as data."""
        return float(2 * self.problem.misfit(self.predicted[:, None])[0] + self.mode @ self.mode)

    @property
    def surprises(self) -> Array:
        """How far each datum lies from what the prior and the other data foretell, in standard deviations."""
        covariance = self.slopes @ self.slopes.T + np.diag(self.problem.log_sds**2)
        error = self.problem.log_values - self.predicted + self.slopes @ self.mode
        inverse = np.linalg.inv(covariance)
        return np.asarray(inverse @ error / np.sqrt(np.diag(inverse)))


def laplace(problem: Problem) -> Laplace:
    """Find the mode by Gauss-Newton steps, each halved until the density rises.

    Raises ``InputProblems`` when the body in the middle finds no level on this diet with these losses.
    """
    z = np.zeros(len(problem.names))
    here, slopes = _with_slopes(problem, z)
    if not np.isfinite(here).all():  # no level for the body in the middle: nothing to start from
        raise InputProblems([InputProblem("body_no_level")])
    first = (here, slopes)
    cost = _cost(problem, z, here)
    for _ in range(MOST_STEPS):
        weighted = slopes / problem.log_sds[:, None]
        residuals = (problem.log_values - here + slopes @ z) / problem.log_sds
        small = np.eye(len(problem.data)) + weighted @ weighted.T
        step = weighted.T @ np.linalg.solve(small, residuals) - z
        for halving in range(6):
            tried = z + step / 2**halving
            there, its_slopes = _with_slopes(problem, tried)
            if _cost(problem, tried, there) <= cost + 1e-9:
                break
        else:
            break  # no step this way is better: the mode so far
        step = tried - z
        z, here, slopes, cost = tried, there, its_slopes, _cost(problem, tried, there)
        if np.linalg.norm(step) < SMALL_STEP * max(1.0, float(np.linalg.norm(z))):
            break
    return Laplace(problem, z, slopes, here, *first)


def _cost(problem: Problem, z: Array, predicted: Array) -> float:
    return float(problem.misfit(predicted[:, None])[0] + z @ z / 2)


def _with_slopes(problem: Problem, z: Array) -> tuple[Array, Array]:
    """Return predictions (data,) and their slopes (data, scores), all from one crowd."""
    many = np.column_stack([z, z[:, None] + NUDGE * np.eye(len(z))])
    found, _ = problem.at(many)
    slopes = (found[:, 1:] - found[:, :1]) / NUDGE
    return found[:, 0], np.where(np.isfinite(slopes), slopes, 0.0)  # a neighbour without a level tells nothing


@dataclass(frozen=True)
class Sample:
    """Scores (scores, draws) of equal weight, their bodies, and how many independent draws they are worth."""

    z: Array
    drawn: Drawn
    effective: float


def resampled(found: Laplace, number: int, seed: int) -> Sample:
    """Draw scores given the data: importance resampling from Laplace's normal, in a second round from the first."""
    problem = found.problem
    axes, spread = _told(found.slopes / problem.log_sds[:, None])
    centre = found.mode
    for attempt in range(3):
        normal = stream(seed, f"fit {attempt}").standard_normal((len(centre), number))
        z, weights, drawn = _weighted(problem, centre, axes, spread, normal)
        effective = 1 / float(np.sum(weights**2))
        if effective >= FEW * number:
            break
        centre = z @ weights
        along = axes.T @ (z - centre[:, None])
        spread = np.maximum(np.sqrt(along**2 @ weights) * WIDER, spread / 2)
    picked = _systematic(weights, number, float(stream(seed, "fit resampling").random()))
    return Sample(z[:, picked], drawn.some(picked), effective)


def _told(weighted: Array) -> tuple[Array, Array]:
    """Directions that the data tell something about, and the spread of proposals along them."""
    _, strengths, rows = np.linalg.svd(weighted, full_matrices=False)
    kept = strengths > 1e-6
    return rows[kept].T, WIDER / np.sqrt(1 + strengths[kept] ** 2)


def _weighted(problem: Problem, centre: Array, axes: Array, spread: Array, normal: Array) -> tuple[Array, Array, Drawn]:
    """Return proposals around ``centre``, ``spread`` along ``axes`` and 1 elsewhere, their weights and their bodies."""
    along = axes.T @ normal
    z = centre[:, None] + normal + axes @ (along * (spread[:, None] - 1))
    predicted, drawn = problem.at(z)
    log_weights = np.sum(normal**2, axis=0) / 2 - np.sum(z**2, axis=0) / 2 - problem.misfit(predicted)
    weights = np.exp(log_weights - np.max(log_weights))
    return z, weights / np.sum(weights), drawn


def _systematic(weights: Array, number: int, start: float) -> NDArray[np.intp]:
    """Return places drawn with these weights, evenly spread."""
    edges = np.cumsum(weights)
    edges[-1] = 1.0
    return np.searchsorted(edges, (np.arange(number) + start) / number)
