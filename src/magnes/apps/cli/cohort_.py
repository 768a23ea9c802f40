"""``magnes cohort``: many virtual people through the body, day by day, to Parquet."""

from __future__ import annotations

import time

import click

from magnes.apps.cli.common import bar, language_option, refuse_blank, reports_problems
from magnes.apps.cli.helptext import told
from magnes.text import Language, number, translate

MOST_WORKERS = 512


@click.command("cohort", help=told("cohort"))
@click.argument("spec", metavar="SPEC.toml")
@click.option("--out", metavar="FOLDER", required=True, help=told("cohort_out"))
@click.option("--workers", type=click.IntRange(1, MOST_WORKERS), default=1, show_default=True, help=told("workers"))
@click.option("--cluster", metavar="ADDRESS", help=told("cluster"))
@click.option("--people", type=click.IntRange(1), help=told("cohort_people"))
@click.option("--days", type=click.IntRange(1), help=told("cohort_days"))
@click.option("--resume", is_flag=True, help=told("resume"))
@language_option
@reports_problems
def command(
    spec: str,
    out: str,
    workers: int,
    cluster: str | None,
    people: int | None,
    days: int | None,
    resume: bool,
    language: Language,
) -> None:
    """Read, make what is missing, say how many have low serum."""
    from magnes.population.cohort import cohort
    from magnes.population.cohort_spec import read_cohort, with_sizes
    from magnes.population.cohort_tables import at_day, low_serum
    from magnes.population.pool import EXAMPLES

    refuse_blank(SPEC=spec, out=out, cluster=cluster)
    asked = with_sizes(read_cohort(spec), people=people, days=days)
    begin = time.monotonic()
    with bar("cli.cohort_people", language) as tell:
        done = cohort(
            asked,
            out=out,
            workers=workers,
            cluster=cluster,
            resume=resume,
            progress=lambda now, whole: tell(now / whole),
        )
    seconds = number(time.monotonic() - begin, language, 1)
    facts = {"people": asked.people.number, "days": asked.days, "parts": done.made, "seconds": seconds, "path": out}
    click.echo(translate("cli.cohort_done", language, **facts))
    before, after = (low_serum(at_day(out, day)) for day in (0, None))
    for first, last in zip(before.iter_rows(named=True), after.iter_rows(named=True), strict=True):
        shares = {"before": first["below_percent"], "after": last["below_percent"]}
        click.echo(
            translate(
                "cli.cohort_low",
                language,
                cut_off=number(first["cut_off_mmol_per_l"], language, 2),
                days=asked.days,
                **{name: number(share, language, 1) for name, share in shares.items()},
            )
        )
    click.echo(translate("cli.cohort_note", language))
    if asked.people.like == EXAMPLES:
        click.echo(translate("cli.cohort_examples", language))
