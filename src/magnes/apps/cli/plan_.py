"""``magnes plan``: how a person stands, what lies ahead, what to change, what to take and when."""

from __future__ import annotations

import json

import click

from magnes.apps.cli.common import (
    STOP,
    all_problems,
    finding_words,
    json_option,
    language_option,
    refuse_blank,
    reports_problems,
    write_file,
)
from magnes.apps.cli.helptext import told
from magnes.diary import resolve
from magnes.readers.diary_csv import read_diary
from magnes.readers.person_toml import read_person
from magnes.readers.products_csv import read_products
from magnes.reference import check_authority
from magnes.report.build import assess
from magnes.text import Language, translate

MOST_DAYS = 3650


@click.command("plan", help=told("plan"))
@click.argument("person", metavar="PERSON.toml")
@click.option("--diary", metavar="D.csv", help=told("diary"))
@click.option("--authority", metavar="ID", help=told("authority"))
@click.option("--prices", metavar="P.csv", help=told("prices"))
@click.option("--days", type=click.IntRange(1, MOST_DAYS), default=180, show_default=True, help=told("days"))
@click.option("--draws", type=click.IntRange(50, 10_000), default=500, show_default=True, help=told("fit_draws"))
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help=told("seed"))
@json_option
@click.option("--html", metavar="OUT.html", help=told("html"))
@language_option
@reports_problems
def command(
    person: str,
    diary: str | None,
    authority: str | None,
    prices: str | None,
    days: int,
    draws: int,
    seed: int,
    as_json: bool,
    html: str | None,
    language: Language,
) -> None:
    """Read, plan part by part, show; a dose that may not be shown ends with exit code 3."""
    refuse_blank(PERSON=person, diary=diary, prices=prices, html=html)
    if authority is not None:
        check_authority(authority, "--authority")
    who, eaten, products = all_problems(
        lambda: read_person(person),
        lambda: resolve(read_diary(diary)) if diary is not None else None,
        lambda: read_products(prices) if prices is not None else (),
    )
    from magnes.advice.plan import plan  # SciPy and the solvers load here, not for --help
    from magnes.report.plan import plan_text

    found = plan(
        who,
        eaten,
        authority=authority,
        products=products or (),
        days=days,
        draws=draws,
        seed=seed,
        told=lambda part: click.echo(translate(f"plan.part.{part}", language), err=True),
    )
    if html is not None:
        from magnes.report.html import page

        write_file(html, page(assess(who, eaten, authority=authority), language, found))
    if as_json:
        click.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=1, allow_nan=False))
    else:
        serious = [one for one in found.findings if one.severity in ("stop", "block", "major")]
        for finding in serious:
            click.echo(finding_words(finding, language))
        click.echo(("\n" if serious else "") + plan_text(found, language))
    if html is not None:
        click.echo(translate("cli.report_written", language, path=html), err=as_json)
    if found.stopped:
        raise click.exceptions.Exit(STOP)
