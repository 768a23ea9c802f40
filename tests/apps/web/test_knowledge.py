"""What Magnes knows, in the browser: every statement, indication and source is reachable, in both languages."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from magnes.apps.web.app import create_app
from magnes.apps.web.config import ServeConfig
from magnes.knowledge.indications import Indication
from magnes.knowledge.ledger import Cause, Function, Sign, Statement
from magnes.knowledge.load import table
from magnes.knowledge.records import Salt, Source
from magnes.report.answers.forest import dot_line, effect_words
from magnes.statements import PAGES, VERDICTS
from magnes.text import LANGUAGES, Language, translate

INLINE = re.compile(r'\sstyle="|\son[a-z]+="|<script(?![^>]*\ssrc=)|javascript:', re.IGNORECASE)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    app = create_app(ServeConfig(str(tmp_path_factory.mktemp("know") / "magnes.sqlite")))
    with TestClient(app, base_url="http://127.0.0.1") as client:
        yield client


def get(client: TestClient, path: str, language: Language = "nl", status: int = 200) -> str:
    answer = client.get(path, headers={"accept-language": language, "accept": "text/html"})
    assert answer.status_code == status, path
    assert not INLINE.search(answer.text), path
    assert f'<html lang="{language}">' in answer.text
    return answer.text


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def claim_links(page: str) -> list[str]:
    return re.findall(r'<li><a href="/claims/([^"]+)">', page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_statement_is_listed_once_and_has_a_page(client: TestClient, language: Language) -> None:
    # catches: a statement lost between ledger and page, a page that fails on one of them
    ids = [row.id for row in table(Statement)]
    assert sorted(claim_links(get(client, "/claims", language))) == sorted(ids)
    for row in table(Statement)[:: 1 if language == "nl" else 4]:  # the text itself is tested in both
        page = words(get(client, f"/claims/{row.id}", language))
        assert " ".join((row.text_nl if language == "nl" else row.text_en).split()) in page
        assert translate(f"verdict.{row.verdict}", language) in page
        assert all(key in page for key in (*row.sources, *row.conflicts))


def test_filters_divide_the_statements(client: TestClient) -> None:
    # catches: a filter that loses or doubles statements
    ids = sorted(row.id for row in table(Statement))
    for name, values in (("page", map(str, PAGES)), ("verdict", VERDICTS)):
        found = [one for value in values for one in claim_links(get(client, f"/claims?{name}={value}"))]
        assert sorted(found) == ids
    conflicting = claim_links(get(client, "/claims?conflicts=on"))
    assert sorted(conflicting) == sorted(row.id for row in table(Statement) if row.conflicts)


def test_words_find_statements_in_either_language(client: TestClient) -> None:
    # catches: a search that minds accents, capitals or the language of the page
    row = next(row for row in table(Statement) if row.id == "C1-052")
    for words_ in (row.text_nl, row.text_en.upper(), "c1 052"):
        assert "C1-052" in claim_links(get(client, f"/claims?q={quote(words_)}"))
    assert claim_links(get(client, "/claims?q=zzzz")) == []
    assert translate("web.claims.none", "nl") in get(client, "/claims?q=zzzz")


@pytest.mark.parametrize("query", ["page=7", "page=x", "verdict=nonsense"])
def test_unknown_filter_is_told_at_its_field(client: TestClient, query: str) -> None:
    # catches: an empty list that looks as if there were no statements
    page = get(client, f"/claims?{query}", status=422)
    assert f'id="{query.partition("=")[0]}-wrong"' in page


@pytest.mark.parametrize(("language", "offset"), [("nl", 0), ("en", 1)])
def test_every_indication_has_its_effects_as_picture_and_table(
    client: TestClient, language: Language, offset: int
) -> None:
    # catches: an effect without its row, a picture without words; the texts in the other language stand in the list
    rows = table(Indication)
    assert set(re.findall(r'href="/evidence/([^"]+)"', get(client, "/evidence", language))) == {row.id for row in rows}
    for row in rows[offset::3]:
        page = get(client, f"/evidence/{row.id}", language)
        read = words(page)
        assert all(effect_words(effect, language) in read for effect in row.effects), row.id
        drawn = any(dot_line(effect, language) for effect in row.effects)
        assert ("<svg" in page) == drawn, row.id
        assert len(re.findall(r'<svg role="img" aria-label="[^"]+"', page)) == page.count("<svg"), row.id


@pytest.mark.parametrize(("language", "offset"), [("nl", 0), ("en", 1)])
def test_every_name_can_be_asked_why(client: TestClient, language: Language, offset: int) -> None:
    # catches: a link of the list that finds nothing, a picture that cannot be drawn
    nodes = (*table(Sign), *table(Function), *table(Cause))
    listed = get(client, "/why", language)
    assert {row.id for row in nodes} == set(re.findall(r'href="/why\?q=([^"]+)"', listed))
    for row in nodes[offset::6]:
        page = get(client, f"/why?q={row.id}", language)
        assert f'<span class="id">{row.id}</span>' in page
        assert set(re.findall(r'href="#source-(\d+)"', page)) <= set(re.findall(r'id="source-(\d+)"', page))


def test_alarm_shows_whom_to_call_and_no_way(client: TestClient) -> None:
    # catches: somebody with chest pain who first reads about magnesium
    for row in table(Sign):
        if row.category == "alarm":
            page = get(client, f"/why?q={row.id}")
            assert " ".join(row.note_nl.split()) in words(page)
            assert "<svg" not in page


def test_question_without_answer_names_what_is_near(client: TestClient) -> None:
    # catches: a dead end, and markup of the question in the page
    page = get(client, "/why?q=spierkramo", status=422)
    assert 'role="alert"' in page
    assert 'href="/why?q=spierkramp' in page
    hostile = get(client, "/why?q=" + quote('"><script>alert(1)</script>'), status=422)
    assert "<script>alert" not in hostile
    assert client.get("/why?q=" + "x" * 500).status_code == 422


def test_evidence_can_be_searched(client: TestClient) -> None:
    # catches: a search that shows everything, an unknown word without a message
    page = get(client, "/evidence?q=migraine")
    assert 0 < page.count('href="/evidence/') < 6
    assert 'role="alert"' in get(client, "/evidence?q=xyzzy", status=422)


def test_every_source_is_listed_and_has_a_page(client: TestClient) -> None:
    # catches: a source that cannot be opened, a link that tells another website where somebody came from
    keys = [row.key for row in table(Source)]
    page = get(client, "/sources")
    assert [html.unescape(key) for key in re.findall(r'<li><a href="/sources/[^"]+">([^<]+)</a>', page)] == keys
    outside = re.findall(r'<a href="https?://[^>]*>', page)
    assert len(outside) > len(keys) / 2
    assert all('rel="noreferrer"' in link for link in outside)
    for key in keys[::10]:
        assert f"<code>{key}</code>" in get(client, f"/sources/{quote(key, safe='')}", "en")


def test_source_leads_to_what_rests_on_it(client: TestClient) -> None:
    # catches: a statement that cannot be reached from its source
    row = table(Statement)[0]
    assert f'href="/claims/{row.id}"' in get(client, f"/sources/{row.sources[0]}")


@pytest.mark.parametrize("path", ["/claims/C9-999", "/evidence/nothing", "/sources/NOTHING"])
def test_what_is_not_there_is_not_found(client: TestClient, path: str) -> None:
    # catches: an error of ours for an address that somebody mistyped
    get(client, path, status=404)


@pytest.mark.parametrize("language", LANGUAGES)
def test_salts_and_medicines_can_be_looked_up(client: TestClient, language: Language) -> None:
    # catches: a salt without a page, a combination with a slash in its name that is cut there
    assert get(client, "/salt", language).count('href="/salt/') == len(table(Salt))
    for row in table(Salt):
        assert row.id in get(client, f"/salt/{row.id}", language)
    assert "omeprazol" in get(client, "/medicine/omeprazol", language).casefold()
    assert "N04BA02" in get(client, "/medicine/" + quote("levodopa/carbidopa", safe=""), language)
    get(client, "/medicine/xyzzyq", language, status=422)
