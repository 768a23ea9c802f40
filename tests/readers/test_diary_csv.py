"""Diaries that are right, in every shape that a spreadsheet saves them; what is wrong is in the malformed table."""

from __future__ import annotations

import datetime as dt
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from magnes.diary import Diary, resolve
from magnes.errors import InputProblems
from magnes.readers.diary_csv import read_diary

PLAIN = """\
date,time,meal,food,amount,unit,preparation
2026-11-01,08:00,ontbijt,volkorenbrood,2,snee,
2026-11-01,18:30,avondeten,"spinazie",150.5,g,gekookt
"""


def _read(tmp_path: Path, text: str | bytes) -> Diary:
    path = tmp_path / "diary.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_diary(path)


def _entries(diary: Diary) -> list[dict[str, object]]:
    return [entry.model_dump(exclude={"line"}) for entry in diary.entries]


def test_a_diary_is_read_as_it_stands(tmp_path: Path) -> None:
    # catches: a column in the wrong field, a lost line, line numbers from 0
    diary = _read(tmp_path, PLAIN)
    first, second = diary.entries
    assert (first.line, first.date, first.time, first.meal) == (2, dt.date(2026, 11, 1), dt.time(8), "ontbijt")
    assert (first.food, first.amount, first.unit, first.preparation) == ("volkorenbrood", 2, "snee", "")
    assert (second.line, second.amount, second.preparation) == (3, 150.5, "boiled-drained")
    assert first.magnesium_mg is None
    assert diary.dates == (dt.date(2026, 11, 1),)


@pytest.mark.parametrize(
    "text",
    [
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\r"),
        "\ufeff" + PLAIN,
        PLAIN.replace(",", "\t"),
        PLAIN.replace(",", ";").replace("150.5", "150,5"),
        PLAIN.replace(",", "|").replace("150.5", "150,50"),
        PLAIN.replace("150.5", '"150,5"'),
        PLAIN.replace(",", " , ").replace(' "spinazie" ', "spinazie  "),
        PLAIN.replace("date,time", "Date,TIME").replace("2026-11-01", "01-11-2026"),
        PLAIN.replace("\n", "\n\n,,,,,,\n"),
        PLAIN.rstrip("\n"),
    ],
    ids=[
        "CRLF", "CR", "BOM", "tabs", "semicolons", "bars", "quoted comma", "spaces", "Dutch dates", "blank lines",
        "no end",
    ],
)  # fmt: skip
def test_how_it_was_saved_makes_no_difference(tmp_path: Path, text: str) -> None:
    # catches: a separator, line end, byte order mark or decimal sign that changes a value
    assert _entries(_read(tmp_path, text)) == _entries(_read(tmp_path, PLAIN))


def test_columns_in_any_order(tmp_path: Path) -> None:
    # catches: cells taken by place and not by name
    expected = None
    for order in permutations(("date", "food", "amount", "unit")):
        cells = {"date": "2026-11-01", "food": "tofu", "amount": "50", "unit": "g"}
        found = _entries(_read(tmp_path, ",".join(order) + "\n" + ",".join(cells[name] for name in order) + "\n"))
        expected = expected or found
        assert found == expected


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.integers(1, 20_000_000).map(lambda thousandths: thousandths / 1000), st.sampled_from(",."))
def test_an_amount_is_never_another_amount(tmp_path: Path, amount: float, sign: str) -> None:
    # catches: 0,75 read as 75; 1.234 read as 1234 or as 1.234
    typed = f"{amount:.3f}".rstrip("0").rstrip(".").replace(".", sign)
    text = f"date;food;amount;unit\n2026-11-01;tofu;{typed};g\n"
    try:
        read = _read(tmp_path, text).entries[0].amount
    except InputProblems as error:
        assert [problem.code for problem in error.problems] == ["number_ambiguous"]  # noqa: PT017 - one of two outcomes
        assert len(typed.partition(sign)[2]) == 3
    else:
        assert read == amount


SERVINGS = """\
"Day","Time","Group","Food Name","Amount","Energy (kcal)","Magnesium (mg)","Category"
"2026-11-01","8:15 AM","Breakfast","Oats, Rolled","1.50 cup, dry","300.00","110.25","Cereals"
"2026-11-01","","Dinner","zalm","150.00 g","310.00","","Fish"
"""


def test_cronometer_servings(tmp_path: Path) -> None:
    # catches: the programme's own magnesium lost, a blank one read as 0, the unit cut off
    first, second = _read(tmp_path, SERVINGS).entries
    assert (first.food, first.amount, first.unit, first.magnesium_mg) == ("Oats, Rolled", 1.5, "cup, dry", 110.25)
    assert (first.meal, first.time) == ("Breakfast", dt.time(8, 15))
    assert (second.amount, second.unit, second.magnesium_mg, second.time) == (150, "g", None, None)


@pytest.mark.parametrize(
    ("group", "food", "category"),
    [("Supplements", "Multivitamin", "x"), ("supplement", "Multivitamin", "x"),
     ("Dinner", "Multivitamin", "SUPPLEMENTS"), ("Dinner", "Magnesium Citrate", "x"),
     ("Dinner", "Magnesiumcitraat 100", "x")],
)  # fmt: skip
def test_cronometer_supplements_are_no_food(tmp_path: Path, group: str, food: str, category: str) -> None:
    # catches: a pill counted as food, and so outside the limit for supplements; one without magnesium refused
    row = f'"2026-11-01","","{group}","{food}","1.00 tablet","0","{{}}","{category}"\n'
    for magnesium in ("150.00", ""):
        with pytest.raises(InputProblems) as caught:
            _read(tmp_path, SERVINGS + row.format(magnesium))
        (problem,) = caught.value.problems
        assert (problem.code, problem.line, problem.found) == ("supplement_in_diary", 4, food)
    assert _read(tmp_path, SERVINGS + row.format("0.00")).entries[-1].magnesium_mg == 0


def test_cronometer_without_magnesium_is_looked_up(tmp_path: Path) -> None:
    # catches: a serving without a printed value that counts as 0 mg or keeps the programme's empty food
    given_, looked_up = resolve(_read(tmp_path, SERVINGS)).items
    assert (given_.food.code, given_.portion.grams) == ("", 0)
    assert looked_up.food.basic == "salmon"
    assert looked_up.portion.grams == 150


def test_problems_come_in_the_order_of_the_lines(tmp_path: Path) -> None:
    # catches: a list that jumps through the file
    text = PLAIN + "2026-11-01,,,xqzzy,1,g,\n2026-11-01,,,tofu,-1,g,\n2026-11-01,,,wvkpt,1,g,\n2026-11-01,,,tofu,x,g,\n"
    with pytest.raises(InputProblems) as caught:
        _read(tmp_path, text)
    assert [problem.line for problem in caught.value.problems] == [4, 5, 6, 7]
