"""The contract, run against every engine there is here."""

import pytest

from search.engines.tantivy import TantivyEngine
from tests.search.engine_contract import *  # noqa: F403 (pytest collects the contract's tests from here)
from tests.search.servers import server_engine


@pytest.fixture(params=["tantivy", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def engine(request, tmp_path):
    if request.param == "tantivy":
        yield TantivyEngine(tmp_path / "index")
        return
    with server_engine() as made:
        yield made
