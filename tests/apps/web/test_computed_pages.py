"""Status, plan, what-if, timetable and report, with the real store and real compute processes."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from html_reader import Page
from starlette.testclient import TestClient

import magnes
from magnes.advice.dose_ways import OFFERED
from magnes.advice.plan import plan
from magnes.apps.web.app import create_app
from magnes.apps.web.config import ServeConfig
from magnes.apps.web.guard import CSP
from magnes.diary import resolve
from magnes.readers.diary_csv import read_diary
from magnes.readers.person_toml import read_person
from magnes.report.dose import salt_name
from magnes.store.entries import Entries
from magnes.store.people import People
from magnes.text import translate

EXAMPLE = Path(magnes.__file__).parent / "examples" / "anna"
KINDS = {"medicines": "medicine", "supplements": "supplement", "labs": "lab"}
DRAWS = 100
SAME_SITE = {"sec-fetch-site": "same-origin"}
A_DOSE = re.compile(rf"({'|'.join(salt_name(salt, 'en') for salt in OFFERED)})\D{{0,20}}\d+")


def add_anna(app: FastAPI, **changed: object) -> int:
    """Store the example as a page would; ``changed``: facts of the person."""
    facts = tomllib.loads(EXAMPLE.with_suffix(".toml").read_text(encoding="utf-8"))
    tables = {name: facts.pop(name, []) for name in KINDS}
    with EXAMPLE.with_suffix(".csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    with app.state.store.begin() as session:
        scope = app.state.local_scope
        person = People(session, scope).add(typed(facts) | changed)
        store = Entries(session, scope, person.id)
        for table, kind in KINDS.items():
            store.add_many(kind, [(typed(row), None) for row in tables[table]])
        store.add_many("diary", [(row, dt.date.fromisoformat(row.pop("date"))) for row in rows])
    return person.id


def typed(facts: dict) -> dict:
    """Return facts as a form brings them: texts, and lists of texts."""
    kept = (list, dict, bool)
    return {name: value if isinstance(value, kept) else str(value) for name, value in facts.items()}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    config = ServeConfig(str(tmp_path_factory.mktemp("web") / "a.sqlite"), workers=1, draws=DRAWS)
    return create_app(config)


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    headers = {**SAME_SITE, "accept": "text/html", "accept-language": "en"}
    with TestClient(app, base_url="http://127.0.0.1", headers=headers) as found:
        yield found


@pytest.fixture(scope="module")
def anna(app: FastAPI) -> int:
    return add_anna(app)


@pytest.fixture(scope="module")
def closed(app: FastAPI) -> int:
    return add_anna(app, egfr_ml_min_1_73m2="20")


@pytest.fixture(scope="module")
def planned(client: TestClient, anna: int) -> str:
    return page(client, f"/people/{anna}/plan?wait=1")


def page(client: TestClient, path: str, **headers: str) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-security-policy"] == CSP
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style", answer.text)
    return answer.text


def words(text: str) -> str:
    return " ".join(Page(text).words().split())


def test_the_page_has_the_numbers_of_the_command_line(client: TestClient, anna: int, planned: str) -> None:
    # catches: a page that computes something else than ``magnes plan --json`` (diary dates, authority, draws, seed)
    person, diary = read_person(EXAMPLE.with_suffix(".toml")), read_diary(EXAMPLE.with_suffix(".csv"))
    expected = plan(person, resolve(diary), draws=DRAWS).as_dict()
    exported = client.get(f"/people/{anna}/report.json")
    assert exported.headers["content-disposition"].startswith("attachment")
    found = exported.json()["plan"]
    assert found == json.loads(json.dumps(expected))
    dose = expected["dose"]["options"][0]
    assert f"{dose['per_taking_mg']:.0f}" in words(planned)
    for name in ("steps", "foods", "dose", "timetable", "forecast", "sources"):
        assert f'id="h-{name}"' in planned


def test_every_link_within_the_page_has_its_place_once(planned: str) -> None:
    # catches: sections of two answers with other source numbers, and doubled ids
    ids = re.findall(r'\sid="([^"]+)"', planned)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', planned)) <= set(ids)


def test_another_language_has_other_words_and_the_same_numbers(client: TestClient, anna: int, planned: str) -> None:
    # catches: an answer kept in one language, and a second computation that differs
    dutch = page(client, f"/people/{anna}/plan?wait=1", **{"accept-language": "nl"})
    assert translate("report.steps", "nl") in dutch
    assert translate("report.steps", "en") in planned

    def numbers(text: str) -> list[str]:
        table = text[text.index('id="h-forecast"') : text.index("</table>", text.index('id="h-forecast"'))]
        return re.findall(r"<td>[^<]*</td>", table.replace(",", "."))

    assert re.findall(r"\d+\.\d+", "".join(numbers(dutch))) == re.findall(r"\d+\.\d+", "".join(numbers(planned)))


def test_the_same_case_is_computed_once(app: FastAPI, client: TestClient, anna: int, planned: str) -> None:
    # catches: a reload that computes again; and an answer that outlives a change
    kept = app.state.compute._jobs["plan"]
    before = {key: job.id for key, job in kept.items()}
    began = time.process_time()
    again = page(client, f"/people/{anna}/plan")
    assert again[again.index("<main") :] == planned[planned.index("<main") :]
    assert time.process_time() - began < 1
    assert {key: job.id for key, job in kept.items()} == before


def test_a_what_if_follows_the_dose(client: TestClient, anna: int, planned: str) -> None:
    # catches: controls that change nothing, a food swap or a stopped medicine that is lost
    assert 'name="dose_mg"' in planned
    answers = []
    for more in ({}, {"food": "1"}, {"stop_0": "on"}):
        form = {"dose_mg": "150", "salt": "citrate", "takings": "2", "width": "wide"} | more
        answer = client.post(f"/people/{anna}/plan/what-if", data=form, headers={"hx-request": "true"})
        assert answer.status_code == 200
        assert "<html" not in answer.text
        assert "75 mg" in words(answer.text)
        answers.append(words(answer.text))
    assert len(set(answers)) == 3
    assert translate("scenario.food", "en") in answers[1]
    assert translate("scenario.stop", "en", medicine="omeprazol") in answers[2]


def test_without_script_the_same_form_shows_the_page(client: TestClient, anna: int) -> None:
    # catches: an answer that only a script can show, and what was chosen lost from the form
    form = {"dose_mg": "150", "salt": "lactate", "takings": "2"}
    answer = client.post(f"/people/{anna}/plan/what-if", data=form)
    assert answer.status_code == 200
    found = Page(answer.text)
    assert 'id="h-steps"' in answer.text
    assert [one["value"] for one in found.all("input") if one.get("name") == "dose_mg"] == ["150"]
    chosen = {one["value"] for one in found.all("option") if "selected" in one}
    assert chosen == {"lactate", "2"}
    assert answer.text.count("<figure>") > 3


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"dose_mg": "9000"}, "5000"),
        ({"dose_mg": "900"}, "250"),
        ({"dose_mg": "abc"}, "abc"),
        ({"dose_mg": "20"}, "50"),
    ],
)
def test_a_dose_beyond_the_gates_is_refused_beside_the_field(
    client: TestClient, anna: int, form: dict[str, str], field: str
) -> None:
    # catches: a what-if that shows a course for more than the limit leaves
    answer = client.post(f"/people/{anna}/plan/what-if", data=form | {"salt": "citrate", "takings": "1"})
    assert answer.status_code == 422
    wrong = re.findall(r'<ul class="wrong" id="try-dose-wrong">(.*?)</ul>', answer.text, re.DOTALL)
    assert len(wrong) == 1
    assert field in wrong[0]
    assert 'class="said"' not in answer.text


def test_a_closed_gate_shows_no_dose_anywhere(client: TestClient, closed: int, planned: str) -> None:
    # catches: a dose beside a closed gate: on the plan, its controls, a what-if, the report
    assert A_DOSE.search(words(planned))
    for path in ("plan", "report"):
        text = page(client, f"/people/{closed}/{path}?wait=1")
        assert translate("dose.no_dose", "en") in text
        assert 'name="dose_mg"' not in text
        assert not A_DOSE.search(words(text))
    form = {"dose_mg": "100", "salt": "citrate", "takings": "1"}
    tried = client.post(f"/people/{closed}/plan/what-if", data=form, headers={"hx-request": "true"}).text
    assert translate("dose.no_dose", "en") in tried
    assert "<svg" not in tried
    assert not A_DOSE.search(words(tried))


def test_status_shows_at_once_what_is_quick_and_tells_progress_to_the_end(
    app: FastAPI, client: TestClient, anna: int
) -> None:
    # catches: a status that waits for the fit, events that never end, another person's job, a fit that never comes
    text = page(client, f"/people/{anna}/status")
    assert 'id="h-summary"' in text or "data-events" in text
    address = re.search(r'data-events="([^"]+)"', text)
    if address:  # a quick computer may have answered already
        stranger = add_anna(app, label="B")
        assert client.get(address[1].replace(f"/{anna}/", f"/{stranger}/")).status_code == 404
        assert client.get(address[1]).text.rstrip().endswith('data: {"state": "done"}')
    whole = page(client, f"/people/{anna}/status?wait=1")
    for name in ("summary", "findings", "standing", "flow", "intake", "limit", "absorbed", "labs", "forecast"):
        assert f'id="h-{name}"' in whole
    assert "data-events" not in whole


def test_cancel_ends_at_once(app: FastAPI, client: TestClient) -> None:
    # catches: a stop that waits for the computation, a page that begins it again by itself or never again
    someone = add_anna(app, age_years="64")
    waiting = page(client, f"/people/{someone}/plan")
    address = re.search(r'action="([^"]+/cancel)"', waiting)
    assert address
    began = time.perf_counter()
    answer = client.post(address[1], data={"back": "plan"}, follow_redirects=False)
    assert time.perf_counter() - began < 3  # the plan takes longer; the machine may be busy
    assert answer.headers["location"] == f"/people/{someone}/plan"
    assert translate("web.job.cancelled", "en") in page(client, f"/people/{someone}/plan")
    again = page(client, f"/people/{someone}/plan?again=1")
    assert "data-events" in again
    assert address[1] not in again


def test_a_process_that_dies_says_so_and_is_replaced(app: FastAPI, client: TestClient) -> None:
    # catches: a page that waits for ever for a process that was killed
    someone = add_anna(app, age_years="63")
    worker = app.state.compute._slow[0]
    page(client, f"/people/{someone}/plan")
    while worker._running is None or worker._running.person_id != someone:
        worker._kill()  # also whatever another test left behind
        time.sleep(0.05)
    killed = worker._process
    killed.kill()
    text = page(client, f"/people/{someone}/plan?wait=1")
    assert translate("web.job.died", "en") in text
    deadline = time.monotonic() + 5
    while worker._process is killed and time.monotonic() < deadline:
        time.sleep(0.05)
    assert worker._process.is_alive()


def test_timetable_and_calendar(client: TestClient, anna: int) -> None:
    # catches: a day without its medicines, a calendar that is none
    text = page(client, f"/people/{anna}/timetable?wait=1")
    assert "levothyroxine" in words(text)
    calendar = client.get(f"/people/{anna}/timetable.ics")
    assert calendar.headers["content-type"].startswith("text/calendar")
    assert calendar.text.startswith("BEGIN:VCALENDAR")
    assert "levothyroxine" in calendar.text


def test_pictures_come_as_specifications(client: TestClient, anna: int, planned: str) -> None:
    # catches: a button 'interactive' without a picture behind it
    names = re.search(r'data-pictures="([^"]+)" data-names="([^"]+)"', planned)
    assert names
    assert {"foods", "dose", "forecast"} <= set(names[2].split())
    for name in names[2].split():
        spec = client.get(f"{names[1]}/{name}").json()
        assert {"layer", "vconcat"} & spec.keys()
    assert client.get(f"{names[1]}/nothing").status_code == 404


def test_a_diary_that_cannot_be_computed_says_which_food(app: FastAPI, client: TestClient) -> None:
    # catches: an unknown food that ends in a page without a reason
    someone = add_anna(app, age_years="62")
    with app.state.store.begin() as session:
        facts = {"food": "xyzzyx", "amount": "100", "unit": "g"}
        Entries(session, app.state.local_scope, someone).add("diary", facts, dt.date(2026, 11, 1))
    for path in ("status", "plan", "report"):
        assert "xyzzyx" in words(page(client, f"/people/{someone}/{path}?wait=1"))
