"""People for the report tests, written out here so that nothing outside the repository is needed."""

import datetime as dt

import pytest

from magnes.diary import Diary, DiaryEntry
from magnes.fit.individual import Individual, individual
from magnes.person import LabResult, Medicine, Person, Supplement
from magnes.report.build import Assessment, assess

TODAY = dt.date(2026, 11, 22)
MORNING, EVENING = dt.time(8), dt.time(20)


def _diary(*lines: tuple[int, str, str, float, str, str]) -> Diary:
    rows = [
        DiaryEntry(
            line=place,
            date=TODAY - dt.timedelta(days=day),
            time=dt.time.fromisoformat(time) if time else None,
            food=food,
            amount=amount,
            unit=unit,
            preparation=preparation,
        )
        for place, (day, time, food, amount, unit, preparation) in enumerate(lines, start=2)
    ]
    return Diary(file="diary.csv", entries=tuple(rows))


@pytest.fixture(scope="session")
def anna() -> Assessment:
    """A typical person: one day, medicines, a supplement over the limit, a laboratory value, an AI."""
    person = Person(
        label="<script>alert('x')</script> & Anna",
        age_years=67,
        sex="female",
        weight_kg=71.5,
        height_cm=165,
        egfr_ml_min_1_73m2=52,
        conditions=("diabetes-type-2",),
        medicines=(
            Medicine(name="omeprazol", atc="A02BC01", dose_mg=20, times=(MORNING,)),
            Medicine(name="levothyroxine", atc="H03AA01", times=(dt.time(7, 30),)),
        ),
        supplements=(Supplement(salt="citrate", elemental_mg=150, times=(MORNING, EVENING)),),
        labs=(LabResult(test="serum-magnesium", value=1.73, unit="mg/dL", date=dt.date(2026, 10, 1)),),
    )
    diary = _diary(
        (2, "08:00", "volkorenbrood", 2, "snee", ""),
        (2, "08:00", "pindakaas", 1, "eetlepel", ""),
        (2, "12:30", "karnemelk", 1, "glas", ""),
        (2, "18:00", "boerenkool", 200, "g", "boiled-drained"),
        (2, "18:00", "kikkererwtn", 100, "g", ""),
        (2, "20:00", "water:spa reine", 0.5, "l", ""),
    )
    return assess(person, diary, today=TODAY)


@pytest.fixture(scope="session")
def gaps() -> Assessment:
    """Everything that can be unknown: unmatched food, a missing day, an unknown dose, two authorities' rules."""
    person = Person(
        age_years=40,
        sex="male",
        conditions=("myasthenia-gravis", "iets <b>vreemds</b>"),
        medicines=(Medicine(name="magnesiumhydroxide", atc="A02AA04"), Medicine(name="<i>onbekend</i>")),
    )
    foods = ("banaan", "amandelen", "spinazie", "halfvolle melk", "zalm", "kipfilet", "aardappelen", "havermout")
    more = ("appel", "tomaat", "broccoli", "linzen", "cashewnoten")
    diary = _diary(
        *((4, "", food, 100, "g", "") for food in (*foods, *more)),
        *((3, "", food, 150, "g", "") for food in foods),
        (1, "", "banaan", 100, "g", ""),
        (1, "", "<img src=x onerror=alert(1)>", 100, "g", ""),
    )
    return assess(person, diary, authority="iom-1997", allow_unmatched=True, today=TODAY)


@pytest.fixture(scope="session")
def bare() -> Assessment:
    """Nothing but age and sex: no diary, no products, an age without reference values for a limit."""
    return assess(Person(age_years=0.3, sex="male"), today=TODAY)


@pytest.fixture(scope="session", params=["anna", "gaps", "bare"])
def found(request: pytest.FixtureRequest) -> Assessment:
    """Each of the three in turn."""
    value: Assessment = request.getfixturevalue(request.param)
    return value


def _old_woman(*labs: LabResult, **more: object) -> Person:
    facts = {
        "age_years": 67,
        "sex": "female",
        "weight_kg": 71,
        "height_cm": 165,
        "egfr_ml_min_1_73m2": 60,
        "medicines": (Medicine(name="omeprazol", times=(MORNING,)),),
    }
    return Person(**(facts | more), labs=labs)


@pytest.fixture(scope="session")
def fitted() -> Individual:
    """Serum and urine, a medicine that matters and one that does not, a supplement and a medicine with magnesium."""
    return individual(
        _old_woman(
            LabResult(test="serum-magnesium", value=0.71, unit="mmol/L", date=TODAY),
            LabResult(test="urine-magnesium-24h", value=2.0, unit="mmol/d"),
            medicines=(
                Medicine(name="omeprazol", times=(MORNING,)),
                Medicine(name="levothyroxine", times=(MORNING,)),
                Medicine(name="antacidum", atc="A02AD01", elemental_mg=40, times=(EVENING,)),
            ),
            supplements=(Supplement(salt="citrate", elemental_mg=150, times=(MORNING,)),),
        ),
        draws=150,
    )


@pytest.fixture(scope="session")
def like_her() -> Individual:
    """No laboratory value: people of this kind."""
    return individual(_old_woman(), draws=150)


@pytest.fixture(scope="session")
def refused() -> Individual:
    """Two serum values that no body of this kind has."""
    labs = (LabResult(test="serum-magnesium", value=value, unit="mmol/L") for value in (1.70, 1.75))
    return individual(_old_woman(*labs), draws=60)


@pytest.fixture(scope="session")
def no_serum() -> Individual:
    """A urine value that no body of this kind has, and no serum."""
    return individual(_old_woman(LabResult(test="urine-magnesium-24h", value=0.01, unit="mmol/d")), draws=60)


@pytest.fixture(scope="session")
def little_albumin() -> Individual:
    """A serum value with a low albumin."""
    labs = (
        LabResult(test="serum-magnesium", value=0.71, unit="mmol/L"),
        LabResult(test="serum-albumin", value=28, unit="g/L"),
    )
    return individual(_old_woman(*labs), draws=60)
