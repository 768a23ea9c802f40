"""What somebody types or uploads stays text: no script, no query, no formula, no path, no bomb."""

import csv
import io
import re
import time
import zipfile
from pathlib import Path

import pytest
from web_walk import HEAVY, OWN_DOING, PUBLIC, House, Scripts, dump, house, routes

from magnes.store.entries import Entries
from magnes.store.people import People
from magnes.store.tables import KINDS

SCRIPT = "\"'><script>alert(1)</script><img src=x onerror=alert(1)><a href=javascript:alert(1)>x</a>{{7*7}}${7*7}"
SQL = [
    "'; DROP TABLE people; -- 1); DELETE FROM entries; --",
    '" OR "1"="1" %\' OR 1=1; UPDATE users SET role=\'owner\'; --',
]
FORMULAS = [
    '=HYPERLINK("http://evil.example")',
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "\t=1+1",
]
TEXTS = ("2026-03-02",)
SECONDS = 5.0  # for a bomb or a huge file, on a slow computer


@pytest.fixture
def home(tmp_path: Path):
    made = house(tmp_path)
    yield made
    made.store.close()


def pages(home: House, person: int, entry: int):
    """Yield every light page of a person, as the owner sees it."""
    client = home.client(home.a)
    for route in routes(home.app):
        if route.method == "GET" and not HEAVY.search(route.path):
            named = dict(route.names("path"))
            ids = [person] if list(named) == ["person_id"] else [entry, person]
            query = {name: SCRIPT for name, kind in route.names("query") if kind == "string"}
            for url in route.urls(ids, TEXTS):
                yield route, client.get(url)
                if query:
                    yield route, client.get(url, params=query)


def fill(home: House, text: str) -> tuple[int, int]:
    """Store a person and one line of each kind with this text in every field that is text."""
    with home.store.begin() as session:
        people = People(session, home.a.scopes["owner"])
        facts = {"label": text, "age_years": "40", "sex": "female", "conditions": [text], "diet": [text]}
        person = people.add(facts | {"allergies": [text], "dislikes": [text], "day": {"wakes": text}}).id
        names = ("food", "amount", "note", "name", "dose", "brand", "salt", "test", "value", "unit", "reason", "time")
        line = 0
        for kind in KINDS:
            line = Entries(session, home.a.scopes["owner"], person).add(kind, dict.fromkeys(names, text)).id
    return person, line


def test_stored_markup_is_shown_as_text_on_every_page(home: House) -> None:
    # catches: a food name or a note that runs as a script in the browser of a colleague
    seen, shown = 0, 0
    for route, answer in pages(home, *fill(home, SCRIPT)):
        assert answer.status_code < 500, (route, answer.status_code)
        if answer.headers.get("content-type", "").startswith("text/html"):
            assert Scripts(answer.text).found == [], route
            assert "<script>alert" not in answer.text, route
            shown += "&lt;script&gt;alert" in answer.text
        else:
            assert answer.headers["x-content-type-options"] == "nosniff"
        assert ">49" not in answer.text, route  # a template that ran what was typed
        seen += 1
    assert seen >= 8
    assert shown >= 3


def test_markup_in_every_field_of_every_form_comes_back_as_text(home: House) -> None:
    # catches: a form that shows what was typed, or a message about it, unescaped
    client, shown = home.client(home.a), 0
    for route in routes(home.app):
        if route.method == "GET" or not route.fields or route.path.startswith("/account/sessions"):
            continue
        for field in route.fields:
            url = next(route.urls([home.a.people[0]], TEXTS))
            answer = client.request(route.method, url, data=route.form("walked") | {field: SCRIPT})
            assert answer.status_code < 500, (route, field)
            assert Scripts(answer.text).found == [], (route, field)
            assert "onerror" not in answer.headers.get("location", "")
            shown += "&lt;script&gt;" in answer.text
    assert shown >= 10
    for route, answer in pages(home, home.a.people[0], home.a.entries[0]):
        if answer.headers.get("content-type", "").startswith("text/html"):
            assert Scripts(answer.text).found == [], route


@pytest.mark.parametrize("text", SQL)
def test_queries_stay_text(home: House, text: str) -> None:
    # catches: text that is pasted into a query
    before = dump(home.store)
    person, line = fill(home, text)
    with home.store.begin() as session:
        scope = home.a.scopes["owner"]
        assert People(session, scope).get(person).label == text
        assert Entries(session, scope, person).get(line).facts["name"] == text
    client = home.client(home.a)
    for route in routes(home.app):
        if route.method == "GET" and not HEAVY.search(route.path):
            query = {name: text for name, _ in route.names("query")}
            for url in route.urls([person], (text.replace("/", " "),)):
                assert client.get(url, params=query).status_code < 500, (route, url)
    assert client.post("/login", data={"user_name": text, "password": text}).status_code == 422
    after = dump(home.store)
    for name, rows in before.items():
        assert set(rows) <= set(after[name]), name


@pytest.mark.parametrize(
    "text", ["a\x00b", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "\u202egnp", "a" * 20_001]
)
def test_odd_signs_end_in_an_answer(home: House, text: str) -> None:
    # catches: a NUL or an endless text that the database refuses with a 500
    client = home.client(home.a)
    for route in routes(home.app):
        if route.method == "GET" or route.path.startswith("/account/sessions"):
            continue
        url = next(route.urls([home.a.people[0]], TEXTS))
        for field in route.fields[:2]:
            answer = client.request(route.method, url, data=route.form("walked") | {field: text})
            assert answer.status_code < 500, (route, field)


@pytest.mark.parametrize(
    "number", ["0", "-1", "2147483648", "99999999999999999999999", "1e3", "1%00", "%2e%2e%2f", "½"]
)
def test_odd_ids_are_not_found(home: House, number: str) -> None:
    # catches: an id that the database cannot hold and that ends in a 500
    client = home.client(home.a)
    for route in routes(home.app):
        for name, kind in route.names("path"):
            if kind != "integer":
                continue
            ids = {one: home.a.people[0] for one, _ in route.names("path")} | {name: number}
            answer = client.request(route.method, route.path.format(**ids), data=route.form("walked"))
            assert answer.status_code in (303, 400, 403, 404, 405, 422), (route, answer.status_code)


def formulas(text: str) -> list[str]:
    """Return cells that a spreadsheet would run."""
    cells = [cell for delimiter in ",;\t" for row in csv.reader(io.StringIO(text), delimiter=delimiter) for cell in row]
    return [cell for cell in cells if re.match(r"[=+@]|-(?!\d+([.,]\d+)?$)", cell.lstrip())]


def test_exports_hold_no_formula(home: House) -> None:
    # catches: a food name that a spreadsheet runs when a colleague opens the export
    assert formulas("a,=1+1\n") == ["=1+1"]
    for text in FORMULAS:
        person, line = fill(home, text)
        for route, answer in pages(home, person, line):
            if "csv" in answer.headers.get("content-type", "") or ".csv" in answer.headers.get(
                "content-disposition", ""
            ):
                found = formulas(answer.text)
                assert found == [], route


def test_downloads_name_their_file_safely(home: House) -> None:
    # catches: a label that writes into the header or names a path
    person, line = fill(home, 'a"; filename="../../evil.exe\r\nx-evil: 1/é')
    for route, answer in pages(home, person, line):
        said = answer.headers.get("content-disposition", "")
        assert "x-evil" not in answer.headers, route
        assert ".." not in said, route
        assert "/" not in said.partition("filename*")[0], route


def bomb() -> bytes:
    """A zip of 300 MB of zeros in about 0.3 MB."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made, made.open("a.json", "w") as inside:
        for _ in range(300):
            inside.write(bytes(1_000_000))
    return held.getvalue()


def uploads(home: House):
    return [
        one for one in routes(home.app) if one.method != "GET" and not one.path.startswith((*PUBLIC, *OWN_DOING[1:]))
    ]


def test_bombs_and_huge_files_are_refused_quickly(home: House, tmp_path: Path) -> None:
    # catches: an upload that fills the memory or the disk, or keeps the server busy
    client = home.client(home.a)
    files = {
        "bomb": ("a.zip", bomb(), "application/zip"),
        "deep": ("a.json", b"[" * 200_000, "application/json"),
        "wide": ("a.csv", b"date,food,amount\n" + b"2026-03-02,banaan,100 g\n" * 40_000, "text/csv"),
        "lines": ("a.csv", b"\n" * 900_000, "text/csv"),
        "cell": ("a.csv", b"date,food,amount\n2026-03-02," + b"a" * 900_000 + b",100 g\n", "text/csv"),
        "number": ("a.json", b'{"version": ' + b"9" * 500_000 + b"}", "application/json"),
    }
    before = dump(home.store)
    for route in uploads(home):
        if not route.files:
            continue
        url = next(route.urls([home.a.people[0]], TEXTS))
        for name, file in files.items():
            begun = time.process_time()
            answer = client.post(url, data=route.form("walked"), files=dict.fromkeys(route.files, file))
            assert answer.status_code < 500, (route, name)
            assert time.process_time() - begun < SECONDS, (route, name)
    for name, rows in before.items():
        assert set(rows) <= set(dump(home.store)[name]), name


def test_more_than_the_largest_is_cut_off_everywhere(home: House) -> None:
    # catches: a route that reads a body of any length
    client = home.client(home.a)
    large = {"content-type": "multipart/form-data; boundary=x", "content-length": "2000000000"}
    for route in uploads(home):
        url = next(route.urls([home.a.people[0]], TEXTS))
        assert client.request(route.method, url, content=b"--x", headers=large).status_code == 413, route


@pytest.mark.parametrize(
    "name", ["../../../../tmp/evil.csv", "/etc/cron.d/evil", "..\\..\\evil.csv", "a\x00.csv", "con.csv"]
)
def test_names_of_uploads_lead_nowhere(home: House, tmp_path: Path, name: str) -> None:
    # catches: a file written, or read, where its name points
    client = home.client(home.a)
    before = set(tmp_path.rglob("*"))
    for route in uploads(home):
        url = next(route.urls([home.a.people[0]], TEXTS))
        named = route.files or ("file",)
        answer = client.post(url, files=dict.fromkeys(named, (name, b"date,food,amount\n", "text/csv")))
        assert answer.status_code < 500, route
        assert Scripts(answer.text).found == []
    assert set(tmp_path.rglob("*")) == before
    assert not Path("/tmp/evil.csv").exists()  # noqa: S108 - must not be there
