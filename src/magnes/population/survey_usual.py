"""Usual intake of a whole survey: one model for each part of the people, one table; and two diets of the same people.

Replicates are made for the whole survey before it is parted, so that all models, groups and both diets share them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from magnes.errors import InputProblems, Problem, Problems
from magnes.population.days import Days, LeftOut
from magnes.population.scenario_spec import SupplementPolicy
from magnes.population.supplement_usual import supplement_limits, with_supplements
from magnes.population.survey_days import GROUPS, MODELS, group_ears, grouped
from magnes.population.usual.distribution import Distribution, difference, distribution
from magnes.population.usual.estimator import Method, UsualIntake, with_replicates
from magnes.population.usual.fit import UsualFit
from magnes.readers.day_rows import DayRows
from magnes.reference import SURVEY_AUTHORITY

if TYPE_CHECKING:
    import polars as pl

__all__ = ["By", "Choices", "ModelUsual", "Note", "SurveyUsual", "paired", "side_by_side", "usual_of_survey"]

By = Literal["sex-age", "model", "group"]
COLUMN: dict[By, str] = {"sex-age": "sex_age", "model": "model", "group": "group"}
USER = "takes_supplements"  # who takes them also eats otherwise
KEYS = ("model", "group", "n", "EAR")
ALL = "all"  # the one model of people whose sex or age is not known

Floats = NDArray[np.float64]
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Choices:
    """What is asked. ``replicates``: ``none`` gives no standard errors; ``None`` takes what the survey allows.

    ``replicate_scale``: what each squared difference counts for, where the survey brings weights of its own.
    """

    authority: str = SURVEY_AUTHORITY
    by: By = "sex-age"
    replicates: Method | Literal["none"] | None = None
    replicate_scale: float | None = None
    seed: int = 1


class Note(NamedTuple):
    """What has to be told of a model: a code, and whether its result was refused or is given with a warning."""

    severity: Literal["refuse", "warn"]
    code: str
    model: str
    problem: Problem | None = None
    found: str = ""  # the figure that a guard rests on


@dataclass(frozen=True)
class ModelUsual:
    """One model: days, fit, and the distribution of groups, those with an EAR apart from those without."""

    name: str
    fitted: UsualIntake
    parts: tuple[Distribution, ...]
    supplements: Distribution | None = None

    def told(self, supplements: bool) -> tuple[Distribution, ...]:
        """Return the distributions of food, or those of food and supplements together."""
        if not supplements:
            return self.parts
        return (self.supplements,) if self.supplements is not None else ()

    @property
    def fit(self) -> UsualFit:
        """What was fitted."""
        return self.fitted.fit_


@dataclass(frozen=True)
class SurveyUsual:
    """All models of a survey. ``replicates`` is how standard errors were made."""

    models: tuple[ModelUsual, ...]
    notes: tuple[Note, ...]
    left_out: LeftOut
    replicates: str
    n_replicates: int

    def frame(self) -> pl.DataFrame:
        """Return one row for each group: ``model``, ``group``, ``n``, ``EAR``, and every value with its ``_se``."""
        return _frame([(model.name, part) for model in self.models for part in model.parts])

    def whole(self) -> Distribution:
        """Return the groups of all models as one distribution, in the order of ``frame``; NaN where there is none."""
        frame = self.frame()
        rows = {
            (model.name, group): (part, place)
            for model in self.models
            for part in model.parts
            for place, group in enumerate(part.groups)
        }
        found = [rows[key] for key in frame.select("model", "group").rows()]
        nothing = np.full(1 + self.n_replicates, np.nan)
        names = dict.fromkeys(name for part, _ in found for name in part.values)
        return Distribution(
            by="group",
            groups=tuple(part.groups[place] for part, place in found),
            n=tuple(part.n[place] for part, place in found),
            ear_mg=tuple(np.nan if part.ear_mg is None else part.ear_mg[place] for part, place in found),
            values={
                name: np.stack([part.values[name][place] if name in part.values else nothing for part, place in found])
                for name in names
            },
            scale=found[0][0].scale,
        )

    def supplement_frame(self) -> pl.DataFrame | None:
        """Return the table of food and supplements together, as ``with_supplements``; ``None`` without supplements."""
        found = [(model.name, model.supplements) for model in self.models if model.supplements is not None]
        return _frame(found) if found else None


def side_by_side(food: pl.DataFrame, supplements: pl.DataFrame | None) -> pl.DataFrame:
    """Return both tables as one; ``n_supplements`` is the number of people whose supplements are known."""
    if supplements is None:
        return food
    return food.join(supplements.rename({"n": "n_supplements"}), on=["model", "group"], how="left")


def usual_of_survey(
    rows: DayRows,
    choices: Choices | None = None,
    progress: Progress | None = None,
    policies: tuple[SupplementPolicy, ...] | None = None,
) -> SurveyUsual:
    """Fit all models and compute the distribution of their groups.

    Supplements are added where the survey knows them, and when ``policies`` are given (an empty tuple asks for the same
    table before them); a survey that knows none counts as nobody taking any, which is noted.

    A model that cannot be fitted (nobody with two days) is left out and noted. ``progress`` is called with the share
    that is done. Raises ``InputProblems`` for an unknown authority, for groups or a design that the survey does not
    have, and when no model can be fitted.
    """
    choices = choices or Choices()
    ears = group_ears(choices.authority)
    frame = _with_users(grouped(rows))
    column = COLUMN[choices.by]
    problems = Problems(rows.file)
    if frame[column].null_count() == frame.height and choices.by == "group":
        problems.add("group_missing", field="group", accepted="sex-age, model")
    problems.stop()
    covariates, with_models = _covariates(frame)
    days = _days(rows, frame, covariates, choices)
    days, method = _replicated(days, choices)
    models: list[ModelUsual] = []
    told: list[Note] = []
    if frame["weight"].null_count() == frame.height:
        told.append(Note("warn", "unweighted", ALL))
    if method == "none" and choices.replicates is None:
        told.append(Note("warn", "one_unit", ALL))
    if 0 < frame["weekend"].null_count() < frame.height:
        told.append(Note("warn", "weekend_unknown", ALL))
    parts = _parts(days, with_models)
    by = column if with_models or choices.by == "group" else None
    taken = _taken(frame) if with_models else None
    if taken is None and policies is not None and with_models:
        taken = dict.fromkeys(frame["person"].to_list(), 0.0)
        told.append(Note("warn", "supplements_unknown", ALL))
    for done, (name, part) in enumerate(parts, start=1):
        try:
            model = _model(name, part, by, ears)
            if taken is not None:
                model = replace(model, supplements=_added(model, by, ears, taken, choices.authority, policies or ()))
            models.append(model)
        except InputProblems as error:
            told += [Note("refuse", problem.code, name, problem) for problem in error.problems]
            continue
        finally:
            if progress is not None:
                progress(done / len(parts))
        told += [Note("warn", guard.code, name, found=guard.found) for guard in models[-1].fitted.guards_]
        if not all(part.ear_mg for part in models[-1].parts):
            told.append(Note("refuse", "no_average_requirement", name))
    if not models:
        raise InputProblems([note.problem for note in told if note.problem])
    number = 0 if days.replicate_weights is None else days.replicate_weights.shape[1]
    return SurveyUsual(tuple(models), tuple(told), days.left_out, method, number)


def paired(after: SurveyUsual, before: SurveyUsual, *, supplements: bool = False) -> pl.DataFrame:
    """Return two diets of the same people side by side, one row for each group.

    Of each value: ``<value>_before``, ``<value>_after``, ``<value>_change`` and, in the same replicates,
    ``<value>_change_se``. ``supplements``: of food and supplements together. Raises ``InputProblems`` when the models
    or groups are not the same.
    """
    import polars as pl

    problems = Problems()
    if [model.name for model in after.models] != [model.name for model in before.models]:
        problems.add("distributions_differ", field="model")
    problems.stop()
    both = [[(m.name, part) for m in usual.models for part in m.told(supplements)] for usual in (before, after)]
    changes = [(name, difference(new, old)) for (_, old), (name, new) in zip(*both, strict=True)]
    old, new, change = (_frame(parts) for parts in (*both, changes))
    facts = [name for name in KEYS if name in change.columns]
    columns = [change[name] for name in facts]
    for name in dict.fromkeys(value for _, part in changes for value in part.values):
        columns += [frame[name].alias(f"{name}_{when}") for frame, when in ((old, "before"), (new, "after"))]
        errors = [change[f"{name}_se"].alias(f"{name}_change_se")] if f"{name}_se" in change.columns else []
        columns += [change[name].alias(f"{name}_change"), *errors]
    return pl.DataFrame(columns)


def _with_users(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with who takes supplements; one value for all where the survey does not know it of anybody."""
    import polars as pl

    taken = pl.col("supplement_mg_per_day")
    users = pl.when(taken > 0).then(pl.lit("yes")).when(taken == 0).then(pl.lit("no")).otherwise(pl.lit("unknown"))
    return frame.with_columns(users.alias(USER))


def _covariates(frame: pl.DataFrame) -> tuple[list[str], bool]:
    """Return what the days carry of people; whether sex and age are known, so that there are models."""
    with_models = bool(frame["sex_age"].is_not_null().any())
    of_models = ["sex_age", "model", "sex", "age_years", USER] if with_models else []
    own = ["group"] if frame["group"].null_count() < frame.height else []
    return [*of_models, *own], with_models


def _days(rows: DayRows, frame: pl.DataFrame, covariates: list[str], choices: Choices) -> Days:
    """Check the rows; a column that is empty throughout is left out, and weekends when they are not all known."""

    def there(name: str) -> str | None:
        return name if frame[name].null_count() < frame.height else None

    known = frame["weekend"].null_count() == 0
    own = rows.replicates if choices.replicates != "none" else []
    return Days.from_frame(
        frame,
        intake="intake_mg_per_day",
        weight=there("weight"),
        weekend="weekend" if known else None,
        covariates=covariates,
        strata=there("stratum"),
        psu=there("psu"),
        replicate_weights=own,
        replicate_scale=choices.replicate_scale,
        file=rows.file,
    )


def _replicated(days: Days, choices: Choices) -> tuple[Days, str]:
    if choices.replicates == "none":
        return days, "none"
    if days.replicate_weights is not None:
        return days, "own"
    if choices.replicates is None and _has_lone_unit(days):
        return days, "none"  # noted; who asks for a method is told by stratum
    design = days.strata is not None and days.psu is not None
    method: Method = choices.replicates or ("fay-brr" if design else "bootstrap")
    return with_replicates(days, method, seed=choices.seed), method


def _has_lone_unit(days: Days) -> bool:
    """Whether a stratum has one sampling unit only: it shows no spread, and there are no standard errors."""
    if days.strata is None or days.psu is None:
        return False
    units = np.unique(np.column_stack([days.strata.astype(str), days.psu.astype(str)]), axis=0)
    return bool((np.unique(units[:, 0], return_counts=True)[1] < 2).any())


def _parts(days: Days, with_models: bool) -> Sequence[tuple[str, Days]]:
    if not with_models:
        return [(ALL, days)]
    model = days.covariates["model"].to_numpy()
    return [(name, days.take(model == name)) for name in MODELS if (model == name).any()]


def _model(name: str, days: Days, by: str | None, ears: dict[str, float]) -> ModelUsual:
    """Fit one model, with terms for its groups and for users of supplements, and compute its groups."""
    known = days.covariates.columns
    terms = ["sex_age" if "sex_age" in known else "group", USER]
    terms = [term for term in terms if term in known]
    fitted = UsualIntake().fit(days, [term for term in terms if days.covariates[term].n_unique() > 1])
    if "sex_age" not in days.covariates.columns:
        return ModelUsual(name, fitted, (fitted.results(by=by),))
    need = np.array([ears.get(name, np.nan) for name in days.covariates["sex_age"].to_list()])
    group = days.covariates[by].to_numpy() if by else np.full(days.n_persons, ALL)
    without = set(group[np.isnan(need)].tolist())
    has = np.array([one not in without for one in group.tolist()])
    parts = []
    for people, ear in ((has, "ear_mg"), (~has, None)):
        if people.any():
            some = days.take(people)
            some = replace(some, covariates=some.covariates.with_columns(ear_mg=need[people]))
            parts.append(distribution(some, fitted.fit_, fitted.replicate_fits_, by=by, ear=ear))
    return ModelUsual(name, fitted, tuple(parts))


def _taken(frame: pl.DataFrame) -> dict[str, float] | None:
    """Return the supplements of each person [mg/d], NaN where not known; ``None`` when the survey knows none."""
    known = frame["supplement_mg_per_day"]
    if known.null_count() == frame.height:
        return None
    return dict(zip(frame["person"].to_list(), known.fill_null(np.nan).to_list(), strict=True))


def _added(
    model: ModelUsual,
    by: str | None,
    ears: dict[str, float],
    taken: dict[str, float],
    authority: str,
    policies: tuple[SupplementPolicy, ...],
) -> Distribution | None:
    """Return the table of food and supplements of one model."""
    fitted = model.fitted
    facts = fitted.days_.covariates
    return with_supplements(
        fitted.days_,
        fitted.fit_,
        fitted.replicate_fits_,
        by=by,
        taken_mg=np.array([taken[name] for name in fitted.days_.person.tolist()]),
        ear_mg=np.array([ears.get(name, np.nan) for name in facts["sex_age"].to_list()]),
        limit_mg=supplement_limits(authority, facts["sex"].to_numpy(), facts["age_years"].to_numpy()),
        policies=policies,
    )


def _frame(parts: Sequence[tuple[str, Distribution]]) -> pl.DataFrame:
    """Put the groups of all models under each other, in the order of the published tables."""
    import polars as pl

    frames = []
    for model, part in parts:
        frame = part.frame()
        frames.append(frame.rename({part.by: "group"}).insert_column(0, pl.lit(model).alias("model")))
    order = {group.name: place for place, group in enumerate(GROUPS)}
    place = pl.col("group").replace_strict(order, default=len(order), return_dtype=pl.Int64)
    models = pl.col("model").replace_strict(
        {name: at for at, name in enumerate(MODELS)}, default=0, return_dtype=pl.Int64
    )
    whole = pl.concat(frames, how="diagonal")
    return whole.sort(models, place, maintain_order=True)
