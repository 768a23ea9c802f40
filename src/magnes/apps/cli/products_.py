"""``magnes products``: a table of supplements in the order of the price of absorbed magnesium."""

from __future__ import annotations

from collections.abc import Iterable

import click

from magnes.apps.cli.common import json_option, language_option, refuse_blank, reports_problems
from magnes.apps.cli.helptext import told
from magnes.ranking import PART_MG, Ranked, Ranking, rank
from magnes.readers.products_csv import read_products
from magnes.report.products import not_ranked, product_cells, product_header, product_remarks
from magnes.text import Language, translate

WIDEST_NAME = 28


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
        rows = [product_header(language)]
        rows += [_cells(item, language) for item in ranking.ranked]
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        yield _row(rows[0], widths)
        for item, row in zip(ranking.ranked, rows[1:], strict=True):
            yield _row(row, widths)
            yield from (f"{'':{widths[0]}}  - {remark}" for remark in product_remarks(item, ranking, language))
        yield ""
        yield translate("product.order", language, part=PART_MG)
        if not all(item.absorbed.verified for item in ranking.ranked):
            yield translate("product.unverified", language)
    if ranking.unranked:
        yield ""
        yield translate("product.not_ranked", language)
        yield from (f"  {not_ranked(item, language)}" for item in ranking.unranked)
    yield ""
    yield translate("cli.disclaimer", language)


def _row(cells: tuple[str, ...], widths: list[int]) -> str:
    names = [f"{cell:<{width}}" for cell, width in zip(cells[:2], widths[:2], strict=True)]
    numbers = [f"{cell:>{width}}" for cell, width in zip(cells[2:], widths[2:], strict=True)]
    return "  ".join((*names, *numbers)).rstrip()


def _cells(item: Ranked, language: Language) -> tuple[str, ...]:
    place, name, *numbers = product_cells(item, language)
    return place, name if len(name) <= WIDEST_NAME else name[: WIDEST_NAME - 1] + "…", *numbers
