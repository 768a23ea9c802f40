"""Published trials that are replayed: the numbers are those of the rows, and the replay runs."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from magnes.knowledge.load import table
from magnes.knowledge.targets import Target
from magnes.population.pool import pool_like

ROOT = Path(__file__).parents[2]


def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("replay_trials", ROOT / "tools" / "replay_trials.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


REPLAYS = {replay.name: replay for replay in tool().replays()}
UNITS = {"serum": "mmol/L", "urine_24h": "mmol/d"}


def test_at_least_three_trials_and_some_that_were_not_fitted_to() -> None:
    # catches: a validation against the data of the calibration alone
    assert len(REPLAYS) >= 3
    assert sum(any(row.use == "validate" for row in replay.published) for replay in REPLAYS.values()) >= 3


@pytest.mark.parametrize("name", REPLAYS)
def test_numbers_and_citation_are_those_of_the_row(name: str) -> None:
    # catches: a number that drifted from the table, a row that was not read, an endpoint in another unit
    rows = {row.id: row for row in table(Target)}
    for published in REPLAYS[name].published:
        row = rows[published.target]
        assert (published.value, published.low, published.high) == (row.value, row.low, row.high)
        assert published.unit == row.unit == UNITS[published.endpoint]
        assert published.use == row.use
        assert row.verified
        assert published.citation.startswith(row.citation)
        assert published.arm in REPLAYS[name].spec.arms


def test_a_trial_can_be_replayed() -> None:
    # catches: a tool that only works on the files of one machine
    module, replay = tool(), REPLAYS["joris-2016"]
    few = replay.spec.people.model_copy(update={"number": 30, "ages": (18, 85), "bmi": None, "egfr_from": None})
    spec = replay.spec.model_copy(update={"enrol": 20, "days": 7, "measure_days": (), "people": few})
    small = module.Replay("small", spec, replay.published, replay.assumed)
    page = "\n".join(module.lines(small, pool_like("examples"), 2))
    assert page.count("| calibrate | citrate |") == 2
    assert "0.02 (0 to 0.04) mmol/L" in page
