"""``magnes usual``: the distribution of usual intake of a whole survey, with standard errors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from magnes.apps.cli.common import (
    json_option,
    language_option,
    progress,
    refuse_blank,
    reports_problems,
    write_file,
)
from magnes.apps.cli.helptext import told
from magnes.errors import Problems
from magnes.reference import SURVEY_AUTHORITY, check_authority
from magnes.text import Language, translate

if TYPE_CHECKING:
    import polars as pl

    from magnes.population.survey_days import Weights
    from magnes.population.survey_usual import By, SurveyUsual
    from magnes.population.usual.estimator import Method
    from magnes.readers.day_rows import DayRows

BY = ("sex-age", "model", "group")
REPLICATES = ("fay-brr", "jackknife", "bootstrap", "none")
WEIGHTS = ("two-days", "first-day")
by_option = click.option("--by", type=click.Choice(BY), default="sex-age", show_default=True, help=told("usual_by"))
weights_option = click.option(
    "--weights", type=click.Choice(WEIGHTS), default="two-days", show_default=True, help=told("usual_weights")
)
replicates_option = click.option("--replicates", type=click.Choice(REPLICATES), help=told("usual_replicates"))
authority_option = click.option(
    "--authority", metavar="ID", default=SURVEY_AUTHORITY, show_default=True, help=told("authority")
)
seed_option = click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help=told("seed"))
out_option = click.option("--out", metavar="TABLE", help=told("usual_out"))


@click.command("usual", help=told("usual"))
@click.argument("survey", required=False, metavar="FOLDER|FILE")
@by_option
@click.option("--columns", metavar="MAP.toml", help=told("usual_columns"))
@weights_option
@authority_option
@replicates_option
@click.option("--replicate-scale", type=click.FloatRange(0, min_open=True), help=told("usual_scale"))
@seed_option
@out_option
@json_option
@click.option("--svg", metavar="OUT.svg", help=told("usual_svg"))
@language_option
@reports_problems
def command(
    survey: str | None,
    by: By,
    columns: str | None,
    weights: Weights,
    authority: str,
    replicates: Method | None,
    replicate_scale: float | None,
    seed: int,
    out: str | None,
    as_json: bool,
    svg: str | None,
    language: Language,
) -> None:
    """Without FOLDER: the 25 participants that the package ships."""
    from magnes.population.survey_usual import Choices, side_by_side, usual_of_survey
    from magnes.population.written import check_ending, provenance
    from magnes.report.usual import usual_text

    refuse_blank(FOLDER=survey, columns=columns, out=out, svg=svg)
    check_authority(authority, "--authority")
    if out is not None:
        check_ending(out)
    rows = _rows(survey, columns, weights)
    choices = Choices(authority, by, replicates, replicate_scale, seed)
    usual = usual_of_survey(rows, choices, progress(language))
    facts = provenance(authority=authority, by=by, replicates=usual.replicates, seed=seed, survey=rows.file)
    if svg is not None:
        from magnes.report.usual_picture import usual_chart
        from magnes.report.vega import spoken_svg

        chart = usual_chart(usual.whole(), language)
        if chart is not None:
            write_file(svg, spoken_svg(chart.spec, chart.alternative))
    table = side_by_side(usual.frame(), usual.supplement_frame())
    show(table, facts, details(usual), usual_text(usual, language), out=out, as_json=as_json, language=language)


def show(
    table: pl.DataFrame,
    facts: dict[str, str],
    more: dict[str, Any],
    words: str,
    *,
    out: str | None,
    as_json: bool,
    language: Language,
) -> None:
    """Write the table where it was asked, and print it as JSON, or the words and what they were made by."""
    from magnes.population.written import table_json, write_table

    if out is not None:
        write_table(table, out, facts, more)
    if as_json:
        click.echo(table_json(table, facts, more))
        return
    click.echo(words)
    click.echo(translate("usual.made_by", language, facts=", ".join(f"{name}: {fact}" for name, fact in facts.items())))
    if out is not None:
        click.echo(translate("cli.usual_written", language, path=out))


def details(usual: SurveyUsual) -> dict[str, Any]:
    """Return the fits and what was noted, as plain values."""
    return {
        "models": {model.name: model.fit.model_dump(mode="json") for model in usual.models},
        "notes": [
            {"severity": note.severity, "code": note.code, "model": note.model, "problem": str(note.problem or "")}
            for note in usual.notes
        ],
    }


def _rows(survey: str | None, columns: str | None, weights: Weights) -> DayRows:
    """Read a folder of NHANES, a table of days, or the participants of the package."""
    from magnes.examples import example_survey
    from magnes.population.survey_days import open_survey, rows_of_survey
    from magnes.readers.days_mapping import read_mapping
    from magnes.readers.days_table import read_days_table

    if survey is None:
        return rows_of_survey(example_survey(), weights=weights)
    if Path(survey).is_dir():
        return rows_of_survey(open_survey(survey), weights=weights)
    problems = Problems(survey)
    if Path(survey).suffix.lower() == ".xpt":
        problems.add("xpt_needs_folder", accepted=str(Path(survey).parent))
    problems.stop()
    return read_days_table(survey, read_mapping(columns) if columns is not None else None)
