"""``magnes about``: version, state of the knowledge, tables, authorities."""

from __future__ import annotations

from collections import Counter

import click

from magnes import __version__
from magnes.apps.cli.common import language_option, reports_problems
from magnes.apps.cli.helptext import told
from magnes.knowledge.foods import food_table, nevo_path
from magnes.knowledge.load import knowledge_hash, table, tables
from magnes.knowledge.records import Authority
from magnes.reference import DEFAULT_AUTHORITY
from magnes.text import Language, in_language, translate


@click.command("about", help=told("about"))
@language_option
@reports_problems
def command(language: Language) -> None:
    """Print what this installation knows and how much of it was read in the source."""
    click.echo(f"magnes {__version__}  Apache-2.0  {translate('cli.knowledge', language)} {knowledge_hash()}")
    click.echo(translate("cli.foods", language))
    counts = Counter(row[0].partition(":")[0] for row in food_table().rows)
    for origin, count in counts.items():
        click.echo(f"  {origin:<24} {count:>6}")
    if "nevo" not in counts:
        click.echo("  " + translate("cli.nevo_absent", language, path=nevo_path()))
    click.echo(translate("cli.tables", language))
    for kind, name in tables():
        rows = table(kind)
        checked = [row for row in rows if getattr(row, "verified", None) is True]
        share = f"{len(checked):>6}" if "verified" in kind.model_fields else ""
        click.echo(f"  {name:<24} {len(rows):>6} {share}")
    click.echo(translate("cli.authorities", language))
    for row in table(Authority):
        mark = "*" if row.id == DEFAULT_AUTHORITY else " "
        click.echo(f" {mark}{row.id:<24} {in_language(row, 'name', language)}")
        note = in_language(row, "note", language)
        if note:
            click.echo(f"      {note}")
