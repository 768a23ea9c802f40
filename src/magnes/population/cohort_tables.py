"""Tables of a cohort that is done: how many have low serum, what stores hold, what a change did to the same people.

People were drawn by the survey's weights, so everybody counts once, unless ``weights`` says otherwise.
That the survey itself is a sample is not in these numbers.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from magnes.body.course import LOWEST_FITTED_SERUM
from magnes.errors import Problems
from magnes.knowledge.load import table
from magnes.knowledge.records import LabReference
from magnes.population.parts import COLUMNS, MANIFEST

if TYPE_CHECKING:
    import polars as pl

__all__ = ["CUT_OFFS", "at_day", "difference", "low_serum", "stores"]

CUT_OFFS = ("LAB03", "LAB01", "LAB07")  # 0.70, 0.75 and 0.85 mmol/L, shown side by side: the cut-off decides
PERCENTILES = (5, 25, 50, 75, 95)
SERUM = COLUMNS["serum"]
WEIGHT = "weight"
SAME = ("knowledge", "engine", "solver", "seed", "survey_sha256")  # what people of two cohorts share
SAME_PEOPLE = ("number", "seed", "age_from", "age_to", "intake", "each_own_parameters")


def at_day(folder: str | Path, day: int | None = None, weights: pl.DataFrame | None = None) -> pl.DataFrame:
    """Everybody on a day, the last one unless given: facts and state; people without a level are left out.

    ``weights``: columns ``person`` and ``weight``; without, everybody counts once. Raises ``InputProblems`` when the
    folder has no cohort that is done.
    """
    import polars as pl

    folder = Path(folder)
    told = manifest(folder)
    asked = told["spec"]["days"] if day is None else day
    days = pl.scan_parquet(folder / "days" / "*.parquet").filter(pl.col("day") == asked).drop_nulls(SERUM)
    people = pl.scan_parquet(folder / "people" / "*.parquet").with_columns(pl.col("person").cast(pl.Int32))
    found = people.join(days, on="person", how="inner", maintain_order="left").collect()
    if weights is None:
        return found.with_columns(pl.lit(1.0).alias(WEIGHT))
    return found.join(weights.select(pl.col("person").cast(pl.Int32), WEIGHT), on="person", maintain_order="left")


def manifest(folder: Path) -> dict[str, Any]:
    """Return what a folder says of itself. Raises ``InputProblems`` when a part is missing, or all."""
    problems = Problems(str(folder))
    try:
        told: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        problems.add("cohort_missing", accepted=MANIFEST)
        problems.stop()
    done = len(list((folder / "days").glob("part-*.parquet")))
    if done < told["parts"]:
        problems.add("cohort_not_done", found=done, accepted=str(told["parts"]))
    problems.stop()
    return told


def low_serum(people: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """Share of people [%] below each cut-off [mmol/L], with its source: rows of ``at_day``, by group.

    ``below_fitted``: share [%] at levels so low that few people were measured there; the model says little of them.
    """
    import polars as pl

    rows = [next(row for row in table(LabReference) if row.id == key) for key in CUT_OFFS]
    weight = pl.col(WEIGHT)
    below = {row.id: 100 * weight.filter(pl.col(SERUM) < row.si_low).sum() / weight.sum() for row in rows}
    fitted = 100 * weight.filter(pl.col(SERUM) < LOWEST_FITTED_SERUM).sum() / weight.sum()
    found = []
    for row in rows:
        facts = {"cut_off_mmol_per_l": row.si_low, "sources": ";".join(row.sources)}
        told = [pl.lit(value).alias(name) for name, value in facts.items()]
        shares = {"n": pl.len(), "below_percent": below[row.id], "below_fitted": fitted}
        share = people.group_by(by).agg(**shares) if by else people.select(**shares)
        found.append(share.with_columns(*told))
    keys = [*by, "cut_off_mmol_per_l"]
    return pl.concat(found).sort(keys).select(*keys, "n", "below_percent", "below_fitted", "sources")


def stores(people: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """Weighted mean and percentiles of each quantity: rows of ``at_day``, by group."""
    import polars as pl

    long = people.unpivot(on=list(COLUMNS.values()), index=[*by, WEIGHT], variable_name="quantity", value_name="value")
    order, weight = [*by, "quantity"], pl.col(WEIGHT)
    upto = (weight.cum_sum() / weight.sum()).over(order)  # share of the people up to this value
    sorted_rows = long.sort([*order, "value"]).with_columns(upto=upto)
    value = pl.col("value")
    return (
        sorted_rows.group_by(order, maintain_order=True)
        .agg(
            pl.len().alias("n"),
            ((weight * value).sum() / weight.sum()).alias("mean"),
            *(value.filter(pl.col("upto") >= p / 100 - 1e-12).first().alias(f"p{p}") for p in PERCENTILES),
        )
        .sort(order)
    )


def difference(folder: str | Path, other: str | Path, day: int | None = None) -> pl.DataFrame:
    """Return what differs in ``other`` from ``folder`` in the same people on a day: a row for each quantity.

    Mean and percentiles of the difference within people, and of serum the shares [%] below each cut-off in both.
    Raises ``InputProblems`` when the cohorts are not of the same people.
    """
    import polars as pl

    one, two = manifest(Path(folder)), manifest(Path(other))
    problems = Problems(str(other))
    pairs = [(name, one[name], two[name]) for name in SAME]
    pairs += [(f"people.{name}", one["spec"]["people"][name], two["spec"]["people"][name]) for name in SAME_PEOPLE]
    for field, first, second in pairs:
        if first != second:
            problems.add("cohort_other_people", field=field, found=second, accepted=str(first))
    problems.stop()
    first, second = at_day(folder, day), at_day(other, day)
    both = first.join(second, on="person", suffix="_other", maintain_order="left")
    changes = [(pl.col(f"{name}_other") - pl.col(name)).alias(name) for name in COLUMNS.values()]
    found = stores(both.select("person", WEIGHT, *changes))
    shares = [low_serum(rows).select("cut_off_mmol_per_l", "below_percent") for rows in (first, second)]
    for (cut_off, before), (_, after) in zip(*(share.iter_rows() for share in shares), strict=True):
        serum = pl.col("quantity") == SERUM
        name = f"below_{round(100 * cut_off)}"
        found = found.with_columns(
            pl.when(serum).then(pl.lit(before)).alias(f"{name}_percent"),
            pl.when(serum).then(pl.lit(after)).alias(f"{name}_percent_other"),
        )
    return found
