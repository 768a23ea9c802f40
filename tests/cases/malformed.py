"""Inputs that must be refused, with what the refusal must say: used by the reader tests and by the CLI test.

Not a test module: it is loaded by path, because pytest's importlib mode keeps test folders off the import path.
Each case names the exact set of problems, so a missing, doubled or invented one fails.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

Expected = tuple[str, int | None, str]  # code, line, field
Maker = Callable[[Path], object]

PERSON = 'age_years = 40\nsex = "female"\n'  # lines 1 and 2; a case goes on at line 3
HEADER = "date,time,meal,food,amount,unit,preparation\n"
SERVINGS = "Day,Time,Group,Food Name,Amount,Energy (kcal),Magnesium (mg)\n"
BIG_MB = 200


class Case(NamedTuple):
    name: str
    kind: str  # person or diary
    content: bytes | Maker
    expected: tuple[Expected, ...]
    found: str = ""  # what the first problem must quote
    nearest: str = ""  # what the first problem must offer

    def write(self, path: Path) -> None:
        if callable(self.content):
            self.content(path)
        else:
            path.write_bytes(self.content)


def big(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(BIG_MB * 1_000_000)  # sparse: takes no room on the disk


def person(name: str, extra: str, *expected: Expected, found: str = "", nearest: str = "") -> Case:
    return Case(name, "person", (PERSON + extra).encode(), expected, found, nearest)


def lab(name: str, rows: str, *expected: tuple[str, int, str], found: str = "", nearest: str = "") -> Case:
    """Return a person with one laboratory value; ``rows`` are written with semicolons, the first on line 4."""
    told = tuple((code, line, f"labs.0.{field}" if field else "labs.0") for code, line, field in expected)
    return person(name, "[[labs]]\n" + "\n".join(rows.split("; ")) + "\n", *told, found=found, nearest=nearest)


def whole_person(name: str, text: str | bytes, *expected: Expected, found: str = "", nearest: str = "") -> Case:
    return Case(name, "person", text.encode() if isinstance(text, str) else text, expected, found, nearest)


def row(name: str, line: str, *expected: tuple[str, str], found: str = "", nearest: str = "") -> Case:
    """Return a diary of one good line and then this one, on line 3."""
    text = f"{HEADER}2026-11-01,08:00,ontbijt,volkorenbrood,2,snee,\n{line}\n"
    return Case(name, "diary", text.encode(), tuple((code, 3, field) for code, field in expected), found, nearest)


def cell(name: str, field: str, value: str, code: str, *, found: str = "", nearest: str = "") -> Case:
    """Return a diary with one wrong cell on line 3."""
    cells = {"date": "2026-11-01", "time": "12:30", "meal": "", "food": "kikkererwten", "amount": "50", "unit": "g",
             "preparation": "", field: value}  # fmt: skip
    return row(name, ",".join(cells.values()), (code, field), found=found, nearest=nearest)


def diary(name: str, text: str | bytes, *expected: Expected, found: str = "", nearest: str = "") -> Case:
    return Case(name, "diary", text.encode() if isinstance(text, str) else text, expected, found, nearest)


def serving(name: str, line: str, *expected: tuple[str, str], found: str = "") -> Case:
    text = f"{SERVINGS}{line}\n"
    return Case(name, "diary", text.encode(), tuple((code, 2, field) for code, field in expected), found)


def both_kinds(name: str, content: bytes | Maker, *expected: Expected, found: str = "") -> list[Case]:
    return [Case(f"{kind} {name}", kind, content, expected, found) for kind in ("person", "diary")]


FILES = [
    *both_kinds("empty", b"", ("file_empty", None, "")),
    *both_kinds("only white space", b" \n\t\r\n\n", ("file_empty", None, "")),
    *both_kinds("only a byte order mark", b"\xef\xbb\xbf", ("file_empty", None, "")),
    *both_kinds("folder", lambda path: path.mkdir(), ("file_is_folder", None, "")),
    *both_kinds("not there", lambda _: None, ("file_missing", None, "")),
    *both_kinds("200 MB", big, ("file_too_large", None, ""), found="200 MB"),
    *both_kinds("NUL bytes", b"a = 1\x00\n", ("file_binary", None, "")),
    *both_kinds(
        "UTF-16 little-endian", 'date,food\n"é"\n'.encode("utf-16"), ("file_encoding", None, ""), found="UTF-16"
    ),
    *both_kinds("UTF-16 big-endian", b"\xfe\xff\x00a\x00b", ("file_encoding", None, ""), found="UTF-16"),
    *both_kinds("UTF-16 without mark", "date,food".encode("utf-16-le"), ("file_binary", None, "")),
    *both_kinds("Latin-1", "# naam\n# crème\n".encode("latin-1"), ("file_encoding", 2, ""), found="e8"),
    *both_kinds("Windows-1252", "# 5 € per stuk\n".encode("cp1252"), ("file_encoding", 1, ""), found="80"),
]

PERSONS = [
    whole_person("no sex", "age_years = 40\n", ("field_missing", None, "sex")),
    whole_person("no age", 'sex = "male"\n', ("exactly_one", None, "age_years")),
    whole_person("age 300", 'sex = "male"\nage_years = 300\n', ("number_range", 2, "age_years"), found="300"),
    whole_person("age negative", 'sex = "male"\nage_years = -1\n', ("number_range", 2, "age_years"), found="-1"),
    whole_person("age in words", 'sex = "male"\nage_years = "veertig"\n', ("number_invalid", 2, "age_years")),
    whole_person("age true", 'sex = "male"\nage_years = true\n', ("number_invalid", 2, "age_years"), found="True"),
    whole_person("age nan", 'sex = "male"\nage_years = nan\n', ("number_invalid", 2, "age_years"), found="nan"),
    whole_person("age and birth date", 'age_years = 40\nbirth_date = 1980-01-01\nsex = "male"\n',
                 ("exactly_one", 1, "age_years"), found="age_years, birth_date"),
    whole_person("born in the future", 'birth_date = 2099-01-01\nsex = "male"\n', ("date_impossible", 1, "birth_date")),
    whole_person("born in 1850", 'birth_date = 1850-01-01\nsex = "male"\n', ("date_impossible", 1, "birth_date")),
    whole_person("born with a clock time", 'birth_date = 1980-01-01T10:00:00\nsex = "male"\n',
                 ("date_invalid", 1, "birth_date")),
    whole_person("birth date with slashes", 'birth_date = "01/02/1960"\nsex = "male"\n',
                 ("date_invalid", 1, "birth_date"), found="01/02/1960"),
    whole_person("birth date as number", 'birth_date = 19600201\nsex = "male"\n', ("date_invalid", 1, "birth_date")),
    whole_person("31 February", 'sex = "male"\nbirth_date = 1960-02-31\n', ("toml_broken", 2, "")),
    whole_person("sex misspelt", 'age_years = 40\nsex = "fmale"\n', ("choice_unknown", 2, "sex"), nearest="female"),
    whole_person("sex as number", "age_years = 40\nsex = 1\n", ("choice_unknown", 2, "sex"), found="1"),
    whole_person("sex as list", 'age_years = 40\nsex = ["male"]\n', ("choice_unknown", 2, "sex")),
    whole_person("half a file", PERSON + "[[labs]]\ntest = \"serum magn", ("toml_broken", 4, ""), found="test"),
    whole_person("half a file in a list", PERSON + 'conditions = [\n  "dm2",\n', ("toml_broken", 4, "")),
    whole_person("not TOML but JSON", '{"age_years": 40}', ("toml_broken", 1, "")),
    person("unknown field", "wieght_kg = 70\n", ("field_unknown", 3, "wieght_kg"), nearest="weight_kg"),
    person("field with a capital", "Weight_kg = 70\n", ("field_unknown", 3, "Weight_kg"), nearest="weight_kg"),
    person("field in quotes", '"weight kg" = 70\n', ("field_unknown", 3, "weight kg"), nearest="weight_kg"),
    person("field twice", "weight_kg = 70\nweight_kg = 71\n", ("toml_broken", 4, "")),
    person("bare decimal comma", "weight_kg = 70,5\n", ("toml_comma", 3, ""), found="weight_kg = 70,5"),
    person("weight 1.234", "weight_kg = 1.234\n", ("number_ambiguous", 3, "weight_kg"), found="1.234"),
    person("weight 1,234 quoted", 'weight_kg = "1,234"\n', ("number_ambiguous", 3, "weight_kg"), found="1,234"),
    person("weight with four decimals", "weight_kg = 70.5000\n", ("number_decimals", 3, "weight_kg")),
    person("weight infinite", "weight_kg = inf\n", ("number_invalid", 3, "weight_kg"), found="inf"),
    person("weight 1e3", "weight_kg = 7e1\n", ("number_invalid", 3, "weight_kg"), found="7e1"),
    person("weight with unit", 'weight_kg = "70 kg"\n', ("number_invalid", 3, "weight_kg"), found="70 kg"),
    person("weight in full-width digits", 'weight_kg = "７０"\n', ("number_invalid", 3, "weight_kg")),
    person("weight of 5,000 digits", f"weight_kg = {'9' * 5000}\n", ("toml_broken", None, "")),
    person("weight of 5,000 hex digits", f"weight_kg = 0x{'f' * 5000}\n", ("number_invalid", 3, "weight_kg")),
    person("height in metres", "height_cm = 1.70\n", ("number_range", 3, "height_cm"), found="1.70"),
    person("creatinine in mg/dL", "serum_creatinine_umol_l = 0.9\n", ("number_range", 3, "serum_creatinine_umol_l")),
    person("eGFR and creatinine", "egfr_ml_min_1_73m2 = 60\nserum_creatinine_umol_l = 80\n",
           ("exactly_one", 4, "serum_creatinine_umol_l")),
    whole_person("creatinine of a child", 'age_years = 9\nsex = "male"\nserum_creatinine_umol_l = 50\n',
                 ("creatinine_child", 3, "serum_creatinine_umol_l")),
    person("authority misspelt", 'authority = "gezondheidsraad-2028"\n', ("choice_unknown", 3, "authority"),
           nearest="gezondheidsraad-2018"),
    person("pregnant in words", 'pregnant = "yes"\n', ("flag_invalid", 3, "pregnant"), found="yes"),
    whole_person("pregnant man", 'age_years = 40\nsex = "male"\npregnant = true\n', ("male_pregnant", 3, "pregnant")),
    whole_person("pregnant at 70", 'age_years = 70\nsex = "female"\npregnant = true\n',
                 ("pregnant_age", 3, "pregnant")),
    person("trimester alone", "trimester = 2\n", ("trimester", 3, "trimester")),
    person("trimester 4", "pregnant = true\ntrimester = 4\n", ("number_range", 4, "trimester")),
    person("trimester 1.5", "pregnant = true\ntrimester = 1.5\n", ("trimester", 4, "trimester")),
    person("condition not in a list", 'conditions = "dm2"\n', ("list_invalid", 3, "conditions"), found="dm2"),
    person("conditions empty text", 'conditions = ""\n', ("list_invalid", 3, "conditions")),
    person("condition blank", 'conditions = [" "]\n', ("text_invalid", 3, "conditions")),
    person("condition misspelt", 'conditions = ["diabetis type 2"]\n', ("condition_near", 3, "conditions"),
           nearest="diabetes type 2"),
    person("lists ninety deep", f"conditions = {'[' * 90}{']' * 90}\n", ("list_invalid", 3, "conditions")),
    person("lists 100,000 deep", f"conditions = {'[' * 100_000}\n", ("toml_broken", None, "")),
    person("tables 3,000 deep", f"conditions{'.a' * 3000} = 1\n", ("list_invalid", 3, "conditions")),
    person("medicine misspelt", '[[medicines]]\nname = "omeprazool"\n', ("medicine_near", 4, "medicines.0.name"),
           found="omeprazool", nearest="omeprazol"),
    person("medicine without name", "[[medicines]]\ndose_mg = 20\n", ("field_missing", 3, "medicines.0.name")),
    person("medicine as number", "[[medicines]]\nname = 20\n", ("text_invalid", 4, "medicines.0.name")),
    person("medicine name endless", f'[[medicines]]\nname = "{"x" * 300}"\n', ("text_invalid", 4, "medicines.0.name")),
    person("single brackets", '[medicines]\nname = "omeprazol"\n', ("table_invalid", 3, "medicines")),
    person("medicines as text", 'medicines = "omeprazol"\n', ("table_invalid", 3, "medicines")),
    person("dose in one text", '[[medicines]]\nname = "omeprazol"\ndose_mg = "20 mg"\n',
           ("number_invalid", 5, "medicines.0.dose_mg"), found="20 mg"),
    person("inline medicine", 'medicines = [{name = "omeprazol", dose_mg = 1.234}]\n',
           ("number_ambiguous", 3, "medicines.0.dose_mg"), found="1.234"),
    person("time 25:00", '[[medicines]]\nname = "omeprazol"\ntimes = ["08:00", "25:00"]\n',
           ("time_invalid", 5, "medicines.0.times"), found="25:00"),
    person("times not a list", '[[medicines]]\nname = "omeprazol"\ntimes = "08:00"\n',
           ("list_invalid", 5, "medicines.0.times")),
    person("time as number", '[[medicines]]\nname = "omeprazol"\ntimes = [8.30]\n',
           ("time_invalid", 5, "medicines.0.times"), found="8.30"),
    person("salt unknown", '[[supplements]]\nsalt = "citraat x"\nelemental_mg = 100\ntimes = ["08:00"]\n',
           ("salt_unknown", 4, "supplements.0.salt"), found="citraat x"),
    person("neither salt nor product", '[[supplements]]\nelemental_mg = 100\ntimes = ["08:00"]\n',
           ("exactly_one", 3, "supplements.0.salt")),
    person("elemental and compound", '[[supplements]]\nsalt = "citrate"\nelemental_mg = 100\ncompound_mg = 900\n'
           'times = ["08:00"]\n', ("exactly_one", 5, "supplements.0.elemental_mg")),
    person("compound of a product", '[[supplements]]\nproduct = "X"\ncompound_mg = 900\ntimes = ["08:00"]\n',
           ("compound_needs_salt", 5, "supplements.0.compound_mg")),
    person("compound of an unknown salt",
           '[[supplements]]\nsalt = "unobtainate"\ncompound_mg = 900\ntimes = ["08:00"]\n',
           ("salt_unknown", 4, "supplements.0.salt")),
    person("product without magnesium", '[[supplements]]\nproduct = "vitamine B12"\ntimes = ["08:00"]\n',
           ("supplement_without_amount", 3, "supplements.0"), found="vitamine B12"),
    person("supplement in grams", '[[supplements]]\nsalt = "citrate"\nelemental_mg = 0.025\ntimes = ["08:00"]\n',
           ("number_range", 5, "supplements.0.elemental_mg"), found="0.025"),
    person("almonds as supplement", '[[supplements]]\nsalt = "almonds"\ncompound_mg = 100\ntimes = ["08:00"]\n',
           ("salt_is_food", 4, "supplements.0.salt"), found="almonds"),
    person("mineral water as supplement", '[[supplements]]\nsalt = "mineraalwater"\nelemental_mg = 100\n'
           'times = ["08:00"]\n', ("salt_is_food", 4, "supplements.0.salt"), found="mineraalwater"),
    person("bath flakes as supplement", '[[supplements]]\nsalt = "magnesiumvlokken"\nelemental_mg = 100\n'
           'times = ["08:00"]\n', ("salt_not_oral", 4, "supplements.0.salt"), found="magnesiumvlokken"),
    person("stearate as supplement", '[[supplements]]\nsalt = "magnesiumstearaat"\ncompound_mg = 100\n'
           'times = ["08:00"]\n', ("salt_not_oral", 4, "supplements.0.salt")),
    person("supplements known in words", 'supplements_known = "no"\n', ("flag_invalid", 3, "supplements_known")),
    person("dose of nothing", '[[medicines]]\nname = "omeprazol"\ndose_mg = 0\n',
           ("number_range", 5, "medicines.0.dose_mg")),
    person("magnesium of a medicine in grams", '[[medicines]]\nname = "magnesiumhydroxide"\nelemental_mg = 0.05\n',
           ("number_range", 5, "medicines.0.elemental_mg")),
    person("101 medicines", '[[medicines]]\nname = "xqzzy"\n' * 101, ("too_many", 203, "medicines"), found="101"),
    person("101 supplements in one line", f"supplements = [{'{}, ' * 101}]\n", ("too_many", 3, "supplements")),
    person("101 conditions", f"conditions = {['x'] * 101}\n", ("too_many", 3, "conditions"), found="101"),
    person("25 times a day", '[[medicines]]\nname = "omeprazol"\n' + f"times = {['08:00'] * 25}\n",
           ("too_many", 5, "medicines.0.times"), found="25"),
    person("supplement never taken", '[[supplements]]\nsalt = "citrate"\nelemental_mg = 100\ntimes = []\n',
           ("field_missing", 6, "supplements.0.times")),
    person("lab unit", '[[labs]]\ntest = "serum magnesium"\nvalue = 0.8\nunit = "mmol/dL"\n',
           ("unit_lab", 6, "labs.0.unit"), found="mmol/dL", nearest="mmol/L"),
    person("lab test", '[[labs]]\ntest = "serum magnesum"\nvalue = 0.8\nunit = "mmol/L"\n',
           ("lab_unknown", 4, "labs.0.test"), nearest="serum magnesium"),
    person("lab test of something else", '[[labs]]\ntest = "hba1c"\nvalue = 0.8\nunit = "mmol/L"\n',
           ("lab_unknown", 4, "labs.0.test")),
    person("lab value without decimal sign", '[[labs]]\ntest = "serum magnesium"\nvalue = 75\nunit = "mmol/L"\n',
           ("number_range", 5, "labs.0.value"), found="75 mmol/L"),
    person("lab value zero", '[[labs]]\ntest = "serum magnesium"\nvalue = 0\nunit = "mmol/L"\n',
           ("number_range", 5, "labs.0.value")),
    person("lab empty", "[[labs]]\n", ("field_missing", 3, "labs.0.test"), ("field_missing", 3, "labs.0.value"),
           ("field_missing", 3, "labs.0.unit")),
    person("lab date with time", '[[labs]]\ntest = "serum magnesium"\nvalue = 0.8\nunit = "mmol/L"\n'
           "date = 2026-10-01T08:00:00\n", ("date_invalid", 7, "labs.0.date")),
    person("lab date 31-02-2026", '[[labs]]\ntest = "serum magnesium"\nvalue = 0.8\nunit = "mmol/L"\n'
           'date = "31-02-2026"\n', ("date_impossible", 7, "labs.0.date"), found="31-02-2026"),
    # laboratory values with the unit of another laboratory
    lab("mg/L called mmol/L", 'test = "serum magnesium"; value = 19; unit = "mmol/L"',
        ("lab_impossible", 5, "value"), found="19 mmol/L", nearest="19 mg/L = 0.78 mmol/L"),
    lab("umol/L called mmol/L", 'test = "serum magnesium"; value = 780; unit = "mmol/L"',
        ("lab_impossible", 5, "value"), nearest="780 umol/L"),
    lab("mg/dL called mmol/L", 'test = "serum magnesium"; value = 1.9; unit = "mmol/L"',
        ("lab_unlikely", 5, "value"), found="1.9 mmol/L", nearest="1.9 mg/dL = 0.78 mmol/L"),
    lab("mmol/L called mg/dL", 'test = "serum magnesium"; value = "0,8"; unit = "mg/dL"',
        ("lab_unlikely", 5, "value"), found="0.8 mg/dL", nearest="0.8 mmol/L"),
    lab("impossible although confirmed", 'test = "2601-3"; value = 19; unit = "mmol/L"; confirmed = true',
        ("lab_impossible", 5, "value")),
    lab("confirmed in words", 'test = "2601-3"; value = 0.8; unit = "mmol/L"; confirmed = "ja"',
        ("flag_invalid", 7, "confirmed")),
    lab("negative serum", 'test = "serum magnesium"; value = -0.8; unit = "mmol/L"',
        ("lab_negative", 5, "value"), found="-0.8 mmol/L"),
    lab("lab value with a thousands sign", 'test = "serum magnesium"; value = "1.234"; unit = "mmol/L"',
        ("number_ambiguous", 5, "value"), found="1.234"),
    lab("lab value in words", 'test = "serum magnesium"; value = "laag"; unit = "mmol/L"',
        ("number_invalid", 5, "value"), found="laag"),
    lab("lab value below detection", 'test = "serum magnesium"; value = "<0.3"; unit = "mmol/L"',
        ("number_invalid", 5, "value")),
    lab("lab value true", 'test = "serum magnesium"; value = true; unit = "mmol/L"', ("number_invalid", 5, "value")),
    lab("red cells of mg/dL called mmol/L", 'test = "rbc magnesium"; value = 5.2; unit = "mmol/L"',
        ("lab_unlikely", 5, "value"), nearest="5.2 mg/dL"),
    lab("urine of mg called mmol", 'test = "24-uurs urine magnesium"; value = 120; unit = "mmol/24h"',
        ("lab_impossible", 5, "value"), nearest="120 mg/(24.h) = 4.9 mmol/(24.h)"),
    lab("urine of mmol called mg", 'test = "24447-5"; value = 4; unit = "mg/24 h"',
        ("lab_unlikely", 5, "value"), nearest="4 mmol/(24.h)"),
    lab("urine per litre", 'test = "24447-5"; value = 4; unit = "mmol/L"', ("unit_lab", 6, "unit"),
        found="mmol/L", nearest="mmol/d"),
    lab("a percentage called a share", 'test = "FEMg"; value = 4; unit = "1"', ("lab_impossible", 5, "value"),
        nearest="4 %"),
    lab("a share called a percentage", 'test = "FEMg"; value = 0.04; unit = "%"', ("lab_unlikely", 5, "value"),
        nearest="0.04 1 = 4 %"),
    lab("albumin of g/dL called g/L", 'test = "albumine"; value = 4.2; unit = "g/L"', ("lab_impossible", 5, "value"),
        nearest="4.2 g/dL = 42 g/L"),
    lab("albumin of g/L called g/dL", 'test = "albumin"; value = 42; unit = "g/dL"', ("lab_impossible", 5, "value"),
        nearest="42 g/L"),
    lab("albumin in mmol", 'test = "albumin"; value = 0.6; unit = "mmol/L"', ("unit_lab", 6, "unit")),
    lab("load test without its dose", 'test = "magnesium load test"; value = 9; unit = "mmol/24h"',
        ("field_missing", 3, "load_mg")),
    lab("load of grams", 'test = "magnesium load test"; value = 9; unit = "mmol/24h"; load_mg = 0.5',
        ("number_range", 7, "load_mg"), found="0.5"),
    lab("load of a test without load", 'test = "24447-5"; value = 4; unit = "mmol/24h"; load_mg = 300',
        ("lab_load", 7, "load_mg"), found="300"),
    lab("lab date of tomorrow", 'test = "2601-3"; value = 0.8; unit = "mmol/L"; date = 2026-11-23',
        ("date_future", 7, "date"), found="2026-11-23"),
    lab("everything wrong with one value", 'test = "magnesum"; value = "1.234"; unit = "mmol/dl"; datum = 2026-11-23',
        ("lab_unknown", 4, "test"), ("number_ambiguous", 5, "value"), ("unit_lab", 6, "unit"),
        ("field_unknown", 7, "datum")),
    person("a strange line end in a comment moves no line", "# a\u2028b\x85c\nweight_kg = -5\n",
           ("number_range", 4, "weight_kg")),
    person("text of several lines", 'label = """\nheight_cm = 1\n"""\nheight_cm = 2\n',
           ("number_range", 6, "height_cm")),
    whole_person("six mistakes at once",
                 '\ufeffage_years = 300\r\nsex = "x"\r\nwieght_kg = 70\r\nheight_cm = -1\r\n[[medicines]]\r\n'
                 'name = "omeprazool"\r\ntimes = ["25:00"]\r\n[[medicines]]\r\nname = ""\r\n',
                 ("number_range", 1, "age_years"), ("choice_unknown", 2, "sex"), ("field_unknown", 3, "wieght_kg"),
                 ("number_range", 4, "height_cm"), ("medicine_near", 6, "medicines.0.name"),
                 ("time_invalid", 7, "medicines.0.times"), ("field_missing", 9, "medicines.1.name")),
]  # fmt: skip

DIARIES = [
    diary("only separators", ",,,\n\n,,,\n", ("file_empty", None, "")),
    diary("a quote and nothing else", '"', ("csv_broken", 1, "")),
    diary("header only", HEADER, ("diary_without_rows", 1, "")),
    diary("no header", "2026-11-01,brood,2,snee\n", *((c, 1, f) for c, f in (
        ("column_missing", "date"), ("column_missing", "food"), ("column_missing", "amount"),
        ("column_missing", "unit"),
        ("column_unknown", "2026-11-01"), ("column_unknown", "brood"), ("column_unknown", "2"),
        ("column_unknown", "snee")))),
    diary("column misspelt", "date,food,amout,unit\n2026-11-01,tofu,2,g\n", ("column_missing", 1, "amount"),
          ("column_unknown", 1, "amout"), nearest="amout"),
    diary("column twice", "date,food,amount,unit,amount\n2026-11-01,tofu,2,g,3\n", ("column_twice", 1, "amount")),
    diary("header twice", HEADER + HEADER, ("date_invalid", 2, "date"), ("time_invalid", 2, "time"),
          ("food_unknown", 2, "food"), ("number_invalid", 2, "amount"), ("preparation_unknown", 2, "preparation"),
          found="date"),
    diary("semicolon header over comma lines", "date;food;amount;unit\n2026-11-01,tofu,2,g\n", ("row_width", 2, "")),
    row("decimal comma between commas", "2026-11-01,12:30,,tofu,0,75,g,", ("row_width", "")),
    row("decimal comma and no last cell", "2026-11-01,12:30,,tofu,1,5,g", ("preparation_unknown", "preparation"),
        ("unit_unknown", "unit"), found="g"),
    row("half a line", "2026-11-01,12:30,,to", ("row_width", "")),
    row("quote never closed", '2026-11-01,12:30,,"tofu,50,g,', ("csv_broken", ""), found='"tofu'),
    row("text behind a quote", '2026-11-01,12:30,,"tofu"x,50,g,', ("csv_broken", "")),
    cell("31-02-2026", "date", "31-02-2026", "date_impossible", found="31-02-2026"),
    cell("month 13", "date", "2026-13-01", "date_impossible"),
    cell("slashes", "date", "2026/01/02", "date_invalid", found="2026/01/02"),
    cell("no date", "date", "", "date_invalid"),
    cell("yesterday", "date", "gisteren", "date_invalid", found="gisteren"),
    cell("year 3026", "date", "3026-11-01", "date_impossible"),
    cell("two-digit year", "date", "01-11-26", "date_invalid"),
    cell("25:00", "time", "25:00", "time_invalid", found="25:00"),
    cell("24:00", "time", "24:00", "time_invalid"),
    cell("0800", "time", "0800", "time_invalid", found="0800"),
    cell("7u60", "time", "7u60", "time_invalid"),
    cell("13:00 PM", "time", "13:00 PM", "time_invalid"),
    cell("breakfast as time", "time", "ontbijt", "time_invalid"),
    cell("1.234", "amount", "1.234", "number_ambiguous", found="1.234"),
    cell("1,234 quoted", "amount", '"1,234"', "number_ambiguous", found="1,234"),
    cell("12.345,6", "amount", '"12.345,6"', "number_ambiguous"),
    cell("1.2345", "amount", "1.2345", "number_decimals"),
    cell("negative grams", "amount", "-50", "number_range", found="-50"),
    cell("minus sign of a word processor", "amount", "−50", "number_range"),
    cell("zero", "amount", "0", "number_range"),
    cell("half as 1/2", "amount", "1/2", "number_invalid", found="1/2"),
    cell("half as ½", "amount", "½", "number_invalid", found="½"),
    cell("a number in words", "amount", "een", "number_invalid", found="een"),
    cell("nan", "amount", "nan", "number_invalid"),
    cell("inf", "amount", "inf", "number_invalid"),
    cell("1e3", "amount", "1e3", "number_invalid"),
    cell("full-width digits", "amount", "５０", "number_invalid"),
    cell("thousand with a space", "amount", "1 000", "number_invalid"),
    cell("amount with its unit", "amount", "50g", "number_invalid"),
    cell("no amount", "amount", "", "cell_empty"),
    cell("fifty tonnes", "amount", "50000", "number_range"),
    cell("no unit", "unit", "", "cell_empty"),
    cell("unknown unit", "unit", "emmer", "unit_unknown", found="emmer (kikkererwten)"),
    cell("misspelt unit", "unit", "eetlpel", "unit_unknown", nearest="eetlepel"),
    cell("milligrams of a food", "unit", "mg", "unit_unknown", found="mg"),
    cell("micrograms are not grams", "unit", "µg", "unit_unknown", found="µg"),
    row("kilograms for grams", "2026-11-01,12:30,,kikkererwten,150,kg,", ("number_range", "amount"), found="150 kg"),
    cell("no food", "food", "", "cell_empty"),
    cell("unknown food", "food", "xqzzy wvk", "food_unknown", found="xqzzy wvk"),
    cell("food in another script", "food", "大米", "food_unknown", found="大米"),
    cell("food of signs only", "food", "???", "food_unknown"),
    cell("short word of another food", "food", "zlam", "food_unknown", nearest="zalm"),
    cell("real word near a food", "food", "haricot", "food_unknown"),
    cell("food that is several foods", "food", "brood", "food_ambiguous", nearest="volkorenbrood"),
    cell("code that no table has", "food", "sr:99999999", "food_unknown"),
    cell("NEVO code without NEVO", "food", "nevo:1", "food_unknown"),
    cell("water that is not known", "food", "water:xqz", "food_unknown"),
    cell("food without magnesium value", "food", "sr:1188", "food_without_magnesium", found="sr:1188"),
    cell("misspelt preparation", "preparation", "gekokt", "preparation_unknown", nearest="gekookt"),
    diary("line ends of an old Mac", "date,food,amount,unit\r2026-11-01,tofu,50,g\r2026-11-01,tofu,-1,g\r",
          ("number_range", 3, "amount")),
    diary("line number behind a quoted line end", 'date;food;amount;unit\r\n2026-11-01;"tofu\r\n";50;g\r\n\r\n'
          "2026-11-01;tofu;-1;g\r\n", ("number_range", 5, "amount")),
    diary("tabs, byte order mark, spaces", "\ufeffdate\tfood\tamount\tunit \n 2026-11-01 \t tofu\t -1 \tg\n",
          ("number_range", 2, "amount"), found="-1"),
    diary("every cell of a line wrong", HEADER + "x,y,z,,q,,w\n", ("date_invalid", 2, "date"),
          ("time_invalid", 2, "time"), ("number_invalid", 2, "amount"), ("cell_empty", 2, "food"),
          ("cell_empty", 2, "unit"),
          ("preparation_unknown", 2, "preparation")),
    diary("mistakes on four lines", HEADER + "2026-11-01,,,tofu,-1,g,\n2026-11-01,,,tofu,1.234,g,\n\n"
          "31-02-2026,,,tofu,1,g,\n2026-11-01,,,tofu,1,g\n", ("number_range", 2, "amount"),
          ("number_ambiguous", 3, "amount"), ("date_impossible", 5, "date"), ("row_width", 6, "")),
    diary("a broken quote hides no earlier line", HEADER + '2026-11-01,,,tofu,-1,g,\n2026-11-01,,,"tofu,1,g,\n',
          ("csv_broken", 3, ""), ("number_range", 2, "amount")),
    diary("three unknown foods and a unit", HEADER + "2026-11-01,,,xqzzy,1,g,\n2026-11-01,,,wvkpt,1,g,\n"
          "2026-11-02,,,brood,1,g,\n2026-11-02,,,tofu,1,emmer,\n", ("food_unknown", 2, "food"),
          ("food_unknown", 3, "food"), ("food_ambiguous", 4, "food"), ("unit_unknown", 5, "unit")),
    diary("lines that cannot be read and foods that are unknown", HEADER + "2026-11-01,,,xqzzy,1,g,\n"
          "x,,,wvkpt,1.234,g,\n2026-11-01,,,tofu,1,emmer,\n2026-11-01,,,tofu,1\n", ("food_unknown", 2, "food"),
          ("date_invalid", 3, "date"), ("number_ambiguous", 3, "amount"), ("food_unknown", 3, "food"),
          ("unit_unknown", 4, "unit"), ("row_width", 5, "")),
    diary("an endless cell", "date,food,amount,unit\n2026-11-01," + "x" * 200_000 + ",1,g\n", ("csv_broken", 2, "")),
]  # fmt: skip

CRONOMETER = [
    serving("serving without unit", "2026-11-01,08:00,Breakfast,Oats,150,500,60", ("cell", "Amount"), found="150"),
    serving("serving in words", "2026-11-01,08:00,Breakfast,Oats,some,500,60", ("cell", "Amount"), found="some"),
    serving("serving 1.234 g", "2026-11-01,08:00,Breakfast,Oats,1.234 g,500,60", ("number_ambiguous", "Amount")),
    serving("serving negative", "2026-11-01,08:00,Breakfast,Oats,-5 g,500,60", ("cell", "Amount")),
    serving("serving without food", "2026-11-01,08:00,Breakfast,,5.00 g,500,60", ("cell_empty", "Food Name")),
    serving("serving day with slashes", "01/02/2026,08:00,Breakfast,Oats,5.00 g,500,60", ("date_invalid", "Day")),
    serving("serving time", "2026-11-01,25:00,Breakfast,Oats,5.00 g,500,60", ("time_invalid", "Time")),
    serving("serving magnesium negative", "2026-11-01,08:00,B,Oats,5.00 g,500,-6", ("number_range", "Magnesium (mg)")),
    serving("serving magnesium 1.234", "2026-11-01,08:00,B,Oats,5.00 g,500,1.234",
            ("number_ambiguous", "Magnesium (mg)")),
    serving("serving of a pill", "2026-11-01,08:00,Supplements,Multi,1.00 tablet,0,100",
            ("supplement_in_diary", "Food Name"), found="Multi"),
    serving("serving of a pill with a wrong number", "2026-11-01,08:00,Supplements,Multi,1.00 tablet,0,x",
            ("number_invalid", "Magnesium (mg)")),
    serving("serving cut short", "2026-11-01,08:00,Breakfast,Oa", ("row_width", "")),
    serving("serving unknown and without magnesium", "2026-11-01,08:00,B,Xqzzy,5.00 g,500,", ("food_unknown", "food")),
    diary("servings with magnesium twice", "Day,Food Name,Amount,Magnesium (mg),Magnesium (mg)\n"
          "2026-11-01,Oats,5 g,1,2\n",
          ("column_twice", 1, "magnesium (mg)")),
    diary("two wrong servings", SERVINGS + "x,08:00,B,Oats,5.00 g,500,1\n2026-11-01,08:00,B,Oats,5.00 g,500,x\n",
          ("date_invalid", 2, "Day"), ("number_invalid", 3, "Magnesium (mg)")),
]  # fmt: skip

CASES = [*FILES, *PERSONS, *DIARIES, *CRONOMETER]
