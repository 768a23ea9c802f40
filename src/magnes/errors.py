"""What went wrong with an input: which file, line and field, what was found, what is accepted, what is nearest.

Problems are data, not sentences: a ``code`` with its facts. ``magnes.text`` turns them into Dutch or English.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field

__all__ = ["InputProblems", "Problem", "Problems", "nearest"]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where.

    ``code`` names the kind of problem; ``accepted`` describes or lists what would have been right.
    """

    code: str
    file: str = ""
    line: int | None = None
    field: str = ""
    found: str = ""
    accepted: str = ""
    nearest: tuple[str, ...] = ()

    def __str__(self) -> str:
        place = ":".join(filter(None, (self.file, str(self.line or ""))))
        parts = [place, self.field, self.code, f"found {self.found!r}" if self.found else ""]
        parts += [f"accepted {self.accepted}" if self.accepted else ""]
        parts += [f"nearest {', '.join(self.nearest)}" if self.nearest else ""]
        return "; ".join(filter(None, parts))


class InputProblems(Exception):  # noqa: N818 - it carries several problems, the name says so
    """Everything that is wrong with an input, all at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[InputProblems], tuple[tuple[Problem, ...]]]:
        """Keep the problems on the way from another process."""
        return InputProblems, (self.problems,)


@dataclass
class Problems:
    """Collects problems of one input; ``stop`` raises them together."""

    file: str = ""
    found: list[Problem] = field(default_factory=list)

    def add(
        self,
        code: str,
        *,
        line: int | None = None,
        field: str = "",
        found: object = "",
        accepted: str = "",
        nearest: Iterable[str] = (),
    ) -> None:
        """Note one problem of this file."""
        self.found.append(Problem(code, self.file, line, field, _short(found), accepted, tuple(nearest)))

    def stop(self) -> None:
        """Raise ``InputProblems`` when there is at least one."""
        if self.found:
            raise InputProblems(self.found)


def nearest(word: str, known: Iterable[str], count: int = 3, *, likeness: float = 0.6) -> tuple[str, ...]:
    """Return up to ``count`` known words that look like ``word`` (``likeness`` 0 to 1), best first.

    >>> nearest("fmale", ["female", "male"], 1)
    ('female',)
    """
    options = {option.lower(): option for option in known}
    found = difflib.get_close_matches(word.lower(), list(options), n=count, cutoff=likeness)
    return tuple(options[name] for name in found)


def _short(found: object, limit: int = 80) -> str:
    try:
        text = str(found)
    except (ValueError, RecursionError):  # an integer of thousands of digits, a list in a list in a list
        text = type(found).__name__
    text = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
    return text if len(text) <= limit else text[: limit - 1] + "…"
