"""Interactions: right medicines, right direction of the hours, right minute, and never "separated" without proof."""

import csv
import datetime as dt
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from magnes.advice.check import check, interaction_findings, interactions_of
from magnes.advice.finding import ORDER, Finding
from magnes.intake import intake
from magnes.knowledge.clinical import Interaction, Substance
from magnes.knowledge.load import table
from magnes.need import limit
from magnes.person import LabResult, Medicine, Person, Supplement

with (Path(__file__).parents[1] / "reference" / "interaction_hours.csv").open(encoding="utf-8") as handle:
    LABELS = list(csv.DictReader(handle))
ROWS = table(Interaction)
TIMED = [row for row in ROWS if row.hours_before_mg is not None or row.hours_after_mg is not None]
UPTAKE = ("mg_lowers_medicine_absorption", "mg_raises_medicine_effect", "lowers_mg_absorption")
AROUND_THE_CLOCK = (dt.time(12), dt.time(23, 30), dt.time(0, 15))


def clock(start: dt.time, minutes: float) -> dt.time:
    return (dt.datetime.combine(dt.date(2026, 3, 2), start) + dt.timedelta(minutes=minutes)).time()


def medicine(atc: str, *times: dt.time) -> Medicine:
    return Medicine(name=f"med {atc}", atc=atc, times=times)


def magnesium(*times: dt.time) -> Supplement:
    return Supplement(salt="citrate", elemental_mg=100, times=times)


def findings(*medicines: Medicine, supplements: Iterable[Supplement] = ()) -> list[Finding]:
    return interaction_findings(Person(age_years=50, sex="male", medicines=medicines, supplements=tuple(supplements)))


def whole_code(row: Interaction) -> str:
    """Code of a substance that the row holds."""
    for code in row.atc:
        known = [s.atc for s in table(Substance) if s.atc.startswith(code)]
        fitting = [atc for atc in known if not any(atc.startswith(out) for out in row.atc_exclude)]
        if fitting:
            return fitting[0]
    return row.atc[0]


def judged(row: Interaction, taken: dt.time, mg: dt.time) -> Finding:
    found = findings(medicine(whole_code(row), taken), supplements=[magnesium(mg)])
    (one,) = [finding for finding in found if finding.rule == row.id]
    return one


def right(row: Interaction) -> str:
    """Code of a finding whose hours are kept."""
    if row.direction not in (*UPTAKE, "mixed"):
        return row.direction
    return "separated" if None not in (row.hours_before_mg, row.hours_after_mg) else "hours_half_known"


@pytest.mark.parametrize("start", AROUND_THE_CLOCK, ids=str)
@pytest.mark.parametrize("row", [row for row in TIMED if row.hours_before_mg], ids=lambda row: row.id)
def test_medicine_first_at_the_minute(row: Interaction, start: dt.time) -> None:
    # catches before and after exchanged, < for <=, and a day that ends at midnight
    minutes = 60 * row.hours_before_mg
    assert judged(row, start, clock(start, minutes)).code == right(row)
    close = judged(row, start, clock(start, minutes - 1))
    assert close.code == "too_close_medicine_first"
    assert close.facts["medicine_time"] == start.strftime("%H:%M")
    assert close.facts["magnesium_time"] == clock(start, minutes - 1).strftime("%H:%M")
    assert close.facts["needed"] == row.hours_before_mg
    assert close.facts["hours"] == pytest.approx((minutes - 1) / 60, abs=0.006)
    assert close.severity == {"major": "major", "moderate": "moderate", "minor": "minor"}[row.severity]


@pytest.mark.parametrize("start", AROUND_THE_CLOCK, ids=str)
@pytest.mark.parametrize("row", [row for row in TIMED if row.hours_after_mg], ids=lambda row: row.id)
def test_magnesium_first_at_the_minute(row: Interaction, start: dt.time) -> None:
    # catches before and after exchanged: ciprofloxacin 2 h after magnesium is not enough, it is 6 h
    minutes = 60 * row.hours_after_mg
    assert judged(row, clock(start, minutes), start).code == right(row)
    close = judged(row, clock(start, minutes - 1), start)
    assert close.code == "too_close_magnesium_first"
    assert close.facts["needed"] == row.hours_after_mg
    assert close.facts["magnesium_time"] == start.strftime("%H:%M")


@pytest.mark.parametrize("row", TIMED, ids=lambda row: row.id)
def test_taken_together_is_too_close(row: Interaction) -> None:
    # catches 0 hours read as 24
    assert judged(row, dt.time(8), dt.time(8)).code.startswith("too_close")


def test_there_are_as_many_timed_rows_as_expected() -> None:
    # catches a column of hours that was lost: every test above would pass on nothing
    assert len(TIMED) == 58
    assert [row.id for row in TIMED if not row.hours_before_mg] == ["INT017"]
    assert [row.id for row in TIMED if not row.hours_after_mg] == ["INT041", "INT113"]
    assert [row.id for row in TIMED if row.direction not in UPTAKE] == ["INT081", "INT122", "INT129"]


@pytest.mark.parametrize("label", LABELS, ids=lambda row: row["medicine"])
def test_hours_are_at_least_those_of_the_label(label: dict[str, str]) -> None:
    # catches a window that is shorter than the label's or turned round
    rows = [row for row in interactions_of(label["atc"]) if row in TIMED]
    assert rows
    for name in ("before", "after"):
        least = label[f"least_hours_{name}"]
        ours = max((getattr(row, f"hours_{name}_mg") or 0) for row in rows)
        assert not least or ours >= float(least), name


@pytest.mark.parametrize(
    "row",
    [row for row in ROWS if row.direction in UPTAKE and row not in TIMED and row.atc and row.severity != "avoid"],
    ids=lambda row: row.id,
)
@pytest.mark.parametrize("hours", [0, 6, 12])
def test_blank_hours_are_unknown_never_safe(row: Interaction, hours: int) -> None:
    # catches a blank read as 0 hours needed
    found = judged(row, dt.time(8), clock(dt.time(8), 60 * hours))
    assert (found.code, found.severity) == ("hours_unknown", row.severity)


@pytest.mark.parametrize("atc", ["J05AJ01", "J05AR16", "J05AX25", "G03AD02", "G03XB02"])
@pytest.mark.parametrize("hours", [0, 6, 12])
def test_avoid_stays_avoid_at_any_distance(atc: str, hours: int) -> None:
    # catches raltegravir called separated because it was taken 12 hours apart
    found = findings(medicine(atc, dt.time(8)), supplements=[magnesium(clock(dt.time(8), 60 * hours))])
    assert [(finding.code, finding.severity) for finding in found] == [("avoid", "major")]


def test_the_known_side_alone_does_not_clear() -> None:
    # catches gabapentin before magnesium called separated: how long before is not known
    (found,) = findings(medicine("N02BF01", dt.time(8)), supplements=[magnesium(dt.time(9))])
    assert (found.code, found.severity) == ("hours_half_known", "moderate")
    assert "hours_before" not in found.facts
    assert found.facts["hours_after"] == 2


def test_every_pair_of_takings_that_clashes_is_named() -> None:
    # catches only the first time of a medicine, only the first tablet, or a second clash hidden behind the worst
    found = findings(
        medicine("J01MA02", dt.time(8), dt.time(20)), supplements=[magnesium(dt.time(12)), magnesium(dt.time(21))]
    )
    (one,) = [finding for finding in found if finding.rule == "INT004"]
    # only 20:00 and 21:00 clash: 1 h where 2 are needed
    assert one.code == "too_close_medicine_first"
    assert (one.facts["medicine_time"], one.facts["magnesium_time"], one.facts["hours"]) == ("20:00", "21:00", 1)
    # with 17:00 as well, 3 h of the 6 that are needed is the worse clash and comes first
    found = findings(medicine("J01MA02", dt.time(8), dt.time(20)), supplements=[magnesium(dt.time(17), dt.time(21))])
    worse, other = [finding for finding in found if finding.rule == "INT004"]
    assert (worse.code, worse.facts["hours"], worse.facts["needed"]) == ("too_close_magnesium_first", 3, 6)
    assert (other.facts["medicine_time"], other.facts["magnesium_time"]) == ("20:00", "21:00")
    assert worse.facts["product"] == "citrate"


def test_kidneys_and_laboratory_raise_the_severity() -> None:
    # catches "minor" for a potassium-sparing diuretic with magnesium at an eGFR of 35, and digoxin always alarming
    def severity(rule: str, *medicines: Medicine, **facts: object) -> str:
        who = Person(age_years=70, sex="male", medicines=medicines, supplements=(magnesium(dt.time(8)),), **facts)
        return next(finding.severity for finding in interaction_findings(who) if finding.rule == rule)

    sparing, digoxin, loop = medicine("C03DA01"), medicine("C01AA05"), medicine("C03CA01")
    assert severity("INT058", sparing, egfr_ml_min_1_73m2=80) == "minor"
    assert severity("INT058", sparing, egfr_ml_min_1_73m2=35) == "major"
    assert severity("INT006", digoxin) == "moderate"
    assert severity("INT006", digoxin, loop) == "major"
    low = LabResult(test="serum-magnesium", value=0.6, unit="mmol/L")
    assert severity("INT006", digoxin, labs=(low,)) == "major"
    high = LabResult(test="serum-magnesium", value=1.2, unit="mmol/L")
    assert severity("INT084", medicine("A10BK01"), labs=(high,)) == "moderate"


def test_a_low_value_and_a_medicine_that_lowers_it_are_told_together() -> None:
    # catches a low laboratory value and its likely reason as two findings that nobody joins; a normal value that counts
    def told(value: float | None, atc: str) -> tuple[str, str]:
        labs = () if value is None else (LabResult(test="serum-magnesium", value=value, unit="mmol/L"),)
        who = Person(age_years=70, sex="male", medicines=(medicine(atc),), labs=labs)
        (one,) = [finding for finding in interaction_findings(who) if "lowers" in finding.code]
        return one.code, one.severity

    assert told(0.6, "M05BA08") == ("medicine_lowers_mg_is_low", "moderate")  # of itself minor
    assert told(0.85, "M05BA08") == told(None, "M05BA08") == ("medicine_lowers_mg", "minor")
    assert told(0.6, "C03CA01")[0] == "medicine_lowers_mg_is_low"


def test_times_that_are_missing_prove_nothing() -> None:
    # catches "no clash found" for a medicine or a product without times
    tablet = magnesium(dt.time(20))
    for medicines, supplements in (
        ([medicine("H03AA01")], [tablet]),
        ([medicine("H03AA01", dt.time(8))], [Supplement(elemental_mg=100)]),
        ([medicine("H03AA01", dt.time(8))], [tablet, Supplement(elemental_mg=100)]),
        ([medicine("H03AA01", dt.time(8)), medicine("A02AD01")], [tablet]),
    ):
        found = findings(*medicines, supplements=supplements)
        (one,) = [finding for finding in found if finding.rule == "INT001"]
        assert (one.code, one.severity) == ("times_unknown", "moderate")
    # a clash that is known stays a clash
    found = findings(medicine("H03AA01", dt.time(8)), supplements=[magnesium(dt.time(9)), Supplement(elemental_mg=1)])
    assert found[0].code == "too_close_medicine_first"


def test_magnesium_from_a_medicine_is_magnesium() -> None:
    # catches an antacid with magnesium that does not count as partner
    found = findings(medicine("J01MA02", dt.time(8)), medicine("A02AD01", dt.time(9)))
    assert ("INT004", "too_close_medicine_first") in {(finding.rule, finding.code) for finding in found}


def test_without_magnesium_it_would_interact() -> None:
    # catches an alarm about magnesium that nobody takes, and silence for who would start
    (found,) = findings(medicine("H03AA01", dt.time(8)))
    assert (found.code, found.severity) == ("would_interact", "info")
    assert found.facts["hours_before"] == 4
    # what a medicine does to magnesium does not need a tablet
    (furosemide,) = findings(medicine("C03CA01", dt.time(8)))
    assert (furosemide.code, furosemide.severity) == ("medicine_lowers_mg", "moderate")


def test_a_magnesium_product_is_no_partner_of_itself_but_of_another() -> None:
    # catches a product that clashes with itself, and two products that nobody adds up
    alone = findings(medicine("A02AD01", dt.time(8)))
    assert alone == []
    both = findings(medicine("A02AD01", dt.time(8)), supplements=[magnesium(dt.time(20))])
    assert [(finding.rule, finding.code, finding.severity) for finding in both] == [("INT053", "additive", "moderate")]
    two = findings(medicine("A02AD01", dt.time(8)), medicine("A06AD02", dt.time(20)))
    assert [finding.rule for finding in two] == ["INT053", "INT053"]


def test_patiromer_is_timed_and_still_lowers_magnesium() -> None:
    # catches hours that are printed but never compared with the clock
    row = next(row for row in ROWS if row.id == "INT081")
    assert judged(row, dt.time(8), dt.time(9)).code == "too_close_medicine_first"
    assert judged(row, dt.time(8), dt.time(12)).code == "medicine_lowers_mg"
    assert judged(row, dt.time(8), dt.time(12)).severity == "moderate"


def fired(atc: str) -> set[str]:
    return {row.id for row in interactions_of(atc) if row.severity != "none"}


def test_diuretics_go_in_their_own_direction() -> None:
    # catches a prefix C03 that makes spironolactone lower magnesium, or furosemide raise it
    for atc in ("C03DA01", "C03DA04", "C03DB01"):
        assert fired(atc) == {"INT058"}, atc
    for atc in ("C03CA01", "C03CA02", "C03CA04"):
        assert fired(atc) == {"INT056"}, atc
    for atc in ("C03AA03", "C03BA04", "C03BA11"):
        assert fired(atc) == {"INT057"}, atc
    assert fired("C03EA01") == {"INT059"}
    directions = {row.id: row.direction for row in ROWS}
    assert [directions[i] for i in ("INT056", "INT057", "INT058", "INT059")] == [
        "medicine_lowers_mg",
        "medicine_lowers_mg",
        "medicine_raises_mg",
        "mixed",
    ]


# what a name says -> rules that one of its medicines must fire, and no other medicine may
BY_NAME = [
    (r"levothyrox", {"INT001"}, ""),
    (r"(alen|rise|iban|eti|clo|tilu)dronic", {"INT002"}, ""),
    (r"cycline\b", {"INT003"}, r"tigecycline|eravacycline|omadacycline|doxorubicin"),
    (r"floxacin", {"INT004"}, r"moxifloxacin|\(eye\)"),
    (r"moxifloxacin", {"INT118"}, ""),
    (r"digoxin", {"INT005"}, ""),
    (r"ferrous|ferric|feredetate", {"INT007"}, r"parenteral|sucroferric"),
    (r"penicillamin", {"INT008"}, ""),
    (r"dolutegravir", {"INT011"}, ""),
    (r"bictegravir", {"INT012"}, ""),
    (r"\braltegravir", {"INT013"}, ""),
    (r"elvitegravir", {"INT014"}, ""),
    (r"rosuvastatin", {"INT015"}, ""),
    (r"chloroquin", {"INT020"}, ""),
    (r"isoniazid", {"INT024"}, ""),
    (r"rifampicin", {"INT025"}, ""),
    (r"atazanavir|fosamprenavir|tipranavir", {"INT027"}, ""),
    (r"rilpivirin", {"INT028"}, ""),
    (r"quinapril", {"INT031"}, ""),
    (r"prazole\b|proton pump|vonoprazan", {"INT055"}, r"aripiprazole|brexpiprazole"),
    (r"furosemide|bumetanide|torasemide|etacrynic", {"INT056", "INT059"}, ""),
    (
        r"thiazid|chlo?ortalidon|chlortalidon|indapamid|metolazon|xipamid|clopamid|altizid|azilsartan medoxomil and",
        {"INT057", "INT059"},
        "",
    ),
    (r"spironolacton|eplerenon|finerenon|canreno|\bamilorid|\btriamteren", {"INT058", "INT059"}, ""),
    (r"ciclosporin", {"INT063"}, ""),
    (r"tacrolimus", {"INT064"}, r"\(skin\)"),
    (r"sirolimus|everolimus", {"INT065"}, "temsirolimus"),
    (r"metformin", {"INT075"}, ""),
    (r"gliflozin", {"INT084"}, ""),
    (r"\blithium\b", {"INT085"}, ""),
    (r"ethambutol", {"INT113"}, ""),
]


@pytest.mark.parametrize(("pattern", "rules", "but"), BY_NAME, ids=[pattern[:20] for pattern, _, _ in BY_NAME])
def test_every_medicine_of_a_class_fires_and_no_other(pattern: str, rules: set[str], but: str) -> None:
    # catches an ATC prefix that is too short, too long or misses the combinations
    for row in table(Substance):
        names = " ".join((row.name_en, row.name_nl, *row.names)).casefold()
        member = bool(re.search(pattern, names)) and not (but and re.search(but, names))
        if row.atc.startswith("C03E"):  # two diuretics in one tablet have a rule of their own
            member = "INT059" in rules
        assert bool(fired(row.atc) & rules) == member, (row.atc, names)


def test_atenolol_with_chlortalidone_lowers_magnesium() -> None:
    # catches a fixed combination without the warning of its diuretic
    assert "INT057" in fired("C07CB03")


@pytest.mark.parametrize("atc", ["B05XA05", "J01GB03", "N02AA01", "M03BX01", "N05BA01"])
def test_rows_about_drips_warn_nobody_with_a_tablet(atc: str) -> None:
    # catches "only in hospital" rows that alarm somebody with a tablet
    found = findings(medicine(atc, dt.time(8)), supplements=[magnesium(dt.time(9))])
    told = [finding for finding in found if finding.rule in ("INT050", "INT061")]
    assert {(finding.code, finding.severity) for finding in told} <= {("no_warning", "info")}


def test_rows_without_action_only_inform() -> None:
    # catches an alert on every antibiotic and every cancer medicine
    quiet = {row.id for row in ROWS if row.severity == "none" or row.direction == "none"}
    classes = {row.id for row in ROWS if row.direction == "none"}
    assert {"INT009", "INT050", "INT086", "INT087", "INT092"} <= quiet
    for row in table(Substance):
        found = findings(medicine(row.atc, dt.time(8)), supplements=[magnesium(dt.time(9))])
        told = [finding for finding in found if finding.rule in quiet]
        assert {(finding.code, finding.severity) for finding in told} <= {("no_warning", "info")}
        if any(finding.rule not in quiet for finding in found):  # "no warning" beside a warning would contradict it
            assert not {finding.rule for finding in told} & classes, row.atc


def test_exclusions_hold() -> None:
    # catches pivampicillin swallowed by the penicillins, picosulfate by the stimulants, infusions by the tablets
    assert fired("J01CA04") == set()
    assert fired("J01CA02") == {"INT117"}
    assert fired("A06AB58") == {"INT053"}
    assert fired("A06AD11") == fired("A06AD15") == set()
    assert fired("J01AA12") == set()
    assert fired("M05BA08") == {"INT128"}  # an infusion: it can lower magnesium, no hours
    assert fired("A02AD01") == {"INT053"}
    assert fired("A02AC01") == {"INT054"}


def test_every_code_in_a_row_has_the_form_of_atc_and_finds_the_row() -> None:
    # catches a typing error in a code: the row would never fire
    for row in ROWS:
        for code in row.atc:
            assert re.fullmatch(r"[A-Z](\d\d([A-Z]([A-Z](\d\d)?)?)?)?", code), (row.id, code)
            assert row in interactions_of(code) or code in row.atc_exclude
        assert all(any(out.startswith(code) for code in row.atc) for out in row.atc_exclude), row.id


@pytest.mark.parametrize("row", [row for row in ROWS if row.severity != "none" and row.atc], ids=lambda row: row.id)
def test_findings_carry_texts_sources_and_mark(row: Interaction) -> None:
    # catches a finding without action or source, and a verified flag that gets lost
    found = judged(row, dt.time(8), dt.time(9)) if not whole_code(row).startswith(("A02AA", "A02AD")) else None
    if found is not None:
        assert (found.action_nl, found.action_en) == (row.action_nl, row.action_en)
        assert (found.sources, found.verified) == (row.sources, row.verified)
        assert found.facts["medicine"] == f"med {whole_code(row)}"


def test_most_serious_first() -> None:
    # catches a stop under a list of remarks
    person = Person(
        age_years=50,
        sex="male",
        egfr_ml_min_1_73m2=25,
        medicines=tuple(medicine(atc, dt.time(8)) for atc in ("C03CA01", "J05AJ01", "B03AA07", "C03DA01")),
        supplements=(magnesium(dt.time(9)),),
    )
    eaten = intake(person, None)
    found = check(person, eaten, limit(person, eaten, "efsa-2015"))
    places = [ORDER.index(finding.severity) for finding in found]
    assert places == sorted(places)
    assert found[0].severity == "stop"
    assert {"major", "moderate", "minor", "info"} <= {finding.severity for finding in found}
