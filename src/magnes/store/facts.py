"""Facts as typed: a dictionary that JSON and every file format can hold. The readers judge what it means, not this."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from typing import Any

from magnes.errors import Problems

__all__ = ["Facts", "changed_fields", "check_facts", "clean_facts"]

Facts = dict[str, Any]

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)  # as the file formats name their fields
MOST_KEYS, MOST_ITEMS, DEEPEST = 60, 200, 4
LONGEST_TEXT, LARGEST_BYTES = 4000, 64_000
LARGEST_WHOLE = 10**15
CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]"
)  # what TOML or a database refuses; tab and line ends stay


def clean_facts(facts: Mapping[str, Any]) -> Facts:
    """Return the facts ready to be stored; dates and times as text. Raises ``InputProblems``."""
    problems = Problems()
    checked = check_facts(facts, problems, "")
    problems.stop()
    return checked


def check_facts(facts: object, problems: Problems, place: str) -> Facts:
    """Return facts ready to be stored; what cannot be is noted with its place."""
    before = len(problems.found)
    checked = _table(facts, problems, place, 1)
    if len(problems.found) == before and len(json.dumps(checked)) > LARGEST_BYTES:
        problems.add("store_facts_large", field=place, accepted=f"{LARGEST_BYTES // 1000} kB")
    return checked


def changed_fields(before: Facts, after: Facts) -> str:
    """Names of the fields that differ, for the audit: never what they say."""
    return ", ".join(key for key in sorted({*before, *after}) if before.get(key) != after.get(key))


def _table(value: object, problems: Problems, place: str, depth: int) -> Facts:
    if not isinstance(value, Mapping) or len(value) > MOST_KEYS or depth > DEEPEST:
        problems.add("store_facts", field=place, found=type(value).__name__)
        return {}
    checked = {}
    for key, item in value.items():
        if isinstance(key, str) and KEY.fullmatch(key):
            checked[key] = _value(item, problems, f"{place}.{key}" if place else key, depth + 1)
        else:
            problems.add("store_facts", field=place, found=key)
    return checked


def _value(value: object, problems: Problems, place: str, depth: int) -> Any:
    if isinstance(value, str):
        if len(value) > LONGEST_TEXT or CONTROL.search(value):
            problems.add("store_text", field=place, found=value, accepted=str(LONGEST_TEXT))
        return str(value)
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)) and abs(value) < LARGEST_WHOLE:  # false for what is no number or endless
        return value
    if isinstance(value, (dt.date, dt.time)) and not isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, (list, tuple)) and len(value) <= MOST_ITEMS and depth <= DEEPEST:
        return [_value(item, problems, f"{place}.{number}", depth + 1) for number, item in enumerate(value)]
    if isinstance(value, Mapping):
        return _table(value, problems, place, depth)
    problems.add("store_facts", field=place, found=type(value).__name__)
    return None
