"""A small survey in the layout of the stored one, made up: men, women and children in 4 strata of 2 units."""

from pathlib import Path

import numpy as np
import polars as pl

MILK, WHITE, OATS, SPINACH, WATER = 11111000, 51101000, 56203000, 72125100, 94000100
FOODS = (MILK, WHITE, OATS, SPINACH, WATER)
TYPICAL_G = (250.0, 90.0, 150.0, 80.0, 900.0)


def write_survey(folder: Path, people: int = 240, seed: int = 7) -> Path:
    """Write persons and foods; every person likes more or less of everything, every day differs from it."""
    random = np.random.default_rng(seed)
    number = np.arange(people)
    child = number % 3 == 0
    age = np.where(child, random.integers(1, 19, people), random.integers(19, 80, people))
    rows = {
        "cycle": ["2007-2008"] * people,
        "SEQN": 1000 + number,
        "RIAGENDR": 1 + number % 2,
        "RIDAGEYR": age,
        "RIDEXPRG": [None] * people,
        "BMXWT": [70.0] * people,
        "BMXHT": [170.0] * people,
        "LBXSCR": [None] * people,
        "DIQ010": [2] * people,
        "WTMEC2YR": random.uniform(1000, 3000, people),
        "WTDR2D": random.uniform(1000, 3000, people),
        "SDMVPSU": 1 + (number // 4) % 2,
        "SDMVSTRA": 1 + number % 4,
        "day1_status": [1] * people,
        "day2_status": [1] * people,
    }
    pl.DataFrame(rows).write_csv(folder / "nhanes_2007_2010_persons.csv")
    liking = np.exp(random.normal(0, 0.25, people)) * np.where(child, 0.7, 1.0)
    foods = []
    for day in (1, 2):
        grams = np.exp(random.normal(0, 0.5, (people, len(FOODS)))) * TYPICAL_G * liking[:, None]
        foods.append(
            pl.DataFrame(
                {
                    "cycle": ["2007-2008"] * grams.size,
                    "day": day,
                    "SEQN": np.repeat(1000 + number, len(FOODS)),
                    "food_code": np.tile(FOODS, people),
                    "grams": grams.round(2).ravel(),
                    "occasion": 1,
                }
            )
        )
    pl.concat(foods).write_csv(folder / "nhanes_2007_2010_foods.csv")
    return folder
