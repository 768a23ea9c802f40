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
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from magnes import __version__
from magnes.body.course import Quantity, observed
from magnes.errors import Problems
from magnes.knowledge.load import knowledge_hash
from magnes.population.bodies import Bodies, Taking, bodies
from magnes.population.cohort_spec import CohortSpec
from magnes.population.people import People
from magnes.population.pool import Pool

__all__ = ["COLUMNS", "MANIFEST", "Job", "claim", "clean", "made", "missing", "store"]

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


@dataclass(frozen=True)
class Job:
    """All that a worker needs to make any part."""

    spec: CohortSpec
    pool: Pool
    engine: str

    @classmethod
    def of(cls, spec: CohortSpec, pool: Pool) -> Job:
        """Return the job with the quickest engine that is installed."""
        return cls(spec, pool, "numba" if importlib.util.find_spec("numba") else "numpy")

    @property
    def manifest(self) -> dict[str, Any]:
        """Return what decides every byte."""
        asked = self.spec.model_dump(mode="json")
        del asked["people"]["like"]  # a place on a disk; the digest tells the survey
        versions = {}
        for name in LIBRARIES:
            with suppress(importlib.metadata.PackageNotFoundError):
                versions[name] = importlib.metadata.version(name)
        return {
            "format": 1,
            "engine": f"magnes {__version__}",
            "solver": self.engine,
            "device": "cpu",
            "knowledge": knowledge_hash(),
            "seed": self.spec.people.seed,
            "survey": self.pool.source,
            "survey_people": len(self.pool.seqn),
            "survey_left_out": dict(self.pool.left_out),
            "survey_sha256": self.pool.digest,
            "parts": self.spec.parts,
            "spec": asked,
            "versions": versions,
            "verified": False,
        }


def made(job: Job, part: int) -> tuple[bytes, bytes]:
    """Make one part: the bytes of its table of people and of its table of days."""
    people = job.spec.people_of(part, job.pool)
    takers = [use.takes(people, f"supplement {use.name}").astype(float) for use in job.spec.supplements]
    uses = list(zip(job.spec.supplements, takers, strict=True))
    before = [Taking(use.supplement, takes) for use, takes in uses if use.begins == "before"]
    found = bodies(people, before)
    later = [Taking(use.supplement, takes[found.levelled]) for use, takes in uses if use.begins == "day_0"]
    days = _days(job, found, later)
    return _people(people, found, uses), days


def _people(people: People, found: Bodies, uses: list[Any]) -> bytes:
    import polars as pl

    levelled = np.zeros(len(people), dtype=bool)
    levelled[found.levelled] = True
    more = [pl.Series(f"supplement_{use.name}", takes > 0) for use, takes in uses]
    return _parquet(people.frame().with_columns(pl.Series("has_level", levelled), *more))


def _days(job: Job, found: Bodies, later: list[Taking]) -> bytes:
    """Return one row for a person on a day, day 0 first; null for bodies without a level."""
    import polars as pl

    spec, number = job.spec, len(found.people)
    path = found.follow(spec.days, mode=spec.mode, takings=later, food=spec.food_factor, engine=job.engine, threads=1)
    every = observed(path)
    columns: dict[str, Any] = {
        "person": np.repeat(found.people.person.astype(np.int32), spec.days + 1),
        "day": np.tile(np.arange(spec.days + 1, dtype=np.int16), number),
    }
    for name, column in COLUMNS.items():
        values = np.full((number, spec.days + 1), np.nan, dtype=np.float32)
        values[found.levelled] = every[name].T
        columns[column] = values.reshape(-1)
    return _parquet(pl.DataFrame(columns).with_columns(pl.col(pl.Float32).fill_nan(None)))


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
