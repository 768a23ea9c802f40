"""The flow of a day through the body of one person: bands as wide as what they carry, and the same as a table."""

from __future__ import annotations

from magnes.fit.flow import Flow, FlowOfDay, Place, flow_of_a_day
from magnes.fit.individual import Individual
from magnes.report.svg import Box, Drawing, wrapped
from magnes.report.tables import Table
from magnes.report.vega import WIDE
from magnes.report.wording import Line
from magnes.text import Language, number, translate

__all__ = ["flow_rows", "flow_svg"]

COLOURS: dict[Place, str] = {
    "food": "#009E73", "supplement": "#E69F00", "medicine": "#CC79A7", "bowel": "#8C7A6B", "not_absorbed": "#A6A6A6",
    "blood": "#D55E00", "urine": "#E3C800", "gut_loss": "#8C7A6B", "sweat": "#56B4E9", "child": "#CC79A7",
    "dialysis": "#7A6FB0", "kept": "#0072B2",
}  # fmt: skip
MARGIN, BAR, TALL = 14.0, 12.0, 230.0  # TALL: all that is eaten [pixels]
TITLE, TEXT, LINE = 15.0, 12.5, 15.0
GAP = 16.0  # between ends in one column
NEAR = 8.0  # from an end to its label
SEEN = 0.05  # mg/d: less is not drawn
WHOLE = 10  # mg/d: from here on without decimals
NARROW_BELOW = 500


def flow_rows(individual: Individual, language: Language) -> Table:
    """Return every flow of the day [mg/d]."""
    found = flow_of_a_day(individual)
    header = tuple(translate(f"flow.{name}", language) for name in ("from", "to", "amount"))
    rows = tuple(
        (
            Line(_place(flow.source, language)),
            Line(_place(flow.target, language)),
            Line(_amount(flow.mg_per_day, language), found.sources, verified=False),
        )
        for flow in found.flows
    )
    return Table(translate("flow.title", language), header, rows)


def flow_svg(individual: Individual, language: Language, width: int = WIDE) -> str:
    """Draw the day as SVG with a text alternative; ``width`` in pixels, 360 for a telephone."""
    found = flow_of_a_day(individual)
    said = [
        translate(
            "flow.one",
            language,
            source=_place(flow.source, language),
            target=_place(flow.target, language),
            amount=_amount(flow.mg_per_day, language),
        )
        for flow in found.flows
        if flow.mg_per_day >= SEEN
    ]
    picture = _Picture(found, language, width)
    height = picture.draw()
    picture.drawing.parts.insert(0, f'<rect width="{width}" height="{height:g}" fill="white"/>')
    words = "; ".join(said) + ". " + " ".join(picture.notes)
    return picture.drawing.svg(width, height, translate("flow.title", language), words)


def _place(place: Place, language: Language) -> str:
    return translate(f"flow.place.{place}", language)


def _amount(mg: float, language: Language) -> str:
    """Return whole mg, one decimal below ten; nothing is 0."""
    if abs(mg) < SEEN:
        return "0"
    return number(mg, language, 0 if mg >= WHOLE else 1)


class _Picture:
    def __init__(self, found: FlowOfDay, language: Language, width: int) -> None:
        self.found, self.language, self.width, self.drawing = found, language, width, Drawing()
        flows = [flow for flow in found.flows if flow.mg_per_day >= SEEN]
        self.eaten = [flow for flow in flows if flow.target == "bowel"]
        self.given = [flow for flow in flows if flow.target == "blood" and flow.source != "bowel"]
        self.lost = found.into("not_absorbed")
        self.absorbed = found.out_of("bowel") - self.lost
        self.ends = [flow for flow in flows if flow.source == "blood"]
        self.scale = TALL / max(sum(flow.mg_per_day for flow in (*self.eaten, *self.given)), 1.0)
        narrow = width < NARROW_BELOW
        self.room = 82.0 if narrow else 150.0  # for labels at either side
        self.left_x, self.right_x = MARGIN + self.room, width - MARGIN - self.room - BAR
        span = self.right_x - self.left_x
        self.bowel_x, self.blood_x = (self.left_x + span * share for share in (0.36, 0.68))
        kept = any("kept" in (flow.source, flow.target) for flow in flows)
        self.notes = [] if kept else [translate("flow.kept_nothing", language)]
        self.notes.append(translate("flow.means", language, draws=found.draws))

    def draw(self) -> float:
        """Draw everything and return the height."""
        top = self.heading() + 46
        given_tall = self.tall(sum(flow.mg_per_day for flow in self.given))
        y = top
        bowel_top = top + (given_tall + GAP + 2 * LINE if self.given else 0.0)
        blood_top, bowel_at = top, bowel_top
        blood_at = blood_top
        for flow in self.given:
            blood_at, y = self.join(flow, y, self.blood_x, blood_at), self.source(flow, y)
        y = max(y, bowel_top)
        for flow in self.eaten:
            bowel_at, y = self.join(flow, y, self.bowel_x, bowel_at), self.source(flow, y)
        self.between(bowel_top, blood_at)
        bottom = max(y, self.sinks(bowel_top, blood_top))
        eaten = sum(flow.mg_per_day for flow in self.eaten)
        self.bar("bowel", self.bowel_x, bowel_top, eaten)
        self.bar("blood", self.blood_x, blood_top, self.absorbed + sum(flow.mg_per_day for flow in self.given))
        return self.footing(bottom)

    def tall(self, mg: float) -> float:
        """Height of an amount [pixels]."""
        return mg * self.scale

    def heading(self) -> float:
        y = MARGIN
        title = f"{translate('flow.title', self.language)} ({translate('flow.amount', self.language)})"
        for line in wrapped(title, self.width - 2 * MARGIN, TITLE * 1.08):
            y += TITLE * 1.25
            self.drawing.text(line, (MARGIN, y), size=TITLE, anchor="start", bold=True)
        return y

    def footing(self, y: float) -> float:
        for note in (*self.notes, translate("course.information", self.language)):
            y += 4
            for line in wrapped(note, self.width - 2 * MARGIN, TEXT):
                y += LINE
                self.drawing.text(line, (MARGIN, y), size=TEXT, anchor="start")
        return y + MARGIN

    def source(self, flow: Flow, y: float) -> float:
        """Draw where a flow comes from, at the left, and return where the next may begin."""
        tall = self.tall(flow.mg_per_day)
        self.drawing.rectangle(Box(self.left_x, y, BAR, tall), fill=COLOURS[flow.source], radius=0)
        lines = self.label(flow.source, flow.mg_per_day, self.left_x - NEAR, y + tall / 2, "end")
        return y + max(tall, lines * LINE) + GAP

    def join(self, flow: Flow, y: float, x: float, at: float) -> float:
        """Draw the band from a source into a bar, and return where the next one joins."""
        tall = self.tall(flow.mg_per_day)
        begin = (self.left_x + BAR, y)
        self.drawing.band(begin, (x, at), tall, fill=COLOURS[flow.source], opacity=0.5)
        return at + tall

    def between(self, bowel_top: float, blood_at: float) -> None:
        """Draw what is absorbed: the upper part of the bowel into the blood."""
        tall = self.tall(self.absorbed)
        self.drawing.band(
            (self.bowel_x + BAR, bowel_top), (self.blood_x, blood_at), tall, fill=COLOURS["blood"], opacity=0.5
        )

    def sinks(self, bowel_top: float, blood_top: float) -> float:
        """Draw what leaves, at the right, and return the bottom."""
        y, at = blood_top, blood_top
        for flow in self.ends:
            y, at = self.sink(flow, (self.blood_x + BAR, at), y), at + self.tall(flow.mg_per_day)
        lost = Flow(source="bowel", target="not_absorbed", mg_per_day=self.lost)
        below = bowel_top + self.tall(self.absorbed)
        y = max(y, at + GAP)
        return self.sink(lost, (self.bowel_x + BAR, below), y)

    def sink(self, flow: Flow, begin: tuple[float, float], y: float) -> float:
        tall, x = self.tall(flow.mg_per_day), self.right_x
        lines = self.label(flow.target, flow.mg_per_day, x + BAR + NEAR, y + tall / 2, "start")
        self.drawing.band(begin, (x, y), tall, fill=COLOURS[flow.target], opacity=0.6)
        self.drawing.rectangle(Box(x, y, BAR, tall), fill=COLOURS[flow.target], radius=0)
        return y + max(tall, lines * LINE) + GAP

    def label(self, place: Place, mg: float, x: float, middle: float, anchor: str) -> int:
        """Write name and number beside an end; return how many lines it took."""
        lines = wrapped(_place(place, self.language), self.room - NEAR, TEXT)
        first = middle - (len(lines) + 1) * LINE / 2 + LINE - 4
        for number_of, line in enumerate(lines):
            self.drawing.text(line, (x, first + number_of * LINE), size=TEXT, anchor=anchor)
        amount = _amount(mg, self.language)
        self.drawing.text(amount, (x, first + len(lines) * LINE), size=TEXT, anchor=anchor, bold=True)
        return len(lines) + 1

    def bar(self, place: Place, x: float, top: float, mg: float) -> None:
        """Draw the bar of bowel or blood with its name and what goes through it."""
        self.drawing.rectangle(Box(x, top, BAR, self.tall(mg)), fill=COLOURS[place], radius=0)
        middle = x + BAR / 2
        self.drawing.text(_place(place, self.language), (middle, top - 7 - LINE), size=TEXT)
        self.drawing.text(_amount(mg, self.language), (middle, top - 7), size=TEXT, bold=True)
