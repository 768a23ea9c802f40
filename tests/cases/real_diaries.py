"""Diaries and people made of real survey rows: the recalls that are shipped with the examples."""

from __future__ import annotations

import csv
import datetime as dt
from functools import cache

from hypothesis import strategies as st

from magnes.diary import Diary, DiaryEntry, Eaten, resolve
from magnes.examples import example_folder
from magnes.knowledge.eating import Allergen, Diet
from magnes.knowledge.foods import food_table
from magnes.knowledge.load import table
from magnes.person import Person

MEALS = ("breakfast", "lunch", "dinner", "snack")
CONDITIONS = ("oxalate-stones", "kidney-stones", "coeliac-disease", "hyperkalaemia", "lactose-intolerance")
DISLIKES = ("noten", "spinazie", "brood", "water", "bonen", "chocolate", "zaden", "melk", "rijst", "fruit")


@cache
def rows() -> tuple[tuple[str, float], ...]:
    """Return (food code, grams) of every line that has both and whose food has a magnesium value."""
    path = example_folder() / "nhanes_2007_2010_foods.csv"
    foods = food_table()
    with path.open(encoding="utf-8", newline="") as handle:
        found = [(f"fndds:{row['food_code']}", float(row["grams"] or 0)) for row in csv.DictReader(handle)]
    return tuple(
        (code, g) for code, g in found if g > 0 and code in foods and foods.food(code).magnesium_mg is not None
    )


def day_of(lines: list[tuple[str, float]], date: dt.date = dt.date(2026, 1, 5)) -> Eaten:
    """Return lines as one resolved day, meals in turn."""
    entries = [
        DiaryEntry(line=place, date=date, meal=MEALS[place % len(MEALS)], food=code, amount=grams, unit="g")
        for place, (code, grams) in enumerate(lines, start=2)
    ]
    return resolve(Diary(file="real.csv", entries=tuple(entries)))


def days() -> st.SearchStrategy[Eaten]:
    """Return days of three to eighteen real lines."""
    return st.lists(st.sampled_from(rows()), min_size=3, max_size=18).map(day_of)


def people() -> st.SearchStrategy[Person]:
    """Return people with diets, allergies, dislikes, conditions and kidneys of all kinds."""
    return st.builds(
        Person,
        age_years=st.floats(1, 95),
        sex=st.sampled_from(("female", "male")),
        egfr_ml_min_1_73m2=st.none() | st.floats(30, 120),
        diet=st.lists(st.sampled_from([row.id for row in table(Diet)]), max_size=1).map(tuple),
        allergies=st.lists(st.sampled_from([row.id for row in table(Allergen)]), max_size=2, unique=True).map(tuple),
        dislikes=st.lists(st.sampled_from(DISLIKES), max_size=2, unique=True).map(tuple),
        conditions=st.lists(st.sampled_from(CONDITIONS), max_size=1).map(tuple),
        authority=st.sampled_from(("iom-1997", "gezondheidsraad-2018")),
    )
