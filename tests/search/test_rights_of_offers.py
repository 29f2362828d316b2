"""By random rights: suggestions and exports show exactly what their reader may read."""

import tempfile
from pathlib import Path

import pytest
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from search import suggestions
from search.engines import get_engine
from search.export_jobs import found_hits
from search.forms import Parameters
from search.readers import Reader
from tests.search.documents import document
from tests.search.test_rights import TOKENS

pytestmark = pytest.mark.usefixtures("kinds", "db")  # synonyms are asked of the database


@settings(max_examples=20, deadline=None)
@given(
    audiences=st.lists(TOKENS, min_size=1, max_size=5),
    changed=st.lists(TOKENS, max_size=2),
    readers=st.lists(st.builds(Reader, tokens=TOKENS, everything=st.booleans()), min_size=1, max_size=3),
)
def test_offers_and_exports_show_exactly_what_may_be_read(audiences, changed, readers):
    with tempfile.TemporaryDirectory() as directory, override_settings(SEARCH_INDEX_DIR=Path(directory)):
        engine = get_engine()
        for wave in (audiences, [*changed, *audiences[len(changed) :]]):  # rights change under what is remembered
            made = [
                document(number, title=f"招标公告{number}", audience=audience, facets={"place": (f"招标县{number}",)})
                for number, audience in enumerate(wave, start=1)
            ]
            engine.write(made)
            for reader in readers:
                allowed = [one for one in made if reader.may_read(one.audience)]
                for typed in ("招标", "zhaobiao", "招b"):
                    groups = {one.name: one.offers for one in suggestions.suggest(typed, reader, limit=50)}
                    assert {one.url for one in groups.get("title", ())} == {one.url for one in allowed}
                    places = {one.facets["place"][0] for one in allowed}
                    assert {one.label for one in groups.get("place", ())} <= places
                    assert bool(groups.get("place")) == bool(places)
                exported = [hit.key for hit in found_hits(Parameters(text="招标"), reader)]
                assert sorted(exported) == sorted(one.key for one in allowed)
