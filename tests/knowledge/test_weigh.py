"""Unverified rows by weight: what a dose or a stop rests on comes first."""

from __future__ import annotations

from magnes.knowledge.clinical import Contraindication, Interaction
from magnes.knowledge.load import table
from magnes.knowledge.weigh import unverified


def test_the_heaviest_come_first_and_none_is_left_out() -> None:
    # catches: a stop from memory at the foot of a list of portions
    rows = unverified()
    assert [row.weight for row in rows] == sorted((row.weight for row in rows), reverse=True)
    listed = {row.name for row in rows}
    for kind in (Contraindication, Interaction):
        assert {row.id for row in table(kind) if not row.verified} <= listed


def test_weights_follow_what_rests_on_a_row() -> None:
    # catches: weights that do not tell a stop from a household measure
    weight = {row.name: row.weight for row in unverified()}
    stops = [row.id for row in table(Contraindication) if row.level == "stop" and not row.verified]
    assert all(weight[name] == 5 for name in stops)
    assert weight["absorption_a_max"] == 4
    assert set(weight.values()) <= {1, 2, 3, 4, 5}


def test_every_row_has_its_place() -> None:
    # catches: a list that nobody can act on
    assert all(row.line >= 1 and row.file for row in unverified())
