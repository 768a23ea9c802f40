"""Amounts in mg or in mmol, as the reader prefers: shown so, never stored so."""

from __future__ import annotations

from typing import Literal, NamedTuple

from magnes.estimate import Estimate
from magnes.person import LabResult
from magnes.report.build import Assessment
from magnes.status import LabStatus
from magnes.units import MAGNESIUM_G_PER_MOL, lab_value

__all__ = ["Units", "in_units"]

Units = Literal["", "mg", "mmol"]


class _Shown(NamedTuple):
    unit: str
    factor: float


IN_MG = {
    "mmol/L": _Shown(unit="mg/dL", factor=1 / lab_value(1.0, "mg/dL", "mmol/L")),
    "mmol/(24.h)": _Shown(unit="mg/(24.h)", factor=1 / lab_value(1.0, "mg/(24.h)", "mmol/(24.h)")),
}
IN_MMOL = {"mg/d": _Shown(unit="mmol/d", factor=1 / MAGNESIUM_G_PER_MOL)}
SHARE = 1e-9  # by which a value may differ after there and back


def in_units(found: Assessment, units: Units) -> Assessment:
    """Return the assessment with laboratory values in mg, or limit and absorption in mmol; blank: as it is.

    Findings keep the units of the tables that they cite.
    """
    if units == "mg":
        labs = tuple(map(_lab, found.status.labs, found.person.labs))
        return found.model_copy(update={"status": found.status.model_copy(update={"labs": labs})})
    if units == "mmol":
        limit = {name: _in(getattr(found.limit, name), IN_MMOL) for name in ("limit", "amount")}
        absorbed = {name: _in(getattr(found.absorbed, name), IN_MMOL) for name in ("per_day", "from_supplements")}
        return found.model_copy(
            update={
                "limit": found.limit.model_copy(update=limit),
                "absorbed": found.absorbed.model_copy(update=absorbed),
            }
        )
    return found


def _in(value: Estimate | None, shown: dict[str, _Shown]) -> Estimate | None:
    if value is None or value.unit not in shown:
        return value
    unit, factor = shown[value.unit]
    return value.times(factor).model_copy(update={"unit": unit})


def _lab(lab: LabStatus, given: LabResult) -> LabStatus:
    value = _in(lab.value, IN_MG) or lab.value
    if abs(value.value - given.value) <= SHARE * given.value:  # reported in this very unit: as reported
        value = Estimate.exact(given.value, value.unit, value.sources, verified=value.verified)
    cut_offs = tuple(cut.model_copy(update={"cut_off": _in(cut.cut_off, IN_MG)}) for cut in lab.cut_offs)
    return lab.model_copy(update={"value": value, "cut_offs": cut_offs})
