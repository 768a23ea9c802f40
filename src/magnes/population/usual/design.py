"""Columns of the model: intercept, covariates of people, later recalls, weekend days."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from magnes.errors import Problems, nearest
from magnes.population.days import Days

__all__ = ["INTERCEPT", "LATER_DAY", "WEEKEND", "Design", "default_terms", "design"]

INTERCEPT, LATER_DAY, WEEKEND = "intercept", "later_day", "weekend"  # names of columns that no covariate may have

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Design:
    """``person`` (people, p1) columns of people, ``day`` (days, p2) of days; ``names`` of all in order."""

    names: tuple[str, ...]
    person: Floats
    day: Floats

    def columns(self, days: Days) -> Floats:
        """Return all columns for each day (days, p)."""
        return np.concatenate([self.person[days.place], self.day], axis=1)


def default_terms(days: Days, *, sequence: bool = True, weekend: bool = True) -> tuple[str, ...]:
    """Return all covariates, and what differs between days as far as asked and as far as these days can tell it."""
    terms = list(days.covariates.columns)
    if sequence and _varies(days.sequence > 1):
        terms.append(LATER_DAY)
    if weekend and days.weekend is not None and _varies(days.weekend):
        terms.append(WEEKEND)
    return tuple(terms)


def _varies(flags: NDArray[np.bool_]) -> bool:
    return bool(flags.any() and not flags.all())


def design(days: Days, terms: Sequence[str], fitted: Collection[str] = ()) -> Design:
    """Return the columns of these terms: numbers as they are, texts as one column for each value but the first.

    ``fitted``: names of the columns that a model was fitted with; these people may be others, or only some of its
    people, who do not have every value. Raises ``InputProblems`` for an unknown term, for values that the fit does not
    know and, of columns to be fitted, for those that say the same.
    """
    known = [*days.covariates.columns, LATER_DAY, WEEKEND]
    problems = Problems()
    for term in terms:
        absent = term == WEEKEND and days.weekend is None and term not in days.covariates.columns
        if term not in known or absent:
            problems.add("term_unknown", field=term, accepted=", ".join(known), nearest=nearest(term, known))
    problems.stop()
    names, person = [INTERCEPT], [np.ones(days.n_persons)]
    for term in terms:
        if term not in (LATER_DAY, WEEKEND):
            for name, column in _covariate(days, term, fitted, problems):
                names.append(name)
                person.append(column)
    problems.stop()
    of_day: list[tuple[str, Floats]] = []
    if LATER_DAY in terms:
        of_day.append((LATER_DAY, (days.sequence > 1).astype(float)))
    if WEEKEND in terms and days.weekend is not None:
        of_day.append((WEEKEND, days.weekend.astype(float)))
    made = Design(
        (*names, *(name for name, _ in of_day)),
        np.column_stack(person),
        np.column_stack([column for _, column in of_day]) if of_day else np.empty((days.n_days, 0)),
    )
    if fitted:
        return made
    columns = made.columns(days)
    size = np.sqrt((columns**2).sum(axis=0))
    gram = columns.T @ columns / np.outer(np.where(size > 0, size, 1), np.where(size > 0, size, 1))
    if np.linalg.matrix_rank(gram, hermitian=True) < len(made.names):
        problems.add("terms_same", field="terms", found=", ".join(made.names))
    problems.stop()
    return made


def _covariate(days: Days, term: str, fitted: Collection[str], problems: Problems) -> Iterator[tuple[str, Floats]]:
    """Yield name and column (people,); of a text one for each value but the first that was fitted."""
    column = days.covariates[term]
    if column.dtype.is_numeric():
        yield term, column.to_numpy().astype(float)
        return
    texts = column.cast(str).to_numpy()
    values, begin = sorted(set(texts.tolist())), f"{term}: "
    known = [name.removeprefix(begin) for name in fitted if name.startswith(begin)] if fitted else values[1:]
    others = [value for value in values if value not in known]
    if len(others) > 1:  # one may be the value that has no column
        problems.add("choice_unknown", field=term, found=", ".join(others), accepted=", ".join(known))
    for value in known:
        yield f"{begin}{value}", (texts == value).astype(float)
