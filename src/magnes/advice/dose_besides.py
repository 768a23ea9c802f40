"""What goes with a dose: medicines to keep apart from it, and what to look at again."""

from __future__ import annotations

from magnes.advice.check import ABSORPTION
from magnes.advice.dose_records import RECHECKS, Apart, Option, Recheck, Target
from magnes.advice.dose_ways import Case
from magnes.advice.unknown import OLD_YEARS, interactions_of
from magnes.person import Person

__all__ = ["apart", "rechecks"]

EGFR_WATCH = 60  # below it the kidneys are measured again too


def apart(person: Person) -> tuple[Apart, ...]:
    """Return medicines that need hours between them and magnesium; blank hours are unknown."""
    return tuple(
        Apart(
            medicine=medicine.name,
            rule=row.id,
            hours_before=row.hours_before_mg,
            hours_after=row.hours_after_mg,
            sources=row.sources,
            verified=row.verified,
        )
        for medicine in person.medicines
        for row in interactions_of(medicine.atc, medicine.name)
        if row.direction in ABSORPTION and row.severity != "none"
    )


def rechecks(case: Case, options: tuple[Option, ...], sought: tuple[Target, ...]) -> tuple[Recheck, ...]:
    """Return what to look at again when the days of the first option are over (design choice)."""
    if not options:
        return ()
    day, egfr = options[0].days, case.person.egfr_ml_min_1_73m2
    poor = egfr is not None and egfr < EGFR_WATCH
    watched = poor or case.person.age_years >= OLD_YEARS or any(gate.code == "monitor" for gate in options[0].cautions)
    holds = {
        "serum": watched or any(target.kind == "serum" for target in sought),
        "egfr": poor or egfr is None,
        "diary": any(target.kind == "intake" for target in sought),
    }
    return tuple(Recheck(what=what, day=day) for what in RECHECKS if holds[what])
