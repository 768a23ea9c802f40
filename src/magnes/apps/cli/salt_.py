"""``magnes salt``: a magnesium compound by any of its names, or all of them in a list."""

from __future__ import annotations

import click

from magnes.apps.cli.common import json_option, language_option, print_json, reports_problems
from magnes.apps.cli.helptext import told
from magnes.knowledge.load import table
from magnes.knowledge.names import asked_salts
from magnes.knowledge.records import Salt
from magnes.report.answers.paragraphs import lines
from magnes.report.answers.salt import salt_in_full
from magnes.text import Language, in_language, number


@click.command("salt", help=told("salt"))
@click.argument("name", nargs=-1)
@json_option
@language_option
@reports_problems
def command(name: tuple[str, ...], as_json: bool, language: Language) -> None:
    """Print the salts that a name means, or the list with mg of magnesium in 1000 mg."""
    asked = " ".join(name)
    rows = asked_salts(asked) if asked else table(Salt)
    if as_json:
        print_json(rows)
        return
    if asked:
        click.echo("\n\n".join("\n".join(lines(salt_in_full(row, language))) for row in rows))
        return
    for row in rows:
        share = row.magnesium_mass_fraction
        content = f"{number(1000 * share, language):>5} mg" if share else ""
        click.echo(f"{row.id:<8}{in_language(row, 'name', language):<52}{content}")
