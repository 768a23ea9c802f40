"""Statements of an assessment, section by section: terminal and HTML both say these, so they cannot disagree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from magnes.estimate import Estimate
from magnes.intake import Unmatched
from magnes.knowledge.clinical import Condition
from magnes.knowledge.load import table
from magnes.need import limit_verdict
from magnes.person import ADULT_YEARS, Person
from magnes.report.build import Assessment
from magnes.report.wording import (
    Line,
    amount,
    at_least,
    authority_name,
    estimate_line,
    food_name,
    join,
    known_amount,
    share,
)
from magnes.status import WITH_LOW_SERUM, CutOff, LabStatus
from magnes.text import Language, catalogue, date, in_language, number, translate

__all__ = [
    "absorbed_lines",
    "days_lines",
    "gap_lines",
    "intake_rows",
    "lab_alone",
    "lab_cut_off",
    "lab_value",
    "limit_lines",
    "need_lines",
    "person_rows",
]


def person_rows(person: Person, language: Language) -> list[tuple[str, str]]:
    """Facts that were given, label and value; what was not given is left out."""

    def of(text_id: str, **facts: object) -> str:
        return translate(f"person.{text_id}", language, **facts)

    def short(value: float) -> str:
        return number(value, language, 0 if value == int(value) else 1)

    state = [of(name) for name in ("pregnant", "lactating") if getattr(person, name)]
    state += [of("trimester", number=person.trimester)] if person.trimester else []
    known = {row.id: in_language(row, "name", language) for row in table(Condition)}
    rows = [(of("who"), join((of(_who(person)), of("years", number=short(person.age_years)), *state)))]
    sizes = [(person.weight_kg, "kg"), (person.height_cm, "cm")]
    rows.append((of("size"), join(f"{short(value)} {unit}" for value, unit in sizes if value is not None)))
    egfr = "egfr_computed" if person.egfr_from_creatinine else "egfr"
    if person.egfr_ml_min_1_73m2 is not None:
        rows.append((of("kidney"), of(egfr, number=short(person.egfr_ml_min_1_73m2))))
    if person.sport_hours_per_week is not None:
        rows.append((of("sport"), of("hours", number=short(person.sport_hours_per_week))))
    rows.append((of("conditions"), join(known.get(name, name) for name in person.conditions)))
    medicines = [(row.name, row.dose_mg, "", row.times) for row in person.medicines]
    supplements = [
        (row.salt or row.product, row.elemental_mg or row.compound_mg, "magnesium" if row.elemental_mg else "compound",
         row.times)
        for row in person.supplements
    ]  # fmt: skip
    for text_id, taken in (("medicines", medicines), ("supplements", supplements)):
        words = []
        for name, mg, what, times in taken:
            dose = f"{short(mg)} mg" if mg is not None else ""
            clock = of("at", times=join(time.strftime("%H:%M") for time in times)) if times else ""
            words.append(join((name, dose, of(what) if what else "", clock), " "))
        rows.append((of(text_id), join(words, "; ")))
    return [(label, value) for label, value in rows if value]


def _who(person: Person) -> str:
    if person.age_years < ADULT_YEARS:
        return "girl" if person.sex == "female" else "boy"
    return person.sex


def days_lines(found: Assessment, language: Language) -> list[Line]:
    """How many days count, which do not, which are missing."""
    days = found.intake.days
    if not days:
        return [Line(translate("days.no_diary", language))]
    spans = join(dict.fromkeys((date(days[0].date, language), date(days[-1].date, language))), " – ")
    lines = [Line(translate("days.complete", language, count=found.intake.n_days, span=spans))]
    for day in days:
        if not day.complete:
            text = translate(
                "days.incomplete", language, date=date(day.date, language), amount=amount(day.magnesium, language)
            )
            lines.append(estimate_line(day.magnesium, language, text))
    if found.intake.missing_dates:
        dates = join(date(day, language) for day in found.intake.missing_dates)
        lines.append(Line(translate("days.missing", language, dates=dates)))
    return lines


def intake_rows(found: Assessment, language: Language) -> list[tuple[str, Line]]:
    """Magnesium per day by kind of source; unknown is said, never shown as zero."""
    eaten, person = found.intake, found.person
    food = estimate_line(eaten.food, language) if eaten.food else Line(translate("intake.unknown", language))
    untimed = [supplement.product or supplement.salt for supplement in person.supplements if not supplement.times]
    unknown = [medicine.name for medicine in person.medicines if medicine.name in eaten.amount_unknown]
    known = person.supplements_known
    return [
        (translate("intake.food", language), food),
        (translate("intake.supplements", language), _products(eaten.supplements, untimed, language, known=known)),
        (translate("intake.medicines", language), _products(eaten.medicines, unknown, language, known=known)),
    ]


def _products(total: Estimate | None, unknown: Sequence[str], language: Language, *, known: bool) -> Line:
    """Amount of one kind of product: exact, a lower bound, or not known at all."""
    if total is None:
        return Line(translate("intake.amount_unknown" if unknown else "intake.unknown", language))
    least = bool(unknown) or not known
    return estimate_line(total, language, at_least(amount(total, language), language, unknown=least))


def need_lines(found: Assessment, language: Language) -> list[Line]:
    """Return reference values and what the intake says about them, by the rule of each kind of value."""
    need, lines = found.need, []
    body = authority_name(need.authority, language)
    for kind, value in (("EAR", need.ear), (need.recommended_kind, need.recommended)):
        if value:
            text = translate(
                "need.reference", language, kind=translate(f"kind.{kind}", language), authority=body,
                amount=amount(value, language),
            )  # fmt: skip
            lines.append(estimate_line(value, language, text))
    if need.usual:
        usual = at_least(amount(need.usual, language), language, unknown=found.intake.at_least)
        text = translate("need.usual", language, amount=usual, days=need.n_days)
        lines.append(estimate_line(need.usual, language, text))
    if need.probability:
        chance = at_least(share(need.probability, language), language, unknown=found.intake.at_least)
        text = translate(f"need.probability_{need.rule}", language, share=chance)
        lines.append(estimate_line(need.probability, language, text))
        if need.probability_food:
            text = translate("need.probability_food", language, share=share(need.probability_food, language))
            lines.append(estimate_line(need.probability_food, language, text))
    elif need.rule == "ai":
        lines.append(Line(translate("need.ai_meaning", language)))
    if need.rule == "ear" and need.probability:
        enough = need.days_needed is not None and need.days_needed <= need.n_days
        text_id = "need.days_many" if need.days_needed is None else "need.days_enough" if enough else "need.days_needed"
        lines.append(Line(translate(text_id, language, days=need.days_needed)))
    return [*lines, *_notes(need.notes, language)]


def limit_lines(found: Assessment, language: Language) -> list[Line]:
    """Supplements and medicines beside the limit; food has no place here."""
    check, lines = found.limit, []
    taken = known_amount(check.amount, language, lower_bound=check.at_least)
    text = translate("limit.amount", language, amount=taken)
    if check.limit:
        reference = translate(
            "limit.reference", language, kind=translate(f"kind.{check.kind}", language),
            authority=authority_name(check.authority, language), amount=amount(check.limit, language),
        )  # fmt: skip
        lines.append(estimate_line(check.limit, language, reference))
        text += f" {translate(f'limit.{limit_verdict(check, found.intake)}', language)}"
    lines.append(estimate_line(check.amount, language, text))
    return [*lines, *_notes(check.notes, language)]


def absorbed_lines(found: Assessment, language: Language) -> list[Line]:
    """Return what of it is absorbed, and how sure that is."""
    part, least, lines = found.absorbed, found.intake.at_least, []
    if part.per_day:
        words = at_least(amount(part.per_day, language), language, unknown=least)
        text = translate("absorbed.amount", language, amount=words)
        if part.fraction:
            text = translate("absorbed.total", language, amount=words, share=share(part.fraction, language))
        lines.append(estimate_line(part.per_day, language, text))
    if part.from_supplements:
        words = at_least(amount(part.from_supplements, language), language, unknown=least)
        text = translate("absorbed.from_supplements", language, amount=words)
        lines.append(estimate_line(part.from_supplements, language, text))
    whole = part.per_day or part.from_supplements
    if not lines:
        no_day = bool(found.intake.days)
        lines.append(Line(translate("absorbed.no_complete_day" if no_day else "absorbed.none", language)))
    elif whole and whole.low > 0:
        lines.append(Line(translate("absorbed.sure", language, ratio=number(whole.high / whole.low, language, 1))))
    return [*lines, *_notes(part.notes, language)]


# of the units of the tests, and of those that a reader may prefer
LAB_DECIMALS = {"mmol/L": 2, "mmol/(24.h)": 2, "%": 1, "g/L": 1, "mg/dL": 2, "mg/(24.h)": 1}
SMALL_LAB_VALUE = 0.1


def lab_value(found: Assessment, index: int, language: Language) -> str:
    """Return one laboratory value in the unit of its test with its date, and as reported in another unit."""
    lab, given = found.status.labs[index], found.person.labs[index]
    decimals = LAB_DECIMALS[lab.value.unit]
    value = f"{number(lab.value.value, language, decimals)} {translate(f'unit.{lab.value.unit}', language)}"
    if given.value != lab.value.value:
        digits = 3 if given.value < SMALL_LAB_VALUE else 2
        reported = number(given.value, language, 0 if given.value == int(given.value) else digits)
        unit = "" if given.unit == "1" else given.unit  # the UCUM sign of a share means nothing to a reader
        value += f" ({translate('lab.reported', language, value=reported, unit=unit).strip()})"
    when = f", {date(lab.date, language)}" if lab.date else ""
    dose = given.load_mg
    load = f", {translate('lab.after_load', language, dose=number(dose, language))}" if dose else ""
    return f"{translate(f'lab.{lab.test}', language)}: {value}{load}{when}"


def lab_alone(lab: LabStatus, language: Language) -> str:
    """Why a laboratory value stands beside no cut-off."""
    name = "only_with_low_serum" if lab.test in WITH_LOW_SERUM else "no_cut_off"
    return translate(f"lab.{name}", language)


def lab_cut_off(cut: CutOff, language: Language) -> tuple[Line, str]:
    """On which side of one cut-off the value lies, and what kind of cut-off it is."""
    value = number(cut.cut_off.value, language, 2)
    text = translate(f"lab.{cut.side}_{'crossed' if cut.crossed else 'kept'}", language, value=value)
    return estimate_line(cut.cut_off, language, text), in_language(cut, "role", language)


def gap_lines(found: Assessment, language: Language) -> list[Line]:
    """Everything that could not be matched, known or computed."""
    eaten = found.intake
    lines = [] if found.person.supplements_known else [Line(translate("gap.not_asked", language))]
    lines += _unmatched(eaten.unmatched, language)
    lines += [Line(translate("gap.amount_unknown", language, name=name)) for name in eaten.amount_unknown]
    unknown = [food_name(row, language) for row in eaten.contributions if row.kitchen == "unknown"]
    if unknown:
        lines.append(Line(translate("gap.kitchen", language, names=join(unknown))))
    return [*lines, Line(translate(f"gap.stores_{found.status.stores}", language))]


def _unmatched(rows: Iterable[Unmatched], language: Language) -> list[Line]:
    """One line per reason; the same words on several lines of the diary stand there once."""
    reasons: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        reasons[row.code][row.found].append(str(row.line or "?"))
    lines = []
    for code, names in reasons.items():
        reason = catalogue(language).get(f"unmatched.{code}") or translate("unmatched.other", language)
        places = [
            translate("gap.several_lines" if len(where) > 1 else "gap.line", language, line=join(where), found=name)
            for name, where in names.items()
        ]
        lines.append(Line(translate("gap.unmatched", language, reason=reason, lines=join(places, "; "))))
    return lines


def _notes(codes: Sequence[str], language: Language) -> list[Line]:
    return [Line(translate(f"note.{code}", language)) for code in codes]
