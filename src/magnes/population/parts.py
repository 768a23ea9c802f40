"""A cohort in parts: what one part holds, its files, and the manifest that says which job a folder belongs to.

    OUT/manifest.json  OUT/people/part-00000.parquet  OUT/days/part-00000.parquet

A file is written beside its place, brought to disk and renamed: what has its name is whole. No file tells a time or who
made it, so that the same job gives the same bytes, in one go or resumed.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import io
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from magnes import __version__
from magnes.body import batch, batch_jax
from magnes.body.course import Quantity, observed
from magnes.body.scenario import Followed
from magnes.body.solve import SolverError
from magnes.errors import Problems
from magnes.knowledge.load import knowledge_hash
from magnes.population.bodies import Bodies, Taking, bodies
from magnes.population.cohort_spec import CohortSpec
from magnes.population.pool import Pool

__all__ = ["COLUMNS", "MANIFEST", "Job", "claim", "clean", "followed", "made", "missing", "store"]

MANIFEST = "manifest.json"
FOLDERS = ("people", "days")  # days comes last: with it a part is done
COLUMNS: dict[Quantity, str] = {
    "serum": "serum_mmol_per_l",
    "urine": "urine_mg_per_day",
    "absorbed": "absorbed_mg_per_day",
    "labile": "labile_mmol",
    "muscle": "muscle_mmol",
    "bone": "bone_mmol",
}
LIBRARIES = ("numba", "numpy", "polars", "scipy")  # another version may give other bytes
JAX_LIBRARIES = ("jax", "jaxlib")  # beside these, where JAX solves


@dataclass(frozen=True)
class Job:
    """All that a worker needs to make any part."""

    spec: CohortSpec
    pool: Pool
    engine: str
    later: Pool | None = None
    device: str = "cpu"

    @classmethod
    def of(cls, spec: CohortSpec, pool: Pool, later: Pool | None = None, engine: str | None = None) -> Job:
        """Return the job with this engine of ``batch``, or the quickest that is installed, on the device it finds.

        ``later``: the same survey people with the food that they eat from day 0 on. ``ValueError`` for other people,
        and for an engine that is none; ``InputProblems`` when its extra is missing.
        """
        if later is not None and not np.array_equal(later.seqn, pool.seqn):
            raise ValueError("the food from day 0 on is that of other survey people")
        if engine not in (None, *batch.ENGINES):
            raise ValueError(f"engine {engine!r} is none of {', '.join(batch.ENGINES)}")
        if engine is None and batch_jax.is_worth_it(spec.people.number, spec.days):
            engine = "jax"
        if engine in (None, "cpu"):
            engine = "numba" if importlib.util.find_spec("numba") else "numpy"
        return cls(spec, pool, engine, later, _device(engine))

    def food(self, rows: Any) -> Any:
        """Return how much of the food of each day people of these rows eat from day 0 on, shape (people, 2)."""
        now = self.pool.intake_mg[rows]
        after = now if self.later is None else self.later.intake_mg[rows]
        return self.spec.food_factor * np.divide(after, now, out=np.ones_like(now), where=now > 0)

    @property
    def manifest(self) -> dict[str, Any]:
        """Return what decides every byte."""
        asked = self.spec.model_dump(mode="json")
        del asked["people"]["like"]  # a place on a disk; the digest tells the survey
        versions = {}
        for name in (*LIBRARIES, *(JAX_LIBRARIES if self.engine == "jax" else ())):
            with suppress(importlib.metadata.PackageNotFoundError):
                versions[name] = importlib.metadata.version(name)
        return {
            "format": 1,
            "engine": f"magnes {__version__}",
            "solver": self.engine,
            "device": self.device,
            "knowledge": knowledge_hash(),
            "seed": self.spec.people.seed,
            "survey": self.pool.source,
            "survey_people": len(self.pool.seqn),
            "survey_left_out": dict(self.pool.left_out),
            "survey_sha256": self.pool.digest,
            "food_later": None if self.later is None else {"source": self.later.source, "sha256": self.later.digest},
            "parts": self.spec.parts,
            "spec": asked,
            "versions": versions,
            "verified": False,
        }


def _device(engine: str) -> str:
    return batch_jax.device() if engine == "jax" else "cpu"


def made(job: Job, part: int) -> tuple[bytes, bytes]:
    """Make one part: the bytes of its table of people and of its table of days.

    Raises ``InputProblems`` on a machine with another device than that of the job.
    """
    import polars as pl

    problems, here = Problems(), _device(job.engine)
    if here != job.device:
        problems.add("cohort_other_job", field="device", found=here, accepted=job.device)
    problems.stop()
    people = job.spec.people_of(part, job.pool)
    taken = [(use, use.takes(people, f"supplement {use.name}")) for use in job.spec.supplements]
    before = [Taking(use.supplement, takes.astype(float)) for use, takes in taken if use.begins == "before"]
    later = [Taking(use.supplement, takes.astype(float)) for use, takes in taken if use.begins == "day_0"]
    found, path = followed(bodies(people, before), job, later)
    has_course = np.isin(np.arange(len(people)), found.levelled)
    more = [pl.Series(f"supplement_{use.name}", takes) for use, takes in taken]
    days = _days(found, observed(path), job.spec.days)
    return _parquet(people.frame().with_columns(pl.Series("has_course", has_course), *more)), _parquet(days)


def followed(found: Bodies, job: Job, later: Sequence[Taking]) -> tuple[Bodies, Followed]:
    """Follow bodies for the days of the job; one that the solver gives up is left out, so that it stops nobody else."""
    spec = job.spec
    while True:
        food = job.food(found.people.row[found.levelled])
        takings = [replace(taking, share=taking.share[found.levelled]) for taking in later]
        try:
            path = found.follow(spec.days, mode=spec.mode, takings=takings, food=food, engine=job.engine, threads=1)
        except SolverError as error:
            if error.person is None or len(found) == 1:
                raise
            found = found.some(np.delete(np.arange(len(found)), error.person))
        else:
            return found, path


def _days(found: Bodies, every: Mapping[Quantity, Any], days: int) -> Any:
    """Return one row for a person on a day, day 0 first; null for bodies without a course."""
    import polars as pl

    number = len(found.people)
    columns: dict[str, Any] = {
        "person": np.repeat(found.people.person.astype(np.int32), days + 1),
        "day": np.tile(np.arange(days + 1, dtype=np.int16), number),
    }
    for name, column in COLUMNS.items():
        values = np.full((number, days + 1), np.nan, dtype=np.float32)
        values[found.levelled] = every[name].T
        columns[column] = values.reshape(-1)
    return pl.DataFrame(columns).with_columns(pl.col(pl.Float32).fill_nan(None))


def _parquet(frame: Any) -> bytes:
    found = io.BytesIO()
    frame.write_parquet(found, compression="zstd", compression_level=1, statistics=False, row_group_size=frame.height)
    return found.getvalue()


def place(out: Path, folder: str, part: int) -> Path:
    """Return where a table of a part stands."""
    return out / folder / f"part-{part:05}.parquet"


def store(out: Path, part: int, tables: tuple[bytes, bytes]) -> None:
    """Write both tables of a part; whoever is stopped on the way leaves the part missing, never half."""
    for folder, content in zip(FOLDERS, tables, strict=True):
        _write(place(out, folder, part), content)


def missing(out: Path, parts: int) -> list[int]:
    """Return the parts that are not done."""
    return [part for part in range(parts) if not all(place(out, folder, part).exists() for folder in FOLDERS)]


def clean(out: Path) -> None:
    """Remove what somebody who was stopped left beside its place."""
    for left in (*_beside(out), *(file for folder in FOLDERS for file in _beside(out / folder))):
        left.unlink(missing_ok=True)


def _beside(folder: Path) -> Iterator[Path]:
    return folder.glob("*.part-*")


def claim(out: Path, job: Job, *, resume: bool) -> None:
    """Write the manifest of a new folder, or hold an old one against this job.

    Raises ``InputProblems``: a folder with other things, a cohort that is there and ``resume`` was not asked, or every
    difference with the cohort that is there.
    """
    problems, asked = Problems(str(out)), job.manifest
    try:
        if not (out / MANIFEST).exists():
            if any(one.is_file() and ".part-" not in one.name for one in out.rglob("*")):
                problems.add("folder_not_empty")
                problems.stop()
            for folder in FOLDERS:
                (out / folder).mkdir(parents=True, exist_ok=True)
            _write(out / MANIFEST, (json.dumps(asked, indent=1, ensure_ascii=False) + "\n").encode())
            return
        there = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
    except OSError as error:
        problems.add("file_unwritable", found=error.strerror or str(error))
        problems.stop()
    except ValueError:
        problems.add("json_broken", found=MANIFEST)
        problems.stop()
    if not resume:
        problems.add("cohort_exists")
    for field, found, accepted in _differences(asked, there):
        problems.add("cohort_other_job", field=field, found=found, accepted=accepted)
    problems.stop()


def _differences(asked: Any, there: Any, field: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield field, what is asked and what the folder holds, for every difference."""
    if isinstance(asked, dict) and isinstance(there, dict):
        for name in {**there, **asked}:
            yield from _differences(asked.get(name), there.get(name), f"{field}.{name}".lstrip("."))
    elif asked != there:
        yield field, json.dumps(asked, ensure_ascii=False), json.dumps(there, ensure_ascii=False)


def _write(path: Path, content: bytes) -> None:
    beside = path.with_name(f"{path.name}.part-{os.getpid()}")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    if os.name == "posix":  # the name too
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
