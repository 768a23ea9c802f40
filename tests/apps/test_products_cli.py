"""``magnes products``, run for real in process."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from magnes.apps.cli.main import cli
from magnes.labels import DECIDED, REASONS
from magnes.ranking import LACKING, RISKS
from magnes.text import LANGUAGES, catalogue

EXAMPLE = str(files("magnes.examples") / "products.csv")


def run(*args: str, lang: str = "nl") -> Result:
    return CliRunner().invoke(cli, ["products", *args], env={"MAGNES_LANG": lang})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_example_in_both_languages(lang: str) -> None:
    # catches: a text that is missing, the limit left unsaid, an unclear label that stops the table
    result = run(EXAMPLE, lang=lang)
    assert result.exit_code == 0, result.output
    assert "250 mg" in result.stdout
    for name in "ABCDEFG":
        assert f"Product {name}" in result.stdout
    order = [line.split()[2] for line in result.stdout.splitlines() if line[:1].isdigit()]
    assert order == ["A", "C", "E", "B", "G"]


def test_no_word_of_advice() -> None:
    # catches: a table that recommends
    for lang in LANGUAGES:
        text = run(EXAMPLE, lang=lang).stdout.casefold()
        assert "geen advies" in text or "no advice" in text
        for word in ("beste keus", "aanbevolen", "best choice", "recommended", "koop "):
            assert word not in text


def test_json_has_the_same_numbers_in_both_languages() -> None:
    # catches: words mixed into the JSON, a language that changes a number
    nl, en = (json.loads(run(EXAMPLE, "--json", lang=lang).stdout) for lang in LANGUAGES)
    assert nl == en
    assert [row["product"] for row in nl["unranked"]] == ["Product D", "Product F"]
    assert {row["price_per_100_mg"]["unit"] for row in nl["ranked"]} == {"EUR/100 mg"}


def test_numbers_have_the_decimal_sign_of_the_language() -> None:
    # catches: a decimal point in Dutch
    assert "0,06" in run(EXAMPLE).stdout
    assert "0.06" in run(EXAMPLE, lang="en").stdout


def test_a_broken_table_is_an_input_error(tmp_path: Path) -> None:
    # catches: a traceback, or exit 0, for a file that cannot be read
    path = tmp_path / "p.csv"
    path.write_text("product,label,units_per_day,units_per_pack,price_eur\nA,magnesium 100 mg,x,60,5\n")
    result = run(str(path))
    assert result.exit_code == 1
    assert "p.csv:2" in result.output
    assert run(str(tmp_path / "none.csv")).exit_code == 1
    assert run(" ").exit_code == 1


def test_only_unclear_labels(tmp_path: Path) -> None:
    # catches: a table without a row that fails on its widths
    path = tmp_path / "p.csv"
    path.write_text("product,label,units_per_day,units_per_pack,price_eur\nA,magnesiumcitraat 400 mg,1,60,5\n")
    result = run(str(path))
    assert result.exit_code == 0, result.output
    assert "‘magnesiumcitraat 400 mg’" in result.stdout


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_reason_and_risk_has_its_text(lang: str) -> None:
    # catches: a new code of a label that ends in a KeyError before a person, and a text left behind
    found = {
        key for key in catalogue(lang) if key.startswith(("product.reason_", "product.laxative_", "product.read_"))
    }
    expected = {f"product.reason_{code}" for code in (*REASONS, *LACKING)}
    expected |= {f"product.laxative_{risk.replace(' ', '-')}" for risk in RISKS}
    expected |= {f"product.read_{code}" for code in DECIDED}
    assert found == expected
