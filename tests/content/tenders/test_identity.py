"""Keys of notices."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.tenders.identity import core_title, identity_of, payload_hash

DAY = datetime.date(2026, 3, 2)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("玉湖村旅游总体规划公开招标公告", "玉湖村旅游总体规划中标结果公告"),
        ("玉湖村旅游总体规划竞争性磋商公告", "玉湖村旅游总体规划更正公告"),
        ("（玉湖村）旅游总体规划", "玉湖村 旅游总体规划"),
    ],
)
def test_stages_of_one_title_have_one_core(one, two):
    assert core_title(one) == core_title(two)


def test_a_title_that_is_only_a_stage_keeps_its_words():
    assert core_title("招标公告") == "招标公告"


def test_width_and_blanks_of_a_number_do_not_count():
    one = identity_of(number="YH-2026-01", entity="某局", title="甲", day=None)
    two = identity_of(number=" ＹＨ－2026－01 ", entity="某 局", title="乙", day=DAY)

    assert one == two


def test_a_given_ocid_is_kept():
    assert identity_of(ocid="ocds-1", number="A-1", title="甲", day=None).ocid == "ocds-1"


@given(st.text(), st.text(), st.text())
def test_every_notice_has_an_identity_of_bounded_length(number, entity, title):
    identity = identity_of(number=number, entity=entity, title=title, day=DAY)

    assert len(identity.ocid) == 32
    assert len(identity.match_key) == 64


@given(st.dictionaries(st.text(), st.one_of(st.text(), st.integers(), st.none(), st.lists(st.text()))))
def test_the_hash_of_a_payload_does_not_depend_on_the_order_of_its_keys(payload):
    assert payload_hash(payload) == payload_hash(dict(reversed(payload.items())))
