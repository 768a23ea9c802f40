"""Words for one number, name or product; a ``Line`` keeps its sources and its mark with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from magnes.advice.finding import ORDER, Finding
from magnes.estimate import Estimate
from magnes.products import Contribution
from magnes.reference import authority
from magnes.text import Language, catalogue, in_language, number, translate

__all__ = [
    "Line",
    "amount",
    "at_least",
    "authority_name",
    "bounds",
    "chance_percent",
    "counted",
    "estimate_line",
    "figures",
    "food_name",
    "join",
    "known_amount",
    "marked",
    "percent",
    "printable",
    "read_as",
    "remark",
    "share",
    "source_citation",
]


class Line(NamedTuple):
    """One statement, the source keys behind it and whether those were all read."""

    text: str
    sources: tuple[str, ...] = ()
    verified: bool = True


def marked(text: str, language: Language, *, verified: bool) -> str:
    """Return the text, with the mark of what was not read; an empty text stays empty."""
    return text if verified or not text else f"{text} {translate('estimate.unverified', language)}"


def bounds(estimate: Estimate, language: Language) -> tuple[str, str, str]:
    """Value, low and high as words; more digits for small numbers, so that 0.65 does not become 1."""
    digits = 1 if 0 < estimate.value < 10 else 0
    value, low, high = (number(part, language, digits) for part in (estimate.value, estimate.low, estimate.high))
    return value, low, high


def figures(estimate: Estimate, language: Language) -> str:
    """Value and interval without a unit, where the unit stands beside them."""
    value, low, high = bounds(estimate, language)
    return value if low == value == high else f"{value} ({low}–{high})"


def printable(text: str) -> str:
    """Return text of a person without control characters: a label must not move the cursor or break a line."""
    return "".join(char if char.isprintable() or char == "\N{NO-BREAK SPACE}" else " " for char in text)


def amount(estimate: Estimate, language: Language) -> str:
    """Value, unit and interval."""
    value, low, high = bounds(estimate, language)
    text_id = "estimate.exact" if low == value == high else "estimate.interval"
    unit = translate(f"unit.{estimate.unit}", language)
    return translate(text_id, language, value=value, low=low, high=high, unit=unit)


def at_least(text: str, language: Language, *, unknown: bool) -> str:
    """Say "at least" before an amount when some product's part of it is unknown."""
    return translate("estimate.at_least", language, amount=text) if unknown else text


def known_amount(estimate: Estimate, language: Language, *, lower_bound: bool) -> str:
    """Amount in words; a lower bound of nothing is not known."""
    if lower_bound and not estimate.value:
        return translate("intake.unknown", language)
    return at_least(amount(estimate, language), language, unknown=lower_bound)


def share(estimate: Estimate, language: Language) -> str:
    """Share or probability in percent with interval; never rounded to a certain 0 or 100."""
    value, low, high = (percent(part, language) for part in (estimate.value, estimate.low, estimate.high))
    text_id = "percent.exact" if low == value == high else "percent.interval"
    return translate(text_id, language, value=value, low=low, high=high)


def percent(part: float, language: Language) -> str:
    """Whole percent as a word; ``<1`` and ``>99`` where rounding would claim certainty.

    >>> percent(0.997, "nl"), percent(0.262, "nl"), percent(0.0, "nl")
    ('>99', '26', '0')
    """
    rounded = round(100 * part)
    if part > 0 and rounded < 1:
        return "<1"
    if part < 1 and rounded > 99:
        return ">99"
    return number(rounded, language)


def chance_percent(chance: float, language: Language) -> str:
    """Whole percent of a chance; never 0 or 100, which nobody knows."""
    tiny = 1e-9
    return percent(min(max(chance, tiny), 1 - tiny), language)


def estimate_line(estimate: Estimate, language: Language, text: str | None = None) -> Line:
    """Return an estimate as a line; ``text`` goes instead of the bare amount."""
    return Line(text if text is not None else amount(estimate, language), estimate.sources, estimate.verified)


def join(parts: Iterable[str], separator: str = ", ") -> str:
    """Join what is not empty."""
    return separator.join(part for part in parts if part)


def authority_name(authority_id: str, language: Language) -> str:
    """Return the name of the body behind a reference value or a limit."""
    known = catalogue(language).get(f"limit_authority.{authority_id}")
    if known:
        return known
    row = authority(authority_id)
    return in_language(row, "name", language)


def source_citation(key: str, citation: str, language: Language) -> str:
    """Citation of a source; what the project itself stands for is said in the language of the page."""
    return catalogue(language).get(f"source.{key}", citation)


def food_name(row: Contribution, language: Language) -> str:
    """Name of a food or product; what is not food says so."""
    name = in_language(row, "name", language)
    return f"{translate(f'kind.{row.kind}', language)}: {name}" if row.kind in ("supplement", "medicine") else name


def counted(findings: Iterable[Finding], language: Language) -> str:
    """How many findings of each severity that asks for something, most serious first."""
    found = [finding.severity for finding in findings]
    words = [
        f"{found.count(severity)} × {translate(f'severity.{severity}', language).casefold()}"
        for severity in ORDER
        if severity in found and severity != "info"
    ]
    return join(words) or translate("findings.none_counted", language)


def read_as(row: Contribution, language: Language) -> str:
    """How the name of a food was read when it was misspelt, or may mean another food of about the same content."""
    typo = translate("kitchen.read_as", language, found=row.from_typo) if row.from_typo else ""
    *more, last = row.could_be or ("",)
    others = translate("kitchen.or", language, first=join(more), last=last) if more else last
    name = in_language(row, "name", language)
    close = translate("kitchen.could_be", language, name=name, others=others) if others else ""
    return join((typo, close), "; ")


def remark(row: Contribution, language: Language) -> str:
    """How the food was read and how cooking counted."""
    cooked = (row.preparation and row.preparation != "raw") or row.kitchen == "read-as-cooked"
    way = translate(f"preparation.{row.preparation}", language) if row.preparation else ""
    kitchen = translate(f"kitchen.{row.kitchen}", language) if row.kitchen and cooked else ""
    takings = translate("kitchen.takings", language, count=row.takings_per_day) if row.takings_per_day else ""
    return join((read_as(row, language), join((way, kitchen), ": "), takings), "; ")
