"""The reference adult at rest: what flows, and what steers what."""

from __future__ import annotations

import pytest

from magnes.body.model import DAILY, LUMEN, MEALS, Mode
from magnes.body.resting import ABSORBED, PTH, amounts_at_rest, flows_at_rest, reference_body, steering


@pytest.mark.parametrize("mode", [MEALS, DAILY], ids=lambda mode: mode.name)
def test_what_comes_in_goes_out(mode: Mode) -> None:
    # catches: a flow that is left out of the picture, a mean over half a day
    flows, sinks = flows_at_rest(mode), {state.name for state in mode.states if state.sink}
    assert set(flows) == {flow.name for flow in mode.flows}
    out = sum(flows[flow.name] for flow in mode.flows if flow.target in sinks)
    assert out == pytest.approx(reference_body()[0]["intake_mmol_per_day"], rel=1e-3)
    for state in mode.states:
        if not state.sink and state not in LUMEN:
            net = sum(
                flows[flow.name] * ((flow.target == state.name) - (flow.source == state.name)) for flow in mode.flows
            )
            assert abs(net) < 0.02, state.name


def test_the_bowel_holds_its_mean_of_the_day() -> None:
    # catches: an empty bowel beside the flows that leave it
    amounts, flows = amounts_at_rest(MEALS), flows_at_rest(MEALS)
    unhurried = amounts["gut_upper"] * reference_body()[0]["transit_per_day"]
    assert 1 < flows["moved_on"] / unhurried < 1.3  # what is dissolved hurries the bowel a little
    assert amounts["gut_solid"] == 0
    assert set(amounts_at_rest(DAILY)) == {state.name for state in DAILY.states}


def test_what_steers_is_read_from_the_equations() -> None:
    # catches: a sign turned round, a driver lost behind another
    known = steering(MEALS)
    assert known["urine"] == {"Ca": 1, "conservation": -1}
    assert known["uptake_upper"] == {"calcitriol": 1}
    assert known["out_of_bone_crystal"] == {PTH: 1}
    assert known["potassium_urine"] == {"Mg": -1}
    assert known[PTH] == {"Ca": -1, "Mg": -1, "gland": 1}
    assert known["conservation"] == {"Mg": -1, "gut_signal": -1}
    assert known["gut_signal"] == {ABSORBED: 1}
    assert known["gland"] == {"Ca": -1, "calcitriol": -1}
    assert steering(DAILY)["left"] == {"calcitriol": -1}
