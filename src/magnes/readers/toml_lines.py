"""TOML with memory: the line of every key, and decimal numbers as typed (``1.234`` must stay refusable)."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from magnes.errors import Problems

__all__ = ["Literal", "line_of", "load"]

Path = tuple[str | int, ...]

_KEY = re.compile(r"""\s*(?:"([^"]+)"|'([^']+)'|([\w-]+))\s*[.=]""")  # of a dotted key the first part
_LONG_STRING = re.compile(r'''"""(?:[^\\]|\\.)*?"""|'{3}.*?'{3}''', re.DOTALL)


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
        lines = text.split("\n")  # TOML knows no other end of line
        number = int(place.group(1)) if place else len(text.rstrip().split("\n"))
        found = lines[number - 1].strip() if 0 < number <= len(lines) else ""
        comma = re.fullmatch(r"[\w.-]+\s*=\s*\d+,\d+\s*(#.*)?", found)
        if comma:
            problems.add("toml_comma", line=number, found=found)
        else:
            problems.add("toml_broken", line=number, found=found, accepted=str(error).split(" (at")[0])
        problems.stop()
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, arrays in arrays in arrays
        problems.add("toml_broken", found=error, accepted="TOML")
        problems.stop()
    return data, _lines(text)


def line_of(path: Path, lines: dict[Path, int]) -> int | None:
    """Return the line of a key, or of the table or inline array that it is in; ``None`` for an absent key."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return None


def _lines(text: str) -> dict[Path, int]:
    """Find the line of each table and key; inside multi-line strings there are none."""
    text = _LONG_STRING.sub(lambda match: "\n" * match[0].count("\n"), text)
    found: dict[Path, int] = {}
    here: Path = ()
    count: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        array = re.match(r"\s*\[\[\s*([\w-]+)\s*\]\]", line)
        single = re.match(r"\s*\[\s*([\w-]+)\s*\]", line)
        key = _KEY.match(line)
        if array:
            name = array.group(1)
            here = (name, count.get(name, 0))
            count[name] = count.get(name, 0) + 1
            found[here] = number
        elif single:
            here = (single.group(1),)
            found[here] = number
        elif key:
            found.setdefault((*here, next(filter(None, key.groups()))), number)
    return found
