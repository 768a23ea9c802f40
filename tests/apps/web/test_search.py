"""Names while typing: what is offered is what the form will understand."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from magnes.apps.web.app import create_app
from magnes.apps.web.config import ServeConfig
from magnes.apps.web.hits import KINDS, hits, unit_hits
from magnes.apps.web.pages.search import Kind
from magnes.knowledge.names import condition_id, lab_test_code, medicine_atc, salts_named
from magnes.matching import matcher
from magnes.portions import portion_grams
from magnes.text import LANGUAGES


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder: Path = tmp_path_factory.mktemp("search")
    app = create_app(ServeConfig(str(folder / "magnes.sqlite")))
    yield TestClient(app, base_url="http://127.0.0.1")
    app.state.store.close()


@pytest.mark.parametrize(
    ("kind", "typed", "language", "label", "note"),
    [
        ("foods", "spin", "nl", "spinazie", "79 mg/100 g"),
        ("foods", "spin", "en", "spinach", "79 mg/100 g"),
        ("foods", "volkoren br", "nl", "volkorenbrood", "77 mg/100 g"),
        ("foods", "spa bl", "nl", "Spa Reine", "1,3 mg/l"),
        ("medicines", "omepr", "nl", "omeprazol", "A02BC01"),
        ("medicines", "omepr", "en", "omeprazole", "A02BC01"),
        ("medicines", "losec", "nl", "losec", "omeprazol, A02BC01"),
        ("salts", "bisglycinaat", "nl", "bisglycinaat", "117–141 mg magnesium in 1000 mg"),
        ("conditions", "zwangerschapsd", "nl", "zwangerschapsdiabetes", ""),
        ("tests", "serummagn", "nl", "Magnesium in serum", "serummagnesium, mmol/L"),
    ],
)
def test_the_first_hit(browser: TestClient, kind: str, typed: str, language: str, label: str, note: str) -> None:
    # catches: the wrong order, a name in the other language, a number without its unit
    answer = browser.get(f"/search/{kind}", params={"q": typed}, headers={"accept-language": language})
    assert answer.status_code == 200
    first = answer.json()[0]
    assert (first["label"], first["note"]) == (label, note)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "foods"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_offered_is_understood(kind: str, language: str) -> None:
    # catches: a hit that the form then calls unknown
    find = {"medicines": medicine_atc, "salts": salts_named, "conditions": condition_id, "tests": lab_test_code}[kind]
    for letters in ("ma", "di", "ni", "ci", "se", "hyper", "ome"):
        for hit in hits(kind, letters, language, 20):
            assert find(hit.value), hit


def test_a_food_that_is_offered_is_that_food() -> None:
    # catches: a value that means another food, or several, once it stands in the diary
    for letters in ("br", "melk", "kaas", "noot", "chicken", "spa", "rijst", "coffee"):
        for language in LANGUAGES:
            offered = hits("foods", letters, language, 20)
            assert offered
            for hit, candidate in zip(offered, matcher().search(letters, 20), strict=True):
                match = matcher().match(hit.value)
                assert match.food, hit
                assert match.food.code == candidate.code, hit


def test_units_of_a_food_have_a_weight(browser: TestClient) -> None:
    # catches: a unit offered that the diary refuses
    answer = browser.get("/search/units", params={"food": "volkorenbrood", "q": "sn"})
    assert [hit["value"] for hit in answer.json()][:2] == ["snee", "sneetje"]
    match = matcher().match("halfvolle melk")
    for hit in unit_hits("halfvolle melk", "", "nl", 50):
        assert portion_grams(match.food, matcher().basic(match.food.basic), 1.0, hit.value).grams > 0


def test_unknown_kinds_and_sizes(browser: TestClient) -> None:
    # catches: a fault of the server for an address that nobody links to
    assert set(KINDS) | {"units"} == set(get_args(Kind))
    assert browser.get("/search/people").status_code == 404
    assert browser.get("/search/foods", params={"limit": "0"}).status_code == 422
    assert browser.get("/search/foods", params={"q": "x" * 201}).status_code == 422
    assert browser.get("/search/foods").json() == []


@given(st.sampled_from(get_args(Kind)), st.text(max_size=40))
@settings(deadline=None, max_examples=80)
def test_any_text_is_answered(browser: TestClient, kind: str, text: str) -> None:
    # catches: signs, other scripts or half of a pair that end in a fault
    answer = browser.get(f"/search/{kind}", params={"q": text.encode("utf-8", "replace").decode(), "food": "melk"})
    assert answer.status_code == 200
    assert all(set(hit) == {"value", "label", "note"} for hit in answer.json())


def test_typing_is_quick(browser: TestClient) -> None:
    # catches: a search over all names for each letter; 2 ms of one core each, so 20 ms leaves room
    browser.get("/search/foods?q=warm")
    word = "zilvervliesrijst"
    start = time.process_time()
    for end in range(1, len(word)):
        browser.get("/search/foods", params={"q": word[:end], "limit": 13})
    assert (time.process_time() - start) / len(word) < 0.02
