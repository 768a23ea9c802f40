"""A TOML file that asks for a computation -> a record; what pydantic refuses becomes problems with line and nearest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

from pydantic import AfterValidator, ValidationError
from pydantic_core import PydanticCustomError

from magnes import toml_lines
from magnes.errors import Problems, nearest
from magnes.estimate import Record
from magnes.readers.oral_salts import check_salt
from magnes.readers.textfile import read_text

__all__ = ["OralSalt", "checked", "read_spec", "spec_of_text", "spec_schema", "wrong_field"]

R = TypeVar("R", bound=Record)
OWN = "magnes"  # type of an error that names the problem itself
SIGNS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}


def read_spec(path: str | Path, kind: type[R]) -> tuple[R, dict[toml_lines.Path, int]]:
    """Read a record of this kind, and the line of each field. Raises ``InputProblems`` with all problems at once."""
    return spec_of_text(read_text(Path(path)), kind, str(path))


def spec_of_text(text: str, kind: type[R], file: str = "") -> tuple[R, dict[toml_lines.Path, int]]:
    """Read a record from TOML text, as ``read_spec``."""
    problems = Problems(file)
    data, lines = toml_lines.load(text, problems)
    return checked(kind, data, problems, lines), lines


def spec_schema(kind: type[Record], name: str, version: str) -> dict[str, Any]:
    """JSON Schema (2020-12) of a file of this kind; its ``$id`` is a name, not an address."""
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:magnes:{name}:{version}",
        "title": f"Magnes {name} {version}",
    }
    return head | {key: value for key, value in kind.model_json_schema().items() if key not in head}


def checked(kind: type[R], data: Mapping[str, Any], problems: Problems, lines: dict[toml_lines.Path, int]) -> R:
    """Return the record of these fields, or raise ``InputProblems`` with everything that is wrong with them."""
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        for one in error.errors(include_url=False):
            path, records = _place(kind, one["loc"])
            context = dict(one.get("ctx", {}))
            if one["type"] == "too_short" and len(one["input"]) >= context["min_length"]:
                continue  # too short without the rows that were refused, which are told
            if "discriminator" in context:
                path = (*path, context["discriminator"].strip("'"))
            if one["type"] == OWN:
                code, facts = context["code"], context["facts"]
            else:
                code, facts = _problem(records, path, one["type"], one["input"], context)
            problems.add(code, line=toml_lines.line_of(path, lines), field=".".join(map(str, path)), **facts)
    problems.stop()
    raise AssertionError  # an error always makes a problem


def wrong_field(code: str, **facts: Any) -> PydanticCustomError:
    """Return the error by which a validator of a field names a problem."""
    return PydanticCustomError(OWN, "{code}", {"code": code, "facts": facts})


def _oral_salt(salt: str) -> str:
    def refuse(code: str, **facts: Any) -> None:
        raise wrong_field(code, **facts)

    check_salt(salt, refuse)
    return salt


OralSalt = Annotated[str, AfterValidator(_oral_salt)]


def _problem(
    records: tuple[Any, ...], path: toml_lines.Path, name: str, found: Any, context: dict[str, Any]
) -> tuple[str, dict[str, Any]]:
    """Return code and facts of one error of pydantic; ``records``: what may stand at its place."""
    if name in ("missing", "missing_argument", "union_tag_not_found") or name.endswith("too_short"):
        return "field_missing", {}
    if name in ("extra_forbidden", "unexpected_keyword_argument"):
        known = tuple(_annotations(records[0]))
        return "field_unknown", {"accepted": ", ".join(known), "nearest": nearest(str(path[-1]), known)}
    if name in ("literal_error", "union_tag_invalid"):
        words = (
            str(context.get("expected") or context["expected_tags"]).replace("'", "").replace(" or ", ", ").split(", ")
        )
        found = context.get("tag", found)
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
    if name == "too_long":
        return "too_many", {"found": context["actual_length"], "accepted": str(context["max_length"])}
    return "table_invalid" if records else "list_invalid", {"found": found, "accepted": _form(name, path, records)}


def _form(name: str, path: toml_lines.Path, records: tuple[Any, ...]) -> str:
    if not path or not records:
        return "[…]" if path else "TOML"
    if isinstance(path[-1], int):
        return f"[[{path[0]}]]"
    return f"[[{path[-1]}]]" if name.startswith("tuple") else f"[{path[-1]}]"


def _place(kind: Any, place: tuple[int | str, ...]) -> tuple[toml_lines.Path, tuple[Any, ...]]:
    """Return the path in the file of a place that pydantic tells, and the records that may stand there."""
    path: list[int | str] = []
    records, named = (kind,), False
    for step in place:
        if isinstance(step, str) and len(records) > 1:  # not in the file: which of the records was meant
            records = tuple(
                one for one in records if any(step in get_args(kind) for kind in _annotations(one).values())
            )
            continue
        if isinstance(step, str) and not named and records and step in _annotations(records[0]):
            annotation = _annotations(records[0])[step]
            records, named = tuple(_records(annotation)), get_origin(annotation) is dict
        elif named:  # the file chooses the name
            named = False
        path.append(step)
    return tuple(path), records


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
