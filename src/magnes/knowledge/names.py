"""Names of medicines, conditions, salts and laboratory tests -> codes. Exact only: a near name is never assumed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from magnes.errors import InputProblems, Problem, nearest
from magnes.knowledge.clinical import Brand, Condition, Ingredient, Interaction, Substance
from magnes.knowledge.load import data_folder, plain_rows, table
from magnes.knowledge.records import LabTest, Salt
from magnes.knowledge.search import name_key

__all__ = [
    "FOOD_SALTS",
    "MAGNESIUM_PRODUCTS",
    "NOT_ORAL_SALTS",
    "WHOLE_ATC",
    "NearNameError",
    "asked_medicine",
    "asked_salts",
    "condition_id",
    "lab_test",
    "lab_test_code",
    "lab_test_names",
    "medicine_atc",
    "medicine_spellings",
    "salt_names",
    "salts_named",
    "substance",
]

# A name this close to a known one is taken for a typing error and refused; anything less like is another name
TYPO_LIKENESS = 0.82
LONGEST_ABBREVIATION = 4
HYDRATION = re.compile(r"hydra|watervrij|bitterzout|epsom", re.IGNORECASE)
ATC = re.compile(r"[ABCDGHJLMNPRSV]\d{2}(?:[A-Z](?:[A-Z](?:\d{2})?)?)?", re.ASCII)
WHOLE_ATC = 7  # signs of the code of one substance; a shorter one is a group whose members differ
MAGNESIUM = "magnes"
MINERALS = ("A12A", "A12B", "A12CB", "B03A")  # groups by their everyday word: calcium, potassium, zinc, iron
MAGNESIUM_PRODUCTS = "A12CC"  # group of magnesium supplements: any member holds magnesium
# Salt families that are no supplement: food, and what is not taken by mouth or not for its magnesium
FOOD_SALTS, NOT_ORAL_SALTS = ("mineral-water", "almonds"), ("transdermal", "stearate")
# What a label adds to a name without making it another medicine; keys are case-folded, so both micro signs are one
STRENGTH = re.compile(
    r"(?<!\w)\d+(?:[.,]\d+)?(?:\s*/\s*\d+(?:[.,]\d+)?)*\s*(?:mg|mcg|μg|g|ml|ie)\b(?:\s*/\s*(?:\d+\s*)?ml\b)?"
)
FORM = re.compile(
    r"(?<!\w)(?:retard|mga|er|xr|sr|cr|oros|tablet(?:ten|s)?|capsules?|zetpil(?:len)?|drank|druppels|\d+\s?x)(?!\w)"
)


MAKER = re.compile(
    r"(?<!\w)(?:teva|eg|sandoz|mylan|viatris|aurobindo|apotex|cf|krka|accord|actavis|ratiopharm|centrafarm|pch)(?!\w)|\s\d+$"
)


class NearNameError(KeyError):
    """A name that is not known but looks like known ones (``near``): a person must choose."""

    def __init__(self, name: str, near: tuple[str, ...]) -> None:
        super().__init__(name)
        self.near = near


def asked_medicine(name: str) -> str:
    """ATC code of the medicine that somebody asks for.

    Raises ``InputProblems`` (``medicine_not_found``) with the nearest names when it is unknown or only like another.
    """
    try:
        atc = medicine_atc(name)
        near = nearest(name, (row.name_nl for row in table(Substance)), likeness=0.8) if atc is None else ()
    except NearNameError as error:
        atc, near = None, error.near
    if atc is None:
        raise InputProblems([Problem("medicine_not_found", found=name, nearest=near)])
    return atc


def asked_salts(name: str) -> tuple[Salt, ...]:
    """Salts that somebody asks for; ``InputProblems`` (``name_unknown``) with the nearest names for anything else."""
    try:
        return salts_named(name)
    except NearNameError as error:
        raise InputProblems([Problem("name_unknown", found=name, nearest=error.near)]) from None


def medicine_atc(name: str) -> str | None:
    """ATC code of a medicine name (Dutch, English) or of a code itself; ``None`` when nothing is like it.

    Strength and form ("retard", "20 mg", "capsules") make no other medicine. A name with "magnes" in it that is not a
    known medicine gets the group of magnesium products: it counts as magnesium in an unknown amount, never as nothing.

    Raises ``NearNameError`` when the name looks like known ones.
    """
    code = name.strip().upper()
    if ATC.fullmatch(code) and (len(code) == WHOLE_ATC or any(row.atc.startswith(code) for row in table(Substance))):
        return code  # a short code must be a group that exists: B12 and Q10 are no medicines of a group
    known, forms = _medicine_names(), medicine_spellings(name)
    for form in forms:
        if form in known:
            return known[form]
    try:
        found = _find(forms[-1], known)
    except NearNameError as error:
        codes = [known[name_key(near)] for near in error.near]
        if MAGNESIUM in forms[0] and all(_has_magnesium(code) or code in MINERALS for code in codes):
            return MAGNESIUM_PRODUCTS
        raise NearNameError(name, error.near) from None
    return MAGNESIUM_PRODUCTS if MAGNESIUM in forms[0] else found


def medicine_spellings(name: str) -> list[str]:
    """Return spellings to look for, the fullest first: without form, strength, both, and the name of the maker."""
    key = name_key(name)
    spaced = re.sub(r"(?<=\d)(?=mg\b)", " ", key)
    bare = FORM.sub(" ", STRENGTH.sub(" ", key))
    forms = [key, spaced, FORM.sub(" ", spaced), STRENGTH.sub(" ", key), bare]
    if MAGNESIUM not in key:  # of magnesium a number may be the amount: it is not dropped
        forms.append(MAKER.sub(" ", MAKER.sub(" ", bare)))
    return list(filter(None, dict.fromkeys(name_key(form).strip(" ,;") for form in forms))) or [key]


def _has_magnesium(atc: str) -> bool:
    row = substance(atc)
    return row is not None and bool(row.salt)


def substance(atc: str) -> Substance | None:
    """Return the substance with this ATC code."""
    return _substances().get(atc)


def condition_id(name: str) -> str | None:
    """Id of a condition; ``None`` when nothing is like it; ``NearNameError`` when it looks like known ones."""
    return _find(name, _condition_names())


def salts_named(name: str) -> tuple[Salt, ...]:
    """Salts that a name means: all hydrates for a name without hydration (default first), else the one named.

    Raises ``NearNameError`` for anything else.
    """
    found = _salts_by_name().get(name_key(name))
    if found is None:
        raise NearNameError(name, nearest(name, salt_names()))
    return found


@cache
def _salts_by_name() -> dict[str, tuple[Salt, ...]]:
    """Spelling -> salts; a name of a family goes before a name of one salt, the first row before a later one."""
    known: dict[str, tuple[Salt, ...]] = {}
    for salt in table(Salt):
        members = sorted(
            (one for one in table(Salt) if one.family == salt.family), key=lambda one: not one.default_of_family
        )
        known |= dict.fromkeys(map(name_key, _family_words(salt)), tuple(members))
    for salt in table(Salt):
        for word in (salt.id, salt.name_nl, salt.name_en, *_with_magnesium(salt.names)):
            known.setdefault(name_key(word), (salt,))
    return known


def salt_names() -> list[str]:
    """Names a person may give for the salt of a supplement, families first."""
    rows = [salt for salt in table(Salt) if salt.family not in FOOD_SALTS + NOT_ORAL_SALTS]
    return [salt.family for salt in rows if salt.default_of_family] + [
        word for salt in rows for word in (*salt.names, salt.name_nl, salt.name_en)
    ]


def _family_words(salt: Salt) -> tuple[str, ...]:
    """Names that leave the hydration open."""
    if not salt.default_of_family:
        return (salt.family,)
    return _with_magnesium((salt.family, *(word for word in salt.names if not HYDRATION.search(word))))


def _with_magnesium(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(form for word in words for form in (word, f"magnesium{word}", f"magnesium {word}"))


def lab_test_code(name: str) -> str | None:
    """Code of a laboratory test from its name or LOINC code; ``NearNameError`` when it looks like known ones."""
    return _find(name, _lab_names())


def lab_test(code: str) -> LabTest:
    """Row of a laboratory test; ``KeyError`` for a code that is none."""
    return _lab_tests()[code]


@cache
def _lab_tests() -> dict[str, LabTest]:
    return {row.id: row for row in table(LabTest)}


def lab_test_names() -> list[str]:
    """Names and LOINC codes of the laboratory tests."""
    return list(_lab_names())


def _find(name: str, known: dict[str, str]) -> str | None:
    key = name_key(name)
    if key in known:
        return known[key]
    near = nearest(key, known, likeness=TYPO_LIKENESS) or _inside(key, known)
    if near:
        raise NearNameError(name, near)
    return None


def _inside(key: str, known: dict[str, str]) -> tuple[str, ...]:
    """Return known names that stand in a longer one as a whole word: metformin in "metformin hcl"."""
    found = [name for name in known if len(name) > LONGEST_ABBREVIATION and f" {name} " in f" {key} "]
    return tuple(sorted(found, key=len, reverse=True)[:3])


def _names(rows: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    return {name_key(word): code for code, words in rows for word in words}


@cache
def _substances() -> dict[str, Substance]:
    return {row.atc: row for row in reversed(table(Substance))}  # of two rows the first one speaks


@cache
def _medicine_names() -> dict[str, str]:
    ingredients = ((row.atc[0], (row.ingredient,)) for row in table(Ingredient) if len(row.atc) == 1)
    brands = ((row.atc, (row.name,)) for row in table(Brand))
    substances = ((row.atc, (row.name_nl, row.name_en, *row.names)) for row in table(Substance))
    no_medicines = (("", row.names) for row in table(Interaction))  # known, without a code
    return _names(
        (*no_medicines, *ingredients, *brands, *substances)
    )  # of one spelling the substance's own name speaks


@cache
def _condition_names() -> dict[str, str]:
    return _names((row.id, (row.id, row.name_nl, row.name_en, *row.names)) for row in table(Condition))


@cache
def _lab_names() -> dict[str, str]:
    return {name_key(name): code for name, code in plain_rows(data_folder() / "names" / "labs.csv")}
