"""Read once for all tests of usual intake."""

import pytest
from usual_days import men_days


@pytest.fixture(scope="session")
def men():
    return men_days()
