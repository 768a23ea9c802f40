"""Data out and in: what went out comes back the same; what is broken changes nothing."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from magnes.apps.web.app import create_app
from magnes.apps.web.config import ServeConfig
from magnes.apps.web.downloads import attachment
from magnes.apps.web.guard import UPLOAD_MB
from magnes.apps.web.importing import BACKUP, LARGEST_BACKUP_MB, MOST_PARTS, packed
from magnes.errors import Problems
from magnes.readers.person_toml import person_from, read_person
from magnes.store.entries import Entries
from magnes.store.people import People
from magnes.store.scope import Scope
from magnes.text import translate

TABLES = {"medicine": "medicines", "supplement": "supplements", "lab": "labs"}
SHARED = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ODD = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30)
FACTS = st.dictionaries(
    st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True),
    st.one_of(
        ODD, st.booleans(), st.integers(-(10**12), 10**12), st.floats(-1e9, 1e9), st.lists(ODD, max_size=3)
    ),
    max_size=6,
)  # fmt: skip


def opened(path: Path) -> TestClient:
    app = create_app(ServeConfig(str(path / "magnes.sqlite")))
    return TestClient(app, base_url="http://127.0.0.1", headers={"sec-fetch-site": "same-origin"})


@pytest.fixture
def web(tmp_path: Path) -> Iterator[TestClient]:
    with opened(tmp_path) as client:
        yield client


@pytest.fixture
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Another, empty database."""
    with opened(tmp_path_factory.mktemp("other")) as client:
        yield client


def add(client: TestClient, facts: dict[str, Any], *entries: tuple[Any, dict[str, Any]]) -> int:
    """Store a person without the checks of a form: older versions may have stored anything."""
    state = client.app.state  # type: ignore[attr-defined]
    with state.store.begin() as session:
        person_id = People(session, state.local_scope).add(facts).id
        for kind, row in entries:
            Entries(session, state.local_scope, person_id).add(kind, row)
    return person_id


def everything(client: TestClient) -> dict[str, Any]:
    answer = client.post("/backup/file")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    data: dict[str, Any] = answer.json()
    return data | {"made_at": ""}


def restored(client: TestClient, data: bytes) -> Any:
    return client.post("/backup/restore", files={"file": ("b.json", data)}, follow_redirects=False)


def test_everything_comes_back_into_an_empty_database(web: TestClient, other: TestClient) -> None:
    # catches: a kind of entry, a deleted line, a setting or an odd sign that a backup loses
    web.post("/import/anna")
    product = {"name": "Mg “forte” <b>", "price": "9,95"}
    person_id = add(web, {"label": "Zoë 🌷", "x": "0,75"}, ("product", product), ("favourite", {"food": "=brood"}))
    web.post(f"/people/{person_id}/delete")
    web.post("/settings", data={"units": "mg"})
    before = everything(web)
    answer = restored(other, json.dumps(before).encode())
    assert answer.status_code == 303
    assert everything(other) == before
    counts = dict(part.split("=") for part in answer.headers["location"].partition("?")[2].split("&"))
    assert counts == {
        "people": "2",
        "entries": str(sum(len(one["entries"]) for one in before["people"])),
        "settings": "1",
    }
    assert translate("web.backup.restored", "nl", **counts) in other.get(answer.headers["location"]).text


@given(facts=FACTS, row=FACTS)
@SHARED
def test_facts_of_any_kind_come_back_as_typed(
    web: TestClient, other: TestClient, facts: dict[str, Any], row: dict[str, Any]
) -> None:
    # catches: a number that becomes another, a sign that changes, an entry that moves
    person_id = add(web, facts, ("lab", row), ("favourite", facts))
    sent = web.get(f"/people/{person_id}/export.json").content
    assert restored(other, sent).status_code == 303
    back = everything(other)["people"][-1]
    assert back["facts"] == facts
    assert [(one["kind"], one["facts"]) for one in back["entries"]] == [("favourite", facts), ("lab", row)]


def test_restore_replaces_nothing(web: TestClient) -> None:
    # catches: a restore that overwrites what was changed since
    web.post("/import/anna")
    data = everything(web)
    restored(web, json.dumps(data).encode())
    people = everything(web)["people"]
    assert people[0] == data["people"][0]
    assert people[1] == data["people"][0]


def wrong_backups() -> dict[str, bytes]:
    good: dict[str, Any] = {"format": "magnes-backup", "version": 1, "made_at": "", "practice": "", "settings": []}
    entry = {"kind": "lab", "day": None, "position": 1, "facts": {}, "deleted_at": None}
    person: dict[str, Any] = {"facts": {"label": "A"}, "restricted": False, "deleted_at": None, "grants": []}

    def of(entries: object, **more: object) -> bytes:
        return json.dumps(good | {"people": [person | {"entries": entries}]} | more).encode()

    return {
        "empty": b"",
        "not json": b"label = 1",
        "not utf-8": b'{"format": "\xff"}',
        "a list": b"[]",
        "other file": b'{"format": "x"}',
        "newer": of([], version=2),
        "cut off": of([entry])[:-20],
        "unknown kind": of([entry, entry | {"kind": "password"}]),
        "bad day": of([entry | {"day": "2026-13-01"}]),
        "field left out": of([{"kind": "lab"}]),
        "unknown field": of([], users=[]),
        "NaN": of([entry | {"facts": {"a": float("nan")}}]),
        "endless": of([entry | {"facts": {"a": 1e999}}]),
        "key twice": of([]).replace(b'"version": 1', b'"version": 1, "version": 1'),
        "deep": b'{"format":' * 100_000,
        "nested lists": b"[" * 200_000,
        "too many parts": b"[" + b"[]," * (MOST_PARTS + 1) + b"[]]",
        "digits": of([]).replace(b'"version": 1', b'"version": ' + b"1" * 5000),
    }


@pytest.mark.parametrize("name", wrong_backups())
def test_broken_backup_changes_nothing(web: TestClient, name: str) -> None:
    # catches: half a backup in the database, an error without words, a file that fills the memory
    web.post("/import/anna")
    before = everything(web)
    answer = restored(web, wrong_backups()[name])
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert everything(web) == before


def test_problem_in_a_backup_has_its_place(web: TestClient) -> None:
    # catches: "something is wrong" in a file of thousands of lines
    assert "people.0.entries.1.kind" in restored(web, wrong_backups()["unknown kind"]).text


@given(at=st.floats(0, 1))
@SHARED
def test_backup_cut_anywhere_changes_nothing(web: TestClient, at: float) -> None:
    # catches: a place where a cut file still looks whole
    data = json.dumps(small_backup()).encode()
    assert restored(web, data[: int(at * (len(data) - 1))]).status_code == 422
    assert everything(web)["people"] == []


def small_backup() -> dict[str, Any]:
    facts = {"label": "A", "conditions": ["x", "y"]}
    person = {"facts": facts, "restricted": False, "deleted_at": None, "grants": [], "entries": []}
    return {
        "format": "magnes-backup", "version": 1, "made_at": "", "practice": "", "people": [person], "settings": [],
    }  # fmt: skip


def test_large_backup_goes_out_packed_and_comes_back(
    web: TestClient, other: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    # catches: a backup that is too large to be restored
    web.post("/import/anna")
    before = everything(web)
    monkeypatch.setattr("magnes.apps.web.pages.backup.LARGEST_PLAIN", 1000)
    answer = web.post("/backup/file")
    assert answer.headers["content-type"] == "application/zip"
    assert '.zip"' in answer.headers["content-disposition"]
    assert restored(other, answer.content).status_code == 303
    monkeypatch.undo()
    assert everything(other) == before


@pytest.mark.parametrize(
    "data",
    [packed({"x.json": b"{}"}), packed({BACKUP: b" " * (LARGEST_BACKUP_MB * 1_000_000 + 1)}), b"PK\x03\x04"],
    ids=["other file", "bomb", "garbage"],
)
def test_hostile_packed_backup_is_refused(web: TestClient, data: bytes) -> None:
    # catches: a small file that unpacks into all memory
    assert restored(web, data).status_code == 422


def test_too_large_a_file_is_refused(web: TestClient) -> None:
    # catches: a body without a bound
    assert restored(web, b" " * (UPLOAD_MB * 1_000_000 + 1)).status_code == 413


def test_files_of_a_person_come_back_as_the_same_person(web: TestClient) -> None:
    # catches: a medicine, a laboratory value or a diary line that an export or an import loses
    web.post("/import/anna")
    sent = web.get("/people/1/export.zip").content
    answer = web.post("/import", files={"person": ("a.zip", sent)}, follow_redirects=False)
    assert answer.headers["location"] == "/people/2/diary"
    first, second = everything(web)["people"]
    assert first == second
    example = read_person(str(files("magnes.examples") / "anna.toml"))
    tables = {
        table: [one["facts"] for one in second["entries"] if one["kind"] == kind] for kind, table in TABLES.items()
    }
    assert person_from(second["facts"] | tables, Problems()) == example
    diary = [one for one in second["entries"] if one["kind"] == "diary"]
    lines = (files("magnes.examples") / "anna.csv").read_text().splitlines()
    assert len(diary) == len(lines) - 1
    assert [one["day"] for one in diary] == [line.partition(",")[0] for line in lines[1:]]
    assert all("date" not in one["facts"] for one in diary)


def test_wrong_files_are_told_by_line_and_field(web: TestClient) -> None:
    # catches: one problem at a time, a person without the diary that was sent along
    person, diary = b'sex = "female"\nage_years = 300\n', b"date,food,amount,unit\n2026-01-01,brood,x,g\n"
    answer = web.post("/import", files={"person": ("p.toml", person), "diary": ("d.csv", diary)})
    assert answer.status_code == 422
    assert "p.toml:2: age_years" in answer.text
    assert "d.csv:2: amount" in answer.text
    assert everything(web)["people"] == []
    right = b'sex = "female"\nage_years = 30\n'
    assert web.post("/import", files={"person": ("p.toml", right), "diary": ("d.csv", diary)}).status_code == 422
    assert everything(web)["people"] == []


def test_person_file_without_a_name_gets_that_of_the_file(web: TestClient) -> None:
    # catches: somebody in the list without words to click on
    web.post("/import", files={"person": ("Jan.toml", b'sex = "male"\nage_years = 30\n')}, follow_redirects=False)
    assert everything(web)["people"][0]["facts"]["label"] == "Jan"


BOMB = b'label = "' + b"a" * 21_000_000 + b'"'


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 no zip at all",
        packed({"other.txt": b"x"}),
        packed({"../person.toml": b'sex = "male"\nage_years = 30\n'}),
        packed({"/etc/person.toml": b"x"}),
        packed({"person.toml": BOMB}),
        packed({"person.toml": b'sex = "male"\nage_years = 30\n'})[:-30],
        packed({"person.toml": b"x"}).replace(b"\x08\x00", b"\x63\x00"),
    ],
    ids=["garbage", "others", "path up", "absolute path", "bomb", "cut off", "unknown method"],
)
def test_hostile_zip_is_refused(web: TestClient, tmp_path: Path, data: bytes) -> None:
    # catches: a zip bomb, a path out of the folder, an error of ours
    before = sorted(path.name for path in tmp_path.parent.rglob("*"))
    answer = web.post("/import", files={"person": ("x.zip", data)})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert everything(web)["people"] == []
    assert sorted(path.name for path in tmp_path.parent.rglob("*")) == before


def test_missing_file_is_told(web: TestClient) -> None:
    # catches: an error of ours when the button is pressed without a file
    assert web.post("/import").status_code == 422
    assert web.post("/backup/restore").status_code == 422
    assert web.post("/import", files={"person": ("", b"")}).status_code == 422


def test_spreadsheet_runs_nothing(web: TestClient) -> None:
    # catches: a food name that a spreadsheet takes for a formula
    diary = 'date,food,amount,unit\n2026-01-01,"=HYPERLINK(""http://x"")",1,g\n2026-01-01,@brood,1,g\n'
    person = b'sex = "male"\nage_years = 30\n'
    web.post("/import", files={"person": ("p.toml", person), "diary": ("d.csv", diary.encode())})
    with zipfile.ZipFile(io.BytesIO(web.get("/people/1/export.zip").content)) as file:
        rows = list(csv.reader(io.StringIO(file.read("diary.csv").decode())))
    assert len(rows) == 3
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@")]


@given(st.one_of(st.text(), st.text('"\r\n/\\;.%é🌷 a', max_size=20)))
def test_file_name_is_a_name_everywhere(label: str) -> None:
    # catches: a label that adds a header, ends the quotes or names a folder
    found = attachment(f"magnes-{label}.zip")
    form = r"""attachment; filename="[A-Za-z0-9_-]+\.zip"; filename\*=UTF-8''[A-Za-z0-9_.%~-]+\.zip"""
    assert re.fullmatch(form, found)
    assert "%2F" not in found
    assert "%5C" not in found
    assert found.isascii()


def test_odd_label_goes_out_as_a_file(web: TestClient) -> None:
    # catches: a download that fails or splits the header
    person_id = add(web, {"label": 'x"\r\nset-cookie: a=b; /../ü'})
    for kind in ("zip", "json"):
        answer = web.get(f"/people/{person_id}/export.{kind}")
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
        assert answer.headers["content-disposition"].startswith('attachment; filename="magnes-x-set-cookie-a-b-u.')


def test_only_an_owner_takes_or_brings_everything(web: TestClient) -> None:
    # catches: a practitioner who carries the whole practice out
    web.post("/import/anna")
    state = web.app.state  # type: ignore[attr-defined]
    owner = state.local_scope
    for role in ("practitioner", "reader"):
        state.local_scope = Scope(owner.practice_id, owner.user_id, role)
        assert web.post("/backup/file").status_code == 403
        assert restored(web, json.dumps(small_backup()).encode()).status_code == 403
        assert "/backup/file" not in web.get("/backup").text
        assert web.get("/people/1/export.zip").status_code == 200
    assert web.post("/import/anna").status_code == 403
    state.local_scope = owner
    assert len(everything(web)["people"]) == 1


def test_empty_start_offers_anna(web: TestClient) -> None:
    # catches: a first page without a way to look around
    assert 'action="/import/anna"' in web.get("/").text
    assert web.post("/import/anna", follow_redirects=False).headers["location"] == "/people/1/diary"
    page = web.get("/").text
    assert "Anna (verzonnen)" in page
    assert 'action="/import/anna"' not in page


@pytest.mark.parametrize("language", ["nl", "en"])
def test_page_in_both_languages(web: TestClient, language: str) -> None:
    # catches: a text that only one language has
    page = web.get("/backup", headers={"accept-language": language}).text
    assert f'<html lang="{language}">' in page
    assert 'action="/import"' in page
