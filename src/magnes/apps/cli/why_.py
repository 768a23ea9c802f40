"""``magnes why``: the mechanism behind a sign, a function or a cause, how sure it is, and what else it may be."""

from __future__ import annotations

import click

from magnes.advice.evidence import evidence
from magnes.apps.cli.common import (
    json_option,
    language_option,
    print_json,
    refuse_blank,
    reports_problems,
    write_file,
)
from magnes.apps.cli.helptext import told
from magnes.errors import InputProblems
from magnes.graph import why
from magnes.knowledge.indications import Indication
from magnes.report.answers.graph import graph_svg
from magnes.report.answers.why import explained
from magnes.text import Language, in_language, translate


@click.command("why", help=told("why"))
@click.argument("words", nargs=-1, required=True, metavar="NAME")
@click.option("--svg", metavar="FILE", help=told("why_svg"))
@json_option
@language_option
@reports_problems
def command(words: tuple[str, ...], svg: str | None, as_json: bool, language: Language) -> None:
    """Print every sign, function or cause that the question names."""
    refuse_blank(svg=svg)
    question = " ".join(words)
    try:
        found = why(question)
    except InputProblems:
        for row in _studied(question):
            hint = translate("answer.more_evidence", language, name=in_language(row, "name", language))
            click.echo(hint, err=True)
        raise
    if svg:
        write_file(svg, graph_svg(found, language))
    if as_json:
        print_json(found)
        return
    click.echo("\n\n".join("\n".join(explained(one, language)) for one in found))
    click.echo("\n" + translate("cli.disclaimer", language))


def _studied(question: str) -> tuple[Indication, ...]:
    """Return indications of that name: what is no sign may still have been studied."""
    try:
        return evidence(question)
    except InputProblems:
        return ()
