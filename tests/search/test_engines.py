"""The contract, run against every engine there is here."""

import pytest

from search.engines.tantivy import TantivyEngine
from tests.search.engine_contract import *  # noqa: F403 (pytest collects the contract's tests from here)


@pytest.fixture(params=["tantivy"])
def engine(request, tmp_path):
    return {"tantivy": lambda: TantivyEngine(tmp_path / "index")}[request.param]()
