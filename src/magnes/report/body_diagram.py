"""The body model as a picture: pools filled by their amount, flows with what they carry in a day, and what steers them.

Everything that is drawn comes from the lists of ``body.model``; ``body_layout`` says where.
"""

from __future__ import annotations

from types import SimpleNamespace

from magnes.body import rates
from magnes.body.model import DAILY, MEALS, Flow, Mode, State
from magnes.body.resting import PTH, flows_at_rest, reference_body, steering
from magnes.report.body_layout import BOXES, FRAMES, HEIGHT, OUTER, ROUTES, WIDTH, Route, route
from magnes.report.svg import Box, Drawing
from magnes.report.vega import INK
from magnes.text import Language, number, translate

__all__ = ["amount_text", "body_svg", "steered_by"]

LETTERS = {PTH: "P", "calcitriol": "D", "conservation": "N", "gland": "G", "gut_signal": "S"}
COLOURS = {"P": "#CC79A7", "D": "#B35900", "N": "#0072B2", "G": "#5E4B8B", "S": "#007A5A"}
ELEMENT_COLOUR = "#666666"  # of a badge that names an element
FILLED = {"Mg": "#BFE3D5", "Ca": "#F3DFB8", "K": "#DCD3EC"}
FLOWING = {"Mg": "#00684C", "Ca": "#9A6200", "K": "#5E4B8B"}
FRAME, FRAME_EDGE, QUIET, PALE = "#F6F7F8", "#D5DADD", "#8A9299", "#5A6268"
MINUS = "\N{MINUS SIGN}"


def amount_text(value: float, language: Language) -> str:
    """Return three figures, not more than two decimals.

    >>> [amount_text(value, "en") for value in (0.0, 0.16, 5.489, 13.17, 111.0)]
    ['0', '0.16', '5.49', '13.2', '111']
    """
    if abs(value) < 0.005:
        return "0"
    return number(value, language, 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2)


def steered_by(name: str, mode: Mode, language: Language) -> str:
    """Say what steers a flow or signal, with a sign: ``active vitamin D (+)``."""
    known = steering(mode)[name]
    said = []
    for driver, sign in known.items():
        kind = "signal" if driver in LETTERS else "driver"
        said.append(f"{translate(f'body.{kind}.{driver}', language)} ({'+' if sign > 0 else MINUS})")
    return ", ".join(said)


def body_svg(language: Language, mode: Mode = MEALS) -> str:
    """Draw a mode of the model at rest."""
    return _drawn(language, mode).svg(
        WIDTH, HEIGHT, translate("body.title", language), description(language, mode)
    )  # fmt: skip


def description(language: Language, mode: Mode = MEALS) -> str:
    """Return the picture in words: every pool with its amount, every flow with what it carries and what steers it."""
    _, rest = reference_body()
    said = [
        translate(
            "body.said_amount",
            language,
            name=translate(f"body.state.{state.name}", language),
            amount=amount_text(rest[state.name], language),
        )
        for state in mode.states
        if not state.sink
    ]
    said += [_said(flow, language, mode) for flow in mode.flows]
    return ". ".join(said) + "."


def _said(flow: Flow, language: Language, mode: Mode) -> str:
    rate = amount_text(flows_at_rest(mode)[flow.name], language)
    name = translate(f"body.flow.{flow.name}", language)
    said = translate("body.said_flow", language, name=name, rate=rate)
    drivers = steered_by(flow.name, mode, language)
    return f"{said}, {translate('body.drivers', language, drivers=drivers)}" if drivers else said


def _drawn(language: Language, mode: Mode) -> Drawing:
    drawing = Drawing()
    drawing.rectangle(Box(0, 0, WIDTH, HEIGHT), fill="white", radius=0)
    drawing.text(translate("body.title", language), (12, 24), size=17, anchor="start", bold=True)
    for place, name in enumerate(("legend", "legend_steered")):
        drawing.text(translate(f"body.{name}", language), (12, 41 + 14 * place), size=11, anchor="start", colour=PALE)
    for name, box in FRAMES.items():
        drawing.rectangle(box, fill=FRAME, stroke=FRAME_EDGE, radius=8)
        title = translate(f"body.group.{name}", language)
        drawing.text(title, (box.x + 8, box.y + 15), size=12, anchor="start", bold=True, colour=PALE)
    for state in mode.states:
        _pool(drawing, state, language, mode)
    _food(drawing, language, mode)
    _kidney(drawing, language)
    for flow in mode.flows:
        drawing.group(f"flow-{flow.name}", _said(flow, language, mode))
        element = next(state.element for state in mode.states if state.name in (flow.source, flow.target))
        value = flows_at_rest(mode)[flow.name]
        _flow(drawing, route(flow), value, FLOWING[element], language)
        badges = steering(mode)[flow.name]
        _badges(drawing, badges, route(flow).label, amount_text(value, language))
        if flow.name in OUTER:
            drawing.paragraph(translate(f"body.flow.{flow.name}", language), OUTER[flow.name], size=10.5)
        drawing.end()
    _signals(drawing, language, mode)
    return drawing


def _pool(drawing: Drawing, state: State, language: Language, mode: Mode) -> None:
    """Draw a box, filled from the left by its share of the largest pool of that element."""
    box, name = BOXES[state.name], translate(f"body.state.{state.name}", language)
    _, rest = reference_body()
    amount = rest[state.name]
    shown = amount_text(amount, language)
    drawing.group(f"state-{state.name}", translate("body.said_amount", language, name=name, amount=shown))
    drawing.rectangle(box, fill="white")
    largest = max(rest[other.name] for other in mode.states if other.element == state.element)
    share = amount / largest
    if share > 0:
        tall = box.height > box.width
        level = Box(box.x, box.bottom - box.height * share, box.width, box.height * share)
        filled = level if tall else box._replace(width=box.width * share)
        drawing.rectangle(filled, fill=FILLED[state.element], radius=min(5.0, filled.width / 2, filled.height / 2))
    drawing.rectangle(box, fill="none", stroke=QUIET if state.sink else INK)
    words = Box(box.x + 4, box.y, box.width - 8, box.height - (0 if state.sink else 15))
    drawing.paragraph(name, words, size=11.5)
    if not state.sink:
        text = translate("body.amount", language, amount=shown)
        low = words.middle[1] + 11 + 6.9 * _lines(name, words)
        drawing.text(text, (box.middle[0], min(low, box.bottom - 6)), size=11.5, bold=True)
    if state.name == "extracellular":
        parameters, _ = reference_body()
        serum = rates.serum_mmol_per_l(SimpleNamespace(**rest), SimpleNamespace(**parameters))
        text = translate("body.serum", language, serum=number(serum, language, 2))
        drawing.text(text, (box.middle[0], low + 16), size=10.5, colour=PALE)
    drawing.end()


def _lines(text: str, box: Box) -> int:
    from magnes.report.svg import wrapped

    return len(wrapped(text, box.width, 11.5))


def _food(drawing: Drawing, language: Language, mode: Mode) -> None:
    """What comes in from outside: meals into the bowel, or a whole day of them."""
    parameters, _ = reference_body()
    if mode is DAILY:
        box = BOXES["gut_upper"]
        drawing.rectangle(box, fill="white", stroke=QUIET, dashed=True)
        drawing.paragraph(translate("body.day", language), Box(box.x + 4, box.y, box.width - 8, box.height), size=11)
        return
    box = BOXES["food"]
    drawing.rectangle(box, fill="white", stroke=QUIET, dashed=True)
    drawing.paragraph(translate("body.food", language), Box(box.x + 4, box.y, box.width - 8, box.height), size=11.5)
    _flow(drawing, ROUTES["food"], parameters["intake_mmol_per_day"], FLOWING["Mg"], language)


def _kidney(drawing: Drawing, language: Language) -> None:
    """What the kidneys filter, on the way to urine."""
    parameters, rest = reference_body()
    s, p = SimpleNamespace(**rest), SimpleNamespace(**parameters)
    filtered = p.gfr_l_per_day * rates.ultrafilterable_mmol_per_l(s, p)
    share = number(100 * (1 - rates.fractional_excretion(s, p)), language, 1)
    box = BOXES["kidney"]
    drawing.arrow(((410, BOXES["extracellular"].bottom), (410, box.y)), width=3.4, colour=FLOWING["Mg"])
    drawing.rectangle(box, fill="#E8F1F8", stroke=INK, radius=20)
    text = translate("body.kidney", language, filtered=amount_text(filtered, language), share=share)
    drawing.paragraph(text, Box(box.x + 8, box.y, box.width - 16, box.height), size=11)


def _flow(drawing: Drawing, way: Route, value: float, colour: str, language: Language) -> None:
    shown = amount_text(value, language)
    none = shown == "0"
    drawing.arrow(way.points, width=1.2 + 0.5 * (1 + value) ** 0.3, colour=QUIET if none else colour, dashed=none)
    drawing.text(shown, way.label, size=11.5, bold=not none, colour=QUIET if none else INK)


def _badges(drawing: Drawing, known: object, at: tuple[float, float], shown: str) -> None:
    assert isinstance(known, dict)
    x = at[0] + len(shown) * 3.5 + 14
    for driver, sign in known.items():
        letter = LETTERS.get(driver, driver)
        drawing.badge(f"{letter}{'+' if sign > 0 else MINUS}", (x, at[1] - 4), COLOURS.get(letter, ELEMENT_COLOUR))
        x += 24 if len(letter) == 1 else 32


def _signals(drawing: Drawing, language: Language, mode: Mode) -> None:
    """Draw the letters, what they stand for, and what steers those."""
    frame = FRAMES["signals"]
    for place, name in enumerate((PTH, *(signal.name for signal in mode.signals))):
        y = frame.y + 34 + 31 * place
        drawing.group(f"signal-{name}", steered_by(name, mode, language))
        drawing.badge(LETTERS[name], (frame.x + 18, y), COLOURS[LETTERS[name]])
        drawing.text(translate(f"body.signal.{name}", language), (frame.x + 34, y + 1), size=11.5, anchor="start")
        drivers = ", ".join(
            f"{LETTERS.get(driver) or (driver if len(driver) < 3 else translate(f'body.driver.{driver}', language))}"
            f"{'+' if sign > 0 else MINUS}"
            for driver, sign in steering(mode)[name].items()
        )
        text = translate("body.drivers", language, drivers=drivers)
        drawing.text(text, (frame.x + 34, y + 14), size=10.5, anchor="start", colour=PALE)
        drawing.end()
