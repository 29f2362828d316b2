import datetime

import pytest

from content.organization.audience import reader_for
from content.organization.holders import holders_of, posts_of
from content.organization.models import HoldingKind
from tests.factories.organization import HoldingFactory, PostFactory
from tests.factories.users import UserFactory

TODAY = datetime.date(2026, 3, 10)


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [
        (datetime.date(2026, 3, 10), None, True),
        (datetime.date(2026, 3, 11), None, False),
        (datetime.date(2026, 1, 1), datetime.date(2026, 3, 10), True),
        (datetime.date(2026, 1, 1), datetime.date(2026, 3, 9), False),
    ],
)
def test_first_and_last_day_belong_to_the_holding(department, since, until, holds):
    post = PostFactory(unit=department)
    user = HoldingFactory(post=post, since=since, until=until).user

    assert [holder.user for holder in holders_of(post, TODAY)] == [user] * holds
    assert posts_of(user, TODAY) == [post] * holds


def test_holders_come_before_acting_and_substitutes_and_each_person_once(department):
    post = PostFactory(unit=department)
    people = {name: UserFactory(username=name, name=name) for name in ("甲", "乙", "丙")}
    HoldingFactory(post=post, user=people["丙"], kind=HoldingKind.SUBSTITUTE)
    HoldingFactory(post=post, user=people["乙"], kind=HoldingKind.ACTING)
    HoldingFactory(post=post, user=people["甲"])
    HoldingFactory(post=post, user=people["甲"], kind=HoldingKind.SUBSTITUTE)

    assert [holder.label for holder in holders_of(post, TODAY)] == ["甲", "乙（代理）", "丙（职务代理）"]


def test_who_may_no_longer_log_in_holds_nothing(department):
    post = PostFactory(unit=department)
    left = UserFactory(is_active=False)
    HoldingFactory(post=post, user=left)

    assert holders_of(post) == []
    # Looking back, who has left since did hold it.
    assert [holder.user for holder in holders_of(post, datetime.date(2021, 5, 1))] == [left]


def test_a_reader_carries_posts_units_and_groups(staff):
    post = staff.holdings.get().post

    assert reader_for(staff).tokens == {
        "public",
        "staff",
        f"user:{staff.pk}",
        f"post:{post.pk}",
        f"unit:{post.unit_id}",
    }


def test_an_inactive_account_reads_as_nobody(staff):
    staff.is_active = False

    assert reader_for(staff).tokens == {"public"}


def test_a_superuser_reads_everything(superuser):
    assert reader_for(superuser).may_read(frozenset({"perm:tenders.view_tenderprocess"}))
    assert reader_for(superuser).may_read(frozenset())
