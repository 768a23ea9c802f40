"""Choose the 25 participants that the package ships, by rule, and write them in the survey's own layout.

python tools/pick_examples.py --shared ../shared

Each slot below takes the participant with the lowest number that fits and is not taken yet, in the order of the list;
the two extremes take the highest and lowest mean of two recalls among adults. Cells are copied as they stand.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path

from magnes.diary import Diary
from magnes.person import Person
from magnes.population.survey import assess_survey
from magnes.readers.nhanes import FOODS, FOODS_FILE, PERSONS, PERSONS_FILE, person_and_diary, read_survey
from tables import read, write

OUT = Path(__file__).parent.parent / "src" / "magnes" / "examples"
BANDS = ((1, 4), (4, 9), (9, 14), (14, 19), (19, 31), (31, 51), (51, 71), (71, 121))
KINDS = ("male", "female")
DIARY_COLUMNS = ("date", "time", "meal", "food", "amount", "unit", "preparation")

Row = dict[str, object]
Fits = Callable[[Row], bool]


def _number(row: Row, name: str) -> float:
    """Return a cell as a number; NaN when missing, so that every comparison with it fails."""
    value = row[name]
    return float(value) if isinstance(value, (int, float)) else float("nan")


def _between(row: Row, name: str, low: float, high: float) -> bool:
    return low <= _number(row, name) < high


def _ordinary(sex: str, low: int, high: int) -> Fits:
    """Two good recalls, weight and height known, kidney function from 60 in adults, no diabetes, not pregnant."""

    def fits(row: Row) -> bool:
        kidney = _number(row, "age_years") < 18 or _number(row, "egfr_ml_min_1_73m2") >= 60
        body = all(row[name] is not None for name in ("weight_kg", "height_cm"))
        plain = row["diabetes"] is False and row["pregnant"] is not True
        return row["sex"] == sex and _between(row, "age_years", low, high) and _two(row) and body and kidney and plain

    return fits


def _two(row: Row) -> bool:
    return row["n_days"] == 2


def _pregnant(low: int, high: int) -> Fits:
    return lambda row: row["pregnant"] is True and _between(row, "age_years", low, high) and _two(row)


def _kidney_and_diabetes(row: Row) -> bool:
    kidney = _between(row, "egfr_ml_min_1_73m2", 30, 60)
    return (
        row["sex"] == "male" and _between(row, "age_years", 60, 76) and _two(row) and kidney and bool(row["diabetes"])
    )


def _breast_fed(row: Row) -> bool:
    return row["age_years"] == 0 and row["n_days"] == 0 and row["breast_fed"] is True


def _slots() -> Iterator[tuple[str, Fits]]:
    """Return the rule: what each slot is for, and who fits."""
    yield "man 60-75, diabetes, eGFR 30-60", _kidney_and_diabetes
    yield "eGFR below 30", lambda row: _between(row, "egfr_ml_min_1_73m2", 0, 30) and _two(row)
    yield "pregnant 19-30", _pregnant(19, 31)
    yield "pregnant 31-50", _pregnant(31, 51)
    yield "infant", lambda row: row["age_years"] == 0 and _two(row)
    yield "breast-fed infant, no weighed recall", _breast_fed
    yield "adult, one recall", lambda row: _between(row, "age_years", 20, 121) and row["n_days"] == 1
    for low, high in BANDS:
        for sex in KINDS:
            yield f"{sex} {low}-{high - 1}" if high < 121 else f"{sex} {low}+", _ordinary(sex, low, high)


def choose(rows: list[Row]) -> dict[int, str]:
    """Participant number -> what it is an example of."""
    chosen: dict[int, str] = {}
    adults = [row for row in rows if _between(row, "age_years", 20, 121) and _two(row)]
    adults.sort(key=lambda row: _number(row, "magnesium_mg"))
    for name, row in (("lowest intake, adult", adults[0]), ("highest intake, adult", adults[-1])):
        chosen[int(_number(row, "seqn"))] = name
    for name, fits in _slots():
        numbers = (int(_number(row, "seqn")) for row in rows if fits(row))
        chosen[next(number for number in numbers if number not in chosen)] = name
    return chosen


def _table(path: Path, columns: list[str], target: Path, keep: set[int]) -> None:
    rows = ({name: row[name] for name in columns} for _, row in read(path) if int(float(row["SEQN"])) in keep)
    write(target, columns, rows)


def _toml(person: Person, what: str) -> str:
    """Return a person file; the kidney function stands in it as eGFR, computed from the creatinine."""
    facts = {
        "label": f'"{person.label}"',
        "age_years": f"{person.age_years:g}",
        "sex": f'"{person.sex}"',
        "weight_kg": person.weight_kg,
        "height_cm": person.height_cm,
        "pregnant": str(person.pregnant).lower(),
        "egfr_ml_min_1_73m2": person.egfr_ml_min_1_73m2,
        "conditions": "[" + ", ".join(f'"{name}"' for name in person.conditions) + "]",
        "supplements_known": str(person.supplements_known).lower(),
    }
    lines = [
        f"# A participant of NHANES 2007-2010 ({what}). Public domain, CDC/NCHS; do not try to identify the person.",
        "# Written by tools/pick_examples.py. Lactation, medicines and supplements are not in the files used.",
    ]
    lines += [f"{name} = {value}" for name, value in facts.items() if value is not None]
    return "\n".join(lines) + "\n"


def _diary(diary: Diary) -> Iterator[dict[str, str]]:
    for entry in diary.entries:
        yield {
            "date": entry.date.isoformat(),
            "meal": entry.meal,
            "food": entry.food,
            "amount": f"{round(entry.amount, 2):.10g}",
            "unit": entry.unit,
        }


def _readme(chosen: dict[int, str], files: list[int]) -> str:
    people = "\n".join(f"| {number} | {what} |" for number, what in sorted(chosen.items()))
    shown = "\n".join(f"- `nhanes-{number}.toml`, `nhanes-{number}.csv`: {chosen[number]}" for number in files)
    return f"""# 25 participants of NHANES 2007-2010

From the public-use files of the National Health and Nutrition Examination Survey, CDC/NCHS (source key `NHANES0710`).
Public domain. The data-user agreement holds: use for statistics and research only, and make no attempt to find out
who a participant is.

Written by `tools/pick_examples.py`; do not edit. The two tables have the layout of the whole survey, with only the
columns that Magnes reads, so `magnes.readers.nhanes.read_survey` reads this folder and the whole survey alike.
The 25 are chosen to show different cases. They are no sample: a mean over them says nothing about a population.

**Rule.** For each slot the participant with the lowest number that fits and is not taken yet; the two extremes by the
mean of two recalls. The slots by sex and age have two recalls, weight and height, no diabetes, no pregnancy, and as
adults an eGFR of at least 60.

| SEQN | example of |
|---|---|
{people}

The same data as a person would write it, for `magnes assess`:

{shown}

`anna.toml` and `anna.csv` are an invented person with an invented diary, for `magnes plan`: medicines, a laboratory
value, a day of her own. Nobody's data.

**Conventions.** The survey gives no dates: the first recall is dated 2000-01-01, the second 2000-01-08 (it came 3 to 10
days later). Diabetes means that a doctor said so; the survey did not ask the type. Age 80 means 80 or older.
"""


def main() -> None:
    """Write the examples."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True)
    folder = parser.parse_args().shared / "survey"
    survey = read_survey(folder)
    frame = assess_survey(survey)
    persons = survey.persons
    frame = frame.with_columns(
        persons["BMXWT"].alias("weight_kg"),
        persons["BMXHT"].alias("height_cm"),
        (persons["day1_status"] == 4).alias("breast_fed"),
    )
    chosen = choose(frame.sort("seqn").to_dicts())
    keep = set(chosen)
    _table(folder / f"{PERSONS_FILE}.csv.gz", ["cycle", *PERSONS], OUT / f"{PERSONS_FILE}.csv", keep)
    _table(folder / f"{FOODS_FILE}.csv.gz", ["cycle", *FOODS], OUT / f"{FOODS_FILE}.csv", keep)
    files = [number for number, what in chosen.items() if what in ("female 31-50", "man 60-75, diabetes, eGFR 30-60")]
    for number in files:
        person, diary = person_and_diary(survey, number)
        (OUT / f"nhanes-{number}.toml").write_text(_toml(person, chosen[number]), encoding="utf-8", newline="\n")
        write(OUT / f"nhanes-{number}.csv", DIARY_COLUMNS, _diary(diary))
    (OUT / "README.md").write_text(_readme(chosen, sorted(files)), encoding="utf-8", newline="\n")
    print(f"{len(chosen)} participants in {OUT.name}")


if __name__ == "__main__":
    main()
