"""``magnes lab``: reference intervals and cut-offs of magnesium, and what disturbs the measurement."""

from __future__ import annotations

import click

from magnes.apps.cli.common import language_option
from magnes.apps.cli.helptext import told
from magnes.report.answers.lab import laboratory
from magnes.text import Language, translate


@click.command("lab", help=told("lab"))
@language_option
def command(language: Language) -> None:
    """Print all of them: they disagree, and that is shown."""
    click.echo("\n".join(laboratory(language)))
    click.echo("\n" + translate("cli.disclaimer", language))
