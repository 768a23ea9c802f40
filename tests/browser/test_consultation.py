"""The main job, from an empty database to a PDF: with a pointer, with the keyboard alone, and without a script."""

from __future__ import annotations

from io import BytesIO
from typing import get_args

import pytest
from chrome import NARROW, visiting
from consultation import EATEN, MEDICINE, PERSON, Consultation
from hands import Keyboard, Pointer
from playwright.sync_api import Browser, Page
from pypdf import PdfReader
from web_server import Server

from magnes.text import Language, translate

pytestmark = pytest.mark.browser


def printed(page: Page) -> str:
    """Return the words of the page as it prints, each gap one space."""
    pdf = PdfReader(BytesIO(page.pdf(format="A4")))
    return " ".join(" ".join(sheet.extract_text() for sheet in pdf.pages).split())


@pytest.mark.parametrize("language", get_args(Language))
def test_a_consultation_from_nothing_to_a_pdf(browser: Browser, empty: Server, language: Language) -> None:
    # catches: a step that does not lead to the next; a page that needs what nobody typed; a name that becomes markup;
    # a printed report without the person, a dose or the reason why not, or its sources; buttons on paper
    with visiting(browser, empty.address, language) as (page, _):
        job = Consultation(Pointer(page), language)
        job.whole()
        words = printed(page)
    for wanted in (PERSON, MEDICINE[language], EATEN[language][0][0], translate("report.sources", language)):
        assert wanted in words
    assert (translate("dose.options", language) in words) != (translate("dose.stopped", language) in words)
    assert "MAGNES-DESIGN" in words
    assert translate("web.nav.settings", language) not in words
    assert translate("web.report.json", language) not in words


def test_a_consultation_with_the_keyboard_alone(browser: Browser, empty: Server) -> None:
    # catches: a control that no key reaches or presses, focus that cannot be seen, a list that keeps the focus
    with visiting(browser, empty.address) as (page, _):
        hands = Keyboard(page)
        Consultation(hands, "nl").whole()
    assert not hands.unseen


def test_a_consultation_without_a_script(browser: Browser, empty: Server) -> None:
    # catches: a step that only a script can do, an answer that never comes without one
    with visiting(browser, empty.address, java_script_enabled=False) as (page, _):
        Consultation(Pointer(page), "nl", script=False).whole()
        assert "MAGNES-DESIGN" in page.inner_text("main")


def test_a_consultation_on_a_telephone(browser: Browser, empty: Server) -> None:
    # catches: a control under another one, or outside the screen, at 360 px
    with visiting(browser, empty.address, "nl", NARROW, has_touch=True, is_mobile=True) as (page, _):
        Consultation(Pointer(page), "nl").whole()
