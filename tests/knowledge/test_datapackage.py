"""The data package: every table with a schema that its own rows obey, nothing lost on the way."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from magnes.errors import InputProblems
from magnes.knowledge import clinical, indications, records
from magnes.knowledge.datapackage import export
from magnes.knowledge.load import table, tables


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package")
    export(folder, "1.2.3")
    return folder


@pytest.fixture(scope="module")
def described(package: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    return found


def rows(package: Path, resource: dict[str, Any]) -> list[dict[str, str]]:
    with (package / resource["path"]).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_every_table_is_a_resource(described: dict[str, Any]) -> None:
    # catches: a table that is added and not exported, two of one name
    names = [resource["name"] for resource in described["resources"]]
    assert len(names) == len(set(names)) == len(tables()) + 2 + 4 + 6
    assert all(re.fullmatch(r"[a-z0-9._-]+", name) for name in names)
    assert described["version"].startswith("1.2.3+")
    assert described["licenses"]
    assert len(described["sources"]) == len(table(records.Source))


def test_rows_and_columns_are_complete(package: Path, described: dict[str, Any]) -> None:
    # catches: a row or a column lost, a header in another order than the schema
    count = {resource["name"]: len(rows(package, resource)) for resource in described["resources"]}
    assert count["interactions"] == len(table(clinical.Interaction))
    assert count["interaction-effects"] == sum(len(row.effects) for row in table(clinical.Interaction))
    assert count["indication-effects"] == sum(len(row.effects) for row in table(indications.Indication))
    assert count["foods-sr28"] > 8000
    for resource in described["resources"]:
        header = (package / resource["path"]).read_text(encoding="utf-8").split("\n", 1)[0].split(",")
        assert header == [field["name"] for field in resource["schema"]["fields"]]


CASTS = {
    "string": str,
    "number": float,
    "integer": int,
    "boolean": {"true": True, "false": False}.__getitem__,
    "date": lambda text: re.fullmatch(r"\d{4}-\d\d-\d\d", text)[0],  # type: ignore[index]
}


def test_every_cell_is_of_its_type_and_allowed(package: Path, described: dict[str, Any]) -> None:
    # catches: True for true, a code outside the enum, a blank where the schema asks for a value
    for resource in described["resources"]:
        if resource["name"].startswith("foods-"):
            continue
        fields = resource["schema"]["fields"]
        for row in rows(package, resource):
            for field in fields:
                cell, rule = row[field["name"]], field.get("constraints", {})
                assert cell or not rule.get("required"), (resource["name"], field["name"])
                if cell:
                    CASTS[field["type"]](cell)
                    assert cell in rule.get("enum", [cell]), (resource["name"], field["name"], cell)


def test_keys(package: Path, described: dict[str, Any]) -> None:
    # catches: a primary key that is not unique, an effect whose parent is gone
    by_name = {resource["name"]: resource for resource in described["resources"]}
    for resource in by_name.values():
        key = resource["schema"].get("primaryKey")
        found = [tuple(row[name] for name in key) for row in rows(package, resource)] if key else []
        assert len(found) == len(set(found)), resource["name"]
        for foreign in resource["schema"].get("foreignKeys", ()):
            parent = foreign["reference"]
            known = {row[parent["fields"]] for row in rows(package, by_name[parent["resource"]])}
            assert {row[foreign["fields"]] for row in rows(package, resource)} <= known


def test_intervals_are_written_as_they_are_read(package: Path, described: dict[str, Any]) -> None:
    # catches: 50.. that comes back as 50
    (resource,) = [one for one in described["resources"] if one["name"] == "statements"]
    cells = {row["id"]: row["values"] for row in rows(package, resource)}
    assert cells["C0-003"] == "600..700"
    assert cells["C1-003"] == "50.."
    assert cells["C2-007"] == "female=300;male=350"


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    # catches: a person's own data/salts.csv overwritten
    own = tmp_path / "data" / "salts.csv"
    own.parent.mkdir()
    own.write_text("mine")
    with pytest.raises(InputProblems) as caught:
        export(tmp_path, "1")
    assert [problem.code for problem in caught.value.problems] == ["folder_not_empty"]
    assert own.read_text() == "mine"


def test_an_earlier_export_is_replaced_and_other_files_stay(tmp_path: Path) -> None:
    # catches: tables of an older version left among the new ones
    export(tmp_path, "1")
    (tmp_path / "data" / "notes.txt").write_text("mine")
    (tmp_path / "data" / "salts.csv").write_text("old")
    export(tmp_path, "2")
    assert (tmp_path / "data" / "salts.csv").read_text(encoding="utf-8").startswith("id,")
    assert (tmp_path / "data" / "notes.txt").read_text() == "mine"
