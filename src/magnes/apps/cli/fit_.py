"""``magnes fit``: how a person stands given the laboratory values, and what lies ahead."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from magnes.apps.cli.common import (
    STOP,
    all_problems,
    finding_words,
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
from magnes.report.build import assess
from magnes.text import Language, translate

if TYPE_CHECKING:
    from magnes.fit.data import Datum
    from magnes.fit.forecast import Named
    from magnes.fit.standing import Standing

MOST_DAYS = 3650


@click.command("fit", help=told("fit"))
@click.argument("person", metavar="PERSON.toml")
@click.option("--diary", metavar="D.csv", help=told("diary"))
@click.option("--nuts", is_flag=True, help=told("nuts"))
@click.option("--draws", type=click.IntRange(50, 10_000), default=500, show_default=True, help=told("fit_draws"))
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help=told("seed"))
@click.option("--days", type=click.IntRange(1, MOST_DAYS), default=180, show_default=True, help=told("days"))
@json_option
@click.option("--svg", metavar="OUT.svg", help=told("fan_svg"))
@language_option
@reports_problems
def command(
    person: str,
    diary: str | None,
    nuts: bool,
    draws: int,
    seed: int,
    days: int,
    as_json: bool,
    svg: str | None,
    language: Language,
) -> None:
    """Read, fit, say how the person stands, look ahead."""
    refuse_blank(PERSON=person, diary=diary, svg=svg)
    who, eaten = all_problems(
        lambda: read_person(person),
        lambda: resolve(read_diary(diary)) if diary is not None else None,
    )
    stops = assess(who, eaten).stops
    if stops:
        click.echo("\n".join(finding_words(finding, language) for finding in stops))
        raise click.exceptions.Exit(STOP)
    if nuts:
        click.echo(translate("cli.nuts_run", language), err=True)
    from magnes.fit.forecast import scenarios  # SciPy loads here, not for --help
    from magnes.fit.individual import individual
    from magnes.fit.standing import standing

    found = individual(who, eaten, draws=draws, seed=seed, nuts=nuts)
    stands = standing(found)
    ahead = [] if found.refused else scenarios(found, eaten, days=days)
    if svg is not None:
        write_file(svg, _picture(stands, found.data, ahead, language))
    if as_json:
        answer = stands.model_dump(mode="json") | {"forecasts": [_facts(one) for one in ahead]}
        click.echo(json.dumps(answer, ensure_ascii=False, indent=1, allow_nan=False))
        return
    from magnes.report.forecast import forecast_text
    from magnes.report.standing import standing_text

    click.echo(standing_text(stands, language))
    if ahead:
        click.echo("\n" + forecast_text(ahead, language, beside=stands))


def _picture(stands: Standing, data: tuple[Datum, ...], ahead: list[Named], language: Language) -> str:
    """Return the fan charts; without a look ahead how the person stands."""
    if ahead:
        from magnes.report.forecast import forecast_svg

        return forecast_svg(ahead, language, data)
    from magnes.report.standing_picture import standing_svg

    click.echo(translate("cli.no_fan", language), err=True)
    return standing_svg(stands, language)


def _facts(one: Named) -> dict[str, Any]:
    """Return a scenario as plain values: everything of its course on the days that the table shows."""
    from magnes.fit.forecast import days_to_effect
    from magnes.report.forecast import shown_days

    facts = one.course.as_dict()
    days = shown_days([one])
    return {
        "scenario": one.code,
        "sweat_l_per_day": one.sweat_l_per_day,
        "days_to_effect": days_to_effect(one.course),
        **facts,
        "sources": one.sources,
        "rows": [row for row in facts["rows"] if row["day"] in days],
    }
