"""What a person must not or will not eat: diets, allergies, dislikes, conditions, kidneys, medicines, age."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from magnes.advice.foods.records import FoodPlanRule
from magnes.advice.unknown import conditions_of
from magnes.errors import Problems, nearest
from magnes.knowledge.diets import allergen_ids, allergen_names, choices_called, diet_id, diet_names
from magnes.knowledge.eating import HIGH_OXALATE, HIGH_POTASSIUM, Allergen, Diet, FoodChoice, FoodRule
from magnes.knowledge.foods import food_table
from magnes.knowledge.load import table
from magnes.matching import matcher
from magnes.person import Person

__all__ = ["Limits", "acceptable", "limits_of"]

KIDNEY = "chronic-kidney-disease"
HIGH_OXALATE_MG = 10.0  # a portion (WKYKIDNEY-OXALATE: more than 10 mg a serving is high)
HIGH_POTASSIUM_MG = 200.0  # a portion; design choice


@dataclass(frozen=True, slots=True)
class Limits:
    """Tags and choices that are out, why, and the rules that stop the whole plan."""

    tags: frozenset[str]
    choices: frozenset[str]
    blocks: tuple[FoodPlanRule, ...]
    left_out: tuple[FoodPlanRule, ...]


def limits_of(person: Person) -> Limits:
    """Everything that the person's record says about what not to propose.

    Raises ``InputProblems`` for a diet or allergy that is not known: an allergy that nobody understood is not none.
    """
    rules = [row for row in table(FoodRule) if _applies(row, person)]
    diets, allergens = _diets(person), _allergens(person)
    tags = {tag for row in rules for tag in row.avoid} | {tag for row in diets for tag in row.excludes}
    told = [
        *(FoodPlanRule(code="diet", word=row.id, sources=row.sources, verified=row.verified) for row in diets),
        *(FoodPlanRule(code="allergy", word=row.id, sources=row.sources, verified=row.verified) for row in allergens),
        *(FoodPlanRule(code="dislike", word=word, sources=("USER",), verified=True) for word in person.dislikes),
    ]
    return Limits(
        tags=frozenset(tags | {row.id for row in allergens}),
        choices=frozenset().union(*map(choices_called, person.dislikes)),
        blocks=_told(row for row in rules if row.action == "block"),
        left_out=(*told, *_told(row for row in rules if row.action == "avoid")),
    )


def _told(rows: Iterable[FoodRule]) -> tuple[FoodPlanRule, ...]:
    """Return rules once for each code: two conditions that ask the same are one sentence."""
    first: dict[str, FoodPlanRule] = {}
    for row in rows:
        first.setdefault(row.code, FoodPlanRule(code=row.code, sources=row.sources, verified=row.verified))
    return tuple(first.values())


def _applies(row: FoodRule, person: Person) -> bool:
    """Whether a rule is met; a kidney disease without a measured function meets what asks for less potassium."""
    conditions = conditions_of(person)
    if row.condition:
        return row.condition in conditions
    if row.atc:
        return any(medicine.atc.startswith(row.atc) for medicine in person.medicines)
    if row.egfr_below is not None:
        egfr = person.egfr_ml_min_1_73m2
        if egfr is None:
            return KIDNEY in conditions and row.action == "avoid"
        return egfr < row.egfr_below
    return row.age_below is not None and person.age_years < row.age_below


def _diets(person: Person) -> list[Diet]:
    ids = {word: diet_id(word) for word in person.diet}
    _refuse("diet", [word for word, found in ids.items() if found is None], diet_names())
    return [row for row in table(Diet) if row.id in ids.values()]


def _allergens(person: Person) -> list[Allergen]:
    ids = {word: allergen_ids(word) for word in person.allergies}
    _refuse("allergies", [word for word, found in ids.items() if not found], allergen_names())
    known = {code for found in ids.values() for code in found}
    return [row for row in table(Allergen) if row.id in known]


def _refuse(field: str, words: list[str], known: list[str]) -> None:
    problems = Problems()
    for word in words:
        problems.add("choice_unknown", field=field, found=word, accepted=", ".join(known), nearest=nearest(word, known))
    problems.stop()


def acceptable(choice: FoodChoice, portion_g: float, person: Person, limits: Limits) -> bool:
    """Whether this person may be offered a choice; what is not known about it counts against it."""
    if choice.id in limits.choices or person.age_years < choice.min_age_years:
        return False
    if {*choice.contains, *choice.may_contain, *choice.tags} & limits.tags:
        return False
    if HIGH_OXALATE in limits.tags and _oxalate_high(choice, portion_g):
        return False
    return HIGH_POTASSIUM not in limits.tags or not _potassium_high(choice, portion_g)


def _oxalate_high(choice: FoodChoice, portion_g: float) -> bool:
    return choice.oxalate_mg is None or choice.oxalate_mg * portion_g / 100 > HIGH_OXALATE_MG


def _potassium_high(choice: FoodChoice, portion_g: float) -> bool:
    basic = matcher().basic(choice.id)
    if basic is None:  # a water: its magnesium comes with next to no potassium
        return False
    potassium = food_table().food(basic.food).potassium_mg
    return potassium is None or potassium * portion_g / 100 >= HIGH_POTASSIUM_MG
