"""``magnes import``: tables that a user may have and we may not ship."""

from __future__ import annotations

import click

from magnes.apps.cli.common import language_option, refuse_blank, reports_problems
from magnes.apps.cli.helptext import told
from magnes.knowledge.foods import nevo_path
from magnes.readers.nevo import import_nevo
from magnes.text import Language, translate


@click.group("import", help=told("import"))
def command() -> None:
    """Group of imports."""


@command.command("nevo", help=told("nevo"))
@click.argument("file")
@language_option
@reports_problems
def nevo(file: str, language: Language) -> None:
    """Check the file, store it in the user's own data folder, say how many foods it had."""
    refuse_blank(FILE=file)
    target = nevo_path()
    count = import_nevo(file, target)
    click.echo(translate("cli.nevo_imported", language, count=count, path=target))
