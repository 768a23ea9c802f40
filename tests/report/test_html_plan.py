"""The plan on the page: every picture told and in a table, every number with a source, a closed gate without a dose."""

import datetime as dt
import re
from collections import Counter
from functools import cache

import pytest
from html_reader import INTERVAL, Page
from random_people import poor_diary

from magnes.advice.plan import Plan, plan
from magnes.person import LabResult, Medicine, Person, Supplement
from magnes.report.build import assess
from magnes.report.html import page
from magnes.text import LANGUAGES, Language, translate

SECTIONS = ("steps", "standing", "flow", "foods", "dose", "timetable", "forecast")
LARGEST = 1_500_000  # bytes of a page
WHO = Person(
    label="Anna",
    age_years=50,
    sex="female",
    weight_kg=71,
    height_cm=165,
    egfr_ml_min_1_73m2=80,
    supplements=(Supplement(salt="oxide", elemental_mg=50, times=(dt.time(12),)),),
    medicines=(
        Medicine(name="levothyroxine", atc="H03AA01", times=(dt.time(7),)),
        Medicine(name="ciprofloxacine", atc="J01MA02", times=(dt.time(9),)),
    ),
    labs=(LabResult(test="serum-magnesium", value=0.74, unit="mmol/L"),),
)
PEOPLE = {
    "whole": WHO,
    "blocked": WHO.model_copy(update={"egfr_ml_min_1_73m2": 20.0, "labs": ()}),
    "refused": WHO.model_copy(update={"labs": (LabResult(test="serum-magnesium", value=2.5, unit="mmol/L"),)}),
    "bare": Person(age_years=40, sex="male"),
}


@cache
def planned(name: str) -> Plan:
    eaten = None if name == "bare" else poor_diary()
    return plan(PEOPLE[name], eaten, authority="iom-1997", draws=100)


@cache
def drawn(name: str, language: Language) -> str:
    eaten = None if name == "bare" else poor_diary()
    return page(assess(PEOPLE[name], eaten, authority="iom-1997"), language, planned(name))


@pytest.fixture(params=PEOPLE)
def name(request: pytest.FixtureRequest) -> str:
    value: str = request.param
    return value


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    value: Language = request.param
    return value


def section(text: str, of: str) -> str:
    return text.partition(f'<h2 id="h-{of}">')[2].partition("</section>")[0]


def test_the_plan_stands_after_the_findings(language: Language) -> None:
    # catches: a part that is planned and not shown, a plan above what stops it
    headings = re.findall(r'<h2 id="h-([a-z]+)">', drawn("whole", language))
    assert headings[: 2 + len(SECTIONS)] == ["summary", "findings", *SECTIONS]
    assert "Anna" in drawn("whole", language).partition("<title>")[2].partition("</title>")[0]


def test_is_one_valid_file_that_fetches_nothing(name: str, language: Language) -> None:
    # catches: an open element, a doubled id or attribute, a link to nowhere, a script, a page too large to send
    text = drawn(name, language)
    html = Page(text)
    ids = [attrs["id"] for _, attrs in html.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    for tag in re.findall(r"<[a-z][^>]*>", text):
        names = re.findall(r' ([a-z:-]+)="', tag)
        assert len(names) == len(set(names)), tag
    links = [attrs["href"] for attrs in html.all("a")]
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
    inside = re.findall(r'url\(#([^)]+)\)|aria-labelledby="([^"]+)"', text)
    assert {one or other for one, other in inside} <= set(ids)
    assert not html.all("script")
    assert "url(http" not in text
    assert len(text.encode()) < LARGEST


def test_every_picture_has_words_and_a_table(name: str, language: Language) -> None:
    # catches: a picture that says nothing aloud, or whose numbers nobody can read or look up
    text = drawn(name, language)
    html = Page(text)
    assert html.all("svg")
    for picture in html.all("svg"):
        assert picture["role"] == "img"
        assert re.search(r"\d", picture["aria-label"])
    assert len(html.all("figure")) == len(html.all("figcaption"))
    for after in text.split("</figure>\n")[1:]:
        start = re.match(r'(?:<details>\n<summary>[^<]*</summary>\n)?<div class="scroll[ a-z]*" tabindex="0"', after)
        assert start, after[:200]
    assert text.count('<div class="wide">') == text.count('<div class="narrow">') == len(html.all("figure"))


def test_numbers_with_an_interval_lead_to_sources(name: str, language: Language) -> None:
    # catches: a number of the plan that nobody can look up
    text = drawn(name, language)
    for of in SECTIONS:
        body = re.sub(r"<figure>.*?</figure>", "", section(text, of), flags=re.DOTALL)
        for table in re.findall(r"<table>.*?</table>", body, flags=re.DOTALL):
            if 'href="#source-' not in table.partition("</caption>")[0]:
                for cell in re.findall(r"<td>.*?</td>", table):
                    assert not INTERVAL.search(cell) or 'href="#source-' in cell, cell
        for said in re.findall(r"<p>.*?</p>", body):
            assert not INTERVAL.search(said) or 'href="#source-' in said, said


def test_a_closed_gate_is_a_box_without_a_dose(language: Language) -> None:
    # catches: a dose beside the reason not to take it, a stop without whom to go to
    found = planned("blocked")
    assert found.stopped
    text = drawn("blocked", language)
    dose = section(text, "dose")
    assert '<div class="no-dose">' in dose
    for gate in found.dose.gates.blocked:
        assert translate(f"whom.{gate.to_whom}", language) in dose
    assert "<table" not in dose
    assert "<figure" not in dose
    assert text.index('class="top-finding"') < text.index("<h1")
    assert 'class="no-dose"' not in drawn("whole", language)


def test_both_languages_say_the_same_numbers(name: str) -> None:
    # catches: a number that one language rounds or drops
    counts = {}
    for language in LANGUAGES:
        text = drawn(name, language)
        html = Page("".join(section(text, of).replace("</h2>", "", 1) for of in ("steps", "standing", "flow", "dose")))
        words = html.words("svg")
        words = re.sub(r"(\d),(\d)", r"\1.\2", words) if language == "nl" else words
        counts[language] = Counter(re.findall(r"\d+(?:\.\d+)*", words))
    assert counts["nl"] == counts["en"]
    assert counts["nl"]


def test_nothing_of_a_terminal_is_left(name: str, language: Language) -> None:
    # catches: dashes for a list, columns of blanks, keys of sources in a sentence
    html = Page("".join(section(drawn(name, language), of).replace("</h2>", "", 1) for of in SECTIONS))
    for _, data in html.texts:
        assert not re.match(r"\s*- |-{5}", data), data
        assert "  " not in data.strip(), data
        assert "`" not in data
        assert "\x1b" not in data


def test_values_that_contradict_the_model_have_no_flow_and_no_forecast(language: Language) -> None:
    # catches: a picture of a body that is not this person's
    assert planned("refused").individual.refused
    text = drawn("refused", language)
    assert not section(text, "flow")
    assert not section(text, "forecast")
    assert '<div class="no-dose">' in section(text, "dose")


def test_without_a_diary_the_page_says_so(language: Language) -> None:
    # catches: an empty section, a KeyError for who takes nothing and ate nothing known
    assert translate("plan.no_diary", language) in drawn("bare", language).replace("&#x27;", "'")
    assert translate("plan.nothing_taken", language) in drawn("bare", language) or "<table" in section(
        drawn("bare", language), "timetable"
    )
