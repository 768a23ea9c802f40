"""Products side by side in words: cells of the order, what must be known beside them, and what is not in the order."""

from __future__ import annotations

from collections.abc import Iterable

from magnes.estimate import Estimate
from magnes.ranking import PART_MG, Ranked, Ranking, Unranked
from magnes.report.wording import authority_name, figures, join, printable
from magnes.text import Language, number, translate

__all__ = ["laxative_risk", "not_ranked", "product_cells", "product_header", "product_remarks"]

HEADER = ("place", "product", "elemental", "absorbed", "price_per_day", "price_per_part", "price_per_elemental")


def product_header(language: Language) -> tuple[str, ...]:
    """Names of the columns."""
    return tuple(translate(f"product.header_{name}", language, part=PART_MG) for name in HEADER)


def product_cells(item: Ranked, language: Language) -> tuple[str, ...]:
    """One line of the order."""
    return (
        str(item.place),
        printable(item.product),
        figures(item.elemental, language),
        figures(item.absorbed, language),
        number(item.price_per_day.value, language, 2),
        _euros(item.price_per_100_mg, language),
        _euros(item.price_per_100_mg_elemental, language),
    )


def _euros(price: Estimate, language: Language) -> str:
    value, low, high = (number(part, language, 2) for part in (price.value, price.low, price.high))
    return f"{value} ({low}–{high})"


def product_remarks(item: Ranked, ranking: Ranking, language: Language) -> Iterable[str]:
    """Say what a person must know beside the numbers: how the label was read, limit, bowels, what does not differ."""
    yield translate(f"product.read_{item.label_reason}", language)
    if item.daily_dose_assumed:
        yield translate("product.daily_dose_assumed", language)
    if item.limit in ("exceeded", "possible") and ranking.limit:
        limit, body = number(ranking.limit.value, language), authority_name(ranking.authority, language)
        yield translate(f"product.limit_{item.limit}", language, limit=limit, authority=body)
    yield laxative_risk(item.laxative_risk, language)
    if item.same_as:
        yield translate("product.same_as", language, places=join(map(str, item.same_as)))


def laxative_risk(risk: str, language: Language) -> str:
    """Return what a salt does to the bowels, by the word of the salt table."""
    return translate(
        "product.tolerance", language, risk=translate(f"product.laxative_{risk.replace(' ', '-')}", language)
    )


def not_ranked(item: Unranked, language: Language) -> str:
    """Return what is not in the order, and why."""
    reason = translate(f"product.reason_{item.reason}", language)
    return translate(
        "product.not_ranked_line",
        language,
        line=item.line,
        product=printable(item.product),
        label=printable(item.label),
        reason=reason,
    )
