"""Laboratory values in the app, on a real store."""

from __future__ import annotations

import re
from html import unescape

import pytest
from httpx2 import Response
from starlette.testclient import TestClient
from web_page import field, words

from magnes.store.entries import Entries
from magnes.store.users import Users


def send(web: TestClient, person: str, path: str = "", **typed: str) -> Response:
    return web.post(f"{person}/labs{path}", data={"test": "serum magnesium", "unit": "mmol/L"} | typed)


@pytest.mark.parametrize("value", ["0,75", "0.75"])
def test_comma_and_point_are_both_decimal(web: TestClient, person: str, value: str) -> None:
    # catches: 75 mmol/L, or another text in the field than was typed
    answer = send(web, person, value=value, date="2026-01-02")
    assert answer.status_code == 200
    assert f'value="{value}"' in field(answer, "lab-1-value")
    assert "Serum magnesium: 0.75 mmol/L, 2 Jan 2026" in words(answer)


def test_a_value_that_could_be_a_thousand_is_refused(web: TestClient, person: str) -> None:
    # catches: 1.234 read as one of the two that it can be
    answer = send(web, person, value="1.234")
    assert answer.status_code == 422
    assert "1234" in field(answer, "lab-new-value")


def test_the_unit_that_is_likely_meant_is_named_and_what_was_typed_stays(web: TestClient, person: str) -> None:
    # catches: 1.9 mg/dL stored as 1.9 mmol/L: a low value that looks high
    answer = send(web, person, value="1.9")
    assert answer.status_code == 422
    told = field(answer, "lab-new-value")
    assert "1.9 mg/dL = 0.78 mmol/L" in told
    assert 'value="1.9"' in told
    assert 'aria-invalid="true"' in told
    assert 'name="confirmed"' in answer.text
    assert 'id="lab-1"' not in answer.text


def test_who_looked_again_may_confirm(web: TestClient, person: str) -> None:
    # catches: a rare value that can never be entered; a checkbox that everybody ticks
    assert 'name="confirmed"' not in web.get(f"{person}/labs").text
    answer = send(web, person, value="1.9", confirmed="on")
    assert answer.status_code == 200
    assert "1.90 mmol/L" in words(answer)
    assert re.search(r'id="lab-1-confirmed"[^>]* checked', answer.text)


def test_a_missing_unit_comes_with_the_units_of_the_test(web: TestClient, person: str) -> None:
    # catches: a unit that is assumed, or a refusal that does not say which there are
    answer = send(web, person, value="0.8", unit="")
    assert answer.status_code == 422
    assert "mmol/L" in field(answer, "lab-new-unit").split("wrong", 1)[1]
    assert "mg/dL" in field(answer, "lab-new-unit").split("wrong", 1)[1]


def test_a_load_test_asks_the_dose_it_began_with(web: TestClient, person: str) -> None:
    # catches: the field at every test, or nowhere
    assert "load_mg" not in web.get(f"{person}/labs").text
    typed = {"test": "magnesium load test", "unit": "mmol/24h", "value": "5"}
    refused = send(web, person, **typed)
    assert refused.status_code == 422
    assert 'name="load_mg"' in refused.text
    assert send(web, person, **typed, load_mg="300").status_code == 200


def test_values_stand_newest_first_with_the_side_of_each_cut_off(web: TestClient, person: str) -> None:
    # catches: a list in the order of typing, the sides of one value at another
    send(web, person, value="0.65", date="2026-01-02")
    answer = send(web, person, value="0.8", date="2026-05-02")
    text = words(answer)
    newest, oldest = text.index("0.80 mmol/L, 2 May 2026"), text.index("0.65 mmol/L, 2 Jan 2026")
    assert newest < oldest
    assert "not below 0.70" in text[newest:oldest]
    assert re.search(r"(?<!not )below 0\.70", text[oldest:])
    assert not re.search(r"(?<!not )below 0\.70", text[newest:oldest])


def test_two_dated_values_make_a_picture_with_its_table(web: TestClient, person: str) -> None:
    # catches: a picture of one dot, one without words, numbers that only the picture has
    one = send(web, person, value="0.65", date="2026-01-02")
    assert "<svg" not in one.text
    two = send(web, person, value="1.9", unit="mg/dL", date="2026-05-02")
    spoken = re.search(r'<svg role="img" aria-label="([^"]*)"', two.text)
    assert spoken
    assert "2 values, from 0.65 (2 Jan 2026) to 0.78 (2 May 2026)" in unescape(spoken[1])
    assert " style=" not in two.text
    assert "The numbers of this figure" in two.text


def test_units_are_shown_as_chosen_and_kept_as_typed(web: TestClient, person: str) -> None:
    # catches: a stored value that a setting converts; a cut-off in another unit than its value
    send(web, person, value="0.75", date="2026-01-02")
    app = web.app
    with app.state.store.begin() as session:
        scope = app.state.local_scope
        Users(session, scope).change_settings(scope.user_id, {"units": "mg"})
    answer = web.get(f"{person}/labs")
    assert "1.82 mg/dL (reported as 0.75 mmol/L)" in words(answer)
    assert "Cut-off in mg/dL" in words(answer)
    assert "not below 1.70" in words(answer)
    assert 'value="0.75"' in field(answer, "lab-1-value")


def test_a_deleted_value_comes_back(web: TestClient, person: str) -> None:
    # catches: a delete without a way back
    send(web, person, value="0.75")
    gone = send(web, person, "/1/delete")
    assert 'id="lab-1"' not in gone.text
    assert f'action="{person}/labs/1/restore"' in gone.text
    assert 'id="lab-1"' in send(web, person, "/1/restore").text


def test_a_stored_value_that_is_no_longer_read_can_be_mended(web: TestClient, person: str) -> None:
    # catches: a page that cannot be opened because of one row
    app = web.app
    with app.state.store.begin() as session:
        Entries(session, app.state.local_scope, 1).add("lab", {"test": "magnesium", "value": "many", "unit": "mmol/L"})
    for page in ("labs", "taking"):
        answer = web.get(f"{person}/{page}")
        assert answer.status_code == 200
        assert "cannot be read yet" in words(answer)
    assert send(web, person, "/1", value="0.8").status_code == 200
    assert "cannot be read yet" not in words(web.get(f"{person}/labs"))
