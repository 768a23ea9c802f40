"""The food tables: every row, sums that make an accidental change news, and how sure a magnesium value is."""

import csv
import math
from collections import Counter
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from magnes.errors import InputProblems
from magnes.knowledge import foods
from magnes.knowledge.foods import composition, food_table, nevo_path, source_of
from magnes.knowledge.load import table
from magnes.knowledge.records import Basic, Food, Spread

DATA = files("magnes.knowledge") / "data"
# prefix -> rows, rows with magnesium, sum of magnesium [mg/100 g]
SUMS = {
    "sr": (8789, 8050, 284083.0),
    "fdc": (236, 224, 13774.62),
    "fndds": (10997, 10997, 304938.74),
    "ciqual": (3185, 2462, 97943.73),
}
# CIQUAL prints wheat bran twice, once without values; the row with values must win
DRY_FROM_COOKED_G = 45  # dry rice, pasta and pulses hold 50 to 60 g of water less than cooked ones
COLUMNS = list(Food.model_fields)


def shipped() -> foods.FoodTable:
    return foods._load(tuple((name, DATA / "foods" / f"{name}.csv") for name in foods.FOOD_TABLES))


@pytest.mark.parametrize("prefix", list(SUMS))
def test_rows_and_magnesium_add_up(prefix: str) -> None:
    # catches a table that lost rows, got zeros for blanks or was shifted by a column
    found = shipped()
    values = found.magnesium_mg[[row[0].startswith(f"{prefix}:") for row in found.rows]]
    assert (len(values), int(np.isfinite(values).sum())) == SUMS[prefix][:2]
    assert float(np.nansum(values)) == pytest.approx(SUMS[prefix][2], abs=0.01)


def test_every_row_is_a_food() -> None:
    # catches a row that only fails when somebody eats it
    found = shipped()
    records = [found.food(code) for code in found.index]
    assert len(records) == sum(rows for rows, _, _ in SUMS.values())


def test_food_codes_are_unique() -> None:
    # catches two foods under one code: the last would stand for both
    found = shipped()
    assert {code for code, count in Counter(row[0] for row in found.rows).items() if count > 1} == set()
    assert found.food("ciqual:9621").magnesium_mg == 546


def test_units_are_those_of_a_food() -> None:
    # catches grams read as milligrams, or a value per kilogram; dried sea lettuce holds 2780 mg
    found = shipped()
    known = found.magnesium_mg[np.isfinite(found.magnesium_mg)]
    assert known.min() == 0
    assert 2000 < known.max() < 3000
    assert np.median(known) < 50
    assert np.mean(known > 1000) < 0.001
    for code in found.index:
        food = found.food(code)
        assert (food.water_g or 0) <= 100.5, code
        assert (food.energy_kcal or 0) <= 905, code
        if food.mg_min is not None and food.mg_max is not None and food.magnesium_mg is not None:
            assert food.mg_min - 1 <= food.magnesium_mg <= food.mg_max + 1, code


def test_missing_is_none_and_never_listed_as_a_choice() -> None:
    # catches the silent zero
    found = shipped()
    without = [code for code in found.index if found.food(code).magnesium_mg is None]
    assert len(without) > 1000
    assert {code for code, _, _ in found.names()}.isdisjoint(without)
    assert all(math.isnan(found.magnesium_mg[found.index[code]]) for code in without)
    assert composition(without[0]) is None


def test_unknown_code_is_a_key_error() -> None:
    # catches a code that resolves to some other food
    assert "sr:99999999" not in food_table()
    with pytest.raises(KeyError):
        composition("sr:99999999")


def test_every_basic_exists_and_has_magnesium() -> None:
    # catches an everyday food that would end in "no magnesium value"
    found = shipped()
    for basic in table(Basic):
        for code in (basic.food, *basic.also, *filter(None, [basic.cooked])):
            assert code in found, (basic.id, code)
        for code in (basic.food, *filter(None, [basic.cooked])):
            assert found.food(code).magnesium_mg is not None, (basic.id, code)


def test_the_same_food_in_other_tables_is_alike() -> None:
    # catches a wrong "also": a dry food beside a cooked one differs by more than any two tables do
    found = shipped()
    far = []
    for basic in table(Basic):
        own = found.food(basic.food)
        others = {code: found.food(code).water_g for code in basic.also}
        water = {code: grams for code, grams in others.items() if None not in (grams, own.water_g)}
        far += [(basic.id, code) for code, grams in water.items() if abs(own.water_g - grams) > DRY_FROM_COOKED_G]
    assert far == []


def test_names_are_many_and_lead_somewhere() -> None:
    # catches a lost name table: the matcher would find almost nothing
    ids = {basic.id for basic in table(Basic)}
    for language, least in (("nl", 800), ("en", 800)):
        text = (DATA / "names" / f"{language}.csv").read_text(encoding="utf-8")
        rows = list(csv.DictReader(text.splitlines()))
        assert len({row["name"] for row in rows}) >= least
        assert {row["basic"] for row in rows} <= ids
        assert all(row["name"].strip() for row in rows)


def test_portions_are_of_known_foods_and_weigh_something() -> None:
    # catches a portion of 0 g or of a food that no table has
    with (DATA / "foods" / "portions.csv").open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    assert len(rows) == 36182
    assert {row["code"] for row in rows} <= set(shipped().index)
    assert all(0 < float(row["grams"]) < 10000 and float(row["amount"]) > 0 for row in rows)


def test_spinach_holds_both_published_values() -> None:
    # catches an interval that leaves out what another laboratory measured
    spinach = next(basic for basic in table(Basic) if basic.id == "spinach")
    estimate = composition(spinach.food, spinach.also)
    assert estimate is not None
    assert estimate.value == 79
    assert estimate.low <= 52.5
    assert estimate.high >= 79
    assert set(estimate.sources) == {"USDA-SR28", "CIQUAL2020", "USDA-FDC-2023-04"}


def header(path: Path, *rows: dict[str, object], columns: list[str] = COLUMNS) -> Path:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns)
        writer.writeheader()
        writer.writerows({"name": "x", "common": 0, **row} for row in rows)
    return path


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Composition over a table of the test's own."""

    def build(*rows: dict[str, object]):
        path = header(tmp_path / "own.csv", *rows)
        own_table = foods._load((("own.csv", path),))
        monkeypatch.setattr(foods, "food_table", lambda: own_table)
        return composition.__wrapped__

    return build


def test_a_borrowed_value_does_not_narrow(own) -> None:
    # catches the same number in two tables counted as two measurements that agree
    ask = own(
        {"code": "sr:1", "magnesium_mg": 80},
        {"code": "ciqual:1", "magnesium_mg": 80},
        {"code": "ciqual:2", "magnesium_mg": 60},
        {"code": "ciqual:3"},
    )
    alone, borrowed = ask("sr:1"), ask("sr:1", ("ciqual:1",))
    assert (borrowed.low, borrowed.high) == (alone.low, alone.high)
    three, two = ask("sr:1", ("ciqual:1", "ciqual:2")), ask("sr:1", ("ciqual:2",))
    assert (three.low, three.high) == (two.low, two.high)
    assert ask("sr:1", ("ciqual:3",)).high == alone.high


def test_more_disagreement_is_a_wider_interval(own) -> None:
    # catches an interval that shrinks or jumps when tables differ more
    values = [100.0, 99.0, 90.0, 75.0, 50.0, 25.0]
    ask = own({"code": "sr:1", "magnesium_mg": 100}, *({"code": f"fdc:{v:g}", "magnesium_mg": v} for v in values[1:]))
    widths = [ask("sr:1").high - ask("sr:1").low]
    for value in values[1:]:
        estimate = ask("sr:1", (f"fdc:{value:g}",))
        assert estimate.low <= value
        widths.append(estimate.high - estimate.low)
    assert widths == sorted(widths)
    assert widths[-1] > 1.5 * widths[0]


def test_imputed_is_not_verified_and_less_sure(own) -> None:
    # catches a guessed value shown as an analysed one
    ask = own(
        {"code": "fndds:1", "magnesium_mg": 50, "flag": "imputed"},
        {"code": "fndds:2", "magnesium_mg": 50},
    )
    guessed, analysed = ask("fndds:1"), ask("fndds:2")
    assert (guessed.verified, analysed.verified) == (False, True)
    assert guessed.high > analysed.high


def test_own_analyses_go_before_the_group(own) -> None:
    # catches a standard error used as a standard deviation, and a range of two called a spread
    ask = own(
        {"code": "sr:1", "magnesium_mg": 100, "mg_n": 4, "mg_se": 10},
        {"code": "sr:2", "magnesium_mg": 100, "mg_n": 4, "mg_min": 80, "mg_max": 121.18},
        {"code": "sr:3", "magnesium_mg": 100, "mg_n": 2, "mg_se": 40},
        {"code": "sr:4", "magnesium_mg": 100, "mg_n": 9, "mg_min": 100, "mg_max": 100},
        {"code": "sr:5", "magnesium_mg": 100},
    )
    assert ask("sr:1").high == pytest.approx(100 * math.exp(1.6448536 * 0.2))
    assert ask("sr:2").high == pytest.approx(100 * math.exp(1.6448536 * 0.2), rel=1e-3)
    general = next(row.cv for row in table(Spread) if (row.table, row.group) == ("sr", ""))
    for code in ("sr:3", "sr:4", "sr:5"):
        assert ask(code).high == pytest.approx(100 * math.exp(1.6448536 * general)), code


def test_zero_stays_zero_but_another_table_may_know_better(own) -> None:
    # catches log(0), and a trace that another table found but the interval hides
    ask = own({"code": "sr:1", "magnesium_mg": 0}, {"code": "fdc:1", "magnesium_mg": 3})
    assert (ask("sr:1").low, ask("sr:1").value, ask("sr:1").high) == (0, 0, 0)
    assert ask("sr:1", ("fdc:1",)).high == 3


@given(st.sampled_from(sorted(food_table().index)))
def test_every_food_has_an_ordered_interval_or_none(code: str) -> None:
    # catches any entry whose spread breaks the estimate
    estimate = composition(code)
    known = food_table().food(code).magnesium_mg
    assert (estimate is None) == (known is None)
    if estimate is not None:
        assert estimate.value == known
        assert estimate.sources == (source_of(code),)
        assert estimate.high <= known * math.exp(1.6449) + 1e-9


def test_bad_food_rows_are_refused_together(tmp_path: Path) -> None:
    # catches a comma as decimal sign, a negative, an infinite value or a cut line in an imported table
    path = tmp_path / "nevo.csv"
    path.write_text(
        "\n".join(
            [
                ",".join(COLUMNS),
                *(f"nevo:{value},x,,,,,,,,{value},,,,,,0" for value in ("7", "1.5.2", "-3", "inf", "nan")),
                "nevo:9,x",
            ]
        ),
        encoding="utf-8",
    )
    with pytest.raises(InputProblems) as caught:
        foods._load((("nevo.csv", path),))
    problems = caught.value.problems
    assert [(p.file, p.line, p.field) for p in problems] == [("nevo.csv", n, "magnesium_mg") for n in range(3, 8)]


@pytest.mark.parametrize("text", ["", "code,name\n", "a,b\n1,2\n"])
def test_a_file_with_other_columns_is_refused(tmp_path: Path, text: str) -> None:
    # catches an empty or foreign file that ends in a bare StopIteration or ValueError
    path = tmp_path / "nevo.csv"
    path.write_text(text, encoding="utf-8")
    for before in ((), (("sr28.csv", DATA / "foods" / "sr28.csv"),)):
        with pytest.raises(InputProblems) as caught:
            foods._load((*before, ("nevo.csv", path)))
        assert [(p.code, p.line) for p in caught.value.problems] == [("columns", 1)]


def test_imported_nevo_is_used_from_the_users_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # catches a table that is looked for in the package, or not at all
    monkeypatch.setenv("MAGNES_HOME", str(tmp_path))
    assert nevo_path() == tmp_path / "nevo.csv"
    before = len(food_table.__wrapped__().rows)
    header(tmp_path / "nevo.csv", {"code": "nevo:1", "magnesium_mg": 12})
    found = food_table.__wrapped__()
    assert len(found.rows) == before + 1
    assert found.food("nevo:1").magnesium_mg == 12
    assert source_of("nevo:1") == "NEVO"
    monkeypatch.delenv("MAGNES_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    assert nevo_path() == tmp_path / "share" / "magnes" / "nevo.csv"
