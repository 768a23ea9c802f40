"""``magnes food``: what a name means, how much magnesium is in it, and which measures it has."""

from __future__ import annotations

import click

from magnes.apps.cli.common import INPUT_ERROR, language_option, reports_problems
from magnes.apps.cli.helptext import told
from magnes.estimate import Estimate
from magnes.kitchen import water_magnesium
from magnes.knowledge.foods import composition
from magnes.matching import Candidate, matcher
from magnes.portions import accepted_units
from magnes.report.wording import amount
from magnes.text import Language, translate

MEASURES_SHOWN = 16


@click.command("food", help=told("food"))
@click.argument("name", nargs=-1, required=True)
@language_option
@reports_problems
def command(name: tuple[str, ...], language: Language) -> None:
    """Print the food, or the candidates of an ambiguous name; exit 1 when nothing is found."""
    asked = " ".join(name)
    match = matcher().match(asked)
    if match.food:
        if match.kind == "typo":
            click.echo(translate("cli.read_as", language, asked=asked, name=match.food.name))
        _details(match.food, language)
        return
    found = match.candidates if match.kind == "ambiguous" else tuple(matcher().search(asked))
    if match.kind == "ambiguous":
        click.echo(translate("cli.food_ambiguous", language, name=asked))
    else:
        click.echo(translate("cli.food_unknown", language, name=asked), err=not found)
    for candidate in found:
        click.echo(_line(candidate, language))
    if not found:
        raise click.exceptions.Exit(INPUT_ERROR)


def _content(food: Candidate) -> Estimate | None:
    if food.code.startswith("water:"):
        return water_magnesium(food.code.partition(":")[2])
    basic = matcher().basic(food.basic)
    return composition(food.code, tuple(basic.also) if basic else ())


def _line(food: Candidate, language: Language) -> str:
    content = _content(food)
    if content is None:
        found = translate("cli.no_value", language)
    else:
        unread = "" if content.verified else " " + translate("estimate.unverified", language)
        found = amount(content, language) + unread
    return f"  {food.code:<22} {food.name[:44]:<44} {found}"


def _details(food: Candidate, language: Language) -> None:
    basic = matcher().basic(food.basic)
    click.echo(_line(food, language).strip())
    content = _content(food)
    if content:
        click.echo("    " + translate("cli.sources", language, keys=", ".join(content.sources)))
    for code in basic.also if basic else ():
        click.echo(_line(Candidate(code, translate("cli.same_food", language)), language))
    if basic and basic.cooked:
        click.echo(_line(Candidate(basic.cooked, translate("cli.cooked", language)), language))
    units = accepted_units(food, basic)
    click.echo("    " + translate("cli.measures", language, units=", ".join(units[:MEASURES_SHOWN])))
