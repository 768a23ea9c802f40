"""Random people for the safety of plans: every reason not to take magnesium, at its edges and away from them."""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st
from plan_checker import MAGNESIUM_CODES, NOT_KNOWN, OPEN_GROUP, avoided, conditions, rows

from magnes.diary import Diary, DiaryEntry, Eaten, resolve
from magnes.person import LabResult, Medicine, Person, Supplement

AGES = (0, 1, 3, 3.9, 4, 8, 8.9, 9, 13, 17, 17.9, 18, 30, 40, 50, 64, 64.9, 65, 80, 104)
EGFRS = (0.0, 15.0, 29.9, 30.0, 35.0, 44.9, 45.0, 59.9, 60.0, 90.0, 120.0)
SALTS = ("citrate", "oxide", "chloride", "lactate", "bisglycinate", "glycerophosphate", "sulfate")
AUTHORITIES = tuple(row["id"] for row in rows("authorities.csv"))
SERUM = (0.3, 0.49, 0.5, 0.6, 0.69, 0.72, 0.75, 0.8, 0.9, 1.0, 1.03, 1.04, 1.06, 1.5)
KIDNEY_HINTS = ("V03AE02", "B03XA01", "H05BX01", "L04AD02", "L01XA01", "N05AN01")
PLAIN = ("C09AA05", "C10AA05", "A10BA02", "H03AA01", "A02BC01", "J01MA02", "C03DA01", "C03AA03", "N02BE01")
FOODS = (("witbrood", 60), ("aardappel", 150), ("kipfilet", 100), ("volkorenbrood", 70), ("kaas", 40), ("melk", 300))


def times(least: int = 0) -> st.SearchStrategy:
    clock = st.integers(6, 22).map(dt.time)
    return st.lists(clock, min_size=least, max_size=2, unique=True).map(lambda found: tuple(sorted(found)))


@st.composite
def supplements(draw: st.DrawFn) -> Supplement:
    amount = draw(st.sampled_from((10.0, 50.0, 99.0, 100.0, 150.0, 250.0, 400.0)))
    salt = draw(st.sampled_from(SALTS))
    least = draw(st.sampled_from((1, 1, 1, 0)))
    if draw(st.booleans()):
        return Supplement(salt=salt, compound_mg=4 * amount, times=draw(times(least)))
    return Supplement(salt=salt, elemental_mg=amount, times=draw(times(least)))


@st.composite
def medicines(draw: st.DrawFn) -> Medicine:
    kind = draw(
        st.sampled_from(("plain", "plain", "plain", "plain", "avoid", "kidney", "magnesium", "unknown", "group"))
    )
    if kind == "unknown":
        return Medicine(name=NOT_KNOWN, times=draw(times()))
    if kind == "magnesium":
        code = draw(st.sampled_from(("A02AA04", "A06AD02", "A12CC02", "A02AD01")))
        known = draw(st.one_of(st.none(), st.sampled_from((20.0, 60.0, 200.0))))
        return Medicine(name="magnesium", atc=code, elemental_mg=known, times=draw(times(1)))
    codes = {"plain": PLAIN, "avoid": avoided()[0], "kidney": KIDNEY_HINTS, "group": (OPEN_GROUP,)}[kind]
    return Medicine(name=kind, atc=draw(st.sampled_from(codes)), times=draw(times()))


def labs() -> st.SearchStrategy:
    dates = st.one_of(st.none(), st.dates(dt.date(2026, 1, 1), dt.date(2026, 11, 1)))
    tests = {"serum-magnesium": SERUM, "ionised-magnesium": (0.5, 0.67, 0.7), "red-cell-magnesium": (2.0, 2.92, 3.0)}
    one = st.sampled_from(sorted(tests)).flatmap(
        lambda test: st.builds(
            LabResult, test=st.just(test), value=st.sampled_from(tests[test]), unit=st.just("mmol/L"), date=dates
        )
    )
    return st.lists(one, max_size=2).map(tuple)


def condition_words() -> st.SearchStrategy:
    ruled = [
        one for one in conditions() if one.get("rules") and one.get("id", "age") not in ("pregnancy", "breastfeeding")
    ]
    by_rule = [word for one in ruled if "name_nl" in one for word in (one["id"], one["name_nl"])]
    plain = ["diabetes", "hypertension", "migraine", "osteoporosis", "chronic-kidney-disease", "kidney-transplant"]
    return st.sampled_from((*by_rule, *plain, *plain, "zzqqx"))


@st.composite
def people(draw: st.DrawFn, *, mild: bool = False) -> Person:
    """Draw anybody; ``mild``: an adult with a known kidney function, so that a plan is likely."""
    sex = draw(st.sampled_from(("female", "male")))
    age = draw(st.floats(18, 80) if mild else st.one_of(st.sampled_from(AGES), st.floats(0, 105)))
    some = st.integers(0, 3).map(lambda n: n == 0)
    state = draw(st.sampled_from(("", "", "", "pregnant", "lactating"))) if sex == "female" and 15 <= age < 50 else ""
    egfr = draw(st.sampled_from(EGFRS[3:]) if mild else st.one_of(st.none(), st.sampled_from(EGFRS), st.floats(0, 150)))
    return Person(
        age_years=age,
        age_in_whole_years=age == int(age) and draw(st.booleans()),
        sex=sex,
        weight_kg=70.0 if age >= 18 else None,
        height_cm=170.0 if age >= 18 else None,
        pregnant=state == "pregnant",
        lactating=state == "lactating",
        egfr_ml_min_1_73m2=egfr,
        conditions=(draw(condition_words()),) if draw(some) else (),
        medicines=tuple(draw(st.lists(medicines(), min_size=1, max_size=2))) if draw(some) else (),
        supplements=(draw(supplements()),) if draw(some) else (),
        supplements_known=draw(st.integers(0, 9)) > 0,
        labs=draw(labs()) if draw(some) else (),
        authority=draw(st.sampled_from(AUTHORITIES)),
    )


def poor_diary() -> Eaten:
    """Three days of about 180 mg: below what anybody is recommended."""
    entries = tuple(
        DiaryEntry(line=1, date=dt.date(2026, 10, day), meal="diner", food=food, amount=grams, unit="g")
        for day in (1, 2, 3)
        for food, grams in FOODS
    )
    return resolve(Diary(file="poor", entries=entries))


assert all(code.startswith(MAGNESIUM_CODES) for code in ("A02AA04", "A06AD02", "A12CC02", "A02AD01"))
