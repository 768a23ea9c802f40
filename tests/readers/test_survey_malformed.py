"""Broken files of surveys: whatever is in them, a reader answers with problems that have a text, never with a crash."""

import random

import pytest
from nhanes_files import CYCLE, folder_of, transport_file

from magnes.errors import InputProblems
from magnes.population.scenario_spec import read_scenario
from magnes.readers.days_mapping import read_mapping
from magnes.readers.days_table import read_days_table
from magnes.readers.nhanes_xpt import read_nhanes
from magnes.text import LANGUAGES, problem_text

TABLE = b"person,day,intake_mg_per_day,sex,date\n1,1,300,f,2020-01-01\n1,2,200,f,2020-01-02\n2,1,100,m,2020-01-01\n"
MAPPING = b'[columns]\nperson = "a"\n[sex]\n1 = "male"\n'
SCENARIO = b'name = "x"\n[[change]]\ndo = "swap"\nfoods = ["511"]\nto = "51201010"\nshare = 0.5\n'
BITS = (b",", b"\n", b'"', b"\x00", b"[", b"=", b"999999999999", b"-1", b"NaN", b"inf", b"\xff", b"\xef\xbb\xbf", b"'")


def broken(data: bytes, luck: random.Random) -> bytes:
    found = bytearray(data)
    for _ in range(luck.randint(1, 4)):
        place = luck.randrange(len(found) + 1)
        way = luck.randrange(3)
        if way == 0:
            found[place : place + 1] = bytes([luck.randrange(256)])
        elif way == 1:
            del found[place : place + luck.randint(1, 20)]
        else:
            found[place:place] = luck.choice(BITS)
    return bytes(found)


@pytest.mark.parametrize(
    ("read", "name", "data"),
    [
        (read_days_table, "days.csv", TABLE),
        (read_days_table, "days.parquet", TABLE),
        (read_mapping, "map.toml", MAPPING),
        (read_scenario, "s.toml", SCENARIO),
        (read_nhanes, "DR1TOT_E.xpt", b""),
    ],
)
def test_a_broken_file_is_told_in_words(tmp_path, read, name, data):
    # catches: an exception of a library, and a problem without a text in one of the languages
    path = tmp_path / name
    if not data:
        folder_of(tmp_path, transport_file, {"E": CYCLE})
        data = path.read_bytes()
    told = 0
    for seed in range(150):
        path.write_bytes(broken(data, random.Random(seed)))
        try:
            read(tmp_path if read is read_nhanes else path)
        except InputProblems as error:
            told += 1
            for problem in error.problems:
                assert all(problem_text(problem, language) for language in LANGUAGES)
    assert told > 50
