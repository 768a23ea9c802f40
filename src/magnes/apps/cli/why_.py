"""``magnes why``: the mechanism behind a sign, a function or a cause, how sure it is, and what else it may be."""

from __future__ import annotations

import click

from magnes.advice.evidence import evidence
from magnes.apps.cli.common import (
    json_option,
    language_option,
    print_json,
    print_names,
    refuse_blank,
    reports_problems,
    write_file,
)
from magnes.apps.cli.helptext import told
from magnes.errors import InputProblems, Problem
from magnes.graph import Explanation, why
from magnes.knowledge.indications import Indication
from magnes.knowledge.ledger import Cause, Function, Sign
from magnes.knowledge.load import table
from magnes.report.answers.evidence import evidence_in_short
from magnes.report.answers.graph import graph_svg, shown_paths
from magnes.report.answers.names import graph_names
from magnes.report.answers.paragraphs import lines
from magnes.report.answers.why import explained
from magnes.text import Language, translate


@click.command("why", help=told("why"))
@click.argument("words", nargs=-1, metavar="[NAME]")
@click.option("--all", "everything", is_flag=True, help=told("all_claims"))
@click.option("--svg", metavar="FILE", help=told("why_svg"))
@json_option
@language_option
@reports_problems
def command(words: tuple[str, ...], everything: bool, svg: str | None, as_json: bool, language: Language) -> None:
    """Print every sign, function or cause that the question names, or the names there are."""
    refuse_blank(svg=svg)
    if not words:
        rows = (*table(Sign), *table(Function), *table(Cause))
        print_names(rows, graph_names(language), as_json=as_json, one_wanted=everything or bool(svg))
        return
    question = " ".join(words)
    try:
        found = why(question)
    except InputProblems:
        studied = _studied(question)
        if not studied or as_json or svg:
            raise
        click.echo(translate("answer.only_studied", language) + "\n")
        click.echo("\n\n".join("\n".join(lines(evidence_in_short(row, language))) for row in studied))
        click.echo("\n" + translate("cli.disclaimer", language))
        return
    if svg:
        write_file(svg, _drawn(found, language))
    if as_json:
        print_json(found)
        return
    click.echo("\n\n".join("\n".join(lines(explained(one, language, everything=everything))) for one in found))
    click.echo("\n" + translate("cli.disclaimer", language))


def _drawn(found: tuple[Explanation, ...], language: Language) -> str:
    """Draw what has a way from magnesium; what is an alarm has none."""
    ways = [one for one in found if shown_paths(one)]
    if not ways:
        raise InputProblems([Problem("nothing_to_draw", field="--svg")])
    return graph_svg(ways, language)


def _studied(question: str) -> tuple[Indication, ...]:
    """Return indications of that name: what is no sign may still have been studied."""
    try:
        return evidence(question)
    except InputProblems:
        return ()
