"""How a person stands, in words and as tables: a risk indication, never a diagnosis."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from magnes.estimate import Estimate
from magnes.fit.standing import ADEQUATE_FROM, Chances, DatumFit, Standing
from magnes.report.course import caveats
from magnes.report.tables import Table
from magnes.report.wording import Line, amount, chance_percent, estimate_line, percent
from magnes.status import lab_reference
from magnes.text import Language, date, number, translate

__all__ = [
    "BANDS",
    "amount_lines",
    "chance_text",
    "cut_off_lines",
    "cut_off_text",
    "data_rows",
    "digits_of",
    "note_lines",
    "open_lines",
    "serum_lines",
    "serum_text",
    "standing_rows",
    "standing_text",
]

BANDS = ("low", "marginal", "adequate", "high")
WIDTH = 110
HELPS = 0.05  # of an interval: a measurement that narrows it by less is not worth a tube
FEW_DRAWS = 100  # fewer independent bodies than this make the chances rough


def standing_text(found: Standing, language: Language) -> str:
    """Return everything that is known for a terminal."""
    blocks = [
        [translate("standing.title", language)],
        _told(serum_lines(found, language)),
        [*standing_rows(found, language).text(), "", *_told(cut_off_lines(found, language))] if found.chances else [],
        _told(amount_lines(found, language)),
        data_rows(found, language).text() if found.data else [],
        _told(open_lines(found, language)),
        _told([*note_lines(found, language), Line(translate("cli.sources", language, keys=", ".join(found.sources)))]),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def standing_rows(found: Standing, language: Language) -> Table:
    """Return the chances by cut-off; a band that a cut-off does not leave room for has a dash."""
    header = ["", *(translate(f"standing.{band}", language) for band in BANDS)]
    rows = []
    for row in found.chances:
        first = Line(cut_off_text(row, language), row.cut_off.sources, row.cut_off.verified)
        cells = [chance_text(row, band, language) or "–" for band in BANDS]
        rows.append((first, *(Line(cell, found.sources, verified=False) for cell in cells)))
    return Table(translate("standing.chances", language), tuple(header), tuple(rows))


def cut_off_text(row: Chances, language: Language) -> str:
    """Name of a cut-off: what it calls low."""
    return translate("standing.low_is", language, cut_off=number(row.cut_off.value, language, 2))


def chance_text(row: Chances, band: str, language: Language) -> str:
    """Chance of a band in whole percent, never a certain 0 or 100; blank when the cut-off leaves no such band."""
    if band == "marginal" and row.cut_off.value >= adequate_from():
        return ""
    return f"{chance_percent(getattr(row, band), language)} %"


def adequate_from() -> float:
    """Level from which serum is adequate [mmol/L]."""
    return lab_reference(ADEQUATE_FROM).si_low or 0.0


def data_rows(found: Standing, language: Language) -> Table:
    """Return each laboratory value beside what people of this kind have and what was fitted."""
    header = ("", *(translate(f"standing.column.{name}", language) for name in ("measured", "expected", "fitted")))
    rows = []
    for row in found.data:
        fitted = _figures(row.fitted, language) if row.fitted else "–"
        cells = (_figures(row.measured, language), _figures(row.expected, language), fitted)
        estimates = (row.measured, row.expected, row.fitted)
        lines = [
            Line(cell, each.sources if each else (), each is None or each.verified)
            for cell, each in zip(cells, estimates, strict=True)
        ]
        rows.append((Line(_test_name(row, language)), *lines))
    return Table(translate("standing.data", language), header, tuple(rows))


def serum_text(found: Standing, language: Language) -> str:
    """Usual serum with its 90 % interval."""
    serum = found.serum
    value, low, high = (number(part, language, 2) for part in (serum.value, serum.low, serum.high))
    name = "standing.serum_at_albumin" if found.at_normal_albumin else "standing.serum"
    return translate(name, language, value=value, low=low, high=high)


def digits_of(value: float) -> int:
    """Decimals that a laboratory value needs."""
    return 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0


def _basis(found: Standing, language: Language) -> str:
    said = translate(f"standing.basis.{found.basis}", language)
    if found.contradicts is None:
        return said
    row = found.data[found.contradicts]
    odd = translate(
        "standing.odd_high" if row.surprise > 0 else "standing.odd_low",
        language,
        test=_test_name(row, language),
        measured=_figures(row.measured, language, bare=True),
        expected=_figures(row.expected, language),
        far=number(abs(row.surprise), language, 1),
        unlikely=_one_in(found.bound, language),
    )
    return f"{said} {odd}"


def serum_lines(found: Standing, language: Language) -> list[Line]:
    """Return what the answer rests on and, unless the values contradict it, usual serum."""
    serum = Line(serum_text(found, language), found.serum.sources, found.serum.verified)
    odd = () if found.contradicts is None else found.data[found.contradicts].expected.sources
    return [Line(_basis(found, language), odd), *([] if found.basis == "contradicted" else [serum])]


def cut_off_lines(found: Standing, language: Language) -> list[Line]:
    """Return what the bands of the chances mean; nothing without chances."""
    if not found.chances:
        return []
    high = number(found.chances[0].high_from.value, language, 2)
    adequate = number(adequate_from(), language, 2)
    bands = translate("standing.bands", language, adequate=adequate, high=high)
    return [Line(f"{bands} {translate('standing.cut_off_decides', language)}")]


def amount_lines(found: Standing, language: Language) -> list[Line]:
    """Return what is absorbed and what leaves in urine, where that is known."""
    rows = {"absorbed": found.absorbed, "urine": found.urine}
    lines = [
        estimate_line(row, language, f"{translate(f'standing.{name}', language)}: {amount(row, language)}.")
        for name, row in rows.items()
        if row
    ]
    return [*lines, Line(translate("standing.two_ways", language))] if lines else []


def open_lines(found: Standing, language: Language) -> list[Line]:
    """Return what one more measurement would tell, and what is still open of this person."""
    return [Line(text, found.sources) for text in (*_next(found, language), *_open(found, language))]


def _next(found: Standing, language: Language) -> list[str]:
    if not found.next_measurements:
        return []
    best = max(found.next_measurements, key=lambda row: row.narrower)
    if best.narrower < HELPS:
        return [translate("standing.no_next", language, part=number(100 * HELPS, language))]
    name = translate(f"lab.{best.test}", language)
    again = any(row.test == best.test for row in found.data)
    text_id = "standing.next_again" if again else "standing.next"
    return [translate(text_id, language, test=_lower(name), part=percent(best.narrower, language))]


def _open(found: Standing, language: Language) -> list[str]:
    """Return what the values leave open of this person, most open first."""
    if found.basis != "fitted":
        return []
    ordered = sorted(found.shrinkage.items(), key=lambda item: -item[1])
    parts = [f"{translate(f'open.{name.split()[-1]}', language)} {percent(left, language)} %" for name, left in ordered]
    return [translate("standing.open", language, what="; ".join(parts))]


def note_lines(found: Standing, language: Language) -> list[Line]:
    """Return what must be known beside the chances."""
    notes = [translate("standing.draws", language, draws=found.draws)] if found.basis != "measured_alone" else []
    if found.effective_draws < FEW_DRAWS:
        notes.append(translate("standing.few_draws", language, draws=number(found.effective_draws, language)))
    notes += caveats(found.flags, found.assumed, language)
    return [Line(note) for note in notes]


def _test_name(row: DatumFit, language: Language) -> str:
    name = translate(f"lab.{row.test}", language)
    name = f"{name} ({translate(f'unit.{row.measured.unit}', language)})"
    return f"{name}, {date(row.date, language)}" if row.date else name


def _figures(estimate: Estimate, language: Language, *, bare: bool = False) -> str:
    digits = digits_of(estimate.value)
    value, low, high = (number(part, language, digits) for part in (estimate.value, estimate.low, estimate.high))
    return value if bare else translate("course.band", language, value=value, low=low, high=high)


def _one_in(chance: float, language: Language) -> str:
    return number(1 / chance, language)


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


def _told(lines: Iterable[Line]) -> list[str]:
    return [row for line in lines for row in textwrap.wrap(line.text, WIDTH, break_on_hyphens=False)]
