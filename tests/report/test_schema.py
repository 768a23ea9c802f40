"""The JSON form: the committed schema is the contract, real assessments keep to it."""

import json
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator, ValidationError

from magnes.report.build import SCHEMA_VERSION, Assessment
from magnes.report.schema import SCHEMA_FILE, schema, to_json

KEYS = [
    "schema_version",
    "person",
    "intake",
    "need",
    "limit",
    "absorbed",
    "status",
    "findings",
    "advice",
    "sources",
    "provenance",
]


def committed() -> dict:
    return json.loads((files("magnes.report") / SCHEMA_FILE).read_text(encoding="utf-8"))


def estimates(value: object):
    if isinstance(value, dict):
        if {"low", "high"} <= value.keys():
            yield value
        for part in value.values():
            yield from estimates(part)
    elif isinstance(value, list):
        for part in value:
            yield from estimates(part)


def test_committed_schema_is_the_schema_of_the_records() -> None:
    # catches: a record changed without a decision about the contract; rewrite with python -m magnes.report.schema
    assert committed() == schema()


def test_schema_is_valid_and_names_no_address() -> None:
    # catches: a broken schema, and an $id that a validator would fetch
    Draft202012Validator.check_schema(schema())
    assert schema()["$id"] == f"urn:magnes:assessment:{SCHEMA_VERSION}"
    assert schema()["title"]
    assert "not a diagnosis" in schema()["description"]


def test_assessment_validates_and_comes_back_the_same(found: Assessment) -> None:
    # catches: a number or date that JSON writes and cannot read back
    text = to_json(found)
    Draft202012Validator(committed()).validate(json.loads(text))
    assert Assessment.model_validate_json(text) == found


def test_top_level_keys(found: Assessment) -> None:
    # catches: a key added, dropped or renamed without a new version
    data = json.loads(to_json(found))
    assert list(data) == KEYS
    assert data["schema_version"] == SCHEMA_VERSION


def test_every_estimate_is_complete_and_its_sources_are_listed(found: Assessment) -> None:
    # catches: a quantity without unit or source, and a source key that leads nowhere
    data = json.loads(to_json(found))
    known = {source["key"] for source in data["sources"]}
    seen = list(estimates(data))
    assert seen
    for estimate in seen:
        assert estimate.keys() == {"value", "low", "high", "unit", "sources", "verified"}
        assert set(estimate["sources"]) <= known


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"schema_version": 1}, "a number for a text"),
        ({"extra": True}, "an unknown key"),
        ({"findings": [{"code": "x"}]}, "half a finding"),
    ],
)
def test_schema_refuses(anna: Assessment, change: dict, reason: str) -> None:
    # catches: a schema that accepts anything
    data = json.loads(to_json(anna)) | change
    with pytest.raises(ValidationError):
        Draft202012Validator(committed()).validate(data)
