"""Words and picture of a timetable: both languages, what is assumed and not known, the night, text for the blind."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree

import pytest
from timetables import TWELVE, at, magnesium, medicine, person

from magnes.advice.timetable import NoTimetable, Timetable, timetable
from magnes.person import Day, Person
from magnes.report.day_picture import day_picture
from magnes.report.timetable import conflict_text, events, timetable_text
from magnes.text import LANGUAGES, Language

NIGHT = Day(wakes=at("14:00"), bedtime=at("07:00"), work=(at("22:00"), at("06:00")))


def made(who: Person) -> Timetable:
    found = timetable(who)
    assert isinstance(found, Timetable)
    return found


def test_a_timetable_in_words() -> None:
    # catches: a reason without its source, a number of the wrong language, an assumption that is not told
    who = person(medicine("levothyroxine", "07:00").model_copy(update={"dose_mg": 0.125}), magnesium("08:00"))
    dutch, english = (timetable_text(made(who), language) for language in LANGUAGES)
    assert dutch.startswith("Tijdschema voor een gewone dag: 2 momenten")
    assert "07:00  bij het opstaan\n  - levothyroxine, 0,125 mg" in dutch
    assert "INT001" in dutch
    assert "minstens een half uur voor het eten, of 2 uur erna [TM01" in dutch
    assert "(aangenomen)" in dutch
    assert "geen voorschrift" in dutch
    assert "levothyroxine, 0.125 mg" in english
    assert "magnesium (citrate), 150 mg of magnesium" in english


def test_the_order_of_unequal_hours() -> None:
    # catches: 4 hours before and 6 hours after exchanged for one of the two
    found = " ".join(timetable_text(made(person(medicine("doxycycline", "08:00"), magnesium("20:00"))), "en").split())
    assert "at least 4 hours before magnesium (citrate), or 6 hours after it" in found
    assert "at least 6 hours before doxycycline, or 4 hours after it" in found


def test_what_is_not_known_is_told() -> None:
    # catches: a precaution that looks like a fact, an unknown medicine that looks harmless
    who = person(medicine("onbekendium"), medicine("calciumcarbonaat", "08:00"), magnesium("08:00"))
    found = " ".join(timetable_text(made(who), "nl").split())
    assert "niet zeker veilig: calciumcarbonaat / magnesium (citraat)" in found
    assert "met deze middelen is geen rekening gehouden: onbekendium" in found
    assert "één keer per dag aangenomen: onbekendium" in found


def test_a_soft_demand_given_up_is_told() -> None:
    # catches: magnesium away from food without a word
    who = person(medicine("ciprofloxacine", "08:00", "20:00"), magnesium("08:00", "20:00"))
    assert "niet gelukt: bij het eten" in timetable_text(made(who), "nl")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_conflict_in_words(language: Language) -> None:
    # catches: a conflict that does not name both sides
    found = timetable(person(medicine("raltegravir", "08:00"), magnesium("20:00")))
    assert isinstance(found, NoTimetable)
    words = conflict_text(found, language)
    assert "raltegravir" in words
    assert {"nl": "magnesium (citraat)", "en": "magnesium (citrate)"}[language] in words
    assert "INT013" in words
    fixed = timetable(person(medicine("levothyroxine", "07:00", fixed=True), magnesium("09:00", fixed=True)))
    assert isinstance(fixed, NoTimetable)
    assert conflict_text(fixed, language).count("\n- ") + conflict_text(fixed, language).count("\n  - ") == 3


def test_a_name_of_a_person_cannot_break_a_line() -> None:
    # catches: a control character from a file that reaches the screen
    who = person(medicine("metoprolol", "08:00").model_copy(update={"name": "pil\x1b[2J\nrood"}))
    assert "\x1b" not in timetable_text(made(who), "nl")
    assert "\n" not in events(made(who), "nl")[0].summary


def test_events_have_identifiers_of_their_own() -> None:
    # catches: two reminders of magnesium that a calendar takes for one
    found = events(made(person(magnesium("08:00", "20:00"))), "nl")
    assert len({event.uid for event in found}) == len(found) == 2


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", [TWELVE, TWELVE.model_copy(update={"day": NIGHT}), person()])
def test_the_picture_tells_every_moment(who: Person, language: Language) -> None:
    # catches: broken XML, a picture that says nothing to a screen reader, a moment that is not drawn
    found = made(who)
    root = ElementTree.fromstring(day_picture(found, language))  # noqa: S314 - our own text
    space = "{http://www.w3.org/2000/svg}"
    told = root.findtext(f"{space}desc") or ""
    drawn = [text.text or "" for text in root.iter(f"{space}text")]
    for moment in found.moments:
        assert f"{moment.time:%H:%M}" in told
        assert any(text.startswith(f"{moment.time:%H:%M}") for text in drawn)
    assert root.get("role") == "img"


def test_cards_of_the_picture_do_not_overlap() -> None:
    # catches: names over each other on a full day
    root = ElementTree.fromstring(day_picture(made(TWELVE), "nl"))  # noqa: S314 - our own text
    cards = sorted(
        (float(rect.get("y", 0)), float(rect.get("height", 0)))
        for rect in root.iter("{http://www.w3.org/2000/svg}rect")
        if rect.get("x") == "236"
    )
    assert len(cards) == len(made(TWELVE).moments)
    assert all(top + height < below for (top, height), (below, _) in pairwise(cards))
    assert cards[-1][0] + cards[-1][1] <= float(root.get("height", 0))
