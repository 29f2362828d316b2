"""The address of a results page: read whatever it says, written back the same."""

import datetime

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from search.forms import Parameters, parse_date
from tests.search.kinds import ISSUER, PLACE


def read(address: str) -> Parameters:
    return Parameters.read(QueryDict(address))


@pytest.mark.parametrize(
    ("typed", "date"),
    [
        ("2026-01-31", datetime.date(2026, 1, 31)),
        ("2026/1/31", datetime.date(2026, 1, 31)),
        ("2026.1.5", datetime.date(2026, 1, 5)),
        ("2026年1月31日", datetime.date(2026, 1, 31)),
        ("20260131", datetime.date(2026, 1, 31)),
        ("2026-02", datetime.date(2026, 2, 1)),
        ("2026-02-30", None),
        ("0000-01-01", None),
        ("明天", None),
        ("", None),
    ],
)
def test_dates_are_read_as_people_write_them(typed, date):
    assert parse_date(typed) == date


@pytest.mark.parametrize(
    ("typed", "last"), [("2026-02", (2026, 2, 28)), ("2026年12月", (2026, 12, 31)), ("2024-02", (2024, 2, 29))]
)
def test_a_month_ends_on_its_last_day(typed, last):
    assert parse_date(typed, end=True) == datetime.date(*last)


def test_a_date_that_is_none_is_left_out_and_said(kinds):
    asked = read("q=规划&date_from=2026-02-30&date_to=2026-03-01")

    assert (asked.date_from, asked.date_to) == (None, datetime.date(2026, 3, 1))
    assert asked.notes == ("日期“2026-02-30”无法识别，没有按它筛选；请写成 2026-01-31 这样。",)


def test_a_period_the_wrong_way_round_is_turned(kinds):
    asked = read("deadline_from=2026-05-01&deadline_to=2026-04-01")

    assert (asked.deadline_from, asked.deadline_to) == (datetime.date(2026, 4, 1), datetime.date(2026, 5, 1))
    assert asked.notes == ("开始日期晚于结束日期，已经对调。",)


def test_only_known_kinds_facets_and_orders_count(kinds):
    asked = read("q=a&kind=notice&kind=nothing&colour=red&place=云南省&place=云南省&place=&sort=random&page=-3")

    assert asked.kinds == ("notice",)
    assert asked.filters == {PLACE: ("云南省",)}
    assert (asked.sort, asked.effective_sort, asked.page) == ("", "relevance", 1)


def test_without_words_the_newest_come_first(kinds):
    assert read("").effective_sort == "newest"
    assert read("sort=deadline").effective_sort == "deadline"


def test_a_value_is_switched_on_and_off(kinds):
    asked = read("q=规划&place=云南省&page=7")

    more = asked.toggled(PLACE, "四川省")
    assert more.address() == "?q=%E8%A7%84%E5%88%92&place=%E4%BA%91%E5%8D%97%E7%9C%81&place=%E5%9B%9B%E5%B7%9D%E7%9C%81"
    assert more.toggled(PLACE, "云南省").toggled(PLACE, "四川省").filters == {}
    assert asked.toggled("kind", "notice").kinds == ("notice",)
    assert more.page == 1


@given(
    q=st.text(max_size=40),
    place=st.lists(st.text(min_size=1, max_size=8), max_size=3),
    dates=st.tuples(*[st.one_of(st.just(""), st.dates().map(str), st.text(max_size=12))] * 4),
    sort=st.sampled_from(["", "newest", "deadline", "nonsense"]),
    page=st.text(max_size=8),
)
def test_what_an_address_says_is_the_same_read_again(kinds, q, place, dates, sort, page):
    query = QueryDict(mutable=True)
    query.setlist("q", [q])
    query.setlist(PLACE, place)
    query.setlist(ISSUER, place[:1])
    for name, value in zip(("date_from", "date_to", "deadline_from", "deadline_to"), dates, strict=True):
        query[name] = value
    query["sort"], query["page"] = sort, page

    asked = Parameters.read(query)
    again = read(asked.address()[1:])

    assert again == asked.changed()
