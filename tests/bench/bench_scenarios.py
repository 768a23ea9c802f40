"""Scenarios on NHANES 2007-2010 beside the same scenarios on another period.

``python tests/bench/bench_scenarios.py --survey FOLDER --out docs/validation/scenarios.md``. The folder is that of
``magnes.readers.nhanes``. The reference was computed on 2007-2012, so directions and sizes are compared, not digits.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import polars as pl

from magnes.population.scenario_spec import scenario_from
from magnes.population.scenario_usual import scenario_usual
from magnes.population.survey_usual import Choices
from magnes.readers.nhanes import Survey, read_survey

REFERENCE = Path(__file__).parents[1] / "reference" / "usual" / "ref_scenarios.csv"
GROUPS = {"men": "M", "women": "F"}
CLOSE_POINTS = 1.5  # of a change in % below EAR: the periods, and the people in them, are not the same
BASE = "base food only"
SUPPLEMENTS_HEAD = "Food and supplements together against food alone; the survey itself knows no supplements."
# row of the reference -> the same as a scenario
SPECS = {
    "bread/rolls code 51: +30 mg/100 g": 'do = "fortify"\nfoods = ["51"]\nadd_mg_per_100g = 30',
    "white bread (511) -> +55 mg/100 g (whole-wheat level)": 'do = "fortify"\nfoods = ["511"]\nadd_mg_per_100g = 55',
    "drinking water (94) +20 mg/L": 'do = "fortify"\nfoods = ["94"]\nadd_mg_per_litre = 20',
}
# the reference draws doses with a median of 80 mg; here everybody who takes it takes 80 mg
SUPPLEMENT = 'do = "supplement"\nage_from_years = 19\nshare = {}\nsalt = "citrate"\nmg_per_day = 80'
SUPPLEMENTS = {
    "food + supplements (27% users, median 80 mg)": SUPPLEMENT.format(0.27),
    "supplement policy: users 27%->50%": SUPPLEMENT.format(0.5),
}
TOGETHER = ("bread and water together", "\n[[change]]\n".join(list(SPECS.values())[::2]))


def computed(survey: Survey, change: str, *, supplements: bool = False) -> tuple[dict[str, dict[str, float]], float]:
    """Return the row of men and women, and the seconds that it took."""
    start = time.perf_counter()
    found = scenario_usual(survey, scenario_from(f'name = "x"\n[[change]]\n{change}'), Choices(by="model"))
    frame = found.supplement_frame() if supplements else found.frame()
    assert frame is not None
    rows = {GROUPS[row["group"]]: row for row in frame.iter_rows(named=True) if row["group"] in GROUPS}
    return rows, time.perf_counter() - start


def with_error(row: dict[str, float], name: str) -> str:
    """Return a change with its standard error."""
    return f"{row[f'{name}_change']:+.1f} ({row[f'{name}_change_se']:.1f})"


def report(folder: str) -> tuple[str, bool]:
    """Return the page, and whether every change goes the same way and is about as large."""
    survey = read_survey(folder)
    theirs = {(row["sex"], row["scenario"]): row for row in pl.read_csv(REFERENCE).iter_rows(named=True)}
    lines = [
        "# Scenarios on NHANES 2007-2010",
        "",
        "Written by `python tests/bench/bench_scenarios.py --survey FOLDER --out docs/validation/scenarios.md`.",
        "People of 19 years and older, food only, EAR of IOM 1997, cut-point; both diets fitted in the same replicates",
        "(Fay-BRR, k = 0.3). The reference (`tests/reference/usual/ref_scenarios.csv`) is a separate prototype on",
        "another period (2007-2012 by its notes): directions and sizes are compared, not digits. Its second row is",
        "read as 55 mg added to each 100 g, not as a content of 55 mg.",
        "",
        "| | scenario | mean before | change (SE) | % below EAR before | change in points (SE) | of the reference |",
        "|---|---|---|---|---|---|---|",
    ]
    kept, seconds = True, []
    for name, change in (*SPECS.items(), TOGETHER):
        rows, taken = computed(survey, change)
        seconds.append(taken)
        for sex, row in rows.items():
            reference = theirs.get((sex, name))
            text = "-"
            if reference is not None:
                mean = reference["mean"] - theirs[sex, BASE]["mean"]
                text = f"mean {mean:+.1f}; {reference['diff']:+.1f} ({reference['se_diff']:.1f})"
                same_way = row["mean_change"] > 0 > row["pct_below_EAR_change"]
                kept = kept and same_way and abs(row["pct_below_EAR_change"] - reference["diff"]) <= CLOSE_POINTS
            cells = [sex, name, f"{row['mean_before']:.1f}", with_error(row, "mean")]
            cells += [f"{row['pct_below_EAR_before']:.1f}", with_error(row, "pct_below_EAR"), text]
            lines.append(f"| {' | '.join(cells)} |")
    lines += ["", SUPPLEMENTS_HEAD, ""]
    lines += ["| | scenario | mean change (SE) | change in points (SE) | of the reference |", "|---|---|---|---|---|"]
    for name, change in SUPPLEMENTS.items():
        rows, taken = computed(survey, change, supplements=True)
        seconds.append(taken)
        for sex, row in rows.items():
            reference = theirs[sex, name]
            kept = kept and abs(row["pct_total_below_EAR_change"] - reference["diff"]) <= CLOSE_POINTS
            cells = [sex, name, with_error(row, "mean_total"), with_error(row, "pct_total_below_EAR")]
            lines.append(f"| {' | '.join(cells)} | {reference['diff']:+.1f} ({reference['se_diff']:.1f}) |")
    lines += [
        "",
        f"All go the same way and differ by at most {CLOSE_POINTS:g} points: {'yes' if kept else '**no**'}.",
        f"Time of a scenario, both diets, all groups and standard errors: {min(seconds):.1f} to {max(seconds):.1f} s.",
        "",
        "What this does not show: that people would eat so, that the food values are right, or what a change does in",
        "the body. The reference was made by people of this project.",
        "",
    ]
    return "\n".join(lines), kept


def main() -> int:
    """Write the page; 1 when a change goes another way or is of another size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--survey", required=True)
    parser.add_argument("--out")
    given = parser.parse_args()
    text, kept = report(given.survey)
    if given.out:
        Path(given.out).write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
