"""The way from magnesium to a sign, a function or a cause, step by step, with how sure each step is."""

from __future__ import annotations

from collections.abc import Iterator

from magnes.estimate import merge_sources
from magnes.graph import Explanation, node_name, nodes_of
from magnes.knowledge.ledger import Cause, Function, Link, Sign
from magnes.report.answers.claims import claims_list
from magnes.report.answers.graph import shown_paths
from magnes.report.answers.paragraphs import GAP, Heading, Item, Piece, Plain, See, cited, liner
from magnes.statements import statement
from magnes.text import Language, in_language, number, translate

__all__ = ["explained"]

MOST_CLAIMS = 3
ALARM = "alarm"


def explained(found: Explanation, language: Language, *, everything: bool = False) -> Iterator[Piece]:
    """Return one explanation: what it is, the ways to it, what trials found, what else it may be.

    ``everything``: all statements of the pages, not the first few.
    """
    writer = _Writer(found, language, everything)
    yield from writer.all()


class _Writer:
    def __init__(self, found: Explanation, language: Language, everything: bool) -> None:
        self.everything = everything
        self.found, self.node, self.language = found, found.node, language
        self.line = liner(language)
        self.paths = () if isinstance(found.node, Cause) else shown_paths(found)

    def say(self, text_id: str, **facts: object) -> str:
        return translate(text_id, self.language, **facts)

    def all(self) -> Iterator[Piece]:
        yield Heading(in_language(self.node, "name", self.language), self.node.id)
        if isinstance(self.node, Sign) and self.node.category == ALARM:
            yield from self.alarm(self.node)
            return
        if isinstance(self.node, Sign) and self.node.red_flag:
            yield self.line("red_flag", self.say("answer.call_doctor"))
        yield from self.about()
        for path in self.paths:
            yield GAP
            yield from self.path(path)
        if isinstance(self.node, Cause):
            for link in self.found.onward:
                yield from self.step(link)
        yield from self.trials()
        if isinstance(self.node, Sign):
            yield self.line("else", in_language(self.node, "other", self.language))
        if self.found.statements:
            yield GAP
            yield Plain(self.say("answer.pages_say"))
            shown = self.found.statements if self.everything else self.found.statements[:MOST_CLAIMS]
            yield from claims_list(map(statement, shown), self.language, with_conflicts=False)
            if len(shown) < len(self.found.statements):
                yield Plain(self.say("answer.more_claims", count=len(self.found.statements) - len(shown)))
        yield GAP
        links = [link for path in self.paths for link in path]
        keys = merge_sources([self.node.sources, *(link.sources for link in links)])
        verified = self.node.verified and all(link.verified for link in links)
        yield cited(keys, self.language, verified=verified)

    def alarm(self, node: Sign) -> Iterator[Piece]:
        """Say whom to call and nothing of magnesium: nobody should read on first."""
        yield self.line("red_flag", in_language(node, "note", self.language))
        yield self.line("else", in_language(node, "other", self.language))

    def about(self) -> Iterator[Piece]:
        node = self.node
        if isinstance(node, Sign):
            if node.stage != "unclear":
                yield self.line("stage", self.say(f"stage.{node.stage}"))
            yield self.line("specificity", self.say(f"specificity.{node.specificity}"))
            yield self.line("from_level", self.level(node))
            yield self.line("remark", in_language(node, "note", self.language))
        elif isinstance(node, Function):
            yield self.line("mechanism", in_language(node, "mechanism", self.language))
            yield self.line("strength", self.say(f"strength.{node.strength}"))
        else:
            yield self.line("mechanism", in_language(node, "mechanism", self.language))
            yield self.line("effect", in_language(node, "effect", self.language))

    def level(self, node: Sign) -> str:
        """Serum or dose from which a sign of too much appears."""
        low, high, unit = node.serum_low_mmol_per_l, node.serum_high_mmol_per_l, "mmol/L"
        digits = 1
        if low is None and high is None:
            low, high, unit, digits = node.dose_low_mg, node.dose_high_mg, "mg/d", 0
        if low is None:
            return ""
        shown = number(low, self.language, digits)
        if high is not None and high != low:
            shown = self.say("answer.range", low=shown, high=number(high, self.language, digits))
        return f"{shown} {self.say(f'unit.{unit}')}"

    def path(self, path: tuple[Link, ...]) -> Iterator[Piece]:
        yield self.line("way", " → ".join(node_name(name, self.language) for name in nodes_of(path)))
        for link in path:
            yield from self.step(link)

    def step(self, link: Link) -> Iterator[Piece]:
        sure = self.say(f"link.{link.evidence}")
        yield Item(f"{in_language(link, 'mechanism', self.language)} [{sure}]")

    def trials(self) -> Iterator[Piece]:
        row = self.found.evidence
        if row is not None:
            yield GAP
            name = in_language(row, "name", self.language)
            yield self.line("trials", f"{name}: {in_language(row, 'conclusion', self.language)}")
            yield See(row.id, name, self.say("answer.more_evidence", name=name))
