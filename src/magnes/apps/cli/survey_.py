"""``magnes survey``: a whole survey to Parquet, or one participant as a person."""

from __future__ import annotations

import time

import click

from magnes.apps.cli.assess_ import show
from magnes.apps.cli.common import json_option, language_option, refuse_blank, reports_problems
from magnes.apps.cli.helptext import told
from magnes.reference import SURVEY_AUTHORITY, check_authority
from magnes.text import Language, number, translate

HIGHEST_SEQN = 999_999_999


@click.command("survey", help=told("survey"))
@click.argument("folder", required=False)
@click.option("--person", "seqn", type=click.IntRange(1, HIGHEST_SEQN), metavar="SEQN", help=told("person"))
@click.option("--out", metavar="OUT.parquet", help=told("out"))
@click.option("--authority", metavar="ID", default=SURVEY_AUTHORITY, show_default=True, help=told("authority"))
@json_option
@click.option("--html", metavar="OUT.html", help=told("html"))
@language_option
@reports_problems
def command(
    folder: str | None,
    seqn: int | None,
    out: str | None,
    authority: str,
    as_json: bool,
    html: str | None,
    language: Language,
) -> None:
    """Without FOLDER: the 25 participants that the package ships."""
    from magnes.examples import example_survey
    from magnes.population import survey as run
    from magnes.population.survey_days import open_survey
    from magnes.population.written import check_ending
    from magnes.readers.nhanes import person_and_diary
    from magnes.report.build import assess

    refuse_blank(FOLDER=folder, out=out, html=html)
    check_authority(authority, "--authority")
    if out is not None:
        check_ending(out)
    start = time.monotonic()
    data = open_survey(folder) if folder is not None else example_survey()
    if seqn is not None:
        person, diary = person_and_diary(data, seqn)
        result = assess(person, diary, authority=authority, allow_unmatched=True)
        show(result, language, as_json=as_json, html=html)
        return
    frame = run.assess_survey(data, authority=authority)
    if out is not None:
        run.write(frame, out, authority=authority)
    click.echo(
        translate(
            "cli.survey_done",
            language,
            people=frame.height,
            seconds=number(time.monotonic() - start, language, 1),
        )
    )
    for row in run.weighted_means(frame).iter_rows(named=True):
        mean, sex = number(row["mean_mg"], language, 1), translate(f"sex.{row['sex']}", language)
        click.echo(translate("cli.survey_mean", language, cycle=row["cycle"], sex=sex, mean=mean, people=row["n"]))
    if out is not None:
        click.echo(translate("cli.survey_written", language, path=out))
