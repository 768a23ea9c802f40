"""A whole consultation: a new person, two days of food, what is taken, a laboratory value, status, plan, timetable."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawl import settle
from hands import Hands
from playwright.sync_api import Locator, Page, expect

from magnes.text import Language, translate

__all__ = ["PERSON", "Consultation"]

PERSON = "Proef & <b>persoon</b>"
EATEN: dict[str, tuple[tuple[str, str], ...]] = {
    "nl": (("volkorenbrood", "140"), ("halfvolle melk", "300"), ("banaan", "120")),
    "en": (("wholemeal bread", "140"), ("semi-skimmed milk", "300"), ("banana", "120")),
}
MEDICINE = {"nl": "omeprazol", "en": "omeprazole"}
SUGGESTED = ".combo-list:not([hidden]) [role=option]"
SALT = {"nl": "citraat", "en": "citrate"}
LAB = {"nl": "magnesium in serum", "en": "serum magnesium"}


@dataclass
class Consultation:
    """The steps, each done by hand and looked at. ``script``: whether suggestions come while typing."""

    hands: Hands
    language: Language
    script: bool = True
    seen: list[str] = field(default_factory=list)

    @property
    def page(self) -> Page:
        """The page that the hands work on."""
        return self.hands.page

    def text(self, text_id: str, **facts: object) -> str:
        """Return a text of the app."""
        return translate(text_id, self.language, **facts)

    def whole(self) -> None:
        """Do everything from an empty database to a report on the screen."""
        self.person()
        self.food()
        self.copy_yesterday()
        self.taken()
        self.laboratory()
        for name in ("status", "plan", "timetable", "report"):
            self.go(name)

    def person(self) -> None:
        """Add somebody whose name holds markup."""
        self.page.goto("/")
        expect(self.page.get_by_text(self.text("web.people.none"))).to_be_visible()
        self.hands.press(self.page.get_by_role("link", name=self.text("web.people.new")))
        for name, value in (("label", PERSON), ("age_years", "58")):
            self.hands.fill(self.page.locator(f"#f-{name}"), value)
        self.hands.choose(self.page.locator("#f-sex"), "male")
        for name, value in (("weight_kg", "82"), ("height_cm", "178")):
            self.hands.fill(self.page.locator(f"#f-{name}"), value)
        self.hands.press(self.page.get_by_role("button", name=self.text("web.save")))
        expect(self.page.get_by_role("navigation").filter(has_text=PERSON)).to_be_visible()

    def food(self) -> None:
        """Type the food of yesterday."""
        self.hands.press(self.page.get_by_role("link", name=self.text("web.diary.before")))
        for count, (food, amount) in enumerate(EATEN[self.language], start=1):
            self.look_up(self.page.locator("#l0-food"), food)
            self.hands.fill(self.page.locator("#l0-amount"), amount)
            self.hands.fill(self.page.locator("#l0-unit"), "g")
            if self.script:
                self.page.keyboard.press("Escape")
            self.hands.press(self.page.get_by_role("button", name=self.text("web.diary.add"), exact=True))
            expect(self.page.locator("form.line:not(.new)")).to_have_count(count)
            expect(self.page.locator("form.line:not(.new) .out").nth(count - 1)).to_contain_text("mg")

    def copy_yesterday(self) -> None:
        """Take the lines of yesterday over to today."""
        self.hands.press(self.page.get_by_role("link", name=self.text("web.diary.after")))
        expect(self.page.locator("form.line:not(.new)")).to_have_count(0)
        self.hands.press(self.page.get_by_role("button", name=self.text("web.diary.copy_day"), exact=True))
        expect(self.page.locator("form.line:not(.new)")).to_have_count(len(EATEN[self.language]))

    def taken(self) -> None:
        """Add a medicine and a supplement; what the engine finds is told at once."""
        self.go("taking")
        name = self.text("web.taking.add_medicine")
        form = self.page.get_by_role("form", name=name)
        self.look_up(form.locator("[name=name]"), MEDICINE[self.language])
        self.hands.fill(form.locator("[name=dose_mg]"), "20")
        self.hands.fill(form.locator("[name=times]"), "08:00")
        self.hands.press(form.get_by_role("button", name=name))
        expect(self.page.locator("#findings")).to_contain_text(MEDICINE[self.language])
        name = self.text("web.taking.add_supplement")
        form = self.page.get_by_role("form", name=name)
        self.look_up(form.locator("[name=salt]"), SALT[self.language])
        self.hands.fill(form.locator("[name=elemental_mg]"), "100")
        self.hands.fill(form.locator("[name=times]"), "21:00")
        self.hands.press(form.get_by_role("button", name=name))
        expect(self.page.locator("form.row:not(.new)")).to_have_count(2)

    def laboratory(self) -> None:
        """Add a laboratory value."""
        self.go("labs")
        name = self.text("web.labs.add")
        form = self.page.get_by_role("form", name=name)
        self.look_up(form.locator("[name=test]"), LAB[self.language])
        self.hands.fill(form.locator("[name=value]"), "0,74" if self.language == "nl" else "0.74")
        self.hands.fill(form.locator("[name=unit]"), "mmol/L")
        self.hands.press(form.get_by_role("button", name=name))
        expect(self.page.locator("form.row:not(.new)")).to_have_count(1)

    def go(self, name: str) -> None:
        """Follow the link of a page of the person; without a script ask for the answer of what is worked out."""
        self.hands.press(self.page.get_by_role("link", name=self.text(f"web.nav.{name}"), exact=True).first)
        self.page.wait_for_url(f"**/{name}")
        if self.script:
            settle(self.page)
        else:
            waiting = self.page.get_by_role("link", name=self.text("web.job.wait"))
            if waiting.count():
                self.hands.press(waiting)
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        expect(self.page.locator(".wrong, .wrong-summary")).to_have_count(0)
        self.seen.append(name)

    def look_up(self, one: Locator, text: str) -> None:
        """Type the beginning of a name and take the first suggestion; without a script the whole name."""
        if not self.script:
            self.hands.fill(one, text)
            return
        self.hands.fill(one, text[:-2])
        expect(self.page.locator(SUGGESTED).first).to_be_visible()
        self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Enter")
        expect(one).not_to_have_value(text[:-2])
        expect(self.page.locator(SUGGESTED)).to_have_count(0)
