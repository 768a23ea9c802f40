"""``magnes evidence``: what was claimed, what trials found, and whether it holds for one person."""

from __future__ import annotations

import click

from magnes.advice.evidence import applies, evidence
from magnes.apps.cli.common import (
    STOP,
    all_problems,
    finding_words,
    json_option,
    language_option,
    print_json,
    print_names,
    refuse_blank,
    reports_problems,
    write_file,
)
from magnes.apps.cli.helptext import told
from magnes.knowledge.indications import Indication
from magnes.knowledge.load import table
from magnes.readers.person_toml import read_person
from magnes.report.answers.evidence import evidence_in_full
from magnes.report.answers.forest import forest_svg
from magnes.report.answers.names import indication_names
from magnes.report.answers.paragraphs import lines
from magnes.report.build import Assessment, assess
from magnes.text import Language, translate

SERIOUS = ("stop", "block", "major")


@click.command("evidence", help=told("evidence"))
@click.argument("words", nargs=-1, metavar="[NAME]")
@click.option("--person", metavar="PERSON.toml", help=told("evidence_person"))
@click.option("--svg", metavar="FILE", help=told("svg"))
@json_option
@language_option
@reports_problems
def command(words: tuple[str, ...], person: str | None, svg: str | None, as_json: bool, language: Language) -> None:
    """Print every indication that the question names; a person's serious findings go first, a stop exits with 3.

    Without a name: all indications with how sure they are.
    """
    refuse_blank(person=person, svg=svg)
    if not words:
        print_names(table(Indication), indication_names(language), as_json=as_json, one_wanted=bool(person or svg))
        return
    found, who = all_problems(lambda: evidence(" ".join(words)), lambda: read_person(person) if person else None)
    state = assess(who) if who else None
    holds = [applies(row, who, state.findings, state.limit) if state else None for row in found]
    if svg:
        write_file(svg, forest_svg(found, language))
    if as_json:
        print_json(found, [{"applies": one.model_dump()} if one else {} for one in holds])
    else:
        if state:
            _findings(state, language)
        limit_mg = state.limit.limit.value if state and state.limit.limit else None
        parts = [evidence_in_full(row, language, one, limit_mg) for row, one in zip(found, holds, strict=True)]
        click.echo("\n\n".join("\n".join(lines(part)) for part in parts))
        click.echo("\n" + translate("cli.disclaimer", language))
    if state and state.stops:
        raise click.exceptions.Exit(STOP)


def _findings(state: Assessment, language: Language) -> None:
    """Print what is serious about the person, with what to do, before any evidence."""
    for finding in state.findings:
        if finding.severity in SERIOUS:
            click.echo(finding_words(finding, language) + "\n")
