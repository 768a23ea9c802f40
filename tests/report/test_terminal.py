"""The summary in the terminal: every number of the record, in both languages, within the width."""

import re

import pytest

from magnes.intake import Unmatched
from magnes.need import need
from magnes.person import LabResult, Person, Sex
from magnes.report.build import Assessment, assess
from magnes.report.statements import absorbed_lines, gap_lines, need_lines, person_rows
from magnes.report.terminal import summary
from magnes.report.wording import amount, food_name, percent, remark
from magnes.text import LANGUAGES, Language, finding_text, translate


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_of_the_record_are_there(anna: Assessment, language: Language) -> None:
    # catches: a number left out or printed from somewhere else
    text = flat(summary(anna, language))
    for estimate in (
        anna.intake.food,
        anna.intake.supplements,
        anna.intake.medicines,
        anna.need.recommended,
        anna.need.usual,
        anna.limit.limit,
        anna.limit.amount,
        anna.absorbed.per_day,
        anna.absorbed.from_supplements,
    ):
        assert amount(estimate, language) in text
    assert f"{percent(anna.absorbed.fraction.value, language)} %" in text
    for row in anna.intake.contributions:
        if row.kind != "supplement":
            assert food_name(row, language) in text
    for cut_off in ("0,70", "0,75", "0,85") if language == "nl" else ("0.70", "0.75", "0.85"):
        assert cut_off in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_is_there_most_serious_first(found: Assessment, language: Language) -> None:
    # catches: a finding dropped, or a stop below the fold
    text = flat(summary(found, language))
    section = text[text.index(translate("report.findings", language).upper()) :]
    places = [section.index(flat(finding_text(finding, language))) for finding in found.findings]
    assert places == sorted(places)


@pytest.mark.parametrize("language", LANGUAGES)
def test_marks_date_and_disclaimer(anna: Assessment, language: Language) -> None:
    # catches: an unverified number without its mark, an answer that cannot be traced
    text = flat(summary(anna, language))
    assert f"{amount(anna.intake.food, language)} {translate('estimate.unverified', language)}" in text
    assert anna.provenance.knowledge in text
    assert anna.provenance.engine in text
    assert translate("disclaimer.information", language) in text
    assert translate("disclaimer.show", language) in text


@pytest.mark.parametrize("width", [40, 60, 88, 120])
def test_lines_keep_to_the_width(found: Assessment, width: int) -> None:
    # catches: lines that a narrow terminal breaks in the middle of a number
    for line in summary(found, "nl", width).splitlines():
        assert len(line) <= width


def test_typical_person_fits_a_screen(anna: Assessment) -> None:
    # catches: an answer that grows until it has to be scrolled for (75 lines: five findings, a lab value)
    assert len(summary(anna, "nl").splitlines()) <= 76


def test_unknown_is_said_and_never_zero(gaps: Assessment, bare: Assessment) -> None:
    # catches: an unknown amount shown as a plain 0, an unmatched food that vanishes
    text = flat(summary(gaps, "nl"))
    assert "minstens 0 mg" not in text
    assert "Uit supplementen en medicijnen: niet bekend." in text
    assert "De bovengrens is niet overschreden" not in text
    assert "(niet herkend als voedingsmiddel): regel" in text
    assert "<img src=x onerror=alert(1)>" in text
    assert "21 nov 2026 is onvolledig" in text
    assert "Dagen zonder aantekeningen: 20 nov 2026" in text
    assert "Eten en drinken niet bekend" in flat(summary(bare, "nl"))


def test_ansi_only_on_request(anna: Assessment) -> None:
    # catches: escape codes in a file or a pipe, and a label that steers the terminal
    nasty = anna.model_copy(update={"person": anna.person.model_copy(update={"label": "A\x1b[2J\nB"})})
    assert "\x1b" not in summary(nasty, "nl")
    assert "A [2J B" in summary(nasty, "nl")
    coloured = summary(anna, "nl", color=True)
    assert "\x1b[1m" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == summary(anna, "nl")


def test_adequate_intake_is_no_requirement(anna: Assessment, gaps: Assessment) -> None:
    # catches: "probability of adequacy" said of an AI, and the AI warning missing
    assert "toereikendheid niets te zeggen" in flat(summary(anna, "nl"))
    assert "inname toereikend is" not in flat(summary(anna, "nl"))
    assert "Kans dat de gebruikelijke inname toereikend is: minstens " in flat(summary(gaps, "nl"))
    assert "adequate inname" not in flat(summary(gaps, "nl")).casefold()


def changed(found: Assessment, part: str, **update: object) -> Assessment:
    return found.model_copy(update={part: getattr(found, part).model_copy(update=update)})


@pytest.mark.parametrize("language", LANGUAGES)
def test_not_asked_is_no_zero(language: Language) -> None:
    # catches: a survey that did not ask for supplements read as "takes none, stays within the limit"
    text = flat(summary(assess(Person(age_years=40, sex="male", supplements_known=False)), language))
    assert text.count(translate("gap.not_asked", language)) == 1
    assert translate("limit.not_asked", language) in text
    assert translate("limit.kept", language) not in text
    assert "0 mg" not in text.replace("250 mg", "").replace("350 mg", "")


def test_supplements_without_a_complete_day(anna: Assessment) -> None:
    # catches: nothing said of absorption when only the food is unknown
    part = changed(anna, "absorbed", per_day=None, fraction=None)
    texts = [line.text for line in absorbed_lines(part, "nl")]
    assert texts[0].startswith("Uit supplementen en medicijnen: ")
    assert not any("gegeten" in text for text in texts)


def test_food_and_drink_alone(anna: Assessment) -> None:
    # catches: the probability of food alone lost, or shown without supplements
    texts = [line.text for line in need_lines(anna, "nl")]
    assert sum(text.startswith("Van eten en drinken alleen: ") for text in texts) == 1
    without = changed(anna, "need", probability_food=None)
    assert not any("alleen" in line.text for line in need_lines(without, "nl"))


def test_unmatched_lines_stand_together_by_reason(gaps: Assessment) -> None:
    # catches: one sentence per line of the diary, and a reason that is not given in words
    codes = ("food_unknown", "food_ambiguous", "unit_unknown", "food_without_magnesium", "number_range")
    rows = [Unmatched(line=place, code=code, found="x") for place, code in enumerate((*codes, *codes), start=2)]
    texts = [line.text for line in gap_lines(changed(gaps, "intake", unmatched=tuple(rows)), "nl")]
    grouped = [text for text in texts if "regels " in text]
    assert len(grouped) == len(codes) == len(set(grouped))
    assert "regels 2, 7 ‘x’" in grouped[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_a_food_was_read(anna: Assessment, language: Language) -> None:
    # catches: a name that may mean another food, or cooked grams, without a word about it
    food = next(row for row in anna.intake.contributions if row.kind == "food")
    row = food.model_copy(update={"preparation": "", "kitchen": "read-as-cooked", "could_be": ("A", "B", "C")})
    text = remark(row, language)
    assert translate("kitchen.or", language, first="A, B", last="C") in text
    assert text.endswith(translate("kitchen.read-as-cooked", language))


@pytest.mark.parametrize(
    ("sex", "age", "word"), [("female", 17.9, "meisje"), ("male", 3, "jongen"), ("female", 18, "vrouw")]
)
def test_children_are_girls_and_boys(sex: Sex, age: float, word: str) -> None:
    # catches: "man, 3 jaar"
    assert person_rows(Person(age_years=age, sex=sex), "nl")[0][1].startswith(f"{word}, ")


def test_computed_kidney_function_says_so() -> None:
    # catches: an estimate of this programme that passes for a result of the laboratory
    person = Person(age_years=50, sex="male", egfr_ml_min_1_73m2=61.25, egfr_from_creatinine=True)
    assert "berekend uit creatinine (CKD-EPI 2021)" in dict(person_rows(person, "nl"))["Nierfunctie"]


def test_laboratory_values_without_a_cut_off_say_why() -> None:
    # catches: an empty list of cut-offs behind a colon, a load test without its dose, excretion judged without serum
    labs = (
        LabResult(test="serum-albumin", value=4.2, unit="g/dL"),
        LabResult(test="fractional-excretion", value=0.035, unit="1"),
        LabResult(test="magnesium-load", value=9.5, unit="mmol/24h", load_mg=450),
        LabResult(test="urine-magnesium-24h", value=120, unit="mg/24h"),
    )
    found = assess(Person(age_years=50, sex="male", labs=labs))
    for language, words in (
        ("nl", ("Albumine in serum: 42,0 g per liter (op de uitslag 4,20 g/dL). Magnes heeft hiervoor geen grens.",
                "(FE-Mg): 3,5 % (op de uitslag 0,035). Dit zegt alleen iets bij een laag magnesium in het bloed.",
                "9,50 mmol per 24 uur, na 450 mg magnesium via de mond. Magnes heeft",
                "4,94 mmol per 24 uur (op de uitslag 120 mg/24h): niet onder 2,10")),
        ("en", ("Albumin in serum: 42.0 g per litre (reported as 4.20 g/dL). Magnes has no cut-off for this.",
                "after 450 mg of magnesium by mouth. Magnes has", "not below 2.10")),
    ):  # fmt: skip
        said = flat(summary(found, language))
        for part in words:
            assert part in said


def test_days_needed(gaps: Assessment) -> None:
    # catches: "enough" when more days are needed, or "30 days are not enough" when nothing was computed
    said = [line.text for line in need_lines(gaps, "en")]
    asked = gaps.need.days_needed
    expected = "even 30 days" if asked is None else "enough" if asked <= gaps.need.n_days else f" {asked} complete days"
    assert sum(expected in text for text in said) == 1
    none = gaps.model_copy(update={"need": gaps.need.model_copy(update={"probability": None, "days_needed": None})})
    assert not any("30 days" in line.text for line in need_lines(none, "en"))


def test_same_assessment_same_text(anna: Assessment) -> None:
    # catches: an order that depends on the run
    assert summary(anna, "en") == summary(anna, "en")
    assert need(anna.person, anna.intake, anna.need.authority) == anna.need
