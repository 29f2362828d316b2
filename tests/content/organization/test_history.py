import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.organization.days import Day
from content.organization.holders import holders_of
from content.organization.models import HoldingKind, Post, Unit
from content.organization.structure import branches, level_superior, place_of, posts_on, units_on
from tests.factories.organization import HoldingFactory, PostFactory, UnitFactory
from tests.factories.users import UserFactory

FOUNDED = datetime.date(2024, 1, 1)


def day(number: int) -> datetime.date:
    return FOUNDED + datetime.timedelta(days=number)


@given(
    events=st.lists(
        st.tuples(
            st.integers(0, 30), st.integers(0, 2), st.sampled_from(["title", "unit", "superior"]), st.integers(0, 3)
        ),
        max_size=12,
    ),
    looked_at=st.integers(0, 40),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.django_db
def test_any_day_shows_what_stood_at_its_end(db, events, looked_at):
    """Replaying every change up to a day by hand gives what the kept states say of it."""
    before = transaction.savepoint()
    with time_machine.travel(day(0), tick=False) as clock:
        units = [UnitFactory(name=f"单位{i}", established_on=day(0)) for i in range(4)]
        posts = [PostFactory(title="岗位", unit=units[0], established_on=day(0)) for _ in range(3)]
        expected = {post.pk: ("岗位", units[0].pk, None) for post in posts}
        for when, which, what, value in sorted(events, key=lambda event: event[0]):
            clock.move_to(datetime.datetime.combine(day(when), datetime.time(10)))
            post = posts[which]
            if what == "title":
                post.title = f"岗位{value}"
            elif what == "unit":
                post.unit = units[value]
            else:
                post.superior = posts[value] if value < which else None  # never a ring
            post.save()
            if when <= looked_at:
                expected[post.pk] = (post.title, post.unit_id, post.superior_id)
        clock.move_to(datetime.datetime.combine(day(50), datetime.time(10)))

        found = posts_on(day(looked_at))

    transaction.savepoint_rollback(before)
    assert {post.pk: (post.title, post.unit_id, post.superior_id) for post in found.values()} == expected


def test_before_it_was_founded_and_after_it_was_abolished_a_post_is_not_there(db):
    post = PostFactory(established_on=day(10), abolished_on=day(20))

    there = [number for number in (9, 10, 19, 20) if post.pk in posts_on(day(number))]

    assert there == [10, 19]
    assert posts_on() == {}


def test_a_renamed_unit_had_its_old_name_and_place_before(db):
    with time_machine.travel(day(100), tick=False):
        company = UnitFactory(name="山河广场")
        unit = UnitFactory(name="市场科")
        unit.name, unit.parent = "市场部", company
        unit.save()

    before, after = units_on(day(99))[unit.pk], units_on(day(100))[unit.pk]
    assert (before.name, before.parent) == ("市场科", None)
    assert (after.name, after.parent) == ("市场部", company)


def test_two_changes_on_a_day_leave_one_state(db):
    with time_machine.travel(day(5), tick=False):
        post = PostFactory(title="甲")
    with time_machine.travel(day(50), tick=False):
        for title in ("乙", "丙", "丁"):
            post.title = title
            post.save()

    assert [(state.title, state.since, state.until) for state in post.states.all()] == [
        ("甲", None, day(49)),
        ("丁", day(50), None),
    ]


def test_saving_without_a_change_keeps_nothing_new(db):
    post = PostFactory()
    post.sort_order = 7
    post.save()

    assert post.states.count() == 1


def test_the_day_of_founding_can_be_put_right(db):
    post = PostFactory(established_on=day(30))
    post.established_on = day(10)
    post.save()

    assert [state.since for state in post.states.all()] == [day(10)]


def test_who_held_a_post_then_is_shown_even_if_he_has_left(staff, home):
    post = staff.holdings.get().post
    left = UserFactory(username="left", name="郑言", is_active=False)
    HoldingFactory(post=post, user=left, since=datetime.date(2018, 1, 1), until=datetime.date(2019, 12, 31))

    assert [holder.user for holder in holders_of(post, datetime.date(2019, 6, 1))] == [left]
    seats = {seat.post.pk: seat for branch in branches(datetime.date(2019, 6, 1)) for seat in branch.seats}
    assert seats[post.pk].people == "郑言"
    assert seats[post.pk].url.endswith("?on=2019-06-01")


def test_a_planned_successor_is_seen_on_the_day_he_starts(staff, home):
    post = staff.holdings.get().post
    staff.holdings.update(until=datetime.date(2098, 12, 31))
    successor = UserFactory(username="next", name="吴桐")
    HoldingFactory(post=post, user=successor, since=datetime.date(2099, 1, 1), kind=HoldingKind.REGULAR)

    assert place_of(post, datetime.date(2099, 1, 1)).seat.people == "吴桐"
    assert place_of(post).seat.people == str(staff)


def test_levels_of_superiors_are_counted_from_the_post(db):
    top = PostFactory(title="总经理")
    middle = PostFactory(title="经理", superior=top)
    bottom = PostFactory(title="专员", superior=middle)

    assert [level_superior(bottom, level) for level in (0, 1, 2, 3, 9)] == [bottom, middle, top, None, None]


def test_a_ring_of_superiors_has_no_level_beyond_itself(db):
    first = PostFactory()
    second = PostFactory(superior=first)
    Post.objects.filter(pk=first.pk).update(superior=second)

    assert level_superior(first, 1) == second
    assert level_superior(first, 2) is None
    assert level_superior(first, 5) is None


def test_a_unit_with_posts_and_a_post_with_people_are_not_abolished(staff, department):
    post = staff.holdings.get().post
    post.abolished_on = datetime.date(2099, 1, 1)
    with pytest.raises(ValidationError, match=r"王敏还在任，请先填好任职的止日"):
        post.clean()
    department.abolished_on = datetime.date(2099, 1, 1)
    with pytest.raises(ValidationError, match=r"岗位“市场专员”还在"):
        department.clean()


def test_nobody_holds_a_post_beyond_its_end(db):
    post = PostFactory(abolished_on=day(20))

    with pytest.raises(ValidationError, match="止日要早于这一天"):
        HoldingFactory.build(post=post, user=UserFactory(), since=day(1), until=day(20)).clean()
    HoldingFactory.build(post=post, user=UserFactory(), since=day(1), until=day(19)).clean()


def test_abolished_before_founded_is_refused():
    with pytest.raises(ValidationError, match="撤销日期要晚于设立日期"):
        Unit(name="临时组", code="x", kind="department", established_on=day(9), abolished_on=day(9)).clean()


@pytest.mark.parametrize(
    ("typed", "date", "note"),
    [
        ("", None, ""),
        ("2026-05-01", datetime.date(2026, 5, 1), ""),
        ("2026年5月1日", datetime.date(2026, 5, 1), ""),
        ("昨天", None, "无法识别"),
        ("2026-02-30", None, "无法识别"),
        ("0001-01-01", None, "只能查看 1949 年到"),
        ("9999-12-31", None, "只能查看"),
        ("\x00", None, ""),
        ("<script>", None, "无法识别"),
    ],
)
def test_a_day_is_read_or_said_to_be_unreadable(typed, date, note):
    asked = Day.asked_in({"on": typed})

    assert asked.past_or_future == date
    assert note in asked.note
    assert bool(note) == bool(asked.note)
