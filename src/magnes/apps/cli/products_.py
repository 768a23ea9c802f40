"""``magnes products``: a table of supplements in the order of the price of absorbed magnesium."""

from __future__ import annotations

from collections.abc import Iterable

import click

from magnes.apps.cli.common import json_option, language_option, refuse_blank, reports_problems
from magnes.apps.cli.helptext import told
from magnes.estimate import Estimate
from magnes.ranking import PART_MG, Ranked, Ranking, Unranked, rank
from magnes.readers.products_csv import read_products
from magnes.report.wording import authority_name, figures, join, printable
from magnes.text import Language, number, translate

WIDEST_NAME = 28
HEADER = ("place", "product", "elemental", "absorbed", "price_per_day", "price_per_part")


@click.command("products", help=told("products"))
@click.argument("file", metavar="FILE.csv")
@json_option
@language_option
@reports_problems
def command(file: str, as_json: bool, language: Language) -> None:
    """Read, order, show; a label that cannot be read is listed with its reason and is no error."""
    refuse_blank(FILE=file)
    ranking = rank(read_products(file))
    if as_json:
        click.echo(ranking.model_dump_json(indent=2))
        return
    for line in _lines(ranking, language):
        click.echo(line)


def _lines(ranking: Ranking, language: Language) -> Iterable[str]:
    if ranking.ranked:
        rows = [tuple(translate(f"product.header_{name}", language, part=PART_MG) for name in HEADER)]
        rows += [_cells(item, language) for item in ranking.ranked]
        widths = [max(len(row[column]) for row in rows) for column in range(len(HEADER))]
        yield _row(rows[0], widths)
        for item, row in zip(ranking.ranked, rows[1:], strict=True):
            yield _row(row, widths)
            yield from (f"{'':{widths[0]}}  - {remark}" for remark in _remarks(item, ranking, language))
        yield ""
        yield translate("product.order", language, part=PART_MG)
        if not all(item.absorbed.verified for item in ranking.ranked):
            yield translate("product.unverified", language)
    if ranking.unranked:
        yield ""
        yield translate("product.not_ranked", language)
        yield from (_not_ranked(item, language) for item in ranking.unranked)
    yield ""
    yield translate("cli.disclaimer", language)


def _row(cells: tuple[str, ...], widths: list[int]) -> str:
    names = [f"{cell:<{width}}" for cell, width in zip(cells[:2], widths[:2], strict=True)]
    numbers = [f"{cell:>{width}}" for cell, width in zip(cells[2:], widths[2:], strict=True)]
    return "  ".join((*names, *numbers)).rstrip()


def _cells(item: Ranked, language: Language) -> tuple[str, ...]:
    name = printable(item.product)
    return (
        str(item.place),
        name if len(name) <= WIDEST_NAME else name[: WIDEST_NAME - 1] + "…",
        figures(item.elemental, language),
        figures(item.absorbed, language),
        number(item.price_per_day.value, language, 2),
        _euros(item.price_per_100_mg, language),
    )


def _euros(price: Estimate, language: Language) -> str:
    value, low, high = (number(part, language, 2) for part in (price.value, price.low, price.high))
    return f"{value} ({low}–{high})"


def _remarks(item: Ranked, ranking: Ranking, language: Language) -> Iterable[str]:
    """Say what a person must know beside the numbers: how the label was read, limit, bowels, what does not differ."""
    yield translate(f"product.read_{item.label_reason}", language)
    if item.daily_dose_assumed:
        yield translate("product.daily_dose_assumed", language)
    if item.limit in ("exceeded", "possible") and ranking.limit:
        limit, body = number(ranking.limit.value, language), authority_name(ranking.authority, language)
        yield translate(f"product.limit_{item.limit}", language, limit=limit, authority=body)
    risk = translate(f"product.laxative_{item.laxative_risk.replace(' ', '-')}", language)
    yield translate("product.tolerance", language, risk=risk)
    if item.same_as:
        yield translate("product.same_as", language, places=join(map(str, item.same_as)))


def _not_ranked(item: Unranked, language: Language) -> str:
    reason = translate(f"product.reason_{item.reason}", language)
    return translate(
        "product.not_ranked_line",
        language,
        line=item.line,
        product=printable(item.product),
        label=printable(item.label),
        reason=reason,
    )
