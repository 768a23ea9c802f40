"""The NEVO importer, on invented foods in the layout of NEVO-online (the real table may not be passed on)."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from magnes.diary import Diary, DiaryEntry, resolve
from magnes.errors import InputProblems
from magnes.kitchen import item_magnesium
from magnes.knowledge import foods as foods_module
from magnes.knowledge.foods import composition, food_table, nevo_names_path, nevo_path
from magnes.knowledge.load import data_folder
from magnes.matching import matcher
from magnes.readers.nevo import FOOD_COLUMNS, import_nevo, read_nevo

HEADER = (
    "NEVO-versie/NEVO-version|Voedingsmiddelgroep|Food group|NEVO-code|Voedingsmiddelnaam/Dutch food name|"
    "Engelse naam/Food name|Synoniem|Hoeveelheid/Quantity|Opmerking|Bevat sporen van/Contains traces of|"
    "Is verrijkt met/Is fortified with|ENERCJ (kJ)|ENERCC (kcal)|WATER (g)|PROT (g)|FIBT (g)|"
    "CA (mg)|P (mg)|K (mg)|MG (mg)"
)
GROUPS = "NEVO-Online 2099 9.9|Verzonnen groep|Invented group"
PER_G, PER_ML = "per 100g", "per 100ml"


def food(code: int, name: str, magnesium: str, *, english: str = "", synonyms: str = "", quantity: str = PER_G) -> str:
    return f'{GROUPS}|{code}|"{name}"|{english}|{synonyms}|{quantity}||||400|95,6|80,1|3|1,25|12|100|250|{magnesium}'


TABLE = "\n".join(
    [
        HEADER,
        food(7, "Brood, volkoren", "123,4", english="Bread, invented", synonyms="knoertbrood; maanbrood"),
        food(8, "Maanmelk", "11", english="Moon milk", quantity=PER_ML, synonyms="blauwe melk,maanvocht"),
        food(9, "Sterrenstof", "", english="Star dust"),
        food(10, "Zonnekaas", "0", synonyms="knoert; kaas"),
        food(11, "Zonnekaas jong", "1,234", synonyms="knoert"),
        "",
    ]
)


@pytest.fixture
def nevo(tmp_path: Path) -> Path:
    path = tmp_path / "NEVO2099.csv"
    path.write_text(TABLE, encoding="utf-8-sig")
    return path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("MAGNES_HOME", str(tmp_path / "home"))
    caches = (food_table, matcher, composition, foods_module._group_cv)
    for cached in caches:
        cached.cache_clear()
    yield tmp_path / "home"
    for cached in caches:
        cached.cache_clear()


def _problems(path: Path) -> list[tuple[str, int | None, str]]:
    with pytest.raises(InputProblems) as caught:
        read_nevo(path)
    return [(problem.code, problem.line, problem.field) for problem in caught.value.problems]


def test_values_and_names_arrive(nevo: Path) -> None:
    # catches: a decimal comma lost, a column mixed up with another, synonyms in one piece
    bread, milk, *_ = read_nevo(nevo)
    assert (bread.code, bread.name, bread.group, bread.flag) == ("nevo:7", "Brood, volkoren", "Verzonnen groep", "")
    assert bread.values == {
        "energy_kcal": 95.6, "water_g": 80.1, "fibre_g": 1.25, "calcium_mg": 12, "phosphorus_mg": 100,
        "potassium_mg": 250, "magnesium_mg": 123.4,
    }  # fmt: skip
    assert bread.names == ("knoertbrood", "maanbrood", "Bread, invented")
    assert (milk.flag, milk.names) == ("per-100-ml", ("blauwe melk", "maanvocht", "Moon milk"))


def test_blank_is_missing_and_zero_is_zero(nevo: Path) -> None:
    # catches: a value that NEVO lacks counted as 0 mg
    values = {food.name: food.values["magnesium_mg"] for food in read_nevo(nevo)}
    assert values["Sterrenstof"] is None
    assert values["Zonnekaas"] == 0
    assert values["Zonnekaas jong"] == 1.234  # a printed decimal comma, not a thousand


@pytest.mark.parametrize("change", ["order", "semicolon", "extra", "CRLF", "spaces"])
def test_layout_does_not_matter(nevo: Path, change: str) -> None:
    # catches: cells taken by place, quotes or separators kept in a value
    expected = read_nevo(nevo)
    rows = list(csv.reader(TABLE.splitlines(), delimiter="|"))
    if change == "order":
        rows = [row[::-1] for row in rows]
    elif change == "extra":
        rows = [["Nieuw/New", *rows[0], "SE (µg)"], *(["x", *row, "1,0"] for row in rows[1:])]
    elif change == "spaces":
        rows = [[f" {cell} " for cell in row] for row in rows]
    sign, end = (";" if change == "semicolon" else "|"), ("\r\n" if change == "CRLF" else "\n")
    text = end.join(sign.join(f'"{cell}"' for cell in row) for row in rows)
    nevo.write_text(text, encoding="utf-8", newline="")
    assert read_nevo(nevo) == expected


def test_missing_columns_are_told_together(nevo: Path) -> None:
    # catches: only the first missing column told; a column with another unit taken for it
    text = TABLE.replace("MG (mg)", "MG (g)").replace("NEVO-code", "NEVO code").replace("FIBT (g)", "FIB (g)")
    nevo.write_text(text, encoding="utf-8")
    with pytest.raises(InputProblems) as caught:
        read_nevo(nevo)
    told = {problem.field: problem.nearest for problem in caught.value.problems}
    assert set(told) == {"MG (mg)", "NEVO-code", "FIBT (g)"}
    assert told["MG (mg)"][0] == "MG (g)"
    assert told["NEVO-code"][0] == "NEVO code"
    assert {(problem.code, problem.line) for problem in caught.value.problems} == {("column_missing", 1)}


def test_a_column_twice_is_refused(nevo: Path) -> None:
    # catches: one of two magnesium columns picked silently
    nevo.write_text(TABLE.replace("ENERCJ (kJ)", "MG (mg)"), encoding="utf-8")
    assert _problems(nevo) == [("column_twice", 1, "MG (mg)")]


def test_bad_cells_are_told_together_with_line_and_column(nevo: Path) -> None:
    # catches: a bad cell skipped, read as 0 or as a thousand; the import stopped at the first
    rows = [food(1, "a", "x"), food(2, "b", "-5"), food(3, "c", "1.234"), food(4, "d", "99999"), food(5, "", "1"),
            food(6, "e", "1", quantity="per stuk"), food(9, "f", "1 000"), food(7, "g", "1"), food(7, "h", "2"),
            food(8, "i", "1").replace("|8|", "|x8|"), "kort|x", food(12, "j", "nan"), food(13, "k", "1e2")]  # fmt: skip
    nevo.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    assert _problems(nevo) == [
        ("number_invalid", 2, "MG (mg)"), ("number_invalid", 3, "MG (mg)"), ("number_ambiguous", 4, "MG (mg)"),
        ("number_range", 5, "MG (mg)"), ("cell_empty", 6, "Voedingsmiddelnaam/Dutch food name"),
        ("cell", 7, "Quantity"), ("number_invalid", 8, "MG (mg)"), ("code_twice", 10, "NEVO-code"),
        ("cell", 11, "NEVO-code"), ("row_width", 12, ""), ("number_invalid", 13, "MG (mg)"),
        ("number_invalid", 14, "MG (mg)"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (HEADER.encode(), "diary_without_rows"),
        (TABLE.replace("Maanmelk", "Maanmélk").encode("cp1252"), "file_encoding"),
        (TABLE.encode("utf-16"), "file_encoding"),
        ((TABLE + food(20, "x", "1")[:40]).encode(), "row_width"),
        ((TABLE + '"half').encode(), "csv_broken"),
        (b'"', "csv_broken"),
        (b"||||\n||||\n", "file_empty"),
    ],
)
def test_files_that_are_not_it(nevo: Path, content: bytes, code: str) -> None:
    # catches: half a download or another encoding imported
    nevo.write_bytes(content)
    assert code in [problem[0] for problem in _problems(nevo)]


@pytest.mark.parametrize(("megabytes", "refused"), [(59, False), (61, True)])
def test_size_limit(nevo: Path, megabytes: int, refused: bool) -> None:
    # catches: the limit of a diary applied to a whole food table, or none
    with nevo.open("ab") as file:
        file.write((b" " * 9_999 + b"\n") * (megabytes * 100))
    if refused:
        assert _problems(nevo) == [("file_too_large", None, "")]
    else:
        assert len(read_nevo(nevo)) == 5


def test_import_writes_our_columns_beside_the_package(nevo: Path, home: Path) -> None:
    # catches: a table that the loader refuses, a file inside the package, temporary files left behind
    before = sorted(entry.name for entry in (data_folder() / "foods").iterdir())
    assert import_nevo(nevo, nevo_path()) == 5
    assert sorted(entry.name for entry in home.iterdir()) == ["nevo.csv", "nevo_names.csv"]
    assert sorted(entry.name for entry in (data_folder() / "foods").iterdir()) == before
    rows = list(csv.DictReader(nevo_path().read_text(encoding="utf-8").splitlines()))
    with (data_folder() / "foods" / "sr28.csv").open(encoding="utf-8") as shipped:
        assert tuple(rows[0]) == FOOD_COLUMNS == tuple(next(csv.reader(shipped)))
    assert (rows[0]["code"], rows[0]["magnesium_mg"], rows[0]["common"]) == ("nevo:7", "123.4", "0")
    assert rows[2]["magnesium_mg"] == ""
    assert ["maanvocht", "nevo:8"] in list(csv.reader(nevo_names_path(nevo_path()).read_text().splitlines()))


def test_a_failed_import_keeps_the_earlier_table(nevo: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # catches: a good table destroyed by a bad file or a full disk
    import_nevo(nevo, nevo_path())
    earlier = nevo_path().read_bytes()
    nevo.write_text(HEADER + "\n" + food(1, "a", "x"), encoding="utf-8")
    with pytest.raises(InputProblems):
        import_nevo(nevo, nevo_path())
    nevo.write_text(HEADER + "\n" + food(1, "a", "1"), encoding="utf-8")
    nevo_path().unlink()
    nevo_path().mkdir()  # a folder in the way: the replacement itself fails
    with pytest.raises(OSError, match="nevo"):
        import_nevo(nevo, nevo_path())
    assert sorted(entry.name for entry in home.iterdir()) == ["nevo.csv", "nevo_names.csv"]
    nevo_path().rmdir()
    nevo_path().write_bytes(earlier)
    assert food_table().food("nevo:7").magnesium_mg == 123.4


def _eaten(name: str, amount: float, unit: str) -> float:
    entry = DiaryEntry(line=2, date="2026-11-01", food=name, amount=amount, unit=unit)  # type: ignore[arg-type]
    (item,) = resolve(Diary(file="d", entries=(entry,))).items
    assert item.food.code.startswith("nevo:")
    return item_magnesium(item)[0].value


def test_nevo_goes_before_the_shipped_tables(nevo: Path, home: Path) -> None:
    # catches: an import that changes nothing; household measures lost for a food that NEVO now describes
    assert matcher().match("volkoren brood").food.code == "fdc:335240"
    matcher.cache_clear()
    food_table.cache_clear()
    import_nevo(nevo, nevo_path())
    match = matcher().match("volkoren brood")
    assert (match.food.code, match.food.basic) == ("nevo:7", "bread-wholemeal")
    assert _eaten("Brood volkoren", 2, "snee") == pytest.approx(2 * 35 * 1.234)
    assert _eaten("nevo:7", 100, "g") == pytest.approx(123.4)


def test_synonyms_find_the_food_unless_several_have_them(nevo: Path, home: Path) -> None:
    # catches: a synonym of two foods that picks one, or a synonym that decides what was ambiguous before
    import_nevo(nevo, nevo_path())
    foods = matcher()
    assert foods.match("maanvocht").food.code == foods.match("moon milk").food.code == "nevo:8"
    assert foods.match("knoert").kind in ("ambiguous", "close")
    assert {food.code for food in foods.match("knoert").candidates} == {"nevo:10", "nevo:11"}
    assert foods.match("kaas").kind in ("ambiguous", "close")
    assert "nevo:10" not in {food.code for food in foods.match("kaas").candidates}
    assert foods.match("star dust").food is None  # no magnesium value: found by nothing


def test_values_per_100_ml_count_millilitres(nevo: Path, home: Path) -> None:
    # catches: a density applied to a value that is per volume already
    import_nevo(nevo, nevo_path())
    assert _eaten("maanmelk", 200, "ml") == pytest.approx(22)
    assert _eaten("maanmelk", 1, "glas") == pytest.approx(22)


def test_without_the_names_file_the_table_still_works(nevo: Path, home: Path) -> None:
    # catches: a crash where only nevo.csv was copied to another machine
    import_nevo(nevo, nevo_path())
    nevo_names_path(nevo_path()).unlink()
    assert matcher().match("maanmelk").food.code == "nevo:8"
    assert matcher().match("maanvocht").food is None
