"""People whose usual intake is known: the model itself, and two ways in which it can be wrong.

``gamma`` and ``fortified`` are built after the published simulation of the method: usual intake gamma (shape 10, mean
350 mg) with log-normal days (log SD 0.35); and gamma (shape 10, mean 300 mg) with 150 mg more for three people in ten
and log-normal days (log SD 0.32). Shares below 350 mg: 56.77, 54.21 and 55.03 %.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri
from scipy.stats import gamma

from magnes.body.draws import stream
from magnes.need import REQUIREMENT_CV
from magnes.population.days import Days
from magnes.population.usual.boxcox import inverse, mean_over_days
from magnes.population.usual.fit import UsualFit

__all__ = ["EAR_MG", "KNOWN", "Truth", "drawn_days", "drawn_people", "true_values"]

Truth = Literal["model", "gamma", "fortified"]
EAR_MG = 350.0
LAM, MEAN, VAR_BETWEEN, VAR_WITHIN = 0.2780622, 14.26896849, 2.4, 2.9  # men of 19 and older, near enough
GAMMA_SHAPE, GAMMA_MEAN, GAMMA_LOG_SD = 10.0, 350.0, 0.35
BASE_MEAN, ADDED_MG, ADDED_SHARE, FORTIFIED_LOG_SD = 300.0, 150.0, 0.3, 0.32
LEAST_MG = 1.0

Floats = NDArray[np.float64]


def drawn_days(truth: Truth, people: int, seed: int, days: int = 2) -> Days:
    """Recalled days of people; ``seed`` decides all."""
    random = stream(seed, f"days {truth}")
    if truth == "model":
        level = MEAN + np.sqrt(VAR_BETWEEN) * random.standard_normal(people)
        g = level[:, None] + np.sqrt(VAR_WITHIN) * random.standard_normal((people, days))
        intake = np.maximum(inverse(g, LAM), LEAST_MG)
    else:
        usual, log_sd = random.gamma(GAMMA_SHAPE, _mean(truth) / GAMMA_SHAPE, people), _log_sd(truth)
        if truth == "fortified":
            usual = usual + ADDED_MG * (random.random(people) < ADDED_SHARE)
        intake = usual[:, None] * np.exp(log_sd * random.standard_normal((people, days)) - log_sd**2 / 2)
    return _table(intake)


KNOWN = UsualFit(
    lam=LAM,
    lam_free=True,
    terms=(),
    beta={"intercept": MEAN},
    var_between=VAR_BETWEEN,
    var_within=VAR_WITHIN,
    loglik=0.0,
    min_amount_mg=LEAST_MG,
    n_persons=0,
    n_days=0,
    n_repeated=0,
)


def drawn_people(people: int, days: int, seed: int) -> tuple[Days, NDArray[np.bool_], float]:
    """Return days of people of the model, whether each one's usual intake is adequate, and the day-to-day SD [mg/d]."""
    random = stream(seed, "people and requirements")
    level = MEAN + np.sqrt(VAR_BETWEEN) * random.standard_normal(people)
    g = level[:, None] + np.sqrt(VAR_WITHIN) * random.standard_normal((people, days))
    intake = np.maximum(inverse(g, LAM), LEAST_MG)
    usual = mean_over_days(level, LAM, np.sqrt(VAR_WITHIN))
    required = EAR_MG * (1 + REQUIREMENT_CV * random.standard_normal(people))
    sd_within = float(np.sqrt(((intake - usual[:, None]) ** 2).mean()))
    return _table(intake), usual >= required, sd_within


def _table(intake: Floats) -> Days:
    people, days = intake.shape
    columns = {"person": np.repeat(np.arange(people), days), "day": np.tile(np.arange(1, days + 1), people)}
    return Days.from_frame(pl.DataFrame(columns | {"intake_mg": intake.ravel()}))


def true_values(truth: Truth) -> dict[str, float]:
    """Return mean, p5, p50, p95 [mg/d] and the share below 350 mg [%] of usual intake."""
    if truth == "model":

        def usual(score: float) -> float:
            return float(mean_over_days(MEAN + np.sqrt(VAR_BETWEEN) * score, LAM, np.sqrt(VAR_WITHIN)))

        at = float(brentq(lambda score: usual(score) - EAR_MG, -8, 8))
        mean = float(mean_over_days(MEAN, LAM, np.sqrt(VAR_BETWEEN + VAR_WITHIN)))
        quantiles = {f"p{share:g}": usual(float(ndtri(share / 100))) for share in (5, 50, 95)}
        return {"mean": mean, **quantiles, "pct_below_EAR": 100 * float(ndtr(at))}
    base = gamma(GAMMA_SHAPE, scale=_mean(truth) / GAMMA_SHAPE)
    share = ADDED_SHARE if truth == "fortified" else 0.0

    def below(mg: float) -> float:
        return float((1 - share) * base.cdf(mg) + share * base.cdf(mg - ADDED_MG))

    quantiles = {f"p{q:g}": float(brentq(lambda mg, q=q: below(mg) - q / 100, 1, 3000)) for q in (5, 50, 95)}
    return {"mean": _mean(truth) + share * ADDED_MG, **quantiles, "pct_below_EAR": 100 * below(EAR_MG)}


def _mean(truth: Truth) -> float:
    return BASE_MEAN if truth == "fortified" else GAMMA_MEAN


def _log_sd(truth: Truth) -> float:
    return FORTIFIED_LOG_SD if truth == "fortified" else GAMMA_LOG_SD
