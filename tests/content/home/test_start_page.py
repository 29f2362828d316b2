"""The start page: a public face for outside readers, the day's work for staff."""

import datetime

import pytest
from django.contrib.auth.models import Group, Permission
from django.utils import timezone

from content.approvals import signing
from content.core.choices import Audience
from content.home.dashboard import Dashboard
from content.organization.audience import reader_for
from content.organization.groups import MARKETERS
from content.places.models import Division
from content.tenders.models import TenderProcess, TenderStatus
from tests.factories import releases
from tests.factories.users import UserFactory

NOON = datetime.datetime(2026, 11, 25, 12, tzinfo=datetime.UTC)


def dashboard(user) -> Dashboard:
    user = type(user).objects.get(pk=user.pk)
    return Dashboard(user, reader_for(user))


def submitted(newsroom, by, title="古城夜游路线开放"):
    """A release on its way through the signatures."""
    by = writer(by)
    release = releases.draft(newsroom, title, owner=by)
    release.save_revision(user=by)
    signing.submit(release, by)
    return release


def writer(user):
    """The user with the right to write in the newsroom, as a fresh object without cached rights."""
    user.groups.add(Group.objects.get(name=MARKETERS))
    return type(user).objects.get(pk=user.pk)


def tender(title="丽江古城旅游总体规划", *, days=2, **fields) -> TenderProcess:
    fields.setdefault("ocid", f"ocds-test-{TenderProcess.objects.count()}")
    return TenderProcess.objects.create(
        title=title, tender_end=timezone.now() + datetime.timedelta(days=days), published_at=timezone.now(), **fields
    )


def may_see_tenders(user):
    user.user_permissions.add(Permission.objects.get(codename="view_tenderprocess"))
    return user


def county(number: int) -> Division:
    """A county of its own prefecture and province."""
    parent = None
    for level, name in (("province", "云南省"), ("prefecture", "丽江市"), ("county", "玉龙纳西族自治县")):
        parent = Division.objects.create(code=f"99{number}{len(level)}", name=name, level=level, parent=parent)
    return parent


def test_the_public_reads_the_purpose_and_the_latest_public_releases(client, home, newsroom):
    releases.published(newsroom, "公开的消息")
    releases.published(newsroom, "内部的消息", audience=Audience.STAFF)
    releases.draft(newsroom, "还没签的消息")

    html = client.get("/").content.decode()

    assert home.hero_title in html
    assert "公开的消息" in html
    assert "内部的消息" not in html
    assert "还没签的消息" not in html


def test_an_account_without_a_post_reads_the_public_face_and_is_told_why(client, home, newsroom, outsider):
    client.force_login(outsider)

    html = client.get("/").content.decode()

    assert home.hero_title in html
    assert "您的账号还没有任职" in html
    assert "待我签批" not in html


def test_an_empty_newsroom_says_what_will_come(client, home):
    assert "还没有发布的消息" in client.get("/").content.decode()


def test_contacts_are_shown_once_there_are_any(client, home):
    before = client.get("/").content.decode()
    home.contact_phone = "0888-000 0000"
    home.save()

    assert "联系市场部" not in before
    assert 'href="tel:0888-0000000"' in client.get("/").content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_public_face_costs_the_same_for_one_release_and_three(client, newsroom, number, django_assert_num_queries):
    for index in range(number):
        releases.published(newsroom, f"第{index}条消息")
    client.get("/")

    with django_assert_num_queries(8):
        client.get("/")


@pytest.mark.parametrize("number", [1, 3])
def test_the_dashboard_costs_the_same_for_one_of_each_and_three(
    client, newsroom, route, staff, manager, number, django_assert_num_queries
):
    may_see_tenders(manager)
    for index in range(number):
        submitted(newsroom, staff, f"待签的第{index}篇")
        submitted(newsroom, manager, f"我写的第{index}篇")
        releases.published(newsroom, f"第{index}条消息")
        tender(f"第{index}个项目", division=county(index))
    client.force_login(manager)
    client.get("/")

    with django_assert_num_queries(29):
        response = client.get("/")

    assert response.context["dashboard"].waiting[0].run.title == "待签的第0篇"


def test_staff_without_anything_are_told_what_will_appear(client, home, staff):
    client.force_login(staff)

    html = client.get("/").content.decode()

    assert "没有等您签字的" in html
    assert "我起草的" not in html
    assert "今天没有发布、截止或到期的签批" in html
    assert "最近招标" not in html


def test_a_writer_without_papers_is_invited_to_write(client, newsroom, staff):
    staff.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(writer(staff))

    html = client.get("/").content.decode()

    assert "您还没有起草过稿件" in html
    assert f"/admin/pages/add/releases/releasepage/{newsroom.pk}/" in html


def test_a_signer_sees_what_waits_and_others_do_not(newsroom, route, staff, manager):
    release = submitted(newsroom, staff)

    assert [item.run.title for item in dashboard(manager).waiting] == [release.title]
    assert dashboard(staff).waiting == []


def test_my_papers_say_where_they_stand(newsroom, route, staff, manager):
    releases.draft(newsroom, "草稿一篇", owner=staff).save_revision(user=staff)
    submitted(newsroom, staff, "正在签的")
    refused = submitted(newsroom, staff, "退回的")
    assignment = dashboard(manager).waiting[-1].assignment
    signing.refuse(assignment, manager, digest=assignment.run.digest, comment="导语太长。")
    releases.published(newsroom, "发布了的", owner=staff)
    releases.published(newsroom, "别人的")

    papers = {paper.title: (paper.state, paper.detail) for paper in dashboard(staff).papers}

    assert papers == {
        "草稿一篇": ("草稿", "还没提交签批"),
        "正在签的": ("签批中", "部门审核：李思远"),
        "退回的": ("已退回", "请按退回意见修改后再提交"),
        "发布了的": ("已发布", ""),
    }
    assert f"/admin/pages/{refused.pk}/edit/" in {paper.url for paper in dashboard(staff).papers}


def test_a_scheduled_release_is_shown_with_its_hour_to_its_writer_only(newsroom, route, staff, manager, time_machine):
    time_machine.move_to(NOON, tick=False)
    release = releases.draft(newsroom, "周五见报", owner=staff, go_live_at=NOON + datetime.timedelta(days=2))
    release.save_revision(user=staff)
    signing.submit(release, writer(staff))
    assignment = dashboard(manager).waiting[0].assignment
    signing.sign(assignment, manager, digest=assignment.run.digest)

    paper = dashboard(staff).papers[0]
    assert (paper.state, paper.detail) == ("待发布", "11月27日 20:00 自动发布")
    assert [(event.label, event.title) for event in dashboard(staff).week.events] == [("定时发布", "周五见报")]
    assert dashboard(UserFactory(username="other")).week.events == []


def test_the_week_gathers_releases_deadlines_and_signatures_day_by_day(newsroom, route, staff, manager, time_machine):
    time_machine.move_to(NOON, tick=False)  # a Wednesday
    may_see_tenders(manager)
    releases.published(newsroom, "周一的消息", days_ago=2)
    releases.published(newsroom, "上周的消息", days_ago=5)
    tender("周五截止的项目", days=2)
    tender("下周截止的项目", days=6)
    tender("已取消的项目", days=2, status=TenderStatus.CANCELLED)
    submitted(newsroom, staff, "两天内要签的")

    week = dashboard(manager).week

    assert [(day.name, [(e.label, e.title) for e in day.events]) for day in week.days_shown] == [
        ("周一", [("已发布", "周一的消息")]),
        ("今天", []),
        ("周五", [("投标截止", "周五截止的项目"), ("待我签", "两天内要签的")]),
    ]
    assert (week.published, week.closing, week.signatures) == (1, 1, 0)


def test_the_week_hides_tenders_from_those_without_the_right(newsroom, staff):
    tender("今天截止的项目", days=0)

    assert dashboard(staff).week.events == []
    assert not dashboard(staff).sees_tenders


def test_a_full_day_shows_five_and_counts_the_rest(home, staff, time_machine):
    time_machine.move_to(NOON, tick=False)
    may_see_tenders(staff)
    for index in range(7):
        tender(f"第{index}个项目", days=0)

    today = next(day for day in dashboard(staff).week.days if day.is_today)

    assert (len(today.shown), today.more) == (5, 2)


def test_the_newest_open_tenders_are_listed(home, staff):
    may_see_tenders(staff)
    tender("已截止的", days=-1)
    tender("没写截止时间的").__class__.objects.filter(title="没写截止时间的").update(tender_end=None)
    tender("在招的")

    assert [row.title for row in dashboard(staff).tenders] == ["在招的", "没写截止时间的"]


@pytest.mark.parametrize(
    ("hour", "words"), [(0, "夜深了"), (5, "早上好"), (11, "中午好"), (13, "下午好"), (18, "晚上好")]
)
def test_the_greeting_follows_the_clock_in_shanghai(staff, time_machine, hour, words):
    time_machine.move_to(datetime.datetime(2026, 11, 25, hour, tzinfo=timezone.get_default_timezone()), tick=False)

    assert dashboard(staff).greeting == words


def test_shortcuts_follow_rights(newsroom, route, staff, superuser):
    labels = [item.label for item, _ in dashboard(superuser).shortcuts]

    assert labels[:1] == ["写新闻稿或软文"]
    assert "写新闻稿或软文" not in [item.label for item, _ in dashboard(staff).shortcuts]
