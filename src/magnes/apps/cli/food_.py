"""``magnes food``: what a name means, how much magnesium is in it, and which measures it has."""

from __future__ import annotations

from collections.abc import Iterable

import click

from magnes.apps.cli.common import INPUT_ERROR, language_option, reports_problems
from magnes.apps.cli.helptext import told
from magnes.kitchen import food_magnesium
from magnes.matching import Candidate, matcher
from magnes.portions import accepted_units
from magnes.report.wording import amount, marked
from magnes.text import Language, translate

MEASURES_SHOWN = 16


@click.command("food", help=told("food"))
@click.argument("name", nargs=-1, required=True)
@language_option
@reports_problems
def command(name: tuple[str, ...], language: Language) -> None:
    """Print the food, or the candidates of a name that fits several; exit 1 when the name is unknown."""
    asked = " ".join(name)
    match = matcher().match(asked)
    if match.kind in ("ambiguous", "close"):
        click.echo(translate(f"cli.food_{match.kind}", language, name=asked))
        _lines(match.candidates, language)
        return
    if match.food:
        if match.kind == "typo":
            click.echo(translate("cli.read_as", language, asked=asked, name=match.food.name))
        _details(match.food, language)
        return
    found = matcher().search(asked)
    click.echo(translate("cli.food_unknown" if found else "cli.food_nothing", language, name=asked), err=True)
    _lines(found, language)
    raise click.exceptions.Exit(INPUT_ERROR)


def _lines(candidates: Iterable[Candidate], language: Language) -> None:
    for candidate in candidates:
        click.echo(_line(candidate, language))


def _line(food: Candidate, language: Language) -> str:
    content = food_magnesium(food)
    if content is None:
        found = translate("cli.no_value", language)
    else:
        found = marked(amount(content, language), language, verified=content.verified)
    return f"  {food.code:<22} {food.name[:44]:<44} {found}"


def _details(food: Candidate, language: Language) -> None:
    basic = matcher().basic(food.basic)
    click.echo(_line(food, language).strip())
    content = food_magnesium(food)
    if content:
        click.echo("    " + translate("cli.sources", language, keys=", ".join(content.sources)))
    for code in basic.also if basic else ():
        click.echo(_line(Candidate(code, translate("cli.same_food", language)), language))
    if basic and basic.cooked:
        click.echo(_line(Candidate(basic.cooked, translate("cli.cooked", language)), language))
    units = accepted_units(food, basic)
    click.echo("    " + translate("cli.measures", language, units=", ".join(units[:MEASURES_SHOWN])))
