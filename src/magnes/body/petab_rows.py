"""What a fit of the body model sees: rows of ``model/targets.csv`` as observables of simulations; why others are not.

The numbers of a diet, a dose or a body come from ``experiments``; the formulas say once more what its functions read
off, in the words of the exported model. ``tests/body/test_petab.py`` holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from magnes.body.baseline import RED_CELLS_L, reference_values
from magnes.body.experiments import of_effects
from magnes.body.experiments.base import MG_PER_MMOL, REFERENCE_KG, Body
from magnes.body.experiments.depletion import FATEMI_DIET_MMOL, FATEMI_SERUM, STABLE_DAYS
from magnes.body.experiments.kidney import THRESHOLD_AT
from magnes.body.experiments.outside import OUTSIDE, POPULATION
from magnes.body.experiments.trials import OXIDE_SOLUBLE, with_supplement
from magnes.body.gut import Sittings
from magnes.body.petab_model import OWN, RENAMED
from magnes.knowledge.load import table
from magnes.knowledge.targets import Target

__all__ = ["SAID", "Said", "Setting", "calibration_rows", "settings", "why_not"]

FROM_PERSON = (  # parameters that differ between simulations, besides those of ``OWN``
    "serum_mmol_per_l",
    "gfr_l_per_day",
    "intake_mmol_per_day",
    "day_passive_mmol",
    "day_active_mmol",
    "day_half_strength",
)


@dataclass(frozen=True)
class Said:
    """A row as an observable: simulation, day, and formula in the names of the exported model."""

    setting: str
    day: float
    formula: str


@dataclass(frozen=True)
class Setting:
    """A simulation: what it is, the parameters it starts with, and what is done in it (names of ``OWN``)."""

    name: str
    p: Mapping[str, Any]
    done: Mapping[str, float]

    @property
    def overrides(self) -> dict[str, float]:
        """All parameters that differ between simulations, by their name in the exported model."""
        from_person = {RENAMED.get(name, name): float(self.p[name]) for name in FROM_PERSON}
        return from_person | {name: value for name, (value, _) in OWN.items()} | dict(self.done)


def settings() -> dict[str, Setting]:
    """Return the simulations: those of ``experiments`` whose rows an observable can say."""
    body = Body(reference_values())
    cohort = body.with_anchors(serum_mmol_per_l=FATEMI_SERUM)
    at_rest = body.p["baseline_ultrafilterable_mmol_per_l"]

    def supplemented(mg_per_day: float, times: int = 3, soluble: float = 1.0) -> dict[str, Any]:
        return body.eating(with_supplement(body, mg_per_day, times, soluble))

    return {
        "rest": Setting("the reference adult at rest", body.p, {}),
        "threshold": Setting(
            "ultrafilterable magnesium raised to the threshold of the kidney",
            body.p,
            {"start_relative": THRESHOLD_AT / at_rest},
        ),
        "three_weeks": Setting(
            "three weeks of a diet without magnesium",
            cohort.eating(Sittings.meals(FATEMI_DIET_MMOL)),
            {"urine_from_day": 4.0},
        ),
        "months": Setting("a year of a tube diet without magnesium", body.eating(Sittings.meals(0.3)), {}),
        "citrate_351": Setting("351 mg/d dissolved for 24 weeks", supplemented(351), {"urine_from_day": 167.0}),
        "citrate_450": Setting("450 mg/d dissolved for 24 weeks", supplemented(450), {"urine_from_day": 167.0}),
        "oxide_weeks": Setting("400 mg/d as oxide for 10 weeks", supplemented(400, 1, OXIDE_SOLUBLE), {}),
        "oxide_days": Setting(
            "10.5 mmol/d as oxide for 4 days",
            supplemented(10.5 * MG_PER_MMOL, 3, OXIDE_SOLUBLE),
            {"urine_from_day": 1.0},
        ),
    }


SOFT = "(labile + muscle + red_cells)"
BONE = "(bone_surface + bone_crystal)"
BONE_AT_REST = "(bone_surface_mmol + bone_crystal_mmol)"
BODY = f"({BONE} + {SOFT} + extracellular)"
BODY_AT_REST = (
    f"({BONE_AT_REST} + labile_mmol + muscle_mmol + red_cells_mmol"
    " + baseline_ultrafilterable_mmol_per_l * magnesium_volume_l)"
)
EXCHANGEABLE = "(extracellular + labile)"
RISE = "(serum_mmol_per_l - baseline_serum_mmol_per_l)"
FALL_OF_CALCIUM = "calcium_mmol_per_l - baseline_calcium_mmol_per_l"
IONISED_SHARE = "ultrafilterable_share * ionised_of_ultrafilterable"
KIDNEY_LEAVES = "ultrafilterable_mmol_per_l - escaped"
EXTRA_URINE = "urine - baseline_urine_mmol_per_day"


def _at(setting: str, day: float, **formulas: str) -> dict[str, Said]:
    return {key: Said(setting, day, formula) for key, formula in formulas.items()}


SAID: dict[str, Said] = {
    **_at(
        "rest",
        0.0,
        MG001=BODY,
        MG002=f"{BONE} / {BODY}",
        MG003=f"bone_surface / {BONE}",
        MG004=f"bone_surface / {BONE}",
        MG005=f"extracellular / {BODY}",
        MG006=f"baseline_serum_mmol_per_l * plasma_volume_l / {BODY}",
        MG007=f"muscle / {BODY}",
        MG008=f"{SOFT} / {BODY}",
        MG010=f"red_cells / {RED_CELLS_L}",
        MG011=f"red_cells / {RED_CELLS_L}",
        MG013="serum_mmol_per_l",
        MG022="ultrafilterable_share",
        MG023=IONISED_SHARE,
        MG024="1 - ultrafilterable_share",
        MG025="ultrafilterable_share * (1 - ionised_of_ultrafilterable)",
        MG028=f"{EXCHANGEABLE} / {REFERENCE_KG}",
        MG029=f"{EXCHANGEABLE} / {BODY}",
        MG030=f"labile / {EXCHANGEABLE}",
        MG031="0.6931 / bone_crystal_per_day",
        MG053="(baseline_absorbed_mmol_per_day - rest_gut_loss) / intake_mmol_per_day",
        MG056="(4.2 / 0.9)^calcitriol_absorption_power",
        MG063="rest_gut_loss",
        MG075="fractional_excretion",
        MG078="proximal_share",
        MG079="(1 - proximal_share) * loop_share",
        MG080="(past_loop - escaped) / ultrafilterable_mmol_per_l",
        MG083=f"gfr_l_per_day * escaped * {MG_PER_MMOL}",
        MG177="sweat_mmol_per_day",
        MG253="ultrafilterable_share",
    ),
    **_at("threshold", 0.0, MG072=KIDNEY_LEAVES),
    **_at("three_weeks", 0.0, MG087="serum_mmol_per_l"),
    **_at("three_weeks", 7.0, MG077="urine / 3"),
    **_at(
        "three_weeks",
        21.0,
        MG088="serum_mmol_per_l",
        MG089=FALL_OF_CALCIUM,
        MG090="calcitriol",
        MG091="labile / labile_mmol",
    ),
    **_at("months", STABLE_DAYS, MG096="serum_mmol_per_l / baseline_serum_mmol_per_l"),
    **_at(
        "months",
        365.0,
        MG187=f"1 - {BONE} / {BONE_AT_REST}",
        MG188=f"({BONE_AT_REST} - {BONE}) / {REFERENCE_KG}",
        MG189="1 - muscle / muscle_mmol",
        MG191=f"({BONE_AT_REST} - {BONE} + muscle_mmol - muscle) / {BODY_AT_REST}",
    ),
    **_at("citrate_351", 168.0, MG123=RISE, MG124=EXTRA_URINE),
    **_at("citrate_450", 168.0, MG125=RISE, MG126=EXTRA_URINE),
    **_at("oxide_weeks", 70.0, MG202=f"{RISE} * {IONISED_SHARE}"),
    **_at("oxide_days", 4.0, MG064="(urine / 3 - baseline_urine_mmol_per_day) / 10.5"),
}

NO_NUMBER = "the row has no number: the paper was not found"
NOT_READ = "the source of the row was not read: the fit of Magnes leaves it out too"
EFFECT = "about a medicine or a condition: its factor is solved after the fit, not with it"
LUMEN = "single sittings through the lumen of the bowel, which daily mode has no state for; its parameters are held"
TRACER = "a tracer: the label is carried by a matrix of the flows at rest, no state of this simulation"
LOAD = "retention of an intravenous load: the difference of two simulations"
CROSSING = "read where or when a course passes a level, not at a day known beforehand"
CROWD = "a share, spread or odds among people"
WOMAN = "a woman, whose pools are scaled from those that are fitted: no condition of this table can say that"
UNSAID = "no observable is written for it"
WHY_NOT: dict[str, str] = {
    **dict.fromkeys(("MG036", "MG037", "MG038", "MG040", "MG041", "MG042", "MG045", "MG046", "MG047"), LUMEN),
    **dict.fromkeys(("MG032", "MG033", "MG185", "MG186"), TRACER),
    **dict.fromkeys(("MG092", "MG093", "MG115"), LOAD),
    **dict.fromkeys(("MG111", "MG112", "MG134", "MG139"), WOMAN),
    **dict.fromkeys(("MG084", "MG106", "MG109"), CROSSING),
    "MG176": "of the rules that scale people, not of the body model",
}


def calibration_rows() -> list[Target]:
    """Rows that may be used for tuning, in the order of their table."""
    return [row for row in table(Target) if row.use == "calibrate"]


def why_not(row: Target) -> str | None:
    """Return why a calibration row is no measurement here; None: it is one."""
    if None in (row.value, row.low, row.high):
        return NO_NUMBER
    if row.id in of_effects():
        return EFFECT
    if not row.verified:
        return NOT_READ
    if row.id in SAID:
        return None
    return WHY_NOT.get(row.id) or OUTSIDE.get(row.id) or (CROWD if row.id in POPULATION else UNSAID)
