import datetime

import pytest
from django.core.exceptions import ValidationError

from content.organization.models import Holding, HoldingKind
from tests.factories.organization import HoldingFactory, PostFactory, UnitFactory
from tests.factories.users import UserFactory


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def holding(post, *, user=None, kind=HoldingKind.REGULAR, since="2026-01-01", until=None) -> Holding:
    return Holding(post=post, user=user or UserFactory(), kind=kind, since=day(since), until=until and day(until))


def errors_of(record) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        record.full_clean()
    return caught.value.message_dict


def test_a_unit_cannot_lie_below_itself(db):
    top = UnitFactory(name="总部")
    below = UnitFactory(name="市场部", parent=top)
    top.parent = below

    assert errors_of(top) == {"parent": ["上级单位不能是本单位自己或它的下级，请另选。"]}


def test_a_post_cannot_report_to_its_own_subordinate(department):
    director = PostFactory(unit=department)
    assistant = PostFactory(unit=department, superior=director)
    director.superior = assistant

    assert errors_of(director) == {"superior": ["直接上级不能是本岗位自己或它的下级，请另选。"]}


def test_a_post_is_held_by_one_person_at_a_time(department):
    post = PostFactory(unit=department)
    HoldingFactory(post=post, user=UserFactory(username="first", name="王敏"))

    assert errors_of(holding(post)) == {
        "post": ["该岗位编制 1 人，这段时间已由王敏任职；请先填好其止日，或增加编制人数。"]
    }


def test_a_successor_begins_the_day_after(department):
    post = PostFactory(unit=department)
    HoldingFactory(post=post, until=day("2026-03-31"))

    holding(post, since="2026-04-01").full_clean()

    assert "post" in errors_of(holding(post, since="2026-03-31"))


def test_a_post_for_two_takes_a_second_person_and_no_third(department):
    post = PostFactory(unit=department, headcount=2)
    HoldingFactory(post=post)
    holding(post).full_clean()
    HoldingFactory(post=post)

    assert "post" in errors_of(holding(post))


def test_two_who_followed_one_another_count_as_one_seat(department):
    post = PostFactory(unit=department, headcount=2)
    HoldingFactory(post=post, since=day("2026-01-01"), until=day("2026-03-31"))
    HoldingFactory(post=post, since=day("2026-04-01"))

    holding(post, since="2026-02-01").full_clean()


def test_the_same_person_holds_a_post_once(department):
    post = PostFactory(unit=department, headcount=3)
    person = HoldingFactory(post=post, user=UserFactory(username="first", name="王敏")).user

    assert errors_of(holding(post, user=person)) == {
        "user": ["王敏在这段时间已有“市场部 市场专员”的任职记录，请修改原记录的起止日期。"]
    }


def test_acting_is_for_vacant_posts_and_substituting_for_absent_holders(department):
    post = PostFactory(unit=department)
    HoldingFactory(post=post, user=UserFactory(username="first", name="王敏"))

    holding(post, kind=HoldingKind.SUBSTITUTE).full_clean()

    assert errors_of(holding(post, kind=HoldingKind.ACTING)) == {
        "kind": ["代理用于岗位空缺时，而这段时间王敏在任；本人不在时请选“职务代理”。"]
    }


def test_a_holding_does_not_end_before_it_begins(department):
    record = holding(PostFactory(unit=department), since="2026-05-01", until="2026-04-30")

    assert errors_of(record)["until"] == ["止日不能早于起日，请改正其中一个。"]


def test_approval_does_not_come_before_review(role):
    role.approved_on = day("2026-01-01")

    with pytest.raises(ValidationError, match="批准日期不能早于审核日期"):
        role.clean()
