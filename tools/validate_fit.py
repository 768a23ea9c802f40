"""Whether fitted intervals hold the truth: virtual people whose bodies are known, with laboratory values that err.

    python validate_fit.py people --number 1000    coverage, Brier score, reliability -> docs/validation/fit.md
    python validate_fit.py nuts --number 50        resampling beside NUTS

Each person's body is drawn from the prior that the fit uses, so intervals that do not hold the truth as often as they
say show a fault of the inference, not of the model; the model itself is held against published data in body.md.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import time
from pathlib import Path
from typing import Any

import numpy as np

from magnes.body.draws import stream
from magnes.body.scenario import Scenario
from magnes.estimate import Z90
from magnes.fit.data import Datum, relative_sd
from magnes.fit.forecast import forecast
from magnes.fit.individual import BOUND, DRAWS, individual
from magnes.fit.posterior import Problem, laplace, resampled
from magnes.fit.standing import serum_of
from magnes.knowledge.names import lab_test
from magnes.person import LabResult, Medicine, Person, Supplement
from magnes.report.vega import CONFIG, Spec, spoken_svg

DOCS = Path(__file__).parent.parent / "docs" / "validation"
MEDICINES = (("omeprazol", "A02BC01"), ("furosemide", "C03CA01"), ("hydrochloorthiazide", "C03AA03"),
             ("tacrolimus", "L04AD02"), ("dapagliflozine", "A10BK01"), ("metformine", "A10BA02"))  # fmt: skip
OTHER_TESTS = ("ionised-magnesium", "red-cell-magnesium", "urine-magnesium-24h", "fractional-excretion")
CUT_OFFS = (0.70, 0.75, 0.85)
LATER_DAY = 90
ADDED = Supplement(salt="citrate", elemental_mg=100, times=(dt.time(8), dt.time(20)))
QUANTITIES = ("serum", "absorbed", "serum_later")


def a_person(number: int) -> Person:
    """Draw an adult who takes none to three medicines."""
    random = stream(number, "virtual person")
    taken = [MEDICINES[i] for i in random.permutation(len(MEDICINES))[: random.integers(0, 4)]]
    return Person(
        age_years=float(random.integers(18, 80)),
        sex="female" if random.random() < 0.5 else "male",
        weight_kg=float(random.integers(50, 110)),
        height_cm=float(random.integers(155, 195)),
        egfr_ml_min_1_73m2=float(random.integers(45, 115)),
        medicines=tuple(Medicine(name=name, atc=atc) for name, atc in taken),
    )


def tests_of(number: int) -> list[str]:
    """Draw which tests a person has: serum once or on several dates, others with chance."""
    random = stream(number, "virtual tests")
    return ["serum-magnesium"] * int(random.integers(1, 4)) + [test for test in OTHER_TESTS if random.random() < 0.3]


def known_body(person: Person, tests: list[str], number: int) -> tuple[dict[str, float], list[LabResult]]:
    """Draw a body, its true values, and laboratory values with the error of measurement and day."""
    random = stream(number, "virtual truth")
    data = tuple(Datum(test, 1.0, lab_test(test).unit, relative_sd(test)) for test in tests)
    problem = Problem(Scenario.of(person, None, add=[ADDED]), data)
    z = random.standard_normal((len(problem.names), 1))
    shown, drawn = problem.at(z)
    later = problem.scenario.follow(drawn, np.array([0.0, float(LATER_DAY)]))
    from magnes.body.course import observed

    path = observed(later)
    truth = {
        "serum": float(serum_of(drawn)[0]),
        "absorbed": float(path["absorbed"][0, 0]),
        "serum_later": float(path["serum"][-1, 0]),
    }
    labs = [
        LabResult(test=test, value=float(np.exp(log_value + datum.log_sd * random.standard_normal())), unit=datum.unit)
        for test, datum, log_value in zip(tests, data, shown[:, 0], strict=True)
    ]
    return truth, labs


def one(number: int) -> dict[str, Any]:
    """Draw, measure and fit one virtual person."""
    person, tests = a_person(number), tests_of(number)
    truth, labs = known_body(person, tests, number)
    begin = time.perf_counter()
    fitted = individual(person.model_copy(update={"labs": tuple(labs)}), seed=1)
    seconds = time.perf_counter() - begin
    row: dict[str, Any] = {"number": number, "labs": len(labs), "seconds": seconds, "effective": fitted.effective}
    row |= {"refused": fitted.refused, **{f"true_{name}": value for name, value in truth.items()}}
    if fitted.refused:
        return row
    course = forecast(fitted, days=LATER_DAY, add=[ADDED])
    draws = {"serum": serum_of(fitted.drawn), "absorbed": fitted.now()["absorbed"]}
    if course.serum_draws is not None:
        draws["serum_later"] = course.serum_draws[-1]
    for name, values in draws.items():
        row[f"low_{name}"], row[f"high_{name}"] = (float(part) for part in np.percentile(values, (5, 95)))
    row |= {f"chance_{cut:g}": float(np.mean(draws["serum"] < cut)) for cut in CUT_OFFS}
    return row


def people(number: int, begin: int, out: Path) -> None:
    """Fit virtual people, a line each, so that parts can run side by side."""
    with out.open("a", encoding="utf-8") as file:
        for i in range(begin, begin + number):
            file.write(json.dumps(one(i)) + "\n")
            file.flush()


def nuts(number: int, begin: int, out: Path) -> None:
    """Fit virtual people with resampling and with NUTS."""
    from magnes.fit.nuts import sampled

    with out.open("a", encoding="utf-8") as file:
        for i in range(begin, begin + number):
            person, tests = a_person(i), tests_of(i)
            _, labs = known_body(person, tests, i)
            values = tuple(Datum(lab.test, lab.value, lab.unit, relative_sd(lab.test)) for lab in labs)
            problem = Problem(Scenario.of(person, None), values)
            found = laplace(problem)
            many, whole = resampled(found, 4000, 1), sampled(found, 960, 1)
            row: dict[str, Any] = {"number": i, "effective": [many.effective, whole.effective]}
            for name in ("serum", "absorbed"):
                a, b = (_of(problem, sample.drawn, name) for sample in (many, whole))
                row[name] = [float(a.mean()), float(b.mean()), float(a.std()), float(b.std())]
            file.write(json.dumps(row) + "\n")
            file.flush()


def _of(problem: Problem, drawn: Any, name: str) -> Any:
    if name == "serum":
        return serum_of(drawn)
    from magnes.body.course import observed

    return observed(problem.scenario.follow(drawn, np.array([0.0, 1.0])))["absorbed"][0]


def summary(people_file: Path, nuts_file: Path) -> str:
    """Write what was found as a page."""
    rows = [json.loads(line) for line in people_file.read_text(encoding="utf-8").splitlines()]
    rows = list({row["number"]: row for row in rows}.values())
    fitted = [row for row in rows if not row["refused"]]
    effective = [row["effective"] for row in fitted]
    lines = [
        "# Fitted intervals against known bodies",
        "",
        f"`python tools/validate_fit.py`: {len(rows)} virtual adults with none to three medicines, one to three serum",
        "values and other tests by chance (30 %); errors of measurement and day as in lab_tests.csv. Their bodies",
        "are drawn from the prior that the fit uses: this tests the inference, not the model (for that: body.md).",
        "",
        f"Refused as contradicting the model: {len(rows) - len(fitted)} (bound {BOUND:g}). Draws {DRAWS};",
        f"effective draws: median {np.median(effective):.0f}, lowest {min(effective):.0f}.",
        "",
        "| quantity | 90 % intervals that hold the truth |",
        "|---|---|",
    ]
    for name in QUANTITIES:
        held = [row[f"low_{name}"] <= row[f"true_{name}"] <= row[f"high_{name}"] for row in fitted]
        lines.append(f"| {name} | {100 * np.mean(held):.1f} % of {len(held)} |")
    lines += [
        "",
        "| cut-off [mmol/L] | low in truth | mean chance | Brier score | Brier of the share alone |",
        "|---|---|---|---|---|",
    ]
    for cut in CUT_OFFS:
        chance = np.array([row[f"chance_{cut:g}"] for row in fitted])
        low = np.array([row["true_serum"] < cut for row in fitted], dtype=float)
        brier, share = float(np.mean((chance - low) ** 2)), float(low.mean())
        given = f"| {cut:.2f} | {100 * share:.1f} % | {100 * chance.mean():.1f} %"
        lines.append(f"{given} | {brier:.3f} | {share * (1 - share):.3f} |")
    lines += ["", "| chance that was given | people | low in truth |", "|---|---|---|"]
    chance = np.array([row[f"chance_{cut:g}"] for cut in CUT_OFFS for row in fitted])
    low = np.array([row["true_serum"] < cut for cut in CUT_OFFS for row in fitted], dtype=float)
    bins = reliability(chance, low)
    lines += [f"| {one['from']:.1f} to {one['to']:.1f} | {one['people']} | {100 * one['low']:.0f} % |" for one in bins]
    lines += ["", "![Chance of low serum that was given against how often it was low](../img/reliability.svg)"]
    (DOCS.parent / "img" / "reliability.svg").write_text(reliability_svg(bins), encoding="utf-8")
    if nuts_file.exists():
        both = [json.loads(line) for line in nuts_file.read_text(encoding="utf-8").splitlines()]
        lines += [
            "",
            f"## Resampling beside NUTS, {len(both)} people",
            "",
            "| quantity | difference of means, in SD of NUTS: mean absolute, largest | ratio of SD |",
            "|---|---|---|",
        ]
        for name in ("serum", "absorbed"):
            apart = np.array([abs(row[name][0] - row[name][1]) / row[name][3] for row in both])
            ratio = np.array([row[name][2] / row[name][3] for row in both])
            spread = f"{ratio.mean():.2f} ({ratio.min():.2f} to {ratio.max():.2f})"
            lines.append(f"| {name} | {apart.mean():.3f}, {apart.max():.3f} | {spread} |")
    return "\n".join(lines) + "\n"


def reliability(chance: Any, low: Any) -> list[dict[str, Any]]:
    """Return for each tenth of chances: how many, their mean, and the share that was low, with its 90 % interval."""
    bins = []
    for left in np.arange(0, 10) / 10:
        inside = (chance >= left) & (chance < left + 0.1 + (left > 0.85))
        if inside.any():
            number, share = int(inside.sum()), float(low[inside].mean())
            half = Z90 * np.sqrt(max(share * (1 - share), 0.25 / number) / number)
            row = {
                "from": left,
                "to": left + 0.1,
                "people": number,
                "chance": float(chance[inside].mean()),
                "low": share,
            }
            bins.append(row | {"least": max(0.0, share - half), "most": min(1.0, share + half)})
    return bins


def reliability_svg(bins: list[dict[str, Any]]) -> str:
    """Draw the shares against the chances, with the line on which both are the same."""

    def axis(title: str) -> dict[str, Any]:
        return {"type": "quantitative", "title": title, "scale": {"domain": [0, 1]}}

    x = {"field": "chance", **axis("chance of low serum that was given")}
    y = axis("share that was low in truth (90 % interval)")
    spec: Spec = {
        "config": CONFIG,
        "width": 320,
        "height": 320,
        "layer": [
            {
                "data": {"values": [{"chance": 0, "low": 0}, {"chance": 1, "low": 1}]},
                "mark": {"type": "line", "strokeDash": [4, 4], "color": "#888888"},
                "encoding": {"x": x, "y": {"field": "low", **y}},
            },
            {
                "data": {"values": bins},
                "mark": {"type": "rule", "color": "#0072B2"},
                "encoding": {"x": x, "y": {"field": "least", **y}, "y2": {"field": "most"}},
            },
            {
                "data": {"values": bins},
                "mark": {"type": "point", "filled": True, "size": 70, "color": "#0072B2", "opacity": 1},
                "encoding": {"x": x, "y": {"field": "low", **y}},
            },
        ],
    }
    worst = max(abs(one["chance"] - one["low"]) for one in bins)
    words = f"Chance of low serum that was given, against how often it was low; farthest apart {worst:.2f}"
    return spoken_svg(spec, words)


def main() -> None:
    """Run one part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=["people", "nuts", "summary"])
    parser.add_argument("--number", type=int, default=1000)
    parser.add_argument("--begin", type=int, default=0)
    parser.add_argument("--folder", type=Path, default=Path("out"))
    given = parser.parse_args()
    given.folder.mkdir(exist_ok=True)
    people_file, nuts_file = given.folder / "fit_people.jsonl", given.folder / "fit_nuts.jsonl"
    if given.part == "people":
        people(given.number, given.begin, people_file)
    elif given.part == "nuts":
        nuts(given.number, given.begin, nuts_file)
    else:
        (DOCS / "fit.md").write_text(summary(people_file, nuts_file), encoding="utf-8")


if __name__ == "__main__":
    main()
