"""A laboratory value of ``person.toml``: which test, in which unit, and whether a body can have it.

A value that cannot exist is refused. So is one that is unusual in its own unit and usual in another (1.9 mmol/L for
1.9 mg/dL), unless the row says ``confirmed = true``: the person looked at the report again.
"""

from __future__ import annotations

import datetime as dt

from magnes import toml_lines
from magnes.errors import nearest
from magnes.knowledge.names import NearNameError, lab_test, lab_test_code, lab_test_names
from magnes.knowledge.records import LabTest
from magnes.person import LabResult
from magnes.readers.person_fields import Fields
from magnes.units import LAB_UNITS, lab_value

__all__ = ["LOADED", "read_lab"]

FIELDS = ("test", "value", "unit", "date", "load_mg", "confirmed")
LOADED = "load_urine"  # the quantity that needs the dose it began with


def read_lab(fields: Fields, path: toml_lines.Path, today: dt.date) -> LabResult | None:
    """Read the row at this path; what is wrong is added to the problems of ``fields``."""
    fields.unknown_fields(path, fields.get(path), FIELDS)
    test = _test(fields, (*path, "test"))
    for name in ("test", "value", "unit"):
        if fields.absent((*path, name)):
            units = ", ".join(LAB_UNITS[test.unit]) if test and name == "unit" else ""
            fields.add("field_missing", (*path, name), accepted=units)
    unit = _unit(fields, (*path, "unit"), test)
    value = _value(fields, path, test, unit)
    date = fields.date((*path, "date"))
    if date is not None and date > today:
        fields.add("date_future", (*path, "date"), found=date, accepted=f"<= {today}")
    load = _load(fields, path, test)
    if value is None or test is None:
        return None
    return LabResult(test=test.id, value=value, unit=unit, date=date, load_mg=load)


def _test(fields: Fields, path: toml_lines.Path) -> LabTest | None:
    name = fields.text(path)
    if not name:
        return None
    try:
        code = lab_test_code(name)
    except NearNameError as error:
        fields.add("lab_unknown", path, found=name, nearest=error.near)
        return None
    if code is None:
        fields.add("lab_unknown", path, found=name, accepted=", ".join(lab_test_names()))
        return None
    return lab_test(code)


def _unit(fields: Fields, path: toml_lines.Path, test: LabTest | None) -> str:
    """Return the unit as it was typed, also when it is not one of the test; of an unknown test any unit will do."""
    unit = fields.text(path)
    quantities = (test.unit,) if test else tuple(LAB_UNITS)
    if unit and not any(_in_use(unit, quantity) for quantity in quantities):
        known = list(dict.fromkeys(name for quantity in quantities for name in LAB_UNITS[quantity]))
        fields.add("unit_lab", path, found=unit, accepted=", ".join(known), nearest=nearest(unit, known))
    return unit


def _in_use(unit: str, quantity: str) -> bool:
    try:
        lab_value(1.0, unit, quantity)
    except KeyError:
        return False
    return True


def _value(fields: Fields, path: toml_lines.Path, test: LabTest | None, unit: str) -> float | None:
    """Read the value as reported and hold it against what a body can have."""
    place = (*path, "value")
    accepted = f"{test.lowest:g} … {test.highest:g} {test.unit}" if test else ""
    value = fields.number_of_any_size(place, accepted)
    confirmed = fields.flag((*path, "confirmed"))
    if value is None or test is None or not _in_use(unit, test.unit):
        return value
    found, own = f"{value:g} {unit}", test.in_unit(value, unit)
    likely = _likely(test, value, own)
    if value < 0:
        fields.add("lab_negative", place, found=found, accepted=accepted)
    elif not test.possible(own) and likely:
        fields.add("lab_impossible", place, found=found, accepted=accepted, nearest=likely)
    elif not test.possible(own):
        fields.add("number_range", place, found=found, accepted=accepted)
    elif not test.usual(own) and likely and not confirmed:
        accepted = f"{test.usual_low:g} … {test.usual_high:g} {test.unit}"
        fields.add("lab_unlikely", place, found=found, accepted=accepted, nearest=likely)
    return value


def _likely(test: LabTest, value: float, own: float) -> list[str]:
    """Return this number in each unit in which it would be a usual value, with what that is."""
    units: dict[float, str] = {}
    for unit, factor in LAB_UNITS[test.unit].items():
        units.setdefault(value * factor, unit)  # one spelling of each
    return [
        f"{value:g} {unit}" + ("" if unit == test.unit else f" = {converted:.2g} {test.unit}")
        for converted, unit in units.items()
        if converted != own and test.usual(converted)
    ]


def _load(fields: Fields, path: toml_lines.Path, test: LabTest | None) -> float | None:
    """Read the dose of a load test, which no other test has."""
    load = fields.number((*path, "load_mg"))
    if test is None:
        return load
    if test.quantity == LOADED and fields.absent((*path, "load_mg")):
        fields.add("field_missing", (*path, "load_mg"), accepted="load_mg = 300")
    if test.quantity != LOADED and not fields.absent((*path, "load_mg")):
        fields.add("lab_load", (*path, "load_mg"), found=load)
    return load
