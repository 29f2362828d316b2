import datetime

import pytest
import time_machine
from django.contrib.auth.models import Group

from content.organization.membership import sync_groups
from content.organization.models import HoldingKind
from tests.factories.organization import HoldingFactory, PostFactory
from tests.factories.users import UserFactory


@pytest.fixture
def post(department):
    """A post that brings the group 信息助理."""
    post = PostFactory(unit=department)
    post.groups.add(Group.objects.get_or_create(name="信息助理")[0])
    return post


def names(user) -> list[str]:
    return sorted(user.groups.values_list("name", flat=True))


@pytest.mark.parametrize("kind", HoldingKind.values)
def test_whoever_may_act_for_a_post_gets_its_groups(post, kind):
    holding = HoldingFactory(post=post, kind=kind)

    assert names(holding.user) == ["信息助理"]


def test_rights_end_with_the_holding(post):
    holding = HoldingFactory(post=post)

    holding.until = datetime.date(2021, 1, 1)
    holding.save()

    assert names(holding.user) == []


def test_rights_go_over_when_the_holding_is_given_to_someone_else(post):
    holding = HoldingFactory(post=post)
    before, after = holding.user, UserFactory()

    holding.user = after
    holding.save()

    assert (names(before), names(after)) == ([], ["信息助理"])


def test_a_deleted_holding_takes_its_rights_along(post):
    holding = HoldingFactory(post=post)

    holding.delete()

    assert names(holding.user) == []


def test_groups_that_hang_on_no_post_are_left_alone(post):
    holding = HoldingFactory(post=post)
    holding.user.groups.add(Group.objects.create(name="手工授予"))

    sync_groups()

    assert names(holding.user) == ["信息助理", "手工授予"]


def test_a_group_taken_off_its_last_post_is_taken_from_its_holders(post):
    holding = HoldingFactory(post=post)

    post.groups.clear()

    assert names(holding.user) == []


def test_a_group_removed_from_one_post_stays_with_who_has_it_from_another(post, department):
    group = post.groups.get()
    other = PostFactory(unit=department)
    other.groups.add(group)
    holding = HoldingFactory(post=post)
    HoldingFactory(post=other, user=holding.user)

    post.groups.remove(group)

    assert names(holding.user) == ["信息助理"]


def test_a_group_given_to_a_post_reaches_its_holders_at_once(post):
    holding = HoldingFactory(post=post)

    post.groups.add(Group.objects.create(name="签批人"))

    assert names(holding.user) == ["信息助理", "签批人"]


def test_holdings_begin_and_end_by_date_when_the_clock_asks(post):
    with time_machine.travel("2026-03-01 12:00+08:00"):
        holding = HoldingFactory(post=post, since=datetime.date(2026, 3, 2), until=datetime.date(2026, 3, 3))
        assert names(holding.user) == []
    with time_machine.travel("2026-03-02 00:30+08:00"):
        assert sync_groups() == 1
        assert names(holding.user) == ["信息助理"]
    with time_machine.travel("2026-03-04 00:30+08:00"):
        assert sync_groups() == 1
        assert names(holding.user) == []


def test_the_second_run_changes_nothing_and_one_person_can_be_asked_for(post):
    holding = HoldingFactory(post=post)
    other = HoldingFactory(post=post)
    holding.user.groups.clear()
    other.user.groups.clear()

    assert sync_groups(holding.user) == 1
    assert sync_groups(holding.user) == 0
    assert (names(holding.user), names(other.user)) == (["信息助理"], [])
