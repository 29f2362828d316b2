"""The contract, run against every engine there is here."""

import pytest

from tests.search.engine_contract import *  # noqa: F403 (pytest collects the contract's tests from here)
from tests.search.servers import ENGINES, engine_named


@pytest.fixture(params=ENGINES)
def engine(request, tmp_path):
    with engine_named(request.param, tmp_path) as made:
        yield made
