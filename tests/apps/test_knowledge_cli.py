"""The verbs of the knowledge base, run for real: both languages, JSON, exit codes, errors."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from magnes.apps.cli.main import cli
from magnes.text import LANGUAGES

PERSON = 'age_years = 30\nsex = "male"\nconditions = ["migraine"]\negfr_ml_min_1_73m2 = {egfr}\n'


def run(*args: str, lang: str = "nl") -> Result:
    return CliRunner().invoke(cli, list(args), env={"MAGNES_LANG": lang})


def plain(result: Result) -> str:
    return " ".join(result.output.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_claims_lists_all_with_totals(language: str) -> None:
    # catches: a statement that the list leaves out, totals that do not add up
    result = run("claims", lang=language)
    assert result.exit_code == 0
    ids = re.findall(r"^C\d-\d{3}", result.output, re.M)
    assert len(ids) == len(set(ids)) == 326
    last = result.output.strip().splitlines()[-1]
    assert "326" in last
    inside = re.search(r"\((.+)\)", last)
    assert inside
    assert sum(map(int, re.findall(r"\d+", inside[1]))) == 326


def test_claims_in_full_shows_what_the_engine_computes() -> None:
    # catches: a computation that is linked and not run
    text = plain(run("claims", "C2-015", "C2-007"))
    assert "C2-015" in text
    assert "opgenomen van 50 mg in één keer" in text
    assert "350 mg per dag" in text
    assert "FINE91" in text


def test_claims_json_is_complete() -> None:
    # catches: a record that cannot be written, an interval lost
    rows = json.loads(run("claims", "--page", "2", "--json").output)
    assert len(rows) == 82
    one = next(row for row in rows if row["id"] == "C2-007")
    assert [value["low"] for value in one["values"]] == [300, 350]
    assert {"verdict", "sources", "verified", "conflicts"} <= set(one)


def test_claims_filters() -> None:
    # catches: an option that is read and forgotten
    assert "C1-" not in run("claims", "--page", "4").output
    assert "↔" in run("claims", "--conflicts").output
    assert "C1-002" in run("claims", "--open").output
    assert "C2-007" not in run("claims", "--open").output


@pytest.mark.parametrize(
    ("args", "near"),
    [
        (("claims", "C2-0150"), "C2-015"),
        (("why", "krammp"), "kramp"),
        (("evidence", "migrane"), "migraine"),
        (("cite", "FIN91"), "FINE91"),
    ],
)
def test_unknown_names_are_asked_back(args: tuple[str, ...], near: str) -> None:
    # catches: a traceback, a guess, an exit code of success
    for language in LANGUAGES:
        result = run(*args, lang=language)
        assert result.exit_code == 1
        assert near in result.output
        assert "Traceback" not in result.output


def test_why_answers_a_question_with_mechanism_evidence_and_alternatives() -> None:
    # catches: half an answer
    text = plain(run("why", "waarom", "heb", "ik", "'s", "nachts", "krampen?"))
    for part in (
        "magnesium →",
        "EV34" if "EV34" in text else "spierkrampen",
        "Kan ook zijn",
        "geen diagnose",
        "Bronnen",
    ):
        assert part in text
    english = plain(run("why", "why do I have cramps at night?", lang="en"))
    assert "May also be" in english
    assert "not a diagnosis" in english


def test_why_points_to_evidence_when_it_is_no_sign() -> None:
    # catches: "unknown" for something that was studied
    result = run("why", "oorsuizen")
    assert result.exit_code == 0
    assert "EV29" in result.output
    assert 'magnes evidence "oorsuizen"' in plain(result)
    assert run("why", "oorsuizen", "--json").exit_code == 1  # a program asked for a way


def test_an_alarm_has_no_picture(tmp_path: Path) -> None:
    # catches: an empty picture for somebody with chest pain
    result = run("why", "pijn op de borst", "--svg", str(tmp_path / "a.svg"))
    assert result.exit_code == 1
    assert not (tmp_path / "a.svg").exists()


def test_check_says_what_it_does_not_look_at_and_hides_hours_behind_a_stop(tmp_path: Path) -> None:
    # catches: "4 hours between" read as permission by somebody who must stop
    person = tmp_path / "p.toml"
    medicine = '\n[[medicines]]\nname = "ciprofloxacine"\ntimes = ["08:00"]\n'
    supplement = '\n[[supplements]]\nsalt = "citrate"\nelemental_mg = 100\ntimes = ["08:30"]\n'
    person.write_text(PERSON.format(egfr=20) + medicine + supplement)
    told = run("check", str(person)).output
    assert told.startswith("Dit gaat alleen over magnesium")
    assert told.index("Stop:") < told.index("Alleen als uw arts") < told.index("ciprofloxacine om 08:00")


def test_why_warns_of_a_red_flag() -> None:
    # catches: a seizure answered without telling to call
    assert "bel bij dit teken meteen" in plain(run("why", "SY32"))
    assert "bel bij dit teken meteen" not in plain(run("why", "SY04"))


def test_evidence_says_for_whom_it_holds(tmp_path: Path) -> None:
    # catches: a person who is asked for and ignored; a stop that evidence talks over
    person = tmp_path / "p.toml"
    person.write_text(PERSON.format(egfr=95))
    assert "alleen onder toezicht van een arts" in plain(run("evidence", "EV21", "--person", str(person)))
    person.write_text(PERSON.format(egfr=20))
    stopped = plain(run("evidence", "EV21", "--person", str(person)))
    assert "een contra-indicatie gaat voor" in stopped
    assert stopped.index("Niet beginnen") < stopped.index("EV21")  # what to do goes first
    assert "In onderzoek" not in stopped  # and the doses of the trials are not told
    rows = json.loads(run("evidence", "EV21", "--person", str(person), "--json").output)
    assert rows[0]["applies"]["reasons"][0] == "safety_stop"


def test_evidence_on_a_stop_ends_as_check_does(tmp_path: Path) -> None:
    # catches: a contraindication that a script never sees
    person = tmp_path / "p.toml"
    supplement = '\n[[supplements]]\nsalt = "citrate"\nelemental_mg = 100\ntimes = ["08:00"]\n'
    person.write_text(PERSON.format(egfr=20) + supplement)
    assert run("check", str(person)).exit_code == 3
    for more in ((), ("--json",)):
        assert run("evidence", "EV25", "--person", str(person), *more).exit_code == 3


@pytest.mark.parametrize("question", ["te lage bloeddruk", "low blood pressure", "lage bloedsuiker", "too much sleep"])
def test_the_opposite_is_not_answered(question: str) -> None:
    # catches: high blood pressure answered to somebody who has a low one
    assert run("evidence", question).exit_code == 1


def test_evidence_tells_problems_of_person_and_name_together(tmp_path: Path) -> None:
    # catches: the second error told only after the first is mended
    person = tmp_path / "p.toml"
    person.write_text("age_years = 400\n")
    result = run("evidence", "migrane", "--person", str(person))
    assert result.exit_code == 1
    assert "migrane" in result.output
    assert "age_years" in result.output


def test_evidence_draws(tmp_path: Path) -> None:
    # catches: an SVG without its words, a folder that is not there
    path = tmp_path / "e.svg"
    assert run("evidence", "krampen", "--svg", str(path)).exit_code == 0
    assert "-9,59" in path.read_text(encoding="utf-8")
    assert run("evidence", "krampen", "--svg", str(tmp_path / "no" / "e.svg")).exit_code == 1


def test_knowledge_check_is_green_and_lists_what_nobody_read() -> None:
    # catches: an order by table instead of weight
    result = run("knowledge", "check", "--all")
    assert result.exit_code == 0, result.output
    weights = [int(line.split()[0]) for line in result.output.splitlines()[2:]]
    assert weights == sorted(weights, reverse=True)
    assert len(weights) > 1000
    short = run("knowledge", "check", lang="en").output
    assert re.search(r"and \d+ more", short.splitlines()[-1])


def test_knowledge_export(tmp_path: Path) -> None:
    # catches: an export into the working folder, a path that cannot be written
    result = run("knowledge", "export", str(tmp_path / "out"))
    assert result.exit_code == 0
    assert (tmp_path / "out" / "datapackage.json").is_file()
    (tmp_path / "file").write_text("x")
    assert run("knowledge", "export", str(tmp_path / "file")).exit_code == 1
    assert run("knowledge", "export", " ").exit_code == 1


def test_cite() -> None:
    # catches: BibTeX mixed with text, a list without a source
    assert run("cite", "FINE91", "--bibtex").output.startswith("@misc{FINE91,")
    everything = run("cite").output.splitlines()
    assert len(everything) > 600
    assert run("cite", "--bibtex").output.count("@misc{") == len(everything)
    assert "statements" in run("cite", "FINE91").output


def test_medicine_by_brand_abbreviation_and_group() -> None:
    # catches: everyday names that lead nowhere
    assert "INT056" in run("medicine", "lasix").output
    assert "INT057" in run("medicine", "HCT").output
    assert "C03DB01" in run("medicine", "plastablet").output
    rows = json.loads(run("medicine", "omeprazol", "--json").output)
    assert [row["id"] for row in rows] == ["INT055"]
    assert rows[0]["effects"][0]["value"] > 1


def test_medicine_near_and_unknown() -> None:
    # catches: the nearest medicine taken for the one that was meant
    near = run("medicine", "omeprazl")
    assert near.exit_code == 1
    assert "omeprazol" in near.output
    assert run("medicine", "qqzzxx").exit_code == 1


def test_salt_by_name_and_as_a_list() -> None:
    # catches: one hydrate shown for a name that leaves it open
    assert run("salt", "citraat").output.count("SALT") >= 3
    assert run("salt").output.count("SALT") >= 39
    assert run("salt", "citrat").exit_code == 1
    assert json.loads(run("salt", "mgo", "--json").output)[0]["id"] == "SALT01"


def test_lab() -> None:
    # catches: a page in one language only
    assert "hemolyse" in run("lab").output.casefold()
    assert "Reference values" in run("lab", lang="en").output


@pytest.mark.parametrize(("verb", "known"), [("why", "SY10"), ("evidence", "EV34")])
def test_without_a_name_the_list(verb: str, known: str) -> None:
    # catches: a user who does not know the words and gets a usage error; an option that is silently left out
    shown = run(verb)
    assert shown.exit_code == 0
    assert known in shown.output
    assert known in {row["id"] for row in json.loads(run(verb, "--json").output)}
    assert run(verb, "--svg", "picture.svg").exit_code == 2


@pytest.mark.parametrize("words", [("why", "xyzzy"), ("salt", "ctraat"), ("claims", "C9-999"), ("cite", "NOPE")])
def test_an_unknown_word_is_one_line(words: tuple[str, ...]) -> None:
    # catches: "nothing was computed" for somebody who looked up a word, a field name that nobody typed
    result = run(*words)
    assert result.exit_code == 1
    (line,) = result.output.strip().splitlines()
    assert line.startswith("‘" + words[1])
