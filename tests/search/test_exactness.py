"""Every piece of every title is found, and nothing else: a small run of `make bench BENCH=exactness`."""

import pytest

from bench.exactness import families, measure, titles
from search.documents import SearchDocument
from tests.search.servers import ENGINES, engine_named

TITLES = 2_000


@pytest.mark.parametrize("name", ENGINES)
def test_any_piece_of_a_title_is_found_exactly_where_it_stands(name, tmp_path):
    made = titles(TITLES)
    with engine_named(name, tmp_path) as engine:
        with engine.rebuild() as generation:
            generation.add(
                SearchDocument(f"t:{number}", "t", title, "/", frozenset({"public"}))
                for number, title in enumerate(made)
            )

        found = measure(engine, made, families(made, 60))

    assert len(found) == 7
    for family, one in found.items():
        assert one.asked == 60, family
        assert one.wanted >= (60 if family != "地名" else 20), family
        assert (one.recall, one.precision) == (1.0, 1.0), family
