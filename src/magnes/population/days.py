"""``Days``: recalled days of people, checked: what every model of usual intake starts from.

A missing intake is left out and counted, never 0. An intake of 0 cannot be on a Box-Cox scale: it becomes half the
smallest positive intake of the table, as the NCI macros do, and is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from magnes.errors import Problems, nearest
from magnes.population.replicates import Replicates
from magnes.readers.columns import need_polars

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Days", "LeftOut"]

SHOWN = 20  # bad rows told per kind; a wrong table would have thousands
FIRST_LINE = 1  # rows of a frame are told by number, the first is 1

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True)
class LeftOut:
    """What of the table does not count, and why."""

    missing_days: int = 0
    zero_days: int = 0  # these count, at half the smallest positive intake
    people_without_day: int = 0
    people_without_weight: int = 0  # no weight or a weight of 0
    people_without_covariate: int = 0


@dataclass(frozen=True)
class Days:
    """Recalled days, in order of person and day.

    Of each day: ``place`` (of its person in the arrays of people), ``sequence`` (1 is the first recall),
    ``intake_mg`` [mg/d], ``weekend`` (Friday to Sunday; ``None`` when not known). Of each person: ``person`` (name),
    ``weight``, ``covariates`` (a column each), ``strata`` and ``psu``, ``replicate_weights`` (people, replicates) with
    ``replicate_scale`` (replicates,).
    """

    person: NDArray[Any]
    place: Places
    sequence: Places
    intake_mg: Floats
    weight: Floats
    covariates: pl.DataFrame
    weekend: NDArray[np.bool_] | None = None
    strata: NDArray[Any] | None = None
    psu: NDArray[Any] | None = None
    replicate_weights: Floats | None = None
    replicate_scale: Floats | None = None
    left_out: LeftOut = LeftOut()

    @property
    def n_persons(self) -> int:
        """Number of people."""
        return len(self.person)

    @property
    def n_days(self) -> int:
        """Number of days of all people."""
        return len(self.place)

    @cached_property
    def days_of_person(self) -> Places:
        """Days of each person (people,)."""
        return np.bincount(self.place, minlength=self.n_persons).astype(np.intp)

    @cached_property
    def starts(self) -> Places:
        """First row of each person (people,); everybody has at least one."""
        return np.asarray(np.cumsum(self.days_of_person) - self.days_of_person, dtype=np.intp)

    @property
    def weight_sets(self) -> Floats:
        """Weights of the sample first, then those of the replicates (people, 1 + replicates)."""
        whole = self.weight[:, None]
        return whole if self.replicate_weights is None else np.concatenate([whole, self.replicate_weights], axis=1)

    @classmethod
    def from_frame(
        cls,
        frame: Any,
        *,
        person: str = "person",
        day: str = "day",
        intake: str = "intake_mg",
        weight: str | None = None,
        weekend: str | None = None,
        covariates: Sequence[str] = (),
        strata: str | None = None,
        psu: str | None = None,
        replicate_weights: Sequence[str] = (),
        replicate_scale: float | Sequence[float] | None = None,
        file: str = "",
    ) -> Days:
        """Check a long table, one row per recalled day, Polars or pandas; it is not changed.

        ``day``: a whole number is the number of the recall; a date gives the order within the person. ``weekend``: a
        column of true and false. Weight, covariates, strata, psu and replicate weights are of the person: the same in
        all rows of the person. ``replicate_scale``: see ``Replicates``; needed with ``replicate_weights``.
        Raises ``InputProblems`` with all that is wrong, lines by number of the row.
        """
        need_polars()
        given = {person: "person", day: "day", intake: "intake", weekend: "weekend"}
        of_person = [name for name in (weight, *covariates, strata, psu, *replicate_weights) if name]
        names = list(dict.fromkeys([name for name in given if name] + of_person))
        problems = Problems(file)
        table = _columns(frame, names, problems)
        reader = _Rows(table, problems)
        who = reader.present(person)
        sequence = reader.sequence(who, day)
        mg = reader.numbers(intake)
        is_weekend = reader.flags(weekend) if weekend else None
        weights = reader.numbers(weight) if weight else np.ones(len(table))
        replicated = [reader.numbers(name) for name in replicate_weights]
        reader.once(who, sequence, day)
        for name in of_person:
            reader.same_in_person(who, name)
        if replicate_weights and replicate_scale is None:
            problems.add("replicate_scale_missing", field="replicate_scale")
        for name in replicate_weights:
            reader.add("cell_empty", name, table[name].is_null().to_numpy() & (weights > 0))
        if np.size(np.asarray(replicate_scale)) not in (1, len(replicate_weights)):
            accepted = f"1, {len(replicate_weights)}"
            problems.add("cell", field="replicate_scale", found=replicate_scale, accepted=accepted)
        problems.stop()

        counted = np.isfinite(mg)
        weighed = np.isfinite(weights) & (weights > 0)
        complete = np.ones(len(table), dtype=bool)
        for name in (*covariates, *(name for name in (strata, psu) if name)):
            complete &= table[name].is_not_null().to_numpy()
        zero = counted & (mg == 0)
        if not (counted & (mg > 0) & weighed & complete).any():
            problems.add("days_none", field=intake, found=len(table))
            problems.stop()
        mg = np.where(zero, mg[counted & (mg > 0)].min() / 2, mg)
        keep = np.flatnonzero(counted & weighed & complete)
        keep = keep[np.lexsort((sequence[keep], who[keep]))]
        _, first, place = np.unique(who[keep], return_index=True, return_inverse=True)
        rows = keep[first]
        scale = None
        if replicate_weights:
            scale = np.broadcast_to(np.asarray(replicate_scale, dtype=float), len(replicate_weights)).copy()
        people = len(np.unique(who))
        return cls(
            person=table[person].to_numpy()[rows],
            place=place.astype(np.intp),
            sequence=sequence[keep],
            intake_mg=mg[keep],
            weight=weights[rows],
            covariates=table[rows].select(list(covariates)),
            weekend=None if is_weekend is None else is_weekend[keep],
            strata=table[strata].to_numpy()[rows] if strata else None,
            psu=table[psu].to_numpy()[rows] if psu else None,
            replicate_weights=np.column_stack(replicated)[rows] if replicated else None,
            replicate_scale=scale,
            left_out=LeftOut(
                missing_days=int((~counted).sum()),
                zero_days=int(zero[keep].sum()),
                people_without_day=people - len(np.unique(who[counted])),
                people_without_weight=people - len(np.unique(who[weighed])),
                people_without_covariate=people - len(np.unique(who[complete])),
            ),
        )

    def with_replicates(self, replicates: Replicates) -> Days:
        """Return these days with weights of replicates, made from factors of the same people."""
        weights = replicates.weights * self.weight[:, None]
        return replace(self, replicate_weights=weights, replicate_scale=replicates.scale)

    def with_intake(self, intake_mg: ArrayLike) -> Days:
        """Return the same days of the same people with another intake [mg/d], all above 0: the diet of a scenario."""
        values = np.asarray(intake_mg, dtype=float)
        problems = Problems()
        if values.shape != self.intake_mg.shape or not (np.isfinite(values) & (values > 0)).all():
            problems.add("days_other_intake", field="intake_mg", found=values.shape, accepted=f"({self.n_days},), > 0")
        problems.stop()
        return replace(self, intake_mg=values)

    def take(self, people: NDArray[np.bool_] | Places) -> Days:
        """Return the days of some of the people, with the replicates that they had.

        ``people``: true for each who is kept, or places, in which somebody may stand more than once.
        """
        places = np.flatnonzero(people) if people.dtype == np.bool_ else people
        problems = Problems()
        if not len(places):
            problems.add("days_none", field="people", found=0)
        problems.stop()
        days = self.days_of_person[places]
        place = np.repeat(np.arange(len(places)), days)
        rows = np.arange(days.sum()) + (self.starts[places] - np.cumsum(days) + days)[place]
        changed: dict[str, Any] = {"place": place}
        for name in ("sequence", "intake_mg", "weekend"):
            changed[name] = None if getattr(self, name) is None else getattr(self, name)[rows]
        for name in ("person", "weight", "strata", "psu", "replicate_weights"):
            changed[name] = None if getattr(self, name) is None else getattr(self, name)[places]
        changed["covariates"] = self.covariates[places] if self.covariates.width else self.covariates
        return replace(self, **changed)


def _columns(frame: Any, names: list[str], problems: Problems) -> pl.DataFrame:
    """Return these columns as a Polars frame; a NaN is missing."""
    import polars as pl

    present = list(frame.columns)
    for name in names:
        if name not in present:
            near = nearest(name, map(str, present))
            problems.add("column_missing", field=name, found=", ".join(map(str, present)), nearest=near)
    problems.stop()
    if isinstance(frame, pl.DataFrame):
        table = frame.select(names)
    else:
        columns = {name: frame[name].to_numpy() for name in names}
        table = pl.DataFrame(
            {name: pl.Series(values.tolist() if values.dtype == object else values) for name, values in columns.items()}
        )
    return table.with_columns(pl.selectors.float().fill_nan(None))


class _Rows:
    """Reads columns of the table and notes what is wrong with them."""

    def __init__(self, table: pl.DataFrame, problems: Problems) -> None:
        self.table = table
        self.problems = problems

    def add(self, code: str, name: str, wrong: NDArray[np.bool_], accepted: str = "") -> None:
        """Note each row that is wrong, the first of them."""
        for row in np.flatnonzero(wrong)[:SHOWN].tolist():
            found = self.table[name][row]
            self.problems.add(code, line=row + FIRST_LINE, field=name, found=found, accepted=accepted)

    def present(self, name: str) -> Places:
        """Return the number of each person, in the order of their names."""
        empty = self.table[name].is_null().to_numpy()
        self.add("cell_empty", name, empty)
        if empty.any():
            self.problems.stop()
        return np.unique(self.table[name].to_numpy(), return_inverse=True)[1].astype(np.intp)

    def sequence(self, who: Places, name: str) -> Places:
        """Return the number of each recall within its person, 1 the first."""
        column = self.table[name]
        empty = column.is_null().to_numpy()
        self.add("cell_empty", name, empty)
        if empty.any():
            self.problems.stop()
        if column.dtype.is_numeric():
            values = column.to_numpy()
            wrong = (values < 1) | (values != np.floor(values))
            self.add("cell", name, wrong, "1 … 1000")
            return np.where(wrong, 1, values).astype(np.intp)
        _, rank = np.unique(column.to_numpy(), return_inverse=True)
        order = np.lexsort((rank, who))
        first = np.r_[True, np.diff(who[order]) != 0]
        new = np.r_[True, np.diff(rank[order]) != 0] | first
        count = np.cumsum(new)
        result = np.empty(len(who), dtype=np.intp)
        result[order] = count - np.maximum.accumulate(np.where(first, count, 0)) + 1
        return result

    def numbers(self, name: str) -> Floats:
        """Return numbers of at least 0, NaN where missing."""
        import polars as pl

        column = self.table[name]
        if not column.dtype.is_numeric() and column.dtype != pl.Null:
            self.problems.add("cell", field=name, found=column.dtype, accepted="0 … 1000000")
            return np.zeros(len(column))
        values = column.cast(pl.Float64).fill_null(np.nan).to_numpy()
        self.add("cell", name, (values < 0) | np.isinf(values), "0 … 1000000")
        return np.asarray(values, dtype=float)

    def flags(self, name: str) -> NDArray[np.bool_]:
        """Return true and false."""
        column = self.table[name]
        empty = column.is_null().to_numpy()
        self.add("cell_empty", name, empty)
        values = column.fill_null(False).to_numpy()
        if not np.isin(values, (0, 1)).all():
            self.add("cell", name, ~np.isin(values, (0, 1)), "true, false")
            return np.zeros(len(values), dtype=bool)
        return values.astype(bool)

    def once(self, who: Places, sequence: Places, name: str) -> None:
        """Note days that a person has twice."""
        order = np.lexsort((sequence, who))
        same = (np.diff(who[order]) == 0) & (np.diff(sequence[order]) == 0)
        wrong = np.zeros(len(who), dtype=bool)
        wrong[order[1:][same]] = True
        self.add("day_twice", name, wrong)

    def same_in_person(self, who: Places, name: str) -> None:
        """Note rows in which a value of the person is another than in the first row of the person."""
        _, first = np.unique(who, return_index=True)
        column = self.table[name]
        wrong = column.ne_missing(column[first[who]]).to_numpy()
        self.add("differs_within_person", name, wrong)
