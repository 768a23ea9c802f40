"""``magnes assess``: a person, and a diary when there is one."""

from __future__ import annotations

import click

from magnes.apps.cli.common import (
    STOP,
    all_problems,
    json_option,
    language_option,
    refuse_blank,
    reports_problems,
    write_file,
)
from magnes.apps.cli.helptext import told
from magnes.diary import resolve
from magnes.readers.diary_csv import read_diary
from magnes.readers.person_toml import read_person
from magnes.reference import check_authority
from magnes.report.build import Assessment, assess
from magnes.text import Language, translate


@click.command("assess", help=told("assess"))
@click.argument("person", metavar="PERSON.toml")
@click.option("--diary", metavar="D.csv", help=told("diary"))
@click.option("--authority", metavar="ID", help=told("authority"))
@click.option("--allow-unmatched", is_flag=True, help=told("allow_unmatched"))
@json_option
@click.option("--html", metavar="OUT.html", help=told("html"))
@language_option
@reports_problems
def command(
    person: str,
    diary: str | None,
    authority: str | None,
    allow_unmatched: bool,
    as_json: bool,
    html: str | None,
    language: Language,
) -> None:
    """Read, assess, show; a stop ends with exit code 3."""
    refuse_blank(PERSON=person, diary=diary, html=html)
    if authority is not None:
        check_authority(authority, "--authority")
    who, eaten = all_problems(
        lambda: read_person(person),
        lambda: resolve(read_diary(diary), allow_unmatched=allow_unmatched) if diary is not None else None,
    )
    show(assess(who, eaten, authority=authority), language, as_json=as_json, html=html)


def show(result: Assessment, language: Language, *, as_json: bool, html: str | None) -> None:
    """Print the summary or JSON, write the report, and end with 3 on a stop."""
    if html is not None:
        from magnes.report.html import page  # the drawing library loads only when a picture is asked for

        write_file(html, page(result, language))
    if as_json:
        from magnes.report.schema import to_json

        click.echo(to_json(result))
    else:
        from magnes.report.terminal import summary

        click.echo(summary(result, language))
    if html is not None:
        click.echo(translate("cli.report_written", language, path=html), err=as_json)
    if result.stops:
        raise click.exceptions.Exit(STOP)
