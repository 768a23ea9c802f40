"""TOML with memory: the line of every key, and decimal numbers as typed (``1.234`` must stay refusable)."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from magnes.errors import Problems

__all__ = ["Literal", "load"]

Path = tuple[str | int, ...]


class Literal(str):
    """A decimal number as it stood in the file."""

    __slots__ = ()


def load(text: str, problems: Problems) -> tuple[dict[str, Any], dict[Path, int]]:
    """Parse TOML; return the data and the line of each key path, such as ``("labs", 0, "value")``.

    A syntax error becomes one problem with line and the text found there, and is raised.
    """
    try:
        data = tomllib.loads(text, parse_float=Literal)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        lines = text.splitlines()
        number = int(place.group(1)) if place else len(lines)
        found = lines[number - 1].strip() if 0 < number <= len(lines) else ""
        comma = re.fullmatch(r"[\w.-]+\s*=\s*\d+,\d+\s*(#.*)?", found)
        code = "toml_comma" if comma else "toml_broken"
        problems.add(code, line=number, found=found, accepted=str(error).split(" (at")[0])
        problems.stop()
    return data, _lines(text)


def _lines(text: str) -> dict[Path, int]:
    """Find the line of each table and key. Multi-line strings do not occur in our files; arrays of arrays neither."""
    found: dict[Path, int] = {}
    here: Path = ()
    count: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        array = re.match(r"\s*\[\[\s*([\w-]+)\s*\]\]", line)
        single = re.match(r"\s*\[\s*([\w-]+)\s*\]", line)
        key = re.match(r"\s*[\"']?([\w-]+)[\"']?\s*=", line)
        if array:
            name = array.group(1)
            here = (name, count.get(name, 0))
            count[name] = count.get(name, 0) + 1
            found[here] = number
        elif single:
            here = (single.group(1),)
            found[here] = number
        elif key:
            found.setdefault((*here, key.group(1)), number)
    return found
