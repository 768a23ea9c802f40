"""Tables of products: in every shape that a spreadsheet saves, and every mistake told at once."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from magnes.errors import InputProblems
from magnes.labels import Product
from magnes.readers.products_csv import read_products
from magnes.text import problem_text

PLAIN = """\
product,label,units_per_day,units_per_pack,price_eur
A,"magnesium (als citraat) 100 mg, per tablet",2,60,12.50
B,magnesiumcitraat 400 mg,1,90,8.95
"""
DUTCH = """\
Product;Etiket;Per dag;Per verpakking;Prijs (EUR)
A;magnesium (als citraat) 100 mg, per tablet;2;60;€ 12,50
B;magnesiumcitraat 400 mg;1;90;8,95 EUR
"""


def _read(tmp_path: Path, text: str) -> tuple[Product, ...]:
    path = tmp_path / "products.csv"
    path.write_text(text, encoding="utf-8")
    return read_products(path)


def _problems(tmp_path: Path, text: str) -> list[tuple[str, int | None, str]]:
    with pytest.raises(InputProblems) as caught:
        _read(tmp_path, text)
    for problem in caught.value.problems:
        for language in ("nl", "en"):
            assert problem_text(problem, language)
    return [(problem.code, problem.line, problem.field) for problem in caught.value.problems]


def test_a_table_is_read_as_it_stands(tmp_path: Path) -> None:
    # catches: a column in the wrong field, line numbers from 0, a label that stops at its comma
    first, second = _read(tmp_path, PLAIN)
    assert (first.line, first.product, first.label) == (2, "A", "magnesium (als citraat) 100 mg, per tablet")
    assert (first.units_per_day, first.units_per_pack, first.price_eur) == (2, 60, 12.5)
    assert first.reading.elemental_mg == 100
    assert second.line == 3


@pytest.mark.parametrize("text", [DUTCH, DUTCH.replace(";", "\t"), DUTCH.upper().replace("PRODUCT", "product"),
                                  "\ufeff" + PLAIN, PLAIN.replace("\n", "\r\n")])  # fmt: skip
def test_how_it_was_saved_makes_no_difference(tmp_path: Path, text: str) -> None:
    # catches: Dutch headers, a decimal comma, a currency sign, a separator or capitals that change a value
    found = [product.model_dump(exclude={"label"}) for product in _read(tmp_path, text)]
    assert found == [product.model_dump(exclude={"label"}) for product in _read(tmp_path, PLAIN)]


@pytest.mark.parametrize("price", ["€12,50", "12,50 euro", "EUR 12.50", "eur 12.5", "12.50€"])
def test_a_price_as_people_write_it(tmp_path: Path, price: str) -> None:
    # catches: a currency that makes a price unreadable, or is read as part of it
    assert _read(tmp_path, PLAIN.replace("12.50", f'"{price}"'))[0].price_eur == 12.5
    assert _read(tmp_path, PLAIN.replace("12.50", '"5,-"'))[0].price_eur == 5
    assert _problems(tmp_path, PLAIN.replace("12.50", "$5")) == [("number_invalid", 2, "price_eur")]


def test_columns_in_any_order(tmp_path: Path) -> None:
    # catches: cells taken by place and not by name
    cells = {
        "product": "A",
        "label": "magnesium 100 mg",
        "units_per_day": "1",
        "units_per_pack": "30",
        "price_eur": "9",
    }
    found = {
        _read(tmp_path, ",".join(order) + "\n" + ",".join(cells[name] for name in order) + "\n")
        for order in permutations(cells)
    }
    assert len(found) == 1


def test_a_label_that_leaves_it_open_is_no_problem_of_the_file(tmp_path: Path) -> None:
    # catches: one unclear label that stops the whole table
    assert _read(tmp_path, PLAIN)[1].reading.verdict == "ambiguous"


def test_all_problems_at_once(tmp_path: Path) -> None:
    # catches: stopping at the first mistake, so that a file has to be mended line by line
    text = PLAIN + ",magnesium 1 mg,1,1,1\nC,,0,x,1.234\nD,magnesium 100 mg,1,30\na,magnesium 100 mg,1,30,-5\n"
    assert _problems(tmp_path, text) == [
        ("cell_empty", 4, "product"),
        ("cell_empty", 5, "label"),
        ("number_range", 5, "units_per_day"),
        ("number_invalid", 5, "units_per_pack"),
        ("number_ambiguous", 5, "price_eur"),
        ("row_width", 6, ""),
        ("number_range", 7, "price_eur"),
        ("product_twice", 7, "product"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PLAIN + "a,magnesium 100 mg,1,30,5\n", [("product_twice", 4, "product")]),
        (PLAIN.splitlines()[0] + "\n", [("product_without_rows", 1, "")]),
        (PLAIN.replace("price_eur", "prices"), [("column_missing", 1, "price_eur"), ("column_unknown", 1, "prices")]),
        (PLAIN.replace("label", "etiket").replace("product,", "label,"),
         [("column_missing", 1, "product"), ("column_twice", 1, "label")]),
        (PLAIN + f"C,{'x' * 2001},1,30,5\n", [("product_label_long", 4, "label")]),
        ("", [("file_empty", None, "")]),
    ],
)  # fmt: skip
def test_each_problem_has_its_place(tmp_path: Path, text: str, expected: list[tuple[str, int | None, str]]) -> None:
    # catches: a header or a row that is read silently although it says something else
    assert _problems(tmp_path, text) == expected


def test_a_misspelt_column_gets_the_nearest_name(tmp_path: Path) -> None:
    # catches: a typing error in a header without a way out
    with pytest.raises(InputProblems) as caught:
        _read(tmp_path, DUTCH.replace("Etiket", "Etikket"))
    nearest = {problem.code: problem.nearest for problem in caught.value.problems}
    assert "etiket" in nearest["column_unknown"]


def test_problems_name_the_column_as_the_file_has_it(tmp_path: Path) -> None:
    # catches: an English column name told to someone whose file has the Dutch one
    assert _problems(tmp_path, DUTCH.replace(";60;", ";zestig;")) == [("number_invalid", 2, "Per verpakking")]


def test_a_missing_column_is_named_in_the_language_of_the_header(tmp_path: Path) -> None:
    # catches: "units_per_day is missing" told to someone whose header is Dutch
    text = "naam;etiket;prijs\nA;magnesium 100 mg;5\n"
    assert _problems(tmp_path, text) == [("column_missing", 1, "per dag"), ("column_missing", 1, "per verpakking")]
