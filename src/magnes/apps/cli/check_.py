"""``magnes check``: findings on a person's medicines, conditions and supplements, without a diary."""

from __future__ import annotations

import click

from magnes.apps.cli.common import STOP, finding_words, language_option, refuse_blank, reports_problems
from magnes.apps.cli.helptext import told
from magnes.readers.person_toml import read_person
from magnes.report.build import assess
from magnes.report.wording import marked
from magnes.text import Language, translate


@click.command("check", help=told("check"))
@click.argument("person", metavar="PERSON.toml")
@language_option
@reports_problems
def command(person: str, language: Language) -> None:
    """Print every finding with severity, what to do, sources and whether they were read."""
    refuse_blank(PERSON=person)
    result = assess(read_person(person))
    click.echo(translate("cli.magnesium_only", language) + "\n")
    told_after = False
    for finding in result.findings:
        if result.stops and finding.severity not in ("stop", "block") and not told_after:
            click.echo("\n" + translate("cli.after_stop", language))
            told_after = True
        click.echo(finding_words(finding, language))
        proof = " ".join(filter(None, (finding.rule, ", ".join(finding.sources))))
        click.echo("    " + marked(f"[{proof}]", language, verified=finding.verified))
    if not result.findings:
        click.echo(translate("cli.no_findings", language))
    click.echo(translate("cli.disclaimer", language))
    if result.stops:
        raise click.exceptions.Exit(STOP)
