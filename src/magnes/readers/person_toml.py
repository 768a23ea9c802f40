"""``person.toml`` -> ``Person``. Unknown fields are refused with the nearest known one; all problems at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from magnes import toml_lines
from magnes.errors import Problems, nearest
from magnes.knowledge.diets import allergen_ids, allergen_names, diet_id, diet_names, is_food_word
from magnes.knowledge.eating import Allergen, Diet
from magnes.knowledge.load import table
from magnes.knowledge.names import (
    FOOD_SALTS,
    NOT_ORAL_SALTS,
    NearNameError,
    condition_id,
    medicine_atc,
    salts_named,
)
from magnes.knowledge.records import Authority
from magnes.person import ADULT_YEARS, Medicine, Person, Supplement, egfr_ckd_epi_2021
from magnes.readers.labs import read_lab
from magnes.readers.oral_salts import check_salt
from magnes.readers.person_day import read_day
from magnes.readers.person_fields import NUMBERS, Fields
from magnes.readers.textfile import read_text

__all__ = ["person_from", "read_person", "supplements_from"]

PERSON_FIELDS = (
    "label", "age_years", "birth_date", "sex", "weight_kg", "height_cm", "pregnant", "trimester", "lactating",
    "egfr_ml_min_1_73m2", "serum_creatinine_umol_l", "conditions", "sport_hours_per_week", "authority",
    "supplements_known", "medicines", "supplements", "labs", "diet", "allergies", "dislikes", "day",
)  # fmt: skip
SEXES = {
    "female": "female",
    "male": "male",
    "vrouw": "female",
    "man": "male",
    "woman": "female",
    "girl": "female",
    "boy": "male",
    "meisje": "female",
    "jongen": "male",
    "f": "female",
    "m": "male",
    "v": "female",
}
LOWEST_PREGNANT_AGE, HIGHEST_PREGNANT_AGE = 10, 60


def read_person(path: str | Path, *, today: dt.date | None = None) -> Person:
    """Read a person file; ``today`` dates ``birth_date`` and bounds laboratory dates (default: now).

    Raises ``InputProblems`` with every problem of the file at once.
    """
    path = Path(path)
    problems = Problems(str(path))
    data, lines = toml_lines.load(read_text(path), problems)
    return person_from(data, problems, lines=lines, today=today)


def person_from(
    data: dict[str, Any],
    problems: Problems,
    *,
    lines: dict[toml_lines.Path, int] | None = None,
    today: dt.date | None = None,
) -> Person:
    """Read the fields of a person file from a dictionary; numbers may be texts as they were typed.

    Raises ``InputProblems`` with every problem at once; a problem has the line of its field where ``lines`` knows it.
    """
    return _Reader(data, lines or {}, problems, today or dt.date.today()).person()  # noqa: DTZ011 - local calendar day


def supplements_from(rows: list[dict[str, Any]], problems: Problems) -> tuple[Supplement, ...]:
    """Read rows as they stand under ``[[supplements]]``; what is wrong is added to ``problems``."""
    reader = _Reader({"supplements": rows}, {}, problems, dt.date.min)
    return tuple(reader.rows("supplements", reader._supplement))


class _Reader(Fields):
    """The fields of a person, and what they have to do with each other."""

    def __init__(
        self, data: dict[str, Any], lines: dict[toml_lines.Path, int], problems: Problems, today: dt.date
    ) -> None:
        super().__init__(data, lines, problems)
        self.today = today

    def person(self) -> Person:
        self.unknown_fields((), self.data, PERSON_FIELDS)
        age = self._age()
        sex = self.choice(("sex",), SEXES)
        flags = {name: self.flag((name,)) for name in ("pregnant", "lactating")}
        trimester = self.number(("trimester",))
        if sex == "male" and any(flags.values()):
            self.add("male_pregnant", ("pregnant",) if flags["pregnant"] else ("lactating",), found="true")
        if flags["pregnant"] and age is not None and not LOWEST_PREGNANT_AGE <= age <= HIGHEST_PREGNANT_AGE:
            accepted = f"{LOWEST_PREGNANT_AGE} … {HIGHEST_PREGNANT_AGE}"
            self.add("pregnant_age", ("pregnant",), found=age, accepted=accepted)
        if trimester is not None and (not flags["pregnant"] or trimester != int(trimester)):
            self.add("trimester", ("trimester",), found=trimester, accepted="1, 2, 3")
        egfr, computed = self._egfr(age, sex)
        authorities = {row.id: row.id for row in table(Authority)}
        facts: dict[str, Any] = {
            "label": self.text(("label",)),
            "age_years": age,
            "sex": sex,
            "weight_kg": self.number(("weight_kg",)),
            "height_cm": self.number(("height_cm",)),
            **flags,
            "trimester": int(trimester) if trimester else None,
            "egfr_ml_min_1_73m2": egfr,
            "egfr_from_creatinine": computed,
            "conditions": tuple(self._conditions()),
            "sport_hours_per_week": self.number(("sport_hours_per_week",)),
            "authority": self.choice(("authority",), authorities) if "authority" in self.data else None,
            "supplements_known": self.flag(("supplements_known",), absent=True),
            "medicines": tuple(self.rows("medicines", self._medicine)),
            "supplements": tuple(self.rows("supplements", self._supplement)),
            "labs": tuple(self.rows("labs", lambda path: read_lab(self, path, self.today))),
            "diet": tuple(dict.fromkeys(self._diet())),
            "allergies": tuple(dict.fromkeys(self._allergies())),
            "dislikes": tuple(dict.fromkeys(self._dislikes())),
            "day": read_day(self),
        }
        self.problems.stop()
        return Person(**facts)

    def _age(self) -> float | None:
        given = [name for name in ("age_years", "birth_date") if name in self.data]
        if len(given) != 1:
            self.add("exactly_one", ("age_years",), found=", ".join(given), accepted="age_years, birth_date")
            return None
        if given == ["age_years"]:
            return self.number(("age_years",))
        born = self.date(("birth_date",))
        if born is None:
            return None
        years = (self.today - born).days / 365.2425
        if not 0 <= years <= NUMBERS["age_years"][1]:
            self.add("date_impossible", ("birth_date",), found=born)
            return None
        return round(years, 2)

    def _egfr(self, age: float | None, sex: str | None) -> tuple[float | None, bool]:
        """Return the kidney function, and whether it was computed from the creatinine."""
        creatinine = self.number(("serum_creatinine_umol_l",))
        egfr = self.number(("egfr_ml_min_1_73m2",))
        if creatinine is None or age is None or sex not in ("female", "male"):
            return egfr, False
        if egfr is not None:
            accepted = "egfr_ml_min_1_73m2, serum_creatinine_umol_l"
            self.add("exactly_one", ("serum_creatinine_umol_l",), found=accepted, accepted=accepted)
        if age < ADULT_YEARS:
            self.add("creatinine_child", ("serum_creatinine_umol_l",), found=age, accepted="egfr_ml_min_1_73m2")
            return egfr, False
        return round(egfr_ckd_epi_2021(creatinine, age, "female" if sex == "female" else "male"), 1), True

    def _conditions(self) -> Iterable[str]:
        for value in self.texts("conditions"):
            try:
                yield condition_id(value) or value
            except NearNameError as error:
                self.add("condition_near", ("conditions",), found=value, nearest=error.near)

    def _diet(self) -> Iterable[str]:
        for word in self.texts("diet"):
            found = diet_id(word)
            if found:
                yield found
            else:
                self._unknown("diet", word, diet_names(), Diet)

    def _allergies(self) -> Iterable[str]:
        for word in self.texts("allergies"):
            found = allergen_ids(word)
            yield from found
            if not found:
                self._unknown("allergies", word, allergen_names(), Allergen)

    def _unknown(self, field: str, word: str, known: list[str], kind: type[Diet | Allergen]) -> None:
        accepted = dict.fromkeys(name for row in table(kind) for name in (row.name_nl, row.name_en))
        self.add("choice_unknown", (field,), found=word, accepted=", ".join(accepted), nearest=nearest(word, known))

    def _dislikes(self) -> Iterable[str]:
        from magnes.matching import matcher  # its index only where a dislike asks for it

        for word in self.texts("dislikes"):
            if is_food_word(word):
                yield word.strip()
            else:
                near = tuple(food.name for food in matcher().match(word).candidates)
                self.add("food_unknown", ("dislikes",), found=word, nearest=near)

    # --- tables

    def _medicine(self, path: toml_lines.Path) -> Medicine | None:
        self.unknown_fields(path, self.get(path), ("name", "dose_mg", "elemental_mg", "times", "fixed"))
        name = self.text((*path, "name"))
        if not name:
            if self.absent((*path, "name")):
                self.add("field_missing", (*path, "name"))
            return None
        atc = None
        try:
            atc = medicine_atc(name)
        except NearNameError as error:
            self.add("medicine_near", (*path, "name"), found=name, nearest=error.near)
        dose, elemental = self.number((*path, "dose_mg")), self.number((*path, "elemental_mg"))
        times = self.times((*path, "times"))
        fixed = self.flag((*path, "fixed"))
        if fixed and not times:
            self.add("fixed_without_times", (*path, "fixed"), found=name, accepted='times = ["08:00"]')
        return Medicine(name=name, atc=atc or "", dose_mg=dose, elemental_mg=elemental, times=times, fixed=fixed)

    def _supplement(self, path: toml_lines.Path) -> Supplement | None:
        self.unknown_fields(path, self.get(path), ("salt", "product", "elemental_mg", "compound_mg", "times", "fixed"))
        salt, product = self.text((*path, "salt")), self.text((*path, "product"))
        if sum(not self.absent((*path, field)) for field in ("salt", "product")) != 1:
            self.add("exactly_one", (*path, "salt"), found=", ".join(filter(None, (salt, product))),
                     accepted="salt, product")  # fmt: skip
        elif salt:
            check_salt(salt, partial(self.add, path=(*path, "salt")))
        elemental, compound = self.number((*path, "elemental_mg")), self.number((*path, "compound_mg"))
        given = [name for name in ("elemental_mg", "compound_mg") if self.get((*path, name)) is not None]
        if not given:
            self.add("supplement_without_amount", path, found=salt or product)
        elif len(given) > 1:
            accepted = "elemental_mg, compound_mg"
            self.add("exactly_one", (*path, "elemental_mg"), found=", ".join(given), accepted=accepted)
        if compound is not None and (product or not self._has_formula(salt)):
            self.add("compound_needs_salt", (*path, "compound_mg"), found=compound, accepted="elemental_mg")
        times = self.times((*path, "times"))
        if self.get((*path, "times")) in (None, []):
            self.add("field_missing", (*path, "times"), accepted='["08:00"]')
        fixed = self.flag((*path, "fixed"))
        return Supplement(
            salt=salt, product=product, elemental_mg=elemental, compound_mg=compound, times=times, fixed=fixed
        )

    def _has_formula(self, salt: str) -> bool:
        """Whether the amount of a compound can be turned into magnesium; a refused salt is told elsewhere."""
        try:
            rows = salts_named(salt)
        except NearNameError:
            return True
        return rows[0].family in FOOD_SALTS + NOT_ORAL_SALTS or all(row.formula for row in rows)
