"""``magnes knowledge``: check every table, or export them all as a data package."""

from __future__ import annotations

import time
from pathlib import Path

import click

from magnes import __version__
from magnes.apps.cli.common import INPUT_ERROR, language_option, refuse_blank, reports_problems, tell, writing
from magnes.apps.cli.helptext import told
from magnes.knowledge.load import table, tables
from magnes.text import Language, number, translate
from magnes.text.complete import untold

SHOWN = 20


@click.group("knowledge", help=told("knowledge"))
def command() -> None:
    """Check or export."""


@command.command("check", help=told("knowledge_check"))
@click.option("--all", "everything", is_flag=True, help=told("all_unverified"))
@language_option
@reports_problems
def check(everything: bool, language: Language) -> None:
    """Print every problem (exit code 1), else how much was checked and what nobody has verified."""
    from magnes.knowledge.checks import check_knowledge  # the unit grammar costs a third of a second

    began = time.perf_counter()
    problems = check_knowledge() or untold()
    if problems:
        tell(problems, language, end="cli.knowledge_wrong")
        raise click.exceptions.Exit(INPUT_ERROR)
    rows = sum(len(table(kind)) for kind, _ in tables())
    seconds = number(time.perf_counter() - began, language, 1)
    click.echo(translate("cli.knowledge_fine", language, tables=len(tables()), rows=rows, seconds=seconds))
    from magnes.knowledge.weigh import unverified

    open_rows = unverified()
    click.echo(translate("cli.knowledge_unverified", language, count=len(open_rows)))
    shown = open_rows if everything else open_rows[:SHOWN]
    for row in shown:
        click.echo(f"  {row.weight}  {row.table:<28} {row.name:<40} {row.file}:{row.line}")
    if len(shown) < len(open_rows):
        click.echo(translate("cli.knowledge_more", language, count=len(open_rows) - len(shown)))


@command.command("export", help=told("knowledge_export"))
@click.argument("folder", metavar="FOLDER")
@language_option
@reports_problems
def export_(folder: str, language: Language) -> None:
    """Write ``datapackage.json`` and a CSV file per table."""
    from magnes.knowledge.datapackage import export

    refuse_blank(FOLDER=folder)
    with writing(folder):
        made = export(Path(folder), __version__)
    click.echo(translate("cli.knowledge_exported", language, count=len(made) - 1, path=folder))
