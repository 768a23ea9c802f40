"""The JSON form of an assessment and its schema. A change of the committed schema is a change of the contract.

``python -m magnes.report.schema > src/magnes/report/assessment-1.0.schema.json`` writes it.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from magnes.report.build import SCHEMA_VERSION, Assessment

__all__ = ["SCHEMA_FILE", "schema", "to_json"]

SCHEMA_FILE = f"assessment-{SCHEMA_VERSION}.schema.json"


def schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of what ``to_json`` writes; its ``$id`` is a name, not an address."""
    body = Assessment.model_json_schema(mode="serialization")
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:magnes:assessment:{SCHEMA_VERSION}",
        "title": f"Magnes assessment {SCHEMA_VERSION}",
        "description": "Magnesium intake, need, supplement limit, absorption, laboratory values and findings of a"
        " person. Every quantity has value, 90 % interval, unit, source keys and whether those sources were read."
        " Information and risk indication, not a diagnosis.",
    }
    return head | {key: value for key, value in body.items() if key not in head}


def to_json(assessment: Assessment, indent: int | None = 2) -> str:
    """Return an assessment as JSON text: UTF-8 kept, keys in the order of the record."""
    return assessment.model_dump_json(indent=indent)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(schema(), indent=2, ensure_ascii=False) + "\n")
