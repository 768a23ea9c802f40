"""Random writes to one person: as a list of what to do, as a model of what must come of it, and as a program.

As a program (``random_writes.py DATABASE SEED``) it writes them one transaction each and says ``done N`` behind each
that the store confirmed, so that whoever ends it knows what must be there afterwards.
"""

from __future__ import annotations

import copy
import random
import sys
from dataclasses import dataclass, field

WRITES = 200


@dataclass
class Line:
    facts: dict[str, str]
    deleted: bool = False


@dataclass
class Model:
    """What the diary must hold after some writes."""

    lines: list[Line] = field(default_factory=list)

    def living(self) -> list[dict[str, str]]:
        return [line.facts for line in self.lines if not line.deleted]


Write = tuple[str, int, dict[str, str]]  # what, which line, which facts


def writes(seed: int) -> list[Write]:
    """The same writes for the same seed; each is possible after those before it."""
    draw, model, found = random.Random(seed), Model(), []
    while len(found) < WRITES:
        kind = draw.choice(("add", "add", "change", "delete", "restore"))
        wanted = kind == "restore"
        lines = [number for number, line in enumerate(model.lines) if line.deleted == wanted]
        if kind != "add" and not lines:
            continue
        facts = {"food": f"brood {len(found)}", "remark": "x" * draw.randint(0, 3000)}
        write = (kind, 0 if kind == "add" else draw.choice(lines), facts)
        apply(model, write)
        found.append(write)
    return found


def apply(model: Model, write: Write) -> None:
    kind, number, facts = write
    if kind == "add":
        model.lines.append(Line(facts))
    elif kind == "change":
        model.lines[number].facts = facts
    else:
        model.lines[number].deleted = kind == "delete"


def states(seed: int) -> list[list[dict[str, str]]]:
    """What must be there after 0, 1, 2, … writes."""
    model, found = Model(), [[]]
    for write in writes(seed):
        apply(model, write)
        found.append(copy.deepcopy(model.living()))
    return found


def main(database: str, seed: int) -> None:
    from magnes.store.engine import open_store
    from magnes.store.entries import Entries
    from magnes.store.people import People
    from magnes.store.users import first_practice

    store = open_store(database)
    with store.begin() as session:
        scope = first_practice(session, "Een")
        person = People(session, scope).add({"label": "Anna"}).id
    print("ready", flush=True)
    ids: list[int] = []
    for count, (kind, number, facts) in enumerate(writes(seed), start=1):
        with store.begin() as session:
            entries = Entries(session, scope, person)
            if kind == "add":
                made = entries.add("diary", facts).id
            elif kind == "change":
                entries.change(ids[number], facts)
            elif kind == "delete":
                entries.delete(ids[number])
            else:
                entries.restore(ids[number])
        if kind == "add":
            ids.append(made)
        print("done", count, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
