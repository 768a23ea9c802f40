"""Interactions and clock times: windows, terms, codes of medicines, and siblings that must not be met."""

from __future__ import annotations

from collections.abc import Iterator

from magnes.errors import Problem
from magnes.knowledge.checks.common import atc_codes, wrong
from magnes.knowledge.clinical import Interaction
from magnes.knowledge.load import located
from magnes.knowledge.names import ATC
from magnes.knowledge.timing import MealRule, Separation

__all__ = ["near_misses_miss", "timing_is_sound", "windows_and_terms"]

# What each direction says of the terms that it acts on: at least one of these, with this sign
EXPECTED = {
    "mg_lowers_medicine_absorption": ("-medicine_absorption",),
    "mg_raises_medicine_effect": ("+medicine_effect", "+medicine_absorption", "-medicine_elimination"),
    "lowers_mg_absorption": ("-gut_", "-food_binding", "+food_binding", "-magnesium_load"),
    "low_mg_worsens_toxicity": ("+medicine_effect",),
}


def windows_and_terms() -> Iterator[Problem]:
    """Find hours without a basis or a basis without hours; an effect that names no term, or one the other way."""
    for at in located(Interaction):
        row = at.row
        hours = row.hours_before_mg is not None or row.hours_after_mg is not None
        if hours == (row.hours_basis in ("unknown", "avoid")):
            yield wrong("hours", at, "hours_basis", row.hours_basis)
        if bool(row.acts_on) != (row.direction != "none"):
            yield wrong("term", at, "acts_on", row.direction)
        wanted = EXPECTED.get(row.direction, ())
        if wanted and row.acts_on and not any(term.startswith(wanted) for term in row.acts_on):
            yield wrong("term", at, "acts_on", " ".join(row.acts_on), ", ".join(wanted))


def near_misses_miss() -> Iterator[Problem]:
    """Find a sibling that is met although it acts otherwise; an exclusion that excludes nothing; a code of nothing."""
    known = atc_codes()
    for at in located(Interaction):
        row = at.row
        for field in ("atc", "atc_old", "atc_exclude", "near_miss"):
            for code in getattr(row, field):
                if not ATC.fullmatch(code):
                    yield wrong("no_atc", at, field, code, "A02BC, A02BC01")
        for code in row.near_miss:
            if row.concerns(code):
                yield wrong("near_miss", at, "near_miss", code, " ".join(row.atc))
        for code in row.atc_exclude:
            if not code.startswith(tuple(row.atc)):
                yield wrong("exclusion", at, "atc_exclude", code, " ".join(row.atc))
        if row.atc and not any(code in known for code in row.atc):
            yield wrong("no_medicine", at, "atc", " ".join(row.atc))


def timing_is_sound() -> Iterator[Problem]:
    """Find a code of nothing, an exclusion that excludes nothing, a rule about food without its hours."""
    known = atc_codes()
    codes = (
        (Separation, "first_atc", "first_exclude"),
        (Separation, "second_atc", "second_exclude"),
        (MealRule, "atc", "atc_exclude"),
    )
    for kind, field, excluded in codes:
        for at in located(kind):
            own = getattr(at.row, field)
            for code in own:
                if not ATC.fullmatch(code):
                    yield wrong("no_atc", at, field, code, "A02BC, A02BC01")
            if own and not any(code in known for code in own):
                yield wrong("no_medicine", at, field, " ".join(own))
            for code in getattr(at.row, excluded):
                if not code.startswith(own):
                    yield wrong("exclusion", at, excluded, code, " ".join(own))
    for at in located(MealRule):
        before, after = at.row.hours_before_food is not None, at.row.hours_after_food is not None
        wanted = {"with_food": (False, False), "first_of_day": (True, False)}.get(at.row.relation, (True, True))
        if (before, after) != wanted:
            yield wrong("hours", at, "hours_before_food", at.row.relation)
