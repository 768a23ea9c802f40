"""``magnes usual`` and ``magnes scenario``, run for real on a made-up survey and on the participants of the package."""

import json
import re

import polars as pl
import pytest
from click.testing import CliRunner
from nhanes_files import transport_file
from synthetic_survey import write_survey

from magnes import __version__
from magnes.apps.cli import common
from magnes.apps.cli.main import cli
from magnes.knowledge.load import knowledge_hash
from magnes.population.survey import food_magnesium
from magnes.readers.nhanes import read_survey

SPEC = """name = "Bread"
[[change]]
do = "fortify"
foods = ["511"]
add_mg_per_100g = 30
[[change]]
do = "fortify"
foods = ["272"]
add_mg_per_100g = 30
"""
MAPPING = '[columns]\nperson = "nr"\nday = "dag"\nintake_mg_per_day = "mg"\n'


def run(*args, lang="en"):
    return CliRunner().invoke(cli, [*map(str, args), "--lang", lang])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_survey(tmp_path_factory.mktemp("survey"))


@pytest.fixture
def spec(tmp_path):
    path = tmp_path / "bread.toml"
    path.write_text(SPEC, encoding="utf-8")
    return path


def test_the_same_numbers_in_both_languages(folder):
    # catches: a sentence with another number in one language; an id shown for a text
    english, dutch = (run("usual", folder, lang=lang) for lang in ("en", "nl"))
    assert english.exit_code == dutch.exit_code == 0, english.output + dutch.output

    def cells(text):
        rows = [line for line in text.splitlines() if re.match(r"[MFV] \d", line)]
        return [line.replace(",", ".").replace("V ", "F ").split() for line in rows]

    assert len(cells(english.output)) == 16
    assert cells(english.output) == cells(dutch.output)
    assert "usual." not in english.output + dutch.output
    assert "Fay-BRR" in english.output
    assert "EAR" in english.output
    assert f"magnes {__version__}" in english.output
    assert knowledge_hash() in english.output
    assert "seed: 1" in english.output


@pytest.mark.parametrize("ending", ["csv", "parquet", "json"])
def test_written_tables_say_what_made_them(folder, tmp_path, ending):
    # catches: a table without engine, knowledge or seed; another table than the one shown
    out = tmp_path / f"table.{ending}"
    result = run("usual", folder, "--replicates", "jackknife", "--seed", 5, "--out", out)
    assert result.exit_code == 0, result.output
    if ending == "json":
        found = json.loads(out.read_text(encoding="utf-8"))
        facts, frame = found["provenance"], pl.DataFrame(found["rows"])
        assert found["models"]["men"]["n_persons"] == frame.filter(pl.col("model") == "men")["n"].sum()
    elif ending == "csv":
        frame = pl.read_csv(out)
        facts = {name: str(frame[name][0]) for name in frame.columns}
    else:
        frame, facts = pl.read_parquet(out), pl.read_parquet_metadata(out)
    assert frame.height == 16
    assert facts["engine"] == f"magnes {__version__}"
    assert (facts["knowledge"], facts["seed"], facts["replicates"]) == (knowledge_hash(), "5", "jackknife")
    assert facts["authority"] == "iom-1997"
    assert "NumPy" in facts["device"]


def test_the_examples_have_no_standard_errors_and_it_is_said():
    # catches: a first try that ends in a list of strata; a method that was asked for and silently left out
    words = " ".join(run("usual").output.split())
    assert "one sampling unit (PSU)" in words
    assert "(test" not in words  # of the shape of five people
    assert "no standard errors" in words
    assert run("usual", "--replicates", "fay-brr").exit_code == 1


def test_guards_are_told_in_words(tmp_path):
    # catches: a result of a few people without a warning; an authority without EAR that gives a share all the same
    result = run("usual", "--replicates", "none", "--authority", "efsa-2015")
    assert result.exit_code == 0, result.output
    words = " ".join(result.output.split())
    assert "fewer than 50 people have two days" in words
    assert "an adequate intake (AI) is never used in its place" in words
    assert "% below EAR " not in result.output.splitlines()[2]
    assert "no standard errors" in words
    assert "no statement on one person" in words


def test_a_table_of_days_with_mapped_columns(tmp_path):
    # catches: a mapping that is not used; single days given a distribution
    days, columns = tmp_path / "days.csv", tmp_path / "map.toml"
    columns.write_text(MAPPING, encoding="utf-8")
    lines = [
        f"{nr};{dag};{200 + 7 * (nr % 13) + 31 * ((nr * 7 + dag * 5) % 11)},5" for nr in range(60) for dag in (1, 2)
    ]
    days.write_text("nr;dag;mg\n" + "\n".join(lines), encoding="utf-8")
    result = run("usual", days, "--columns", columns)
    assert result.exit_code == 0, result.output
    assert re.search(r"^all +60 ", result.output, re.M)
    assert "bootstrap" in result.output
    days.write_text("nr;dag;mg\n" + "\n".join(lines[::2]), encoding="utf-8")
    result = run("usual", days, "--columns", columns)
    assert result.exit_code == 1
    assert "nobody has two days" in result.output


def test_problems_come_together_with_exit_one(folder, tmp_path, spec):
    # catches: an ending that is no table taken; a survey that is not there hidden behind a wrong scenario
    result = run("usual", folder, "--out", tmp_path / "table.xlsx")
    assert (result.exit_code, ".parquet" in result.output) == (1, True)
    spec.write_text(SPEC.replace("fortify", "fortfy"), encoding="utf-8")
    result = run("scenario", spec, "--survey", tmp_path / "nowhere")
    assert result.exit_code == 1
    assert f"{spec}:3" in result.output
    assert "fortify" in result.output
    assert "nowhere" in result.output
    assert run("usual", folder, "--authority", "iom-1998").exit_code == 1
    assert run("usual", folder, "--by", "sex").exit_code == 2
    assert run("usual", " ").exit_code == 1
    alone = run("usual", tmp_path / "DR1TOT_E.xpt")
    assert (alone.exit_code, "Give the folder" in alone.output) == (1, True)


def test_a_scenario_shows_both_diets(folder, spec, tmp_path):
    # catches: the change without its error; a change that meets nobody not told; a row lost on the way to the file
    out = tmp_path / "bread.parquet"
    result = run("scenario", spec, "--survey", folder, "--by", "model", "--out", out)
    assert result.exit_code == 0, result.output
    assert "Scenario: Bread" in result.output
    assert "food records 480, people 240" in result.output
    assert "nobody ate such a food" in result.output
    (men,) = (line for line in result.output.splitlines() if line.startswith("men"))
    assert re.search(r"\+\d+\.\d ±\d", men)
    frame = pl.read_parquet(out)
    assert frame["group"].to_list() == ["children", "men", "women"]
    assert (frame["mean_change"] > 0).all()
    assert pl.read_parquet_metadata(out)["scenario"] == "Bread"
    found = json.loads(run("scenario", spec, "--survey", folder, "--by", "model", "--json").stdout)
    assert found["scenario"]["change"][0]["add_mg_per_100g"] == 30
    assert [one["records"] for one in found["met"]] == [480, 0]
    assert found["rows"] == frame.to_dicts()


def test_progress_on_what_takes_long(folder, spec, monkeypatch):
    # catches: silence for a minute; progress among the results
    monkeypatch.setattr(common, "PATIENCE_S", -1.0)
    result = run("scenario", spec, "--survey", folder, "--replicates", "none", "--json")
    assert "% done" in result.stderr
    json.loads(result.stdout)


def published_files(folder, survey_folder):
    """The made-up survey as transport files, with weekdays, totals and supplements: half of the people take 100 mg."""
    survey = read_survey(survey_folder)
    people, total = survey.persons, food_magnesium(survey)
    seqn = people["SEQN"].cast(pl.Float64).to_list()
    demo = {
        name: people[name].cast(pl.Float64).to_list()
        for name in ("SEQN", "RIAGENDR", "RIDAGEYR", "SDMVPSU", "SDMVSTRA")
    }
    transport_file(folder / "DEMO_E.xpt", "DEMO_E", demo)
    for day in (1, 2):
        totals = {"SEQN": seqn, "WTDR2D": people["WTDR2D"].to_list(), f"DR{day}DRSTZ": [1.0] * len(seqn)}
        totals |= {f"DR{day}DAY": [1.0 + nr % 7 for nr in seqn], f"DR{day}TMAGN": total[:, day - 1].tolist()}
        transport_file(folder / f"DR{day}TOT_E.xpt", f"DR{day}TOT_E", totals)
        rows = survey.foods.filter(pl.col("day") == day)
        foods = {"SEQN": rows["SEQN"], f"DR{day}IFDCD": rows["food_code"], f"DR{day}IGRMS": rows["grams"]}
        foods = {name: column.cast(pl.Float64).to_list() for name, column in foods.items()}
        transport_file(folder / f"DR{day}IFF_E.xpt", f"DR{day}IFF_E", foods)
    takes = [nr // 2 % 2 == 0 for nr in people["SEQN"].to_list()]
    supplements = {"SEQN": seqn, "DSD010": [1.0 if one else 2.0 for one in takes]}
    transport_file(
        folder / "DSQTOT_E.xpt", "DSQTOT_E", supplements | {"DSQTMAGN": [100.0 if one else None for one in takes]}
    )
    return folder


def test_files_as_published_from_transport_file_to_table(folder, spec, tmp_path):
    # catches: a variable of NHANES that is read and lost on the way; weekend days or supplements that change nothing
    files = published_files(tmp_path, folder)
    result = run("usual", files, "--by", "model", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert set(found["models"]["men"]["terms"]) == {"sex_age", "takes_supplements", "later_day", "weekend"}
    for row in found["rows"]:
        assert row["mean_supplement"] == pytest.approx(row["pct_users"])
        assert row["mean_total"] == pytest.approx(row["mean_food"] + row["mean_supplement"])
        assert row["pct_total_below_EAR"] < row["pct_below_EAR"]
    words = " ".join(run("usual", files, "--by", "model").output.split())
    assert "Only supplements are compared with their limit, never the sum." in words
    assert "without supplements and medicines" not in words
    assert run("scenario", spec, "--survey", files, "--replicates", "none").exit_code == 0
    assert run("survey", files).exit_code == 0
