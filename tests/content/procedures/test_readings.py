import datetime

import pytest
import time_machine
from django.utils import timezone

from content.notifications.models import Notification
from content.organization.models import Post
from content.procedures import readings
from content.procedures.models import Reading
from content.procedures.schedule import follow_holders, remind_duties, remind_readers, remind_reviews
from tests.factories.organization import HoldingFactory, PostFactory
from tests.factories.procedures import change_step, procedure, revise, step


@pytest.fixture
def marketer(db):
    return HoldingFactory(post=PostFactory(code="marketer", title="市场专员"), user__name="许晴柔").user


@pytest.fixture
def manager(db):
    return HoldingFactory(post=PostFactory(code="manager", title="部门经理"), user__name="林听泉").user


def confirm_all(version):
    for reading in version.readings.all():
        readings.confirm(reading, reading.user)


def items_of(version) -> dict:
    """Name of the reader → titles of the steps to confirm («全文» for the whole)."""
    titles = {s["key"]: s["title"] for s in version.content["steps"]}
    return {
        reading.user.name: [titles.get(item.step_key, "全文") for item in reading.items.all()]
        for reading in version.readings.all()
    }


def retitle(number, title):
    def change(draft):
        change_step(draft, number, title=title)

    return change


def test_everybody_whose_post_has_a_step_reads_the_first_version_whole(index, marketer, manager, outsider):
    version = procedure(index).versions.get()

    assert readings.owe(version) == 2
    assert items_of(version) == {"许晴柔": ["全文"], "林听泉": ["全文"]}
    assert Notification.objects.filter(title__startswith="请阅读").count() == 2


def test_owing_twice_asks_nobody_twice(index, marketer):
    version = procedure(index).versions.get()

    assert [readings.owe(version), readings.owe(version)] == [1, 0]


def test_after_a_revision_only_the_changed_steps_of_my_post_are_asked(index, marketer, manager):
    page = procedure(index)
    readings.owe(page.versions.get())
    confirm_all(page.versions.get())

    second = revise(page, retitle(2, "复核计划"))
    readings.owe(second)

    assert items_of(second) == {"林听泉": ["复核计划"]}


def test_who_was_not_touched_catches_up_on_all_since_the_last_confirmed(index, marketer, manager):
    page = procedure(index)
    readings.owe(page.versions.get())
    confirm_all(page.versions.get())
    second = revise(page, retitle(2, "复核计划"))
    readings.owe(second)
    confirm_all(second)

    third = revise(page, retitle(1, "编写计划"))
    readings.owe(third)

    assert items_of(third) == {"许晴柔": ["编写计划"]}


def test_who_never_confirmed_reads_the_new_version_whole_and_the_old_duty_ends(index, marketer):
    page = procedure(index)
    first = page.versions.get()
    readings.owe(first)

    second = revise(page, retitle(2, "复核计划"))
    readings.owe(second)

    assert items_of(second) == {"许晴柔": ["全文"]}
    assert first.readings.get().closed_at is not None


def test_a_version_is_read_once_every_item_is_confirmed(index, marketer):
    post = Post.objects.get(code="marketer")
    page = procedure(index, steps=[step("起草", post), step("修改", post), step("归档", post)])
    readings.owe(page.versions.get())
    confirm_all(page.versions.get())
    second = revise(page, lambda draft: [change_step(draft, n, text="写清楚。") for n in (1, 2)])
    readings.owe(second)
    reading = second.readings.get()
    keys = [item.step_key for item in reading.items.all()]

    assert readings.confirm(reading, marketer, {keys[0]}).confirmed_at is None
    assert readings.confirm(reading, marketer, {keys[1]}).confirmed_at is not None


def test_nobody_confirms_for_another(index, marketer, outsider):
    version = procedure(index).versions.get()
    readings.owe(version)

    with pytest.raises(readings.ReadingError, match="别人"):
        readings.confirm(version.readings.get(), outsider)


def test_a_new_holder_gets_the_full_text_and_who_left_is_released(index, marketer):
    page = procedure(index)
    version = page.versions.get()
    readings.owe(version)
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    marketer.holdings.update(until=yesterday)
    new = HoldingFactory(post=Post.objects.get(code="marketer"), user__name="江禾").user

    assert follow_holders() == 1
    assert version.readings.get(user=marketer).closed_at is not None
    assert items_of(version)["江禾"] == ["全文"]
    assert new.procedure_readings.count() == 1


def test_reminders_come_before_and_after_the_date_but_not_daily(index, marketer):
    with time_machine.travel("2026-03-02 10:00+08:00"):
        readings.owe(procedure(index).versions.get())
    reminded = {}
    for day in ("2026-03-06", "2026-03-07", "2026-03-08", "2026-03-10", "2026-03-13"):
        with time_machine.travel(f"{day} 09:00+08:00"):
            reminded[day] = remind_readers()

    assert reminded == {"2026-03-06": 0, "2026-03-07": 1, "2026-03-08": 0, "2026-03-10": 1, "2026-03-13": 1}


def test_the_monthly_duty_is_announced_once_and_on_the_friday_before_a_weekend(index, marketer):
    post = Post.objects.get(code="marketer")
    with time_machine.travel("2026-03-02 10:00+08:00"):
        procedure(index, steps=[step("起草月计划", post, recurrence="monthly", recurrence_day=26)])
    announced = {}
    for day in ("2026-03-25", "2026-03-26", "2026-03-27", "2026-07-24", "2026-07-26"):
        with time_machine.travel(f"{day} 09:00+08:00"):
            announced[day] = [remind_duties(), remind_duties()]

    assert announced == {
        "2026-03-25": [0, 0],
        "2026-03-26": [1, 0],
        "2026-03-27": [0, 0],
        "2026-07-24": [1, 0],
        "2026-07-26": [0, 0],
    }


def test_the_owner_is_asked_to_review_a_month_ahead(index, department):
    owner = HoldingFactory(post=PostFactory(code="owner", title="产品营销经理"), user__name="方见微").user
    with time_machine.travel("2026-03-02 10:00+08:00"):
        procedure(index)
    with time_machine.travel("2027-01-15 10:00+08:00"):
        assert remind_reviews() == 0
    with time_machine.travel("2027-02-10 10:00+08:00"):
        assert [remind_reviews(), remind_reviews()] == [1, 0]

    assert Notification.objects.get(title__startswith="制度复审").recipient == owner


def test_the_reader_confirms_on_the_page_of_the_version(client, index, marketer):
    page = procedure(index)
    readings.owe(page.versions.get())
    client.force_login(marketer)

    assert "我已通读并理解" in client.get(page.url).text
    client.post(f"/procedures/readings/{Reading.objects.get().pk}/confirm/", {"all": "1"})

    assert "我已通读并理解" not in client.get(page.url).text


def test_ticking_nothing_is_said_and_nothing_is_confirmed(client, index, marketer):
    page = procedure(index)
    readings.owe(page.versions.get())
    client.force_login(marketer)

    response = client.post(f"/procedures/readings/{Reading.objects.get().pk}/confirm/", follow=True)

    assert "还没有勾选" in response.text
    assert Reading.objects.get().confirmed_at is None


@pytest.mark.parametrize("count", [1, 3])
def test_my_steps_cost_the_same_however_many(client, index, marketer, count, django_assert_num_queries):
    for number in range(count):
        readings.owe(procedure(index, f"制度{number}").versions.get())
    client.force_login(marketer)
    client.get("/procedures/mine/")

    with django_assert_num_queries(16):
        response = client.get("/procedures/mine/")

    assert response.text.count("前</span>") == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_owners_view_of_readers_costs_the_same(client, index, count, superuser, django_assert_num_queries):
    post = PostFactory(code="marketer", title="市场专员", headcount=5)
    for _ in range(count):
        HoldingFactory(post=post)
    page = procedure(index)
    readings.owe(page.versions.get())
    client.force_login(superuser)
    client.get("/procedures/sc-001/readers/")

    with django_assert_num_queries(14):
        response = client.get("/procedures/sc-001/readers/")

    assert response.text.count("未读</span>") == count
