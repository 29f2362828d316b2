"""Releases of one process: merge and timeline."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from content.tenders.merging import Change, apply_changes, merge, timeline
from content.tenders.models import TenderProcess, TenderRelease


def release(pk: int, release_id: str, day: int, **facts) -> TenderRelease:
    return TenderRelease(
        pk=pk, release_id=release_id, tag="tender", facts=facts,
        date=datetime.datetime(2026, 3, day, tzinfo=datetime.UTC),
    )  # fmt: skip


def test_the_later_word_counts_and_void_is_a_word():
    state = merge([{"title": "甲", "agency": "某代理"}, {"title": "乙"}, {"agency": None}])

    assert state == {"title": "乙", "agency": None}


def test_the_first_publication_stays_the_day_of_publication():
    assert merge([{"published_at": "2026-03-01"}, {"published_at": "2026-03-09"}]) == {"published_at": "2026-03-01"}


def test_only_fields_whose_merged_value_changed_are_touched():
    process = TenderProcess(title="改过的名称", agency="旧代理")

    touched = apply_changes(process, {"title": "甲", "agency": "旧代理"}, {"title": "甲", "agency": "新代理"})

    assert (touched, process.title, process.agency) == ({"agency"}, "改过的名称", "新代理")


def test_the_timeline_tells_what_each_notice_changed():
    steps = timeline(
        [
            release(1, "a", 2, title="甲", value_amount="1000000.00", tender_end="2026-03-25T09:30:00+08:00"),
            release(3, "b", 9, tender_end="2026-04-02T09:30:00+08:00", consortium="no"),
            release(2, "c", 12, title="甲"),
        ]
    )

    assert [(step.release.release_id, step.is_first, step.changes) for step in steps] == [
        ("a", True, ()),
        (
            "b",
            False,
            (Change("投标截止", "2026-03-25 09:30", "2026-04-02 09:30"), Change("联合体", "", "不接受联合体")),
        ),
        ("c", False, ()),
    ]


def test_of_two_copies_of_a_notice_the_later_received_counts():
    steps = timeline([release(1, "a", 2, title="错字"), release(2, "a", 2, title="正字")])

    assert [step.release.facts["title"] for step in steps] == ["正字"]


FACTS = st.dictionaries(st.sampled_from(["title", "agency", "status_word"]), st.one_of(st.none(), st.text(max_size=3)))


@given(st.lists(FACTS))
def test_merging_step_by_step_is_merging_at_once(facts):
    state: dict = {}
    for one in facts:
        state = merge([state, one])

    assert state == merge(facts)
