"""Persons with medicines that disturb each other, made from random numbers: tests and the bench run them."""

from __future__ import annotations

import datetime as dt
from random import Random

from magnes.knowledge.names import medicine_atc
from magnes.person import Day, Medicine, Person, Supplement

NAMES = (
    "levothyroxine",
    "alendroninezuur",
    "ferrofumaraat",
    "calciumcarbonaat",
    "doxycycline",
    "ciprofloxacine",
    "moxifloxacine",
    "penicillamine",
    "colestyramine",
    "sevelameer",
    "sucralfaat",
    "zinksulfaat",
    "metformine",
    "gabapentine",
    "digoxine",
    "rosuvastatine",
    "mycofenolaat",
    "omeprazol",
    "metoprolol",
    "raltegravir",
    "magnesiumhydroxide",
)
SALTS = ("citrate", "oxide", "glycinate")


def at(text: str) -> dt.time:
    return dt.time.fromisoformat(text)


def medicine(name: str, *times: str, fixed: bool = False) -> Medicine:
    return Medicine(name=name, atc=medicine_atc(name) or "", times=tuple(map(at, times)), fixed=fixed)


def magnesium(*times: str, salt: str = "citrate", fixed: bool = False) -> Supplement:
    return Supplement(salt=salt, elemental_mg=150, times=tuple(map(at, times)), fixed=fixed)


def person(*taken: Medicine | Supplement, day: Day | None = None) -> Person:
    return Person(
        age_years=60,
        sex="female",
        medicines=tuple(one for one in taken if isinstance(one, Medicine)),
        supplements=tuple(one for one in taken if isinstance(one, Supplement)),
        day=day or Day(),
    )


TWELVE = person(
    medicine("levothyroxine", "07:00"),
    medicine("alendroninezuur", "07:00"),
    medicine("ferrofumaraat", "08:00"),
    medicine("calciumcarbonaat", "12:30", "18:00"),
    medicine("metformine", "08:00", "18:00"),
    medicine("omeprazol", "08:00"),
    medicine("simvastatine", "22:00"),
    medicine("metoprolol", "08:00"),
    medicine("hydrochloorthiazide", "08:00"),
    medicine("digoxine", "08:00"),
    medicine("gabapentine", "08:00", "14:00", "20:00"),
    magnesium("08:00", "20:00"),
    day=Day(work=(at("09:00"), at("17:00"))),
)


def clock(minutes: int) -> dt.time:
    return dt.time(*divmod(minutes % 1440, 60))


def random_day(random: Random) -> Day:
    """A day that begins at any hour, with meals in order, told in part."""
    wakes = 15 * random.randrange(96)
    bedtime = random.choice((870, 960, 1080, 1260))  # the last two are short nights: windows reach into the next day
    offsets = {"wakes": 0, "breakfast": random.choice((15, 30, 60)), "lunch": 330, "dinner": 660, "bedtime": bedtime}
    told = {name: clock(wakes + minutes) for name, minutes in offsets.items() if random.random() < 0.6}
    work = (clock(wakes + 120), clock(wakes + 600)) if random.random() < 0.5 else None
    return Day(**told, work=work)


def random_person(random: Random, most: int = 8) -> Person:
    """Up to ``most`` medicines and two magnesium supplements; a few are fixed, of a few the times are not told."""
    taken: list[Medicine | Supplement] = []
    for name in random.sample(NAMES, random.randint(1, most)):
        times = [f"{clock(15 * random.randrange(96)):%H:%M}" for _ in range(random.choice((0, 1, 1, 1, 2, 3)))]
        taken.append(medicine(name, *times, fixed=bool(times) and random.random() < 0.1))
    for salt in random.sample(SALTS, random.randint(0, 2)):
        times = [f"{clock(15 * random.randrange(96)):%H:%M}" for _ in range(random.choice((1, 1, 2)))]
        taken.append(magnesium(*times, salt=salt))
    return person(*taken, day=random_day(random))
