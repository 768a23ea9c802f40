"""Usual intake before and after a scenario: the same people, the same models, the same replicates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from magnes.errors import Problems
from magnes.population.scenario import Diets, apply
from magnes.population.scenario_spec import Scenario
from magnes.population.survey_days import Weights, rows_of_survey
from magnes.population.survey_usual import Choices, Progress, SurveyUsual, paired, usual_of_survey
from magnes.readers.nhanes import Survey

if TYPE_CHECKING:
    import polars as pl

__all__ = ["ScenarioUsual", "scenario_usual"]


@dataclass(frozen=True)
class ScenarioUsual:
    """Both diets, and what the changes met. Supplements of a policy are in ``after`` only, beside the food."""

    before: SurveyUsual
    after: SurveyUsual
    diets: Diets

    def frame(self) -> pl.DataFrame:
        """Return one row for each group, both diets and their difference, as ``paired``."""
        return paired(self.after, self.before)

    def supplement_frame(self) -> pl.DataFrame | None:
        """Return the same of food and supplements together; ``None`` without supplements."""
        if self.before.supplement_frame() is None:
            return None
        return paired(self.after, self.before, supplements=True)


def scenario_usual(
    survey: Survey,
    scenario: Scenario,
    choices: Choices | None = None,
    weights: Weights = "two-days",
    progress: Progress | None = None,
) -> ScenarioUsual:
    """Apply a scenario to a survey and fit both diets.

    Food values of both are those of the package's table. Raises ``InputProblems`` for a survey without records of
    foods, and as ``usual_of_survey`` does.
    """
    problems = Problems(survey.foods_file)
    if not survey.foods.height:
        problems.add("survey_without_foods")
    problems.stop()
    report = progress or _silent
    diets = apply(survey, scenario)
    no_policy, policies = ((), diets.policies) if diets.policies else (None, None)
    before = usual_of_survey(
        rows_of_survey(survey, diets.before_mg, weights), choices, lambda done: report(done / 2), no_policy
    )
    after = usual_of_survey(
        rows_of_survey(survey, diets.after_mg, weights), choices, lambda done: report(0.5 + done / 2), policies
    )
    return ScenarioUsual(before, after, diets)


def _silent(_: float) -> None:
    pass
