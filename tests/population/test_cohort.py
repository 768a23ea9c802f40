"""A cohort in parts: same bytes however it was made; resumed after a kill; another job refused; tables of it."""

import dataclasses
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from magnes.apps.cli.main import cli
from magnes.body import batch_jax
from magnes.body.course import observed
from magnes.errors import InputProblems
from magnes.population import cohort_spec
from magnes.population.bodies import Taking, bodies
from magnes.population.cohort import cohort
from magnes.population.cohort_spec import CohortSpec, read_cohort, schema
from magnes.population.cohort_tables import at_day, difference, low_serum, stores
from magnes.population.parts import Job, claim, followed, made
from magnes.population.pool import EXAMPLES, pool_like

TOML = """
title = "test"
days = 5
part = 30
[people]
number = 170
seed = 3
[[medicines]]
medicine = "omeprazole"
share = 0.3
[[supplements]]
name = "policy"
salt = "citrate"
elemental_mg = 100
times = ["08:00", 18:00:00]
share = 0.5
"""


@pytest.fixture(scope="module")
def spec_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("spec") / "cohort.toml"
    path.write_text(TOML)
    return path


@pytest.fixture(scope="module")
def spec(spec_file):
    return read_cohort(spec_file)


@pytest.fixture(scope="module")
def alone(spec, tmp_path_factory):
    """The cohort made in one go, in this process."""
    folder = tmp_path_factory.mktemp("cohort") / "alone"
    assert cohort(spec, out=folder).made == 6
    return folder


def content(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_tables_have_everybody_on_every_day_in_order(spec, alone):
    """Catches: a person or day lost at the border of a part, another order, a time or another column in the files."""
    days = pl.read_parquet(alone / "days" / "*.parquet")
    assert days["person"].to_list() == np.repeat(np.arange(170), 6).tolist()
    assert days["day"].to_list() == list(range(6)) * 170
    assert days.columns[2:] == [
        "serum_mmol_per_l", "urine_mg_per_day", "absorbed_mg_per_day", "labile_mmol", "muscle_mmol", "bone_mmol",
    ]  # fmt: skip
    assert days.null_count().sum_horizontal().item() == 0
    people = pl.read_parquet(alone / "people" / "*.parquet")
    assert people["person"].to_list() == list(range(170))
    assert 30 < people["takes_A02BC01"].sum() < 75
    assert people["takes_A02BC01"].dtype == people["supplement_policy"].dtype == pl.Boolean
    assert len(content(alone)) == 13


def test_a_body_that_the_solver_gives_up_stops_nobody_else(spec):
    """Catches: a cohort that can never be done because of one body; the places of the others moved."""
    job = Job.of(spec, pool_like(EXAMPLES))
    found = bodies(spec.people_of(0, job.pool))
    broken = np.array(found.present["gfr_l_per_day"])
    broken[4] = np.nan
    given_up = dataclasses.replace(found, present={**found.present, "gfr_l_per_day": broken})
    later = [Taking(spec.supplements[0].supplement, np.ones(len(found)))]
    (left, path), (whole, expected) = (followed(one, job, later) for one in (given_up, found))
    assert left.levelled.tolist() == [place for place in range(len(found)) if place != 4]
    assert len(whole) == len(found)
    assert (observed(path)["serum"] == np.delete(observed(expected)["serum"], 4, axis=1)).all()


def test_two_processes_make_the_same_bytes(spec, alone, tmp_path):
    """Catches: a draw, a sum or a file that depends on which process made it or when; a manifest that names workers."""
    seen = []
    cohort(spec, out=tmp_path / "two", workers=2, progress=lambda now, total: seen.append((now, total)))
    assert content(tmp_path / "two") == content(alone)
    assert seen[0] == (0, 170)
    assert seen[-1] == (170, 170)
    assert [now for now, _ in seen] == sorted(now for now, _ in seen)


def children(pid):
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=True)
    return [int(line) for line in listed.stdout.split()]


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="processes are looked up in /proc")
def test_killed_at_any_point_and_resumed_it_is_the_same_bytes(spec, spec_file, alone, tmp_path):
    """Catches: a half-written file taken for whole, a part lost or made with other luck, workers that live on."""
    out = tmp_path / "killed"
    command = [sys.executable, "-m", "magnes", "cohort", str(spec_file), "--out", str(out), "--workers", "2"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        until = time.monotonic() + 120
        while len(list(out.glob("*/part-*.parquet"))) < 3 and time.monotonic() < until:
            time.sleep(0.005)
        workers = children(process.pid)
        os.kill(process.pid, signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    until = time.monotonic() + 60
    while any(Path(f"/proc/{pid}").exists() for pid in workers) and time.monotonic() < until:
        time.sleep(0.05)
    assert len(workers) >= 2
    assert not any(Path(f"/proc/{pid}").exists() for pid in workers)
    whole = content(alone)
    left = {name: data for name, data in content(out).items() if ".part-" not in name}
    assert 3 <= len(left) < len(whole)
    assert all(data == whole[name] for name, data in left.items())
    (out / "days" / "part-00005.parquet.part-1").write_bytes(b"half")  # as a kill in the middle of writing leaves it
    done = cohort(spec, out=out, resume=True)
    assert 0 < done.made < 6
    assert content(out) == whole
    assert cohort(spec, out=out, resume=True).made == 0


def test_a_folder_of_another_job_is_refused_and_stays(spec, alone):
    """Catches: a resume that mixes two cohorts, and one that silently begins anew."""
    before = content(alone)
    other = spec.model_copy(update={"days": 6, "people": spec.people.model_copy(update={"seed": 4})})
    with pytest.raises(InputProblems) as error:
        cohort(other, out=alone, resume=True)
    found = {problem.field: (problem.code, problem.found, problem.accepted) for problem in error.value.problems}
    assert found["spec.days"] == ("cohort_other_job", "6", "5")
    assert set(found) == {"spec.days", "spec.people.seed", "seed"}
    with pytest.raises(InputProblems) as error:
        cohort(spec, out=alone)
    assert [problem.code for problem in error.value.problems] == ["cohort_exists"]
    assert content(alone) == before


@pytest.mark.skipif(importlib.util.find_spec("jax") is None, reason="needs the extra gpu")
def test_jax_gives_the_same_cohort_and_another_device_does_not_go_on(spec, tmp_path):
    """Catches: a manifest that names another device than was used; parts of one cohort made on two devices."""
    small = spec.model_copy(update={"days": 2, "people": spec.people.model_copy(update={"number": 30})})
    cohort(small, out=tmp_path / "jax", engine="jax")
    cohort(small, out=tmp_path / "numpy", engine="numpy")
    found, right = (pl.read_parquet(tmp_path / name / "days" / "*.parquet") for name in ("jax", "numpy"))
    np.testing.assert_allclose(found.to_numpy(), right.to_numpy(), rtol=1e-6)
    told = json.loads((tmp_path / "jax" / "manifest.json").read_text())
    assert told["solver"] == "jax"
    assert told["device"] == batch_jax.device()
    assert {"jax", "jaxlib"} <= set(told["versions"])
    elsewhere = dataclasses.replace(Job.of(small, pool_like(EXAMPLES), engine="jax"), device="gpu of another machine")
    with pytest.raises(InputProblems) as error:
        claim(tmp_path / "jax", elsewhere, resume=True)
    assert [problem.field for problem in error.value.problems] == ["device"]
    with pytest.raises(InputProblems) as error:
        made(elsewhere, 0)
    told_here = [(one.field, one.found, one.accepted) for one in error.value.problems]
    assert told_here == [("device", batch_jax.device(), "gpu of another machine")]
    with pytest.raises(ValueError, match="engine 'abacus' is none of"):
        cohort(small, out=tmp_path / "none", engine="abacus")


def test_a_folder_with_other_things_is_left_alone(spec, tmp_path):
    """Catches: a cohort written between somebody's own files."""
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(InputProblems) as error:
        cohort(spec, out=tmp_path)
    assert [problem.code for problem in error.value.problems] == ["folder_not_empty"]
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_the_manifest_says_where_the_numbers_come_from(alone):
    """Catches: a result without engine, knowledge, seed or survey, or with a time or a place on somebody's disk."""
    told = json.loads((alone / "manifest.json").read_text())
    assert {"engine", "solver", "device", "knowledge", "seed", "survey", "survey_sha256", "versions", "spec"} <= set(
        told
    )
    assert told["device"] == "cpu"
    assert told["spec"]["medicines"][0]["source"] == "USER"
    assert "like" not in told["spec"]["people"]


def test_low_serum_and_stores_are_those_of_numpy(alone):
    """Catches: a cut-off or weight ignored, groups mixed up, percentiles of another column or day."""
    people = at_day(alone)
    serum = people["serum_mmol_per_l"].to_numpy()
    shares = low_serum(people)
    assert shares["cut_off_mmol_per_l"].to_list() == [0.70, 0.75, 0.85]
    for cut_off, share in shares.select("cut_off_mmol_per_l", "below_percent").iter_rows():
        assert share == pytest.approx(100 * np.mean(serum < cut_off))
    men = low_serum(people, by=["sex"]).filter(sex="male", cut_off_mmol_per_l=0.85)
    assert men["below_percent"].item() == pytest.approx(100 * np.mean(serum[people["sex"] == "male"] < 0.85))
    weights = pl.DataFrame({"person": range(170), "weight": [1.0] * 85 + [0.0] * 85})
    half = at_day(alone, 0, weights)
    first = at_day(alone, 0)["serum_mmol_per_l"].to_numpy()[:85]
    assert low_serum(half)["below_percent"][2] == pytest.approx(100 * np.mean(first < 0.85))
    row = stores(half).filter(quantity="serum_mmol_per_l")
    assert row["mean"].item() == pytest.approx(first.astype(float).mean())
    assert row["p50"].item() == pytest.approx(np.percentile(first, 50, method="inverted_cdf"))


def test_the_same_people_without_a_medicine_and_a_policy(spec, alone, tmp_path):
    """Catches: a difference between people instead of within them; effects with the wrong sign."""
    plain = spec.model_copy(update={"medicines": (spec.medicines[0].model_copy(update={"share": 0.0}),)})
    cohort(plain, out=tmp_path / "no-ppi")
    found = difference(tmp_path / "no-ppi", alone, 0).filter(quantity="serum_mmol_per_l")
    takes = at_day(alone, 0)["takes_A02BC01"].to_numpy()
    own, other = (at_day(folder, 0)["serum_mmol_per_l"].to_numpy() for folder in (tmp_path / "no-ppi", alone))
    assert (other < own)[takes].all()
    assert (other == own)[~takes].mean() > 0.9  # the search for a level may end on another last digit
    assert found["mean"].item() == pytest.approx((other - own).mean(), rel=1e-3)
    assert found["p95"].item() == pytest.approx(0, abs=1e-6)
    assert found["below_85_percent_other"].item() >= found["below_85_percent"].item()
    gain = at_day(alone, 5).select(pl.col("absorbed_mg_per_day") - at_day(alone, 0)["absorbed_mg_per_day"])
    helped = at_day(alone)["supplement_policy"].to_numpy()
    gain = gain.to_series().to_numpy()
    assert gain[helped].mean() > gain[~helped].mean() + 10


@pytest.mark.parametrize("mode", ["meals", "daily"])
def test_a_policy_on_food_begins_on_day_0(spec, tmp_path, mode):
    """Catches: bodies at rest on the food of the policy, a policy of one of the two days, food of other people."""
    pool = pool_like(EXAMPLES)
    small = spec.model_copy(
        update={"mode": mode, "supplements": (), "people": spec.people.model_copy(update={"number": 60})}
    )
    first_day_doubled = pool.with_intake(pool.intake_mg * [2.0, 1.0], "USER: the first day twice")
    folders = [tmp_path / "plain", tmp_path / "policy"]
    cohort(small, out=folders[0], survey=pool)
    cohort(small, out=folders[1], survey=pool, later=first_day_doubled)
    absorbed, serum = (
        [
            np.stack([at_day(folder, day)[name].to_numpy() for folder in folders])
            for day in range(6)
        ]
        for name in ("absorbed_mg_per_day", "serum_mmol_per_l")
    )  # fmt: skip
    assert (serum[0][0] == serum[0][1]).all()
    more = [float((day[1] - day[0]).mean()) for day in absorbed]
    assert more[1] > 5
    assert more[5] > 5
    if mode == "meals":  # the second of the days in turn is as it was
        assert more[2] < more[1] / 4
    assert json.loads((folders[1] / "manifest.json").read_text())["food_later"]["source"].endswith("twice")
    with pytest.raises(InputProblems) as error:
        cohort(small, out=folders[0], survey=pool, later=first_day_doubled, resume=True)
    assert [problem.field for problem in error.value.problems] == ["food_later"]
    with pytest.raises(ValueError, match="other survey people"):
        Job.of(small, pool, dataclasses.replace(pool, seqn=pool.seqn[::-1]))


def test_cohorts_of_other_people_are_not_compared(spec, alone, tmp_path):
    """Catches: a difference of two cohorts that share nobody."""
    other = spec.model_copy(update={"people": spec.people.model_copy(update={"seed": 9, "number": 20})})
    cohort(other, out=tmp_path / "other")
    with pytest.raises(InputProblems) as error:
        difference(alone, tmp_path / "other")
    assert {problem.field for problem in error.value.problems} == {"seed", "people.seed", "people.number"}


@pytest.mark.parametrize("workers", [1, 2])
def test_a_place_that_cannot_be_written_is_told(spec, tmp_path, workers):
    """Catches: a traceback, or a wait without end, when the disk refuses; a problem lost between processes."""
    cohort(spec, out=tmp_path / "full")
    shutil.rmtree(tmp_path / "full" / "days")
    (tmp_path / "full" / "days").write_text("in the way")
    with pytest.raises(InputProblems) as error:
        cohort(spec, out=tmp_path / "full", workers=workers, resume=True)
    assert [problem.code for problem in error.value.problems] == ["file_unwritable"]


def test_a_cohort_that_is_not_done_gives_no_table(spec, tmp_path):
    """Catches: prevalence of half a cohort told as that of all."""
    cohort(spec, out=tmp_path / "half")
    (tmp_path / "half" / "days" / "part-00002.parquet").unlink()
    for folder, code in ((tmp_path / "half", "cohort_not_done"), (tmp_path, "cohort_missing")):
        with pytest.raises(InputProblems) as error:
            at_day(folder)
        assert [problem.code for problem in error.value.problems] == [code]


BAD = """
dayz = 5
part = 0
[people]
number = "many"
seed = 1
age_from = 60
[[medicines]]
medicine = "omeprazole"
share = 1.5
[[supplements]]
name = "a"
salt = "citrate"
elemental_mg = 0
begins = "day0"
"""


def test_what_is_wrong_in_a_file_is_told_with_line_and_nearest(tmp_path):
    """Catches: a field that is ignored because it is misspelt; one problem at a time; no line."""
    path = tmp_path / "bad.toml"
    path.write_text(BAD)
    with pytest.raises(InputProblems) as error:
        read_cohort(path)
    found = {problem.field: (problem.code, problem.line, problem.nearest) for problem in error.value.problems}
    assert found == {
        "dayz": ("field_unknown", 2, ("days",)),
        "part": ("number_range", 3, ()),
        "people.number": ("number_invalid", 5, ()),
        "medicines.0.share": ("number_range", 10, ()),
        "supplements.0.elemental_mg": ("number_range", 14, ()),
        "supplements.0.begins": ("choice_unknown", 15, ("day_0",)),
    }


def test_names_in_a_file_are_checked(tmp_path):
    """Catches: an unknown medicine or salt that does nothing; two supplements of one name; ages the wrong way round."""
    rows = (
        '[people]\nage_from = 60\nage_to = 20\n[[medicines]]\nmedicine = "omeprazoll"\nshare = 0.1\n'
        '[[supplements]]\nname = "a"\nsalt = "citraat"\nelemental_mg = 1\n'
        '[[supplements]]\nname = "a"\nsalt = "citrade"\nelemental_mg = 1\n'
    )
    path = tmp_path / "names.toml"
    path.write_text(rows)
    with pytest.raises(InputProblems) as error:
        read_cohort(path)
    found = {(problem.field, problem.line, problem.code) for problem in error.value.problems}
    assert found == {
        ("people.age_to", 3, "number_range"),
        ("medicines.0.medicine", 5, "medicine_not_found"),
        ("supplements.1.name", 12, "cohort_name_twice"),
        ("supplements.1.salt", 13, "salt_unknown"),
    }


def test_the_committed_schema_is_that_of_the_records(spec):
    """Catches: a field that the schema does not know, and a schema that refuses a good file."""
    committed = json.loads((Path(cohort_spec.__file__).parent / cohort_spec.SCHEMA_FILE).read_text(encoding="utf-8"))
    assert committed == schema()
    Draft202012Validator.check_schema(committed)
    Draft202012Validator(committed).validate(spec.model_dump(mode="json"))
    assert list(Draft202012Validator(committed).iter_errors({"dayz": 1}))
    assert CohortSpec.model_validate(spec.model_dump(mode="json")) == spec


def test_the_command_makes_resumes_and_refuses(spec_file, tmp_path):
    """Catches: sizes of the command line ignored, a refusal without words or with exit code 0."""
    out = tmp_path / "cli"
    words = ["cohort", str(spec_file), "--out", str(out), "--people", "40", "--days", "3"]
    result = CliRunner().invoke(cli, words, env={"MAGNES_LANG": "en"})
    assert result.exit_code == 0, result.output
    assert "40 people, 3 days, 2 parts made now" in result.output
    assert "below 0.75 mmol/L" in result.output
    assert "examples" in result.output
    again = CliRunner().invoke(cli, words, env={"MAGNES_LANG": "nl"})
    assert again.exit_code == 1
    assert "--resume" in again.output
    resumed = CliRunner().invoke(cli, [*words, "--resume"], env={"MAGNES_LANG": "nl"})
    assert "0 delen nu gemaakt" in resumed.output
