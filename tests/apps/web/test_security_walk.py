"""Every route, found in the app itself: practices apart, roles kept, no write from elsewhere, none without log-in."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from web_walk import HEAVY, OWN_DOING, PUBLIC, House, Route, dump, hidden, house, of_practice, routes

from magnes.store.tables import KINDS

TEXTS = ("2026-03-02", "1", "medicine")  # what stands in a path beside ids
MANY = int(os.environ.get("MAGNES_WALK", "10"))


@pytest.fixture
def home(tmp_path: Path):
    made = house(tmp_path)
    yield made
    made.store.close()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory):
    """A house for walks that change nothing, or from which only what changed counts."""
    made = house(tmp_path_factory.mktemp("house"))
    yield made
    made.store.close()


def send(client, route: Route, url: str, form: dict[str, str], query: dict[str, str] | None = None):
    if route.method == "GET":
        return client.get(url, params=query)
    if route.takes == "multipart/form-data":
        files = dict.fromkeys(route.files, ("a.csv", b"date,food,amount\n", "text/csv"))
        return client.request(route.method, url, data=form, files=files, params=query)
    return client.request(route.method, url, data=form, params=query)


def writes(app) -> list[Route]:
    return [route for route in routes(app) if route.method != "GET"]


def test_every_route_is_described(kept: House) -> None:
    # catches: a route that the walks below do not see
    assert hidden(kept.app) == {"/static", "/static/report.css"}
    assert len(writes(kept.app)) >= 10


def test_no_route_answers_who_is_not_logged_in(kept: House) -> None:
    # catches: a page that forgot to ask who is there
    before = dump(kept.store)
    client = kept.client()
    for route in routes(kept.app):
        if route.path in PUBLIC:
            continue
        for url in route.urls([kept.a.people[0]], TEXTS):
            answer = send(client, route, url, route.form())
            assert (answer.status_code, answer.headers.get("location")) == (303, "/login"), (route, answer.status_code)
            script = send(kept.client(accept="application/json"), route, url, route.form())
            assert script.status_code == 401, route
    assert dump(kept.store) == before


@pytest.mark.parametrize("role", ["owner", "practitioner", "reader"])
def test_ids_of_another_practice_are_not_found(home: House, role: str) -> None:
    # catches: a query without the practice in it, for any id that a path can hold
    before, client = of_practice(dump(home.store), home.b), home.client(home.a, role)
    asked = 0
    for route in routes(home.app):
        named = [name for name, kind in route.names("path") if kind == "integer"]
        if not named:
            continue
        lines = len(named) > 1  # then the ids of people are enough for the first place
        for url in route.urls(home.b.ids, TEXTS, people=home.b.people[:1] if lines else None):
            answer = send(client, route, url, route.form())
            asked += 1
            assert answer.status_code in (403, 404, 422), (route, url, answer.status_code)
            assert answer.status_code == 404 or "person_id" not in named, (route, url, answer.status_code)
            assert home.b.mark not in answer.text, (route, url)
        if lines:  # a person of one's own, a line of another
            for url in route.urls(home.b.entries, TEXTS, people=home.a.people[:1]):
                answer = send(client, route, url, route.form())
                assert answer.status_code in (403, 404, 422), (route, url, answer.status_code)
                assert home.b.mark not in answer.text, (route, url)
    assert asked > 50
    assert of_practice(dump(home.store), home.b) == before


@settings(max_examples=MANY, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_no_mix_of_ids_reads_or_changes_another_practice(kept: House, data: st.DataObject) -> None:
    # catches: an id of another practice taken from a form, a query or a second place in the path
    route = data.draw(st.sampled_from([one for one in routes(kept.app) if not HEAVY.search(one.path)]))
    pool = st.sampled_from([*kept.a.ids, *kept.b.ids])
    role = data.draw(st.sampled_from(["owner", "practitioner", "reader"]))
    path = {
        name: data.draw(pool if kind == "integer" else st.sampled_from(TEXTS)) for name, kind in route.names("path")
    }
    query = {name: str(data.draw(pool)) for name, _ in route.names("query")}
    form = route.form(kept.a.mark)
    extra = ("id", "person_id", "entry_id", "user_id", "practice_id", "person", "entry", "user", "from", "to")
    for name in data.draw(st.lists(st.sampled_from([*route.fields, *extra]), max_size=4)):
        form[name] = str(data.draw(pool))
    if route.path in ("/logout", "/account/sessions/end") or route.path.endswith("/disable"):
        return  # would end the walk; what they do is tested by itself
    before = of_practice(dump(kept.store), kept.b)
    client = kept.client(kept.a, role)
    answer = send(client, route, route.path.format(**path), form, query)
    assert answer.status_code < 500, (route, path, form)
    assert kept.b.mark not in answer.text, (route, path, form)
    assert of_practice(dump(kept.store), kept.b) == before, (route, path, form)
    if answer.headers.get("location"):
        assert kept.b.mark not in client.get(answer.headers["location"]).text


def change_by(home: House, role: str) -> dict[str, bool]:
    """Return for each writing route whether this role changed the database with it."""
    client, changed = home.client(home.a, role), {}
    for route in writes(home.app):
        if route.path in PUBLIC or route.path.startswith(OWN_DOING):
            continue
        before = dump(home.store)
        named = dict(route.names("path"))
        ids = [home.a.scopes["practitioner"].user_id] if "user_id" in named else home.a.entries[: len(KINDS)]
        urls = route.urls(ids, TEXTS, people=home.a.people[:1])
        for url in urls:
            answer = send(client, route, url, route.form("walked"))
            assert answer.status_code < 500, (route, answer.status_code)
        changed[str(route)] = dump(home.store) != before
    return changed


def test_reader_changes_nothing_anywhere(home: House) -> None:
    # catches: a page that writes around the repositories; the owner is the proof that the requests could write
    before = dump(home.store)
    assert [route for route, changed in change_by(home, "reader").items() if changed] == []
    assert dump(home.store) == before
    by_owner = change_by(home, "owner")
    assert sum(by_owner.values()) >= 0.4 * len(by_owner), [route for route, changed in by_owner.items() if not changed]


def test_practitioner_changes_no_users_and_no_access(home: House) -> None:
    # catches: a page of the owner that lets a practitioner in
    before = dump(home.store)
    change_by(home, "practitioner")
    after = dump(home.store)
    assert after["users"] == before["users"]
    assert after["grants"] == before["grants"]
    client = home.client(home.a, "practitioner")
    assert [client.get(path).status_code for path in ("/users", "/audit")] == [403, 403]


@pytest.mark.parametrize("role", ["practitioner", "reader"])
def test_restricted_person_does_not_exist_without_a_grant(home: House, role: str) -> None:
    # catches: a page that asks for the practice and forgets that a person may be for some only
    closed, client = home.a.people[1], home.client(home.a, role)
    before = dump(home.store)
    for route in routes(home.app):
        if "person_id" not in dict(route.names("path")):
            continue
        for url in route.urls([closed], TEXTS):
            answer = send(client, route, url, route.form())
            assert answer.status_code == 404, (route, answer.status_code)
            assert f"{home.a.mark} closed" not in answer.text
    assert f"{home.a.mark} closed" not in client.get("/").text
    assert dump(home.store) == before
    owner = home.client(home.a)
    level = {f"user_{home.a.scopes[role].user_id}": "read", "restricted": "on"}
    assert owner.post(f"/people/{closed}/access", data=level).status_code == 303
    assert f"{home.a.mark} closed" in client.get(f"/people/{closed}").text
    refused = client.post(f"/people/{closed}", data={"label": "x", "age_years": "41", "sex": "female"})
    assert refused.status_code == 403
    write = {f"user_{home.a.scopes[role].user_id}": "write", "restricted": "on"}
    owner.post(f"/people/{closed}/access", data=write)
    again = client.post(f"/people/{closed}", data={"label": "x", "age_years": "41", "sex": "female"})
    assert again.status_code == (303 if role == "practitioner" else 403)


def test_reading_changes_nothing(kept: House) -> None:
    # catches: a link that writes: every site could make a browser follow it
    before, client = dump(kept.store), kept.client(kept.a)
    for route in routes(kept.app):
        if route.method == "GET" and not HEAVY.search(route.path):
            for url in route.urls([kept.a.people[0]], TEXTS):
                assert client.get(url).status_code < 500, url
    assert dump(kept.store) == before


ELSEWHERE = [
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://localhost:1"},
    {"origin": "https://localhost"},
    {"origin": "http://localhost.evil.example"},
    {"origin": "http://localhost", "sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {},
]


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
@pytest.mark.parametrize("practice", [True, False], ids=["practice", "single"])
def test_no_write_from_elsewhere(kept: House, tmp_path: Path, headers: dict[str, str], practice: bool) -> None:
    # catches: another site that makes the browser of somebody who is logged in send a form
    before, client = dump(kept.store), kept.client(kept.a)
    if not practice:
        kept.app.state.local_scope = kept.a.scopes["owner"]
        client.cookies.clear()
    del client.headers["origin"]
    try:
        for route in writes(kept.app):
            url = next(route.urls([kept.a.people[0]], TEXTS))
            answer = client.request(route.method, url, data=route.form(), headers=headers)
            assert answer.status_code == 403, (route, answer.status_code)
        assert dump(kept.store) == before
    finally:
        kept.app.state.local_scope = None
