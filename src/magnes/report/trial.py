"""A virtual trial in words: a table of what was measured, differences, power, and what was assumed."""

from __future__ import annotations

from collections.abc import Iterable

from magnes.population.power import Power, SampleSize
from magnes.population.trial import ArmVisit, TrialResult
from magnes.report.tables import aligned, figure, wrapped
from magnes.text import Language, number, translate

__all__ = ["arms_text", "power_text", "size_text", "trial_rows", "trial_text", "trial_title"]

DIGITS = {"mmol/L": 3, "mmol/(24.h)": 2, "mg/d": 1}
SMALLEST_P = 0.001


def trial_text(found: TrialResult, language: Language) -> str:
    """Return the table of a trial, the differences, and what must be known beside them."""
    lines = [trial_title(found, language), *arms_text(found, language), "", *aligned(trial_rows(found, language)), ""]
    lines += [_difference(found, place, language) for place in range(len(found.differences))]
    notes = [
        *(_count(found, place, language) for place in range(len(found.counts))),
        translate(f"trial.method.{found.method}", language),
        *_notes(found.assumptions, language),
        _provenance(found, language),
    ]
    return "\n".join([*lines, "", *wrapped(notes)])


def trial_title(found: TrialResult, language: Language) -> str:
    """Return what kind of trial it was, in a line."""
    return translate(
        f"trial.title.{found.design.design}",
        language,
        people=len(found.sequence),
        days=found.design.days,
        what=translate(f"trial.endpoint.{found.design.endpoint}", language),
    )


def arms_text(found: TrialResult, language: Language) -> list[str]:
    """Return what each arm takes, a line each."""
    lines = []
    for name, dose in found.design.arms.items():
        if dose is None:
            lines.append(translate("trial.arm_nothing", language, arm=name))
            continue
        amount = number(dose.elemental_mg, language, 0 if dose.elemental_mg == round(dose.elemental_mg) else 1)
        facts = {"salt": dose.salt, "amount": amount, "times": dose.times_per_day}
        lines.append(translate("trial.arm", language, arm=name, total=number(dose.mg_per_day, language), **facts))
    return lines


def trial_rows(found: TrialResult, language: Language) -> list[list[str]]:
    """Return a head and a row for each arm and day; a trial's table twin."""
    unit = translate(f"unit.{found.unit}", language)
    heads = [translate(f"trial.head.{name}", language, unit=unit) for name in ("arm", "day", "people", "mean", "sd")]
    rows = [[*heads, translate("trial.head.change", language, unit=unit)]]
    return rows + [_row(visit, found.unit, language) for visit in found.visits]


def _row(visit: ArmVisit, unit: str, language: Language) -> list[str]:
    digits = DIGITS[unit]
    return [
        visit.arm,
        str(visit.day),
        str(visit.n),
        _interval(visit.mean, visit.low, visit.high, language, digits),
        figure(visit.sd, digits, language),
        _interval(visit.change, visit.change_low, visit.change_high, language, digits) if visit.day else "–",
    ]


def _difference(found: TrialResult, place: int, language: Language) -> str:
    one, digits = found.differences[place], DIGITS[found.unit]
    effect = one.effect
    return translate(
        "trial.difference",
        language,
        arm=one.arm,
        reference=one.reference,
        unit=translate(f"unit.{found.unit}", language),
        value=_interval(effect.value, effect.low, effect.high, language, digits),
        p=_p(effect.p, language),
        without=figure(one.without_luck, digits, language),
    )


def _count(found: TrialResult, place: int, language: Language) -> str:
    one = found.counts[place]
    facts = {"arm": one.arm, "assigned": one.assigned, "analysed": one.analysed, "left": one.left}
    return translate("trial.count", language, **facts)


def power_text(rows: Iterable[Power], language: Language) -> str:
    """Return a sentence or two on the power of each comparison."""
    lines = [translate("trial.power", language, **_power_facts(row, language)) for row in rows]
    return "\n".join(wrapped([*lines, translate("trial.assumed.trial_research", language)]))


def size_text(found: SampleSize, language: Language) -> str:
    """Return how many people are needed, and the power that they have."""
    target = number(100 * found.target, language)
    first = translate("trial.size", language, people=found.people, target=target, formula=found.formula)
    return "\n".join([*wrapped([first]), power_text(found.at, language)])


def _power_facts(row: Power, language: Language) -> dict[str, object]:
    digits = DIGITS[row.unit]
    return {
        "arm": row.arm,
        "reference": row.reference,
        "people": row.people,
        "trials": row.trials,
        "unit": translate(f"unit.{row.unit}", language),
        "effect": figure(row.without_luck, digits, language),
        **{name: number(100 * getattr(row, name), language, 1) for name in ("power", "low", "high")},
    }


def _notes(assumptions: Iterable[str], language: Language) -> list[str]:
    return [translate(f"trial.assumed.{code}", language) for code in assumptions]


def _provenance(found: TrialResult, language: Language) -> str:
    return translate("trial.provenance", language, **dict(found.provenance))


def _interval(value: float, low: float, high: float, language: Language, digits: int) -> str:
    facts = {"value": value, "low": low, "high": high}
    return translate("trial.interval", language, **{k: figure(v, digits, language) for k, v in facts.items()})


def _p(value: float, language: Language) -> str:
    sign = "<" if value < SMALLEST_P else "="
    return f"{sign} {figure(max(value, SMALLEST_P), 3, language)}"
