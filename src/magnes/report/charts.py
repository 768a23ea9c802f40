"""The charts of an assessment: specification, the same in words, and the table that says the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from magnes.estimate import Estimate
from magnes.report.build import Assessment
from magnes.report.vega import NARROW, WIDE, Bar, Spec, bars_spec, to_svg
from magnes.report.wording import Line, amount, estimate_line, food_name, percent, remark, share
from magnes.text import Language, date, number, translate

__all__ = ["NARROW", "WIDE", "Chart", "absorption_chart", "charts", "intake_chart", "limit_chart", "to_svg"]

SHOWN_FOODS = 10
MOST_SITTINGS = 12

Row = tuple[Line, ...]


class Chart(NamedTuple):
    """A picture (``spec``), the same in words (``alternative``) and as a table (``header``, ``rows``)."""

    id: str
    spec: Spec
    title: str
    alternative: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]


def charts(found: Assessment, language: Language, width: int = WIDE) -> tuple[Chart, ...]:
    """Return the charts that this assessment has data for."""
    made = (make(found, language, width) for make in (intake_chart, limit_chart, absorption_chart))
    return tuple(chart for chart in made if chart)


def intake_chart(found: Assessment, language: Language, width: int = WIDE) -> Chart | None:
    """Each food and product, largest first, under the total and against the reference value."""
    rows = found.intake.contributions
    if not rows:
        return None
    bars = [Bar(food_name(row, language), row.kind, row.magnesium, remark(row, language)) for row in rows]
    total = found.need.usual
    whole = total.value if total else sum(bar.magnesium.value for bar in bars)
    rest = bars[SHOWN_FOODS:]
    shown = bars[:SHOWN_FOODS]
    if rest:
        label = translate("chart.rest", language, count=len(rest))
        shown.append(Bar(label, "rest", Estimate.total((bar.magnesium for bar in rest), "mg/d")))
    table = [_table_row(bar, whole, language) for bar in shown]
    if total:
        label = _sum_name("total", language, unknown=found.intake.at_least)
        shown.insert(0, Bar(label, "total", total))
        table.append(_table_row(shown[0], whole, language))
    need = found.need.ear or found.need.recommended
    kind = "EAR" if found.need.ear else found.need.recommended_kind
    mark = _reference_mark(need, kind, language, width)
    top = translate("chart.top", language, foods=_spoken(bars[:3], language))
    against = f" {mark[1]}." if mark else ""
    spoken = translate("chart.total_is", language, amount=amount(total, language)) if total else ""
    header = tuple(translate(f"table.{name}", language) for name in ("food", "per_day", "share", "remark"))
    return Chart(
        id="intake",
        spec=bars_spec(shown, mark, language, width),
        title=translate("chart.intake", language),
        alternative=f"{translate('chart.intake', language)}. {spoken} {top}{against}".replace("  ", " "),
        header=header,
        rows=tuple(table),
    )


def limit_chart(found: Assessment, language: Language, width: int = WIDE) -> Chart | None:
    """Supplements and medicines, one by one and together, against the limit; food is never in it."""
    products = [row for row in found.intake.contributions if row.kind in ("supplement", "medicine")]
    if not products:
        return None
    bars = [Bar(food_name(row, language), row.kind, row.magnesium, remark(row, language)) for row in products]
    taken = found.limit.amount
    total = Bar(_sum_name("together", language, unknown=found.limit.at_least), "total", taken)
    mark = _reference_mark(found.limit.limit, found.limit.kind, language, width)
    title = translate("chart.limit", language)
    spoken = translate("chart.total_is", language, amount=amount(taken, language))
    header = tuple(translate(f"table.{name}", language) for name in ("product", "per_day", "share", "remark"))
    return Chart(
        id="limit",
        spec=bars_spec([total, *bars], mark, language, width),
        title=title,
        alternative=f"{title}. {spoken}" + (f" {mark[1]}." if mark else ""),
        header=header,
        rows=tuple(_table_row(bar, taken.value, language) for bar in (*bars, total)),
    )


def absorption_chart(found: Assessment, language: Language, width: int = WIDE) -> Chart | None:
    """Per sitting what was offered and what of it is absorbed; a picture only while the bars can be told apart."""
    sittings = sorted(found.absorbed.sittings, key=lambda one: (str(one.date), one.label))
    if not sittings:
        return None
    several = len({sitting.date for sitting in sittings}) > 1
    bars, table = [], []
    for sitting in sittings:
        day = f"{date(sitting.date, language)} " if several and sitting.date else ""
        label = f"{day}{_sitting_name(sitting.label, language)}"
        offered = number(sitting.magnesium_mg, language, 1 if sitting.magnesium_mg < 10 else 0)
        note = translate("chart.of_offered", language, offered=offered)
        bars.append(Bar(label, "food", sitting.absorbed, note))
        cells = (Line(label), Line(f"{offered} mg"), estimate_line(sitting.absorbed, language))
        part = estimate_line(sitting.fraction, language, share(sitting.fraction, language))
        table.append((*cells, part))
    title = translate("chart.absorption", language)
    header = tuple(translate(f"table.{name}", language) for name in ("sitting", "offered", "absorbed", "share"))
    best = max(sittings, key=lambda one: one.fraction.value)
    least = min(sittings, key=lambda one: one.fraction.value)
    ends = {
        "best": percent(best.fraction.value, language),
        "best_mg": number(best.magnesium_mg, language),
        "least": percent(least.fraction.value, language),
        "least_mg": number(least.magnesium_mg, language),
    }
    spoken = translate("chart.absorption_range", language, **ends)
    offered_bars = [sitting.magnesium_mg for sitting in sittings]
    drawn = len(bars) <= MOST_SITTINGS
    spec = bars_spec(bars, None, language, width, behind=offered_bars) if drawn else {}
    return Chart("absorption", spec, title, f"{title}. {spoken}", header, tuple(table))


def _sitting_name(label: str, language: Language) -> str:
    """Return a clock time or meal as it was written; a third of a day without meals in words."""
    part, slash, whole = label.partition("/")
    if slash and part.isdigit() and whole.isdigit():
        return translate("chart.part_of_day", language, part=part, whole=whole)
    return label


def _sum_name(name: str, language: Language, *, unknown: bool) -> str:
    """Name of a bar that is a sum; a lower bound says so."""
    label = translate(f"chart.{name}", language)
    return translate("chart.at_least", language, label=label) if unknown else label


def _table_row(bar: Bar, whole: float, language: Language) -> Row:
    part = f"{percent(bar.magnesium.value / whole, language)}\N{NO-BREAK SPACE}%" if whole else "–"
    return (Line(bar.label), estimate_line(bar.magnesium, language), Line(part), Line(bar.note))


def _spoken(bars: Sequence[Bar], language: Language) -> str:
    return "; ".join(f"{bar.label} {amount(bar.magnesium, language)}" for bar in bars)


def _reference_mark(value: Estimate | None, kind: str, language: Language, width: int) -> tuple[Estimate, str] | None:
    """Return the value to draw a line at, with its name and amount; on a telephone the short name."""
    if value is None:
        return None
    name = kind if width <= NARROW and kind.isupper() else translate(f"kind.{kind}", language)
    return value, f"{name}: {amount(value, language)}"
