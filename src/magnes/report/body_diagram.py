"""The body model as a picture: pools filled by their amount, flows with what they carry in a day, and what steers them.

Everything that is drawn comes from the lists of ``body.model``; ``body_layout`` says where.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace

from magnes.body import rates
from magnes.body.model import DAILY, MEALS, Flow, Mode, State
from magnes.body.resting import PTH, amounts_at_rest, flows_at_rest, reference_body, steering
from magnes.report.body_layout import BOXES, FRAMES, HEIGHT, NAMES, ROUTES, TITLES, WIDTH, Route, route
from magnes.report.svg import Box, Drawing, badge_width, text_width
from magnes.report.vega import INK
from magnes.text import Language, number, translate

__all__ = ["amount_text", "body_svg", "drawn", "steered_by"]

LETTERS = {PTH: "P", "calcitriol": "D", "conservation": "N", "gland": "G", "gut_signal": "S"}
COLOURS = {"P": "#A8437C", "D": "#B35900", "N": "#0072B2", "G": "#5E4B8B", "S": "#007A5A"}
ELEMENT_COLOUR = "#5A6268"  # of a badge that names an element
FILLED = {"Mg": "#BFE3D5", "Ca": "#F3DFB8", "K": "#DCD3EC"}
FLOWING = {"Mg": "#00684C", "Ca": "#9A6200", "K": "#5E4B8B"}
FRAME, FRAME_EDGE, QUIET, PALE = "#F6F7F8", "#D5DADD", "#8A9299", "#5A6268"
NUMBER, NAME, SMALL = 11.5, 11.5, 10.5  # sizes of letters
GAP = 4.0  # between a number and its badges
SIGNS = {1: "+", -1: "\N{MINUS SIGN}"}


def amount_text(value: float, language: Language) -> str:
    """Return three figures, not more than two decimals.

    >>> [amount_text(value, "en") for value in (0.0, 0.16, 5.489, 13.17, 111.0)]
    ['0', '0.16', '5.49', '13.2', '111']
    """
    if abs(value) < 0.005:
        return "0"
    return number(value, language, 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2)


def steered_by(name: str, mode: Mode, language: Language) -> str:
    """Say what steers a flow or signal, with a sign: ``active vitamin D +``."""
    said = []
    for driver, sign in steering(mode)[name].items():
        kind = "signal" if driver in LETTERS else "driver"
        said.append(f"{translate(f'body.{kind}.{driver}', language)} {SIGNS[sign]}")
    return ", ".join(said)


def body_svg(language: Language, mode: Mode = MEALS) -> str:
    """Draw a mode of the model at rest; its description says every pool and flow in words."""
    picture = _Picture(language, mode)
    pools = [picture.said_amount(state) for state in mode.states if not state.sink]
    words = ". ".join([*pools, *(picture.said_flow(flow) for flow in mode.flows)]) + "."
    return drawn(language, mode).svg(WIDTH, HEIGHT, translate("body.title", language), words)


def drawn(language: Language, mode: Mode = MEALS) -> Drawing:
    """Return the parts of the picture."""
    picture = _Picture(language, mode)
    picture.frames()
    for state in mode.states:
        picture.pool(state)
    picture.food()
    picture.kidney()
    for flow in mode.flows:
        picture.flow(flow)
    picture.signals()
    return picture.drawing


class _Picture:
    def __init__(self, language: Language, mode: Mode) -> None:
        self.language, self.mode, self.drawing = language, mode, Drawing()
        self.element = {state.name: state.element for state in mode.states}
        self.amounts, self.rates, self.steering = amounts_at_rest(mode), flows_at_rest(mode), steering(mode)
        self.parameters, self.rest = (SimpleNamespace(**values) for values in reference_body())

    def told(self, text_id: str, **facts: object) -> str:
        return translate(f"body.{text_id}", self.language, **facts)

    def shown(self, value: float) -> str:
        return amount_text(value, self.language)

    def said_amount(self, state: State) -> str:
        name = self.told(f"state.{state.name}")
        return self.told("said_amount", name=name, amount=self.shown(self.amounts[state.name]))

    def said_flow(self, flow: Flow) -> str:
        said = self.told("said_flow", name=self.told(f"flow.{flow.name}"), rate=self.shown(self.rates[flow.name]))
        drivers = steered_by(flow.name, self.mode, self.language)
        return f"{said}, {self.told('drivers', drivers=drivers)}" if drivers else said

    def frames(self) -> None:
        self.drawing.rectangle(Box(0, 0, WIDTH, HEIGHT), fill="white", radius=0)
        self.drawing.text(self.told("title"), (12, 24), size=17, anchor="start", bold=True)
        for place, name in enumerate(("legend", "legend_steered")):
            self.drawing.text(self.told(name), (12, 41 + 14 * place), size=11, anchor="start", colour=PALE)
        for name, box in FRAMES.items():
            self.drawing.rectangle(box, fill=FRAME, stroke=FRAME_EDGE, radius=8)
            self.drawing.text(self.told(f"group.{name}"), TITLES[name], size=12, anchor="start", bold=True, colour=PALE)

    def pool(self, state: State) -> None:
        """Draw a box, filled by its share of the largest pool of that element."""
        box, amount = BOXES[state.name], self.amounts[state.name]
        drawing = self.drawing
        drawing.group(f"state-{state.name}", self.said_amount(state))
        drawing.rectangle(box, fill="white")
        share = amount / max(other for name, other in self.amounts.items() if self.element[name] == state.element)
        tall = box.height > box.width  # filled from below, else from the left
        width, top = (box.width, box.height * share) if tall else (box.width * share, box.height)
        if share > 0:
            filled = Box(box.x, box.bottom - top, width, top)
            drawing.rectangle(filled, fill=FILLED[state.element], radius=min(5.0, width / 2, top / 2))
        drawing.rectangle(box, fill="none", stroke=QUIET if state.sink else INK)
        held = f"{self.shown(amount)} {translate('unit.mmol', self.language)}"
        words = Box(box.x + 4, box.y, box.width - 8, box.height - (top if tall else 0))
        drawing.paragraph(self.told(f"state.{state.name}"), words, size=NAME, bold="" if state.sink else held)
        if state.name == "extracellular":
            self.levels(words)
        drawing.end()

    def levels(self, box: Box) -> None:
        """Say the concentrations in blood under the amount."""
        known = {"serum": rates.serum_mmol_per_l, "ionised": rates.ionised_mmol_per_l}
        for place, (name, level) in enumerate(known.items()):
            text = self.told(name, level=number(level(self.rest, self.parameters), self.language, 2))
            self.drawing.text(text, (box.middle[0], box.middle[1] + 42 + 15 * place), size=SMALL, colour=PALE)

    def food(self) -> None:
        """Draw what comes in from outside: meals into the bowel, or a whole day of them."""
        box = BOXES["gut_upper" if self.mode is DAILY else "food"]
        self.drawing.rectangle(box, fill="white", stroke=QUIET, dashed=True)
        words = Box(box.x + 4, box.y, box.width - 8, box.height)
        self.drawing.paragraph(self.told("day" if self.mode is DAILY else "food"), words, size=NAME)
        if self.mode is MEALS:
            self.carried(ROUTES["food"], self.parameters.intake_mmol_per_day, "Mg", {})

    def kidney(self) -> None:
        """Draw what the kidneys filter, on the way to urine."""
        filtered = self.parameters.gfr_l_per_day * rates.ultrafilterable_mmol_per_l(self.rest, self.parameters)
        share = 100 * (1 - rates.fractional_excretion(self.rest, self.parameters))
        box = BOXES["kidney"]
        above = (box.middle[0], BOXES["extracellular"].bottom), (box.middle[0], box.y)
        self.drawing.arrow(above, width=thickness(filtered), colour=FLOWING["Mg"])
        self.drawing.rectangle(box, fill="#E8F1F8", stroke=INK, radius=20)
        text = self.told("kidney", filtered=self.shown(filtered), share=number(share, self.language, 1))
        self.drawing.paragraph(text, Box(box.x + 8, box.y, box.width - 16, box.height), size=11)

    def flow(self, flow: Flow) -> None:
        """Draw an arrow with its number and what steers it."""
        self.drawing.group(f"flow-{flow.name}", self.said_flow(flow))
        element = self.element.get(flow.source) or self.element[flow.target]
        self.carried(route(flow), self.rates[flow.name], element, self.steering[flow.name])
        if flow.name in NAMES:
            self.drawing.paragraph(self.told(f"flow.{flow.name}"), NAMES[flow.name], size=SMALL, colour=PALE)
        self.drawing.end()

    def carried(self, way: Route, value: float, element: str, drivers: Mapping[str, int]) -> None:
        shown = self.shown(value)
        none = shown == "0"
        colour = QUIET if none else FLOWING[element]
        self.drawing.arrow(way.points, width=thickness(value), colour=colour, dashed=none)
        badges = [(driver, f"{LETTERS.get(driver, driver)}{SIGNS[sign]}") for driver, sign in drivers.items()]
        row = sum(GAP + badge_width(text) for _, text in badges) if way.badges is None else 0.0
        wide = 1.05 * text_width(shown, NUMBER)
        left = way.label[0] - (wide + row) * {"start": 0.0, "middle": 0.5, "end": 1.0}[way.anchor]
        at = (left, way.label[1])
        self.drawing.text(shown, at, size=NUMBER, anchor="start", bold=not none, colour=QUIET if none else INK)
        x, y = way.badges or (left + wide + GAP, way.label[1] - 4.5)
        for driver, text in badges:
            self.drawing.badge(text, (x, y), COLOURS.get(LETTERS.get(driver, ""), ELEMENT_COLOUR))
            x += badge_width(text) + GAP

    def signals(self) -> None:
        """Draw the letters, what they stand for, and what steers those."""
        frame = FRAMES["signals"]
        for place, name in enumerate((PTH, *(signal.name for signal in self.mode.signals))):
            y = frame.y + 38 + 32 * place
            self.drawing.group(f"signal-{name}", steered_by(name, self.mode, self.language))
            self.drawing.badge(LETTERS[name], (frame.x + 10, y), COLOURS[LETTERS[name]])
            self.drawing.text(self.told(f"signal.{name}"), (frame.x + 36, y), size=NAME, anchor="start")
            short = {driver: driver for driver in ("Mg", "Ca")} | LETTERS
            drivers = ", ".join(
                f"{short.get(driver) or self.told(f'driver.{driver}')} {SIGNS[sign]}"
                for driver, sign in self.steering[name].items()
            )
            text = self.told("drivers", drivers=drivers)
            self.drawing.text(text, (frame.x + 36, y + 13), size=SMALL, anchor="start", colour=PALE)
            self.drawing.end()


def thickness(value: float) -> float:
    """Return the width of an arrow [pixels] at a rate [mmol/day]: wider for more, 1 to 4."""
    return float(1.0 + 0.75 * (1 + value) ** 0.3)
