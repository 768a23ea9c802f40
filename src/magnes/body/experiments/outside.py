"""Rows of ``model/targets.csv`` that no experiment on one body answers, and why."""

from __future__ import annotations

__all__ = ["OUTSIDE", "POPULATION"]

NO_NUMBER = "the row has no number: the paper was not found"
INFANT = "below one year: growth of organs is no part of the model"
GROWTH = "growth and protein are no part of the model"
SIGN = "a sign at a serum level, not a level that the model finds"
TWO_STEPS = "newborn after its mother: two bodies"
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
    "MG136": "injection into a muscle is no route of the model",
    "MG146": NO_NUMBER,
    "MG147": NO_NUMBER,
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
    "MG214": GROWTH,
    "MG215": GROWTH,
    "MG243": INFANT,
    "MG244": INFANT,
    "MG245": TWO_STEPS,
    "MG246": TWO_STEPS,
    "MG248": TWO_STEPS,
    "MG256": "another load test than that of MG115 (37 % retained by healthy people); its protocol was not found",
}

# Shares of people, spreads and odds: a matter of crowds, see ``crowd``
POPULATION: dict[str, str] = dict.fromkeys(
    (
        "MG015", "MG016", "MG107", "MG132", "MG133", "MG149", "MG150", "MG159", "MG160", "MG163", "MG164", "MG166",
        "MG173", "MG212", "MG213", "MG223", "MG226", "MG232", "MG233", "MG234", "MG235", "MG236", "MG237", "MG257",
    ),
    "a share, spread or odds among people",
)  # fmt: skip
