"""TOML with memory: the line of every key, and decimal numbers as typed (``1.234`` must stay refusable)."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from magnes.errors import Problems

__all__ = ["Literal", "line_of", "load"]

Path = tuple[str | int, ...]

_KEY = re.compile(r"""\s*(?:"([^"]+)"|'([^']+)'|([\w-]+))\s*[.=]""")  # of a dotted key the first part
_NAME = r"\s*([\w-]+(?:\s*\.\s*[\w-]+)*)\s*"
_TABLE = re.compile(rf"\s*(?:\[\[{_NAME.replace('(', '(?P<array>', 1)}\]\]|\[{_NAME.replace('(', '(?P<single>', 1)}\])")
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
    count: dict[Path, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        table = _TABLE.match(line)
        key = _KEY.match(line)
        if table:
            *parents, name = re.split(r"\s*\.\s*", table["array"] or table["single"])
            above: Path = ()
            for parent in parents:  # [[a.b]] belongs to the last [[a]]
                above = (*above, parent)
                above = (*above, count[above] - 1) if above in count else above
            here = (*above, name)
            if table["array"]:
                count[here] = count.get(here, 0) + 1
                here = (*here, count[here] - 1)
            found[here] = number
        elif key:
            found.setdefault((*here, next(filter(None, key.groups()))), number)
    return found
