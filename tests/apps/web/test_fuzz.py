"""All routes with what schemathesis makes up from the OpenAPI document: nothing ends in a mistake of ours.

``make fuzz`` sends many more (MAGNES_FUZZ: examples of each route).
"""

import os
from collections import Counter

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from web_walk import HEAVY, ORIGIN, House, house, routes

EXAMPLES = int(os.environ.get("MAGNES_FUZZ", "1"))
ALL = "MAGNES_FUZZ" in os.environ
ENDS = (
    "/logout",
    "/account/sessions/end",
    "/account/password",
    "/disable",
    "/role",
)  # would end the session of the fuzz


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory):
    made = house(tmp_path_factory.mktemp("fuzz"))
    yield made
    made.store.close()


def test_routes_answer_whatever_is_sent(kept: House) -> None:
    # catches: a text, a number or a body that nobody thought of, and that ends in a 500
    schema = schemathesis.openapi.from_dict(kept.app.openapi())
    schema.app, sent, strange = kept.app, [], []
    client = kept.client(kept.a)
    own = {"person_id": kept.a.people[0], "entry_id": kept.a.entries[0], "user_id": kept.a.users[1]}

    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.path.endswith(ENDS) or (HEAVY.search(operation.path) and not ALL):
            continue

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=not ALL,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def one(case) -> None:
            for ids in ({}, own):
                case.path_parameters = {
                    **case.path_parameters,
                    **{k: v for k, v in ids.items() if k in case.path_parameters},
                }
                case.headers = {"origin": ORIGIN, "host": "localhost"}
                case.cookies = dict(client.cookies)
                answer = case.call(app=kept.app, base_url=ORIGIN)
                sent.append(answer.status_code)
                if answer.status_code >= 500:
                    strange.append((case.as_curl_command()[:600], answer.status_code))

        one()
    if ALL:
        print(sorted(Counter(sent).items()))  # for docs/security.md
    assert strange == []
    assert len(sent) >= EXAMPLES * len(routes(kept.app))
    assert any(status < 400 for status in sent)
