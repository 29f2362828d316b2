import datetime

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from content.organization import role_trails
from content.organization.models import DutyGroup, RoleVersion
from content.organization.role_versions import Change, compare, keep, snapshot, version_on
from content.organization.setting_up import keep_first_versions
from tests.factories.organization import PostFactory
from tests.factories.users import UserFactory

words = st.text(alphabet="收集整理报送资料每周一次", min_size=1, max_size=8)
snapshots = st.fixed_dictionaries(
    {
        "title": words,
        "number": st.just("GW-001"),
        "unit": words,
        "post": words,
        "superior": words | st.just(""),
        "subordinates": st.lists(words, max_size=4),
        "purpose": words,
        "duties": st.lists(
            st.fixed_dictionaries({"title": words, "items": st.lists(words, max_size=4)}),
            max_size=3,
            unique_by=lambda group: group["title"],
        ),
        "indicators": st.lists(
            st.fixed_dictionaries({"name": words, "explanation": words}), max_size=3, unique_by=lambda row: row["name"]
        ),
        "flow": st.lists(words, max_size=4),
        "trail": st.just([]),
    }
)


def publish(page):
    page.save_revision().publish()
    page.refresh_from_db()


@given(snapshots)
def test_a_text_does_not_differ_from_itself(content):
    assert compare(content, content) == []


@given(snapshots, snapshots)
def test_any_difference_is_told(before, after):
    assert bool(compare(before, after)) == (before != after)


def test_publishing_keeps_what_readers_saw(role):
    publish(role)
    role.purpose = "撰写新闻稿与软文，维护媒体关系。"
    publish(role)

    first, second = RoleVersion.objects.order_by("number")
    assert (first.content["purpose"], second.content["purpose"]) == (
        "撰写并发布新闻稿，维护媒体关系。",
        "撰写新闻稿与软文，维护媒体关系。",
    )
    assert compare(first.content, second.content) == [
        Change("改为", "岗位目的", "撰写并发布新闻稿，维护媒体关系。", "撰写新闻稿与软文，维护媒体关系。")
    ]


def test_publishing_the_same_again_keeps_one(role):
    publish(role)
    publish(role)

    assert role.versions.count() == 1


def test_changes_of_duties_are_told_in_words(role):
    before = snapshot(role)
    after = {
        **before,
        "duties": [
            {"title": "采写", "items": ["每周收集两次素材", "标题醒目", "配图三张"]},
            {"title": "存档", "items": ["见报后三日内存档"]},
        ],
    }

    assert compare(before, after) == [
        Change("删去", "职责分组", "送审：发稿前查看签批路线"),
        Change("改为", "职责“采写”", "每周收集素材", "每周收集两次素材"),
        Change("新增", "职责“采写”", after="配图三张"),
        Change("新增", "职责分组", after="存档：见报后三日内存档"),
    ]


def test_a_line_that_only_moved_is_told_as_moved(role):
    before = snapshot(role)
    after = {**before, "flow": ["送审发布", "报选题", "采访成稿"]}

    assert compare(before, after) == [Change("移动位置", "工作流程", after="送审发布")]


def test_each_day_has_the_version_of_that_day(role):
    keep(role, on=datetime.date(2026, 1, 10))
    role.purpose = "第二版。"
    keep(role, on=datetime.date(2026, 3, 1))

    versions = [version_on(role, datetime.date(2026, 1, day)) for day in (9, 10)]
    versions.append(version_on(role, datetime.date(2026, 2, 28)))
    versions.append(version_on(role, datetime.date(2026, 3, 1)))

    assert [version and version.number for version in versions] == [None, 1, 1, 2]
    assert version_on(role, datetime.date(2026, 1, 10)).until == datetime.date(2026, 2, 28)


def test_a_version_outlives_the_renaming_of_a_post(role):
    keep(role)
    role.post.title = "内容专员"
    role.post.save()

    assert role.versions.get().content["post"] == "市场专员"


def test_role_descriptions_from_before_get_a_first_version_once(role):
    keep_first_versions()
    keep_first_versions()

    assert [version.number for version in role.versions.all()] == [1]


def test_the_trail_comes_from_the_signatures_where_there_are_any(role, monkeypatch):
    signer = UserFactory(name="顾远帆")
    signed = [("编制", signer, datetime.date(2026, 5, 1))]
    monkeypatch.setattr(role_trails, "_providers", [lambda page: [], lambda page: signed])

    assert role.trail() == signed
    monkeypatch.setattr(role_trails, "_providers", [])
    assert [label for label, _person, _day in role.trail()] == ["编制", "审核", "批准"]


def addresses(role):
    return [f"/organization/roles/{role.pk}/versions/", f"/organization/roles/{role.pk}/versions/1/"]


def test_versions_are_for_who_may_read_the_paper(client, role, staff, outsider):
    keep(role)

    for address in addresses(role):
        assert client.get(address).status_code == 302
    client.force_login(outsider)
    assert [client.get(address).status_code for address in addresses(role)] == [403, 403]
    client.force_login(staff)
    assert [client.get(address).status_code for address in addresses(role)] == [200, 200]


def test_an_old_version_says_so_and_what_changed_since(client, role, staff):
    keep(role, on=datetime.date(2026, 1, 10))
    role.duty_groups = [DutyGroup(title="采写", duties="每周收集素材\n标题醒目")]
    role.save()
    keep(role, on=datetime.date(2026, 3, 1))
    client.force_login(staff)

    old = client.get(f"/organization/roles/{role.pk}/versions/1/").text
    assert "这是旧版，2026年2月28日后不再有效" in old
    assert "<del>送审：发稿前查看签批路线</del>" in old
    assert "这是现行版本" in client.get(f"/organization/roles/{role.pk}/versions/2/").text
    assert client.get(f"/organization/roles/{role.pk}/versions/3/").status_code == 404
    assert client.get(f"/organization/roles/{role.pk}/versions/1/?against=99").status_code == 404
    there = client.get(f"/organization/roles/{role.pk}/versions/?on=2026-02-01")
    assert there["Location"] == f"/organization/roles/{role.pk}/versions/1/"
    assert "还没有发布过这份说明书" in client.get(f"/organization/roles/{role.pk}/versions/?on=2025-02-01").text


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_versions_costs_the_same_however_many(client, role, staff, count, django_assert_num_queries):
    for number in range(count):
        role.purpose = f"第 {number} 版"
        keep(role, on=datetime.date(2026, 1, 1 + number))
    client.force_login(staff)
    client.get(addresses(role)[0])

    with django_assert_num_queries(14):
        response = client.get(addresses(role)[0])

    assert len(response.context["rows"]) == count


def test_a_script_in_a_duty_is_text(client, role, staff):
    role.purpose = "<script>alert(1)</script>"
    keep(role)
    client.force_login(staff)

    assert "<script>alert(1)" not in client.get(addresses(role)[1]).text


def test_the_set_up_may_run_again(role):
    call_command("setup_portal", verbosity=0)

    assert role.versions.count() == 1
    assert PostFactory().pk
