"""The body model as tables: complete, in both languages, with sources."""

from __future__ import annotations

import json

import pytest

from magnes.body.model import DAILY, MEALS
from magnes.knowledge.body_parameters import BodyParameter
from magnes.knowledge.load import table
from magnes.report.body_table import body_lines, body_records
from magnes.text import LANGUAGES, Language, translate


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lines_hold_everything(language: Language) -> None:
    # catches: a new flow, signal or parameter that the table forgets, a name without a text
    lines = list(body_lines(language))
    heads = [line.split("  ")[0].strip() for line in lines]
    for flow in (*MEALS.flows, *DAILY.flows):
        place = heads.index(translate(f"body.flow.{flow.name}", language))
        assert lines[place].endswith(", ".join(flow.sources))
        assert " → " in lines[place + 1]
    for signal in MEALS.signals:
        assert translate(f"body.signal.{signal.name}", language) in heads
    for row in table(BodyParameter):
        (line,) = [line for line in lines if line.startswith(f"{row.name} ")]
        assert (translate("estimate.unverified", language) in line) != row.verified
        assert translate(f"body.role.{row.role}", language) in line
        assert row.sources[0] in line


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_records_hold_everything(language: Language) -> None:
    # catches: something that JSON cannot write, a flow without formula
    records = json.loads(json.dumps(body_records(language)))
    names = list(dict.fromkeys(flow.name for flow in (*MEALS.flows, *DAILY.flows)))
    assert [row["name"] for row in records["flows"]] == names
    modes = {row["name"]: row["modes"] for row in records["flows"]}
    assert (modes["urine"], modes["left"], modes["moved_on"]) == (["meals", "daily"], ["daily"], ["meals"])
    urine = next(row for row in records["flows"] if row["name"] == "urine")
    assert urine["formula"] == "gfr_l_per_day * escaped"
    assert urine["steered_by"] == {"Ca": 1, "conservation": -1}
    assert "escaped" in records["quantities"]
    assert len(records["parameters"]) == len(table(BodyParameter))
    assert {"value", "low", "high", "unit", "role", "sources", "verified"} <= set(records["parameters"][0])
    assert [row["name"] for row in records["states"]] == [state.name for state in MEALS.states]
    assert [row["name"] for row in records["signals"]] == [signal.name for signal in MEALS.signals]


def test_the_two_languages_differ_in_words_only() -> None:
    # catches: a number that changes with the language
    def without_words(language: Language) -> list[dict[str, object]]:
        return [{key: value for key, value in row.items() if key != "text"} for row in body_records(language)["flows"]]

    assert without_words("nl") == without_words("en")
