"""``magnes trial``: a virtual trial from a TOML file, its power, or how many people it needs."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from magnes.apps.cli.common import bar, language_option, refuse_blank, reports_problems, write_file
from magnes.apps.cli.helptext import told
from magnes.errors import InputProblems, Problem
from magnes.text import Language, translate

if TYPE_CHECKING:
    from magnes.population.trial_spec import TrialSpec

KINDS = (".json", ".parquet")


@click.command("trial", help=told("trial"))
@click.argument("spec", metavar="SPEC.toml")
@click.option("--power", "wants_power", is_flag=True, help=told("trial_power"))
@click.option("--survey", metavar="FOLDER", help=told("trial_survey"))
@click.option("--out", metavar="FILE", help=told("trial_out"))
@click.option("--svg", metavar="OUT.svg", help=told("trial_svg"))
@language_option
@reports_problems
def command(
    spec: str, wants_power: bool, survey: str | None, out: str | None, svg: str | None, language: Language
) -> None:
    """Read, draw people, follow them, analyse, show."""
    refuse_blank(SPEC=spec, survey=survey, out=out, svg=svg)
    if out is not None and Path(out).suffix not in KINDS:
        raise InputProblems([Problem("trial_out", field="--out", found=out, accepted=", ".join(KINDS))])
    if wants_power and svg is not None:
        raise click.UsageError(told("trial_no_svg"))
    from magnes.population.trial_spec import read_trial  # SciPy loads below, not for --help

    asked = read_trial(spec)
    if wants_power:
        _show_power(asked, survey, out, language)
    else:
        _show_trial(asked, survey, out, svg, language)
    for path in filter(None, (out, svg)):
        click.echo(translate("cli.trial_written", language, path=path))


def _show_trial(asked: TrialSpec, survey: str | None, out: str | None, svg: str | None, language: Language) -> None:
    from magnes.population.trial import run
    from magnes.population.trial_course import Crowd
    from magnes.population.trial_people import people_of
    from magnes.report.trial import trial_text

    people = people_of(asked.people, survey)
    with bar("cli.trial_following", language) as tell:
        found = run(Crowd.of(people), asked, progress=tell)
    click.echo(trial_text(found, language))
    click.echo(translate("cli.trial_people", language, source=people.pool.source))
    if out is not None:
        told_of = found.as_dict() | {"people": asked.people.model_dump(mode="json"), "survey": people.pool.source}
        _write(out, told_of, found.frame)
    if svg is not None:
        from magnes.report.trial_picture import trial_svg

        write_file(svg, trial_svg(found, language))


def _show_power(asked: TrialSpec, survey: str | None, out: str | None, language: Language) -> None:
    from magnes.population.power import power_of, size_of
    from magnes.population.trial_course import Crowd
    from magnes.population.trial_people import people_of
    from magnes.report.trial import power_text, size_text

    plan, people = asked.power, people_of(asked.people, survey, number=asked.power.pool)
    crowd = Crowd.of(people)
    with bar("cli.trial_simulating", language) as tell:
        if plan.people is None:
            size = size_of(crowd, asked, target=plan.target, trials=plan.trials, alpha=plan.alpha, progress=tell)
            rows, words, found = size.at, size_text(size, language), asdict(size)
        else:
            rows = power_of(crowd, asked, number=plan.people, trials=plan.trials, alpha=plan.alpha, progress=tell)
            words, found = power_text(rows, language), {"at": [asdict(row) for row in rows]}
    click.echo(words)
    click.echo(translate("cli.trial_people", language, source=people.pool.source))
    if out is not None:
        from magnes.population.written import provenance

        found |= {"design": asked.model_dump(mode="json"), "provenance": provenance(seed=asked.seed)}
        _write(out, found | {"survey": people.pool.source}, lambda: _frame([asdict(row) for row in rows]))


def _frame(rows: Sequence[dict[str, Any]]) -> Any:
    import polars

    return polars.DataFrame(rows)


def _write(out: str, found: dict[str, Any], frame: Callable[[], Any]) -> None:
    """Write everything as JSON, or the rows as Parquet with where they come from."""
    if Path(out).suffix == ".json":
        write_file(out, json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False) + "\n")
        return
    from magnes.population.written import write_table

    write_table(frame(), out, found["provenance"])
