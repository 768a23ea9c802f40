"""Rows of ``model/targets.csv`` that no experiment on one body answers, and rows that settle nothing, and why."""

from __future__ import annotations

__all__ = ["OUTSIDE", "POPULATION", "UNSETTLED"]

NO_NUMBER = "the row has no number: the paper was not found"
INFANT = "below one year: growth of organs is no part of the model"
GROWTH = "growth and protein are no part of the model"
SIGN = "a sign at a serum level, not a level that the model finds"
TWO_STEPS = "newborn after its mother: two bodies"
ONE_DAY = "what one day, one collection or one assay adds to the spread is no part of the model"
DOSE = "the dose is not in the text seen"

OUTSIDE: dict[str, str] = {
    "MG009": INFANT,
    "MG012": "free ions inside the red cell are no state; their ratio before and after is (MG091)",
    "MG019": INFANT,
    "MG034": NO_NUMBER,
    "MG035": NO_NUMBER,
    "MG061": INFANT,
    "MG062": INFANT,
    "MG071": NO_NUMBER,
    "MG107": "calcitriol differs between people by more than magnesium: no such spread in the model",
    "MG133": "spread of fluid between pregnant women: no part of the model",
    "MG136": "injection into a muscle is no route of the model",
    "MG146": NO_NUMBER,
    "MG147": NO_NUMBER,
    "MG160": "grade 3 or 4 is below 0.4 mmol/L: too rare for a crowd of healthy people with one added effect",
    "MG173": "people chosen for low potassium, whatever its cause",
    "MG179": SIGN,
    "MG180": SIGN,
    "MG181": SIGN,
    "MG183": "red cells take up magnesium within hours of hard exercise: no such flow in the model",
    "MG194": "per kilogram of dry fat-free muscle; the model has muscle and other slow tissue as one",
    "MG196": "ethanol in blood at that moment binds or moves ionised magnesium: no such term in the model",
    "MG200": "regression to the mean of people chosen for a low value",
    "MG205": DOSE,
    "MG206": DOSE,
    "MG207": DOSE,
    "MG208": DOSE,
    "MG212": GROWTH,
    "MG213": ONE_DAY,
    "MG214": GROWTH,
    "MG215": GROWTH,
    "MG243": INFANT,
    "MG244": INFANT,
    "MG245": TWO_STEPS,
    "MG246": TWO_STEPS,
    "MG248": TWO_STEPS,
    "MG256": "another load test than that of MG115 (37 % retained by healthy people); its protocol was not found",
    "MG257": ONE_DAY,
}

# Shares of people and odds: a matter of crowds, see ``crowd``
POPULATION = (
    "MG015", "MG016", "MG132", "MG149", "MG150", "MG159", "MG163", "MG164", "MG166", "MG223", "MG226", "MG232", "MG233",
    "MG234", "MG235", "MG236", "MG237",
)  # fmt: skip

# Rows that are compared but settle nothing, whether inside or not: their own text says so, or what it lacks decides.
# Shares inside are given with and without them.
SPLINE = "fitted between trials, not within people (MG121 says so; the same meta-analysis)"
NO_CUT = "the cut-off is not in the text seen"
NO_DEPTH = "how much uptake is left in these patients is not in the text seen, and was set anew with the row in view"
UNSETTLED: dict[str, str] = {
    **dict.fromkeys(("MG119", "MG120", "MG121", "MG122"), SPLINE),
    "MG154": "confounded: the row itself says so",
    **dict.fromkeys(("MG110", "MG238", "MG258"), DOSE),
    **dict.fromkeys(("MG150", "MG159", "MG163", "MG164", "MG226"), NO_CUT),
    **dict.fromkeys(("MG228", "MG229"), NO_DEPTH),
}
