"""A person -> the parameters of that body: the healthy body of this size, sex and age, and what is its own.

    healthy   serum, fluids, pools, intake, filtration, scaled (``size``)   -> ``values`` for ``baseline.solved``
    own       eGFR, albumin, sport, usual intake                            -> ``current``, over what it returns

The gains of the model are solved for the healthy body: disease, medicines (``effects``) and diet never change them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from magnes.body.baseline import bound_serum, reference_values
from magnes.body.size import LITRES_PER_DAY, SURFACE_M2, Size, number, reference_size
from magnes.errors import Problems
from magnes.knowledge.body_parameters import BodyParameter
from magnes.knowledge.load import table
from magnes.knowledge.people import BodySize
from magnes.person import Person
from magnes.units import MAGNESIUM_G_PER_MOL

__all__ = ["ASSUMED", "FLAGS", "Anchored", "anchors"]

DIALYSIS, KIDNEY_FAILURE, KIDNEY_DISEASE = "dialysis", ("kidney-failure", "anuria"), "chronic-kidney-disease"

# Codes of what lies outside the people that the model was held against
FLAGS = (
    "age_under_18",  # growth is no part of the model: needs and pools stand still
    "age_over_80",
    "bmi_below_16",
    "bmi_above_45",
    "egfr_below_15",
    "dialysis",  # a mean over the week, not the saw-tooth between sessions
    "pregnant",
    "lactating",
    "albumin_outside_20_50",
    "intake_below_50_mg",
    "intake_above_1000_mg",
)
# Codes of what stands in for something that the person did not say
ASSUMED = (
    "typical_weight",
    "typical_height",
    "healthy_filtration_for_age",
    "filtration_of_kidney_disease",
    "filtration_of_kidney_failure",
    "filtration_on_dialysis",
    "normal_albumin",
    "reference_intake",
)
# What no body can be; field -> lowest, highest, unit
POSSIBLE: dict[str, tuple[float, float, str]] = {
    "age_years": (1, 120, "a"),
    "weight_kg": (2, 400, "kg"),
    "height_cm": (45, 250, "cm"),
    "sport_hours_per_week": (0, 100, "h"),
    "albumin_g_per_l": (5, 80, "g/L"),
    "habitual_intake_mmol_per_day": (0, 10_000 / MAGNESIUM_G_PER_MOL, "mmol/d"),
}
LOWEST_EGFR = 2  # without dialysis: below it magnesium finds no level within weeks
PLAUSIBLE_BMI = (8, 120)


@dataclass(frozen=True, slots=True)
class Anchored:
    """A person as a body.

    ``values`` go into ``baseline.solved``, ``current`` over what it returns. ``current["intake_mmol_per_day"]`` is what
    the person usually eats; what of it is absorbed is for ``gut.day_numbers`` to say, after all factors are in place.
    ``flags`` and ``assumed``: codes of ``FLAGS`` and ``ASSUMED``.
    """

    values: Mapping[str, Any]
    current: Mapping[str, Any]
    size: Size
    flags: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()


@dataclass
class _Notes:
    """Codes that come up on the way."""

    flags: list[str] = field(default_factory=list)
    assumed: list[str] = field(default_factory=list)


def anchors(
    person: Person,
    *,
    habitual_intake_mmol_per_day: float | None = None,
    albumin_g_per_l: float | None = None,
    reference: Mapping[str, Any] | None = None,
) -> Anchored:
    """Parameters of a person's body. ``reference``: another reference adult, numbers or arrays (default: the table).

    Raises ``InputProblems`` with everything that no body can be: all at once, with field, found and accepted.
    """
    _possible(person, habitual_intake_mmol_per_day, albumin_g_per_l)
    values, notes = dict(reference or reference_values()), _Notes()
    size = _size(person, notes)
    factors = size.over(reference_size())
    for name, scale in _scales().items():
        values[name] = values[name] * factors[scale]
    shift = number("serum_sex_shift_mmol_per_l")
    values["serum_mmol_per_l"] = values["serum_mmol_per_l"] + (shift if person.sex == "male" else -shift)
    current = _filtration(person, size, values, notes)
    current |= _albumin(albumin_g_per_l, values, notes)
    current["intake_mmol_per_day"] = _intake(habitual_intake_mmol_per_day, values, notes)
    if person.sport_hours_per_week:
        litres = person.sport_hours_per_week / 7 * number("sweat_l_per_sport_hour")
        current["sweat_mmol_per_day"] = values["sweat_mmol_per_day"] + litres * number("sweat_mmol_per_l")
    _outside(person, size, notes)
    return Anchored(values, current, size, tuple(notes.flags), tuple(notes.assumed))


@cache
def _scales() -> dict[str, str]:
    return {row.name: row.scale for row in table(BodyParameter) if row.scale}


def _possible(person: Person, intake: float | None, albumin: float | None) -> None:
    problems = Problems(person.label)
    given = {name: getattr(person, name, None) for name in POSSIBLE} | {
        "habitual_intake_mmol_per_day": intake,
        "albumin_g_per_l": albumin,
    }
    for name, (low, high, unit) in POSSIBLE.items():
        value: float | None = given[name]
        if value is not None and not low <= value <= high:
            problems.add("number_range", field=name, found=f"{value:g}", accepted=f"{low:g} … {high:.4g} {unit}")
    if person.weight_kg and person.height_cm and not problems.found:
        light, heavy = (limit * (person.height_cm / 100) ** 2 for limit in PLAUSIBLE_BMI)
        if not light <= person.weight_kg <= heavy:
            accepted = f"{light:.0f} … {heavy:.0f} kg, height_cm {person.height_cm:g}"
            problems.add("number_range", field="weight_kg", found=f"{person.weight_kg:g}", accepted=accepted)
    egfr = person.egfr_ml_min_1_73m2
    if egfr is not None and egfr < LOWEST_EGFR and DIALYSIS not in person.conditions:
        accepted = f'{LOWEST_EGFR:g} … 250 mL/min/1.73 m²; conditions = ["{DIALYSIS}"]'
        problems.add("number_range", field="egfr_ml_min_1_73m2", found=f"{egfr:g}", accepted=accepted)
    if "anuria" in person.conditions and DIALYSIS not in person.conditions:
        problems.add("body_no_level", field="conditions", found="anuria")
    problems.stop()


def _size(person: Person, notes: _Notes) -> Size:
    """Weight and height as given, else the median of this sex and age; a missing weight follows the height."""
    typical = next(
        row for row in reversed(table(BodySize)) if row.sex == person.sex and row.age_low_years <= person.age_years
    )
    weight, height = person.weight_kg, person.height_cm
    if height is None:
        notes.assumed.append("typical_height")
        height = typical.height_cm
    if weight is None:
        notes.assumed.append("typical_weight")
        weight = typical.weight_kg * (height / typical.height_cm) ** 2
    return Size(person.sex, person.age_years, weight, height)


def _filtration(person: Person, size: Size, values: Mapping[str, Any], notes: _Notes) -> dict[str, Any]:
    """Own filtration [L/day], and over the healthy one of this age."""
    healthy = values["gfr_l_per_day"]
    egfr = person.egfr_ml_min_1_73m2
    if egfr is None:
        egfr = _unknown_filtration(person, notes)
    own = healthy if egfr is None else egfr * LITRES_PER_DAY * size.surface_m2 / SURFACE_M2
    if egfr is not None and egfr < 15:
        notes.flags.append("egfr_below_15")
    relative = 1.0 if egfr is None else np.maximum(own / healthy, number("gfr_relative_least"))
    return {"gfr_l_per_day": own, "gfr_relative": relative}


def _unknown_filtration(person: Person, notes: _Notes) -> float | None:
    """Return what stands in for an eGFR that was not given; ``None``: that of a healthy person."""
    named = set(person.conditions)
    for code, among, name in (
        ("filtration_on_dialysis", {DIALYSIS}, "egfr_dialysis"),
        ("filtration_of_kidney_failure", set(KIDNEY_FAILURE), "egfr_kidney_failure"),
        ("filtration_of_kidney_disease", {KIDNEY_DISEASE}, "egfr_kidney_disease"),
    ):
        if named & among:
            notes.assumed.append(code)
            return number(name)
    notes.assumed.append("healthy_filtration_for_age")
    return None


def _albumin(albumin: float | None, values: Mapping[str, Any], notes: _Notes) -> dict[str, Any]:
    """Share that is not bound, and the space in terms of unbound magnesium."""
    if albumin is None:
        notes.assumed.append("normal_albumin")
        return {}
    share = bound_serum(albumin, values["ultrafilterable_share"], values["albumin_g_per_l"])
    if not 20 <= albumin <= 50:
        notes.flags.append("albumin_outside_20_50")
    return {
        "ultrafilterable_share": share,
        "magnesium_volume_l": values["interstitial_volume_l"] + values["plasma_volume_l"] / share,
    }


def _intake(intake: float | None, values: Mapping[str, Any], notes: _Notes) -> Any:
    if intake is None:
        notes.assumed.append("reference_intake")
        return values["reference_intake_mmol_per_day"]
    mg = intake * MAGNESIUM_G_PER_MOL
    if mg < 50:
        notes.flags.append("intake_below_50_mg")
    if mg > 1000:
        notes.flags.append("intake_above_1000_mg")
    return intake


def _outside(person: Person, size: Size, notes: _Notes) -> None:
    named = set(person.conditions)
    notes.flags += [
        code
        for code, holds in (
            ("age_under_18", person.age_years < 18),
            ("age_over_80", person.age_years > 80),
            ("bmi_below_16", person.age_years >= 18 and size.bmi < 16),
            ("bmi_above_45", size.bmi > 45),
            ("dialysis", DIALYSIS in named),
            ("pregnant", person.pregnant or "pregnancy" in named),
            ("lactating", person.lactating or "breastfeeding" in named),
        )
        if holds
    ]
