"""What the verbs share: the language option, problems to standard error with exit code 1, writing files."""

from __future__ import annotations

import functools
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click
from pydantic import BaseModel

from magnes.advice.finding import Finding
from magnes.apps.cli.helptext import default_language, told
from magnes.errors import InputProblems, Problem
from magnes.text import Language, action_text, finding_text, problem_text, translate

__all__ = [
    "INPUT_ERROR",
    "STOP",
    "all_problems",
    "bar",
    "finding_words",
    "json_option",
    "language_option",
    "print_json",
    "print_names",
    "progress",
    "refuse_blank",
    "reports_problems",
    "tell",
    "write_file",
    "writing",
]

INPUT_ERROR, STOP = 1, 3
PATIENCE_S = 2.0  # what takes longer tells how far it is
BAR_STEPS = 1000

P = ParamSpec("P")
R = TypeVar("R")

language_option = click.option(
    "--lang",
    "language",
    type=click.Choice(["nl", "en"]),
    default=default_language,
    help=told("lang"),
)
json_option = click.option("--json", "as_json", is_flag=True, help=told("json"))


def print_json(rows: Iterable[BaseModel], more: Iterable[dict[str, Any]] | None = None) -> None:
    """Print records as a JSON list, each with what ``more`` adds to it."""
    records = [row.model_dump(mode="json", by_alias=True) for row in rows]
    added = more or [{}] * len(records)
    shown = [record | extra for record, extra in zip(records, added, strict=True)]
    click.echo(json.dumps(shown, ensure_ascii=False, indent=2))


def print_names(rows: Iterable[BaseModel], lines: Iterable[str], *, as_json: bool, one_wanted: bool) -> None:
    """Print all that can be asked, as JSON or as lines; ``one_wanted``: an option asked for something of one name."""
    if one_wanted:
        raise click.UsageError(told("name_wanted"))
    if as_json:
        print_json(rows)
    else:
        click.echo("\n".join(lines))


def finding_words(finding: Finding, language: Language) -> str:
    """Return what was found with its severity, and what to do on the line below."""
    severity = translate(f"severity.{finding.severity}", language)
    return f"{severity}: {finding_text(finding, language)}\n    {action_text(finding, language)}"


def reports_problems(verb: Callable[P, R]) -> Callable[P, R]:
    """Turn ``InputProblems`` into readable lines and exit code 1."""

    @functools.wraps(verb)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return verb(*args, **kwargs)
        except InputProblems as error:
            language: Any = kwargs.get("language", default_language())
            tell(error.problems, language)
            raise click.exceptions.Exit(INPUT_ERROR) from None

    return run


def tell(problems: Iterable[Problem], language: Language, *, end: str = "cli.problems") -> None:
    """Print every problem, then how many there are (``end`` of a text id, or that of one problem).

    A word that was typed and not found is one line: nobody expects a computation of it.
    """
    found = list(problems)
    for problem in found:
        click.echo(problem_text(problem, language), err=True)
    if not any(problem.file or problem.field for problem in found):
        return
    text_id = "cli.one_problem" if len(found) == 1 and end == "cli.problems" else end
    click.echo(translate(text_id, language, count=len(found)), err=True)


def all_problems(*steps: Callable[[], Any]) -> list[Any]:
    """Run independent steps; raise the problems of all of them together."""
    results: list[Any] = []
    problems: list[Problem] = []
    for step in steps:
        try:
            results.append(step())
        except InputProblems as error:
            problems += error.problems
    if problems:
        raise InputProblems(problems)
    return results


def progress(language: Language) -> Callable[[float], None]:
    """Return what tells on standard error how far a computation is, from two seconds on; not when it is done."""
    start = time.monotonic()

    def report(share: float) -> None:
        if share < 1 and time.monotonic() - start > PATIENCE_S:
            click.echo(translate("cli.usual_progress", language, percent=round(100 * share)), err=True)

    return report


@contextmanager
def bar(text_id: str, language: Language) -> Iterator[Callable[[float], None]]:
    """Show a bar on standard error; yields what takes the share that is done."""
    with click.progressbar(length=BAR_STEPS, label=translate(text_id, language), file=sys.stderr) as shown:
        yield lambda share: shown.update(round(share * BAR_STEPS) - shown.pos)


def refuse_blank(**paths: str | None) -> None:
    """Refuse a path that was given and is blank: a file that is missing, never an option left out.

    Raises ``InputProblems``; a keyword is the name of an option, or of an argument in capitals.
    """
    blank = [name for name, path in paths.items() if path is not None and not path.strip()]
    if blank:
        fields = [name if name.isupper() else f"--{name}" for name in blank]
        raise InputProblems([Problem("file_missing", field=field) for field in fields])


def write_file(path: str, text: str) -> None:
    """Write text, or raise the problem that the place cannot be written."""
    with writing(path):
        Path(path).write_text(text, encoding="utf-8", newline="")


@contextmanager
def writing(path: str) -> Iterator[None]:
    """Turn what the system says of a place that cannot be written into a problem."""
    try:
        yield
    except OSError as error:
        raise InputProblems([Problem("file_unwritable", path, found=error.strerror or str(error))]) from None
