"""``magnes cite``: a source in full or as BibTeX, and how many facts of which tables rest on it."""

from __future__ import annotations

import click

from magnes.apps.cli.common import language_option, reports_problems
from magnes.apps.cli.helptext import told
from magnes.knowledge.cite import as_bibtex, as_text, asked_source
from magnes.knowledge.load import rows_by_source, table
from magnes.knowledge.records import Source
from magnes.text import Language, translate


@click.command("cite", help=told("cite"))
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option("--bibtex", is_flag=True, help=told("bibtex"))
@language_option
@reports_problems
def command(keys: tuple[str, ...], bibtex: bool, language: Language) -> None:
    """Print the named sources with where they are used; without a key all of them, one line or entry each."""
    rows = [asked_source(key) for key in keys] or list(table(Source))
    for row in rows:
        if bibtex:
            click.echo(as_bibtex(row))
        elif keys:
            _in_full(row, language)
        else:
            click.echo(f"{row.key}: {as_text(row)}")


def _in_full(row: Source, language: Language) -> None:
    """Citation, identifiers, licence, whether it was read, and where it is used."""
    click.echo(f"{row.key}: {row.citation}")
    for name in ("title", "pmid", "doi", "url", "licence"):
        value = getattr(row, name)
        if value:
            click.echo(f"  {name}: {value}")
    click.echo("  " + translate("cli.source_read" if row.seen else "cli.source_not_read", language))
    for name, ids in rows_by_source(row.key).items():
        click.echo(f"  {name}: {len(ids)}  {' '.join(ids[:12])}{' …' if len(ids) > 12 else ''}")
