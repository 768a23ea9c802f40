"""``magnes timetable``: all medicines and supplements of the day at clock times, as a table, a picture, a calendar."""

from __future__ import annotations

import datetime as dt

import click

from magnes.advice.check import TOO_CLOSE
from magnes.apps.cli.common import (
    INPUT_ERROR,
    STOP,
    finding_words,
    json_option,
    language_option,
    refuse_blank,
    reports_problems,
    write_file,
)
from magnes.apps.cli.helptext import told
from magnes.readers.added import read_added
from magnes.readers.person_toml import read_person
from magnes.report.build import assess
from magnes.text import Language, translate


@click.command("timetable", help=told("timetable"))
@click.argument("person", metavar="PERSON.toml")
@click.option("--add", multiple=True, metavar="SALT:MG@TIMES", help=told("timetable_add"))
@click.option("--ics", metavar="OUT.ics", help=told("ics"))
@click.option("--svg", metavar="OUT.svg", help=told("timetable_svg"))
@json_option
@language_option
@reports_problems
def command(
    person: str,
    add: tuple[str, ...],
    ics: str | None,
    svg: str | None,
    as_json: bool,
    language: Language,
) -> None:
    """Read, check what is taken against the safety rules, place it in the day, show."""
    refuse_blank(PERSON=person, ics=ics, svg=svg)
    who = read_person(person)
    added = read_added(add, who)
    judged = assess(who.model_copy(update={"supplements": (*who.supplements, *added)}))
    if judged.stops:
        click.echo("\n".join(finding_words(finding, language) for finding in judged.stops))
        raise click.exceptions.Exit(STOP)
    if added and not as_json:
        for finding in judged.findings:
            if finding.severity == "major" and finding.code not in TOO_CLOSE:  # hours are what the timetable solves
                click.echo(finding_words(finding, language))
    from magnes.advice.timetable import NoTimetable, timetable  # the solver loads here, not for --help
    from magnes.report.timetable import conflict_text, events, timetable_text

    found = timetable(who, added)
    if isinstance(found, NoTimetable):
        click.echo(found.model_dump_json(indent=1) if as_json else conflict_text(found, language))
        raise click.exceptions.Exit(INPUT_ERROR)
    if ics is not None:
        from magnes.advice.timetable.calendar import calendar

        now = dt.datetime.now(dt.UTC)
        start = dt.date.today()  # noqa: DTZ011 - local calendar day
        write_file(ics, calendar(events(found, language), start, now, translate("timetable.calendar", language)))
    if svg is not None:
        from magnes.report.day_picture import day_picture

        write_file(svg, day_picture(found, language))
    click.echo(found.model_dump_json(indent=1) if as_json else timetable_text(found, language))
