"""``magnes medicine``: a medicine and magnesium, without a person file."""

from __future__ import annotations

import click

from magnes.advice.check import interactions_of
from magnes.apps.cli.common import json_option, language_option, print_json, reports_problems
from magnes.apps.cli.helptext import told
from magnes.knowledge.names import asked_medicine
from magnes.report.answers.medicine import medicine_in_full
from magnes.report.answers.paragraphs import lines
from magnes.text import Language, translate


@click.command("medicine", help=told("medicine"))
@click.argument("name", nargs=-1, required=True)
@json_option
@language_option
@reports_problems
def command(name: tuple[str, ...], as_json: bool, language: Language) -> None:
    """Print the medicine with its interactions; exit 1 when the name is unknown or only like a known one."""
    asked = " ".join(name)
    atc = asked_medicine(asked)
    if as_json:
        print_json(interactions_of(atc, asked))
        return
    click.echo("\n".join(lines(medicine_in_full(atc, asked, language))))
    click.echo("\n" + translate("cli.disclaimer", language))
