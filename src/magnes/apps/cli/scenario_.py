"""``magnes scenario``: what other food does to the usual intake of a whole survey."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from magnes.apps.cli.common import all_problems, json_option, language_option, progress, refuse_blank, reports_problems
from magnes.apps.cli.helptext import told
from magnes.apps.cli.usual_ import (
    authority_option,
    by_option,
    details,
    out_option,
    replicates_option,
    seed_option,
    show,
    weights_option,
)
from magnes.reference import check_authority
from magnes.text import Language

if TYPE_CHECKING:
    from magnes.population.survey_days import Weights
    from magnes.population.survey_usual import By
    from magnes.population.usual.estimator import Method


@click.command("scenario", help=told("scenario"))
@click.argument("spec", metavar="SPEC.toml")
@click.option("--survey", metavar="FOLDER", help=told("scenario_survey"))
@by_option
@weights_option
@authority_option
@replicates_option
@seed_option
@out_option
@json_option
@language_option
@reports_problems
def command(
    spec: str,
    survey: str | None,
    by: By,
    weights: Weights,
    authority: str,
    replicates: Method | None,
    seed: int,
    out: str | None,
    as_json: bool,
    language: Language,
) -> None:
    """Read spec and survey, change the food, fit both diets, show."""
    from magnes.examples import example_survey
    from magnes.population.scenario_spec import read_scenario
    from magnes.population.scenario_usual import scenario_usual
    from magnes.population.survey_days import open_survey
    from magnes.population.survey_usual import Choices, side_by_side
    from magnes.population.written import check_ending, provenance
    from magnes.report.usual import scenario_text

    refuse_blank(SPEC=spec, survey=survey, out=out)
    check_authority(authority, "--authority")
    if out is not None:
        check_ending(out)
    scenario, data = all_problems(
        lambda: read_scenario(spec),
        lambda: open_survey(survey) if survey is not None else example_survey(),
    )
    choices = Choices(authority, by, replicates, seed=seed)
    found = scenario_usual(data, scenario, choices, weights, progress(language))
    facts = provenance(
        authority=authority, by=by, replicates=found.before.replicates, seed=seed, survey=data.foods_file,
        scenario=scenario.name,
    )  # fmt: skip
    table = side_by_side(found.frame(), found.supplement_frame())
    more = {
        "scenario": scenario.model_dump(mode="json"),
        "met": [one._asdict() for one in found.diets.applied],
        "before": details(found.before),
        "after": details(found.after),
    }
    words = scenario_text(found, scenario.name, language)
    show(table, facts, more, words, out=out, as_json=as_json, language=language)
