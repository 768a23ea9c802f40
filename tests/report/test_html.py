"""The HTML page: one safe file, complete in both languages, usable aloud, with sources behind its numbers."""

import re
from collections import Counter
from functools import cache
from itertools import pairwise

import pytest
from html_reader import INTERVAL, Page

from magnes.person import LabResult, Person
from magnes.report.build import Assessment, assess
from magnes.report.html import page
from magnes.text import LANGUAGES, Language, translate

ENGLISH = {"the", "and", "with", "from", "this", "that", "not", "your", "which"}
DUTCH = {"de", "het", "een", "en", "niet", "voor", "met", "uit", "dat", "deze"}


@cache
def _drawn(text: str, language: Language) -> str:
    return page(Assessment.model_validate_json(text), language)


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    value: Language = request.param
    return value


def draw(found: Assessment, language: Language) -> str:
    return _drawn(found.model_dump_json(), language)


def test_parses_and_nests(found: Assessment, language: Language) -> None:
    # catches: an element that is not closed, a doubled id, a link to nowhere on the page
    html = Page(draw(found, language))
    ids = [attrs["id"] for _, attrs in html.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    targets = {attrs["href"][1:] for attrs in html.all("a") if attrs["href"].startswith("#")}
    assert targets <= set(ids)


def test_fetches_nothing_and_runs_nothing(found: Assessment, language: Language) -> None:
    # catches: a script, a handler, a font or picture from elsewhere
    text = draw(found, language)
    html = Page(text)
    for tag, attrs in html.elements:
        assert tag not in {"script", "iframe", "img", "image", "object", "embed", "use", "form"}
        assert "src" not in attrs
        assert not any(name.startswith("on") for name in attrs)
        outside = str(attrs.get("href") or attrs.get("xlink:href") or "")
        assert tag == "a" or outside in ("", "data:,")
        assert outside == "data:," or re.match(r"#|https?://|$", outside)
    assert "@import" not in text
    assert "url(http" not in text


def test_text_of_people_is_harmless(anna: Assessment, gaps: Assessment, language: Language) -> None:
    # catches: a label, medicine, condition or food name that becomes markup
    assert "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt; &amp; Anna" in draw(anna, language)
    assert "<script" not in draw(anna, language)
    text = draw(gaps, language)
    for name in ("<img", "<i>", "<b>"):
        assert name not in text
    assert "&lt;img src=x onerror=alert(1)&gt;" in text


def test_svg_text_of_people_is_harmless(anna: Assessment, language: Language) -> None:
    # catches: a product name that leaves its text element in the drawing
    first = anna.intake.contributions[0].model_copy(update={"name_nl": "</text><b>", "name_en": "</text><b>"})
    rows = (first, *anna.intake.contributions[1:])
    changed = anna.model_copy(update={"intake": anna.intake.model_copy(update={"contributions": rows})})
    assert "<b>" not in draw(changed, language)


def test_language_title_and_headings(found: Assessment, language: Language) -> None:
    # catches: a page in the wrong voice, headings that skip a level
    html = Page(draw(found, language))
    assert html.all("html")[0]["lang"] == language
    assert len(html.all("title")) == len(html.all("h1")) == len(html.all("main")) == 1
    levels = [int(tag[1]) for tag, _ in html.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert html.all("a")[0] == {"class": "skip", "href": "#content"}


def test_pictures_have_words_and_a_table(anna: Assessment, language: Language) -> None:
    # catches: a chart that says nothing aloud
    html = Page(draw(anna, language))
    pictures = html.all("svg")
    assert len(html.all("figure")) == len(html.all("figcaption")) == 3
    assert len(pictures) == 2 * 3  # one for a page, one for a telephone
    for picture in pictures:
        assert picture["role"] == "img"
        assert re.search(r"\d", picture["aria-label"])
    captions = [data for path, data in html.texts if path.endswith("caption..") and "figcaption" not in path]
    assert sum(data.startswith(translate("table.same", language)) for data in captions) == 3
    for table_cell in html.all("th"):
        assert table_cell["scope"] in ("row", "col")


def test_numbers_with_interval_lead_to_sources(found: Assessment, language: Language) -> None:
    # catches: an estimate on the page that nobody can look up
    body = draw(found, language).partition("<main")[2].partition('id="h-sources"')[0]
    body = re.sub(r"<figure>.*?</figure>", "", body, flags=re.DOTALL)
    cells = [cell for cell in re.findall(r"<(?:td|dd|p)>.*?</(?:td|dd|p)>", body) if INTERVAL.search(cell)]
    assert cells or found.intake.food is None
    for cell in cells:
        assert 'href="#source-' in cell, cell


def test_unverified_numbers_are_marked(anna: Assessment, language: Language) -> None:
    # catches: a mark lost on its way to the page
    rows = [row for row in anna.intake.contributions if not row.magnesium.verified]
    assert rows
    text = draw(anna, language)
    for row in rows:
        name = row.name_nl if language == "nl" else row.name_en
        cells = re.search(rf'<th scope="row">{name}</th>(.*?)</tr>', text)[1]
        assert 'class="unverified"' in cells


def test_sources_are_numbered_with_flag_and_licence(anna: Assessment, language: Language) -> None:
    # catches: a source without number, flag or licence, and an identifier that is not a link
    text = draw(anna, language)
    items = re.findall(r'<li id="source-(\d+)">(.*?)</li>', text)
    assert [int(number) for number, _ in items] == list(range(1, len(anna.sources) + 1))
    seen, unseen = translate("report.seen", language), translate("report.not_seen", language)
    for source, (_, item) in zip(anna.sources, items, strict=True):
        assert f">{seen if source.seen else unseen}<" in item
        assert translate("report.licence", language, licence="") in item
        assert not source.pmid or f">PMID {source.pmid}</a>" in item
        assert not source.doi or f">DOI {source.doi}</a>" in item


def test_provenance_and_both_disclaimers(found: Assessment, language: Language) -> None:
    # catches: a page that cannot be traced, or that passes for a diagnosis
    text = draw(found, language)
    assert found.provenance.knowledge in text
    assert found.provenance.engine in text
    for other in LANGUAGES:
        for name in ("information", "show"):
            assert translate(f"disclaimer.{name}", other) in text
    assert 'lang="nl"' in text.partition("<footer")[2]
    assert 'lang="en"' in text.partition("<footer")[2]


def test_same_numbers_with_the_decimal_sign_of_the_language(found: Assessment) -> None:
    # catches: a number that one language rounds, drops or writes with the other's sign
    counts = {}
    for language in LANGUAGES:
        html = Page(draw(found, language))
        words = html.words("sources", "footer", "svg", "finding")
        if language == "nl":
            assert not re.search(r"\d\.\d", re.sub(r"(magnes )?\d+\.\d+\.\d+", "", words))
            words = re.sub(r"(\d),(\d)", r"\1.\2", words)
        else:
            assert not re.search(r"\d,\d", words)
        counts[language] = Counter(re.findall(r"\d+(?:\.\d+)*", words))
    assert counts["nl"] == counts["en"]


def test_no_words_of_the_other_language(found: Assessment, language: Language) -> None:
    # catches: English left in the Dutch page (citations and entry names of the food tables excepted)
    html = Page(draw(found, language))
    other = "en" if language == "nl" else "nl"
    words = set(re.findall(r"[a-zé]+", html.words("sources", f"p..{other}").casefold()))
    aria = " ".join(str(attrs.get("aria-label", "")) for _, attrs in html.elements)
    words |= set(re.findall(r"[a-zé]+", aria.casefold()))
    assert words & (ENGLISH if language == "nl" else DUTCH) == set()


def test_stop_stands_at_the_very_top(anna: Assessment, language: Language) -> None:
    # catches: a stop that has to be scrolled for, and a red bar without a reason
    assert 'class="top-finding"' not in draw(anna, language)
    person = anna.person.model_copy(update={"egfr_ml_min_1_73m2": 20.0})
    text = draw(assess(person), language)
    bar = text.partition('<div class="top-finding">')[2].partition("</div>")[0]
    assert translate("severity.stop", language) in bar
    assert text.index('class="top-finding"') < text.index("<h1")
    assert f"1\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}{translate('severity.stop', language).casefold()}" in text


def test_tiles_and_cells_show_few_source_marks(found: Assessment, language: Language) -> None:
    # catches: cells that are more source marks than number; the list keeps them all
    text = draw(found, language)
    for cell in re.findall(r"<(?:td|dd)>.*?</(?:td|dd)>", text):
        assert cell.count('href="#source-') <= 3
    assert text.count('<li id="source-') == len(found.sources)


def test_contrast_of_every_text_colour() -> None:
    # catches: grey text that some people cannot read (WCAG AA: 4.5 to 1)
    def luminance(colour: str) -> float:
        colour = "#" + "".join(2 * char for char in colour[1:]) if len(colour) == 4 else colour
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def contrast(one: str, two: str) -> float:
        low, high = sorted((luminance(one), luminance(two)))
        return (high + 0.05) / (low + 0.05)

    for ink in ("#1a1a1a", "#4a4a4a", "#004c7a", "#8a3c00"):
        for paper in ("#ffffff", "#f4f6f8", "#fff4f4", "#fff3bf"):
            assert contrast(ink, paper) >= 4.5, (ink, paper)
    for badge in ("#4a545c", "#a30000", "#8f4700"):
        assert contrast("#fff", badge) >= 4.5, badge


def test_works_on_paper_and_telephone(anna: Assessment, language: Language) -> None:
    # catches: a style sheet that lost its print or small-screen part
    text = draw(anna, language)
    assert "@media print" in text
    assert "@media (max-width: 40rem)" in text
    assert 'name="viewport"' in text


def test_a_laboratory_value_without_a_cut_off_is_a_sentence() -> None:
    # catches: an empty table under a heading, a value left out because nothing stands beside it
    labs = (LabResult(test="serum-albumin", value=38.5, unit="g/L"), LabResult(test="serum-magnesium", value=0.6,
            unit="mmol/L"), LabResult(test="fractional-excretion", value=6, unit="%"))  # fmt: skip
    html = Page(page(assess(Person(age_years=50, sex="male", labs=labs)), "nl"))
    assert "Albumine in serum: 38,5 g per liter. Magnes heeft hiervoor geen grens." in html.words()
    captions = [data for path, data in html.texts if "caption" in path]
    assert any("FE-Mg): 6,0 %" in caption for caption in captions)
    assert "boven 4,00" in html.words()
    assert "Dat past bij verlies door de nieren" in html.words()
