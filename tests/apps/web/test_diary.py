"""The diary page with a real store: lines in, lines back, nothing lost, nothing that is not known counted as zero."""

from __future__ import annotations

import csv
import datetime as dt
import html
import re
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from magnes.apps.web.app import create_app
from magnes.apps.web.config import ServeConfig
from magnes.readers.diary_csv import COLUMNS, diary_of
from magnes.readers.diary_text import read_list

PAGE = "/people/1/diary"
DAY = "2026-11-20"
EXAMPLES = Path("src/magnes/examples")


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[TestClient]:
    app = create_app(ServeConfig(str(tmp_path / "magnes.sqlite")))
    headers = {"sec-fetch-site": "same-origin", "accept-language": "nl"}
    client = TestClient(app, base_url="http://127.0.0.1", headers=headers, follow_redirects=False)
    client.post("/people", data={"label": "Anna", "age_years": "40", "sex": "female"})
    yield client
    app.state.store.close()


def add(browser: TestClient, food: str = "spinazie", amount: str = "150", unit: str = "g", **more: str) -> int:
    """Add a line and return its id."""
    answer = browser.post(PAGE, data={"day": DAY, "food": food, "amount": amount, "unit": unit, **more})
    assert answer.status_code == 303, answer.text
    return int(answer.headers["location"].rpartition("-")[2])


def shown(browser: TestClient, day: str = DAY) -> str:
    answer = browser.get(PAGE, params={"day": day})
    assert answer.status_code == 200
    return answer.text


def words(page: str) -> str:
    """What a reader of the page reads."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def kept(browser: TestClient) -> list[dict[str, str]]:
    """Lines of the diary as its file has them."""
    return list(csv.DictReader(StringIO(browser.get(f"{PAGE}/diary.csv").text)))


def test_a_line_is_kept_as_typed_and_shows_its_magnesium(browser: TestClient) -> None:
    # catches: an amount that changes on its way, a line under another meal, a sum that is not that of the line
    add(browser, amount="0,15", unit="kg", meal="avondeten", time="18:00", preparation="raw")
    (line,) = kept(browser)
    assert line == dict(zip(COLUMNS, (DAY, "18:00", "avondeten", "spinazie", "0,15", "kg", "raw"), strict=False))
    page = words(shown(browser))
    assert "avondeten 118 mg" in page
    assert "Uit eten en drinken: 118 mg per dag" in page
    assert "Nog nodig om daar te komen: 182 mg per dag" in page


def test_what_cannot_be_read_comes_back_beside_its_field(browser: TestClient) -> None:
    # catches: a wrong line stored, or what was typed gone
    typed = {"day": DAY, "food": "mijn eigen soep", "amount": "veel", "unit": "", "time": "25:00"}
    answer = browser.post(PAGE, data=typed)
    assert answer.status_code == 422
    for name in ("amount", "unit", "time"):
        assert f'id="l0-{name}-wrong"' in answer.text
        assert f'aria-describedby="l0-{name}-wrong"' in answer.text
    assert 'value="mijn eigen soep"' in answer.text
    assert kept(browser) == []


def test_an_unknown_food_is_missing_not_zero(browser: TestClient) -> None:
    # catches: a day called complete while a line of it is not known, and a line thrown away
    add(browser)
    add(browser, food="xqzzy")
    page = words(shown(browser))
    assert "magnesium niet bekend, niet meegeteld" in page
    assert "Uit eten en drinken, minstens: 118 mg" in page
    assert "hoogstens: 182 mg" in page
    assert [line["food"] for line in kept(browser)] == ["spinazie", "xqzzy"]


def test_an_ambiguous_food_is_chosen_with_a_button(browser: TestClient) -> None:
    # catches: nearest foods that cannot be chosen without a script, or a choice that loses the other fields
    line = add(browser, food="kip", amount="100", meal="lunch")
    buttons = re.findall(r'<button name="food" value="([^"]+)">', shown(browser))
    assert "kipfilet" in buttons
    fields = [("food", "kip"), ("amount", "100"), ("unit", "g"), ("meal", "lunch"), ("food", "kipfilet")]
    body = "&".join(
        f"{name}={value}" for name, value in fields
    )  # the button comes after the field, as browsers send it
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert browser.post(f"{PAGE}/lines/{line}", content=body, headers=headers).status_code == 303
    (after,) = kept(browser)
    assert (after["food"], after["amount"], after["meal"]) == ("kipfilet", "100", "lunch")
    assert "minstens" not in words(shown(browser))


def test_each_field_saves_by_itself(browser: TestClient) -> None:
    # catches: a field that empties the others when it saves, and a wrong one that replaces a good one
    line = add(browser, meal="lunch")
    assert browser.post(f"{PAGE}/lines/{line}", data={"amount": "200"}).status_code == 303
    assert browser.post(f"{PAGE}/lines/{line}", data={"meal": ""}).status_code == 303
    wrong = browser.post(f"{PAGE}/lines/{line}", data={"amount": "twee"})
    assert wrong.status_code == 422
    assert 'value="twee"' in wrong.text
    (after,) = kept(browser)
    assert (after["food"], after["amount"], after["meal"]) == ("spinazie", "200", "")


def test_delete_can_be_undone(browser: TestClient) -> None:
    # catches: a deleted line that is gone for good, or still counted
    line = add(browser)
    answer = browser.post(f"{PAGE}/lines/{line}/delete")
    assert kept(browser) == []
    undo = f"{PAGE}/lines/{line}/restore"
    assert undo in browser.get(answer.headers["location"]).text
    assert browser.post(undo).status_code == 303
    assert [row["food"] for row in kept(browser)] == ["spinazie"]


def test_copies(browser: TestClient) -> None:
    # catches: a copied day that moves the lines instead, or comes in another order
    first = add(browser)
    add(browser, food="banaan", amount="1", unit="stuk")
    browser.post(f"{PAGE}/lines/{first}/copy")
    answer = browser.post(f"{PAGE}/copy", data={"day": "2026-11-21", "from": DAY})
    assert answer.headers["location"].endswith("&added=3")
    foods = [(row["date"], row["food"]) for row in kept(browser)]
    assert foods == [(day, food) for day in (DAY, "2026-11-21") for food in ("spinazie", "banaan", "spinazie")]


def test_favourites(browser: TestClient) -> None:
    # catches: a star that cannot be taken away, a favourite that takes its day along
    line = add(browser, meal="lunch")
    browser.post(f"{PAGE}/lines/{line}/star")
    page = shown(browser, "2026-11-22")
    favourite = re.search(r"/favourites/(\d+)\"", page)
    assert favourite
    browser.post(f"{PAGE}/favourites/{favourite[1]}", data={"day": "2026-11-22"})
    assert [(row["date"], row["meal"]) for row in kept(browser)] == [(DAY, "lunch"), ("2026-11-22", "lunch")]
    browser.post(f"{PAGE}/lines/{line}/star")
    assert "/favourites/" not in shown(browser)


def test_a_line_of_another_kind_is_not_found(browser: TestClient) -> None:
    # catches: a favourite (or medicine) changed through the address of a diary line
    line = add(browser)
    browser.post(f"{PAGE}/lines/{line}/star")
    for act in ("", "/delete", "/copy", "/star"):
        assert browser.post(f"{PAGE}/lines/{line + 1}{act}", data={"food": "x"}).status_code == 404
    assert browser.post(f"{PAGE}/favourites/{line}", data={"day": DAY}).status_code == 404


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "' & <b>"]
)
def test_markup_in_names_stays_text(browser: TestClient, text: str) -> None:
    # catches: stored markup that runs in the page of whoever reads the diary
    line = add(browser, food=text, meal=text)
    browser.post(f"{PAGE}/lines/{line}/star")
    add(browser, meal=text)
    pages = [shown(browser), browser.post(f"{PAGE}/paste", data={"day": DAY, "text": f"2 g {text}"}).text]
    for page in pages:
        assert text in html.unescape(page)
        assert not re.search(r"<script>alert|<img src=x|<b>", page)
        assert ">49<" not in page


def test_the_picture_is_a_drawing_of_the_day(browser: TestClient) -> None:
    # catches: a picture without its numbers, words that say something else, script in a drawing
    add(browser, meal="ontbijt <i>")
    drawing = browser.get(f"{PAGE}/picture.svg", params={"day": DAY})
    assert drawing.headers["content-type"] == "image/svg+xml"
    assert "118 (" in drawing.text
    assert "<i>" not in drawing.text
    said = re.search(r'<img class="day-picture"[^>]*alt="([^"]*)"', shown(browser))
    assert said
    assert "alles samen 118 mg per dag" in said[1]
    assert "300 mg per dag" in said[1]
    assert browser.get(f"{PAGE}/picture.svg", params={"day": "2026-11-22"}).status_code == 404


@pytest.mark.parametrize("day", ["2026-02-30", "gisteren", "99999-01-01", "0001-01-01", "<b>"])
def test_a_day_that_is_none(browser: TestClient, day: str) -> None:
    # catches: a fault of the server for a mistyped address
    assert browser.get(PAGE, params={"day": day}).status_code == 422


LIST = """Ontbijt:
- 2 sneetjes volkorenbrood
200 ml melk
Lunch
1½ cup milk
150 g xqspinazie
iets lekkers
"""


def test_a_pasted_list_is_shown_before_it_is_kept(browser: TestClient) -> None:
    # catches: lines kept before somebody has seen them; a line that is not understood lost
    first = browser.post(f"{PAGE}/paste", data={"day": DAY, "text": LIST})
    assert first.status_code == 200
    assert kept(browser) == []
    assert "6 spinazie" in re.findall(r'name="choose" value="([^"]*)"', first.text)
    saved = browser.post(f"{PAGE}/paste", data={"day": DAY, "text": LIST, "act": "save"})
    lines = [(row["meal"], row["food"], row["amount"], row["unit"]) for row in kept(browser)]
    assert lines == [
        ("Ontbijt", "volkorenbrood", "2", "sneetjes"), ("Ontbijt", "melk", "200", "ml"), ("Lunch", "milk", "1.5", "cup")
    ]  # fmt: skip
    left = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", saved.text, re.DOTALL)
    assert left
    assert left[1].splitlines() == ["Lunch", "150 g xqspinazie", "iets lekkers"]


def test_a_food_is_chosen_for_a_pasted_line(browser: TestClient) -> None:
    # catches: the wrong line replaced
    answer = browser.post(f"{PAGE}/paste", data={"day": DAY, "text": LIST, "choose": "6 spinazie"})
    assert "150 g spinazie\niets lekkers" in html.unescape(answer.text)


@given(st.text(max_size=120))
@settings(deadline=None, max_examples=150)
def test_any_pasted_text_is_understood_or_shown_back(text: str) -> None:
    # catches: a line that a list loses, whatever stands in it
    read = read_list(text)
    written = [line for line in text.splitlines() if line.strip()]
    assert [line.text for line in read] == written
    for line in read:
        assert line.heading or line.problems or {"food", "amount", "unit"} <= line.facts.keys()


@given(
    st.lists(
        st.sampled_from(["2 eieren", "xqzzy", "Ontbijt:", "3 g <b>", "1/0 ei", "", "  ", "melk 200 ml"]), max_size=6
    )
)
@settings(deadline=None, max_examples=60)
def test_lines_are_kept_or_stay_in_the_field(lines: list[str]) -> None:
    # catches: a line neither kept nor given back when a list is half understood
    read = read_list("\n".join(lines))
    kept_lines = [line for line in read if not line.heading and not line.problems]
    left = [line for line in read if not line.heading and line.problems]
    assert len(kept_lines) + len(left) == len([line for line in lines if line.strip() and line != "Ontbijt:"])


def test_our_own_file_comes_in_after_a_look(browser: TestClient) -> None:
    # catches: lines kept without a look, kept twice, or changed between the file and the diary
    content = (EXAMPLES / "anna.csv").read_bytes()
    first = browser.post(f"{PAGE}/import", files={"file": ("../../etc/passwd", content)})
    assert first.status_code == 200
    assert kept(browser) == []
    keep = re.search(rf"{PAGE}/import/[\w-]+", first.text)
    assert keep
    assert browser.post(keep[0]).status_code == 303
    assert browser.post(keep[0]).status_code == 422
    before = diary_of(content).entries
    after = diary_of(browser.get(f"{PAGE}/diary.csv").content).entries
    assert [one.model_copy(update={"line": 0}) for one in after] == [
        one.model_copy(update={"line": 0}) for one in before
    ]


SERVINGS = """\
Day,Group,Food Name,Amount,Magnesium (mg)
2026-11-20,Breakfast,"Oats, Rolled",40.00 g,55.2
2026-11-20,Lunch,Mystery stew,1.00 cup,
"""


def test_cronometer_keeps_what_it_printed(browser: TestClient) -> None:
    # catches: the magnesium of another programme lost on import or export, and a changed line that keeps it
    first = browser.post(f"{PAGE}/import", files={"file": ("servings.csv", SERVINGS.encode())})
    assert "Van 1 regels is het magnesium niet bekend" in words(first.text)
    browser.post(re.search(rf"{PAGE}/import/[\w-]+", first.text)[0])
    assert "55 mg (46 tot 66)" in words(shown(browser))
    assert [row["magnesium_mg"] for row in kept(browser)] == ["55.2", ""]
    browser.post(f"{PAGE}/lines/1", data={"meal": "brunch"})
    assert kept(browser)[0]["magnesium_mg"] == "55.2"
    browser.post(f"{PAGE}/lines/1", data={"amount": "80"})
    assert "magnesium_mg" not in kept(browser)[0]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PK\x03\x04" + b"0" * 50, "geen tekstbestand"),
        (b"\x1f\x8b\x08" + b"0" * 50, "geen tekstbestand"),
        (b"date,food\x00", "geen tekstbestand"),
        (b"\xff\xfed\x00", "UTF-16"),
        (b"", "leeg"),
        (b"x" * 5_000_001, "5 MB"),
        (b"date,food,amount,unit\n2026-11-20,spinazie,veel,g\n2026-13-01,spinazie,1,g\n", "Regel 3, date"),
        (b"date,food,amount,unit\n2026-11-20,spinazie,veel,g\n", "Regel 2, amount"),
    ],
)
def test_files_that_are_none(browser: TestClient, content: bytes, told: str) -> None:
    # catches: an archive unpacked, a huge file read, a problem without its line and field
    answer = browser.post(f"{PAGE}/import", files={"file": ("diary.csv", content)})
    assert answer.status_code == 422
    assert told in words(answer.text)
    assert kept(browser) == []


def test_a_file_of_one_person_is_not_added_to_another(browser: TestClient) -> None:
    # catches: a token that opens somebody else's file
    browser.post("/people", data={"label": "Bram", "age_years": "50", "sex": "male"})
    first = browser.post(f"{PAGE}/import", files={"file": ("a.csv", (EXAMPLES / "anna.csv").read_bytes())})
    token = re.search(rf"{PAGE}/import/([\w-]+)", first.text)[1]
    assert browser.post(f"/people/2/diary/import/{token}").status_code == 422
    assert browser.get("/people/2/diary/diary.csv").text.count("\n") == 1


def test_formulas_do_not_run_in_a_spreadsheet(browser: TestClient) -> None:
    # catches: a food name that a spreadsheet executes
    add(browser, food="=HYPERLINK(1)")
    assert kept(browser)[0]["food"] == "'=HYPERLINK(1)"


def test_a_day_of_thirty_lines_is_quick(browser: TestClient) -> None:
    # catches: work per line that grows; 35 ms of one core, so 250 ms leaves room for a slow and busy one
    foods = ["spinazie", "volkorenbrood", "halfvolle melk", "banaan", "kikkererwten"]
    for number in range(30):
        add(browser, food=foods[number % 5], amount="100", meal=("ontbijt", "lunch", "avondeten")[number % 3])
    shown(browser)
    start = time.process_time()
    for _ in range(5):
        shown(browser)
    assert (time.process_time() - start) / 5 < 0.25


def test_english(browser: TestClient) -> None:
    # catches: Dutch left on the English page
    add(browser, food="whole milk", amount="1", unit="cup")
    page = words(browser.get(PAGE, params={"day": DAY}, headers={"accept-language": "en"}).text)
    assert "From food and drink: 25 mg" in page or "From food and drink:" in page
    assert "Maaltijd" not in page


def test_today_without_a_day(browser: TestClient) -> None:
    # catches: a page that opens on another day
    assert dt.date.today().isoformat() in browser.get(PAGE).text  # noqa: DTZ011


def test_an_empty_day_leads_to_the_latest_one_with_lines(web: TestClient, person: str) -> None:
    # catches: somebody who thinks that the diary is gone, because today has no lines yet
    assert "2026-10-05" not in web.get(f"{person}/diary").text
    web.post(f"{person}/diary", data={"food": "banana", "amount": "100", "unit": "g", "day": "2026-10-05"})
    page = web.get(f"{person}/diary").text
    sum_of_day = page.split('id="sum"')[1].split("</div>")[0]
    assert f'href="{person}/diary?day=2026-10-05"' in sum_of_day
    assert "Go to the latest day" not in web.get(f"{person}/diary?day=2026-10-05").text
