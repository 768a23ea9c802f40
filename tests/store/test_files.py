"""Stored rows as files that the readers of ``magnes plan`` take; cells that no spreadsheet runs."""

from __future__ import annotations

import csv
import datetime as dt
import tomllib
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from magnes.examples import example_folder
from magnes.readers.diary_csv import read_diary
from magnes.readers.person_toml import read_person
from magnes.store.backup import diary_csv, person_toml
from magnes.store.entries import EntryRow, Kind
from magnes.store.facts import clean_facts
from magnes.store.people import PersonRow

NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
MONDAY = dt.date(2026, 10, 5)
SIGNS = st.characters(
    exclude_categories=("Cs",), exclude_characters="".join(map(chr, [*range(9), 11, 12, *range(14, 32)]))
)


def person(facts: dict[str, Any]) -> PersonRow:
    return PersonRow(1, facts, 1, False, NOW, None)


def entry(kind: Kind, facts: dict[str, Any], day: dt.date | None = None, position: int = 1) -> EntryRow:
    return EntryRow(position, 1, kind, day, position, facts, NOW)


def test_a_person_as_typed_is_read_by_the_reader(tmp_path: Path) -> None:
    # catches: a table lost, "0,71" changed, a list of times as text, [day] that swallows what follows
    facts = {"label": 'Anna "de" \\ Wit', "age_years": "67", "sex": "vrouw", "weight_kg": "71,5", "height_cm": 165}
    facts |= {"pregnant": False, "day": {"wakes": "07:00", "work": ["09:00", "17:00"]}, "dislikes": ["spinazie"]}
    entries = [
        entry("medicine", {"name": "omeprazol", "dose_mg": "20", "times": ["08:00"]}),
        entry("lab", {"test": "serum magnesium", "value": "0,71", "unit": "mmol/L", "date": "2026-10-01"}),
        entry("supplement", {"salt": "citraat", "elemental_mg": "150", "times": ["20:00"], "fixed": True}),
        entry("medicine", {"name": "levothyroxine", "dose_mg": 0.1, "times": ["07:00"]}),
        entry("diary", {"food": "brood"}),
    ]
    path = tmp_path / "person.toml"
    path.write_text(person_toml(person(facts), entries), encoding="utf-8")
    read = read_person(path, today=dt.date(2026, 11, 22))
    assert (read.label, read.weight_kg, read.height_cm, read.sex) == ('Anna "de" \\ Wit', 71.5, 165, "female")
    assert [(medicine.name, medicine.dose_mg) for medicine in read.medicines] == [
        ("omeprazol", 20),
        ("levothyroxine", 0.1),
    ]
    assert [(lab.value, lab.date) for lab in read.labs] == [(0.71, dt.date(2026, 10, 1))]
    assert read.supplements[0].fixed
    assert read.day.work == (dt.time(9), dt.time(17))


def test_an_example_survives_the_store(tmp_path: Path) -> None:
    # catches: a field of person.toml or diary.csv that the store's own files forget
    for file in sorted(example_folder().glob("*.toml")):
        data = tomllib.loads(file.read_text(encoding="utf-8"), parse_float=str)
        kinds: dict[str, Kind] = {"medicines": "medicine", "supplements": "supplement", "labs": "lab"}
        entries = [entry(kind, clean_facts(row)) for name, kind in kinds.items() for row in data.pop(name, [])]
        with file.with_suffix(".csv").open(encoding="utf-8") as handle:
            for number, row in enumerate(csv.DictReader(handle)):
                entries.append(entry("diary", row, dt.date.fromisoformat(row.pop("date")), number))
        toml, diary = tmp_path / "p.toml", tmp_path / "d.csv"
        toml.write_text(person_toml(person(clean_facts(data)), entries), encoding="utf-8")
        diary.write_text(diary_csv(entries), encoding="utf-8")
        assert read_person(toml) == read_person(file)
        read, original = read_diary(diary).entries, read_diary(file.with_suffix(".csv")).entries
        unnumbered = [[line.model_copy(update={"line": 0}) for line in lines] for lines in (read, original)]
        assert unnumbered[0] == sorted(unnumbered[1], key=lambda line: line.date)


@given(facts=st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), st.text(SIGNS, max_size=30), max_size=4))
def test_any_text_survives_toml(facts: dict[str, str]) -> None:
    # catches: a quote, line end or control sign that breaks the file
    assert tomllib.loads(person_toml(person(facts), [entry("lab", facts)])) == {**facts, "labs": [facts]}


def test_a_diary_as_typed_is_read_by_the_reader(tmp_path: Path) -> None:
    # catches: days mixed, a comma in a food or an amount that splits the line
    entries = [
        entry(
            "diary",
            {"time": "12:30", "meal": "lunch", "food": "kaas, 48+", "amount": "0,75", "unit": "plak"},
            MONDAY,
            3,
        ),
        entry("diary", {"food": "volkorenbrood", "amount": 70, "unit": "g"}, MONDAY - dt.timedelta(1), 4),
        entry("diary", {"food": "melk", "amount": "200", "unit": "ml", "preparation": "", "meal": ""}, MONDAY, 1),
        entry("lab", {"test": "serum magnesium"}, MONDAY),
    ]
    path = tmp_path / "diary.csv"
    path.write_text(diary_csv(entries), encoding="utf-8", newline="")
    read = read_diary(path).entries
    assert [(line.date.day, line.food, line.amount, line.unit) for line in read] == [
        (4, "volkorenbrood", 70, "g"),
        (5, "melk", 200, "ml"),
        (5, "kaas, 48+", 0.75, "plak"),
    ]
    assert (read[2].time, read[2].meal) == (dt.time(12, 30), "lunch")


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+31 6", "'+31 6"),
        ("-brood", "'-brood"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "\t'=1"),
        ("\r=1", "\r'=1"),
        (" =1", " '=1"),
        ("brood;=1", "brood;'=1"),
        ('a";=cmd|x', "a\";'=cmd|x"),
        ("a\n=1", "a\n'=1"),
        ('a;"=1', "a;\"'=1"),
        ("＝1+1", "'＝1+1"),
        ("-5", "-5"),
        ("+0,75", "+0,75"),
        ("1.5", "1.5"),
        ("brood - wit", "brood - wit"),
        ("kaas 48+", "kaas 48+"),
    ],
)
def test_a_spreadsheet_runs_nothing(typed: str, written: str) -> None:
    # catches: a food name that starts a program at the colleague who opens the export
    text = diary_csv([entry("diary", {"food": typed, "amount": "1", "unit": "g"}, MONDAY)])
    _, line = csv.reader(StringIO(text, newline=""))
    assert line[3] == written


@given(typed=st.text(SIGNS | st.sampled_from("=+-@;\"'\t\n,"), max_size=12))
@example(typed='a;"=1')
def test_no_cell_begins_a_formula(typed: str) -> None:
    # catches: a way around the list above, in a spreadsheet that splits at commas, semicolons or tabs
    text = diary_csv([entry("diary", {"food": typed}, MONDAY)])
    for delimiter in ",;\t":
        for row in csv.reader(StringIO(text.split("\n", 1)[1], newline=""), delimiter=delimiter):
            for cell in row:
                begins = cell.lstrip().startswith(tuple("=+-@"))
                assert not begins or (
                    delimiter == "," and cell.lstrip("+-").replace(",", ".", 1).replace(".", "", 1).isdigit()
                )
