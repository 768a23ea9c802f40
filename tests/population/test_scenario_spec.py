"""Scenario files: what is read, what is refused, and the schema that is part of the package."""

import json
import re
import tomllib
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from magnes.errors import InputProblems
from magnes.population.scenario_spec import (
    SCHEMA_FILE,
    Fortify,
    Reformulate,
    SupplementPolicy,
    Swap,
    read_scenario,
    scenario_from,
    schema,
)
from magnes.readers.days_mapping import FIELDS, read_mapping

ALL = """name = "Everything"

[[change]]
do = "fortify"
foods = ["511", "51201010"]
add_mg_per_100g = 30

[[change]]
do = "fortify"
foods = ["94"]
add_mg_per_litre = 20.5

[[change]]
do = "reformulate"
foods = ["511"]
mg_per_100g = 55

[[change]]
do = "swap"
foods = ["921"]
to = "94000100"
share = 0.2

[[change]]
do = "wholegrain"
to = "51201010"
share = 1

[[change]]
do = "supplement"
sex = "female"
age_from_years = 51
share = 0.3
salt = "citrate"
mg_per_day = 100
"""


def test_every_kind_in_the_order_of_the_file(tmp_path):
    # catches: a kind or field read as another, an order that is lost, white bread not meant by wholegrain
    path = tmp_path / "all.toml"
    path.write_text(ALL, encoding="utf-8")
    scenario = read_scenario(path)
    assert scenario.name == "Everything"
    assert scenario.change == (
        Fortify(do="fortify", foods=("511", "51201010"), add_mg_per_100g=30),
        Fortify(do="fortify", foods=("94",), add_mg_per_litre=20.5),
        Reformulate(do="reformulate", foods=("511",), mg_per_100g=55),
        Swap(do="swap", foods=("921",), to="94000100", share=0.2),
        Swap(do="wholegrain", foods=("511",), to="51201010", share=1),
        SupplementPolicy(
            do="supplement",
            sex="female",
            age_from_years=51,
            age_to_years=120,
            share=0.3,
            salt="citrate",
            mg_per_day=100,
        ),
    )


def test_the_schema_is_the_one_of_the_records_and_accepts_the_file():
    # catches: a field that was added without the schema of the package
    committed = json.loads(files("magnes.population").joinpath(SCHEMA_FILE).read_text(encoding="utf-8"))
    assert committed == schema()
    jsonschema.Draft202012Validator.check_schema(committed)
    data = tomllib.loads(ALL)
    jsonschema.validate(data, committed)
    data["change"][0]["ad_mg"] = 3
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, committed)


def test_the_files_of_the_how_to_are_read(tmp_path):
    # catches: a documented field that the readers refuse, or one that the how-to forgets
    text = (Path(__file__).parents[2] / "docs" / "populations.md").read_text(encoding="utf-8")
    mapping, scenario = re.findall(r"```toml\n(.*?)```", text, re.S)
    assert [change.do for change in scenario_from(scenario).change] == ["fortify", "wholegrain"]
    path = tmp_path / "map.toml"
    path.write_text(mapping, encoding="utf-8")
    named = set(read_mapping(path).columns)
    assert all(field in named or f"`{field}`" in text for field in FIELDS)


def problems_of(text):
    with pytest.raises(InputProblems) as caught:
        scenario_from(text, "s.toml")
    return {(problem.code, problem.field, problem.line): problem for problem in caught.value.problems}


def test_all_mistakes_at_once_with_line_and_nearest():
    # catches: the first mistake only; a wrong code taken as no food; a missing share taken as everybody
    found = problems_of(
        'name = "x"\n[[change]]\ndo = "fortfy"\n'
        '[[change]]\ndo = "swap"\nfoods = ["00"]\nto = "5120101"\nshare = 2\nshar = 1\n'
        '[[change]]\ndo = "supplement"\nsalt = "citrat"\nage_from_years = 9\nage_to_years = 3\n'
        '[[change]]\ndo = "fortify"\nfoods = ["511"]\nadd_mg_per_100g = 1\nadd_mg_per_litre = 1\n'
        '[[change]]\ndo = "reformulate"\nmg_per_100g = "much"\n'
    )
    assert found["choice_unknown", "change.0.do", 3].nearest == ("fortify",)
    assert ("food_code_unknown", "change.1.foods.0", 6) in found
    assert "51201010" in found["food_code_unknown", "change.1.to", 7].nearest
    assert ("number_range", "change.1.share", 8) in found
    assert found["field_unknown", "change.1.shar", 9].nearest == ("share",)
    assert found["salt_unknown", "change.2.salt", 12].nearest[0] == "citrate"
    assert ("number_range", "change.2.age_from_years", 13) in found
    assert ("field_missing", "change.2.share", 10) in found
    assert ("field_missing", "change.2.mg_per_day", 10) in found
    assert ("exactly_one", "change.3.add_mg_per_litre", 19) in found
    assert ("field_missing", "change.4.foods", 20) in found
    assert ("number_invalid", "change.4.mg_per_100g", 22) in found
    assert all(field != "change" for _, field, _ in found)  # there are changes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "field_missing"),
        ('name = "x"', "field_missing"),
        ('name = "x"\nchange = 3', "table_invalid"),
        ('name = "x"\n[[change]]\ndo = "reformulate"\nfoods = "511"\nmg_per_100g = 1', "list_invalid"),
        (
            'name = "x"\n[[change]]\ndo = "supplement"\nshare = 1\nmg_per_day = 9\nsalt = "sulfate-heptahydrate-bath"',
            "salt_unknown",
        ),
        ('name = "x', "toml_broken"),
        ('name = "x"\nchange = [3]', "table_invalid"),
        ('name = "x"\n[[change]]\nshare = 1', "field_missing"),
        ('name = "x"\n[[change]]\ndo = "swap"\nto = "51201010"\nshare = 1', "field_missing"),
        ('name = "x"\n[[change]]\ndo = "fortify"\nfoods = ["511"]', "exactly_one"),
        ('name = "x"\n' + 101 * '[[change]]\ndo = "wholegrain"\nto = "51201010"\nshare = 1\n', "too_many"),
    ],
)
def test_what_is_no_scenario(text, code):
    # catches: an empty file that changes nothing, a text taken as a list of its letters
    assert code in {found for found, _, _ in problems_of(text)}
