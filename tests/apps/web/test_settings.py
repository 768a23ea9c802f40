"""Settings: saved, refused, shown with their sources; nobody is led to another host."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from magnes import __version__
from magnes.apps.web.app import create_app
from magnes.apps.web.config import ServeConfig
from magnes.apps.web.doors import own_path
from magnes.apps.web.pages.settings import _place, cut_offs
from magnes.knowledge.load import knowledge_hash, table
from magnes.knowledge.records import Authority

EVIL = ("//example.org", "/\\example.org", "https://example.org", "javascript:alert(1)", "/\t/example.org", "\\\\x", "")


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    app = create_app(ServeConfig(str(tmp_path / "magnes.sqlite")))
    with TestClient(app, base_url="http://127.0.0.1", headers={"sec-fetch-site": "same-origin"}) as client:
        yield client


def checked(client: TestClient) -> set[str]:
    return set(re.findall(r'id="([^"]+)"[^>]* checked', client.get("/settings").text))


def test_choices_are_kept(client: TestClient) -> None:
    # catches: a setting that is lost, or one that changes another
    assert checked(client) == {"language-nl", "authority-default", "cut_off-0-75", "units-mmol"}
    chosen = {"authority": table(Authority)[1].id, "cut_off": "0.85", "units": "mg", "language": "en"}
    answer = client.post("/settings", data=chosen)
    assert 'class="saved"' in answer.text
    assert checked(client) == {"language-en", f"authority-{chosen['authority']}", "cut_off-0-85", "units-mg"}
    client.post("/settings", data={"authority": ""})
    assert checked(client) == {"language-en", "authority-default", "cut_off-0-85", "units-mg"}


def test_what_is_no_choice_is_refused_whole(client: TestClient) -> None:
    # catches: half of a form that is saved, a value that breaks the pages that read it
    answer = client.post("/settings", data={"cut_off": "0.99", "units": "mg", "authority": "x"})
    assert answer.status_code == 422
    assert 'id="cut_off-wrong"' in answer.text
    assert 'id="authority-wrong"' in answer.text
    assert "units-mmol" in checked(client)


def test_cut_offs_stand_with_their_sources(client: TestClient) -> None:
    # catches: a cut-off that nobody can trace
    assert list(cut_offs()) == ["0.70", "0.75", "0.85"]
    page = client.get("/settings").text
    assert all(f'href="/sources/{key}"' in page for row in cut_offs().values() for key in row.sources)


def test_page_says_what_is_stored_where(client: TestClient, tmp_path: Path) -> None:
    # catches: a user who cannot find the own data, a result that cannot be traced to a state of the knowledge
    page = client.get("/settings").text
    assert str(tmp_path / "magnes.sqlite") in page
    assert __version__ in page
    assert knowledge_hash() in page
    assert all(row.id in page for row in table(Authority))


def test_password_of_the_database_is_not_shown() -> None:
    # catches: the password of PostgreSQL on a page
    shown = _place("postgresql://magnes:s3cret@localhost/magnes")
    assert "s3cret" not in shown
    assert "localhost/magnes" in shown


def test_language_switch_goes_back_to_the_page(client: TestClient) -> None:
    # catches: a switch that loses the question that was asked
    to = {"language": "en", "next": "/why?q=spierkramp"}
    answer = client.post("/settings/language", data=to, follow_redirects=False)
    assert answer.headers["location"] == "/why?q=spierkramp"
    assert '<html lang="en">' in client.get("/").text
    assert 'name="next" value="/claims?page=1"' in client.get("/claims?page=1").text


def test_language_switch_after_a_refused_form_leads_to_a_page(client: TestClient) -> None:
    # catches: the address of a form, which no link can open: the switch ended in a 405
    made = client.post("/people", data={"label": "P", "age_years": "60", "sex": "female"}, follow_redirects=False)
    person = made.headers["location"].removesuffix("/diary")
    places = {"/people": "/", f"{person}/taking/supplements": f"{person}/taking", f"{person}/labs": f"{person}/labs"}
    for form, page in places.items():
        refused = client.post(form, data={"age_years": "x", "elemental_mg": "x", "value": "x"})
        assert refused.status_code == 422
        (to,) = re.findall(r'name="next" value="([^"]*)"', refused.text)
        assert to == page
        assert client.post("/settings/language", data={"language": "en", "next": to}).status_code == 200


@pytest.mark.parametrize("to", EVIL)
def test_language_switch_leads_nowhere_else(client: TestClient, to: str) -> None:
    # catches: an open redirect
    answer = client.post("/settings/language", data={"language": "en", "next": to}, follow_redirects=False)
    assert answer.headers["location"] == "/"


@given(st.one_of(st.text(), st.text("/\\.:@ \t\nhtps", max_size=12)))
def test_no_path_leaves_this_host(path: str) -> None:
    # catches: a spelling of another host that browsers understand
    back = own_path(path)
    seen = back.replace("\\", "/").replace("\t", "").replace("\n", "")  # as browsers read it
    assert urlsplit(urljoin("http://127.0.0.1/settings", seen)).netloc == "127.0.0.1"
    assert back in (path, "/")


def test_unknown_language_is_refused(client: TestClient) -> None:
    # catches: a page without texts
    assert client.post("/settings/language", data={"language": "xx", "next": "/"}).status_code == 422
    assert client.post("/settings/language", data={}).status_code == 422
    assert '<html lang="nl">' in client.get("/").text
