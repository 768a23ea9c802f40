"""Two languages that say the same: same ids, same placeholders, a text for every code of the science, none unused."""

import ast
import re
import string
from pathlib import Path
from typing import get_args

import pytest
from babel.messages.pofile import read_po

import magnes
from magnes.advice.check import ABSORPTION
from magnes.advice.finding import ORDER, Finding
from magnes.errors import Problem
from magnes.estimate import Estimate
from magnes.knowledge.clinical import Contraindication, Interaction
from magnes.knowledge.load import table
from magnes.knowledge.records import Authority, LabTest, Limit, Parameter, Source
from magnes.matching import normalise
from magnes.need import LimitVerdict
from magnes.population.usual.guards import SEVERITY
from magnes.products import Contribution
from magnes.reference import RECOMMENDED
from magnes.report.wording import amount
from magnes.text import LANGUAGES, Language, action_text, catalogue, finding_text, number, problem_text, translate

SOURCE = Path(magnes.__file__).parent
TREES = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(SOURCE.rglob("*.py"))]
TEMPLATES = [path.read_text(encoding="utf-8") for path in sorted(SOURCE.rglob("*.html"))]
IN_TEMPLATE = re.compile(
    r"""\bt\((?P<quote>["'])(?P<id>[^"']+)(?P=quote)\s*(?P<more>~?)"""
)  # t("id") or t("begin." ~ name)
PROBLEM_MAKERS = ("add", "Problem", "NumberRefusedError", "wrong_field")
OWN_KEYS = ("MEM", "CRONOMETER", "USER")
OPEN_LICENCES = ("Apache-2.0", "CC0", "Licence Ouverte / Etalab", "OGL-Canada")


def nodes(kind: type) -> list:
    return [node for tree in TREES for node in ast.walk(tree) if isinstance(node, kind)]


def strings(tree: ast.AST) -> set[str]:
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def facts_in(tree: ast.AST) -> set[str]:
    """Keys of dictionaries: names of facts, no codes."""
    return set().union(
        *(strings(key) for node in ast.walk(tree) if isinstance(node, ast.Dict) for key in node.keys if key)
    )


def called(*names: str) -> set[str]:
    """First arguments that are plain strings, of calls to these names."""
    found = set()
    for call in nodes(ast.Call):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name in names and call.args and isinstance(call.args[0], ast.Constant):
            found.add(call.args[0].value)
    return {value for value in found if isinstance(value, str)}


def tree_of(path: str) -> ast.AST:
    return ast.parse((SOURCE / path).read_text(encoding="utf-8"))


def code_variables(path: str) -> set[str]:
    """Strings that a file gives to something named ``code``: as a keyword, assigned, or returned by a judge."""
    found: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.keyword) and node.arg == "code":
            found |= strings(node.value)
        elif isinstance(node, ast.Assign):
            names = {name.id for name in ast.walk(node.targets[0]) if isinstance(name, ast.Name)}
            found |= strings(node.value) if names & {"code", "found"} else set()
        elif isinstance(node, ast.FunctionDef) and node.name in ("_severity", "_timing", "_gap", "code"):
            returns = [part.value for part in ast.walk(node) if isinstance(part, ast.Return)]
            found |= set().union(*(strings(value) - facts_in(value) for value in returns if value))
    return found


def finding_codes() -> set[str]:
    """Codes in the modules that make findings; severities stand beside them and are not codes."""
    files = ("advice/safety.py", "advice/check.py", "advice/unknown.py")
    made = set().union(*map(code_variables, files)) | called("_not_checked", "_finding")
    directions = {row.direction for row in table(Interaction)} - {"none"} - set(ABSORPTION)
    levels = {row.level for row in table(Contraindication) if row.max_supplement_mg is None and row.level != "stop"}
    levels |= {row.level for row in table(Contraindication) if row.level in ("none", "out-of-scope")}
    made = {code for code in made if code.isidentifier()} - {"limit_"} | {
        f"limit_{word}" for word in get_args(LimitVerdict)
    }
    return made - set(ORDER) - {"avoid"} | directions | levels | {"avoid"}


def note_codes() -> set[str]:
    """Arguments of ``notes.append``, ``notes=``; ``no_value_for_{state}`` for both states."""
    found = {"no_value_for_pregnant", "no_value_for_lactating"}
    for node in [*nodes(ast.Call), *nodes(ast.keyword)]:
        appended = isinstance(node, ast.Call) and ast.unparse(node.func) == "notes.append"
        if appended:
            found |= strings(node.args[0])
        elif isinstance(node, ast.keyword) and node.arg == "notes":
            found |= strings(node.value)
    return {code for code in found if code.isidentifier() and not code.endswith("_")}


def units() -> set[str]:
    found = {row.unit for kind in (Parameter, LabTest) for row in table(kind)}
    for call in nodes(ast.Call):
        made = getattr(call.func, "attr", "")
        if made in ("exact", "total", "same_error", "multiply") and len(call.args) > 1:
            found |= {value for value in strings(call.args[1]) if "-" not in value}
        found |= {
            word.value.value
            for word in call.keywords
            if word.arg == "unit" and isinstance(word.value, ast.Constant) and ast.unparse(call.func) != "read_number"
        }
    for node in nodes(ast.Dict):  # model_copy(update={"unit": ...})
        for key, value in zip(node.keys, node.values, strict=True):
            if key is not None and strings(key) == {"unit"} and isinstance(value, ast.Constant):
                found.add(str(value.value))
    return found - {""}


def kitchens() -> set[str]:
    return set(get_args(Contribution.model_fields["kitchen"].annotation)) - {""}


def preparations() -> set[str]:
    lines = (SOURCE / "knowledge/data/names/preparations.csv").read_text(encoding="utf-8").splitlines()[1:]
    return {line.rpartition(",")[2] for line in lines}


def reference_kinds() -> set[str]:
    limits = {row.kind for row in table(Limit)} & {"UL", "guidance"}
    return {*RECOMMENDED, "EAR", *limits, *get_args(Contribution.model_fields["kind"].annotation)}


# family of ids -> every code that the science can return for it
FAMILIES = {
    "problem": lambda: (
        called(*PROBLEM_MAKERS)
        | {f"knowledge_{code}" for code in called("wrong")}
        | {"food_ambiguous", "food_unknown", "toml_broken", "toml_comma"}
        | {f"usual_{code}" for code, severity in SEVERITY.items() if severity == "refuse"}
        | {"nearest", "accepted"}
    ),
    "usual_guard": lambda: {code for code, severity in SEVERITY.items() if severity == "warn"},
    "finding": finding_codes,
    "limit": lambda: {"amount", "reference", *get_args(LimitVerdict)},
    "note": note_codes,
    "unit": units,
    "kind": reference_kinds,
    "preparation": preparations,
    "severity": lambda: set(ORDER),
    "limit_authority": lambda: {row.limit_authority for row in table(Authority)},
    "source": lambda: {row.key for row in table(Source) if row.key in OWN_KEYS or row.key.startswith("MAGNES-")},
    "licence": lambda: {row.licence for row in table(Source)} - set(OPEN_LICENCES),
}


def family(name: str) -> set[str]:
    return {text_id.partition(".")[2] for text_id in catalogue("nl") if text_id.partition(".")[0] == name}


@pytest.mark.parametrize("name", FAMILIES)
def test_every_code_has_its_text_and_every_text_its_code(name: str) -> None:
    # catches: a new code that ends in a KeyError before a person, and a text left behind by a removed code
    assert family(name) == FAMILIES[name]()


def test_kitchen_words_cover_the_record() -> None:
    # catches: a new way of taking cooking into account without words
    assert kitchens() | {"read_as", "could_be", "or", "takings"} == family("kitchen")


def test_findings_without_action_of_their_own_have_one() -> None:
    # catches: "what to do" missing for a finding that comes from no table row
    own = {"limit_exceeded", "limit_kept", "limit_unknown", "limit_not_asked", "no_limit", "amount_unknown"}
    own |= {"limit_possible", "medicine_group", "lab_very_low", "lab_low", "lab_high", "medicine_unknown"}
    own |= {"lab_renal_loss", "lab_renal_loss_possible", "lab_kidneys_save", "lab_urine_low", "lab_urine_high"}
    own |= {"condition_unknown", "condition_lowers_mg", "egfr_needed", "egfr_unknown", "medicine_group_open"}
    assert family("action") == own
    assert own <= finding_codes()


def test_same_ids_and_placeholders_in_both_languages() -> None:
    # catches: a text or a fact that only one language has
    def placeholders(text: str) -> set[str | None]:
        return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}

    nl, en = catalogue("nl"), catalogue("en")
    assert nl.keys() == en.keys()
    assert {key: placeholders(nl[key]) for key in nl} == {key: placeholders(en[key]) for key in en}


@pytest.mark.parametrize("language", LANGUAGES)
def test_po_files_are_proper(language: Language) -> None:
    # catches: a broken header, an empty or doubled text, a text left in the other language
    path = SOURCE / "text" / f"{language}.po"
    raw = path.read_text(encoding="utf-8")
    with path.open("rb") as handle:
        entries = [entry for entry in read_po(handle) if entry.id]
    assert f'"Language: {language}\\n"' in raw
    assert "charset=UTF-8" in raw
    assert raw.count('\nmsgid "') == len(entries) + 1
    assert [entry.id for entry in entries if not entry.string] == []


def test_texts_named_in_the_code_exist_and_all_texts_are_used() -> None:
    # catches: a misspelt id, and texts that nothing shows any more
    literal = set().union(*(strings(tree) for tree in TREES))
    begun = {
        node.values[0].value
        for node in nodes(ast.JoinedStr)
        if node.values and isinstance(node.values[0], ast.Constant) and "." in node.values[0].value
    }
    shown = [match for text in TEMPLATES for match in IN_TEMPLATE.finditer(text)]
    in_templates = {match["id"] for match in shown if not match["more"]}
    literal |= in_templates
    begun |= {match["id"] for match in shown if match["more"]}
    known = set(catalogue("nl"))
    assert sorted((called("translate", "text") | in_templates) - known) == []
    unused = {key for key in known if key not in literal and not any(key.startswith(part) for part in begun)}
    # ids built from a prefix that is itself a parameter: person.* in person_rows
    assert {key for key in unused if not key.startswith("person.")} == set()


def test_dutch_and_english_differ() -> None:
    # catches: English left in nl.po; names, units and patterns are alike in both
    alike = (
        "unit.",
        "measure.",
        "answer.outcome",
        "percent.",
        "estimate.exact",
        "kind.",
        "limit_authority.",
        "person.",
        "table.",
        "report.",
        "cli.",
        "body.state.urine",
        "flow.place.urine",
        "timetable.at.lunch",
        "timetable.day.lunch",
        "web.audit.kind.product",
        "web.audit.kind.supplement",
        "web.diary.meal.lunch",
        "web.search.per_100_g",
        "web.field.day.lunch",
        "web.field.trimester",
        "web.nav.labs",
        "web.nav.plan",
    )
    same = {key for key, text in catalogue("nl").items() if text == catalogue("en")[key]}
    assert {key for key in same if not key.startswith((*alike, "severity.stop", "intake.", "lab."))} == set()


def test_dutch_takes_the_polite_form() -> None:
    # catches: "je" and "jij" beside "u"
    words = {key: set(normalise(text).split()) for key, text in catalogue("nl").items()}
    assert [key for key, found in words.items() if found & {"je", "jij", "jouw", "jullie"}] == []


def test_no_text_gives_a_diagnosis_or_an_infusion_dose() -> None:
    # catches: words that this programme may not use
    for language in LANGUAGES:
        text = " ".join(catalogue(language).values()).casefold()
        for word in ("deficiency", "deficiënt", "infuus", "infusion", "intraven"):
            assert word not in text, (language, word)


def test_problem_says_where_what_accepted_and_nearest() -> None:
    # catches: a message without the place, the finding or the way out
    problem = Problem("number_ambiguous", "a.csv", 4, "amount", "1.234", "0.001 … 20000", ("1234",))
    assert problem_text(problem, "nl").startswith("a.csv:4: amount: ‘1.234’ kan op twee manieren")
    for language in LANGUAGES:
        text = problem_text(problem, language)
        assert "1234" in text
        assert {"nl": "0,001 … 20000", "en": "0.001 … 20000"}[language] in text
        assert text.endswith("?")


def test_ranges_and_forms_speak_the_language_of_the_reader() -> None:
    # catches: a decimal point in Dutch; a code, date or version that is taken for a range; ids of a file in a form
    problem = Problem("number_range", found="9", accepted="0.1 … 5000 mg")
    assert "0,1 … 5000 mg" in problem_text(problem, "nl")
    assert "0.1 … 5000 mg" in problem_text(problem, "en")
    assert "0.75" in problem_text(Problem("choice_unknown", found="x", accepted="0.70, 0.75"), "nl")
    unknown = Problem("salt_unknown", found="xx", accepted="oxide, citrate", nearest=("citrate",))
    assert "oxide" in problem_text(unknown, "en")
    form = problem_text(unknown, "en", form=True)
    assert "oxide" not in form
    assert "elemental_mg" not in form
    assert form.endswith("Did you mean: citrate?")


def test_every_problem_text_formats_in_both_languages() -> None:
    # catches: a placeholder that problem_text does not fill
    for language in LANGUAGES:
        for code in family("problem") - {"nearest", "accepted"}:
            assert problem_text(Problem(code, found="F", accepted="A"), language)


def test_numbers_have_the_decimal_sign_of_the_language() -> None:
    # catches: a decimal point in Dutch, a thousands sign in either
    assert number(1234.56, "nl", 2) == "1234,56"
    assert number(1234.56, "en", 2) == "1234.56"
    estimate = Estimate(value=0.71, low=0.7, high=0.75, unit="mg/d", sources=("A",), verified=False)
    assert amount(estimate, "nl") == "0,7 mg per dag (0,7 tot 0,8)"
    assert amount(estimate, "en") == "0.7 mg a day (0.7 to 0.8)"


def finding(code: str, **facts: str | float) -> Finding:
    rule = str(facts.pop("rule", ""))
    return Finding(code=code, severity="major", rule=rule, facts=facts, sources=("A",), verified=True)


@pytest.mark.parametrize(
    ("hours", "words"),
    [(0.0, "tegelijk"), (0.5, "een half uur"), (1.0, "1 uur"), (2.5, "2,5 uur"), (2.97, "2,97 uur"), (3.0, "3 uur")],
)
def test_hours_read_as_people_say_them(hours: float, words: str) -> None:
    # catches: "0 uur", "2,50 uur", and 2.97 h rounded to the 3 h that are needed
    times = {"medicine": "levothyroxine", "medicine_time": "07:30", "magnesium_time": "08:00", "product": "citraat"}
    text = finding_text(finding("too_close_medicine_first", **times, hours=hours, needed=4.0), "nl")
    assert text.startswith(f"levothyroxine om 07:30 en citraat (magnesium) om 08:00: {words}, ")
    assert "minstens 4 uur" in text


def test_product_that_names_magnesium_does_not_say_it_twice() -> None:
    # catches: "magnesiumcitraat (magnesium)"
    facts = {"medicine": "x", "medicine_time": "07:30", "magnesium_time": "08:00", "hours": 0.0, "needed": 2.0}
    text = finding_text(finding("too_close_magnesium_first", product="Magnesiumcitraat", **facts), "nl")
    assert text.startswith("Magnesiumcitraat om 08:00 en x om 07:30: tegelijk, ")


def test_amounts_in_findings_are_whole_mg() -> None:
    # catches: a precision of hundredths that no label has
    facts = {"amount_mg": 240.24, "high_mg": 276.276, "limit_mg": 250.0}
    assert "240 mg" in finding_text(finding("limit_possible", **facts), "nl")
    assert "276 mg" in finding_text(finding("limit_possible", **facts), "en")


@pytest.mark.parametrize(
    ("code", "rule", "value", "bound", "name"),
    [
        ("lab_very_low", "LAB12", 0.45, 0.5, "Magnesium in serum"),
        ("lab_low", "LAB10", 0.698, 0.7, "Magnesium in serum"),
        ("lab_high", "LAB21", 0.7, 0.67, "Geïoniseerd magnesium"),
        ("lab_high", "LAB23", 3.1, 2.92, "Magnesium in rode bloedcellen"),
        ("lab_renal_loss", "LAB32", 6.1, 4.0, "Deel van het magnesium dat de nieren uitscheiden"),
        ("lab_renal_loss_possible", "LAB31", 3.0, 2.0, "Deel van het magnesium dat de nieren uitscheiden"),
        ("lab_kidneys_save", "LAB33", 0.3, 0.5, "Magnesium in urine van 24 uur"),
        ("lab_urine_low", "LAB24", 1.2, 2.1, "Magnesium in urine van 24 uur"),
        ("lab_urine_high", "LAB24", 12.5, 11.07, "Magnesium in urine van 24 uur"),
    ],
)
def test_laboratory_findings_name_the_test(code: str, rule: str, value: float, bound: float, name: str) -> None:
    # catches: a value without its test, rounded onto its bound, or passed off as a diagnosis
    found = finding(code, rule=rule, value=value, bound=bound)
    text = finding_text(found, "nl")
    assert text.startswith(name)
    assert number(value, "nl", 3 if value == 0.698 else 2) in text
    assert number(bound, "nl", 2) in text
    assert "geen diagnose" in text
    assert ("vandaag" in action_text(found, "nl")) == (code == "lab_very_low")


def test_unknown_text_id_is_refused() -> None:
    # catches: an id shown to a person instead of a text
    with pytest.raises(KeyError):
        translate("problem.no_such_code", "nl")
