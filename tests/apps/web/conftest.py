"""The app on a real store, without log-in, asked in English."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from magnes.apps.web.app import create_app
from magnes.apps.web.config import ServeConfig


@pytest.fixture
def web(tmp_path: Path) -> Iterator[TestClient]:
    app = create_app(ServeConfig(str(tmp_path / "magnes.sqlite")))
    headers = {"sec-fetch-site": "same-origin", "accept-language": "en"}
    with TestClient(app, base_url="http://127.0.0.1", headers=headers) as client:
        yield client


@pytest.fixture
def person(web: TestClient) -> str:
    """Address of a person who is new here."""
    answer = web.post("/people", data={"label": "P", "age_years": "60", "sex": "female"}, follow_redirects=False)
    return answer.headers["location"].removesuffix("/diary")
