"""Pregnancy and breastfeeding: factors that come with the months."""

from __future__ import annotations

from typing import Any

from magnes.body import rates
from magnes.body.effects import at_share, body_effect, with_factors
from magnes.body.experiments.base import MG_PER_MMOL, Body, Path, Prediction, experiment
from magnes.body.experiments.clinic import in_steps, treated
from magnes.body.experiments.trials import with_supplement
from magnes.body.size import person_parameter

__all__ = ["gestation", "ionised_ratio"]

PARTS = ("GFR", "GFR-RELATIVE", "VOLUME", "CHILD", "SETPOINT")
FIRST, THIRD = 60.0, 235.0  # days of pregnancy in the middle of the first and the third trimester
STEP = 20.0
SUPPLEMENT_MMOL, SUPPLEMENT_DAYS = 15.0, 14.0


def factors_on(day: float, setpoint: float | None = None) -> dict[str, float]:
    """Factors on a day of pregnancy; ``setpoint`` instead of that of the table."""
    rows = [body_effect(f"BE-PREGNANCY-{part}") for part in PARTS]
    found = {row.factor: at_share(row, row.share_at(day)) for row in rows}
    if setpoint is not None:
        found[rows[-1].factor] = 1 + rows[-1].share_at(day) * (setpoint - 1)
    return found


def gestation(body: Body, days: tuple[float, ...], setpoint: float | None = None) -> Path:
    """Follow a woman through pregnancy; factors change every 20 days."""
    changes = in_steps(days[-1], STEP, lambda day: with_factors(body.p, factors_on(day, setpoint)))
    return body.follow(body.p, days, changes=changes)


def ionised_ratio(body: Body, setpoint: float | None = None) -> Any:
    """Ionised magnesium in the third over that in the first trimester, at their own volumes."""
    space = body_effect("BE-PREGNANCY-VOLUME")
    path = gestation(body, (0.0, FIRST, THIRD), setpoint)
    amount = path.states["extracellular"]
    # the factors of a step hold from its begin to its end
    first, third = (at_share(space, space.share_at((day // STEP + 0.5) * STEP)) for day in (FIRST, THIRD))
    return amount[2] / third / (amount[1] / first)


@experiment("MG174", "MG178", "MG247", "MG249", "MG250")
def pregnancy(body: Body) -> Prediction:
    """Serum by trimester, a supplement of 15 mmol a day in the third, milk (constant in the model)."""
    late = gestation(body, (0.0, THIRD)).last()
    plain = with_factors(body.p, factors_on(THIRD))
    taking = treated(body, factors_on(THIRD), with_supplement(body, SUPPLEMENT_MMOL * MG_PER_MMOL))
    days = [0.0, SUPPLEMENT_DAYS]
    without, with_it = (body.follow(p, days, begin=late) for p in (plain, taking))
    return {
        "MG174": ionised_ratio(body),
        "MG178": body_effect("BE-LACTATION").value / person_parameter("milk_l_per_day").value,
        "MG247": without.of(rates.serum_mmol_per_l)[-1],
        "MG249": with_it.serum[-1] - without.serum[-1],
        "MG250": 1.0,
    }
