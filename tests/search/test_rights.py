"""Whatever the audiences are: a reader is shown exactly what one rule allows, in every form."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from search.documents import Query
from search.engines.tantivy import TantivyEngine
from search.query import parse
from search.readers import Reader
from tests.search.documents import document

TOKENS = st.frozensets(
    st.sampled_from(
        [
            "public",
            "staff",
            "group:1",
            "group:11",
            "unit:1",
            "post:1",
            "user:1",
            "user:12",
            "perm:tenders.view_tenderprocess",
        ]
    ),
    max_size=4,
)


@settings(max_examples=25, deadline=None)
@given(
    audiences=st.lists(TOKENS, min_size=1, max_size=8),
    readers=st.lists(st.builds(Reader, tokens=TOKENS, everything=st.booleans()), min_size=1, max_size=4),
)
def test_hits_totals_facets_and_suggestions_show_exactly_what_may_be_read(audiences, readers):
    documents = [
        document(
            number, title=f"招标公告{number}", body="旅游规划", audience=audience, facets={"place": (f"地{number}",)}
        )
        for number, audience in enumerate(audiences, start=1)
    ]
    with tempfile.TemporaryDirectory() as directory:
        engine = TantivyEngine(Path(directory))
        engine.write(documents)
        for reader in readers:
            allowed = [one for one in documents if reader.may_read(one.audience)]
            keys = {one.key for one in allowed}
            for text, natural in (("招标", False), ("", False), ("规划招标旅游项目", True), ("-没有", False)):
                answer = engine.search(
                    Query(
                        parse(text),
                        tokens=reader.tokens,
                        everything=reader.everything,
                        facets=("place",),
                        natural=natural,
                    )
                )
                assert {one.document.key for one in answer.found} == keys
                assert answer.total == len(allowed)
                assert sorted(answer.facets["place"]) == sorted((one.facets["place"][0], 1) for one in allowed)
                assert answer.facets["kind"] == ([("notice", len(allowed))] if allowed else [])
            for prefix in ("招标", "zhaobiao", "zb"):
                assert {one.key for one in engine.suggest(prefix, reader=reader, limit=50)} == keys
