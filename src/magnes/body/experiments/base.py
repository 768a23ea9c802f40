"""A body to experiment on, and the list of experiments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from magnes.body import rates
from magnes.body.anchors import anchors
from magnes.body.baseline import solved, start
from magnes.body.gut import Sittings, day_numbers
from magnes.body.model import DAILY, Mode
from magnes.body.solve import Bolus, Change, follow
from magnes.person import Person, Sex
from magnes.units import MAGNESIUM_G_PER_MOL

__all__ = ["EXPERIMENTS", "Body", "Experiment", "Path", "experiment"]

MG_PER_MMOL = MAGNESIUM_G_PER_MOL  # the same number
REFERENCE_KG = 70.0

Prediction = Mapping[str, Any]
Experiment = Callable[["Body"], Prediction]
EXPERIMENTS: list[tuple[tuple[str, ...], Experiment]] = []


def experiment(*targets: str) -> Callable[[Experiment], Experiment]:
    """Enter a function as the experiment behind these target rows."""

    def enter(function: Experiment) -> Experiment:
        EXPERIMENTS.append((targets, function))
        return function

    return enter


@dataclass(frozen=True)
class Path:
    """States over ``days``, each an array with time first; ``p`` as it was at the end."""

    days: Any
    states: Mapping[str, Any]
    p: Mapping[str, Any]

    def of(self, rate: Callable[[Any, Any], Any]) -> Any:
        """Any quantity of ``rates`` along the path."""
        return rate(SimpleNamespace(**self.states), SimpleNamespace(**self.p))

    @property
    def serum(self) -> Any:
        """Total serum magnesium [mmol/L]."""
        return self.of(rates.serum_mmol_per_l)

    def last(self) -> dict[str, Any]:
        """States at the end."""
        return {name: values[-1] for name, values in self.states.items()}

    def at(self, level: float, series: Any, other: Any) -> Any:
        """Value of ``other`` where a falling ``series`` crosses ``level``, by linear interpolation."""
        series, other = np.asarray(series), np.asarray(other)
        flat, second = series.reshape(len(series), -1), other.reshape(len(other), -1)
        found = [np.interp(-level, -flat[:, i], second[:, i]) for i in range(flat.shape[1])]
        return np.array(found).reshape(series.shape[1:]) if series.ndim > 1 else float(found[0])


class Body:
    """A reference adult with its parameters, numbers or arrays over parameter sets."""

    def __init__(self, values: Mapping[str, Any], **anchors: Any) -> None:
        """Solve the gains for these table values; ``anchors`` replace some of them."""
        self.values = {**values, **anchors}
        self.p = solved(self.values)

    def with_anchors(self, **anchors: Any) -> Body:
        """Return another healthy body: other serum, filtration, intake at rest."""
        return Body(self.values, **anchors)

    def of_person(self, age_years: float, sex: Sex) -> Body:
        """Return the healthy body of a typical person."""
        return Body(anchors(Person(age_years=age_years, sex=sex), reference=self.values).values)

    def eating(self, sittings: Sittings, **changes: Any) -> dict[str, Any]:
        """Parameters on another diet, with other inputs or factors."""
        p = {**self.p, **changes}
        return p | day_numbers(sittings, p)

    def rest(self) -> dict[str, Any]:
        """Amounts of the healthy body."""
        return start(self.p)

    def follow(
        self,
        p: Mapping[str, Any],
        days: Sequence[float] | Any,
        *,
        begin: Mapping[str, Any] | None = None,
        boluses: Sequence[Bolus] = (),
        changes: Sequence[Change] = (),
        mode: Mode = DAILY,
    ) -> Path:
        """Solve from ``begin`` (rest) with parameters ``p``."""
        states = begin or self.rest()
        found = follow(mode, p, states, days, boluses=boluses, changes=changes, crowd_rtol=1e-6)
        named = {name: found[:, i] for i, name in enumerate(mode.names)}
        return Path(np.asarray(days, dtype=float), named, changes[-1].parameters if changes else p)
