"""The knowledge base is in order, and every rule sees the mistake that it is for, at its file and line."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from magnes.errors import InputProblems, Problem
from magnes.knowledge import checks, ledger, load
from magnes.knowledge.checks import RULES, check_knowledge
from magnes.knowledge.checks.bands import age_bands
from magnes.knowledge.checks.claims import conflicts_are_symmetric, verdicts_rest_on_sources
from magnes.knowledge.checks.effects import effects_are_sound
from magnes.knowledge.checks.identity import identifiers_are_unique, names_mean_one_thing
from magnes.knowledge.checks.medicines import near_misses_miss, timing_is_sound, windows_and_terms
from magnes.knowledge.checks.ranges import is_ucum, ranges_are_ordered, units_parse
from magnes.knowledge.checks.references import references_resolve
from magnes.knowledge.checks.salts import formulas_agree
from magnes.knowledge.checks.sources import sources_are_complete
from magnes.knowledge.checks.targets import targets_are_complete
from magnes.knowledge.checks.texts import numbers_in, texts_in_both_languages
from magnes.knowledge.clinical import Interaction
from magnes.knowledge.load import table
from magnes.knowledge.targets import Target

Edit = Callable[[str, str, str], int]
Rule = Callable[[], Iterable[Problem]]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_knowledge_base_is_in_order(rule: Rule) -> None:
    # catches: a row that breaks a rule of the whole
    assert [str(problem) for problem in rule()] == []


def test_everything_is_checked_in_three_seconds() -> None:
    # catches: a rule that walks the tables once per row
    began = time.process_time()
    assert check_knowledge() == ()
    assert time.process_time() - began < 3


SEPARATIONS, MEAL_RULES = "timing/separations.csv", "timing/meals.csv"
TS01_O = "TS01,levothyroxine,levothyroxine,HO3AA"
THIAZIDES, ROSUVASTATIN = "medicines/thiazides.toml", "medicines/rosuvastatin.toml"
CRAMPS = "indications/muscle-cramps.toml"
HEART_BLOCK, AGE = "conditions/heart-block.toml", "conditions/age.toml"
SOURCE, DOI = '["MARTIN08", "', "10.1093/ajcn/79.3.418"
IS_ECLAMPSIA = 'condition = "eclampsia'
LAST_EFFECT = "\n".join(
    (
        "value = -33",
        'unit = "%"',
        'situation_nl = "met een maagzuurbinder"',
        'situation_en = "with an antacid"',
        'sources = ["REGARDH81"]',
    )
)
FROM_MEMORY = LAST_EFFECT.replace("REGARDH81", "MEM")
MISO, MISO_ATC = 'sources = ["WEBMD-MISOPROSTOL", "PATIENTINFO-MISOPROSTOL"]', 'atc = ["A02BB01", "M01AB55"]'
RATIO = "low = 0.84"
OURS = ",Apache-2.0,yes\nMAGNES-KITCHEN"
PPI, LOOP = "medicines/proton-pump-inhibitors.toml", "medicines/loop-diuretics.toml"
SGLT2, AMPHOTERICIN = "medicines/sglt2-inhibitors.toml", "medicines/amphotericin-b.toml"
ALCOHOL, BODY_ATC = "conditions/alcohol-use-disorder.toml", 'atc = ["J02AA01"]\nfactor'
TARGETS, BODY = "model/targets.csv", "healthy,1000,905,1070,mmol,"
AVIOLI, STORED = "Avioli & Berman 1966 J Appl Physiol 21:1688 (3.54 mEq/kg)", 'AJCN 77:1206 is stored)",,,,'
FOUND = '"medicalalgorithms.com, Clinical findings in hypermagnesemia",,,,https://medicalalgorithms.com/clin'
SLOWS = 'rationale_en = "Magnesium slows the signal in the heart."\n'
MISTAKES: list[tuple[str, Rule, str, str, str, str]] = [
    # name, rule, file, text that stands once, what it becomes, code
    ("copied id", identifiers_are_unique, "graph/signs.csv", "\nSY02,", "\nSY01,", "duplicate"),
    ("two meanings", names_mean_one_thing, HEART_BLOCK, '"av-blok",', '"zwangerschapsstuipen",', "two_meanings"),
    ("no such term", references_resolve, THIAZIDES, '"-kidney_dct"', '"-kidney_dtc"', "reference"),
    ("no such source", references_resolve, ROSUVASTATIN, SOURCE, SOURCE.replace("08", "80"), "reference"),
    ("no condition", references_resolve, "conditions/eclampsia.toml", IS_ECLAMPSIA, IS_ECLAMPSIA + "x", "reference"),
    ("doi with a tail", sources_are_complete, "sources.csv", DOI, DOI + ":", "identifier"),
    ("one language", texts_in_both_languages, HEART_BLOCK, SLOWS, "", "language"),
    ("lost number", texts_in_both_languages, THIAZIDES, 'action_nl = "', 'action_nl = "5 ', "numbers"),
    ("usual beyond possible", ranges_are_ordered, "lab_tests.csv", "1.5,15,", "15,1.5,", "range"),
    ("day to day outside itself", ranges_are_ordered, "lab_tests.csv", "3.5,3,4,", "35,3,4,", "range"),
    (
        "error nobody read",
        sources_are_complete,
        "lab_tests.csv",
        "2,1,3.5,MAGNES-DESIGN,no",
        "2,1,3.5,MAGNES-DESIGN,yes",
        "not_read",
    ),
    ("unit of nobody", units_parse, "lab_references.csv", "7,mmol/(24.h)", "7,mmol/24 h", "unit"),
    ("bounds exchanged", ranges_are_ordered, "model/parameters.csv", "0.25,0.2,0.35", "0.25,0.35,0.2", "range"),
    ("months for years", ranges_are_ordered, AGE, "low_years = 65", "low_years = 780", "range"),
    ("hours without basis", windows_and_terms, ROSUVASTATIN, '"specific"', '"unknown"', "hours"),
    ("wrong direction", windows_and_terms, ROSUVASTATIN, '"-medicine_a', '"+medicine_a', "term"),
    ("another hydrate", formulas_agree, "salts.csv", "MgCl2.6H2O", "MgCl2.5H2O", "formula"),
    ("no source at all", sources_are_complete, "medicines/misoprostol.toml", MISO, "sources = []", "no_source"),
    (
        "licence of nobody",
        sources_are_complete,
        "sources.csv",
        ",Apache-2.0,yes\nMAGNES-KITCHEN",
        ",GPL,yes\nMAGNES-KITCHEN",
        "licence",
    ),
    ("formula of nothing", formulas_agree, "salts.csv", "MgCl2.6H2O", "MgCl2.6H2Q", "formula"),
    ("ratio below 0", ranges_are_ordered, CRAMPS, RATIO, RATIO.replace("0.84", "-0.84"), "range"),
    ("terms of none", windows_and_terms, "medicines/vitamin-b6.toml", "acts_on = []", 'acts_on = ["+sweat"]', "term"),
    (
        "idle exclusion",
        near_misses_miss,
        "medicines/tetracyclines.toml",
        '["J01AA12", "J01AA13", ',
        '["J02AA12", "J01AA13", ',
        "exclusion",
    ),
    ("no such medicine", near_misses_miss, "medicines/misoprostol.toml", MISO_ATC, 'atc = ["A02ZZ"]', "no_medicine"),
    ("letter for digit", near_misses_miss, "medicines/dolutegravir.toml", '"J05AJ03"', '"J05AJO3"', "no_atc"),
    (
        "no such salt",
        references_resolve,
        "indications/muscle-cramps.toml",
        "salts = [",
        'salts = ["banaan", ',
        "reference",
    ),
    ("signed key", references_resolve, ROSUVASTATIN, SOURCE, SOURCE.replace("M", "-M"), "reference"),
    ("effect nobody read", sources_are_complete, "medicines/atenolol.toml", LAST_EFFECT, FROM_MEMORY, "not_read"),
    ("sibling met", near_misses_miss, THIAZIDES, "near_miss = [", 'near_miss = ["C03AA03", ', "near_miss"),
    ("nameless source", sources_are_complete, "sources.csv", FOUND, " ,,,,https://medicalalgorithms.com/clin", "blank"),
    ("target of nobody", targets_are_complete, TARGETS, AVIOLI, " ", "blank"),
    ("pmid with a letter", targets_are_complete, TARGETS, ",4584344,", ",PMID 4584344,", "identifier"),
    ("doi as an address", targets_are_complete, TARGETS, ",10.1172/JCI107500", ",doi:10.1172/JCI107500", "identifier"),
    ("pmc without pmc", targets_are_complete, TARGETS, ",PMC6946416,", ",6946416,", "identifier"),
    ("bounds without value", targets_are_complete, TARGETS, BODY, "healthy,,905,1070,mmol,", "blank"),
    ("half an interval", targets_are_complete, TARGETS, BODY, "healthy,1000,905,,mmol,", "blank"),
    ("number without unit", targets_are_complete, TARGETS, BODY, "healthy,1000,905,1070,,", "blank"),
    ("verified nothing", targets_are_complete, TARGETS, STORED + "no", STORED + "yes", "blank"),
    ("target outside", ranges_are_ordered, TARGETS, BODY, "healthy,1100,905,1070,mmol,", "range"),
    ("target turned round", ranges_are_ordered, TARGETS, BODY, "healthy,1000,1070,905,mmol,", "range"),
    ("word for a unit", units_parse, TARGETS, "mmol/L{cells}", "mmol/L cells", "unit"),
    ("copied target", identifiers_are_unique, TARGETS, "\nMG002,", "\nMG001,", "duplicate"),
    ("factor of nothing", effects_are_sound, PPI, '"gut_active_factor"', '"gut_activ_factor"', "reference"),
    ("tuned on a kept row", effects_are_sound, PPI, '"MG148"', '"MG149"', "reference"),
    ("background of nobody", effects_are_sound, SGLT2, '"BE-DIABETES"', '"BE-SUGAR"', "reference"),
    ("effect of no condition", effects_are_sound, ALCOHOL, '["alcohol-use', '["alcohol-ab', "reference"),
    ("measure of nothing", effects_are_sound, PPI, 'target = "MG148"\n', "", "range"),
    ("two effects at once", effects_are_sound, LOOP, "at_days = 1", 'at_days = 1\ntarget = "MG148"', "range"),
    ("half an effect", effects_are_sound, LOOP, "effect_low = 1.1\n", "", "blank"),
    ("other way than said", effects_are_sound, AMPHOTERICIN, '["-kidney_setpoint"]', '["+kidney_setpoint"]', "term"),
    (
        "effect on no medicine",
        effects_are_sound,
        AMPHOTERICIN,
        BODY_ATC,
        BODY_ATC.replace("J02AA01", "J02ZZ"),
        "no_medicine",
    ),
    ("effect on no code", effects_are_sound, AMPHOTERICIN, BODY_ATC, BODY_ATC.replace("J02AA01", "J02AAO1"), "no_atc"),
    ("hours of a week", ranges_are_ordered, SEPARATIONS, "B03AC,4,8,major", "B03AC,4,80,major", "range"),
    ("no such iron", timing_is_sound, SEPARATIONS, "TS01,levothyroxine,levothyroxine,H03AA", TS01_O, "no_atc"),
    ("nothing excluded", timing_is_sound, MEAL_RULES, "B03A,B03AC,", "B03A,B02AC,", "exclusion"),
    ("food without hours", timing_is_sound, MEAL_RULES, "empty_stomach,yes,0.5,2,", "empty_stomach,yes,0.5,,", "hours"),
    ("hours of nobody", sources_are_complete, SEPARATIONS, ",SKYSCAPE-QUINOLONES,yes,", ",MEM,yes,", "not_read"),
    ("effect turned round", ranges_are_ordered, LOOP, "effect_high = 1.3", "effect_high = 1.13", "range"),
]


@pytest.mark.parametrize(
    ("rule", "file", "old", "new", "code"), [case[1:] for case in MISTAKES], ids=[case[0] for case in MISTAKES]
)
def test_a_rule_sees_its_mistake(edit: Edit, rule: Rule, file: str, old: str, new: str, code: str) -> None:
    # catches: a rule that always passes, or that names another place
    edit(file, old, new)
    found = [problem for problem in rule() if problem.code == f"knowledge_{code}"]
    assert found
    assert {problem.file for problem in found} == {file}
    assert all(problem.line for problem in found)


def test_an_age_band_with_a_hole_or_an_overlap(edit: Edit) -> None:
    # catches: two values for one child, or none between two bands
    for old, new, code in (("4,9,", "5,9,", "knowledge_gap"), ("5,9,", "3,9,", "knowledge_overlap")):
        text = "RV083,iom-1997,1997,EAR,"
        edit("reference_values.csv", text + old, text + new)
        assert code in {problem.code for problem in age_bands()}


def test_a_conflict_seen_from_one_side(edit: Edit) -> None:
    # catches: a contradiction that a reader of the other statement never sees
    row = next(row for row in table(ledger.Statement) if len(row.conflicts) == 1)
    cells = f",{row.conflicts[0]},{row.verdict},"
    page = f"statements/P{row.page}.csv"
    text = next(line for line in (_read(page)).splitlines() if line.startswith(f"{row.id},") and cells in line)
    edit(page, text, text.replace(cells, f",,{row.verdict},"))
    assert [problem.found for problem in conflicts_are_symmetric()] == [row.id]


def test_a_verdict_that_rests_on_the_page_itself(edit: Edit) -> None:
    # catches: "supported" because the page says so
    row = next(row for row in table(ledger.Statement) if row.verdict == "supported" and len(row.sources) == 1)
    page = f"statements/P{row.page}.csv"
    text = next(line for line in _read(page).splitlines() if line.startswith(f"{row.id},"))
    edit(page, text, text.replace(f",{row.sources[0]},yes", f",P{row.page},yes"))
    assert "knowledge_verdict" in {problem.code for problem in verdicts_rest_on_sources()}


def _read(file: str) -> str:
    return (load.data_folder() / file).read_text(encoding="utf-8")


def test_bad_cells_come_first_all_of_them_with_their_lines(edit: Edit) -> None:
    # catches: only the first bad cell told, or a TOML cell without its line
    one = edit("medicines/thiazides.toml", 'severity = "', 'severity = "x')
    two = edit("medicines/rosuvastatin.toml", "hours_before_mg = 2", 'hours_before_mg = "two"')
    with pytest.raises(InputProblems) as caught:
        table(Interaction)
    places = {(problem.file, problem.line, problem.field) for problem in caught.value.problems}
    assert places == {
        ("medicines/thiazides.toml", one, "severity"),
        ("medicines/rosuvastatin.toml", two, "hours_before_mg"),
    }
    assert {problem.file for problem in check_knowledge()} == {file for file, _, _ in places}


def test_units() -> None:
    # catches: UCUM taken for granted; a day is d, a week wk, 24 hours (24.h)
    assert all(map(is_ucum, ("mg/d", "mmol/L", "%", "1", "wk", "mo", "mL/min/{1.73_m2}", "mmol/(24.h)")))
    assert not any(map(is_ucum, ("mg/dagen", "mmol/24 h", "mg per day", "mg/100 g")))


def test_numbers_are_compared_across_languages() -> None:
    # catches: 1,5 read as 1 and 5; thousands signs taken for decimals
    assert numbers_in("1,5 mg bij 9.090 vrouwen", "nl") == numbers_in("1.5 mg in 9,090 women", "en")
    assert numbers_in("2 tot 3", "nl") != numbers_in("2 to 4", "en")
    assert numbers_in("2 en 2", "nl") != numbers_in("2", "en")


def test_every_rule_of_the_package_is_run() -> None:
    # catches: a rule that is written and never called
    assert len(RULES) == len(set(RULES)) == 16
    assert checks.RULES is RULES


def test_a_copied_file_is_seen(edit: Edit) -> None:
    # catches: two files with one id, of which one would be lost
    edit("indications/muscle-cramps.toml", "searched = ", "searched = ")  # makes the copy of the tables
    folder = Path(str(load.data_folder()))
    shutil.copy(folder / "indications" / "adhd.toml", folder / "indications" / "adhd-2.toml")
    assert "knowledge_duplicate" in {problem.code for problem in identifiers_are_unique()}


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("[[interactions]]", "[[interaction]]", "interaction"),
        ("[[interactions]]", 'title = "x"\n\n[[interactions]]', "title"),
    ],
)
def test_a_list_by_another_name_is_refused(edit: Edit, old: str, new: str, field: str) -> None:
    # catches: a misspelt [[interaction]] whose row is lost without a word
    edit("medicines/misoprostol.toml", old, new)
    with pytest.raises(InputProblems) as caught:
        table(Interaction)
    assert ("field_unknown", field) in {(problem.code, problem.field) for problem in caught.value.problems}


def test_a_number_that_is_none_is_refused(edit: Edit) -> None:
    # catches: nan, which is neither above nor below any bound
    edit("medicines/atenolol.toml", "value = -33", "value = nan")
    with pytest.raises(InputProblems):
        table(Interaction)


def test_a_target_is_for_calibration_or_for_validation(edit: Edit) -> None:
    # catches: a target used for neither, or for both
    line = edit("model/targets.csv", ",yes,calibrate,\nMG002,", ",yes,both,\nMG002,")
    with pytest.raises(InputProblems) as caught:
        table(Target)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.field, problem.found) == ("model/targets.csv", line, "use", "both")


def test_a_short_row_and_a_doubled_column_are_counted_right(edit: Edit) -> None:
    # catches: "found 21" for a row of two cells
    line = edit("model/terms.csv", "intake,flow,I,inname met eten en drinken,intake with food and drink", "intake,flow")
    with pytest.raises(InputProblems) as caught:
        table(ledger.Term)
    (problem,) = caught.value.problems
    assert (problem.code, problem.line, problem.found, problem.accepted) == ("row_width", line, "2", "5")


def test_a_statement_that_contradicts_itself_or_corrects_nothing(edit: Edit) -> None:
    # catches: an id that stands in its own conflicts, a verdict "wrong" without the better figure
    row = next(row for row in table(ledger.Statement) if row.verdict == "wrong" and not row.conflicts)
    page = f"statements/P{row.page}.csv"
    text = next(line for line in _read(page).splitlines() if line.startswith(f"{row.id},"))
    edit(page, text, text.replace(",,wrong,", f",{row.id},wrong,"))
    assert {problem.code for problem in conflicts_are_symmetric()} == {"knowledge_one_sided"}


def test_broken_toml_is_told_with_its_line(edit: Edit) -> None:
    # catches: a traceback of the parser, or a file that is skipped
    line = edit("medicines/misoprostol.toml", 'severity = "moderate"', 'severity = "moderate')
    with pytest.raises(InputProblems) as caught:
        table(Interaction)
    assert [(problem.code, problem.line) for problem in caught.value.problems] == [("toml_broken", line)]


def test_a_doubled_column_is_refused(edit: Edit) -> None:
    # catches: two columns of one name, of which the last would win
    edit("model/terms.csv", "name,kind,symbol,name_nl,name_en", "name,kind,name,name_nl,name_en")
    with pytest.raises(InputProblems) as caught:
        table(ledger.Term)
    assert ("field_unknown", "name") in {(problem.code, problem.field) for problem in caught.value.problems}
