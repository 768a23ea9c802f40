"""``magnes lab``: reference intervals and cut-offs of magnesium, and what disturbs the measurement."""

from __future__ import annotations

import click

from magnes.apps.cli.common import json_option, language_option, print_json, reports_problems
from magnes.apps.cli.helptext import told
from magnes.knowledge.ledger import LabInterference
from magnes.knowledge.load import table
from magnes.knowledge.records import LabReference
from magnes.report.answers.lab import laboratory
from magnes.report.answers.paragraphs import lines
from magnes.text import Language, translate


@click.command("lab", help=told("lab"))
@json_option
@language_option
@reports_problems
def command(as_json: bool, language: Language) -> None:
    """Print all of them: they disagree, and that is shown."""
    if as_json:
        print_json([*table(LabReference), *table(LabInterference)])
        return
    click.echo("\n".join(lines(laboratory(language))))
    click.echo("\n" + translate("cli.disclaimer", language))
