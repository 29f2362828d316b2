"""Posts in the suggestions of the search box."""

import datetime

import pytest

from content.organization.suggesting import PostSource
from search.readers import ANONYMOUS, reader_for
from tests.factories.organization import HoldingFactory, PostFactory

pytestmark = pytest.mark.django_db


def offered(typed: str, user) -> list[tuple[str, str, str]]:
    return [(offer.label, offer.detail, offer.url) for offer in PostSource().offers(typed, reader_for(user), 5)]


@pytest.mark.parametrize("typed", ["市场专", "shichang", "sczy", "市chang", "marketer", "王敏", "wm", "市场部市场"])
def test_a_post_is_offered_by_its_names_its_code_and_its_holders(staff, typed):
    assert offered(typed, staff) == [("市场专员", "市场部 · 王敏", "/organization/posts/marketer/")]


def test_posts_are_for_staff(staff, outsider):
    assert offered("市场", outsider) == []
    assert list(PostSource().offers("市场", ANONYMOUS, 5)) == []


def test_a_vacant_post_says_so_and_who_has_left_is_not_named(staff, department):
    post = PostFactory(code="planner", title="策划主管", unit=department)
    HoldingFactory(post=post, until=datetime.date(2020, 1, 1), since=datetime.date(2019, 1, 1))

    assert offered("策划", staff) == [("策划主管", "市场部 · 空缺", "/organization/posts/planner/")]


@pytest.mark.parametrize("number", [1, 3])
def test_posts_cost_two_queries_however_many(staff, department, number, django_assert_num_queries):
    for at in range(number):
        PostFactory(code=f"guide-{at}", title=f"讲解员{at}", unit=department)
    reader = reader_for(staff)

    with django_assert_num_queries(2):
        assert len(PostSource().offers("讲解", reader, 5)) == number
