"""An OCDS release of any shape is facts or a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.importing.errors import RowRejectedError
from content.tenders.merging import FIELDS
from content.tenders.ocds import facts_of, release_tag


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (["tender"], "tender"),
        (["planning", "tender"], "tender"),
        (["tenderCancellation"], "tenderCancellation"),
        (["award", "contract"], "contract"),
        (["planningUpdate"], "planning"),
        (["compiled"], "award"),
        ("tender", "tender"),
        (None, "other"),
        ([{"odd": 1}], "other"),
    ],
)
def test_the_tag_that_says_most_is_the_kind_of_notice(tags, expected):
    assert release_tag({"tag": tags, "awards": [{"id": "1"}]}) == expected


def test_a_null_member_makes_void_and_an_absent_one_says_nothing():
    facts = facts_of({"tag": ["tenderUpdate"], "tender": {"description": None, "tenderPeriod": {"endDate": None}}})

    assert facts == {"description": None, "tender_end": None}


def test_cancelled_awards_name_no_winner():
    facts = facts_of({"tag": ["award"], "awards": [{"status": "cancelled", "suppliers": [{"name": "某公司"}]}]})

    assert facts == {"status": "complete"}


def test_only_web_addresses_are_taken_for_the_source():
    documents = [{"url": "javascript:alert(1)"}, {"url": "https://example.com/a", "documentType": "tenderNotice"}]

    facts = facts_of({"tag": ["tender"], "tender": {"documents": documents}})

    assert facts["source_url"] == "https://example.com/a"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=8), children, max_size=3),
    max_leaves=8,
)
MEMBERS = ["tender", "tag", "buyer", "parties", "awards", "planning", "date", "title"]
PARTS = ["title", "id", "status", "value", "amount", "currency", "tenderPeriod", "endDate", "items", "documents", "url",
         "deliveryAddresses", "region", "procuringEntity", "name", "roles", "suppliers", "budget"]  # fmt: skip
RELEASES = st.dictionaries(
    st.sampled_from(MEMBERS),
    st.recursive(
        JSON, lambda c: st.lists(c, max_size=2) | st.dictionaries(st.sampled_from(PARTS), c, max_size=4), max_leaves=10
    ),
)


@given(RELEASES)
def test_whatever_a_publisher_sends_is_facts_or_one_sentence(release):
    release_tag(release)
    try:
        facts = facts_of(release)
    except RowRejectedError as error:
        facts, sentence = {}, str(error)
    else:
        sentence = "。"

    assert sentence.endswith("。")
    assert set(facts) <= {*FIELDS, "qualifications"}
