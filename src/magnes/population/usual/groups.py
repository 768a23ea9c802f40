"""People in groups: who is in which, the EAR of each, and those alike taken together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from magnes.errors import Problems, nearest
from magnes.population.days import Days

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Cells", "cells_of", "ears_of", "groups_of", "one_ear"]

Floats = NDArray[np.float64]


def one_ear(values: Floats) -> float:
    """Return the EAR of a group; NaN when its people have different ones."""
    return float(values[0]) if (values == values[0]).all() else np.nan


def groups_of(days: Days, by: str | None) -> tuple[list[str], NDArray[np.intp]]:
    """Return the names of the groups in order and the place of each person (people,) in them.

    Everybody is in one group ``all`` without ``by``. Raises ``InputProblems`` for an unknown covariate.
    """
    if by is None:
        return ["all"], np.zeros(days.n_persons, dtype=np.intp)
    texts = _covariate(days, by, "by").cast(str).to_numpy()
    names, group = np.unique(texts.astype(str), return_inverse=True)
    return names.tolist(), group.astype(np.intp)


def _covariate(days: Days, name: str, field: str) -> pl.Series:
    known = days.covariates.columns
    problems = Problems()
    if name not in known:
        near = nearest(name, known)
        problems.add("term_unknown", field=field, found=name, accepted=", ".join(known), nearest=near)
    problems.stop()
    return days.covariates[name]


def ears_of(
    days: Days, names: list[str], group: NDArray[np.intp], ear: str | float | Mapping[str, float] | None, by: str
) -> Floats | None:
    """Return the EAR of each person (people,).

    ``ear``: a number, a value for each group, or a covariate that holds that of each person. Raises ``InputProblems``
    for a group without one and for values that are not above 0.
    """
    if ear is None:
        return None
    problems = Problems()
    if isinstance(ear, str):
        values = _covariate(days, ear, "ear").to_numpy().astype(float)
    elif isinstance(ear, Mapping):
        for name in names:
            if name not in ear:
                problems.add("ear_missing", field=by, found=name, accepted=", ".join(ear))
        problems.stop()
        values = np.array([float(ear[name]) for name in names])[group]
    else:
        values = np.full(days.n_persons, float(ear))
    if not (np.isfinite(values) & (values > 0)).all():
        problems.add("cell", field="ear", found=values.min(), accepted="1 … 10000 mg")
    problems.stop()
    return values


class Cells(NamedTuple):
    """People of a group with the same columns and the same EAR taken together."""

    person: Floats  # (cells, p1)
    ear: Floats | None  # (cells,)
    weights: Floats  # (cells, S)


def cells_of(person: Floats, ear: Floats | None, weights: Floats) -> Cells:
    """Take people alike together; ``person`` (people, columns), ``ear`` (people,), ``weights`` (people, S)."""
    keys = person if ear is None else np.column_stack([person, ear])
    distinct, first, cell = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    if len(distinct) == len(keys):
        return Cells(person, ear, weights)
    order = np.argsort(cell.ravel(), kind="stable")
    starts = np.searchsorted(cell.ravel()[order], np.arange(len(distinct)))
    return Cells(person[first], None if ear is None else ear[first], np.add.reduceat(weights[order], starts))
