"""Every table loads, every key resolves, and a bad cell is refused with file, line and column."""

import ast
import hashlib
import re
from pathlib import Path

import pytest

import magnes
from magnes.errors import InputProblems
from magnes.knowledge import (
    body_effects,
    body_parameters,
    clinical,
    eating,
    foods,
    indications,
    ledger,
    load,
    people,
    records,
    targets,
    timing,
)
from magnes.knowledge.load import knowledge_hash, read_table, table

# rows of tables that came whole from elsewhere: a lost or doubled row is news
ROWS = {
    records.Water: 95,
    records.Spread: 28,
    records.Retention: 43,
    records.WithinPersonSd: 17,
    targets.Target: 237,
    people.BodySize: 46,
    ledger.Statement: 326,
    ledger.EuClaim: 10,
}
# tables that grow by hand may only grow
AT_LEAST = {
    records.Source: 600,
    records.Basic: 1188,
    records.Measure: 1690,
    eating.Allergen: 14,
    eating.Diet: 8,
    eating.FoodUse: 43,
    eating.GroupLimit: 20,
    eating.FoodChoice: 67,
    eating.FoodSwap: 58,
    eating.FoodRule: 25,
    records.Salt: 39,
    records.Authority: 8,
    records.ReferenceValue: 135,
    records.Limit: 23,
    records.LabReference: 30,
    records.LabTest: 7,
    records.Parameter: 8,
    body_parameters.BodyParameter: 100,
    body_parameters.Variability: 4,
    people.PersonParameter: 18,
    body_effects.MedicineEffect: 12,
    body_effects.ConditionEffect: 25,
    ledger.Term: 26,
    clinical.Substance: 1500,
    clinical.Brand: 250,
    clinical.Ingredient: 1500,
    clinical.RxnormProduct: 73,
    clinical.Condition: 106,
    clinical.Interaction: 129,
    timing.Separation: 16,
    timing.MealRule: 11,
    clinical.Contraindication: 39,
    indications.Indication: 49,
    ledger.Computation: 60,
    ledger.Function: 30,
    ledger.Sign: 45,
    ledger.Cause: 28,
    ledger.Link: 100,
    ledger.FoodClaim: 32,
    ledger.LabInterference: 12,
}
RAW_IDS = {
    clinical.Interaction: ("INT", 3, 102),
    indications.Indication: ("EV", 2, 49),
    ledger.Function: ("FN", 2, 30),
    ledger.Sign: ("SY", 2, 39),
    ledger.Cause: ("DC", 2, 28),
    ledger.FoodClaim: ("FC", 2, 32),
    ledger.LabInterference: ("LI", 2, 12),
    clinical.Contraindication: ("CI", 2, 26),
    records.Salt: ("SALT", 2, 39),
    records.LabReference: ("LAB", 2, 30),
}


def kind_name(kind: type) -> str:
    return kind.__name__


def test_every_record_kind_has_a_table() -> None:
    # catches a table that is added to the loader but never checked here
    assert set(load._PLACES) == set(ROWS) | set(AT_LEAST)


@pytest.mark.parametrize("kind", [*ROWS, *AT_LEAST], ids=kind_name)
def test_tables_have_their_rows(kind: type) -> None:
    # catches rows lost in an edit
    found = len(table(kind))
    assert found == ROWS[kind] if kind in ROWS else found >= AT_LEAST[kind]


@pytest.mark.parametrize("kind", RAW_IDS, ids=kind_name)
def test_no_raw_row_is_lost(kind: type) -> None:
    # catches a fact of the raw tables that a file no longer holds; a split row keeps its id with a letter
    letters, digits, count = RAW_IDS[kind]
    found = {re.sub(r"[a-z]$", "", row.id) for row in table(kind)}
    assert {f"{letters}{number:0{digits}}" for number in range(1, count + 1)} <= found


@pytest.mark.parametrize("kind", [*ROWS, *AT_LEAST], ids=kind_name)
def test_rows_of_a_folder_come_in_one_order(kind: type) -> None:
    # catches results that depend on how a disk lists its files
    if not load.place_of(kind).endswith(".csv"):
        ids = [row.id for row in table(kind)]
        assert ids == sorted(ids)


def test_every_source_key_in_the_code_resolves() -> None:
    # catches a key typed in the code that sources.csv lacks
    known = {row.key for row in table(records.Source)}
    used = set(foods._SOURCES.values())
    for path in Path(magnes.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "sources":
                words = {part.value for part in ast.walk(node.value) if isinstance(part, ast.Constant)}
                used |= {word for word in words if isinstance(word, str) and word.isupper()}
    assert {"CRONOMETER", "SCF01", "MAGNES-DESIGN"} <= used
    assert used - known == set()


def test_rows_of_a_source_are_found_in_every_table() -> None:
    # catches a source whose retraction would leave rows behind
    found = load.rows_by_source("KIM90")
    assert {"kitchen.csv", "statements", "graph/food_claims.csv"} <= set(found)
    assert len(found["kitchen.csv"]) == 7
    assert found["kitchen.csv"][0] == "line 2"
    firoz = load.rows_by_source("FIROZ01")
    assert "SALT06" in firoz["salts.csv"]
    assert load.rows_by_source("SAB11")["model/parameters.csv"][0] == "absorption_a_max"
    assert load.rows_by_source("no such key") == {}
    assert dict(load.tables())[records.Salt] == "salts.csv"


def write(folder: Path, text: str) -> Path:
    path = folder / "limits.csv"
    path.write_text(text, encoding="utf-8")
    return path


HEADER = "id,authority,year,kind,age_low_years,age_high_years,sex,condition,mg_per_day,mg_per_day_high,sources,verified"
GOOD = "RV1,efsa,2001,UL,4,,any,,250,,SCF01;BFR17,yes"


def test_a_good_row_is_read_with_its_types(tmp_path: Path) -> None:
    # catches a blank that becomes 0, a list that stays text, a flag that stays a word
    (row,) = read_table(write(tmp_path, f"{HEADER}\n{GOOD}\n"), "limits.csv", records.Limit)
    assert row.age_high_years is None
    assert row.mg_per_day_high is None
    assert row.sources == ("SCF01", "BFR17")
    assert row.verified is True


def test_bad_cells_are_refused_all_at_once_with_line_and_column(tmp_path: Path) -> None:
    # catches a loader that stops at the first fault or loses the place
    rows = [
        GOOD,
        "RV2,efsa,2001,UL,4,,any,,2,50,,SCF01,yes",
        "RV3,efsa,2001,UL,4,,any,,-5,,SCF01,yes",
        "RV4,efsa,2001,MAX,4,,both,,250,,SCF01,perhaps",
        "RV5,efsa,2001,UL,4,,any,,,,SCF01,yes",
        "RV6,efsa",
        "RV7,efsa,2001,UL,inf,,any,,250,,SCF01,yes",
        "RV8,efsa,2001,UL,nan,,any,,twee,,SCF01,yes",
    ]
    with pytest.raises(InputProblems) as caught:
        read_table(write(tmp_path, "\n".join([HEADER, *rows]) + "\n"), "limits.csv", records.Limit)
    found = {(problem.code, problem.line, problem.field, problem.found) for problem in caught.value.problems}
    assert {problem.file for problem in caught.value.problems} == {"limits.csv"}
    assert {(line, field) for _, line, field, _ in found} == {
        (3, ""),
        (4, "mg_per_day"),
        (5, "kind"),
        (5, "sex"),
        (5, "verified"),
        (6, "mg_per_day"),
        (7, ""),
        (8, "age_low_years"),
        (9, "age_low_years"),
        (9, "mg_per_day"),
    }
    assert ("cell", 4, "mg_per_day", "-5") in found
    assert ("cell", 9, "mg_per_day", "twee") in found
    assert {code for code, line, _, _ in found if line in (3, 7)} == {"row_width"}


def test_an_unknown_column_is_refused(tmp_path: Path) -> None:
    # catches a misspelt column whose values would be dropped in silence
    text = f"{HEADER.replace('condition', 'conditon')}\n{GOOD.replace(',any,,', ',any,pregnant,')}\n"
    with pytest.raises(InputProblems) as caught:
        read_table(write(tmp_path, text), "limits.csv", records.Limit)
    assert caught.value.problems[0].field == "conditon"


def test_a_quoted_line_break_keeps_the_line_number(tmp_path: Path) -> None:
    # catches line numbers that count records instead of lines
    text = f"{HEADER}\n{GOOD.replace('efsa', chr(34) + 'a' + chr(10) + 'b' + chr(34))}\n{GOOD.replace('UL', 'X')}\n"
    with pytest.raises(InputProblems) as caught:
        read_table(write(tmp_path, text), "limits.csv", records.Limit)
    assert [problem.line for problem in caught.value.problems] == [4]


def test_hash_names_the_state_of_every_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # catches a hash that misses a folder, a file name or a byte
    (tmp_path / "names").mkdir()
    (tmp_path / "salts.csv").write_text("a", encoding="utf-8")
    (tmp_path / "names" / "nl.csv").write_text("b", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not a table", encoding="utf-8")
    monkeypatch.setattr(load, "data_folder", lambda: tmp_path)
    first = knowledge_hash.__wrapped__()
    assert first == hashlib.sha256(b"names/nl.csvbsalts.csva").hexdigest()[:12]
    (tmp_path / "names" / "nl.csv").write_text("c", encoding="utf-8")
    assert knowledge_hash.__wrapped__() != first
