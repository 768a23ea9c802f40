"""``person.toml`` -> ``Person``. Unknown fields are refused with the nearest known one; all problems at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from magnes.errors import Problems, nearest
from magnes.knowledge.load import table
from magnes.knowledge.names import (
    NearNameError,
    condition_id,
    lab_test_code,
    lab_test_names,
    medicine_atc,
    salt_names,
    salts_named,
)
from magnes.knowledge.records import Authority
from magnes.person import LabResult, Medicine, Person, Supplement, egfr_ckd_epi_2021
from magnes.readers import toml_lines
from magnes.readers.fields import read_date, read_number, read_time
from magnes.readers.textfile import read_text
from magnes.units import serum_mmol_per_l, serum_units

__all__ = ["read_person"]

# field -> lowest, highest, unit
NUMBERS = {
    "age_years": (0, 120, ""),
    "weight_kg": (1, 400, "kg"),
    "height_cm": (30, 250, "cm"),
    "egfr_ml_min_1_73m2": (0, 250, "mL/min/1.73 m²"),
    "serum_creatinine_umol_l": (10, 3000, "µmol/L"),
    "sport_hours_per_week": (0, 100, "h"),
    "trimester": (1, 3, ""),
    "dose_mg": (0, 100_000, "mg"),
    "elemental_mg": (0.1, 5000, "mg"),
    "compound_mg": (0.1, 30_000, "mg"),
    "value": (0, 1000, ""),
}
TEXTS = ("label", "name", "salt", "product", "test", "unit")
PERSON_FIELDS = (
    "label", "age_years", "birth_date", "sex", "weight_kg", "height_cm", "pregnant", "trimester", "lactating",
    "egfr_ml_min_1_73m2", "serum_creatinine_umol_l", "conditions", "sport_hours_per_week", "authority",
    "medicines", "supplements", "labs",
)  # fmt: skip
SEXES = {
    "female": "female",
    "male": "male",
    "vrouw": "female",
    "man": "male",
    "f": "female",
    "m": "male",
    "v": "female",
}
LOWEST_PREGNANT_AGE, HIGHEST_PREGNANT_AGE = 10, 60
LONGEST_TEXT = 200
LARGEST_WHOLE = 10**15
# Outside life in serum and red cells: a value beyond it has the wrong unit or a lost decimal sign
LOWEST_MMOL, HIGHEST_MMOL = 0.05, 20.0

Value = TypeVar("Value")


def read_person(path: str | Path, *, today: dt.date | None = None) -> Person:
    """Read a person file; ``today`` dates ``birth_date`` (default: the date of this computer).

    Raises ``InputProblems`` with every problem of the file at once.
    """
    path = Path(path)
    problems = Problems(str(path))
    data, lines = toml_lines.load(read_text(path), problems)
    return _Reader(data, lines, problems, today or dt.date.today()).person()  # noqa: DTZ011 - local calendar day


class _Reader:
    """One file being read: fields are fetched by path so that every problem knows its line."""

    def __init__(
        self, data: dict[str, Any], lines: dict[toml_lines.Path, int], problems: Problems, today: dt.date
    ) -> None:
        self.data, self.lines, self.problems, self.today = data, lines, problems, today

    def add(self, code: str, path: toml_lines.Path, **facts: Any) -> None:
        self.problems.add(code, line=toml_lines.line_of(path, self.lines), field=".".join(map(str, path)), **facts)

    def person(self) -> Person:
        self._unknown_fields((), self.data, PERSON_FIELDS)
        age = self._age()
        sex = self._choice(("sex",), SEXES)
        flags = {name: self._flag((name,)) for name in ("pregnant", "lactating")}
        trimester = self._number(("trimester",))
        if sex == "male" and any(flags.values()):
            self.add("male_pregnant", ("pregnant",) if flags["pregnant"] else ("lactating",), found="true")
        if flags["pregnant"] and age is not None and not LOWEST_PREGNANT_AGE <= age <= HIGHEST_PREGNANT_AGE:
            accepted = f"{LOWEST_PREGNANT_AGE} … {HIGHEST_PREGNANT_AGE}"
            self.add("pregnant_age", ("pregnant",), found=age, accepted=accepted)
        if trimester is not None and (not flags["pregnant"] or trimester != int(trimester)):
            self.add("trimester", ("trimester",), found=trimester, accepted="1, 2, 3")
        authorities = {row.id: row.id for row in table(Authority)}
        facts: dict[str, Any] = {
            "label": self._text(("label",)),
            "age_years": age,
            "sex": sex,
            "weight_kg": self._number(("weight_kg",)),
            "height_cm": self._number(("height_cm",)),
            **flags,
            "trimester": int(trimester) if trimester else None,
            "egfr_ml_min_1_73m2": self._egfr(age, sex),
            "conditions": tuple(self._conditions()),
            "sport_hours_per_week": self._number(("sport_hours_per_week",)),
            "authority": self._choice(("authority",), authorities) if "authority" in self.data else None,
            "medicines": tuple(self._rows("medicines", self._medicine)),
            "supplements": tuple(self._rows("supplements", self._supplement)),
            "labs": tuple(self._rows("labs", self._lab)),
        }
        self.problems.stop()
        return Person(**facts)

    # --- single fields

    def _get(self, path: toml_lines.Path) -> Any:
        here: Any = self.data
        for key in path:
            here = here.get(key) if isinstance(here, dict) else here[key]
        return here

    def _number(self, path: toml_lines.Path) -> float | None:
        value = self._get(path)
        if value is None:
            return None
        low, high, unit = NUMBERS[str(path[-1])]
        if isinstance(value, bool) or not isinstance(value, (int, str)):
            self.add("number_invalid", path, found=value, accepted=f"{low:g} … {high:g} {unit}".strip())
            return None
        text = str(value) if isinstance(value, str) or abs(value) < LARGEST_WHOLE else "…"
        return read_number(text, self.problems, **self._place(path), low=low, high=high, unit=unit)

    def _place(self, path: toml_lines.Path) -> dict[str, Any]:
        return {"line": toml_lines.line_of(path, self.lines), "field": ".".join(map(str, path))}

    def _date(self, path: toml_lines.Path) -> dt.date | None:
        """Read a date, bare or quoted; a date with a time is refused."""
        value = self._get(path)
        return None if value is None else read_date(_short_text(value), self.problems, **self._place(path))

    def _text(self, path: toml_lines.Path) -> str:
        value = self._get(path)
        if value is None:
            return ""
        if not isinstance(value, str) or isinstance(value, toml_lines.Literal) or len(value) > LONGEST_TEXT:
            self.add("text_invalid", path, found=value)
            return ""
        return value.strip()

    def _flag(self, path: toml_lines.Path) -> bool:
        value = self._get(path)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.add("flag_invalid", path, found=value, accepted="true, false")
        return False

    def _choice(self, path: toml_lines.Path, known: dict[str, Value]) -> Value | None:
        value = self._get(path)
        accepted = ", ".join(known)
        if value is None:
            self.add("field_missing", path, accepted=accepted)
            return None
        key = _short_text(value).casefold()
        if not isinstance(value, str) or key not in known:
            self.add("choice_unknown", path, found=value, accepted=accepted, nearest=nearest(key, known))
            return None
        return known[key]

    def _age(self) -> float | None:
        given = [name for name in ("age_years", "birth_date") if name in self.data]
        if len(given) != 1:
            self.add("exactly_one", ("age_years",), found=", ".join(given), accepted="age_years, birth_date")
            return None
        if given == ["age_years"]:
            return self._number(("age_years",))
        born = self._date(("birth_date",))
        if born is None:
            return None
        years = (self.today - born).days / 365.2425
        if not 0 <= years <= NUMBERS["age_years"][1]:
            self.add("date_impossible", ("birth_date",), found=born)
            return None
        return round(years, 2)

    def _egfr(self, age: float | None, sex: str | None) -> float | None:
        creatinine = self._number(("serum_creatinine_umol_l",))
        egfr = self._number(("egfr_ml_min_1_73m2",))
        if creatinine is None or age is None or sex not in ("female", "male"):
            return egfr
        if egfr is not None:
            accepted = "egfr_ml_min_1_73m2, serum_creatinine_umol_l"
            self.add("exactly_one", ("serum_creatinine_umol_l",), found=accepted, accepted=accepted)
        if age < 18:
            self.add("creatinine_child", ("serum_creatinine_umol_l",), found=age, accepted="egfr_ml_min_1_73m2")
            return egfr
        return round(egfr_ckd_epi_2021(creatinine, age, "female" if sex == "female" else "male"), 1)

    def _conditions(self) -> Iterable[str]:
        values = self._get(("conditions",))
        if values is None:
            return
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            self.add("list_invalid", ("conditions",), found=values, accepted='["…", "…"]')
            return
        for value in values:
            if not value.strip() or len(value) > LONGEST_TEXT:
                self.add("text_invalid", ("conditions",), found=value)
                continue
            try:
                yield condition_id(value) or value
            except NearNameError as error:
                self.add("condition_near", ("conditions",), found=value, nearest=error.near)

    # --- tables

    def _rows(self, name: str, read: Callable[[toml_lines.Path], Value | None]) -> Iterable[Value]:
        rows = self.data.get(name, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self.add("table_invalid", (name,), accepted=f"[[{name}]]")
            return
        for number in range(len(rows)):
            row = read((name, number))
            if row is not None:
                yield row

    def _absent(self, path: toml_lines.Path) -> bool:
        value = self._get(path)
        return value is None or (isinstance(value, str) and not value.strip())

    def _unknown_fields(self, path: toml_lines.Path, row: dict[str, Any], known: Iterable[str]) -> None:
        known = tuple(known)
        for name in row:
            if name not in known:
                self.add("field_unknown", (*path, name), accepted=", ".join(known), nearest=nearest(name, known))

    def _times(self, path: toml_lines.Path) -> tuple[dt.time, ...]:
        values = self._get(path)
        if values is None:
            return ()
        if not isinstance(values, list):
            self.add("list_invalid", path, found=values, accepted='["08:00", "20:00"]')
            return ()
        place = self._place(path)
        read = [
            value if isinstance(value, dt.time) else read_time(_short_text(value), self.problems, **place)
            for value in values
        ]
        return tuple(time for time in read if time is not None)

    def _medicine(self, path: toml_lines.Path) -> Medicine | None:
        self._unknown_fields(path, self._get(path), ("name", "dose_mg", "times"))
        name = self._text((*path, "name"))
        if not name:
            if self._absent((*path, "name")):
                self.add("field_missing", (*path, "name"))
            return None
        atc = None
        try:
            atc = medicine_atc(name)
        except NearNameError as error:
            self.add("medicine_near", (*path, "name"), found=name, nearest=error.near)
        dose = self._number((*path, "dose_mg"))
        return Medicine(name=name, atc=atc or "", dose_mg=dose, times=self._times((*path, "times")))

    def _supplement(self, path: toml_lines.Path) -> Supplement | None:
        self._unknown_fields(path, self._get(path), ("salt", "product", "elemental_mg", "compound_mg", "times"))
        salt, product = self._text((*path, "salt")), self._text((*path, "product"))
        if sum(not self._absent((*path, field)) for field in ("salt", "product")) != 1:
            self.add("exactly_one", (*path, "salt"), found=", ".join(filter(None, (salt, product))),
                     accepted="salt, product")  # fmt: skip
        elif salt:
            try:
                salts_named(salt)
            except NearNameError as error:
                accepted = ", ".join(salt_names()[:30])
                self.add("salt_unknown", (*path, "salt"), found=salt, accepted=accepted, nearest=error.near)
        elemental, compound = self._number((*path, "elemental_mg")), self._number((*path, "compound_mg"))
        given = [name for name in ("elemental_mg", "compound_mg") if self._get((*path, name)) is not None]
        if len(given) != 1:
            accepted = "elemental_mg, compound_mg"
            self.add("exactly_one", (*path, "elemental_mg"), found=", ".join(given), accepted=accepted)
        if compound is not None and (product or not self._has_formula(salt)):
            self.add("compound_needs_salt", (*path, "compound_mg"), found=compound, accepted="elemental_mg")
        times = self._times((*path, "times"))
        if self._get((*path, "times")) in (None, []):
            self.add("field_missing", (*path, "times"), accepted='["08:00"]')
        return Supplement(salt=salt, product=product, elemental_mg=elemental, compound_mg=compound, times=times)

    def _has_formula(self, salt: str) -> bool:
        """Whether the amount of a compound can be turned into magnesium; an unknown salt is told elsewhere."""
        try:
            return all(row.formula for row in salts_named(salt))
        except NearNameError:
            return True

    def _lab(self, path: toml_lines.Path) -> LabResult | None:
        self._unknown_fields(path, self._get(path), ("test", "value", "unit", "date"))
        for name in ("test", "value", "unit"):
            if self._absent((*path, name)):
                self.add("field_missing", (*path, name))
        test = self._text((*path, "test"))
        code = None
        try:
            code = lab_test_code(test) if test else None
            if test and code is None:
                self.add("lab_unknown", (*path, "test"), found=test, accepted=", ".join(lab_test_names()))
        except NearNameError as error:
            self.add("lab_unknown", (*path, "test"), found=test, nearest=error.near)
        unit = self._text((*path, "unit"))
        known = bool(unit) and _known_unit(unit)
        if unit and not known:
            accepted = ", ".join(serum_units())
            near = nearest(unit, serum_units())
            self.add("unit_lab", (*path, "unit"), found=unit, accepted=accepted, nearest=near)
        value = self._number((*path, "value"))
        if value is not None and known and not LOWEST_MMOL <= serum_mmol_per_l(value, unit) <= HIGHEST_MMOL:
            accepted = f"{LOWEST_MMOL:g} … {HIGHEST_MMOL:g} mmol/L"
            self.add("number_range", (*path, "value"), found=f"{value:g} {unit}", accepted=accepted)
        date = self._date((*path, "date"))
        if value is None or code is None:
            return None
        return LabResult(test=code, value=value, unit=unit, date=date)


def _known_unit(unit: str) -> bool:
    try:
        serum_mmol_per_l(1.0, unit)
    except KeyError:
        return False
    return True


def _short_text(value: object) -> str:
    """Return the value as text; of a list or number its type: such text could be without end."""
    return str(value) if isinstance(value, (str, dt.date, dt.time, bool)) else type(value).__name__
