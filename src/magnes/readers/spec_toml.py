"""A TOML file that asks for a computation -> a record; what pydantic refuses becomes problems with line and nearest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args, get_type_hints

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from magnes import toml_lines
from magnes.errors import Problems, nearest
from magnes.estimate import Record
from magnes.readers.textfile import read_text

__all__ = ["checked", "read_spec", "wrong_field"]

R = TypeVar("R", bound=Record)
OWN = "magnes"  # type of an error that names the problem itself
SIGNS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}


def read_spec(path: str | Path, kind: type[R]) -> tuple[R, dict[toml_lines.Path, int]]:
    """Read a record of this kind, and the line of each field. Raises ``InputProblems`` with all problems at once."""
    problems = Problems(str(path))
    data, lines = toml_lines.load(read_text(Path(path)), problems)
    return checked(kind, data, problems, lines), lines


def checked(kind: type[R], data: Mapping[str, Any], problems: Problems, lines: dict[toml_lines.Path, int]) -> R:
    """Return the record of these fields, or raise ``InputProblems`` with everything that is wrong with them."""
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        for one in error.errors(include_url=False):
            path = tuple(one["loc"])
            context = dict(one.get("ctx", {}))
            if one["type"] == OWN:
                code, facts = context["code"], context["facts"]
            else:
                code, facts = _problem(kind, path, one["type"], one["input"], context)
            problems.add(code, line=toml_lines.line_of(path, lines), field=".".join(map(str, path)), **facts)
    problems.stop()
    raise AssertionError  # an error always makes a problem


def wrong_field(code: str, **facts: Any) -> PydanticCustomError:
    """Return the error by which a validator of a field names a problem."""
    return PydanticCustomError(OWN, "{code}", {"code": code, "facts": facts})


def _problem(
    kind: type[Record], path: toml_lines.Path, name: str, found: Any, context: dict[str, Any]
) -> tuple[str, dict[str, Any]]:
    """Return code and facts of one error of pydantic."""
    if name in ("missing", "missing_argument"):
        return "field_missing", {}
    if name in ("extra_forbidden", "unexpected_keyword_argument"):
        known = _fields(kind, path[:-1])
        return "field_unknown", {"accepted": ", ".join(known), "nearest": nearest(str(path[-1]), known)}
    if name == "literal_error":
        words = str(context["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
        return "choice_unknown", {
            "found": found,
            "accepted": ", ".join(words),
            "nearest": nearest(str(found), words),
        }
    if bounds := ", ".join(f"{sign} {context[key]:g}" for key, sign in SIGNS.items() if key in context):
        return "number_range", {"found": found, "accepted": bounds}
    if name.startswith(("float", "int", "finite")):
        return "number_invalid", {"found": found, "accepted": "2" if name.startswith("int") else "0.5"}
    if name.startswith("bool"):
        return "flag_invalid", {"found": found, "accepted": "true, false"}
    if name.startswith("string"):
        return "text_invalid", {"found": found}
    if name.startswith("time"):
        return "time_invalid", {"found": found, "accepted": '"08:30"'}
    if name == "too_short":
        return "field_missing", {}
    return "table_invalid" if name == "model_type" else "list_invalid", {"found": found, "accepted": _form(path)}


def _form(path: toml_lines.Path) -> str:
    return f"[[{path[0]}]]" if len(path) > 1 and isinstance(path[-1], int) else f"[{path[-1]}]" if path else "TOML"


def _fields(kind: Any, path: toml_lines.Path) -> tuple[str, ...]:
    """Return the fields that are known at a place; names that the file chooses are passed over."""
    for step in path:
        if isinstance(step, str) and step in _annotations(kind):
            kind = next(_records(_annotations(kind)[step]))
    return tuple(_annotations(kind))


def _annotations(kind: Any) -> dict[str, Any]:
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return {field.name: hints[field.name] for field in fields(kind)}
    return {name: field.annotation for name, field in kind.model_fields.items()}


def _records(annotation: Any) -> Any:
    """Yield the records that a type is made of."""
    if isinstance(annotation, type) and (is_dataclass(annotation) or issubclass(annotation, Record)):
        yield annotation
    for inner in get_args(annotation):
        yield from _records(inner)
