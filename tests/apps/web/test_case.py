"""What is stored becomes the case of the engine: choices of the user and what is for sale come along."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.testclient import TestClient

from magnes.apps.web.case import Case, case_of
from magnes.store.people import People
from magnes.store.users import Users


def case_in(app: FastAPI, person: str) -> Case:
    scope = app.state.local_scope
    with app.state.store.begin() as session:
        row = People(session, scope).get(int(person.rpartition("/")[2]))
        return case_of(session, scope, row, Users(session, scope).settings(scope.user_id))


def test_products_and_cut_off_reach_the_engine_and_change_the_key(web: TestClient, person: str) -> None:
    # catches: a price or a choice that a plan does not know of; an old plan shown after a change
    app = web.app
    first = case_in(app, person)
    assert (first.products, first.cut_off_mmol_per_l) == ((), None)
    row = {"product": "A", "label": "per tablet 400 mg magnesiumcitraat, waarvan magnesium 60 mg", "units_per_day": "1"}
    added = web.post(f"{person}/taking/products", data=row | {"price_eur": "12,50", "units_per_pack": "60"})
    assert added.status_code == 200, added.text
    web.post("/settings", data={"cut_off": "0.85"})
    then = case_in(app, person)
    assert [product.product for product in then.products] == ["A"]
    assert then.cut_off_mmol_per_l == 0.85
    assert then.key[1] > first.key[1]
    assert then.key[2] != first.key[2]
