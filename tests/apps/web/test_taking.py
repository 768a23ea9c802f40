"""Medicines, supplements, labels and products in the app, on a real store."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.testclient import TestClient
from web_page import value_of, words, words_of, wrong_at

from magnes.person import Person, Supplement
from magnes.readers.products_csv import read_products
from magnes.report.build import assess
from magnes.store.users import Users
from magnes.text import finding_text

NOT_ASKED = "Whether more is taken was not asked."
LABEL = "Per 2 capsules: magnesium bisglycinate 1000 mg, of which magnesium 120 mg"


def added(web: TestClient, person: str, kind: str, **typed: str) -> Response:
    answer = web.post(f"{person}/taking/{kind}", data=typed)
    assert answer.status_code == 200, words(answer)
    return answer


@pytest.mark.parametrize("name", ["omeprazol", "A02BC01"])
def test_a_medicine_is_found_by_its_dutch_name_and_its_code(web: TestClient, person: str, name: str) -> None:
    # catches: a page that knows only one spelling, or that stores another name than was typed
    answer = added(web, person, "medicines", name=name, times="08:00")
    assert value_of(answer, "medicine-1-name") == name
    assert "proton pump inhibitors" in words(answer)


def test_findings_are_those_of_the_engine_and_at_once(web: TestClient, person: str) -> None:
    # catches: a second set of sentences, a finding that waits for the report, hours that are lost on the way
    added(web, person, "medicines", name="levothyroxine", times="08:00")
    answer = added(web, person, "supplements", salt="citrate", elemental_mg="150", times="09:00")
    assert "levothyroxine" in words(answer)
    assert "4 hours" in words(answer)
    web.post(f"{person}/taking/asked", data={"asked": "yes"})
    later = web.post(f"{person}/taking/2", data={"salt": "citrate", "elemental_mg": "150", "times": "14:00"})
    assert "far enough apart" in words(later)
    assert "Saved." in words(later)


def test_a_stop_stands_at_the_top(web: TestClient, person: str) -> None:
    # catches: magnesium that this person may not take, told at the end of a long page
    facts = {"label": "P", "age_years": "60", "sex": "female", "egfr_ml_min_1_73m2": "12"}
    web.post(person, data=facts)
    answer = added(web, person, "supplements", salt="citrate", elemental_mg="300", times="08:00")
    top, _, rest = answer.text.partition("<h1>")
    taken = (Supplement(salt="citrate", elemental_mg=300, times=()),)
    told = assess(Person(age_years=60, sex="female", egfr_ml_min_1_73m2=12, supplements=taken)).stops
    assert told
    assert finding_text(told[0], "en") in words_of(top)
    assert 'class="finding stop"' in rest


def test_nothing_on_the_list_is_not_nothing_taken_until_somebody_asked(web: TestClient, person: str) -> None:
    # catches: "takes no supplements" that nobody said; a choice that a save of the other facts forgets
    before = added(web, person, "supplements", salt="citrate", elemental_mg="100", times="08:00")
    assert re.search(r'value="no" checked', before.text)
    assert NOT_ASKED in words(before)
    after = web.post(f"{person}/taking/asked", data={"asked": "yes"})
    assert re.search(r'value="yes" checked', after.text)
    assert NOT_ASKED not in words(after)
    web.post(person, data={"label": "Q", "age_years": "61", "sex": "female"})
    assert re.search(r'value="yes" checked', web.get(f"{person}/taking").text)


@pytest.mark.parametrize(("typed", "told"), [("0,75", ""), ("0.75", ""), ("1.234", "1234")])
def test_a_number_is_read_with_comma_and_point_and_never_as_a_thousand(
    web: TestClient, person: str, typed: str, told: str
) -> None:
    # catches: 1.234 mg for 1234 mg or the other way round; what was typed is gone from the field
    answer = web.post(f"{person}/taking/medicines", data={"name": "digoxine", "dose_mg": typed})
    if told:
        assert answer.status_code == 422
        assert told in wrong_at(answer, "medicine-new-dose_mg")
        assert value_of(answer, "medicine-new-dose_mg") == typed
    else:
        assert answer.status_code == 200
        assert value_of(answer, "medicine-1-dose_mg") == typed


def test_a_row_with_a_mistake_keeps_what_was_typed_and_what_was_stored(web: TestClient, person: str) -> None:
    # catches: a half saved row, a problem at the wrong row, the good rows lost
    added(web, person, "supplements", salt="citrate", elemental_mg="150", times="08:00")
    added(web, person, "supplements", salt="oxide", elemental_mg="100", times="20:00")
    answer = web.post(f"{person}/taking/1", data={"salt": "citrate", "elemental_mg": "x", "times": "25:00"})
    assert answer.status_code == 422
    assert wrong_at(answer, "supplement-1-elemental_mg")
    assert wrong_at(answer, "supplement-1-times")
    assert not wrong_at(answer, "supplement-2-elemental_mg")
    assert value_of(answer, "supplement-1-elemental_mg") == "x"
    assert value_of(web.get(f"{person}/taking"), "supplement-1-elemental_mg") == "150"


def test_a_supplement_without_an_amount_is_told_at_the_amount(web: TestClient, person: str) -> None:
    # catches: a supplement of nothing; a problem that stands at no field
    answer = web.post(f"{person}/taking/supplements", data={"salt": "citrate", "times": "08:00"})
    assert answer.status_code == 422
    assert wrong_at(answer, "supplement-new-elemental_mg")


def test_magnesium_is_asked_of_medicines_that_hold_it(web: TestClient, person: str) -> None:
    # catches: an antacid whose magnesium nobody can fill in, or the field at every medicine
    plain = added(web, person, "medicines", name="omeprazole")
    assert "medicine-1-elemental_mg" not in plain.text
    holding = added(web, person, "medicines", name="magnesiumhydroxide")
    assert 'id="medicine-2-elemental_mg"' in holding.text
    saved = web.post(f"{person}/taking/2", data={"name": "magnesiumhydroxide", "elemental_mg": "300", "times": "08:00"})
    assert value_of(saved, "medicine-2-elemental_mg") == "300"


def test_a_deleted_row_comes_back(web: TestClient, person: str) -> None:
    # catches: a delete without a way back
    added(web, person, "medicines", name="omeprazole", times="08:00")
    gone = web.post(f"{person}/taking/1/delete")
    assert 'id="medicine-1"' not in gone.text
    assert f'action="{person}/taking/1/restore"' in gone.text
    back = web.post(f"{person}/taking/1/restore")
    assert value_of(back, "medicine-1-times") == "08:00"


def test_a_row_of_another_kind_is_not_found_here(web: TestClient, person: str) -> None:
    # catches: a medicine changed or deleted through the page of products or laboratory values
    added(web, person, "medicines", name="omeprazole")
    for page in ("taking/products", "labs"):
        assert web.post(f"{person}/{page}/1/delete").status_code == 404
    filled = {"test": "magnesium", "value": "0.8", "unit": "mmol/L"}
    assert web.post(f"{person}/labs/1", data=filled).status_code == 404
    assert 'id="medicine-1"' in web.get(f"{person}/taking").text


def test_a_label_is_read_and_set_beside_the_limit_for_supplements(web: TestClient, person: str) -> None:
    # catches: the compound taken for magnesium, pieces forgotten, food counted against the limit
    answer = web.post(f"{person}/taking/label", data={"label": LABEL, "pieces": "2", "times": "08:00 20:00"})
    text = words(answer)
    assert "120 mg" in text
    assert "1000 mg" in text
    assert "240 mg a day" in text
    assert "250 mg a day" in text
    assert "96 % of this limit" in text
    assert "loose stools" in text


def test_amounts_are_shown_in_mmol_where_chosen(web: TestClient, person: str) -> None:
    # catches: a limit in mg beside an amount in mmol
    app = web.app
    with app.state.store.begin() as session:
        scope = app.state.local_scope
        Users(session, scope).change_settings(scope.user_id, {"units": "mmol"})
    text = words(web.post(f"{person}/taking/label", data={"label": LABEL, "pieces": "2", "times": "08:00 20:00"}))
    assert "10 mmol a day" in text
    assert "96 % of this limit" in text
    assert "mg a day" not in text


def test_a_label_becomes_a_supplement(web: TestClient, person: str) -> None:
    # catches: another amount stored than the page showed; a supplement without a time
    facts = {"label": LABEL, "pieces": "1"}
    refused = web.post(f"{person}/taking/label/add", data=facts)
    assert refused.status_code == 422
    assert wrong_at(refused, "f-times")
    answer = web.post(f"{person}/taking/label/add", data=facts | {"times": "08:00 20:00"})
    assert value_of(answer, "supplement-1-salt") == "bisglycinate"
    assert value_of(answer, "supplement-1-elemental_mg") == "60"
    assert value_of(answer, "supplement-1-times") == "08:00 20:00"


def test_an_unclear_label_says_why_and_offers_nothing(web: TestClient, person: str) -> None:
    # catches: a guess between 400 mg of magnesium and 65 mg in 400 mg of citrate
    answer = web.post(f"{person}/taking/label", data={"label": "magnesiumcitraat 400 mg"})
    assert "can be the weight of the salt or the magnesium in it" in words(answer)
    assert "/label/add" not in answer.text
    posted = web.post(f"{person}/taking/label/add", data={"label": "magnesiumcitraat 400 mg", "times": "08:00"})
    assert "Saved." not in words(posted)
    assert "supplement-1" not in web.get(f"{person}/taking").text


FORMULA = {"product": '=HYPERLINK("http://x")', "label": "magnesium (as citrate) 100 mg per tablet"}
NUMBERS = {"units_per_day": "2", "units_per_pack": "60", "price_eur": "12,50"}


def test_formulas_and_markup_in_a_name_are_text(web: TestClient, person: str, tmp_path: Path) -> None:
    # catches: markup in a page, a cell that a spreadsheet runs
    web.post(f"{person}/taking/products", data=FORMULA | NUMBERS)
    answer = web.post(f"{person}/taking/products", data=FORMULA | NUMBERS | {"product": "<script>alert(1)</script>"})
    assert "<script>alert" not in answer.text
    assert FORMULA["product"] in words(answer)
    exported = web.get(f"{person}/taking/products.csv")
    assert exported.headers["content-type"].startswith("text/csv")
    cells = [line.lstrip('"') for line in exported.text.splitlines()[1:]]
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    path = tmp_path / "products.csv"
    path.write_text(exported.text, encoding="utf-8")
    assert [product.price_eur for product in read_products(path)] == [12.5, 12.5]


def test_products_are_ordered_by_the_price_of_absorbed_magnesium(web: TestClient, person: str) -> None:
    # catches: an order by price alone, a product with an unclear label that is given a price
    cheap = {"product": "Oxide", "label": "magnesium (als oxide) 300 mg per tablet"}
    web.post(f"{person}/taking/products", data=cheap | NUMBERS | {"units_per_day": "1", "price_eur": "6"})
    web.post(f"{person}/taking/products", data=FORMULA | NUMBERS | {"product": "Citrate"})
    unclear = {"product": "Unclear", "label": "magnesiumcitraat 400 mg"}
    text = words(web.post(f"{person}/taking/products", data=unclear | NUMBERS))
    assert text.index("1. Oxide") < text.index("2. Citrate")
    assert "line 3, Unclear" in text
    assert "euro per 100 mg absorbed" in text
    assert "euro per 100 mg of magnesium" in text


def test_a_table_of_products_comes_in_whole_or_not_at_all(web: TestClient, person: str) -> None:
    # catches: half an import; an error without its line; a file name or size that is trusted
    head = "product,label,units_per_day,units_per_pack,price_eur\n"
    good, bad = "A,magnesium 100 mg per tablet,2,60,12.5\n", "B,magnesium 100 mg per tablet,0,60,1.234\n"

    def send(text: str) -> Response:
        file = ("../../products.csv", text.encode(), "text/csv")
        return web.post(f"{person}/taking/products/import", files={"file": file})

    refused = send(head + good + bad)
    assert refused.status_code == 422
    assert "line 3, units_per_day" in words(refused)
    assert "line 3, price_eur" in words(refused)
    assert "product-1" not in web.get(f"{person}/taking/products").text
    assert value_of(send(head + good), "product-1-product") == "A"
    assert send("").status_code == 422
    assert "201" in words(send(head + good * 201))
    assert send("x" * 1_100_000).status_code == 422
    assert web.post(f"{person}/taking/products/import", data={"file": "no file"}).status_code == 422
