"""``magnes evidence``: what was claimed, what trials found, and whether it holds for one person."""

from __future__ import annotations

import click

from magnes.advice.evidence import applies, evidence
from magnes.apps.cli.common import (
    all_problems,
    json_option,
    language_option,
    print_json,
    refuse_blank,
    reports_problems,
    write_file,
)
from magnes.apps.cli.helptext import told
from magnes.readers.person_toml import read_person
from magnes.report.answers.evidence import evidence_in_full
from magnes.report.answers.forest import forest_svg
from magnes.report.build import assess
from magnes.text import Language, translate


@click.command("evidence", help=told("evidence"))
@click.argument("words", nargs=-1, required=True, metavar="NAME")
@click.option("--person", metavar="PERSON.toml", help=told("evidence_person"))
@click.option("--svg", metavar="FILE", help=told("svg"))
@json_option
@language_option
@reports_problems
def command(words: tuple[str, ...], person: str | None, svg: str | None, as_json: bool, language: Language) -> None:
    """Print every indication that the question names."""
    refuse_blank(person=person, svg=svg)
    found, who = all_problems(lambda: evidence(" ".join(words)), lambda: read_person(person) if person else None)
    findings = assess(who).findings if who else ()
    holds = [applies(row, who, findings) if who else None for row in found]
    if svg:
        write_file(svg, forest_svg(found, language))
    if as_json:
        print_json(found, [{"applies": one.model_dump()} if one else {} for one in holds])
        return
    parts = [evidence_in_full(row, language, one) for row, one in zip(found, holds, strict=True)]
    click.echo("\n\n".join("\n".join(part) for part in parts))
    click.echo("\n" + translate("cli.disclaimer", language))
