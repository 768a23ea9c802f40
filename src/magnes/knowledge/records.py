"""One record per kind of fact. Columns of the tables and fields of the records have the same names."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from magnes.estimate import Record


def _split(value: object) -> object:
    return tuple(filter(None, (part.strip() for part in value.split(";")))) if isinstance(value, str) else value


def _yes(value: object) -> object:
    return {"yes": True, "no": False, "": False, "n/a": False, "1": True, "0": False}.get(value, value)  # type: ignore[call-overload]


Keys = Annotated[tuple[str, ...], BeforeValidator(_split)]
Flag = Annotated[bool, BeforeValidator(_yes)]
Positive = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Source(Record):
    """A publication, table or label. ``seen`` tells whether its text was read."""

    key: str
    citation: str
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
    soluble_fraction: Positive
    soluble_low: Positive
    soluble_high: Positive
    soluble_sources: Keys = ()
    soluble_verified: Flag
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
    analyte: str
    specimen: str = ""
    loinc: str = ""
    si_low: Positive | None = None
    si_high: Positive | None = None
    si_unit: str = ""
    role: str = ""
    note: str = ""
    sources: Keys
    verified: Flag


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
    value: float
    low: float
    high: float
    unit: str
    sources: Keys
    verified: Flag
    note: str = ""


class Substance(Record):
    """A medicine's active substance. ``salt``: magnesium salt whose mass the dose states, or ``unknown``."""

    atc: str
    name_nl: str
    name_en: str
    names: Keys = ()
    salt: str = ""
    verified: Flag
    seen: str = ""


class Condition(Record):
    """A condition that a person may name."""

    id: str
    name_nl: str
    name_en: str
    names: Keys = ()


class Interaction(Record):
    """A medicine and magnesium. Blank hours mean unknown, never safe."""

    id: str
    substance_nl: str
    substance_en: str
    atc: Keys = ()
    atc_exclude: Keys = ()
    direction: Literal[
        "mg_lowers_medicine_absorption",
        "mg_raises_medicine_effect",
        "medicine_lowers_mg",
        "medicine_raises_mg",
        "lowers_mg_absorption",
        "low_mg_worsens_toxicity",
        "additive",
        "mixed",
        "none",
    ]
    severity: Literal["avoid", "major", "moderate", "minor", "none"]
    action_nl: str
    action_en: str
    effect_nl: str = ""
    effect_en: str = ""
    mechanism_nl: str = ""
    mechanism_en: str = ""
    hours_before_mg: Positive | None = None
    hours_after_mg: Positive | None = None
    hours_basis: str = ""
    egfr_below: Positive | None = None
    severity_low_egfr: Literal["", "major", "moderate"] = ""
    sources: Keys
    verified: Flag
    note: str = ""


class Contraindication(Record):
    """A reason not to take, or to limit, oral magnesium supplements."""

    id: str
    condition: str = ""
    criterion_code: str = ""
    egfr_low: Positive | None = None
    egfr_high: Positive | None = None
    age_low_years: Positive | None = None
    age_high_years: Positive | None = None
    serum_mg_high_mmol_per_l: Positive | None = None
    route: str = ""
    level: Literal["stop", "limit", "caution", "monitor", "none", "out-of-scope"]
    max_supplement_mg: Positive | None = None
    condition_nl: str
    condition_en: str
    rule_nl: str
    rule_en: str
    rationale_nl: str = ""
    rationale_en: str = ""
    design_choice: Flag
    sources: Keys
    verified: Flag
