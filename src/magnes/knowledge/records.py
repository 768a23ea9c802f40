"""Records of sources, food, salts, reference values and laboratory. Columns of a table are the fields of its record."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import Field

from magnes.estimate import Record
from magnes.knowledge.fields import Flag, Keys, Number, Positive
from magnes.units import lab_value


class Source(Record):
    """A publication, table or label. ``seen`` tells whether its text was read; ``title`` as it stood there."""

    key: str
    citation: str
    title: str = ""
    pmid: str = ""
    doi: str = ""
    url: str = ""
    licence: str
    seen: Flag


class Food(Record):
    """A food of one table, per 100 g edible portion; ``None`` is "not available"."""

    code: str
    name: str
    group: str = ""
    energy_kcal: Positive | None = None
    water_g: Positive | None = None
    fibre_g: Positive | None = None
    calcium_mg: Positive | None = None
    phosphorus_mg: Positive | None = None
    potassium_mg: Positive | None = None
    magnesium_mg: Positive | None = None
    mg_n: Positive | None = None
    mg_se: Positive | None = None
    mg_min: Positive | None = None
    mg_max: Positive | None = None
    flag: str = ""
    common: int = 0


class Basic(Record):
    """An everyday food: its best entry, the same food in other tables, its cooked twin and binders."""

    id: str
    name_nl: str
    name_en: str
    group: str
    food: str
    also: Keys = ()
    cooked: str = ""
    retention: str = ""
    phytate: Flag
    oxalate: Flag
    density_g_per_ml: Positive | None = None
    common: int = 3


class Measure(Record):
    """A household measure, for one basic, one group or (both blank) any liquid."""

    measure_nl: str
    measure_en: str
    basic: str = ""
    group: str = ""
    grams: Annotated[float, Field(gt=0)]
    source: str
    verified: Flag


class Water(Record):
    """A mineral water as labelled or tabulated."""

    code: str = ""
    brand: str
    name: str
    kind: str = ""
    magnesium_mg_per_l: Positive | None = None
    calcium_mg_per_l: Positive | None = None
    sodium_mg_per_l: Positive | None = None
    sources: Keys
    verified: Flag


class Spread(Record):
    """Typical relative SD of the magnesium content, by table and food group."""

    table: str
    group: str = ""
    n_foods: int
    cv: Positive


class Retention(Record):
    """Share of magnesium kept by a food class in one way of cooking, with the evidence for and against."""

    retention: str
    preparation: str
    retained: Positive
    low: Positive
    high: Positive
    sources: Keys
    verified: Flag
    note_nl: str = ""
    note_en: str = ""


class Salt(Record):
    """A magnesium compound or delivery form."""

    id: str
    family: str
    default_of_family: Flag = False
    name_nl: str
    name_en: str
    names: Keys = ()
    formula: str = ""
    molar_mass_g_per_mol: Positive | None = None
    magnesium_mass_fraction: Positive | None = None
    class_: Annotated[str, Field(alias="class")] = ""
    hydration: str = ""
    laxative_risk: str = ""
    laxative_nl: str = ""
    laxative_en: str = ""
    solubility_nl: str = ""
    solubility_en: str = ""
    bioavailability_nl: str = ""
    bioavailability_en: str = ""
    absorbed_low_percent: Positive | None = None
    absorbed_high_percent: Positive | None = None
    bioavailability_sources: Keys = ()
    bioavailability_verified: Flag
    soluble_fraction: Positive
    soluble_low: Positive
    soluble_high: Positive
    soluble_sources: Keys = ()
    soluble_verified: Flag
    soluble_seen: str = ""
    note_nl: str = ""
    note_en: str = ""
    sources: Keys
    verified: Flag


class Authority(Record):
    """A body that publishes reference values, and whose supplement limit goes with it."""

    id: str
    table_name: str
    year: int
    name_nl: str
    name_en: str
    limit_authority: str
    note_nl: str = ""
    note_en: str = ""


class AgeBanded(Record):
    """What reference values and limits share: whose, for whom (ages half-open, in years), how much."""

    id: str
    authority: str
    year: int | None = None
    age_low_years: Positive
    age_high_years: Positive | None = None
    sex: Literal["any", "female", "male"]
    condition: str = ""
    mg_per_day: Positive
    mg_per_day_high: Positive | None = None
    note: str = ""
    sources: Keys
    verified: Flag


class ReferenceValue(AgeBanded):
    """A dietary reference value; ``until`` marks a superseded row."""

    kind: Literal["AI", "EAR", "RDA", "RNI", "LRNI", "label", "statement"]
    until: int | None = None


class Limit(AgeBanded):
    """A limit on magnesium from supplements, medicines and fortification; never on food."""

    kind: Literal["UL", "NOAEL", "LOAEL", "guidance", "legal", "statement"]
    scope: str = ""


class LabReference(Record):
    """A reference interval, cut-off or code of a laboratory quantity."""

    id: str
    analyte_nl: str
    analyte_en: str
    specimen: str = ""
    loinc: str = ""
    si_low: Positive | None = None
    si_high: Positive | None = None
    si_unit: str = ""
    role: str = ""
    role_nl: str = ""
    role_en: str = ""
    note_nl: str = ""
    note_en: str = ""
    sources: Keys
    verified: Flag


class LabTest(Record):
    """A laboratory test that a person may have: its unit, what can be, and how far a repeated value strays.

    ``quantity``: what the body model calls it. ``lowest`` to ``highest`` [``unit``] is possible at all; beyond
    ``usual_low`` to ``usual_high`` another unit is more likely when it gives a usual value. Coefficients of variation
    [%] with an interval: of the measurement, and of the body from day to day without the measurement.
    """

    id: str
    quantity: Literal["serum", "ionised", "red_cells", "urine", "fractional_excretion", "load_urine", "albumin"]
    unit: Literal["mmol/L", "mmol/(24.h)", "%", "g/L"]
    lowest: Positive
    usual_low: Positive
    usual_high: Positive
    highest: Positive
    sources: Keys
    verified: Flag
    analytical_cv: Positive
    analytical_low: Positive | None = None
    analytical_high: Positive | None = None
    analytical_sources: Keys
    analytical_verified: Flag
    within_person_cv: Positive
    within_person_low: Positive | None = None
    within_person_high: Positive | None = None
    within_person_sources: Keys
    within_person_verified: Flag
    note: str = ""

    @property
    def cv(self) -> float:
        """Relative SD (a fraction) of one value around the person's own mean: measurement and day together."""
        return math.hypot(self.analytical_cv, self.within_person_cv) / 100

    def in_unit(self, value: float, unit: str) -> float:
        """Return a reported value in ``unit`` of this test; ``KeyError`` for a unit that is not in use for it."""
        return lab_value(value, unit, self.unit)

    def possible(self, value: float) -> bool:
        """Whether a value [``unit``] can exist in a body."""
        return self.lowest <= value <= self.highest

    def usual(self, value: float) -> bool:
        """Whether a value [``unit``] is one that no other unit would explain better."""
        return self.usual_low <= value <= self.usual_high


class WithinPersonSd(Record):
    """Day-to-day SD of magnesium intake of a group [mg/d]."""

    sex: Literal["female", "male"]
    age_low_years: Positive
    age_high_years: Positive | None = None
    sd_mg: Positive
    basis: str
    sources: Keys
    verified: Flag


class Parameter(Record):
    """A parameter of a model, with unit and interval."""

    name: str
    value: Number
    low: Number
    high: Number
    unit: str
    sources: Keys
    verified: Flag
    note: str = ""
