"""One indication: what the pages said, what trials found, for whom it holds, and what the law allows to say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from magnes.advice.evidence import Applicability, eu_claims
from magnes.computed import supplement_limit
from magnes.estimate import merge_sources
from magnes.knowledge.indications import Effect, Indication
from magnes.person import ADULT_YEARS
from magnes.report.answers.claims import claims_list
from magnes.report.answers.forest import dot_line, effect_words
from magnes.report.answers.paragraphs import GAP, Drawn, Heading, Piece, Plain, Said, See, cited, liner
from magnes.report.wording import marked
from magnes.statements import statement
from magnes.text import Language, date, in_language, number, translate

__all__ = ["evidence_in_full", "evidence_in_short", "studied"]

DAYS_PER_WEEK = 7


def evidence_in_full(
    row: Indication, language: Language, holds: Applicability | None = None, limit_mg: float | None = None
) -> Iterator[Piece]:
    """Return everything on one indication; ``holds`` says whether it goes for the person who asks.

    ``limit_mg``: the person's limit for supplements, else that of the EU for adults. With a stop, neither a dose nor
    what could be done is told.
    """
    line = liner(language)
    yield Heading(in_language(row, "name", language), row.id)
    stopped = holds is not None and "safety_stop" in holds.reasons
    if holds is not None:
        yield line("for_you", _holds(holds, language))
    yield line("page_claim", in_language(row, "page_claim", language))
    yield line("conclusion", _without_doses(row, language) if stopped else in_language(row, "conclusion", language))
    basis = translate(f"certainty_basis.{row.certainty_basis}", language)
    yield line("certainty", f"{translate(f'certainty.{row.certainty}', language)} ({basis})")
    yield line("outcome", translate(f"outcome.{row.effect}", language))
    if not stopped:
        yield line("means", translate(f"evidence_advice.{row.advice}", language))
    yield line("route", translate(f"route.{row.route}", language))
    if not stopped:
        yield line("dose", _dose(row, language, limit_mg))
    yield line("applies", in_language(row, "applies", language))
    for place, effect in enumerate(row.effects):
        yield GAP
        yield from _effect(effect, language, translate("answer.found", language) if place == 0 else "")
    claims = eu_claims(row)
    if claims:
        yield GAP
    for claim in claims:
        text = f"“{in_language(claim, 'text', language)}” {in_language(claim, 'condition', language)}"
        yield line("eu_claim", marked(text, language, verified=claim.verified))
    if row.statements:
        yield GAP
        yield Plain(translate("answer.pages_say", language))
        yield from claims_list(map(statement, row.statements), language, with_conflicts=False)
    yield GAP
    keys = merge_sources([row.sources, *(effect.sources for effect in row.effects)])
    verified = row.verified and all(effect.verified for effect in row.effects)
    yield cited(keys, language, verified=verified)
    yield line("searched", date(row.searched, language))


def evidence_in_short(row: Indication, language: Language) -> Iterator[Piece]:
    """Return the conclusion on one indication, how sure it is, and where the rest stands."""
    name = in_language(row, "name", language)
    yield Heading(name, row.id)
    line = liner(language)
    yield line("conclusion", in_language(row, "conclusion", language))
    yield line("certainty", translate(f"certainty.{row.certainty}", language))
    yield See(row.id, name, translate("answer.more_evidence", language, name=name))
    yield cited(row.sources, language, verified=row.verified)


def _effect(effect: Effect, language: Language, name: str) -> Iterator[Piece]:
    text = f"{in_language(effect, 'outcome', language)}: {effect_words(effect, language)}"
    yield Said(name, marked(text, language, verified=effect.verified))
    picture = dot_line(effect, language)
    if picture:
        yield Drawn(picture)
    if effect.control_per_1000 is not None and effect.treated_per_1000 is not None:
        without, with_ = (number(part, language) for part in (effect.control_per_1000, effect.treated_per_1000))
        yield Said("", translate("answer.per_1000", language, without=without, with_=with_))
    yield Said("", studied(effect, language))


def studied(effect: Effect, language: Language) -> str:
    """Trials, people, dose, duration and baseline of one effect."""
    parts = []
    if effect.trials is not None:
        parts.append(
            translate("answer.one_trial" if effect.trials == 1 else "answer.trials_n", language, n=effect.trials)
        )
    if effect.participants is not None:
        parts.append(translate("answer.people_n", language, n=effect.participants))
    if effect.design:
        parts.append(translate(f"design.{effect.design}", language))
    if effect.dose_mg is not None:
        parts.append(f"{number(effect.dose_mg, language)} {translate('unit.mg/d', language)}")
    if effect.duration_days is not None:
        parts.append(_duration(effect.duration_days, effect.duration_days, language))
    baseline = in_language(effect, "baseline", language)
    return ", ".join([*parts, *([baseline] if baseline else [])])


def _dose(row: Indication, language: Language, limit_mg: float | None) -> str:
    """Doses and durations of the trials; a dose above the limit says so, and is never advice."""
    if row.dose_low_mg is None and row.dose_high_mg is None:
        return ""
    ends = [value for value in (row.dose_low_mg, row.dose_high_mg) if value is not None]
    text = f"{_range(ends[0], ends[-1], language)} {translate('unit.mg/d', language)}"
    if row.duration_days_low is not None:
        text += ", " + _duration(row.duration_days_low, row.duration_days_high or row.duration_days_low, language)
    text += ". " + translate("answer.studied_not_advised", language)
    bound = supplement_limit("efsa-2015", str(ADULT_YEARS)).value if limit_mg is None else limit_mg
    if ends[-1] <= bound or row.route == "diet":
        return text
    text_id = "answer.above_limit" if ends[0] > bound else "answer.partly_above_limit"
    return text + " " + translate(text_id, language, limit=number(bound, language))


def _without_doses(row: Indication, language: Language) -> str:
    """Return the conclusion without its sentences on doses, for somebody who must not take any."""
    sentences = re.split(r"(?<=[.])\s+", in_language(row, "conclusion", language))
    kept = [sentence for sentence in sentences if not re.search(r"\d\s*mg\b", sentence)]
    return " ".join([*kept, translate("answer.without_doctor_none", language)])


def _range(low: float, high: float, language: Language) -> str:
    first, last = number(low, language), number(high, language)
    return first if first == last else translate("answer.range", language, low=first, high=last)


def _duration(low: float, high: float, language: Language) -> str:
    whole_weeks = low % DAYS_PER_WEEK == 0 and high % DAYS_PER_WEEK == 0
    unit = "weeks" if whole_weeks else "days"
    factor = DAYS_PER_WEEK if whole_weeks else 1
    return translate(f"answer.{unit}", language, n=_range(low / factor, high / factor, language))


def _holds(found: Applicability, language: Language) -> str:
    reasons = "; ".join(translate(f"reason.{reason}", language) for reason in found.reasons)
    return translate(f"holds.{found.holds}", language) + (f": {reasons}" if reasons else "")
