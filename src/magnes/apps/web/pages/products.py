"""Supplements on sale side by side: an order by the price of absorbed magnesium. An order, never advice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from magnes.apps.web.case import products_of
from magnes.apps.web.doors import ForPerson, Id, PersonDesk
from magnes.apps.web.downloads import download
from magnes.apps.web.forms import Field, Typed, body, read_form, read_upload, upload
from magnes.apps.web.rows import Attempt, Sheet, restored
from magnes.errors import InputProblems, Problem, Problems
from magnes.ranking import PART_MG, Ranking, rank
from magnes.readers.products_csv import product_from, product_rows_of
from magnes.reference import DEFAULT_AUTHORITY
from magnes.report.html_parts import Parts, esc
from magnes.report.products import not_ranked, product_cells, product_header, product_remarks
from magnes.report.wording import Line
from magnes.store.entries import Entries, EntryRow
from magnes.store.files import products_csv
from magnes.text import Language, translate

__all__ = ["PRODUCTS", "router"]

router = APIRouter(prefix="/people/{person_id}/taking/products", tags=["taking"])

LARGEST_MB = 1  # a shop list, not a catalogue
MOST_PRODUCTS = 200
Form = Annotated[Typed, Depends(read_form)]


def _judge(facts: Mapping[str, Any]) -> None:
    problems = Problems()
    product_from(facts, problems)
    problems.stop()


PRODUCTS = Sheet(
    "product",
    (
        Field("product", required=True, words="product"),
        Field("label", required=True, words="label_text", hint=True),
        Field("units_per_day", "number", required=True),
        Field("units_per_pack", "number", required=True),
        Field("price_eur", "number", "€", required=True),
    ),
    _judge,
    ("product",),
    {},
)


@router.get("")
def products(at: ForPerson) -> Response:
    """Show the products, and the order of those whose label gives an amount."""
    return _page(at)


@router.get(".csv")
def export(at: ForPerson) -> Response:
    """Return the table as a file; no cell of it can run in a spreadsheet."""
    with at.begin(reading=True) as session:
        text = products_csv(Entries(session, at.scope, at.person.id).list("product"))
    return download("products.csv", text, "text/csv; charset=utf-8")


@router.post("", openapi_extra=body(PRODUCTS.fields))
def add(at: ForPerson, typed: Form) -> Response:
    """Add a product."""
    return _done(at, PRODUCTS.save(at, typed))


@router.post("/import", openapi_extra=upload("file"))
def bring(at: ForPerson, data: Annotated[bytes, Depends(read_upload)]) -> Response:
    """Add all products of a table, or none with what is wrong by line."""
    try:
        rows = _rows_of(data)
    except InputProblems as error:
        return _page(at, wrong=list(error.problems))
    with at.begin() as session:
        Entries(session, at.scope, at.person.id).add_many("product", [(row, None) for row in rows])
    return at.go(_path(at))


@router.post("/{entry_id}", openapi_extra=body(PRODUCTS.fields))
def change(entry_id: Id, at: ForPerson, typed: Form) -> Response:
    """Save a row."""
    return _done(at, PRODUCTS.save(at, typed, entry_id))


@router.post("/{entry_id}/delete")
def delete(entry_id: Id, at: ForPerson) -> Response:
    """Take a product away; the page offers to bring it back."""
    return PRODUCTS.delete(at, entry_id, _path(at))


@router.post("/{entry_id}/restore")
def restore(entry_id: Id, at: ForPerson) -> Response:
    """Bring a deleted product back."""
    return restored(at, entry_id, _path(at))


def _rows_of(data: bytes) -> tuple[dict[str, str], ...]:
    """Read an uploaded table with the reader of the command line."""
    if len(data) > LARGEST_MB * 1_000_000:
        raise InputProblems([Problem("file_too_large", found=f"{len(data) / 1e6:.0f} MB", accepted=f"{LARGEST_MB} MB")])
    return product_rows_of(data, most=MOST_PRODUCTS)


def _path(at: PersonDesk) -> str:
    return f"/people/{at.person.id}/taking/products"


def _done(at: PersonDesk, saved: EntryRow | Attempt) -> Response:
    return _page(at, saved) if isinstance(saved, Attempt) else at.go(f"{_path(at)}?saved={saved.id}")


def _page(at: PersonDesk, attempt: Attempt | None = None, wrong: list[Problem] | None = None) -> Response:
    with at.begin(reading=True) as session:
        entries = Entries(session, at.scope, at.person.id)
        stored, known = entries.list("product"), products_of(entries)
    authority = at.person.facts.get("authority") or at.settings.get("authority") or DEFAULT_AUTHORITY
    return at.page(
        "products.html",
        422 if attempt or wrong else 200,
        rows=PRODUCTS.rows(stored, attempt),
        new=PRODUCTS.new(attempt),
        order=_order(rank(known, authority), at.language) if known else "",
        import_wrong=wrong or [],
    )


def _order(ranking: Ranking, language: Language) -> str:
    """Return the order as a table, with what must be known beside it."""
    writer, parts = Parts(language, ()), []
    if ranking.ranked:
        rows = [[Line(text) for text in product_cells(item, language)] for item in ranking.ranked]
        parts.append(writer.table(translate("web.taking.order", language), product_header(language), rows))
        for item in ranking.ranked:
            parts.append(f"<h3>{item.place}. {esc(item.product)}</h3>")
            parts.append(writer.bullets(map(Line, product_remarks(item, ranking, language))))
        parts.append(f"<p>{writer.text('product.order', part=PART_MG)}</p>")
        if not all(item.absorbed.verified for item in ranking.ranked):
            parts.append(f'<p class="note">{writer.text("product.unverified")}</p>')
    if ranking.unranked:
        parts.append(f"<p>{writer.text('product.not_ranked')}</p>")
        parts.append(writer.bullets(Line(not_ranked(item, language)) for item in ranking.unranked))
    return "\n".join(parts)
