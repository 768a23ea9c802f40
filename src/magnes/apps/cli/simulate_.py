"""``magnes simulate``: what happens in the body over days to years, after a medicine stops or a supplement begins."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

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
from magnes.body.scenario import stopped
from magnes.diary import Eaten, resolve
from magnes.person import Person
from magnes.readers.added import read_added
from magnes.readers.diary_csv import read_diary
from magnes.readers.person_toml import read_person
from magnes.report.build import assess
from magnes.text import Language, translate

if TYPE_CHECKING:
    from magnes.body.scenario import Drawn

MOST_DAYS, MOST_MEAL_DAYS, FEWEST_DRAWS = 3650, 366, 50
QUICK_BODY_DAYS = 1000  # meal by meal in about two seconds


@click.command("simulate", help=told("simulate"))
@click.argument("person", metavar="PERSON.toml")
@click.option("--diary", metavar="D.csv", help=told("diary"))
@click.option("--days", type=click.IntRange(1, MOST_DAYS), default=90, show_default=True, help=told("days"))
@click.option("--mode", type=click.Choice(["daily", "meals"]), default="daily", help=told("mode"))
@click.option("--stop", multiple=True, metavar="MEDICINE", help=told("stop"))
@click.option("--add", multiple=True, metavar="SALT:MG@TIMES", help=told("add"))
@click.option("--draws", type=click.IntRange(0, 10_000), default=100, show_default=True, help=told("draws"))
@click.option("--seed", type=click.IntRange(0), default=1, help=told("seed"))
@json_option
@click.option("--svg", metavar="OUT.svg", help=told("course_svg"))
@language_option
@reports_problems
def command(
    person: str,
    diary: str | None,
    days: int,
    mode: str,
    stop: tuple[str, ...],
    add: tuple[str, ...],
    draws: int,
    seed: int,
    as_json: bool,
    svg: str | None,
    language: Language,
) -> None:
    """Read, check the added dose against the safety rules, follow the body, show."""
    refuse_blank(PERSON=person, diary=diary, svg=svg)
    if 0 < draws < FEWEST_DRAWS:
        raise click.UsageError(told("few_draws"))
    if mode == "meals" and days > MOST_MEAL_DAYS:
        raise click.UsageError(told("meal_days"))
    who, eaten = all_problems(
        lambda: read_person(person),
        lambda: resolve(read_diary(diary)) if diary is not None else None,
    )
    added, _ = all_problems(lambda: read_added(add, who), lambda: stopped(who, stop))
    later = who.model_copy(update={"supplements": (*who.supplements, *added)})
    judged = assess(later, eaten)
    if judged.stops:
        click.echo("\n".join(finding_words(finding, language) for finding in judged.stops))
        raise click.exceptions.Exit(STOP)
    if added and not as_json:
        for finding in judged.findings:
            if finding.severity == "major":
                click.echo(finding_words(finding, language))
    if mode == "meals" and days * draws > QUICK_BODY_DAYS:
        click.echo(translate("cli.long_run", language, draws=draws, days=days), err=True)
    from magnes.body.course import simulate  # SciPy loads here, not for --help

    course = simulate(
        who,
        eaten,
        days=days,
        mode="meals" if mode == "meals" else "daily",
        stop=stop,
        add=added,
        draws=draws,
        seed=seed,
        fitted=_fitted(who, eaten, draws, seed, language),
    )
    if svg is not None:
        from magnes.report.course import course_svg

        write_file(svg, course_svg(course, language))
    if as_json:
        click.echo(json.dumps(course.as_dict(), ensure_ascii=False, indent=1, allow_nan=False))
    else:
        from magnes.report.course import course_text

        click.echo(course_text(course, language))


def _fitted(who: Person, eaten: Eaten | None, draws: int, seed: int, language: Language) -> Drawn | None:
    """Return bodies that agree with the laboratory values; ``None`` without values or bands, or when they cannot."""
    from magnes.fit.data import data_of

    if not draws or not data_of(who):
        return None
    from magnes.fit.individual import individual

    found = individual(who, eaten, draws=draws, seed=seed)
    if found.refused:
        click.echo(translate("cli.labs_refused", language), err=True)
        return None
    return found.drawn
