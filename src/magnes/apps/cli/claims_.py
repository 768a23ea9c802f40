"""``magnes claims``: what the five pages state, with verdict, better figure and conflicts."""

from __future__ import annotations

import click

from magnes.apps.cli.common import json_option, language_option, print_json, reports_problems
from magnes.apps.cli.helptext import told
from magnes.report.answers.claims import claim_in_full, claims_list, totals
from magnes.report.answers.paragraphs import lines
from magnes.statements import PAGES, VERDICTS, claims, statement
from magnes.text import Language


@click.command("claims", help=told("claims"))
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--page", type=click.IntRange(PAGES[0], PAGES[-1]), help=told("page"))
@click.option("--verdict", type=click.Choice(VERDICTS), help=told("verdict"))
@click.option("--conflicts", is_flag=True, help=told("conflicts"))
@click.option("--open", "still_open", is_flag=True, help=told("open"))
@json_option
@language_option
@reports_problems
def command(
    ids: tuple[str, ...],
    page: int | None,
    verdict: str | None,
    conflicts: bool,
    still_open: bool,
    as_json: bool,
    language: Language,
) -> None:
    """Print statements: some in full, or a list with its totals."""
    if ids and (page is not None or verdict or conflicts or still_open):
        raise click.UsageError(told("ids_or_filter"))
    rows = (
        tuple(map(statement, ids))
        if ids
        else claims(page=page, verdict=verdict, conflicts=conflicts, still_open=still_open)
    )
    if as_json:
        print_json(rows)
        return
    if ids:
        click.echo("\n\n".join("\n".join(lines(claim_in_full(row, language))) for row in rows))
        return
    for line in lines(claims_list(rows, language, with_conflicts=conflicts)):
        click.echo(line)
    click.echo(totals(rows, language))
